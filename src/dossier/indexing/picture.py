"""Picture: the passages of an index in two dimensions, or as many of them as can be looked at."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from dossier.indexing.index import Index
from dossier.indexing.projection import drawn_evenly, project
from dossier.indexing.regions import regions
from dossier.reports import Picture

# Fewer passages are sooner read than looked at.
FEWEST = 8
# Of more passages so many are drawn: their picture takes seconds, and more points than that hide each other.
MOST = 2000
# A passage that is not in the picture stands amid so many that are.
AMID = 3


def picture_of(index: Index, most: int = MOST) -> Picture | None:
    """The picture of the passages of an index, or of ``most`` drawn evenly; None where they are too few for one."""
    if len(index.passages) < FEWEST:
        return None
    rows = drawn_evenly(list(index.passages_of.values()), most)
    places = project(index.dense.vectors(rows))
    found = regions([index.passages[row].text for row in rows], places)
    return Picture(tuple(rows.tolist()), tuple((float(x), float(y)) for x, y in places), found)


def place_in(picture: Picture, row: int, index: Index) -> tuple[float, float]:
    """Where a passage stands in a picture; one that is not in it, amid the nearest that are."""
    at = bisect_left(picture.rows, row)
    if picture.rows[at : at + 1] == (row,):
        return picture.places[at]
    cosines = index.dense.scores(index.dense.vectors(np.array([row]))[0], np.array(picture.rows))
    nearest = np.argsort(-cosines, kind="stable")[:AMID]
    x, y = np.mean([picture.places[one] for one in nearest], axis=0)
    return float(x), float(y)
