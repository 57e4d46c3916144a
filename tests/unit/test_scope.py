"""Scope: a search can be limited to a time, and what may lie in it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier import Dossier, Settings, build
from dossier.answering.scope import Scope
from dossier.errors import InputError


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """Four pages about a mill: of a year, of a month, of a day, and of a time that nobody knows."""
    place = tmp_path_factory.mktemp("dated")
    folder = place / "pages"
    folder.mkdir()
    for name, day in (("year", "2015"), ("month", "2016-03"), ("day", "2016-03-20"), ("none", "")):
        meta = f'<meta property="article:published_time" content="{day}">' if day else ""
        page = (
            f"<html><head><title>{name}</title>{meta}</head><body><p>The mill of the {name} turned.</p></body></html>"
        )
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    build(folder, place / "index", settings=Settings(model="words"))
    return Dossier.open(place / "index")


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        ("", "", {"year", "month", "day", "none"}),
        ("2016", "", {"month", "day"}),
        ("2015-06", "", {"year", "month", "day"}),
        ("2016-03-20", "", {"month", "day"}),
        ("2016-03-21", "", {"month"}),
        ("", "2016", {"year"}),
        ("", "2016-03-20", {"year", "month"}),
        ("2015", "2016-04", {"year", "month", "day"}),
        ("2017", "", set()),
    ],
)
def test_what_may_be_dated_in_the_time_is_found(dated: Dossier, after: str, before: str, found: set[str]) -> None:
    hits = dated.search("the mill turned", k=9, after=after, before=before)
    assert {Path(hit.passage.path).stem for hit in hits} == found


QUOTED = {"Mill": 4, "the mill": 4, "mil": 0, "he mill": 0, "mill turn": 0, "turned.": 4}


@pytest.mark.parametrize("phrase", QUOTED)
def test_words_in_quotes_are_whole_words(dated: Dossier, phrase: str) -> None:
    assert len(dated.search(f'"{phrase}"', k=9)) == QUOTED[phrase]


def test_limits_of_another_kind_are_refused() -> None:
    with pytest.raises(InputError, match=r"must be a list of paths, as \['mill.html'\]"):
        Scope("mill.html")
    with pytest.raises(InputError, match="'after' is 2015; it must be a year"):
        Scope(after=2015)  # type: ignore[arg-type]


@pytest.mark.parametrize("date", ["yesterday", "2016-13", "2016-02-30", "16", "2016-3-1", "２０１６"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(InputError, match="must be a year, a month or a day"):
        Scope(after=date)
