"""Facsimiles: the picture of a PDF's page, and where on it a quote stands."""

from __future__ import annotations

import ctypes
import hashlib
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from dossier.errors import UnreadableError
from dossier.reading.apart import Apart
from dossier.reading.compressed import unpacked
from dossier.reading.formats import COMPRESSED
from dossier.reading.pdf import open_pdf
from dossier.reading.pdflines import HYPHENS, character_box
from dossier.records import Limits

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

MOST_PIXELS = 12_000_000
# A part of a quote that is shorter than this may stand anywhere.
FEWEST_LETTERS = 12


@dataclass(frozen=True)
class Rectangle:
    """Where a line of a quote stands on a page: all from 0 to 1, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Facsimile:
    """A page as PNG, its size in pixels, and a rectangle for each line of the quote; none where it is not found."""

    png: bytes
    width: int
    height: int
    rectangles: tuple[Rectangle, ...]


def facsimile(data: bytes, page: int, quote: str, *, width: int = 1000) -> Facsimile:
    """The picture of a page of a PDF, counted from 1, with the place of a quote on it.

    A quote that goes on over a page is marked as far as it stands on this one. Raises `UnreadableError` where the PDF
    can't be read or has no such page.
    """
    import pypdfium2

    document = open_pdf(data)
    try:
        if not 1 <= page <= len(document):
            raise UnreadableError(f"it has {len(document)} pages, not a page {page}")
        found = document[page - 1]
        rectangles = _rectangles(found, found.get_textpage(), quote)
        across, down = found.get_size()
        scale = min(width / max(across, 1), (MOST_PIXELS / max(across * down, 1)) ** 0.5)
        image = found.render(scale=scale).to_pil()
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"page {page} can't be drawn: {error}") from error
    finally:
        document.close()
    file = io.BytesIO()
    image.save(file, "PNG")
    return Facsimile(file.getvalue(), image.width, image.height, rectangles)


def facsimile_apart(file: Path, digest: str, page: int, quote: str, limits: Limits) -> Facsimile:
    """The picture of a page of a PDF file whose SHA-256 is known, drawn in a process of its own within limits.

    Raises `UnreadableError` where the file is no PDF, has changed or is gone, and as `facsimile` does.
    """
    with Apart(_facsimile_of_file, limits) as apart:
        kind, value = apart.submit(file, digest, page, quote).result()
    if kind != "value":
        raise UnreadableError("drawing it needed more memory than there is" if kind == "memory" else value)
    return cast("Facsimile", value)


def _facsimile_of_file(file: Path, digest: str, page: int, quote: str) -> Facsimile:
    suffixes = [suffix.lower() for suffix in file.suffixes[-2:]]
    if suffixes[-1:] != [".pdf"] and suffixes != [".pdf", COMPRESSED]:
        raise UnreadableError("only the pages of a PDF can be drawn")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"it can't be opened: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise UnreadableError("it has changed since it was indexed")
    return facsimile(unpacked(data) if suffixes[-1] == COMPRESSED else data, page, quote)


def _rectangles(page: PdfPage, textpage: PdfTextPage, quote: str) -> tuple[Rectangle, ...]:
    import pypdfium2.raw as pdfium

    characters = [chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(textpage.count_chars())]
    places = [index for index, character in enumerate(characters) if _counts(character)]
    letters = "".join(characters[index] for index in places)
    start, end = _find(letters, "".join(filter(_counts, quote)))
    lines: list[list[float]] = []
    for index in places[start:end]:
        left, bottom, right, top = character_box(textpage, index)
        last = lines[-1] if lines else None
        if last is not None and left >= last[0] and min(top, last[3]) - max(bottom, last[1]) > (top - bottom) / 2:
            lines[-1] = [last[0], min(last[1], bottom), max(last[2], right), max(last[3], top)]
        else:
            lines.append([left, bottom, right, top])
    return tuple(_on_picture(page, *line) for line in lines)


def _counts(character: str) -> bool:
    """Whether a character is the same on the page and in the text, where lines are joined and words made whole."""
    control = unicodedata.category(character).startswith("C")
    return not (control or character.isspace() or character in HYPHENS or character in "-•\ufffd")


def _find(letters: str, wanted: str) -> tuple[int, int]:
    """Where a quote stands in the letters of a page, or as much of its beginning or its end as there is."""
    at = letters.find(wanted)
    if wanted and at >= 0:
        return at, at + len(wanted)
    head = _longest(letters, len(wanted), lambda length: wanted[:length])
    tail = _longest(letters, len(wanted), lambda length: wanted[len(wanted) - length :])
    part = wanted[:head] if head >= tail else wanted[len(wanted) - tail :]
    if len(part) < FEWEST_LETTERS:
        return 0, 0
    at = letters.rfind(part) if head >= tail else letters.find(part)
    return at, at + len(part)


def _longest(letters: str, most: int, part: Callable[[int], str]) -> int:
    """The greatest length of a part that stands in the letters, by halving: what holds a part holds shorter ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if part(middle) in letters else (low, middle - 1)
    return low


def _on_picture(page: PdfPage, left: float, bottom: float, right: float, top: float) -> Rectangle:
    """A box in points on the page becomes one on its picture, however the page is turned or cropped."""
    corners = [_corner(page, left, top), _corner(page, right, bottom)]
    across, down = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return Rectangle(across[0], down[0], across[1] - across[0], down[1] - down[0])


def _corner(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    import pypdfium2.raw as pdfium

    fine = 1_000_000  # pixels across, so that whole ones are precise enough
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, fine, fine, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return min(max(across.value / fine, 0.0), 1.0), min(max(down.value / fine, 0.0), 1.0)
