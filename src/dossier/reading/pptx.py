"""PPTX: the text of a presentation, slide by slide, with its notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.office import children, counted, main_part, not_read, open_office, title_of, write_row
from dossier.reading.package import RELATIONSHIP, Package, attribute, tag_of
from dossier.reading.parsed import Parsed

if TYPE_CHECKING:
    from lxml.etree import _Element

TITLES = ("title", "ctrTitle")
FURNITURE = ("dt", "ftr", "hdr", "sldNum")
NOTES = "Notes: "


def parse_pptx(data: bytes) -> Parsed:
    """The text of a presentation, its slides as landmarks and sections, each titled as the slide is.

    A slide's title comes first, then its shapes from back to front, as PowerPoint reads them aloud; tables, a line a
    row; the words of diagrams; last its notes, after ``Notes:``. Dates, numbers and feet are furniture. Comments,
    charts and embedded files are not read, hidden slides are, and the remark says so.
    """
    package = open_office(data)
    part = main_part(package, "ppt/presentation.xml")
    manuscript = Manuscript()
    hidden = []
    related = package.related(part)
    root = package.xml(part)
    if tag_of(root) != "presentation":
        raise UnreadableError(f"its main part is a {tag_of(root)!r}, not a presentation")
    for number, entry in enumerate(root.iterfind("{*}sldIdLst/{*}sldId"), 1):
        _, name = related.get(entry.get(f"{RELATIONSHIP}id") or "", ("", ""))
        slide = package.xml(name)
        manuscript.mark("slide", number)
        _write_slide(manuscript, package, name, slide)
        if slide.get("show") in ("0", "false"):
            hidden.append(str(number))
    if hidden:
        manuscript.remark(f"hidden slides are read too: {', '.join(hidden)}")
    not_read(
        manuscript,
        counted(len(package.named("ppt/comments/")), "list of comments", "lists of comments"),
        counted(len([name for name in package.named("ppt/charts/chart") if name.endswith(".xml")]), "chart"),
        counted(len(package.named("ppt/embeddings/")), "embedded file"),
    )
    return manuscript.parsed(title=title_of(package))


def _write_slide(manuscript: Manuscript, package: Package, name: str, slide: _Element) -> None:
    shapes = list(_shapes(slide))
    titles = [shape for shape in shapes if _placeholder(shape) in TITLES]
    manuscript.section()
    for shape in titles:
        manuscript.heading(" ".join(_paragraphs(shape)))
    related = package.related(name)
    for shape in shapes:
        if shape not in titles:
            _write_shape(manuscript, package, shape, related)
    for kind, notes in related.values():
        if kind == "notesSlide" and notes in package:
            words = [shape for shape in _shapes(package.xml(notes)) if _placeholder(shape) == "body"]
            text = "\n".join(paragraph for shape in words for paragraph in _paragraphs(shape))
            if text.strip():
                manuscript.write(NOTES + text)


def _write_shape(
    manuscript: Manuscript, package: Package, shape: _Element, related: dict[str, tuple[str, str]]
) -> None:
    first = True
    for row in shape.iter("{*}tr"):
        if write_row(manuscript, (" ".join(_paragraphs(cell)) for cell in row.iterfind("{*}tc")), first=first):
            first = False
    if not first:
        return
    for diagram in shape.iter("{*}relIds"):
        kind, name = related.get(attribute(diagram, "dm"), ("", ""))
        if kind == "diagramData" and name in package:
            _write_lines(manuscript, _paragraphs(package.xml(name)))
    _write_lines(manuscript, _paragraphs(shape), furniture=_placeholder(shape) in FURNITURE)


def _write_lines(manuscript: Manuscript, lines: Iterable[str], *, furniture: bool = False) -> None:
    """Write the paragraphs of one shape: lines that follow each other, as a list does."""
    glue = "\n\n"
    for line in lines:
        if manuscript.write(line, glue=glue, furniture=furniture):
            glue = "\n"


def _shapes(parent: _Element) -> Iterator[_Element]:
    """The shapes that hold text, tables or diagrams, those inside groups too."""
    for child in children(parent):
        if tag_of(child) in ("sp", "graphicFrame", "cxnSp"):
            yield child
        elif tag_of(child) in ("cSld", "spTree", "grpSp"):
            yield from _shapes(child)


def _placeholder(shape: _Element) -> str:
    """What the layout keeps a place for in this shape, such as ``title``; empty where it is none."""
    found = next(shape.iterfind("{*}nvSpPr/{*}nvPr/{*}ph"), None)
    return attribute(found, "type") or "obj" if found is not None else ""


def _paragraphs(shape: _Element) -> Iterator[str]:
    """The words of each paragraph; a line broken by hand keeps its end."""
    for paragraph in shape.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        yield "".join("\n" if tag_of(part) == "br" else part.text or "" for part in paragraph.iter("{*}t", "{*}br"))
