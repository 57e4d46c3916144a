"""PDF: its text by page, read by pdfium, in paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.parsed import Parsed
from dossier.reading.pdffurniture import page_furniture
from dossier.reading.pdflayout import Block, blocks, goes_on, is_note, joint, measures, with_whole_words
from dossier.reading.pdflines import Line, page_lines
from dossier.reading.pdftables import with_rows

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

NOTES = {1: "note", 3: "text note", 20: "form field"}  # kinds of annotations that hold words (PDF 32000-1, table 169)
PASSWORD = 4  # FPDF_ERR_PASSWORD


def parse_pdf(data: bytes) -> Parsed:
    """The text of a PDF in pdfium's reading order, its pages as landmarks, its headings as sections.

    The lines of a paragraph are joined by a space, and a word divided at the end of a line is made whole (with its
    hyphen, if the document writes it so elsewhere), so that a quote reads as a sentence does; a line that ends before
    its column does keeps its line end. Headings are the entries of the outline and what is set in larger type.
    Raised figures stay raised, the cells of a row are parted by bars where rows are aligned without doubt. Running
    heads, feet, page numbers and tables of contents are furniture; where a sentence goes on over a page they come
    after it. Pages without text are said in the remark.
    """
    document = open_pdf(data)
    try:
        return _read(document)
    finally:
        document.close()


def open_pdf(data: bytes) -> PdfDocument:
    """A PDF, open; close it. Raises `UnreadableError` where it is encrypted, damaged or none."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
        len(document)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == PASSWORD or "assword" in str(error):
            raise UnreadableError("it is encrypted; save it without a password") from error
        raise UnreadableError(f"it is damaged or no PDF: {error}") from error
    return document


def _read(document: PdfDocument) -> Parsed:
    manuscript = Manuscript()
    pages: list[list[Line]] = []
    empty: list[int] = []
    damaged: list[int] = []
    unread: dict[str, int] = defaultdict(int)
    for number in range(1, len(document) + 1):
        lines = _lines_of(document, number, unread)
        if not lines:
            (damaged if lines is None else empty).append(number)
        pages.append(lines or [])
    _write(manuscript, pages, _outline(document))
    if empty:
        manuscript.remark(f"{_ranges(empty)} no text (scanned?)")
    if damaged:
        manuscript.remark(f"{_ranges(damaged)} no text that can be read (damaged?)")
    for kind, count in unread.items():
        manuscript.remark(f"{count} {kind}{'s' * (count != 1)} not read")
    if attached := document.count_attachments():
        manuscript.remark(f"{attached} attached file{'s' * (attached != 1)} not read")
    return manuscript.parsed(title=document.get_metadata_value("Title"))


def _lines_of(document: PdfDocument, number: int, unread: dict[str, int]) -> list[Line] | None:
    """The lines of a page, None where it is damaged; what it holds besides is counted in ``unread``."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[number - 1]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return None
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kind = NOTES.get(pdfium.FPDFAnnot_GetSubtype(annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind:
            unread[kind] += 1
    lines = page_lines(textpage, number)
    textpage.close()
    page.close()
    return lines


def _outline(document: PdfDocument) -> dict[int, list[str]]:
    """The titles in the outline, by the number of the page they lead to."""
    import pypdfium2

    titles: dict[int, list[str]] = defaultdict(list)
    try:
        for bookmark in document.get_toc():
            target = bookmark.get_dest()
            page = target.get_index() if target is not None else None
            if page is not None:
                titles[page + 1].append(bookmark.get_title())
    except (pypdfium2.PdfiumError, ValueError, RecursionError):
        return titles
    return titles


def _write(manuscript: Manuscript, pages: list[list[Line]], outline: dict[int, list[str]]) -> None:
    """Write the paragraphs of all pages; notes and repeated lines wait until a sentence that goes on is whole."""
    usual = measures(pages)
    furniture = page_furniture(pages, usual.size)
    waiting: list[Block] = []  # a paragraph that may go on, then what stands below it
    for number, lines in enumerate(pages, 1):
        heads = [Block([line], furniture=True) for line in lines if line in furniture]
        text = with_rows(with_whole_words([line for line in lines if line not in furniture], usual))
        found = blocks(text, usual, outline.get(number, ()))
        if waiting and found and goes_on(waiting[0], found[0]):
            after = found.pop(0)
            waiting[0].glue += [joint(waiting[0].lines[-1], after.lines[0], usual), *after.glue]
            waiting[0].lines += after.lines
        if waiting and not found:
            waiting += heads
            continue
        middle = max((line.top for line in lines), default=0) / 2
        above = [block for block in heads if block.lines[0].bottom > middle]
        below = [block for block in heads if block.lines[0].bottom <= middle]
        last = len(found) - 1
        while last > 0 and is_note(found[last], usual):
            last -= 1
        _write_all(manuscript, [*waiting, *above, *found[: max(last, 0)]])
        waiting = [*found[max(last, 0) :], *below]
    _write_all(manuscript, waiting)


def _write_all(manuscript: Manuscript, found: Iterable[Block]) -> None:
    for block in found:
        for page, text, glue in _pieces(block):
            manuscript.mark("page", page)
            if block.heading and glue is None:
                manuscript.heading(text)
            else:
                manuscript.write(text, glue="\n\n" if glue is None else glue, furniture=block.furniture)


def _pieces(block: Block) -> Iterator[tuple[int, str, str | None]]:
    """The text of a block on each of its pages, and what joins it to the one before; None for the first."""
    joints: list[str | None] = [None, *block.glue]
    joined = zip(block.lines, joints, strict=True)
    for place, (page, lines) in enumerate(groupby(joined, key=lambda pair: pair[0].page)):
        words = list(lines)
        text = "".join(
            f"{'' if at == 0 else glue}{' '.join(line.text.split())}" for at, (line, glue) in enumerate(words)
        )
        yield page, text, words[0][1] if place else None


def _ranges(numbers: list[int]) -> str:
    """``page 3 holds`` or ``pages 3–5, 9 hold``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    written = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page {written} holds" if len(numbers) == 1 else f"pages {written} hold"
