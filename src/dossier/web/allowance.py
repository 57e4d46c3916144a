"""Allowance: how much visitors may ask for, so that no one of them keeps the page from the others."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from dossier.errors import InputError
from dossier.settings import PREFIX

# Nobody types a password more often than so many times a minute.
LOGINS_PER_MINUTE = 10
# So many visitors are remembered at a time, which takes about a megabyte.
VISITORS = 10_000
MOST = 1_000_000
# What is sent passes through memory.
MOST_MEGABYTES = 2_000
ROUNDING = 1e-6


@dataclass(frozen=True)
class Allowance:
    """What a page may be asked for, and by one visitor; rates of 0 have no end.

    A visitor is an address, or for IPv6 the network that a household is given. ``requests_per_minute`` counts
    everything but the page's own files, and ``questions_per_minute`` questions and all else that is called by name.
    ``seconds_per_answer`` is how long an answer may take before it is given up. ``megabytes_per_request`` and
    ``megabytes_per_upload`` are the size of what is sent, and of a document that is added. ``answers_at_once`` are
    worked on while ``questions_waiting`` wait at most. Raises `InputError` where a value makes no sense.
    """

    requests_per_minute: int = 600
    questions_per_minute: int = 60
    seconds_per_answer: int = 60
    megabytes_per_request: int = 1
    megabytes_per_upload: int = 100
    answers_at_once: int = 4
    questions_waiting: int = 64

    def __post_init__(self) -> None:
        for field in fields(self):
            value, least = getattr(self, field.name), 0 if field.name.endswith("_minute") else 1
            most = MOST_MEGABYTES if field.name.startswith("megabytes") else MOST
            if not least <= value <= most:
                raise InputError(f"{field.name} is {value:,}; it is a whole number from {least} to {most:,}.")

    @classmethod
    def read(cls, environment: Mapping[str, str], *, loopback: bool) -> Allowance:
        """What the environment allows, each value under its name in capitals after ``DOSSIER_``.

        On the ``loopback`` address rates have no end unless they are set: whoever asks there is at home.
        """
        given: dict[str, int] = {"requests_per_minute": 0, "questions_per_minute": 0} if loopback else {}
        for field in fields(cls):
            name = f"{PREFIX}{field.name.upper()}"
            if name in environment:
                try:
                    given[field.name] = int(environment[name])
                except ValueError:
                    raise InputError(f"{name} is {environment[name]!r}; it must be a whole number.") from None
        return cls(**given)


class Pace:
    """How often each visitor may do something: so many times a minute, and all of these at once if they like.

    Only one number is kept for each: the moment until which what it did is spread out (generic cell rate algorithm).
    """

    def __init__(self, per_minute: int) -> None:
        self._step = 60 / per_minute if per_minute else 0.0
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def wait(self, visitor: str, now: float) -> int:
        """The whole seconds until a visitor may do it; 0 if it may now, which is counted then."""
        with self._lock:
            until = max(self._until.get(visitor, now), now) + self._step
            if until - now > 60 + ROUNDING:
                return math.ceil(until - now - 60)
            self._until[visitor] = until
            self._until.move_to_end(visitor)
            if len(self._until) > VISITORS:
                self._until.popitem(last=False)
        return 0


def visitor(address: str) -> str:
    """Who is at an address: the address, or its network of 64 bits, all of which one household has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address
