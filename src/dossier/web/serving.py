"""Serving: start the web page safely, and bring the index up to date behind it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.request import getproxies

from dossier.errors import InputError
from dossier.escaping import printable
from dossier.overview import Folders, remembered_folders, remembered_settings
from dossier.settings import Settings
from dossier.web.allowance import Allowance
from dossier.web.headers import LOOPBACK

if TYPE_CHECKING:
    from dossier.web.opening import Opening

# Nothing is reported to anybody: these must be set before Gradio and the model libraries are imported.
SILENCE = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}


def serve(
    folder: Folders | None = None,
    index: str | Path = "index",
    *,
    host: str | None = None,
    port: int | None = None,
    watch: bool = False,
    editable: bool | None = None,
    megabytes_per_upload: int | None = None,
) -> None:
    """Serve the page on a folder of documents, or several, until it is interrupted.

    Without ``folder`` the documents are those of the index, or ``seeds``. The index is built or brought up to date
    while the page is open already, and if it is to ``watch`` the documents whenever they change. ``host`` and ``port``
    fall back on ``GRADIO_SERVER_NAME`` and ``GRADIO_SERVER_PORT``, and then on the loopback address and the first free
    port from 7860 on. On any other address everybody must log in as ``DOSSIER_USER`` with ``DOSSIER_PASSWORD``;
    `InputError` is raised where they are not set. How much may be asked for is `Allowance`; ``/metrics`` wants the
    login too where there is one, unless ``DOSSIER_METRICS`` is ``open``, and is not there if it is ``off``.

    Whoever reaches an ``editable`` page may add documents, leave some out of the index, and go back to the index before
    this one; unless told otherwise it is on the loopback address without a login. A document that is added has
    ``megabytes_per_upload`` at most, or what the `Allowance` says.
    """
    os.environ.update(SILENCE)
    port = _port(os.environ.get("GRADIO_SERVER_PORT") if port is None else port)
    named = os.environ.pop("GRADIO_SERVER_NAME", "")  # Gradio would look for a free port there, but not by IPv6
    place = (host or named or "127.0.0.1").strip("[]")
    _ask_no_proxy(place)
    login = _login(place, os.environ)
    metrics = _metrics(login, os.environ)
    allowance = Allowance.read(os.environ, loopback=place in LOOPBACK)
    if megabytes_per_upload is not None:
        allowance = replace(allowance, megabytes_per_upload=megabytes_per_upload)
    if editable is None:
        editable = place in LOOPBACK and login is None
    from dossier.web.launching import launch
    from dossier.web.opening import Opening

    settings = Settings.read(base=remembered_settings(index))
    opening = Opening(
        folder or remembered_folders(index) or "seeds",
        Path(index),
        settings,
        seconds_per_answer=allowance.seconds_per_answer,
    )
    opening.start()
    if watch:
        Thread(target=_watch, args=(opening,), name="watching", daemon=True).start()
    page, address = launch(
        opening, host=place, port=port, login=login, metrics=metrics, allowance=allowance, editable=editable
    )
    name = printable(opening.description().title) or "dossier"
    print(f"{name} is open at {address} (stop it with Ctrl+C)", file=sys.stderr)  # noqa: T201
    page.block_thread()


def _ask_no_proxy(place: str) -> None:
    """Let no proxy be asked for the page: Gradio looks whether it is there, and would send that to another host."""
    for scheme, proxy in getproxies().items():  # those of the system count no more once the environment names any
        os.environ.setdefault(f"{scheme}_proxy", proxy)
    kept = os.environ.get("no_proxy") or os.environ.get("NO_PROXY", "")  # of two that differ the lower case counts
    hosts = ",".join(filter(None, (kept, *sorted(LOOPBACK), place)))
    os.environ.update({"no_proxy": hosts, "NO_PROXY": hosts})


def _watch(opening: Opening) -> None:
    """Keep the index up to date, once the page has brought it there; each new generation is opened behind it."""
    from dossier.upkeep import watch

    while not opening.wait(60):
        pass
    watch(opening.folder, opening.index, settings=opening.settings, stop=Event(), built=opening.built)


def _login(host: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    """The user and the password that the page asks for; none on the loopback address unless they are set."""
    user, password = environment.get("DOSSIER_USER", ""), environment.get("DOSSIER_PASSWORD", "")
    if user and password:
        return user, password
    if user or password or host not in LOOPBACK:
        reason = "Only one of them is set." if user or password else f"Others could reach the page at {host!r}."
        raise InputError(f"{reason} Set both DOSSIER_USER and DOSSIER_PASSWORD, and the page will ask for them.")
    return None


def _metrics(login: tuple[str, str] | None, environment: Mapping[str, str]) -> tuple[str, str] | bool:
    """The login that ``/metrics`` asks for, or whether they are there for everybody."""
    chosen = environment.get("DOSSIER_METRICS", "login")
    if chosen not in ("login", "open", "off"):
        raise InputError(f"DOSSIER_METRICS is {chosen!r}; give login, open or off.")
    return login if chosen == "login" and login else chosen != "off"


def _port(given: str | int | None) -> int | None:
    """The port that was asked for, or None for any."""
    if given is None:
        return None
    try:
        port = int(given)
    except ValueError:
        port = 0
    if not 0 < port < 65_536:
        raise InputError(f"The port is {given!r}; it is a whole number from 1 to 65535.")
    return port
