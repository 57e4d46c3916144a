"""ODT: the text of an OpenDocument text, as LibreOffice writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.odtlists import Item, Lists
from dossier.reading.office import counted, not_read, paragraphs_of, write_row
from dossier.reading.package import DUBLIN_CORE, Package, attribute, tag_of
from dossier.reading.parsed import Parsed

if TYPE_CHECKING:
    from lxml.etree import _Element

SPOKEN = {"tab": "\t", "line-break": "\n"}
# Any shape may hold a text (OpenDocument 1.3, 10.3).
SHAPES = ("custom-shape", "rect", "circle", "ellipse", "line", "polyline", "polygon", "regular-polygon", "path")
BOXES = frozenset(("text-box", "connector", "caption", "measure", *SHAPES))
# Not part of the text: what was deleted, what hangs on a paragraph and is written after it, what is not printed.
NOT_TEXT = BOXES | {"annotation", "note", "tracked-changes", "ruby-text", "hidden-text", "title", "desc", "number"}
# In these a title is a field that shows the document's; in a drawing it says what can't be seen.
RUNS = ("p", "h", "span", "a")
MOST_SPACES = 100
MOST_IN_CELL = 3


def parse_odt(data: bytes) -> Parsed:
    """The text of an OpenDocument text: a section for each heading, paragraphs counted, rows of tables as lines.

    Headings and items of lists begin with their number or bullet. Notes and text boxes follow the paragraph they hang
    on, or its table. Headers and footers are furniture at the end. Deletions, comments and embedded objects are said in
    the remark.
    """
    package = Package(data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise UnreadableError("it is encrypted; save it without a password")
    content = package.xml("content.xml")
    text = content.find(".//{*}body/{*}text")
    if text is None:
        raise UnreadableError("it holds no OpenDocument text")
    styles = [package.xml("styles.xml")] if "styles.xml" in package else []
    document = _Odt(
        {
            attribute(style, "name")
            for style in content.iter("{*}style")
            if attribute(style, "parent-style-name") == "Title"
        },
        Lists.of(*styles, content),
    )
    document.blocks(text)
    manuscript = document.manuscript
    said: set[str] = set()
    for root in styles:
        for part in root.iterfind(".//{*}master-page/*"):
            for paragraph in part.iter("{*}p", "{*}h") if tag_of(part) in _ENDS else ():
                words = _text(paragraph)
                if words.strip() and words not in said:
                    manuscript.write(words, furniture=True)
                    said.add(words)
    not_read(
        manuscript,
        counted(sum(1 for _ in text.iter("{*}annotation")), "comment"),
        counted(sum(1 for _ in text.iter("{*}deletion")), "tracked deletion"),
        counted(sum(1 for _ in text.iter("{*}object", "{*}object-ole")), "embedded object"),
    )
    meta = package.xml("meta.xml") if "meta.xml" in package else content
    return manuscript.parsed(title=meta.findtext(f".//{DUBLIN_CORE}title") or "")


_ENDS = frozenset(("header", "header-left", "header-first", "footer", "footer-left", "footer-first"))


class _Odt:
    """A text being written: which of its styles are titles, and whether the last paragraph was an item of a list."""

    def __init__(self, titles: set[str], lists: Lists) -> None:
        self.titles = {"Title", *titles}
        self.lists = lists
        self.manuscript = Manuscript(count_paragraphs=True)
        self.listed = False

    def blocks(self, parent: _Element, *, item: Item | None = None) -> None:
        for child in parent:
            tag = tag_of(child)
            if tag == "h" or (tag == "p" and attribute(child, "style-name") in self.titles):
                label = self.lists.label(item) if item else self.lists.heading_label(child)
                self.manuscript.heading(_labelled(label, child))
                self.listed = False
                self._hanging(child)
            elif tag == "p":
                text = _labelled(self.lists.label(item) if item else "", child)
                if self.manuscript.write(text, glue="\n" if item and self.listed else "\n\n"):
                    self.listed = item is not None
                self._hanging(child)
            elif tag == "table":
                self._table(child)
            elif tag == "list":
                counts = self.lists.counts(child, item)
                for inside in child:
                    self.blocks(inside, item=self.lists.item(inside, item, counts))
            elif tag == "frame" or (tag not in NOT_TEXT and attribute(child, "display") != "none"):
                self.blocks(child, item=item)
            elif tag in BOXES:
                self.blocks(child)

    def _hanging(self, paragraph: _Element) -> None:
        """Write the text boxes and notes that hang on a paragraph, in order."""
        waiting = list(paragraph)
        while waiting:
            child = waiting.pop(0)
            tag = tag_of(child)
            if tag in BOXES:
                self.blocks(child)
            elif tag == "note":
                for body in child.iterfind("{*}note-body"):
                    self.blocks(body)
            else:
                if tag != "annotation":
                    waiting[:0] = child
                continue
            self.listed = False

    def _table(self, table: _Element) -> None:
        rows = [
            [cell for cell in row if tag_of(cell) == "table-cell"]
            for row in table.iter("{*}table-row")
            if next(row.iterancestors("{*}table"), None) is table
        ]
        cells = [cell for row in rows for cell in row]
        if any(cell.find(".//{*}table") is not None or len(cell.findall("{*}p")) > MOST_IN_CELL for cell in cells):
            for cell in cells:
                self.blocks(cell)
            return
        first = True
        for row in rows:
            texts = (" ".join(_text(paragraph) for paragraph in paragraphs_of(cell)) for cell in row)
            if write_row(self.manuscript, texts, first=first):
                first = False
        self.listed = False
        for cell in cells:
            for paragraph in paragraphs_of(cell):
                self._hanging(paragraph)


def _labelled(label: str, paragraph: _Element) -> str:
    """The words of a paragraph after its number or bullet; nothing where it has no words."""
    text = _text(paragraph)
    return f"{label} {text.lstrip()}" if label and text.strip() else text


def _text(paragraph: _Element) -> str:
    """The words of a paragraph; runs of white space in the XML are one space, as the format has it."""
    return "".join(_words(paragraph))


def _words(element: _Element) -> Iterator[str]:
    yield _one_space(element.text)
    for child in element:
        tag = tag_of(child)
        if tag == "s":
            count = attribute(child, "c")
            yield " " * min(int(count) if count.isdecimal() else 1, MOST_SPACES)
        elif tag in SPOKEN:
            yield SPOKEN[tag]
        elif tag not in NOT_TEXT or (tag == "title" and tag_of(element) in RUNS):
            yield from _words(child)
        yield _one_space(child.tail)


def _one_space(text: str | None) -> str:
    if not text:
        return ""
    inside = " ".join(text.split())
    before = " " if text[0].isspace() else ""
    after = " " if inside and text[-1].isspace() else ""
    return f"{before}{inside}{after}"
