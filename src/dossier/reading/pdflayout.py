"""The layout of a PDF: which lines are a paragraph, which a heading, and which are repeated on page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from dossier.reading.pdffurniture import leads
from dossier.reading.pdflines import Line

ENDS = re.compile(r"[.!?:;…。！？]['\"”’»)\]]*[\d⁰¹²³⁴-⁹]{0,3}\s*$")
ITEM = re.compile(r"\s*(?:[•▪‣◦●○■□–—*·-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s", re.IGNORECASE)
NOTE = re.compile(r"\s*(?:\d{1,3}|[*†‡§⁰¹²³⁴-⁹]+)\s?[^\W\d]")
SMALLER = 0.92
# A heading's type is this much larger than the text's.
LARGER = 1.12
SAME = 0.08
LONGEST_HEADING = 200
LEAST_LETTERS = 0.6
# The lines of a paragraph are no further apart than this, in the usual distance.
WIDER = 1.3
HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]+-[^\W\d_]+")
LONGEST_WORD = 60
WORD = re.compile(r"[^\W\d_]{2,}(?!-?\s*$)")
HEAD = re.compile(r"[^\W\d_]{2,}[-‐]\s*$")
TAIL = re.compile(r"\s*([^\W\d_A-ZÀ-ÖØ-Þ]{2,})")
LEAST_PART = 4
# What stands after a hyphen that waits for the rest of its word: "two- and threefold".
SUSPENDED = frozenset(("and", "or", "nor", "to", "und", "oder", "bis", "et", "ou", "ed", "en", "of"))


@dataclass
class Block:
    """Lines that belong together: a paragraph, a heading or furniture. ``glue`` joins each line but the first."""

    lines: list[Line]
    furniture: bool = False
    heading: bool = False
    glue: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Measures:
    """What is usual in a document: its type and its size, the distance of its lines in sizes, and its words."""

    size: float
    bold: bool
    leading: float
    hyphenated: frozenset[str]
    words: frozenset[str]


def measures(pages: Sequence[Sequence[Line]]) -> Measures:
    """What is usual in the lines of a document."""
    sizes: Counter[float] = Counter()
    leadings: list[float] = []
    hyphenated: set[str] = set()
    words: set[str] = set()
    for lines in pages:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
            hyphenated.update(HYPHENATED.findall(line.text.lower()))
            words.update(WORD.findall(line.text.lower()))
        for line, after in pairwise(lines):
            distance = (line.bottom - after.bottom) / line.size
            if abs(line.size - after.size) < SAME * line.size and 0.8 < distance < 3:
                leadings.append(distance)
    size = max(sizes, key=lambda found: (sizes[found], -found)) if sizes else 1.0
    bold = sum(len(line.text) for lines in pages for line in lines if line.bold)
    return Measures(
        size or 1.0,
        bold > sum(sizes.values()) / 2,
        median(leadings) if leadings else 1.2,
        frozenset(hyphenated),
        frozenset(words),
    )


def with_whole_words(lines: Sequence[Line], usual: Measures) -> list[Line]:
    """The lines of a page; those that end inside a word after a plain hyphen are divided and lack it.

    A hyphen is plain where pdfium does not know that it divides a word. It is one that belongs to the word where the
    document has both parts as words of their own and not the whole, and in "two- and threefold".
    """
    found = list(lines)
    for place, (line, after) in enumerate(pairwise(lines)):
        head, tail = HEAD.search(line.text), TAIL.match(after.text)
        same = not (line.fixed or line.divided) and abs(line.size - after.size) < SAME * line.size
        if same and head and tail and tail[1] not in SUSPENDED:
            found[place] = replace(line, text=line.text.rstrip()[:-1], divided=True)
    return found


def blocks(lines: Sequence[Line], usual: Measures, titles: Iterable[str] = ()) -> list[Block]:
    """The paragraphs and headings of a page, in reading order. ``titles`` are headings that its outline names."""
    rights = _column_ends(lines)
    found: list[Block] = []
    for line in lines:
        last = found[-1].lines[-1] if found else None
        glue = _glue(found[-1].lines, line, rights, usual) if last is not None else "\n\n"
        if glue == "\n\n":
            found.append(Block([line]))
        else:
            found[-1].lines.append(line)
            found[-1].glue.append(glue)
    named = {_letters(title) for title in titles if _letters(title)}
    for block in found:
        block.heading = _heading(block, usual, named)
    return found


def goes_on(last: Block, block: Block) -> bool:
    """Whether a paragraph goes on in a block on the next page, in the middle of a sentence."""
    before, after = last.lines[-1], block.lines[0]
    return (
        not (last.heading or block.heading or last.furniture)
        and abs(before.size - after.size) < SAME * before.size
        and (before.divided or not ENDS.search(before.text))
        and ITEM.match(after.text) is None
        and (before.divided or after.text.lstrip()[:1].islower())
    )


def is_note(block: Block, usual: Measures) -> bool:
    """Whether a block at the foot of a page looks like a note: in smaller type, or after a number or a mark."""
    return block.lines[0].size < SMALLER * usual.size or NOTE.match(block.lines[0].text) is not None


def joint(line: Line, after: Line, usual: Measures) -> str:
    """What stands between two lines of a paragraph: a space, or nothing or a hyphen inside a divided word."""
    if not line.divided:
        return " "
    head, tail = re.search(r"[^\W\d_]*$", line.text[-LONGEST_WORD:]), re.match(r"[^\W\d_]*", after.text.lstrip())
    parts = [match.group().lower() if match else "" for match in (head, tail)]
    if "".join(parts) in usual.words:
        return ""
    both = all(len(part) >= LEAST_PART and part in usual.words for part in parts)
    return "-" if both or "-".join(parts) in usual.hyphenated else ""


def _glue(block: Sequence[Line], line: Line, rights: dict[int, float], usual: Measures) -> str:
    """What joins a line to the block before it; a blank line where it begins one of its own."""
    last = block[-1]
    if last.divided:
        return joint(last, line, usual)
    if last.row or line.row:
        return "\n" if last.row and line.row else "\n\n"
    distance = (last.bottom - line.bottom) / last.size
    begins = not line.text.lstrip()[:1].islower()
    if abs(last.size - line.size) > SAME * last.size:
        return "\n\n"
    if distance < 0:  # up again: the next column
        return "\n\n" if ENDS.search(last.text) or begins else " "
    if distance > WIDER * usual.leading or line.left > last.right:
        return "\n\n"
    if ITEM.match(line.text) or leads(last.text) or (last.fixed and line.fixed):
        return "\n"
    indented = line.left - last.left > last.size / 2 and not ITEM.match(last.text)
    if indented and ENDS.search(last.text):
        return "\n\n"
    end = rights.get(_column(last), last.right)
    first_word = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(len(line.text.strip()), 1) * (len(first_word) + 1)
    if last.right + width < end - last.size / 2:  # the next word would have fitted
        return "\n\n" if begins and (ENDS.search(last.text) or last.bold != line.bold) else "\n"
    return " "


def _column(line: Line) -> int:
    return round(line.left / (4 * line.size))


def _column_ends(lines: Sequence[Line]) -> dict[int, float]:
    """How far to the right the lines reach that begin near the same place."""
    ends: dict[int, float] = {}
    for line in lines:
        column = _column(line)
        for near in (column - 1, column, column + 1):
            ends[near] = max(ends.get(near, 0.0), line.right)
    return ends


def _heading(block: Block, usual: Measures, named: set[str]) -> bool:
    text = " ".join(line.text for line in block.lines)
    if (
        len(text) > LONGEST_HEADING
        or block.lines[0].row
        or leads(text)
        or not any(character.isalpha() for character in text)
    ):
        return False
    larger = block.lines[0].size > LARGER * usual.size and len(block.lines) <= 4
    bolder = all(line.bold for line in block.lines) and not usual.bold and len(block.lines) <= 2
    unnumbered = "".join(text.lstrip("0123456789. ").split())
    prose = len(_letters(unnumbered)) > LEAST_LETTERS * len(unnumbered)  # not a formula
    looks = larger or (bolder and not ENDS.search(text) and not ITEM.match(text + " "))
    return _letters(text) in named or (prose and looks)


def _letters(text: str) -> str:
    """A text without what a heading and its entry in the outline may differ in: numbers, space, case."""
    return re.sub(r"[\W\d_]+", "", text).lower()
