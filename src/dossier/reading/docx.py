"""DOCX: the text of a Word document, with its notes, tables and text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dossier.reading.manuscript import Manuscript
from dossier.reading.numbering import Numbering
from dossier.reading.office import (
    SYMBOLS,
    children,
    counted,
    main_part,
    not_read,
    open_office,
    paragraphs_of,
    title_of,
    write_row,
)
from dossier.reading.package import Package, attribute, tag_of
from dossier.reading.parsed import Parsed

if TYPE_CHECKING:
    from lxml.etree import _Element

SPOKEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "‑", "ptab": "\t"}
NOT_TEXT = frozenset(("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "txbxContent"))
HEADING = re.compile(r"heading [1-9]|title", re.IGNORECASE)
# A table with more paragraphs in a cell than this places texts side by side.
MOST_IN_CELL = 3


def parse_docx(data: bytes) -> Parsed:
    """The text of a Word document: a section for each heading, paragraphs counted, rows of tables as lines.

    Headings and items of lists begin with the number or the bullet that Word shows. Footnotes, endnotes and text boxes
    follow the paragraph they hang on, or its table. Headers and footers are furniture at the end. Deleted and hidden
    text is left out; deletions, comments and embedded files are said in the remark.
    """
    package = open_office(data)
    part = main_part(package, "word/document.xml")
    return _Docx(package, part).parsed()


class _Docx:
    """A document being written: its parts, and which of its styles are headings."""

    def __init__(self, package: Package, part: str) -> None:
        self.package = package
        self.manuscript = Manuscript(count_paragraphs=True)
        self.root = package.xml(part)
        self.parts = [related for related in package.related(part).values() if related[1] in package]
        self.headings = _heading_styles(self._part("styles"))
        self.numbering = Numbering(self._part("numbering"), self._part("styles"))
        self.notes = {
            kind: {attribute(note, "id"): note for note in self._part(f"{kind}s") if attribute(note, "id")}
            for kind in ("footnote", "endnote")
        }
        self.listed = False

    def parsed(self) -> Parsed:
        for body in self.root:
            self._blocks(body)
        said: set[str] = set()
        for kind, name in sorted(self.parts):
            if kind in ("header", "footer"):
                for paragraph in self.package.xml(name).iter("{*}p"):
                    text = _text(paragraph)
                    if text.strip() and text not in said:
                        self.manuscript.write(text, furniture=True)
                        said.add(text)
        not_read(
            self.manuscript,
            counted(len(list(self._part("comments"))), "comment"),
            counted(sum(1 for _ in self.root.iter("{*}delText")), "tracked deletion"),
            counted(len(self.package.named("word/embeddings/")), "embedded file"),
        )
        return self.manuscript.parsed(title=title_of(self.package))

    def _part(self, kind: str) -> _Element:
        from lxml import etree

        return next((self.package.xml(name) for found, name in self.parts if found == kind), etree.Element("none"))

    def _blocks(self, parent: _Element) -> None:
        for child in children(parent):
            tag = tag_of(child)
            if tag == "p":
                self._paragraph(child)
            elif tag == "tbl":
                self._table(child)
            elif tag not in ("sectPr", "sdtPr", "del", "moveFrom", "tblPr", "tcPr", "pPr"):
                self._blocks(child)

    def _paragraph(self, paragraph: _Element) -> None:
        style = paragraph.find("{*}pPr/{*}pStyle")
        level = paragraph.find("{*}pPr/{*}outlineLvl")
        label, text = self.numbering.label(paragraph), _text(paragraph)
        text = f"{label} {text.lstrip()}" if label and text.strip() else text
        if (style is not None and attribute(style, "val") in self.headings) or (
            level is not None and attribute(level, "val") < "9"
        ):
            self.manuscript.heading(text)
            self.listed = False
        else:
            if self.manuscript.write(text, glue="\n" if label and self.listed else "\n\n"):
                self.listed = bool(label)
        self._hanging(paragraph)

    def _hanging(self, paragraph: _Element) -> None:
        """Write the text boxes and notes that hang on a paragraph."""
        for box in _boxes(paragraph):
            self._blocks(box)
        for reference in paragraph.iter("{*}footnoteReference", "{*}endnoteReference"):
            note = self.notes[tag_of(reference).removesuffix("Reference")].pop(attribute(reference, "id"), None)
            if note is not None:  # a second reference to a note does not write it again
                self._blocks(note)
                self.listed = False

    def _table(self, table: _Element) -> None:
        rows = [list(_cells(row)) for row in table.iter("{*}tr") if _table_of(row) is table]
        if any(
            cell.find(".//{*}tbl") is not None or len(cell.findall("{*}p")) > MOST_IN_CELL
            for row in rows
            for cell in row
        ):
            for row in rows:
                for cell in row:
                    self._blocks(cell)
            return
        first = True
        for row in rows:
            if write_row(self.manuscript, map(self._cell_text, row), first=first):
                first = False
        self.listed = False
        for row in rows:
            for cell in row:
                for paragraph in paragraphs_of(cell):
                    self._hanging(paragraph)

    def _cell_text(self, cell: _Element) -> str:
        """The paragraphs of a cell in one line; a number may be all that one holds."""
        return " ".join(f"{self.numbering.label(paragraph)} {_text(paragraph)}" for paragraph in paragraphs_of(cell))


def _table_of(row: _Element) -> _Element | None:
    return next(row.iterancestors("{*}tbl"), None)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in children(row):
        if tag_of(child) == "tc":
            yield child
        elif tag_of(child) in ("sdt", "sdtContent", "customXml"):
            yield from _cells(child)


def _text(paragraph: _Element) -> str:
    """The words of a paragraph as they are printed, without those that were deleted or are hidden."""
    return "".join(_words(paragraph))


def _words(element: _Element) -> Iterator[str]:
    for child in children(element):
        tag = tag_of(child)
        if tag == "t":
            yield child.text or ""
        elif tag in SPOKEN:
            yield SPOKEN[tag]
        elif tag == "sym":
            yield _symbol(attribute(child, "char"))
        elif tag not in NOT_TEXT and not (tag == "r" and _hidden(child)):
            yield from _words(child)


def _hidden(run: _Element) -> bool:
    vanish = run.find("{*}rPr/{*}vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false")


def _symbol(code: str) -> str:
    """The character of a symbol font, in Unicode's private use area as Word has it; nothing where it is none."""
    try:
        return chr(int(code, 16)) if int(code, 16) >= SYMBOLS else chr(int(code, 16) + SYMBOLS)
    except (ValueError, OverflowError):
        return ""


def _boxes(paragraph: _Element) -> Iterator[_Element]:
    """The text boxes that hang on a paragraph, in order, not those inside one of them, and one of two alternatives."""
    waiting = list(children(paragraph))
    while waiting:
        child = waiting.pop(0)
        if tag_of(child) == "txbxContent":
            yield child
        else:
            waiting[:0] = children(child)


def _heading_styles(styles: _Element) -> set[str]:
    """The ids of the styles that make a paragraph a heading: by name, by outline level, or by what they build on."""
    based: dict[str, str] = {}
    found: set[str] = set()
    for style in styles.iter("{*}style"):
        name, base, level = style.find("{*}name"), style.find("{*}basedOn"), style.find("{*}pPr/{*}outlineLvl")
        key = attribute(style, "styleId")
        if base is not None:
            based[key] = attribute(base, "val")
        if (name is not None and HEADING.fullmatch(attribute(name, "val"))) or (
            level is not None and attribute(level, "val") < "9"
        ):
            found.add(key)
    for key in based:
        seen: set[str] = set()
        at = key
        while at in based and at not in seen and at not in found:
            seen.add(at)
            at = based[at]
        if at in found:
            found.add(key)
    return found
