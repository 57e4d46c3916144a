"""Replaying: an answer that was saved is compared with the one that is given now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from dossier.answering.scope import Scope
from dossier.answers import Answer, Provenance
from dossier.errors import InputError


@dataclass(frozen=True)
class Difference:
    """What is otherwise now than in an answer that was saved: its name, then and now."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class Replayed:
    """The answer that is given now, and how it differs from one that was saved; not at all where that is empty."""

    answer: Answer
    differences: tuple[Difference, ...]


def read_question(data: Any) -> tuple[str, int, Scope]:
    """What was asked for in a saved answer: the whole question, how many passages, and of which documents and time.

    Raises `InputError` where it is none, or does not say how it came to be.
    """
    try:
        provenance = data["provenance"]
        asked, k, *scope = (provenance[name] for name in ("asked", "k", "documents", "after", "before"))
        documents, after, before = scope
        if (
            isinstance(data.get("citations", []), list)
            and type(k) is int
            and all(type(word) is str for word in (asked, after, before, *documents))
        ):
            return asked, k, Scope(tuple(documents), after, before)
    except (LookupError, TypeError):
        pass
    raise InputError("What was given is no answer that says how it came to be. Give what 'dossier ask --json' prints.")


def differences(data: dict[str, Any], answer: Answer) -> Iterator[Difference]:
    """What differs between a saved answer and the one that is given to its whole question now."""
    provenance = data["provenance"]
    for field in fields(Provenance):
        before, now = provenance.get(field.name), getattr(answer.provenance, field.name)
        if field.name == "recipe" and isinstance(before, dict):
            for name in sorted(now.keys() | before.keys()):
                yield from _different(f"recipe: {name}", before.get(name), now.get(name))
        elif field.name != "question":  # the whole question is typed this time
            yield from _different(field.name, before, list(now) if isinstance(now, tuple) else now)
    for name in ("text", "confidence", "found"):
        yield from _different(name, data.get(name), getattr(answer, name))
    before_cited = [_cited(citation) for citation in data.get("citations", [])]
    now_cited = [(one.path, one.start, one.end, one.quote, one.state.value) for one in answer.citations]
    for number in range(max(len(before_cited), len(now_cited))):
        old, new = (cited[number] if number < len(cited) else () for cited in (before_cited, now_cited))
        yield from _different(f"citation {number + 1}", _shown(old), _shown(new))


def _cited(citation: Any) -> tuple[object, ...]:
    names = ("path", "start", "end", "quote", "state")
    return tuple(citation.get(name) for name in names) if isinstance(citation, dict) else ()


def _shown(cited: tuple[object, ...]) -> str:
    return "{}, characters {} to {}: “{}” ({})".format(*cited) if cited else "none"


def _different(name: str, before: object, now: object) -> Iterator[Difference]:
    if before != now:
        yield Difference(name, str(before), str(now))
