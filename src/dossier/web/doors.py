"""Doors for programs: what the page can do, over HTTP, for gradio_client, curl and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from dossier.dossier import status
from dossier.errors import DossierError, InputError
from dossier.rendering import as_json
from dossier.web.opening import Opening

Json = dict[str, Any]
# What only means something on the machine that serves the page.
PRIVATE = {"file", "folder", "folders", "index"}
PATIENCE = 0.5
# So many passages may be asked for at once.
MOST = 1_000


def open_doors(opening: Opening) -> None:
    """Offer ``search``, ``ask``, ``documents`` and ``build`` in the page that is being made."""

    def search(question: str, k: int = 5) -> list[Json]:
        """The k passages that best match a question, best first."""
        found: list[Json] = _answered(opening, lambda: opening.dossier().search(question, k=_number(k)), question)
        return found

    def ask(question: str, k: int = 5) -> Json:
        """The sentences that answer a question, quoted and cited, among k passages."""
        answer: Json = _answered(opening, lambda: opening.dossier().ask(question, k=_number(k)), question)
        return answer

    def documents() -> list[Json]:
        """Every file, with its state, and the reason where it was not read."""
        found: list[Json] = _answered(opening, lambda: _files(opening))
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


def _files(opening: Opening) -> list[Json]:
    found = status(opening.index)
    changes, skipped = found.changes or {}, {file.path: file.reason for file in found.manifest.skipped}
    return [
        {
            "path": path,
            "state": changes.get(path, "skipped" if path in skipped else "read"),
            "reason": skipped.get(path, ""),
            "duplicate_of": duplicate.original if (duplicate := found.manifest.duplicates.get(path)) else "",
        }
        for path in sorted({*found.manifest.digests, *skipped, *changes})
    ]


def public(value: Any) -> Any:
    """The same data without what belongs to this machine alone.

    A document's path is called ``file``, as in gold questions: Gradio would take a ``path`` for a file to download.
    """
    if isinstance(value, dict):
        kept = {name: public(item) for name, item in value.items() if name not in PRIVATE}
        return {"file" if name == "path" else name: item for name, item in kept.items()}
    return [public(item) for item in value] if isinstance(value, list) else value
