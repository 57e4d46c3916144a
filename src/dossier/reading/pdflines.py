"""The lines of a PDF page as pdfium finds them: their words and where on the page they stand."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

# What pdfium puts where a word was divided at the end of a line, with or without its own mark.
HYPHENS = "\x02\xad\ufffe"
# A list's mark in a font of symbols, which has no meaning in Unicode.
BULLET = re.compile(r"^\s*[\uf000-\uf0ff](?=\s)")
# What the names of fonts say; few files say it otherwise.
FIXED = re.compile(rb"courier|mono|monl|consol|typewriter|cmtt", re.IGNORECASE)
BOLD = re.compile(rb"bold|black|heavy|demi|cmbx", re.IGNORECASE)
LONGEST_NAME = 100
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# A raised figure is smaller than the letter beside it and stands so much of its height above its foot.
RAISED_SIZE = 0.9
RAISED_LEAST, RAISED_MOST = 0.12, 0.8
NEAR = 2.0
# White space wider than this part of the letters' height parts two cells of a row.
WIDE = 1.0
FIGURES = frozenset("0123456789")
MOST_FIGURES = 4


Gap = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line of a page, its box in points from the page's lower left corner, and the size of its type in points.

    ``fixed`` says that its letters are all as wide, as in code, ``bold`` that they are bold, ``divided`` that its last
    word goes on in the next line; the hyphen is not in ``text``. Wide white space is a tab there, and ``gaps`` says
    from where to where each goes; ``row`` says that the line belongs to a table.
    """

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    fixed: bool = False
    bold: bool = False
    divided: bool = False
    gaps: tuple[Gap, ...] = ()
    row: bool = False

    @property
    def height(self) -> float:
        return self.top - self.bottom


def page_lines(textpage: PdfTextPage, page: int) -> list[Line]:
    """The lines of a page in pdfium's reading order; what goes on at one height, such as a note's number, is one.

    Raised figures become those of Unicode, so that ``mandate¹²`` and ``40 m²`` are told from other words and numbers.
    """
    import pypdfium2.raw as pdfium

    lines: list[Line] = []
    characters: list[str] = []
    gaps: list[Gap] = []
    first = 0
    letter = -1  # the letter or figure before, in full size
    text = [chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(textpage.count_chars())]
    for index, found in enumerate([*text, "\n"]):
        character, gap = _spaced(textpage, text, index) if found == " " and characters else (found, None)
        if character in "\r\n" or character in HYPHENS:
            line = _line(textpage, "".join(characters), first, page, divided=character in HYPHENS)
            if line is not None:
                _add(lines, replace(line, gaps=tuple(gaps)))
            characters, gaps, first = [], [], index + 1
            continue
        if character in FIGURES and _is_raised(textpage, text, index, letter):
            character = character.translate(RAISED)
        elif character.isalnum():
            letter = index
        if gap:
            gaps.append(gap)
        characters.append(character)
    return lines


def _is_raised(textpage: PdfTextPage, text: list[str], index: int, letter: int) -> bool:
    """Whether a figure is raised beside the letter before it, or, at the beginning of a line, beside the one after."""
    left, low, right, high = character_box(textpage, index)
    after = index
    while after < min(len(text) - 1, index + MOST_FIGURES) and text[after] in FIGURES:
        after += 1
    before = index
    while before > max(0, index - MOST_FIGURES) and text[before - 1] in FIGURES:
        before -= 1
    begins = before == 0 or text[before - 1] in "\r\n"
    for beside in (letter, after if begins else -1):
        if beside < 0 or (beside == letter < before and not begins and text[before - 1].isspace()):
            continue
        start, bottom, end, top = character_box(textpage, beside)
        height = top - bottom
        near = min(abs(left - end), abs(start - right)) < NEAR * height
        smaller = high - low < RAISED_SIZE * height
        if near and smaller and RAISED_LEAST * height < low - bottom < RAISED_MOST * height:
            return True
    return False


def _spaced(textpage: PdfTextPage, text: list[str], index: int) -> tuple[str, Gap | None]:
    """What a space stands for: itself, the end of a line, or, from here to there, the border of two cells."""
    after = index + 1
    while after < len(text) and text[after] == " ":
        after += 1
    if after == len(text) or text[after] in "\r\n" or text[index - 1].isspace():
        return " ", None
    _, bottom, start, top = character_box(textpage, index - 1)
    end, _, _, high = character_box(textpage, after)
    height = top - bottom
    if end < start and high < (top + bottom) / 2:
        return "\n", None
    return ("\t", (start, end)) if end - start > WIDE * height > 0 else (" ", None)


def _line(textpage: PdfTextPage, text: str, first: int, page: int, *, divided: bool) -> Line | None:
    """The line of the characters from ``first`` on; None where they are only white space."""
    import pypdfium2.raw as pdfium

    if not text.strip():
        return None
    start = first + len(text) - len(text.lstrip())
    last = first + len(text.rstrip()) - 1
    left, bottom, _, top = character_box(textpage, start)
    _, low, right, high = character_box(textpage, last)
    ends = (start, (start + last) // 2, last)
    sizes = [pdfium.FPDFText_GetFontSize(textpage, at) for at in ends]
    size = median(sizes) or 1.0  # a word in the type of code may be smaller
    if top - bottom > 0:  # a matrix may scale the type: its box says how high it really is
        size = max(min(size, 2 * (top - bottom)), (top - bottom) / 2)
    fonts = [_font(textpage, at) for at in ends]
    text = BULLET.sub("•", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return Line(
        text,
        page,
        left=min(left, right),
        bottom=min(bottom, low),
        right=max(left, right),
        top=max(top, high),
        size=size,
        fixed=FIXED.search(fonts[1]) is not None,
        bold=all(BOLD.search(font) for font in fonts),
        divided=divided,
    )


def _font(textpage: PdfTextPage, index: int) -> bytes:
    """The name of a character's font."""
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(LONGEST_NAME)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, LONGEST_NAME, None)
    return name.value


def character_box(textpage: PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """The left, bottom, right and top of a character with its font's height, in points; all 0 where it has none."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box)):
        return 0.0, 0.0, 0.0, 0.0
    return box.left, box.bottom, box.right, box.top


def _add(lines: list[Line], line: Line) -> None:
    """Append a line, to the last one if it goes on at the same height: a raised number ends a line for pdfium."""
    last = lines[-1] if lines else None
    if last is not None and not last.divided and line.left >= last.right - last.size / 2:
        shared = min(last.top, line.top) - max(last.bottom, line.bottom)
        near = line.left - last.right < 2 * last.size
        if near and shared > 0.5 * min(last.height, line.height) > 0:
            lines[-1] = replace(
                last,
                text=last.text + line.text,
                right=line.right,
                bottom=min(last.bottom, line.bottom),
                top=max(last.top, line.top),
                size=max(last.size, line.size),
                divided=line.divided,
                gaps=last.gaps + line.gaps,
            )
            return
    lines.append(line)
