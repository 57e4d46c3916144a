"""The chat: a question goes in, an answer with links to its sources grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dossier.errors import DossierError
from dossier.records import Answer
from dossier.rendering import answer_markdown, escape_markdown
from dossier.web.opening import Opening
from dossier.web.source import address

Message = dict[str, str]
PATIENCE = 0.3  # seconds between two looks at a build that is under way
REMEMBERED = 8  # answers of a conversation that are kept to complete the next question


@dataclass(frozen=True)
class Conversation:
    """What has been said, in the form of the page's chat, and the last answers, which a question may lean on."""

    messages: Sequence[Message] = ()
    answers: Sequence[Answer] = ()


def replies(opening: Opening, question: str, answers: Sequence[Answer]) -> Iterator[tuple[str, Answer | None]]:
    """The reply to a question as Markdown, each one whole in itself, and the answer that it shows.

    ``answers`` are those before it in the conversation. Where there is no index yet, the reply says how far it has
    come.
    """
    while not opening.wait(PATIENCE):
        yield f"*{escape_markdown(waiting(opening))}*", None
    try:
        dossier = opening.dossier()
        for answer in dossier.stream(question, history=answers):
            yield answer_markdown(answer, [address(dossier, hit) for hit in answer.hits]), answer
    except DossierError as error:
        yield escape_markdown(str(error)), None


def waiting(opening: Opening) -> str:
    """What the build is doing, in words."""
    progress = opening.progress
    part = f" ({progress.done} of {progress.total})" if progress.total > 1 else ""
    return f"Preparing the documents: {progress.stage}{part}…"


def conversation(opening: Opening, question: str, before: Conversation) -> Iterator[Conversation]:
    """The conversation with a question and its growing reply at the end."""
    asked = [*before.messages, {"role": "user", "content": escape_markdown(question)}]
    yield Conversation(asked, before.answers)
    for reply, answer in replies(opening, question, before.answers):
        answers = [*before.answers, answer][-REMEMBERED:] if answer else before.answers
        yield Conversation([*asked, {"role": "assistant", "content": reply}], answers)
