"""Numbering: the numbers and bullets that Word shows before the items of lists and before headings.

They stand nowhere in the text of a document: they are counted out by the definitions of its numbering part (Office
Open XML, ECMA-376, 17.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossier.reading.numerals import bullet, numeral
from dossier.reading.package import attribute

if TYPE_CHECKING:
    from lxml.etree import _Element

LEVELS = 9
PLACE = re.compile("%([1-9])")


@dataclass(frozen=True)
class _Level:
    """A level of a list: how its number is written, into what text, where it starts.

    It begins anew after an item of the first ``restarts`` levels; ``figures`` writes all numbers as 1, 2, 3.
    """

    kind: str
    text: str
    start: int
    restarts: int
    figures: bool

    @classmethod
    def of(cls, element: _Element) -> _Level:
        values = {str(child.tag).rpartition("}")[2]: attribute(child, "val") for child in element}
        return cls(
            kind=values.get("numFmt", "decimal"),
            text=values.get("lvlText", ""),
            start=_number(values.get("start", ""), 0),
            restarts=_number(values.get("lvlRestart", ""), LEVELS),
            figures="isLgl" in values and values["isLgl"] not in ("0", "false"),
        )


class Numbering:
    """The lists of a document, counted on with each paragraph that is asked for in its order."""

    def __init__(self, numbering: _Element, styles: _Element) -> None:
        self._styles = _style_lists(styles)
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}  # by numId: whose count it goes on with, its levels
        self._starts: dict[str, dict[int, int]] = {}
        self._levels_of_styles: dict[tuple[str, str], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._read(numbering)

    def _read(self, numbering: _Element) -> None:
        abstract = {attribute(element, "abstractNumId"): element for element in numbering.iterfind("{*}abstractNum")}
        linked = {
            attribute(link, "val"): key
            for key, element in abstract.items()
            for link in element.iterfind("{*}styleLink")
        }
        for element in numbering.iterfind("{*}num"):
            own = element.find("{*}abstractNumId")
            key = attribute(own, "val") if own is not None else ""
            link = abstract[key].find("{*}numStyleLink") if key in abstract else None
            if link is not None:
                key = linked.get(attribute(link, "val"), key)
            number = attribute(element, "numId")
            defined = abstract[key].findall("{*}lvl") if key in abstract else []
            for level in [*defined, *element.iterfind("{*}lvlOverride/{*}lvl")]:
                place = _number(attribute(level, "ilvl"), 0)
                self._lists.setdefault(number, (key, {}))[1][place] = _Level.of(level)
                style = level.find("{*}pStyle")
                if style is not None:
                    self._levels_of_styles[number, attribute(style, "val")] = place
            for override in element.iterfind("{*}lvlOverride"):
                start = override.find("{*}startOverride")
                if start is not None:
                    starts = self._starts.setdefault(number, {})
                    starts[_number(attribute(override, "ilvl"), 0)] = _number(attribute(start, "val"), 1)

    def label(self, paragraph: _Element) -> str:
        """The number or bullet before a paragraph, ``3.``, ``a)`` or ``•``, counted; empty where it has none."""
        number, place = self._place(paragraph)
        if number not in self._lists or place not in self._lists[number][1]:
            return ""
        key, levels = self._lists[number]
        level = levels[place]
        if level.kind == "bullet":
            return bullet(level.text.strip())
        counts = self._counts.setdefault(key, {})
        self._count(counts, number, place, levels)

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in levels:
                return ""
            return numeral(counts.get(at, levels[at].start), "decimal" if level.figures else levels[at].kind)

        return PLACE.sub(written, level.text).strip()

    def _place(self, paragraph: _Element) -> tuple[str, int]:
        """The list and the level of a paragraph: its own, else those of its style."""
        style = paragraph.find("{*}pPr/{*}pStyle")
        name = attribute(style, "val") if style is not None else ""
        number, level = self._styles.get(name, ("", ""))
        own = paragraph.find("{*}pPr/{*}numPr")
        own_number, own_level = _list_of(own) if own is not None else ("", "")
        number = own_number or number
        return number, _number(own_level, self._levels_of_styles.get((number, name), _number(level, 0)))

    def _count(self, counts: dict[int, int], number: str, place: int, levels: dict[int, _Level]) -> None:
        """Count an item: its level goes on, and deeper ones begin anew."""
        starts = self._starts.get(number, {})
        begins = place not in counts or (place in starts and (number, place) not in self._begun)
        counts[place] = starts.get(place, levels[place].start) if begins else counts[place] + 1
        self._begun.add((number, place))
        for deeper in [at for at in counts if at > place]:
            if deeper not in levels or place < levels[deeper].restarts:
                del counts[deeper]


def _list_of(element: _Element) -> tuple[str, str]:
    """What a paragraph or a style says of its list and its level; empty where nothing."""
    own, depth = element.find("{*}numId"), element.find("{*}ilvl")
    return attribute(own, "val") if own is not None else "", attribute(depth, "val") if depth is not None else ""


def _style_lists(styles: _Element) -> dict[str, tuple[str, str]]:
    """The list and the level of each style that has them, of itself or by what it builds on."""
    based: dict[str, str] = {}
    own: dict[str, _Element] = {}
    for style in styles.iter("{*}style"):
        key, base, placed = attribute(style, "styleId"), style.find("{*}basedOn"), style.find("{*}pPr/{*}numPr")
        based[key] = attribute(base, "val") if base is not None else ""
        if placed is not None:
            own[key] = placed
    found = {}
    for key in based:
        line = [key]
        while (base := based.get(line[-1], "")) and base not in line:
            line.append(base)
        placed_by = [_list_of(own[ancestor]) for ancestor in line if ancestor in own]
        number = next((number for number, _ in placed_by if number), "")
        level = next((level for _, level in placed_by if level), "")
        if number:
            found[key] = number, level
    return found


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LEVELS else otherwise
