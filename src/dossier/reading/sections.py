"""Sections: where one heading's text ends and the next begins, in text that does not mark its headings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dossier.reading.articles import article_starts
from dossier.reading.openings import is_sentence
from dossier.reading.sentences import BLANK_LINES, between, stripped
from dossier.records import LINE_END, Section, Span

UNDERLINE = re.compile(r"([=\-~^*#_])\1{2,}")
LONGEST_HEADING = 120
LONGEST_WRAPPED = 100
LONGEST_ITEM = 250
SENTENCE_ENDS = ".!?;,:…|。！？；：，"
OPENERS = "\"“‘'([«"


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins; a line ends at LF, CR LF or CR."""
    return [0, *(match.end() for match in LINE_END.finditer(text))]


def plain_sections(text: str, furniture: Sequence[Span] = ()) -> tuple[Section, ...]:
    """The sections that tile a plain text: each begins at a visible heading, at a wide gap or with another article.

    A heading is a short line alone between blank lines, or underlined, that begins with a capital or a digit and does
    not end like a sentence. A gap is a run of blank lines: of at least one where paragraphs are single lines,
    otherwise of at least two. ``furniture``, in order and apart, is none of these.
    """
    lines = list(_lines(text))
    widest = _paragraph_gap(lines)
    borders: list[tuple[int, str]] = []
    blank = widest + 1
    prose = _prose_lines(lines, furniture)
    for place, (start, line) in enumerate(lines):
        if not line or not prose[place]:
            blank += not line
            continue
        following = lines[place + 1][1] if place + 1 < len(lines) else ""
        if _underlined(line, following) or (blank and not following and _like_heading(line)):
            borders.append((start, line))
        elif blank > widest:
            borders.append((start, ""))
        blank = 0
    headed = tile(borders, len(text))
    articles = [(start, "") for section in headed for start in _articles(text, section, furniture, by_line=widest == 0)]
    return tile(sorted([*borders, *articles]), len(text)) if articles else headed


def _articles(text: str, section: Section, furniture: Sequence[Span], *, by_line: bool) -> Iterator[int]:
    """Where another article begins inside a section."""
    paragraphs, parted = _paragraphs(text, section, furniture, by_line=by_line)
    for place in article_starts(text, paragraphs, parted):
        yield paragraphs[place][0]


def _paragraphs(
    text: str, section: Section, furniture: Sequence[Span], *, by_line: bool
) -> tuple[list[Span], list[bool]]:
    """The paragraphs of a section outside furniture, and whether furniture stands before each.

    Lines that end as no sentence does are one paragraph with those after them: a list, or a caption of several.
    """
    paragraphs: list[Span] = []
    parted: list[bool] = []
    gap = False
    for stretch, cut in _between_furniture(section, furniture):
        gap = gap or cut
        border = LINE_END if by_line else BLANK_LINES
        for start, end in (span for part in between(border, text, *stretch) for span in stripped(text, *part)):
            if paragraphs and not gap and _goes_on(text, paragraphs[-1], (start, end)):
                paragraphs[-1] = paragraphs[-1][0], end
            else:
                paragraphs.append((start, end))
                parted.append(gap)
            gap = False
    return paragraphs, parted


def _goes_on(text: str, before: Span, paragraph: Span) -> bool:
    """Whether two paragraphs are lines of one list."""
    short = paragraph[1] - paragraph[0] <= LONGEST_ITEM
    last = text[before[1] - 1]
    return short and not is_sentence(text[slice(*paragraph)]) and last not in SENTENCE_ENDS.replace(":", "") + '”"'


def _between_furniture(section: Section, furniture: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The stretches of a section outside furniture, and whether some stands before each."""
    at, cut = section.start, False
    first = bisect_right(furniture, section.start, key=lambda span: span[1])
    for start, end in furniture[first:]:
        if start >= section.end:
            break
        yield (at, max(start, at)), cut
        at, cut = end, True
    yield (at, max(section.end, at)), cut


def _prose_lines(lines: Sequence[tuple[int, str]], furniture: Sequence[Span]) -> list[bool]:
    """Which lines begin outside furniture."""
    ends = [end for _, end in furniture]
    prose = []
    for start, line in lines:
        place = bisect_right(ends, start)
        prose.append(place == len(furniture) or furniture[place][0] >= start + max(len(line), 1))
    return prose


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
