"""The chat: a question goes in, an answer whose quotes lead to their sources grows.

What the conversation is stays on this side; the browser is told only how the end of it looks, and keeps the questions.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

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


class Session:
    """The conversation of a page that is open. Each click that changes it begins a run, and only the last run may.

    A run asks at each step whether it still may. What it sent before may be on its way to the browser, which is told
    what is over and does not draw it any more. It may be shared between threads.
    """

    def __init__(self) -> None:
        self.talk = Conversation()
        self.kept: list[Inquiry] = []  # what the browser had kept when the page was opened
        self._run = ""
        self._waiting: list[Inquiry] | None = None
        self._lock = Lock()

    def __deepcopy__(self, _: object) -> Session:
        """One for another page."""
        return Session()

    def begin(self, talk: Conversation | None = None, questions: Sequence[Inquiry] | None = None) -> tuple[str, str]:
        """The run that ends, if there is one, and the one that begins, with another conversation if one is given.

        Of several ``questions`` those that are asked meanwhile come last; see `put_off` and `next`.
        """
        with self._lock:
            over, self._run = self._run, secrets.token_hex(4)
            self.talk = self.talk if talk is None else talk
            self._waiting = None if questions is None else list(questions)
            return over, self._run

    def remember(self, questions: Sequence[Inquiry]) -> bool:
        """Whether the server has forgotten the page and the browser has not what was asked; it is to be asked again.

        So it is after an hour in which nothing was heard of the page.
        """
        with self._lock:
            lost = not (self._run or self.kept) and bool(questions)
            self.kept = list(questions) if lost else self.kept
            return lost

    def is_last(self, run: str) -> bool:
        """Whether a run is the last one."""
        return self._run == run

    def keep(self, run: str, talk: Conversation) -> bool:
        """Whether a run is the last one; then the conversation is that one."""
        with self._lock:
            if self._run == run:
                self.talk = talk
            return self._run == run

    def put_off(self, inquiry: Inquiry) -> bool:
        """Whether a question comes after others that are being asked, whose run asks it too."""
        with self._lock:
            if self._waiting is None:
                return False
            self._waiting.append(inquiry)
            return True

    def next(self, run: str) -> Inquiry | None:
        """The question that a run asks next; None where none is left, or the run is over."""
        with self._lock:
            if self._run != run:
                return None
            if self._waiting:
                return self._waiting.pop(0)
            self._waiting = None
            return None

    def end(self, run: str) -> None:
        """Let questions wait for a run no longer."""
        with self._lock:
            if self._run == run:
                self._waiting = None


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
