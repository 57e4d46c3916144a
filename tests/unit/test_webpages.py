"""Web pages: what is prose and what is furniture, what a page says of itself, and how it is encoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.reading.parsed import Parsed
from dossier.reading.parsing import parse, parse_bytes
from dossier.reading.webfacts import is_address


def titles(parsed: Parsed) -> list[str]:
    return [section.title for section in parsed.sections if section.title]


def furniture(parsed: Parsed) -> list[str]:
    return [parsed.text[start:end] for start, end in parsed.furniture]


PAGE = """<!doctype html><html><head><title>Flood – The Gazette</title><meta property="og:title" content="Flood">
<meta property="og:site_name" content="The Gazette"><link rel="canonical" href="https://gazette.example/flood">
<meta property="article:published_time" content="2026-11-02T23:10:00+02:00"><style>p{color:red}</style></head><body>
<header><a href="/">Front page</a><h1>Flood at the mill</h1></header><nav><ul><li>News<li>Sport</ul></nav>
<main><p>The river   rose
on <b>Sunday</b>.<script>alert("x")</script> It fell on Monday.<sup><a href="#n1">1</a></sup><!-- a comment --></p>
<p hidden>secret</p><p style="display:none">tracked</p><aside>Most read</aside><button>Share</button><h2>Damage</h2>
<ul><li>two bridges<li>a barn</ul><table><tr><th>Day<th>Level<tr><td>Sunday<td>4 m</table></main>
<div class="cookie-banner">We bake</div><footer>All rights reserved</footer></body>"""


def test_a_web_page_is_its_prose_and_the_rest_is_furniture() -> None:
    parsed = parse_bytes("flood.html", PAGE.encode())
    assert titles(parsed) == ["Flood at the mill", "Damage"]
    assert "The river rose on Sunday. It fell on Monday." in parsed.text
    assert "two bridges\na barn\n\nDay | Level\nSunday | 4 m" in parsed.text
    assert furniture(parsed) == ["Front page", "News", "Sport", "Most read", "Share", "We bake", "All rights reserved"]
    assert not any(word in parsed.text for word in ("alert", "color", "secret", "tracked", "a comment"))
    assert (parsed.title, parsed.address) == ("Flood", "https://gazette.example/flood")
    assert {(section.date, section.publisher) for section in parsed.sections} == {("2026-11-02", "The Gazette")}
    second = parsed.landmarks[1]
    assert (second.kind, second.number, parsed.text[second.start :][:9]) == ("paragraph", 2, "The river")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (
            '<script type="application/ld+json">{"@graph":[{"datePublished":"2025-01-31T08:00Z"}]}</script>',
            "2025-01-31",
        ),
        ('<meta name="date" content="2025-02">', "2025-02"),
        ('<body><time datetime="2025-03-04">4 March</time>', "2025-03-04"),
        ('<meta name="date" content="2025-13-45">', ""),
        ('<script type="application/ld+json">{broken</script>', ""),
    ],
    ids=["JSON-LD", "meta", "time", "no such day", "broken JSON-LD"],
)
def test_a_web_page_says_when_it_was_published(head: str, date: str) -> None:
    assert parse_bytes("a.html", f"{head}<p>Text.".encode()).sections[0].date == date


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ("<!-- saved from url=(0030)https://gazette.example/storm -->", "https://gazette.example/storm"),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<meta property="og:url" content="https://a.example/&quot;onload=">', ""),
    ],
    ids=["saved", "no address", "a quote in it"],
)
def test_only_an_address_on_the_web_is_one(html: str, address: str) -> None:
    assert parse_bytes("a.html", f"{html}<p>Text.".encode()).address == address


def test_each_article_of_a_page_has_its_own_date() -> None:
    html = "".join(
        f'<article><h2>{name}</h2><time datetime="{day}">then</time><p>News of {name}.</article>'
        for name, day in (("Ada", "2024-05-01"), ("Bo", "2024-06-02"))
    )
    sections = parse_bytes("a.html", html.encode()).sections
    assert [(section.title, section.date) for section in sections] == [("Ada", "2024-05-01"), ("Bo", "2024-06-02")]


def test_the_declared_encoding_of_a_web_page_counts() -> None:
    html = '<meta charset="windows-1251"><p>Совет Безопасности'
    assert parse_bytes("a.html", html.encode("cp1251")).text == "Совет Безопасности"
    wrong = parse_bytes("a.html", '<meta charset="ascii"><p>déjà vu'.encode())
    assert wrong.text == "déjà vu"
    assert "read as UTF-8, though it says ascii" in wrong.remark


@pytest.mark.parametrize("name", ["utf-16", "utf-7", "unicode_escape", "cp500"])
def test_a_page_that_declares_what_no_browser_reads_is_utf_8(name: str) -> None:
    parsed = parse_bytes("a.html", f'<?xml version="1.0" encoding="{name}"?><p>D:\\new\\1+2AA- '.encode())
    assert parsed.text == "D:\\new\\1+2AA-"
    assert parsed.remark == f"read as UTF-8, though it says {name}"


def test_half_a_surrogate_pair_is_in_no_address() -> None:
    assert not is_address("https://a.example/\ud800")


def test_a_self_closed_title_does_not_swallow_a_page_of_xhtml() -> None:
    page = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>Here.</p></body>'
    )
    assert parse_bytes("a.xhtml", page.encode()).text == "Here."


def test_a_document_knows_its_title_and_address(tmp_path: Path) -> None:
    (tmp_path / "flood.html").write_text(PAGE, encoding="utf-8")
    document = parse(tmp_path, "flood.html")
    assert (document.title, document.address) == ("Flood", "https://gazette.example/flood")


def test_a_page_of_nothing_but_menus_is_still_a_page() -> None:
    parsed = parse_bytes("a.html", b"<nav><a>Home</a></nav>")
    assert (parsed.text, parsed.furniture) == ("Home", ())


MANUAL = """<body><div class="navheader"><table><tr><th>2. Oars</th></tr><tr><td><a href="1.html">Prev</a></td><td>Boats
</td><td><a href="3.html">Next</a></td></tr></table></div><p><a href="/">Boats</a> &gt; <a href="/a">Parts</a> &gt;
<a href="2.html">Oars</a></p><h1>Oars</h1><p><a href="#p7">7</a></p>
<ul><li><a href="#ash">Ash</a><ul><li><a href="#old">Old ash</a></li></ul>
<li><a href="#pine">Pine</a></ul><p>An oar is of <a href="#ash">ash</a>, <a href="#old">old ash</a> or
<a href="#pine">pine</a>.</p><h2 id="ash">Ash</h2><p class="header">Ash bends. See <a href="p.html">planks</a>.</p>
<ul><li><a href="ada.html">Ada Lind</a><li><a href="ben.html">Ben Oduya</a><li><a href="eva.html">Eva Holm</a></ul>
<div class="menu"><p>Herring with <a href="d.html">dill</a>, then a pie of pears.</p></div></body>"""


def test_a_page_s_contents_trails_and_links_to_its_neighbours_are_furniture_and_lists_of_names_are_not() -> None:
    parsed = parse_bytes("oars.html", MANUAL.encode())
    assert [line for text in furniture(parsed) for line in text.splitlines()] == [
        *("2. Oars", "Prev | Boats | Next", "Boats > Parts > Oars", "7", "Ash", "Old ash", "Pine")
    ]
    assert "Ada Lind\nBen Oduya\nEva Holm" in parsed.text
