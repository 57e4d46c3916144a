"""The chat: a question goes in, an answer with links to its sources grows."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.errors import DossierError
from dossier.rendering import answer_markdown, escape_markdown
from dossier.web.opening import Opening
from dossier.web.source import address

Messages = list[dict[str, str]]
PATIENCE = 0.3  # seconds between two looks at a build that is under way


def replies(opening: Opening, question: str) -> Iterator[str]:
    """The reply to a question as Markdown, each one whole in itself; before there is an index, how far it has come."""
    while not opening.wait(PATIENCE):
        yield f"*{escape_markdown(waiting(opening))}*"
    try:
        dossier = opening.dossier()
        for answer in dossier.stream(question):
            yield answer_markdown(answer, [address(dossier, hit) for hit in answer.hits])
    except DossierError as error:
        yield escape_markdown(str(error))


def waiting(opening: Opening) -> str:
    """What the build is doing, in words."""
    progress = opening.progress
    part = f" ({progress.done} of {progress.total})" if progress.total > 1 else ""
    return f"Preparing the documents: {progress.stage}{part}…"


def conversation(opening: Opening, question: str, history: Messages) -> Iterator[Messages]:
    """The conversation with a question and its growing reply at the end."""
    asked = [*history, {"role": "user", "content": escape_markdown(question)}]
    yield asked
    for reply in replies(opening, question):
        yield [*asked, {"role": "assistant", "content": reply}]
