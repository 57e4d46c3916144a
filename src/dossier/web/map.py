"""The map: the passages as a picture in which likeness is nearness, with the hits of the last question lit in it.

The picture is made once for each generation of the index, when somebody first looks, in a thread of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from dossier.dossier import Dossier
from dossier.errors import DossierError
from dossier.escaping import printable
from dossier.records import Passage, place_of
from dossier.reports import Picture
from dossier.web.counts import figure
from dossier.web.opening import Opening
from dossier.web.places import Place, find_place
from dossier.web.reasons import say_reason
from dossier.web.texts import say, say_date, say_place
from dossier.web.timeline import timeline

# So many documents have a colour and a shape of their own, which is as many as can be told apart.
HUES = 8
# So many characters of a passage are shown of it.
FIRST_WORDS = 110
# So many hits can be lit.
LIT = 50


@dataclass(frozen=True)
class Drawing:
    """A picture under way or done, of one generation."""

    generation: str
    picture: Future[Picture | None]


class Map:
    """The picture of the passages as the page shows it."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._drawing: Drawing | None = None
        self._beginning = Lock()

    def look(self, asked: object, language: str) -> dict[str, Any]:
        """What the browser needs to draw the map; ``busy`` while it is not ready yet.

        ``asked`` may hold the ``generation`` whose map the browser has, which is then not sent again, and the addresses
        of ``hits``, each of which is answered by a point, or None where it is no longer there.
        """
        wishes = asked if isinstance(asked, dict) else {}
        try:
            if not self._opening.ready():
                return {"busy": True, "notice": say(language, "preparing")}
            dossier = self._opening.dossier()
        except DossierError as error:
            return {"busy": not self._opening.wait(0), "notice": say_reason(language, str(error))}
        drawn = self._drawn(dossier)
        if not drawn.done():
            return {"busy": True, "notice": say(language, "map_drawing")}
        picture, addresses = drawn.result(), wishes.get("hits")
        found: dict[str, Any] = {"busy": False, "generation": dossier.generation}
        hues = _hues(dossier)
        if picture is not None:
            hits = addresses[:LIT] if isinstance(addresses, list) else []
            found["hits"] = [self._hit(dossier, picture, address, language) for address in hits]
        if wishes.get("generation") == dossier.generation:
            return found
        found |= {"documents": _documents(dossier, hues), "timeline": timeline(dossier, hues, language)}
        passages = dossier.index.passages
        rows = range(len(passages)) if picture is None else picture.rows
        places = [(0.0, 0.0)] * len(rows) if picture is None else picture.places
        numbers = dossier.index.documents.rows
        found["points"] = [
            _point(dossier, passages[row], numbers[passages[row].path], x, y, language)
            for row, (x, y) in zip(rows, places, strict=True)
        ]
        regions = () if picture is None else picture.regions
        found["regions"] = [[region.x, region.y, printable(" · ".join(region.words))] for region in regions]
        found |= {"drawn": picture is not None, "notice": _notice(len(rows), len(passages), picture, language)}
        return found

    def _drawn(self, dossier: Dossier) -> Future[Picture | None]:
        """The picture of the dossier's generation, begun if nobody has."""
        with self._beginning:
            if self._drawing is None or self._drawing.generation != dossier.generation:
                self._drawing = Drawing(dossier.generation, Future())
                Thread(target=_draw, args=(dossier, self._drawing.picture), name="map", daemon=True).start()
            return self._drawing.picture

    @staticmethod
    def _hit(dossier: Dossier, picture: Picture, address: object, language: str) -> list[Any] | None:
        """The point of an address; None where there is none."""
        place = find_place(dossier, address)
        if isinstance(place, str):
            return None
        path = place.document.path
        rows = dossier.index.passages_of[path]
        at = bisect_right(rows, place.sentence[0], key=lambda row: dossier.index.passages[row].end)
        if at == len(rows):
            return None
        row = rows[at]
        number = dossier.index.documents.rows[path]
        point = _point(dossier, dossier.index.passages[row], number, *dossier.place(row, picture), language)
        return [*point[:3], address, *point[4:]]


def _draw(dossier: Dossier, picture: Future[Picture | None]) -> None:
    try:
        picture.set_result(dossier.picture())
    except BaseException as error:
        picture.set_exception(error)
        raise


def _notice(shown: int, total: int, picture: Picture | None, language: str) -> str:
    """What to know of a map before looking at it; empty where it shows everything."""
    if picture is None:
        return say(language, "map_few", count=figure(language, total))
    if shown == total:
        return ""
    return say(language, "map_drawn", shown=figure(language, shown), total=figure(language, total))


def _hues(dossier: Dossier) -> dict[str, int]:
    """The numbers of the colours of the documents that have most passages."""
    sizes = {path: len(rows) for path, rows in dossier.index.passages_of.items() if rows}
    largest = sorted(sizes, key=lambda path: (-sizes[path], path))[:HUES]
    return {path: number for number, path in enumerate(sorted(largest))}


def _documents(dossier: Dossier, hues: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "name": printable(document.title or document.path),
            "path": printable(document.path) if document.title else "",
            "passages": len(dossier.index.passages_of[document.path]),
            "hue": hues.get(document.path, -1),
        }
        for document in dossier.index.documents
    ]


def _point(dossier: Dossier, passage: Passage, number: int, x: float, y: float, language: str) -> list[Any]:
    """A passage as the browser draws it: x, y, the number of its document, its address, its place, its first words."""
    span = passage.start, passage.end
    address = Place(dossier.index.document_of[passage.path], span, span).address
    place = place_of(passage.landmarks, passage.first_line, passage.last_line)
    where = [passage.section, say_date(language, passage.date), say_place(language, place)]
    return [
        round(x, 4),
        round(y, 4),
        number,
        address,
        printable(" · ".join(part for part in where if part)),
        first_words(passage.text),
    ]


def first_words(text: str) -> str:
    """As much of a text as a tooltip has room for, on one line."""
    line = " ".join(text[: 4 * FIRST_WORDS].split())
    return printable(line if len(line) <= FIRST_WORDS else line[:FIRST_WORDS].rpartition(" ")[0] + "…")


def map_shell(language: str) -> str:
    """The map before anything is known."""
    keys = ("map_hits", "map_failed")
    texts = " ".join(f'data-{key.replace("_", "-")}="{say(language, key)}"' for key in keys)
    buttons = "".join(
        f'<button type="button" data-zoom="{by}" aria-label="{say(language, key)}" title="{say(language, key)}">'
        f"{sign}</button>"
        for by, key, sign in (("1.5", "zoom_in", "+"), ("0.667", "zoom_out", "−"), ("0", "zoom_fit", "⤢"))
    )
    return (
        f'<div class="map" {texts}><p class="map-notice" role="status"></p>'
        f'<div class="map-body" hidden><div class="sky"><canvas tabindex="0" role="application" '
        f'aria-label="{say(language, "map_canvas")}" aria-describedby="map-help"></canvas>'
        f'<div class="zoom">{buttons}</div><div class="tip" hidden></div></div>'
        f'<p class="map-help" id="map-help">{say(language, "map_help")}</p>'
        f'<div class="hidden spoken" aria-live="polite"></div></div>'
        f'<section class="legend" hidden><h3>{say(language, "documents")}</h3>'
        f'<p class="note">{say(language, "map_alone")}</p>'
        f'<input type="search" maxlength="200" aria-label="{say(language, "map_search")}" '
        f'placeholder="{say(language, "map_search")}" hidden><ul></ul></section>'
        '<div class="times"></div>'
        '<a class="cite opener hidden" tabindex="-1" href="?cite=" aria-hidden="true"></a></div>'
    )
