"""Sections: where one heading's text ends and the next begins, in text that does not mark its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dossier.records import LINE_END, Section

UNDERLINE = re.compile(r"([=\-~^*#_])\1{2,}")
LONGEST_HEADING = 120
LONGEST_WRAPPED = 100
SENTENCE_ENDS = ".!?;,:…|。！？；：，"
OPENERS = "\"“‘'([«"


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins; a line ends at LF, CR LF or CR."""
    return [0, *(match.end() for match in LINE_END.finditer(text))]


def plain_sections(text: str) -> tuple[Section, ...]:
    """The sections that tile a plain text: each begins at a visible heading or at a wide gap.

    A heading is a short line alone between blank lines, or underlined, that begins with a capital or a digit and does
    not end like a sentence. A gap is a run of blank lines: of at least one where paragraphs are single lines,
    otherwise of at least two.
    """
    lines = list(_lines(text))
    widest = _paragraph_gap(lines)
    borders: list[tuple[int, str]] = []
    blank = widest + 1
    for place, (start, line) in enumerate(lines):
        if not line:
            blank += 1
            continue
        following = lines[place + 1][1] if place + 1 < len(lines) else ""
        if _underlined(line, following) or (blank and not following and _like_heading(line)):
            borders.append((start, line))
        elif blank > widest:
            borders.append((start, ""))
        blank = 0
    return tile(borders, len(text))


def tile(borders: Sequence[tuple[int, str]], length: int) -> tuple[Section, ...]:
    """Sections that cover a text of some length, from the starts and titles of its headings, in order.

    What stands before the first border is a section without a title.
    """
    starts = [0, *(start for start, _ in borders)]
    ends = [*(start for start, _ in borders), length]
    titles = ["", *(title for _, title in borders)]
    return tuple(
        Section(start, end, title) for start, end, title in zip(starts, ends, titles, strict=True) if start < end
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line's start and its text without white space around it."""
    starts = line_starts(text)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield start, text[start:end].strip()


def _paragraph_gap(lines: Sequence[tuple[int, str]]) -> int:
    """How many blank lines a text leaves between paragraphs: none where they are long single lines, one otherwise."""
    adjacent = [line for (_, line), (_, after) in pairwise(lines) if line and after]
    separate = sum(1 for (_, line), (_, after) in pairwise(lines) if line and not after)
    long = sum(1 for line in adjacent if len(line) > LONGEST_WRAPPED)
    return 0 if long > separate else 1


def _like_heading(line: str) -> bool:
    """Whether a line begins like a sentence, with a letter that is not small or a digit, and does not end like one."""
    first = line.lstrip(OPENERS)[:1]
    begins = first.isdigit() or (first.isalpha() and not first.islower())
    return len(line) <= LONGEST_HEADING and begins and line[-1] not in SENTENCE_ENDS


def _underlined(line: str, following: str) -> bool:
    return (
        len(following) >= len(line) // 2 and len(line) <= LONGEST_HEADING and UNDERLINE.fullmatch(following) is not None
    )
