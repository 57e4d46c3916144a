"""What office files have in common: one of two alternatives, rows of tables, what is not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.package import DUBLIN_CORE, Package, tag_of

if TYPE_CHECKING:
    from lxml.etree import _Element

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SYMBOLS = 0xF000  # Word writes the characters of symbol fonts in the private use area


def open_office(data: bytes) -> Package:
    """The package of an Office file. Raises `UnreadableError` where it is encrypted or from before 2007."""
    if data.startswith(OLE):
        raise UnreadableError("it is encrypted or in the format of before 2007; save it anew, without a password")
    return Package(data)


def main_part(package: Package, usual: str) -> str:
    """The name of the part that holds the document."""
    for kind, name in package.related("").values():
        if kind == "officeDocument" and name in package:
            return name
    return usual


def title_of(package: Package) -> str:
    """The title among the properties of a document; empty where it has none."""
    for kind, name in package.related("").values():
        if kind == "core-properties" and name in package:
            return package.xml(name).findtext(f"{DUBLIN_CORE}title") or ""
    return ""


def children(element: _Element) -> Iterator[_Element]:
    """The elements inside, the first of several alternatives only."""
    for child in element:
        if tag_of(child) == "AlternateContent":
            for choice in child[:1]:
                yield from children(choice)
        else:
            yield child


def paragraphs_of(cell: _Element) -> Iterator[_Element]:
    """The paragraphs of a cell, not those in the notes, comments and boxes that hang on them."""
    for paragraph in cell.iter("{*}p", "{*}h"):
        if next(paragraph.iterancestors("{*}p", "{*}h", cell.tag)) is cell:
            yield paragraph


def write_row(manuscript: Manuscript, cells: Iterable[str], *, first: bool) -> bool:
    """Whether a row of a table was written: a line, its cells divided by bars."""
    kept = [" ".join(cell.split()) for cell in cells]
    return manuscript.write(" | ".join(cell for cell in kept if cell), glue="\n\n" if first else "\n")


def counted(number: int, one: str, more: str = "") -> str:
    """``1 comment`` or ``3 comments``; empty for none."""
    return f"{number} {one if number == 1 else more or one + 's'}" if number else ""


def not_read(manuscript: Manuscript, *things: str) -> None:
    """Say what was not read, of the things there are."""
    if there := [thing for thing in things if thing]:
        manuscript.remark(f"not read: {', '.join(there)}")
