"""The chat: a question goes in, an answer whose quotes lead to their sources grows.

What the conversation is stays on this side; the browser is told only how the end of it looks, and keeps the questions.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from dossier.answers import Answer
from dossier.dossier import Dossier
from dossier.errors import DossierError
from dossier.web.cards import announcement, answer_html, notice_html, question_html
from dossier.web.inquiry import Data, Inquiry
from dossier.web.opening import Opening, stage_text
from dossier.web.places import place_of_hit
from dossier.web.reasons import say_reason
from dossier.web.texts import say
from dossier.web.thumbs import thumbs_html

PATIENCE = 0.3  # seconds between two looks at a build that is under way
REMEMBERED = 8  # answers of a conversation that are kept to complete the next question
LONGEST = 50  # turns of a conversation


@dataclass(frozen=True)
class Turn:
    """A question, its answer once there is one, how the reply looks, and what a screen reader is told of it."""

    inquiry: Inquiry
    reply: str
    answer: Answer | None = None
    generation: str = ""
    spoken: str = ""
    ended: bool = False

    def html(self, language: str) -> str:
        """The turn as it is shown."""
        completed = self.answer.asked if self.answer and self.answer.asked != self.answer.question else ""
        head = question_html(self.inquiry, completed, self.generation, language)
        return f'{head}<div class="reply">{self.reply}</div>'


@dataclass(frozen=True)
class Conversation:
    """What has been said."""

    turns: tuple[Turn, ...] = ()

    @property
    def questions(self) -> list[Data]:
        """What was asked, as a browser keeps it."""
        return [turn.inquiry.data for turn in self.turns]

    @property
    def answers(self) -> list[Answer]:
        """The last answers, oldest first, which a question may lean on."""
        return [turn.answer for turn in self.turns if turn.answer is not None][-REMEMBERED:]


Change = dict[str, object]


@dataclass
class Session:
    """The conversation of a page that is open, and the run that may change it: what the last click has begun.

    A run looks after each step whether it still is that one. What it sent before may be on its way to the browser,
    which is told what is over and does not draw it any more.
    """

    talk: Conversation = Conversation()
    run: str = ""
    restoring: bool = False

    def begin(self) -> str:
        """A new run, in whose favour any other ends."""
        self.run = secrets.token_hex(4)
        return self.run

    def end(self) -> str:
        """The run that was under way, which ends; empty if there was none."""
        run, self.run = self.run, ""
        return run

    @contextmanager
    def restored(self) -> Iterator[None]:
        """While this lasts the questions that a browser has kept are asked again, and others wait."""
        self.restoring = True
        try:
            yield
        finally:
            self.restoring = False

    def settle(self) -> None:
        """Wait until the questions that a browser has kept are asked again: what is asked next comes after them."""
        while self.restoring:
            time.sleep(PATIENCE)


def change(talk: Conversation, start: int, language: str) -> Change:
    """What the browser needs to show a conversation, given that its turns before ``start`` are there already."""
    turns = [
        {
            "html": turn.html(language),
            "spoken": turn.spoken,
            "ended": turn.ended,
        }
        for turn in talk.turns[start:]
    ]
    return {"start": start, "turns": turns}


def conversation(
    opening: Opening, inquiry: Inquiry, before: Conversation, language: str, *, note: str = "", who: str = ""
) -> Iterator[Conversation]:
    """The conversation with a question and its growing reply at the end; ``note`` stands above the reply.

    ``who`` is the name with which somebody is logged in, and has judged answers.
    """
    asked = before.turns[-(LONGEST - 1) :]
    turn = Turn(inquiry, notice_html(say(language, "looking"), "pending"))
    yield Conversation((*asked, turn))
    while not opening.ready(PATIENCE):
        waiting = f"{say(language, 'preparing')}: {stage_text(opening.progress, language)}…"
        yield Conversation((*asked, replace(turn, reply=notice_html(waiting, "pending"))))
    above = notice_html(note) if note else ""
    try:
        dossier = opening.dossier()
        turn = replace(turn, generation=dossier.generation)

        def begin() -> Iterator[Answer]:
            return dossier.stream(
                inquiry.question,
                documents=inquiry.documents,
                after=inquiry.after,
                before=inquiry.before,
                history=before.answers,
            )

        for answer in opening.growing(inquiry.question, begin):
            turn = replace(turn, answer=answer, reply=above + _reply(dossier, answer, language))
            yield Conversation((*asked, turn))
        thumbs = thumbs_html(opening.index, answer, who, language)
        turn = replace(turn, reply=above + _reply(dossier, answer, language, thumbs))
        turn = replace(turn, spoken=announcement(answer, language))
    except DossierError as error:
        refusal = say_reason(language, str(error))
        turn = replace(turn, answer=None, reply=notice_html(refusal), spoken=refusal)
    yield Conversation((*asked, replace(turn, ended=True)))


def stopped(talk: Conversation, language: str) -> Conversation:
    """The conversation after somebody would not wait any longer."""
    if not talk.turns or talk.turns[-1].ended:
        return talk
    turn = replace(talk.turns[-1], reply=notice_html(say(language, "stopped")), ended=True)
    return Conversation((*talk.turns[:-1], turn))


def asked_before(stored: object) -> list[Inquiry]:
    """The questions that a browser has kept, as far as they are such."""
    given = stored if isinstance(stored, list) else []
    return [inquiry for one in given if (inquiry := Inquiry.of(one)) is not None][-LONGEST:]


def _reply(dossier: Dossier, answer: Answer, language: str, thumbs: str = "") -> str:
    places = [place_of_hit(dossier, hit) for hit in answer.hits]
    titles = [
        place.document.title or hit.passage.section or hit.passage.path
        for hit, place in zip(answer.hits, places, strict=True)
    ]
    addresses = [place.address for place in places]
    return answer_html(answer, titles, addresses, language, thumbs=thumbs, reader=dossier.reader is not None)
