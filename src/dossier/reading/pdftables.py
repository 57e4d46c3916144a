"""Tables of a PDF that can be told for sure: lines below each other that are parted at the same places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from dossier.reading.pdflines import Gap, Line

# A row may have a line or two of a cell that goes on between it and the next.
FURTHEST = 3
# The gaps of two rows are one column's border if so much of a letter's height is white in both.
SHARED = 0.5
MOST_WORDS = 60
NUMBERING = "•▪‣◦●○■□–—-*·"
ITEM = re.compile(r"[^\w\s]|(?:[^\w\s] ?)?\(?(?:\d{1,4}(?:\.\d{1,3})*|[^\W\d_]|[ivxl]{1,6})[.)]?", re.IGNORECASE)


def with_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page, those that are rows of a table with bars between their cells.

    Two lines near each other are rows if all gaps of the one that has fewer are gaps of the other too. What stands
    after the number or the mark of an item is no cell; lines of code are no rows.
    """
    parted = [place for place, line in enumerate(lines) if _cells(line) > 1]
    rows: set[int] = set()
    for place, after in pairwise(parted):
        if after - place <= FURTHEST and lines[after].top <= lines[place].top:
            borders = _borders(lines[place], lines[after])
            between = lines[place + 1 : after]
            if borders and not any(
                line.left < end and start < line.right for line in between for start, end in borders
            ):
                rows |= set(range(place, after + 1))
    return [_row(line) if place in rows else line for place, line in enumerate(lines)]


def _row(line: Line) -> Line:
    return replace(line, text=" | ".join(" ".join(cell.split()) for cell in line.text.split("\t")), row=True)


def _cells(line: Line) -> int:
    """How many cells a line may have; none where it is code, an item of a list or too long for a row."""
    cells = [cell.strip() for cell in line.text.split("\t")]
    if line.fixed or len(line.text.split()) > MOST_WORDS or len(cells) != len(line.gaps) + 1:
        return 0
    item = len(cells) == 2 and ITEM.fullmatch(cells[0]) and (not cells[1][:1].isdecimal() or cells[0] in NUMBERING)
    return 0 if item else len(cells)


def _borders(line: Line, after: Line) -> list[Gap]:
    """Where both lines are white, if that is so in each gap of one of them and as many of the other."""
    fewer, more = sorted((line.gaps, after.gaps), key=len)
    least = SHARED * min(line.size, after.size)
    shared = {
        (one, other): (max(one[0], other[0]), min(one[1], other[1]))
        for one in fewer
        for other in more
        if min(one[1], other[1]) - max(one[0], other[0]) > least
    }
    each = len({one for one, _ in shared}) == len({other for _, other in shared}) == len(fewer)
    return list(shared.values()) if each else []
