"""Answers: the plain nouns of what a question gets; frozen, like `records`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Literal

from dossier.records import Passage, Span, file_digest

# The probability from which on an answer is sure.
SURE = 0.65
# The ways in which passages can be ordered; see `dossier.dossier.Dossier.search`.
Way = Literal["dense", "lexical", "rrf", "fused"]


@dataclass(frozen=True)
class Parts:
    """What each grain adds to a hit's score; together they are the score.

    ``passage`` and ``sentence`` come from the cosine of the passage and of its nearest sentence, ``words`` from BM25,
    ``tokens`` from the question's tokens matched one by one, ``company`` from the likeness to the best passages, and
    ``reader`` from what a reader says of question and passage together, if there is one.
    """

    passage: float
    sentence: float
    words: float
    tokens: float
    company: float
    reader: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What a reader says of a text: how probably it answers, and the span of it that does, if it names one.

    ``certainty``, 0 to 1, is that of the span among all others of the text.
    """

    probability: float
    span: Span | None = None
    certainty: float = 0.0

    @property
    def sureness(self) -> float:
        """How probably the text answers, and with this very span."""
        return self.probability * self.certainty


@dataclass(frozen=True)
class Hit:
    """A passage that was found, its score from 0 to 1, and the span of its sentence that answers best.

    ``reading`` is what a reader said of it, if one has read it; its span is of the document and lies in the sentence.
    ``parts`` and ``shared``, the question's words that the passage holds, rarest first, say why it was found.
    """

    passage: Passage
    score: float
    sentence: Span
    parts: Parts
    shared: tuple[str, ...]
    reading: Reading | None = None

    @property
    def quote(self) -> str:
        return self.passage.slice(self.sentence)


class State(str, Enum):
    """What has become of the file behind a citation since it was indexed."""

    STANDS = "stands"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True)
class Citation:
    """A quote and the place where it stands: ``document.text[start:end] == quote``.

    ``place`` says where in the file that is, in words: ``line 3``, ``p. 12``, ``slide 4``; ``section``, ``date``,
    ``event`` and ``venue`` are those of its `Section`.
    ``file`` is the document on this machine and ``digest`` the SHA-256 of the bytes that were indexed. ``state`` is
    what the file was like when the citation was made; `check` looks again. ``also`` are the paths of duplicates that
    have the quote too. ``title``, ``author``, ``publisher`` and ``address`` are of the document, empty where unknown.
    """

    number: int
    path: str
    quote: str
    start: int
    end: int
    first_line: int
    last_line: int
    page: int | None
    place: str
    section: str
    date: str
    event: str
    venue: str
    file: Path
    digest: str
    state: State = State.STANDS
    also: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    publisher: str = ""
    address: str = ""

    @property
    def location(self) -> str:
        """Where the quote stands, as a person would say it: ``report.txt, line 3``."""
        return f"{self.path}, {self.place}"

    def check(self) -> State:
        """What the file is like now: the very bytes that were indexed, changed, or missing."""
        return file_state(self.file, self.digest)


@dataclass(frozen=True)
class Provenance:
    """How an answer came to be: asked again with the same, the same comes out.

    ``question`` is what was typed and ``asked`` what was searched for, among ``k`` passages of ``documents`` dated
    ``after`` and ``before``, of all where these are empty. ``recipe`` is how the index of that ``generation`` was
    built, with the digests of its models; ``searched`` and ``skipped`` count its files, and ``sources`` is the SHA-256
    of the names and digests of the files that were searched. ``version`` is dossier's.
    """

    question: str
    asked: str
    k: int
    documents: tuple[str, ...]
    after: str
    before: str
    generation: str
    recipe: dict[str, str | int | bool] = field(hash=False)
    searched: int
    skipped: int
    sources: str
    version: str


@dataclass(frozen=True)
class ShortAnswer:
    """A few words that answer, as they stand in a document, and the numbers of the citations whose quotes hold them."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """The quoted sentences that answer a question, with the citations that ``[n]`` in ``text`` points to.

    ``asked`` is the question that was searched for. ``hits`` are all passages found, best first, and citation n is of
    hit n. ``quoted`` are the numbers of the citations in ``text``; any other ``[n]`` there belongs to a document.
    ``confidence`` is the probability, 0 to 1, that the evidence is among the hits; ``found`` says whether it is high
    enough for the quotes to be called an answer. Otherwise they are what is nearest, and ``text`` says so.
    ``short`` are the short answers that ``text`` opens with, the surest first; several differ from each other, and
    there is none where no reader was sure enough. ``provenance`` says how it came to be, in every answer that a
    `Dossier` gives.
    """

    question: str
    asked: str
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    quoted: tuple[int, ...]
    confidence: float
    found: bool
    short: tuple[ShortAnswer, ...] = ()
    provenance: Provenance | None = None

    @property
    def sure(self) -> bool:
        """Whether the quotes can stand without a "perhaps"."""
        return self.confidence >= SURE

    @property
    def opening(self) -> str:
        """What ``text`` says before its quotes, each of which is a paragraph: how sure it is, and the short answers.

        It is empty where the quotes stand alone.
        """
        paragraphs = self.text.split("\n\n")
        return "\n\n".join(paragraphs[: len(paragraphs) - len(self.quoted)])


def file_state(file: Path, digest: str) -> State:
    """What has become of a file whose bytes had this SHA-256; one that can't be opened counts as missing."""
    try:
        if not file.is_file():  # a pipe of that name would keep us waiting
            return State.MISSING
        return State.STANDS if file_digest(file) == digest else State.CHANGED
    except OSError:
        return State.MISSING
