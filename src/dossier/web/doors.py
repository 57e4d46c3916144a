"""Doors for programs: what the page can do, over HTTP, for gradio_client, curl and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from dossier.calls import Json, files, public
from dossier.errors import DossierError
from dossier.rendering import as_json
from dossier.web.opening import Opening

PATIENCE = 0.5


def open_doors(opening: Opening) -> None:
    """Offer ``search``, ``ask``, ``documents`` and ``build`` in the page that is being made."""

    def search(question: str, k: int = 5) -> list[Json]:
        """The k passages that best match a question, best first."""
        found: list[Json] = _answered(opening, lambda: opening.dossier().search(question, k=int(k)))
        return found

    def ask(question: str, k: int = 5) -> Json:
        """The sentences that answer a question, quoted and cited, among k passages."""
        answer: Json = _answered(opening, lambda: opening.dossier().ask(question, k=int(k)))
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
            raise gr.Error(opening.error)
        report: Json = public(as_json(opening.report))
        return report

    for door in (search, ask, documents):
        gr.api(door, api_name=door.__name__)
    gr.api(build, api_name="build", concurrency_limit=1)


def _answered(opening: Opening, function: Callable[[], Any]) -> Any:
    while not opening.ready(PATIENCE):
        pass
    try:
        return public(as_json(function()))
    except DossierError as error:
        raise gr.Error(str(error)) from error
