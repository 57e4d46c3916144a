"""Furniture of web pages: what a page marks as no prose, by tag, role, name or because it is nothing but links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

FURNITURE = frozenset(("nav", "aside", "menu", "dialog", "button", "select", "textarea", "noscript"))
ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "menu", "menubar", "toolbar", "tablist", "search")
).union(("dialog", "alertdialog", "tooltip", "directory", "doc-toc", "doc-index", "doc-pagelist"))
COOKIES = re.compile(
    r"\b(?:cookie|consent|gdpr)[\w-]*(?:banner|notice|bar|popup|modal|dialog|message|overlay)", re.IGNORECASE
)
NOTES = re.compile(r"foot-?note|end-?note|rear-?note|doc-note|\bnote\b")
# What pages call their menus, and what may be one if links are most of it.
MENU = re.compile(
    r"(?<![a-z])(?:(?:top|side|main|sub|site|page|foot|global|doc)?[-_]?nav(?:bar|igation|header|footer|list|links?)?"
    r"|bread-?crumbs?|pag(?:er|ination))(?![a-z])",
    re.IGNORECASE,
)
PERHAPS_MENU = re.compile(
    r"(?<![a-z])(?:(?:top|side|main|sub|site)?[-_]?(?:menu|bar)|toc|contents|table-?of-?contents|quick-?(?:links|view)"
    r"|related|path|rellinks?|header|footer|head|foot)(?![a-z])",
    re.IGNORECASE,
)
MOST_MENU_WORDS = 40
LISTS = frozenset(("ul", "ol", "dl"))
LEAST_LINKS = 3
MOSTLY_LINKS = 0.6
ALL_LINKS = 0.8
SEPARATORS = re.compile(r"[\s|/>»›·•:‹«<,\[\](){}~–—→←-]*")


def is_furniture(element: _Element, *, in_prose: bool, in_list: bool) -> bool:
    """Whether a page itself marks an element as no prose; notes and the heads of articles are prose.

    A list of links into the page itself is its table of contents; ``in_list`` says that it is part of another.
    """
    tag, role = element.tag, (element.get("role") or "").lower()
    name = f"{element.get('id') or ''} {element.get('class') or ''}"
    if NOTES.search(f"{role} {element.get('epub:type') or ''} {element.get('id') or ''}".lower()):
        return False
    if tag in ("header", "footer"):
        return not in_prose and element.getparent() is not None and element.getparent().tag != "blockquote"
    if tag == "div" and element.get("title") in ("header", "footer"):  # LibreOffice's, of a printed page
        return True
    if COOKIES.search(name) or tag in FURNITURE or role in ROLES:
        return True
    if tag in LISTS and not in_list:
        return _linked(element, "#") >= ALL_LINKS
    if MENU.search(name):
        few = len("".join(element.itertext()).split()) <= MOST_MENU_WORDS
        return _linked(element, "") >= (0.01 if few else MOSTLY_LINKS)
    return PERHAPS_MENU.search(name) is not None and _linked(element, "") >= MOSTLY_LINKS


def is_bar(words: str, links: int, beside: str) -> bool:
    """Whether a paragraph of so many links is a bar of them, or the number of a page or a paragraph.

    Only signs stand ``beside`` them.
    """
    enough = links >= LEAST_LINKS or (links > 0 and words.strip().isdecimal())
    return enough and SEPARATORS.fullmatch(beside) is not None


def _linked(element: _Element, start: str) -> float:
    """How much of an element's text is in links whose addresses start so, from 0 to 1; a few into the page are none."""
    links = [link for link in element.iter("a") if (link.get("href") or "").startswith(start) and link.get("href")]
    letters = sum(len("".join(text.split())) for text in element.itertext())
    if start and len(links) < LEAST_LINKS:
        return 0.0
    return sum(len("".join("".join(link.itertext()).split())) for link in links) / max(letters, 1)
