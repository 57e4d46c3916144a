"""Sections: articles that run together are told apart, and each is dated as precisely as it says and no more."""

from __future__ import annotations

import json
import time
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.reading.datelines import opens_as_news
from dossier.reading.dates import dated, find_dates
from dossier.reading.openings import openings
from dossier.reading.parsing import parse
from dossier.reading.plaintext import parse_plain
from dossier.records import Section

ROOT = Path(__file__).parents[2]
SEED = "002_053431964a38b41d.txt"


def paragraphs(text: str) -> list[str]:
    """The paragraphs between blank lines, each as one line."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


FERRY = paragraphs(
    """
On March 3rd, the Harbour Board (HB) of Lindvik opened a new ferry line to the island of Storholm. The board
said that the boats, which run on batteries, would carry four hundred passengers and sixty cars each day.

The captain of the first ferry, Ole Sand, told passengers on the pier that the crossing takes forty minutes.
Two boats share the line, and a third is being built in the yard at Moss.

Passengers welcomed the boats. Islanders had waited nine years for a ferry that crosses in winter, and the
pier on Storholm was lengthened so that boats can land in any weather.

In conclusion, the board thanked the yard, whose boats had been delivered a month early.
"""
)
BEES = paragraphs(
    """
On March 1st, keepers from eleven villages met in the school at Hollen to count the hives that lived through
the frost. Wild thyme and late heather had fed the bees well, and most colonies were strong.

A beekeeper from Aas, Liv Moen, showed how she wraps her hives in straw. Mites had killed a third of her
colonies two winters ago; since then she treats the combs with oxalic acid in December.

Keepers agreed to swap queens in May. Honey from heather sells best, they said, but colonies that winter on it
alone grow weak, so sugar is fed in autumn.
"""
)
CHOIR = paragraphs(
    """
The Harbour Board (HB) gave its old warehouse to the Lindvik choir on February 27th. Singers of every age may
come to the rehearsals, which begin with an evening of songs by Grieg.

Altos are wanted most. The conductor, Eva Holm, hopes for a concert in June with organ and strings, and for a
mass by Bruckner when the tenors have learned to count.
"""
)


def starts(text: str) -> list[str]:
    return [text[section.start : section.end].split(",")[0] for section in parse_plain(text.encode()).sections]


def test_articles_that_run_together_are_told_apart() -> None:
    text = "\n".join([*FERRY, *BEES, "Click here to listen", *CHOIR])
    assert starts(text)[0] == "On March 3rd"
    assert starts(text)[1] == "On March 1st"
    assert starts(text)[2].lstrip().startswith("The Harbour Board (HB)")
    assert len(starts(text)) == 3


@pytest.mark.parametrize("article", [FERRY, BEES, CHOIR], ids=["ferry", "bees", "choir"])
@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "paragraphs"])
def test_one_article_is_one_section(article: list[str], between: str) -> None:
    assert len(starts(between.join(article))) == 1


def test_a_chronicle_is_one_section_though_each_paragraph_opens_with_a_date() -> None:
    years = [
        f"On May {day}, {1890 + day}, the miller of Aas, Per Moen, wrote in the mill's book how much rye and barley he "
        f"had ground since the spring, and that the mill wheel had turned for {day + 40} days without a stop."
        for day in range(1, 12)
    ]
    assert len(starts("\n".join(years))) == 1


def test_the_borders_of_the_seed_are_those_that_a_reader_draws() -> None:
    document = parse(ROOT / "seeds", SEED)
    lines = (ROOT / "tests" / "gold" / "borders.jsonl").read_text("utf-8").splitlines()
    true = {document.text.index(json.loads(line)["begins"]) for line in lines} - {0}
    found = {section.start for section in document.sections} - {0}
    assert len(found & true) >= 0.9 * len(found)
    assert len(found & true) >= 0.9 * len(true)


@pytest.mark.parametrize(
    "opening",
    [
        "On October 29th, the council met.",
        "On Monday, October 29, the council met.",
        "GENEVA, 3 May – The council met.",
        "LONDON — The council met.",
        "WASHINGTON, D.C., May 3, 2021 -- The council met.",
        "By Jane Doe and Ole Sand",
        "Le lundi 29 octobre, le conseil s’est réuni.",
        "PARIS, le 3 mai (AFP) – Le conseil s’est réuni.",
        "Un pont sur le fjord\nPar Jean Dupont, 3 mai 2020",
        "El 29 de octubre, el consejo se reunió.",
        "Madrid, 3 may (EFE).- El consejo se reunió.",
        "Por Ana Ruiz",
        "Am Montag, dem 29. Oktober, tagte der Rat.",
        "Genf, 3. Mai (dpa) – Der Rat tagte.",
        "Von Eva Holm",
    ],
)
def test_news_opens_with_its_day_its_place_or_who_wrote_it(opening: str) -> None:
    assert opens_as_news(opening)


@pytest.mark.parametrize(
    "opening",
    [
        "On October 29th, 1920, the mill burnt.",
        "Le 14 juillet 1789, la Bastille tomba.",
        "Am 3. Oktober 1990 wurde gefeiert.",
        "By the river stood a mill.",
        "The Hague: a city of courts.",
        "NOTE: the mill is shut.",
        "You may 5 times march 10 miles.",
    ],
)
def test_history_and_notes_do_not_open_as_news(opening: str) -> None:
    assert not opens_as_news(opening)


@pytest.mark.parametrize(
    ("leaning", "free"),
    [
        ("However, the mill stood.", "There are three mills in Aas."),
        ("Il avait brûlé en mai.", "Il governo si riunì a Roma."),
        ("Cependant, le moulin tourne.", "Ce lundi, le moulin tourne."),
        ("Además, el molino gira.", "El molino gira."),
        ("Este molino gira.", "Este lunes giró el molino."),
        ("Außerdem dreht sich die Mühle.", "Die Mühle dreht sich."),
        ("Mme Dupont le dit.", "Anne Dupont le dit."),
        ("Señora Ruiz lo dijo.", "Ana Ruiz lo dijo."),
        ("Frau Holm sagte es.", "Eva Holm sagte es."),
    ],
)
def test_what_leans_on_words_before_begins_no_article(leaning: str, free: str) -> None:
    odds = [next(openings(text, [(0, len(text))], [False])).odds for text in (leaning, free)]
    assert odds[0] < 0 <= odds[1]


@given(st.lists(st.sampled_from([*FERRY, *BEES, "Home", "View more", "", "A list:", "- item"]), max_size=12))
@settings(deadline=None)  # the first one loads the stop words
def test_sections_tile_any_order_of_paragraphs(lines: list[str]) -> None:
    text = "\n".join(lines)
    parsed = parse_plain(text.encode())
    assert "".join(text[section.start : section.end] for section in parsed.sections) == text


def test_a_long_text_is_divided_in_time_that_grows_with_its_length() -> None:
    times = []
    for size in (200, 800):
        begun = time.process_time()
        parse_plain("\n".join(islice(cycle(FERRY + BEES + CHOIR), size)).encode())
        times.append(time.process_time() - begun)
    assert times[1] < 12 * max(times[0], 0.05)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 2026-11-21 and in 2026-11", ["2026-11-21", "2026-11"]),
        ("On September 25th, 2019, and on October 3rd", ["2019-09-25", "--10-03"]),
        ("21 November 2026; November 2026; 21st of November", ["2026-11-21", "2026-11", "--11-21"]),
        ("am 3. Oktober 2019, le 1er août 2020, el 5 de mayo de 2021", ["2019-10-03", "2020-08-01", "2021-05-05"]),
        ("il 2 giugno 1946, em 7 de setembro de 1822, 30 april 1980", ["1946-06-02", "1822-09-07", "1980-04-30"]),
        ("2026年11月21日", ["2026-11-21"]),
        ("10 APRİL 2024, aprıl 2025", ["2024-04-10", "2025-04"]),
        ("21/11/2026, 11/21/2026, 5.5.2026", ["2026-11-21", "2026-11-21", "2026-05-05"]),
        ("04/05/2026 can be read in two ways", []),
        ("February 30th, 2019; 2019-13-01; version 1.2.2019.4", []),
        ("You may 5 times march 10 miles", []),
        ("Resolution 1325 (2000) of 2015/846, p. 12", []),
    ],
    ids=["iso", "English", "day first", "German French Spanish", "Italian Portuguese Dutch", "Japanese", "Turkish",
         "figures", "ambiguous", "impossible", "verbs", "numbers"],
)  # fmt: skip
def test_dates_are_read_as_precisely_as_they_are_said(text: str, dates: list[str]) -> None:
    assert [found.iso for found in find_dates(text, 0, len(text))] == dates


def dates_of(*parts: str) -> list[str]:
    text = "".join(parts)
    ends = [sum(map(len, parts[: number + 1])) for number in range(len(parts))]
    sections = [Section(end - len(part), end) for part, end in zip(parts, ends, strict=True)]
    return [section.date for section in dated(text, sections)]


def test_the_day_of_publication_comes_before_any_other() -> None:
    page = "On May 1st the fair opened.\nUpdated: 4 May 2021\nPublished: 2 May 2021\nIt was warm.\n"
    assert dates_of(page) == ["2021-05-02"]
    assert dates_of("The mill burned on 3 April 1990.\nNews - Friday, June 19, 2009\nIt was rebuilt.\n") == [
        "2009-06-19"
    ]


def test_a_year_is_taken_from_what_stands_around_and_never_guessed() -> None:
    assert dates_of("On May 1st it rained.\n") == ["--05-01"]
    assert dates_of("On May 1st it rained. In April 2020 it had snowed.\n") == ["2020-05-01"]
    assert dates_of("It rained on May 1st. It snowed in April 2020 and in June 2021.\n") == ["--05-01"]
    assert dates_of("Monday, May 1, 2017\n", "On May 1st it rained.\n") == ["2017-05-01", "2017-05-01"]
    around = dates_of("June 5, 2020: sun.\n", "On May 1st it rained.\n", "On April 2, 2020, snow.\n")
    assert around == ["2020-06-05", "2020-05-01", "2020-04-02"]
    assert dates_of("June 5, 2020: sun.\n", "On May 1st it rained.\n", "On April 2, 2019, snow.\n")[1] == "--05-01"
    assert dates_of("Nothing is dated here, on page 12.\n") == [""]


@given(st.text(alphabet="0123456789./- MayJune,年月日"))
def test_any_date_that_is_found_stands_in_the_text_and_in_the_calendar(text: str) -> None:
    for found in find_dates(text, 0, len(text)):
        assert 0 <= found.start < found.end <= len(text)
        assert 1 <= found.month <= 12
        assert 0 <= found.day <= 31
