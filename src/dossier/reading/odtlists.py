"""Lists of OpenDocument texts: the numbers and bullets that stand before items and headings, counted out.

They are no part of the text: they follow from the styles of lists and of the outline (OpenDocument 1.3, 16.30–16.34).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dossier.reading.numerals import bullet, numeral
from dossier.reading.package import attribute, tag_of

if TYPE_CHECKING:
    from lxml.etree import _Element

HIGHEST = 10_000_000


@dataclass
class Item:
    """An item of a list, on a level that counts from 1; its mark stands before the first of its paragraphs."""

    style: str
    level: int
    counts: dict[int, int]
    start: int | None = None
    marked: bool = False


@dataclass
class Lists:
    """The styles of lists by name, that of the outline under ``outline``, and how far each list has counted."""

    styles: dict[str, dict[int, _Element]] = field(default_factory=dict)
    outline: dict[int, int] = field(default_factory=dict)
    by_id: dict[str, dict[int, int]] = field(default_factory=dict)
    by_style: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, *parts: _Element) -> Lists:
        """The styles that some parts of a document define."""
        styles: dict[str, dict[int, _Element]] = {}
        for part in parts:
            for style in part.iter("{*}list-style", "{*}outline-style"):
                name = attribute(style, "name") if tag_of(style) == "list-style" else "outline"
                styles[name] = {level: one for one in style if (level := _number(attribute(one, "level")))}
        return cls(styles)

    def item(self, element: _Element, outer: Item | None, counts: dict[int, int]) -> Item:
        """An item of a list that stands in the item ``outer`` of another, or in none."""
        style = attribute(element.getparent(), "style-name") or (outer.style if outer else "")
        start = _number(attribute(element, "start-value"))
        level = outer.level + 1 if outer else 1
        return Item(style, level, counts, start, marked=tag_of(element) == "list-header")

    def counts(self, element: _Element, outer: Item | None) -> dict[int, int]:
        """How far a list has counted: as far as the one it goes on with, or is in."""
        style = attribute(element, "style-name")
        before = attribute(element, "continue-list")
        if outer is not None:
            counts = outer.counts
        elif before and before in self.by_id:
            counts = self.by_id[before]
        elif attribute(element, "continue-numbering") == "true":
            counts = self.by_style.get(style, {})
        else:
            counts = {}
        self.by_id[attribute(element, "id")] = self.by_style[style] = counts
        return counts

    def label(self, item: Item) -> str:
        """The number or the bullet of an item, counted; empty but for its first paragraph."""
        if item.marked:
            return ""
        item.marked = True
        return self._label(self.styles.get(item.style), item.level, item.counts, item.start)

    def heading_label(self, heading: _Element) -> str:
        """The number of a heading in the outline, counted; empty where the outline has none."""
        level = _number(attribute(heading, "outline-level"))
        if level is None or attribute(heading, "is-list-header") == "true":
            return ""
        return self._label(
            self.styles.get("outline", {}), level, self.outline, _number(attribute(heading, "start-value"))
        )

    def _label(self, style: dict[int, _Element] | None, level: int, counts: dict[int, int], start: int | None) -> str:
        if style is None:
            return "•"
        if level not in style:
            return ""
        own = style[level]
        if tag_of(own) != "list-level-style-number" and tag_of(own) != "outline-level-style":
            return bullet(attribute(own, "bullet-char"))
        counts[level] = start if start is not None else counts.get(level, _start(own) - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        shown = min(_number(attribute(own, "display-levels")) or 1, level)
        levels = [at for at in range(level - shown + 1, level + 1) if at in style]
        numbers = [numeral(counts.get(at, _start(style[at])), attribute(style[at], "num-format")) for at in levels]
        number = ".".join(filter(None, numbers)) if attribute(own, "num-format") else ""
        return f"{attribute(own, 'num-prefix')}{number}{attribute(own, 'num-suffix')}".strip()


def _start(level: _Element) -> int:
    start = _number(attribute(level, "start-value"))
    return 1 if start is None else start


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(HIGHEST)) else None
