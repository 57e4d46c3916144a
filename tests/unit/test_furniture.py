"""Furniture: what pages put around their prose is found by signs that hold for any site, and prose is left alone."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import UnreadableError
from dossier.reading.furniture import furniture_spans
from dossier.reading.parsing import parse
from dossier.reading.repeats import without_repeats
from dossier.records import Document, Section, Source

NEWS = """Skip to main content
Home
World
Business
Sport
Sign in
Storm closes the harbour at Lindvik
By Ada Berg
Published on
Share on Facebook
Tweet this
The harbour of Lindvik was closed on Tuesday after waves broke the outer wall.
window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);} gtag('js', new Date());
Nobody was hurt, the mayor said.
Photo: Ole Sand/Harbour Press
Read more
We use cookies to improve your experience on our site. By continuing to browse you agree to our cookie policy.
© 2024 The Lindvik Courier. All rights reserved
"""
GERMAN = """Zum Inhalt springen
Startseite
Über uns
Kontakt
Impressum
Neue Brücke über die Leine eröffnet
Die Stadt hat am Montag die neue Brücke eröffnet.
Drucken | Teilen | Zurück
Foto: Jan Krüger
Diese Website verwendet Cookies. Wenn Sie die Seite weiter nutzen, stimmen Sie dem zu.
Weiterlesen
"""
FRENCH = """Accueil > Actualités > Région
Le marché de Noël ouvre ses portes
Le marché accueille cette année quarante exposants.
Partager sur Facebook
Crédit photo : Luc Morel
En poursuivant votre navigation sur ce site, vous acceptez que nous utilisions des cookies.
Lire la suite
"""
SHOP = """HomeShopAbout UsContactMy Account
The Walnut Lamp
A lamp of oiled walnut, made by hand in Porto.
.price-tag{color:#b12704;font-size:18px} #buy:hover { display: none !important; }
Add to cart
Price: 89 euros, 2 years of warranty
Facebook Twitter Instagram
"""
WIKI = """Main page | Contents | Random article | About | Contact us | Donate
The heron is a long-legged bird of rivers and coasts.
Click here to edit this page
Log in
"""
BLOG = """Accueil / Cuisine / Tartes
La tarte de la meunière se mange froide.
Pas de commentaires
Lire aussi
12 comments
Learn how your comment data is processed.
No comment was made by the mayor.
"""

# What is left of each page, line by line.
PAGES = [
    (
        NEWS,
        [
            "Storm closes the harbour at Lindvik",
            "By Ada Berg",
            "The harbour of Lindvik was closed on Tuesday after waves broke the outer wall.",
            "Nobody was hurt, the mayor said.",
        ],
    ),
    (GERMAN, ["Neue Brücke über die Leine eröffnet", "Die Stadt hat am Montag die neue Brücke eröffnet."]),
    (FRENCH, ["Le marché de Noël ouvre ses portes", "Le marché accueille cette année quarante exposants."]),
    (
        SHOP,
        [
            "The Walnut Lamp",
            "A lamp of oiled walnut, made by hand in Porto.",
            "Price: 89 euros, 2 years of warranty",
        ],
    ),
    (WIKI, ["The heron is a long-legged bird of rivers and coasts."]),
    (BLOG, ["La tarte de la meunière se mange froide.", "No comment was made by the mayor."]),
]

PROSE = [
    "Speakers\nMs. Ada Lind, Director, Bridge Trust\nMr. Ben Oduya, Minister of Works\nModerator\nDr. Eva Holm",
    "Home\n\nThe word comes from Old English.\n\nShare\n\nA share is a part of a whole.",
    "Onward, onward,\nback to the sea,\nthe print of her foot\nis all that I see.",
    "Ada Lind\n12 Mill Lane\nLindvik 4021\nNorway",
    "Year\tVisitors\tShare\n2019\t4,120\t12 %\n2020\t310\t2 %",
    "Click on File, then on Print. A window opens.",
    "The recipe: mix the cookies with butter. We use two cups of sugar on this page.",
    "She said that users must accept the terms before they can log in.",
    "In C one writes `for (i = 0; i < n; i++) { sum += a[i]; }` and the compiler does the rest.",
    "Set it up like this:\n\n    window.alert('hello');\n    document.write('x');\n",
    "```\nvar x = window.open();\ndocument.close(); function f() { return window.y; }\n```",
    "Images by the satellite show that the ice has shrunk.",
    "Politics\n\nThe vote was close.\n\nSport\n\nThe match was drawn.",
    "© 2002 Ada Lind\n© 1991-1993 Lindvik School\nAll rights reserved.\nYou may copy this program.",
    "News from home: Anna writes that the cat is well.",
    "JavaScript, PyTorch and YouTube are names with a capital inside.",
]


@pytest.mark.parametrize(("page", "prose"), PAGES, ids=["news", "government", "market", "shop", "wiki", "blog"])
def test_what_a_page_puts_around_its_prose_is_left_out(page: str, prose: list[str]) -> None:
    found = furniture_spans(page)
    left = "".join(letter for place, letter in enumerate(page) if not any(a <= place < b for a, b in found))
    assert [line.strip() for line in left.splitlines() if line.strip()] == prose


@pytest.mark.parametrize("text", PROSE, ids=lambda text: text[:20])
def test_prose_is_left_alone(text: str) -> None:
    assert [text[start:end] for start, end in furniture_spans(text)] == []


def test_a_document_about_cookies_keeps_what_it_says_of_them() -> None:
    note = "By using our site you agree that we use cookies, as this policy says."
    assert furniture_spans(note)
    assert not furniture_spans("\n".join([note, *(f"Cookie {n} is kept for {n} days." for n in range(9))]))


def test_prose_in_the_line_of_a_script_is_kept() -> None:
    text = 'The fair is open. jQuery(document).ready(function(){jQuery("#a").fadeIn(1);});Bring a coat (and a hat).'
    ((start, end),) = furniture_spans(text)
    assert text[:start] + text[end:] == "The fair is open. Bring a coat (and a hat)."


def test_a_page_without_prose_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "menu.txt").write_text("Home\nAbout us\nContact\nLog in\n\nView more\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="no prose"):
        parse(tmp_path, "menu.txt")


@given(st.text(alphabet=st.sampled_from("aB(){};:=$.|#\n\r\t \"'é—1"), max_size=300))
def test_furniture_is_in_order_apart_and_inside_the_text(text: str) -> None:
    spans = furniture_spans(text)
    places = [place for span in spans for place in span]
    assert places == sorted(set(places))
    assert not places or (places[0] >= 0 and places[-1] <= len(text))


@pytest.mark.parametrize(
    "piece",
    [
        "window.a ",
        "jQuery(",
        "{",
        "(",
        "a { b: c } ",
        "Home ",
        "var x=",
        "| ",
        "click ",
        "$ (",
        "\tx\r",
        "cookies use ",
    ],
)
def test_a_long_line_takes_no_longer_than_many_short_ones(piece: str) -> None:
    times = []
    for size in (20_000, 80_000):
        text = piece * (size // len(piece))
        begun = time.process_time()
        furniture_spans(text)
        times.append(time.process_time() - begun)
    assert times[1] < 12 * max(times[0], 0.02)


SIDEBAR = "The Lindvik Letter\nEvery week the town in a few words.\nAsk for it at the library or the harbour.\n"


def document(name: str, text: str) -> Document:
    return Document(Source(name, name), text, (Section(0, len(text)),))


def shown(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.repeated]


def test_what_many_documents_repeat_is_read_in_the_first_alone() -> None:
    own = "{name} opened its doors with music, and the mayor spoke of the long winter and of the bridge to come.\n" * 3
    pages = [document(name, own.format(name=name) + SIDEBAR + name) for name in ("Archive", "Bakery", "Chapel")]
    found = list(without_repeats(pages))
    assert [shown(page) for page in found] == [[], [SIDEBAR.strip()], [SIDEBAR.strip()]]
    assert list(without_repeats(found)) == found
    assert list(without_repeats(found[:2])) == pages[:2]


def test_copies_of_a_document_are_read_each() -> None:
    assert not any(shown(page) for page in without_repeats([document(name, SIDEBAR * 2) for name in "abcd"]))


def test_who_came_is_told_of_each_meeting() -> None:
    present = "Ms. Ada Lind, chair\nMr. Ben Oduya, clerk\nDr. Eva Holm, guest\n"
    own = "The board heard of {name} and of the harbour, and after a long talk put the matter off until May.\n" * 3
    assert not any(shown(page) for page in without_repeats([document(n, own.format(name=n) + present) for n in "abcd"]))


def test_repeats_do_not_depend_on_what_was_found_before() -> None:
    pages = [
        document(name, f"{name} is a house of its own kind, on a hill of its own.\n" * 4 + SIDEBAR) for name in "abc"
    ]
    before = [replace(page, repeated=((0, 5),)) for page in pages]
    assert list(without_repeats(before)) == list(without_repeats(pages))
