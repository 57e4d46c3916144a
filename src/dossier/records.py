"""The plain nouns that cross rooms: files, documents, passages and sections.

Everything here is frozen and imports nothing of the house. A ``Span`` is a half-open range of characters of a
document's text; a path is relative to the corpus folder and has forward slashes; a higher score is better.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Literal

Span = tuple[int, int]
LandmarkKind = Literal["page", "slide", "row", "paragraph"]

# What an index folder holds: its generations, and the file that names the one that counts.
CURRENT, GENERATIONS = "CURRENT", "generations"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Lines end as editors see it.
LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Source:
    """A file as it was found: its path and the SHA-256 of its bytes."""

    path: str
    digest: str


@dataclass(frozen=True)
class Corpus:
    """The folders that documents come from, each with the name that the paths into it begin with.

    A single folder has no name: paths are relative to it. Names are unique and hold no slash.
    """

    folders: tuple[tuple[str, Path], ...]

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Corpus:
        """The corpus of some folders, in their order, each named as it is on disk; of equal names one gets a number."""
        distinct: dict[Path, Path] = {}
        for folder in folders:
            distinct.setdefault(folder.resolve(), folder)
        if len(distinct) == 1:
            return cls((("", folders[0]),))
        named: dict[str, Path] = {}
        for resolved, folder in distinct.items():
            own = resolved.name or "root"
            others = (f"{own} ({number})" for number in count(2))
            named[next(name for name in chain([own], others) if name not in named)] = folder
        return cls(tuple(named.items()))

    def file(self, path: str) -> Path:
        """Where the file of a document is on this machine. Raises `KeyError` where no folder has its name."""
        return self.folder_of(path) / (path if len(self.folders) == 1 else path.partition("/")[2])

    def folder_of(self, path: str) -> Path:
        """The folder that a document comes from. Raises `KeyError` likewise."""
        return self.folders[0][1] if len(self.folders) == 1 else dict(self.folders)[path.partition("/")[0]]


@dataclass(frozen=True)
class Limits:
    """How long reading one file may take, and how much memory: a limit that only Linux offers."""

    seconds: float = 60
    megabytes: int = 2048

    @property
    def memory(self) -> str:
        """The limit of memory in words: ``2 GB``."""
        return f"{self.megabytes} MB" if self.megabytes < 1024 else f"{self.megabytes / 1024:.3g} GB"


@dataclass(frozen=True)
class Duplicate:
    """What a document repeats: the path of an earlier one, whether their texts are the same but for white space.

    ``likeness`` is the Jaccard index of their shingles, runs of five words; 0.9 or more.
    """

    original: str
    same: bool
    likeness: float

    @property
    def description(self) -> str:
        """What it is, in words: ``nearly the same (97 %) as a.txt``."""
        nearly = f"nearly the same ({min(int(100 * self.likeness), 99)} %)"
        return f"{'the same' if self.same else nearly} as {self.original}"


@dataclass(frozen=True)
class Skipped:
    """A file or folder that was not read, and why; with the SHA-256 of its bytes if there is no need to try again.

    What was ``passing`` lay with the machine, and is tried again by the next build.
    """

    path: str
    reason: str
    digest: str = ""
    passing: bool = False


@dataclass(frozen=True)
class Facts:
    """What a description says of one document; empty where it says nothing. ``date`` is as in a `Section`."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    date: str = ""
    address: str = ""


@dataclass(frozen=True)
class Description:
    """What the folders of a corpus say of it in their files ``.dossier.toml``; empty where they say nothing.

    ``text`` says what the documents are about and ``questions`` are examples, best first. ``documents`` are facts by
    path, ``files`` the SHA-256 of each file that was read, by its path, and ``faults`` say what in them could not be
    taken, what was expected and what to do, each a sentence that begins with the file.
    """

    title: str = ""
    text: str = ""
    questions: tuple[str, ...] = ()
    documents: dict[str, Facts] = field(default_factory=dict, hash=False)
    files: dict[str, str] = field(default_factory=dict, hash=False)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A stretch of a document that no passage may leave, and what is known of it; empty where nothing is.

    ``title`` is its heading, or else a slice of its opening. ``date`` is when it was published or what it speaks of, in
    ISO 8601, as precise as is known: ``2026``, ``2026-11`` or ``2026-11-21``; ``--11-21`` where the year is not known.
    ``event`` is the gathering that it reports, and ``venue`` where that was, or from where it reports.
    """

    start: int
    end: int
    title: str = ""
    date: str = ""
    publisher: str = ""
    event: str = ""
    venue: str = ""


@dataclass(frozen=True)
class Landmark:
    """Where a unit begins that the format itself counts, such as page 12; it reaches to the next landmark."""

    start: int
    kind: LandmarkKind
    number: int


@dataclass(frozen=True)
class Document:
    """The text of one file, the sections that tile it, and the landmarks in it, both in order.

    ``furniture`` are spans, in order and apart, that are no prose and in no passage: menus, share bars, scripts.
    ``repeated`` are others that stand in many documents of the folder, such as a sidebar, and are read in the first.
    ``title``, ``address``, where it was published, and ``author`` are what it says of itself or its description says
    of it. ``remark`` says what a reader should know of how the text
    was had, such as an encoding that was guessed. A document without landmarks is counted in lines.
    """

    source: Source
    text: str
    sections: tuple[Section, ...]
    remark: str = ""
    landmarks: tuple[Landmark, ...] = ()
    furniture: tuple[Span, ...] = ()
    repeated: tuple[Span, ...] = ()
    title: str = ""
    address: str = ""
    author: str = ""

    @property
    def left_out(self) -> tuple[Span, ...]:
        """All spans that are in no passage, in order."""
        return tuple(sorted([*self.furniture, *self.repeated]))

    @property
    def path(self) -> str:
        return self.source.path


@dataclass(frozen=True)
class Passage:
    """An exact slice of a document, ``text == document.text[start:end]``, and the sentences in it.

    Lines count from 1. ``sentences`` are spans of the document, in order, inside ``start`` and ``end``. ``section`` is
    the title of its section, ``date``, ``event`` and ``venue`` are the section's too. ``landmarks`` are those that it
    touches, in order: the one in which it begins and those that begin inside it.
    """

    path: str
    text: str
    start: int
    end: int
    first_line: int
    last_line: int
    sentences: tuple[Span, ...]
    section: str = ""
    date: str = ""
    landmarks: tuple[Landmark, ...] = ()
    event: str = ""
    venue: str = ""

    @property
    def page(self) -> int | None:
        """The number of the page on which it begins; None where the format has no pages."""
        return page_of(self.landmarks)

    @property
    def location(self) -> str:
        """Where the passage stands, as a person would say it: ``report.txt, lines 3–5`` or ``report.pdf, p. 12``."""
        return f"{self.path}, {place_of(self.landmarks, self.first_line, self.last_line)}"

    def slice(self, span: Span) -> str:
        """The text of a span of the document that lies inside this passage."""
        return self.text[span[0] - self.start : span[1] - self.start]

    def lines(self, span: Span) -> tuple[int, int]:
        """The first and the last line of a span that lies inside this passage."""
        first = self.first_line + text_lines(self.text, 0, span[0] - self.start) - 1
        return first, first + text_lines(self.slice(span), 0, span[1] - span[0]) - 1

    def narrowed(self, sentences: tuple[Span, ...]) -> Passage:
        """The passage cut down to a run of its sentences."""
        span = sentences[0][0], sentences[-1][1]
        first_line, last_line = self.lines(span)
        return replace(
            self,
            text=self.slice(span),
            start=span[0],
            end=span[1],
            first_line=first_line,
            last_line=last_line,
            sentences=sentences,
            landmarks=landmarks_in(self.landmarks, span),
        )


def landmarks_in(landmarks: tuple[Landmark, ...], span: Span) -> tuple[Landmark, ...]:
    """The landmarks that a span touches: the one in which it begins and those that begin inside it."""
    first = max(bisect_right(landmarks, span[0], key=lambda landmark: landmark.start) - 1, 0)
    last = bisect_left(landmarks, span[1], key=lambda landmark: landmark.start)
    return landmarks[first:last]


def page_of(landmarks: Sequence[Landmark]) -> int | None:
    """The number of the first landmark, if it is a page."""
    return landmarks[0].number if landmarks and landmarks[0].kind == "page" else None


def place_of(landmarks: Sequence[Landmark], first_line: int, last_line: int) -> str:
    """The place that some landmarks name, in words; that of the lines where there are none."""
    first, last = (landmarks[0].number, landmarks[-1].number) if landmarks else (first_line, last_line)
    unit = landmarks[0].kind if landmarks else "line"
    one, more = ("p.", "pp.") if unit == "page" else (unit, f"{unit}s")
    return f"{one} {first}" if first == last else f"{more} {first}–{last}"


def spoken_date(dated: str) -> str:
    """A date as it is said, ``21 November 2026``, or what of it is known; empty where nothing is."""
    year, month, day = [*dated.removeprefix("-").split("-"), "", ""][:3]
    return " ".join(part for part in (day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year) if part)


def text_lines(text: str, start: int, end: int) -> int:
    """The number of lines that ``text[start:end]`` touches."""
    return 1 + len(LINE_END.findall(text, start, end))


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal. Raises `OSError` where it can't be read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
