"""Facsimiles: a quote is found on the picture of its page, and on its page on the web."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from PIL import Image

from dossier import Dossier, Settings, build
from dossier.errors import UnreadableError
from dossier.reading.facsimile import facsimile
from dossier.reading.fragment import fragment_link

FILES = Path(__file__).parents[1] / "files"
HARBOUR = (FILES / "harbour.pdf").read_bytes()
TIDES = (FILES / "tides.pdf").read_bytes()
LONG = (
    "Three were lost; no one drowned. The mill lost its sails, the inn its sign, and the school its roof, which was "
    "seen to fly across the market like a hat before it came down in the orchard of the parsonage."
)
ORCHARD = "in%20the%20orchard%20of%20the%20parsonage."


def test_the_lines_of_a_quote_are_marked_where_there_is_ink() -> None:
    found = facsimile(TIDES, 1, "the copies were sent to the observatory, where they are still kept in the cellar")
    assert len(found.rectangles) in (2, 3)
    image = Image.open(io.BytesIO(found.png)).convert("L")
    assert image.size == (found.width, found.height)
    for line in found.rectangles:
        box = (line.left, line.top, line.left + line.width, line.top + line.height)
        pixels = image.crop(tuple(round(at * size) for at, size in zip(box, image.size * 2, strict=True)))
        assert pixels.getextrema()[0] < 100
        assert pixels.width > 3 * pixels.height
    tops = [line.top for line in found.rectangles]
    assert tops == sorted(tops)


def test_a_quote_that_goes_on_over_a_page_is_marked_on_both() -> None:
    first, second = (facsimile(HARBOUR, page, LONG, width=300).rectangles for page in (1, 2))
    assert min(line.top for line in first) > 0.7
    assert max(line.top for line in second) < 0.4


def test_what_is_not_on_a_page_is_not_marked() -> None:
    assert facsimile(TIDES, 3, "The tide gauge was set up in 1871", width=200).rectangles == ()
    with pytest.raises(UnreadableError, match="3 pages"):
        facsimile(TIDES, 9, "The tide gauge")


def test_an_indexed_page_is_drawn_apart_and_only_while_it_is_the_one_that_was_read(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "tides.pdf.gz").write_bytes(gzip.compress(TIDES))
    (shelf / "note.txt").write_text("Nothing to draw.")
    build(shelf, tmp_path / "index", settings=Settings(model="words"))
    dossier = Dossier.open(tmp_path / "index")
    drawn = dossier.facsimile("tides.pdf.gz", 1, "The tide gauge was set up in 1871")
    assert drawn.png.startswith(b"\x89PNG")
    assert len(drawn.rectangles) == 1
    with pytest.raises(UnreadableError, match="only the pages of a PDF"):
        dossier.facsimile("note.txt", 1, "Nothing")
    (shelf / "tides.pdf.gz").write_bytes(gzip.compress(HARBOUR))
    with pytest.raises(UnreadableError, match="changed since it was indexed"):
        dossier.facsimile("tides.pdf.gz", 1, "The tide gauge")


@pytest.mark.parametrize(
    ("address", "quote", "link"),
    [
        ("https://a.example/x", "oak, pitch & tar-", "https://a.example/x#:~:text=oak%2C%20pitch%20%26%20tar%2D"),
        ("https://a.example/x#top", "Sæl", "https://a.example/x#top:~:text=S%C3%A6l"),
        (
            "https://a.example/",
            LONG,
            f"https://a.example/#:~:text=Three%20were%20lost%3B%20no%20one%20drowned.,{ORCHARD}",
        ),
        ("https://a.example/", "one line\nand two", "https://a.example/#:~:text=one%20line,and%20two"),
        ("", "no address", ""),
    ],
    ids=["marks", "fragment", "long", "lines", "none"],
)
def test_a_link_opens_a_web_page_at_a_quote(address: str, quote: str, link: str) -> None:
    assert fragment_link(address, quote) == link
