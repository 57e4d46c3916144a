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


@dataclass(frozen=True)
class Line:
    """A line of a page, its box in points from the page's lower left corner, and the size of its type in points.

    ``fixed`` says that its letters are all as wide, as in code, ``bold`` that they are bold, and ``divided`` that its
    last word goes on in the next line; the hyphen is not in ``text``.
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

    @property
    def height(self) -> float:
        return self.top - self.bottom


def page_lines(textpage: PdfTextPage, page: int) -> list[Line]:
    """The lines of a page in pdfium's reading order; what goes on at one height, such as a note's number, is one."""
    import pypdfium2.raw as pdfium

    lines: list[Line] = []
    characters: list[str] = []
    first = 0
    count = textpage.count_chars()
    for index in range(count + 1):
        character = chr(pdfium.FPDFText_GetUnicode(textpage, index)) if index < count else "\n"
        if character in "\r\n" or character in HYPHENS:
            line = _line(textpage, "".join(characters), first, page, divided=character in HYPHENS)
            if line is not None:
                _add(lines, line)
            characters, first = [], index + 1
        else:
            characters.append(character)
    return lines


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
            )
            return
    lines.append(line)
