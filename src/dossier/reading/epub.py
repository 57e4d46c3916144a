"""EPUB: the chapters of an e-book in the order in which they are read."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from dossier.errors import UnreadableError
from dossier.reading.isodate import iso_date
from dossier.reading.manuscript import Manuscript
from dossier.reading.package import DUBLIN_CORE, Package, attribute, parse_xml, resolved, tag_of
from dossier.reading.parsed import Parsed
from dossier.reading.webpage import decode_html, html_root, write_webpage

if TYPE_CHECKING:
    from lxml.etree import _Element

PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
PLACEHOLDERS = ("unknown", "[unknown]", "untitled")


def parse_epub(data: bytes) -> Parsed:
    """The text of an e-book, chapter by chapter in the order of its spine, paragraphs counted through the book.

    Sections begin at headings; a chapter that begins without one is titled as the table of contents has it. The table
    itself is furniture. Chapters that are missing, or encrypted with a key of the shop, are said.
    """
    package = Package(data)
    root = package.xml("META-INF/container.xml").find(".//{*}rootfile")
    if root is None:
        raise UnreadableError("its container names no book")
    part = attribute(root, "full-path")
    folder = posixpath.dirname(part)
    book = package.xml(part)
    items = {attribute(item, "id"): item for item in book.iter("{*}item")}
    titles = _contents(package, folder, items)
    locked = _encrypted(package)
    manuscript = Manuscript(count_paragraphs=True)
    lost = []
    read: set[str] = set()  # a spine may name a file for each of the places in it
    for reference in book.iter("{*}itemref"):
        item = items.get(attribute(reference, "idref"))
        name = resolved(folder, attribute(item, "href")) if item is not None else attribute(reference, "idref")
        if name in read or (item is not None and attribute(item, "media-type") not in PAGES):
            continue
        read.add(name)
        if name not in package or name in locked:
            lost.append(f"{name} is {'encrypted' if name in locked else 'missing'}")
            continue
        html, remark = decode_html(package.read(name))
        manuscript.remark(f"{name}: {remark}" if remark else "")
        chapter = html_root(html)
        if chapter is not None:
            manuscript.section(titles.get(name, ""))
            write_webpage(manuscript, chapter)
    if lost:
        manuscript.remark(f"not read: {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}")
    facts = {tag: book.findtext(f".//{DUBLIN_CORE}{tag}") or "" for tag in ("title", "date", "publisher")}
    known = {tag: "" if text.strip().lower() in PLACEHOLDERS else text.strip() for tag, text in facts.items()}
    parsed = manuscript.parsed(title=known["title"], date=iso_date(known["date"]), publisher=known["publisher"])
    if locked and not parsed.text.strip():
        raise UnreadableError("its chapters are encrypted (DRM); dossier reads books without it")
    return parsed


def _contents(package: Package, folder: str, items: dict[str, _Element]) -> dict[str, str]:
    """The title of each chapter by the name of its file, from the table of contents of EPUB 3 or of EPUB 2."""
    titles: dict[str, str] = {}
    for item in items.values():
        name = resolved(folder, attribute(item, "href"))
        if name not in package:
            continue
        if "nav" in attribute(item, "properties").split():
            root = html_root(decode_html(package.read(name))[0])
            for link in root.iter("a") if root is not None else ():
                target = resolved(posixpath.dirname(name), link.get("href") or "")
                titles.setdefault(target, " ".join("".join(link.itertext()).split()))
        elif attribute(item, "media-type") == "application/x-dtbncx+xml":
            for point in parse_xml(package.read(name), name).iter("{*}navPoint"):
                content = point.find("{*}content")
                if content is not None:
                    target = resolved(posixpath.dirname(name), attribute(content, "src"))
                    titles.setdefault(target, " ".join((point.findtext("{*}navLabel/{*}text") or "").split()))
    return titles


def _encrypted(package: Package) -> set[str]:
    """The files that only a key opens; fonts are often among them and no loss."""
    if "META-INF/encryption.xml" not in package:
        return set()
    references = package.xml("META-INF/encryption.xml").iter("{*}CipherReference")
    return {resolved("", attribute(reference, "URI")) for reference in references if tag_of(reference)}
