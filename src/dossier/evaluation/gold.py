"""Gold: questions whose evidence is quoted from the documents, alone or in dialogues, and when a passage holds it.

The format is described in tests/gold/README.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dossier.answers import Hit
from dossier.evaluation.lines import Line, json_lines
from dossier.records import Passage, Span

STRAIGHT = str.maketrans("‘’“”–—‐‑", "''\"\"----")
# The types that the turns of a dialogue are reported under; the last is the later ones in words that need no history.
FIRST, LATER, IN_FULL = "first turns", "later turns", "later, in full"


@dataclass(frozen=True)
class Quote:
    """A stretch of a document that answers a question: the document's path and its words."""

    file: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question and the quotes that answer it; ``also`` are weaker ones that count as well.

    Of type ``multi`` are questions that need all their evidence. One that is not answerable has no evidence.
    """

    id: str
    text: str
    type: str
    answerable: bool
    evidence: tuple[Quote, ...]
    also: tuple[Quote, ...] = ()

    @property
    def acceptable(self) -> tuple[Quote, ...]:
        return self.evidence + self.also


@dataclass(frozen=True)
class Turn:
    """A question that may lean on those before it, and the same in words that need none of them."""

    question: Question
    in_full: Question


@dataclass(frozen=True)
class Dialogue:
    """Questions asked one after another."""

    id: str
    turns: tuple[Turn, ...]


def holds_dialogues(path: Path) -> bool:
    """Whether a file of JSON lines begins with a dialogue."""
    first = next(json_lines(path), None)
    return first is not None and "turns" in first.data


def read_questions(path: Path) -> list[Question]:
    """The gold questions of a file, in order.

    Raises `InputError` where there are none or a line is malformed; it names file and line.
    """
    return [_question(line) for line in _distinct(path)]


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of a file, in order. Raises what `read_questions` does."""
    return [_dialogue(line) for line in _distinct(path)]


def holds(passage: Passage, quote: Quote) -> bool:
    """Whether a passage holds one run of at least 80 % of a quote's characters."""
    return any(True for _ in _places(passage, quote))


def marks(hit: Hit, quote: Quote) -> bool:
    """Whether the sentence marked in a passage overlaps a quote that the passage holds."""
    passage = hit.passage
    first, last = (len(plain(passage.text[: place - passage.start])) for place in hit.sentence)
    return any(start < last and first < end for start, end in _places(passage, quote))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Text after NFKC, with straight quotes and dashes and single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(STRAIGHT)).strip()


def _places(passage: Passage, quote: Quote) -> Iterator[Span]:
    """Where a quote stands in the plain text of a passage that holds enough of it; it may reach over the edges."""
    text, wanted = plain(passage.text), plain(quote.text)
    run = -(-4 * len(wanted) // 5)
    starts = range(len(wanted) - run + 1) if passage.path == quote.file else ()
    for start in starts:
        place = text.find(wanted[start : start + run])
        while place >= 0:
            yield place - start, place - start + len(wanted)
            place = text.find(wanted[start : start + run], place + 1)


def _distinct(path: Path) -> list[Line]:
    """The lines of a file, at least one, no two of which have the same id."""
    lines = list(json_lines(path))
    if not lines:
        raise Line(path, 1, {}).error("there is no question in this file")
    seen: dict[str, int] = {}
    for line in lines:
        known = seen.setdefault(line.text("id"), line.number)
        if known != line.number:
            raise line.error(f"the id {line.text('id')!r} is that of line {known} already")
    return lines


def _question(line: Line) -> Question:
    answerable = line.data.get("answerable", True)
    if not isinstance(answerable, bool):
        raise line.error(f"'answerable' is {answerable!r}; it must be true or false")
    evidence = _quotes(line, "evidence")
    if answerable != bool(evidence):
        raise line.error("an answerable question needs evidence, and one that is not has none")
    kind = line.text("type") if "type" in line.data else "question"
    return Question(
        line.text("id"), line.text("question"), kind, answerable, evidence, _quotes(line, "also_acceptable")
    )


def _dialogue(line: Line) -> Dialogue:
    turns = line.objects("turns")
    if not turns:
        raise line.error("it has no 'turns'")
    return Dialogue(
        line.text("id"), tuple(_turn(line.text("id"), number, turn) for number, turn in enumerate(turns, 1))
    )


def _turn(dialogue: str, number: int, turn: Line) -> Turn:
    evidence = _quotes(turn, "evidence")

    def question(suffix: str, key: str, kind: str) -> Question:
        return Question(f"{dialogue}/{number}{suffix}", turn.text(key), kind, bool(evidence), evidence)

    in_full = "standalone" if "standalone" in turn.data else "question"
    return Turn(question("", "question", LATER if number > 1 else FIRST), question(" in full", in_full, IN_FULL))


def _quotes(line: Line, key: str) -> tuple[Quote, ...]:
    return tuple(Quote(item.text("file"), item.text("quote")) for item in line.objects(key))
