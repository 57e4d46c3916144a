"""The map: likeness is nearness, the same index has the same picture, large ones are drawn evenly, dates are honest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from dossier import Dossier, Settings
from dossier.indexing.picture import picture_of, place_in
from dossier.indexing.projection import drawn_evenly, project
from dossier.web.map import Map
from dossier.web.opening import Opening
from dossier.web.timeline import days_of, timeline


def test_likeness_is_nearness_and_the_same_index_has_the_same_picture(seeds: Dossier) -> None:
    picture = seeds.picture()
    assert picture == seeds.picture()
    places, vectors = np.array(picture.places), seeds.index.dense.vectors()
    assert picture.rows == tuple(range(len(vectors)))
    assert places.min() >= 0
    assert places.max() <= 1
    assert trustworthiness(vectors, places, n_neighbors=10) > 0.85  # 0.5 by chance, 0.79 for two principal components
    words = [word for region in picture.regions for word in region.words]
    assert len(words) > 4
    assert not {"she", "the", "and"} & {word.lower() for word in words}


def test_of_a_large_index_some_are_drawn_and_any_other_stands_amid_what_is_like_it(seeds: Dossier) -> None:
    index = seeds.index
    picture = picture_of(index, most=40)
    assert len(picture.rows) <= 40
    others = [row for row in range(len(index.passages)) if row not in picture.rows]
    vectors, places = index.dense.vectors(), np.array(picture.places)
    nearest = (vectors[others] @ vectors[list(picture.rows)].T).argmax(axis=1)
    away = [
        np.hypot(*(place_in(picture, row, index) - places[near])) for row, near in zip(others, nearest, strict=True)
    ]
    assert np.mean(away) < 0.5 * np.mean([np.hypot(*(one - other)) for one in places for other in places])
    assert [place_in(picture, row, index) for row in picture.rows] == list(picture.places)


def test_each_document_is_drawn_from_alike() -> None:
    groups = [range(100), range(100, 103), range(103, 103), range(103, 203)]
    assert drawn_evenly(groups, 7).tolist() == [0, 99, 100, 102, 103, 202]
    assert drawn_evenly(groups, 203).tolist() == list(range(203))
    assert drawn_evenly([range(at, at + 1) for at in range(9)], 3).tolist() == [0, 4, 8]


def test_what_is_the_same_does_not_hide_itself() -> None:
    places = project(np.tile(np.eye(4, dtype=np.float32)[:1], (9, 1)))
    assert len(np.unique(places, axis=0)) == 9


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_passages_are_listed_and_not_drawn(tmp_path: Path, count: int) -> None:
    (tmp_path / "few").mkdir()
    for number in range(count):
        (tmp_path / "few" / f"{number}.txt").write_text(f"The {['lion', 'tiger', 'bear'][number]} slept.")
    opening = Opening(tmp_path / "few", tmp_path / "index", Settings(model="words"))
    opening.start()
    assert opening.wait(60)
    drawn, found = Map(opening), {"busy": True}
    while found["busy"]:
        found = drawn.look({}, "en")
    assert found["notice"].startswith(f"Passages: {count}.")
    assert [point[5] for point in found["points"]] == ["The lion slept.", "The tiger slept.", "The bear slept."][:count]
    assert found["timeline"] == ""


@pytest.mark.parametrize(
    ("dated", "first", "last"),
    [
        ("2026-11-21", date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("9999", date(9999, 1, 1), date.max),
    ],
)
def test_a_date_is_as_wide_as_it_is_vague(dated: str, first: date, last: date) -> None:
    assert days_of(dated) == (first.toordinal(), last.toordinal() + 1)


def test_the_timeline_sets_what_has_no_year_apart(seeds: Dossier) -> None:
    assert days_of("--10-29") is None
    line, apart = timeline(seeds, {}, "en").split("Without a year")
    dated = [one.date for document in seeds.index.documents for one in document.sections]
    assert line.count('class="cite mark day"') == len([date for date in dated if date and not date.startswith("-")])
    assert "29 September 2015 · IPI Hosts Foreign Ministers" in line
    assert "29 October · 002_" in apart
    assert f"Sections without a date: {dated.count('')}." in apart
