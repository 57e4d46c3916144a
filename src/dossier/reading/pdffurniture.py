"""The furniture of a PDF: heads and feet that pages repeat or number, and tables of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dossier.reading.pdflines import Line

# A line is repeated if so many pages have it; one that is not the outermost, if this part of all pages has.
FEWEST_REPEATS = 3
INNER_REPEATS = 0.2
LARGEST_HEAD = 1.12
FIGURE = re.compile(r"^(\d{1,4})\b(?![.,)]\d|[.)])|(?<![\d.,])\b(\d{1,4})$")
ENTRY = re.compile(r"(?<!\d[.,])\b(\d{1,4}|[ivxlc]{1,7})\s*$")
# A table of contents or an index has so many lines on a page in which dots lead to a number, and of the lines between
# them so many end in one.
LEAST_ENTRIES = 3
ENTRIES_SHARE = 0.5
ASCENDING = 0.9


def page_furniture(pages: Sequence[Sequence[Line]], size: float) -> set[Line]:
    """The lines that belong to the pages and not to the text, where ``size`` is the text's usual one."""
    return repeated(pages) | set(_numbered(pages, size)) | {line for lines in pages for line in _contents(lines)}


def repeated(pages: Sequence[Sequence[Line]]) -> set[Line]:
    """The first and last lines of pages that other pages have at the same height too, but for their numbers.

    The next lines inward are taken for such only where a good part of all pages has them.
    """
    where: dict[tuple[str, int, bool], list[Line]] = defaultdict(list)
    for lines in pages:
        heights = sorted({round(line.bottom) for line in lines})
        outermost, outer = {*heights[:1], *heights[-1:]}, {*heights[:2], *heights[-2:]}
        for line in lines:
            if round(line.bottom) in outer:
                words = re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.strip().lower())
                where[words, round(line.bottom / 4), round(line.bottom) in outermost].append(line)
    few = min(FEWEST_REPEATS, max(2, len(pages)))
    many = max(few, len(pages) * INNER_REPEATS)
    return {
        line
        for (_, _, outermost), lines in where.items()
        if len({line.page for line in lines}) >= (few if outermost else many)
        for line in lines
    }


def _numbered(pages: Sequence[Sequence[Line]], size: float) -> Iterator[Line]:
    """The outermost lines that begin or end with the number of their page, as several pages count at one height.

    Above it may stand the title of a chapter, which only a few pages repeat.
    """
    where: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for lines in pages:
        heights = [round(line.bottom) for line in lines]
        for line in lines:
            if round(line.bottom) in (min(heights), max(heights)) and line.size <= LARGEST_HEAD * size:
                for start, end in FIGURE.findall(line.text.strip()):
                    where[int(start or end) - line.page, round(line.bottom / 4)].append(line)
    for lines in where.values():
        if len({line.page for line in lines}) >= max(FEWEST_REPEATS, len(pages) * INNER_REPEATS):
            yield from lines


def _contents(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a table of contents or an index: dots lead to numbers, which rise, or from words, which do."""
    led = [place for place, line in enumerate(lines) if leads(line.text) and ENTRY.search(line.text)]
    figures = [int(found[1]) for place in led if (found := ENTRY.search(lines[place].text)) and found[1].isdecimal()]
    initials = [ord(lines[place].text.strip().casefold()[0]) for place in led]
    if len(led) < LEAST_ENTRIES or not (_rise(figures) or _rise(initials)):
        return ()
    first, last = led[0], led[-1]
    while first > 0 and ENTRY.search(lines[first - 1].text):
        first -= 1
    while last + 1 < len(lines) and ENTRY.search(lines[last + 1].text):
        last += 1
    inside = lines[first : last + 1]
    return inside if sum(ENTRY.search(line.text) is not None for line in inside) >= ENTRIES_SHARE * len(inside) else ()


def _rise(found: Sequence[int]) -> bool:
    return sum(after >= before for before, after in pairwise(found)) >= ASCENDING * (len(found) - 1)


def leads(text: str) -> bool:
    """Whether dots lead the eye to a number, as in a table of contents."""
    return ". . . ." in text or "....." in text
