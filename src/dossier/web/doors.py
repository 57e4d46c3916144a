"""Doors for programs: what the page can do, over HTTP, for gradio_client, curl and the like."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import gradio as gr

from dossier.calls import Json, files, public
from dossier.errors import DossierError, InputError
from dossier.rendering import as_json
from dossier.web.opening import Opening

PATIENCE = 0.5
AT_ONCE = 16  # calls that may be under way, or have ended, before their sessions are dropped
# So many passages may be asked for at once.
MOST = 1_000


def open_doors(opening: Opening, blocks: gr.Blocks) -> None:
    """Offer ``search``, ``ask``, ``documents`` and ``build`` in the page that is being made, ``blocks``."""
    # To Gradio each call by itself is a session, of which it keeps a copy of the page's configuration, some 90 kB; so
    # that of a call that has ended is dropped when some more have come. The doors remember nothing of their callers.
    ended: deque[str] = deque()

    def called(request: gr.Request | None) -> None:
        while len(ended) > AT_ONCE:
            blocks.state_holder.session_data.pop(ended.popleft(), None)
        ended.append(str(request.session_hash) if request else "")

    def search(question: str, k: int = 5, request: gr.Request | None = None) -> list[Json]:
        """The k passages that best match a question, best first."""
        called(request)
        found: list[Json] = _answered(opening, lambda: opening.dossier().search(question, k=_number(k)), question)
        return found

    def ask(question: str, k: int = 5, request: gr.Request | None = None) -> Json:
        """The sentences that answer a question, quoted and cited, among k passages."""
        called(request)
        answer: Json = _answered(opening, lambda: opening.dossier().ask(question, k=_number(k)), question)
        return answer

    def documents() -> list[Json]:
        """Every file, with its state, and the reason where it was not read."""
        found: list[Json] = _answered(opening, lambda: files(opening.index))
        return found

    def build() -> Json:
        """The report of a build that brings the index up to date; it answers when the build has ended."""
        opening.rebuild()
        while not opening.wait(PATIENCE):
            pass
        if opening.error or opening.report is None:
            raise gr.Error(opening.error, print_exception=False)
        report: Json = public(as_json(opening.report))
        return report

    for door in (search, ask, documents):
        gr.api(door, api_name=door.__name__)
    gr.api(build, api_name="build", concurrency_limit=1)


def _answered(opening: Opening, function: Callable[[], Any], question: object = None) -> Any:
    """What a function says once there is an index, as JSON; where it answers a ``question``, that is counted."""
    while not opening.ready(PATIENCE):
        pass
    try:
        return public(as_json(function() if question is None else opening.answered(question, function)))
    except DossierError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _number(k: object) -> int:
    """How many passages a program asks for. Raises `InputError`."""
    try:
        number = int(k)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        number = 0
    if not 0 < number <= MOST:
        raise InputError(f"k is {str(k)[:20]!r}; ask for 1 to {MOST:,} passages.")
    return int(number)
