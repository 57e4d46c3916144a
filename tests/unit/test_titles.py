"""Titles, events and venues: what a section's opening says plainly, in its own words, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.indexing.context import passage_contexts
from dossier.indexing.embedding import WordsEmbedder
from dossier.reading.chunking import chunk
from dossier.reading.titles import described
from dossier.records import Document, Section, Source
from dossier.rendering import document_text


def known(text: str, *, titled: bool = False) -> tuple[str, str, str]:
    """The title, the event and the venue of a text that is one section."""
    sections = [Section(0, len(text)), Section(len(text), len(text))]
    section, _ = described(text, sections, (), titled=titled)
    return section.title, section.event, section.venue


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "On May 3rd, the board hosted a policy forum on “Ferries and the Winter Fjord.”",
            "Ferries and the Winter Fjord",
        ),
        ("The yard cohosted a workshop for captains entitled “How to land in a gale.”", "How to land in a gale"),
        ("The town held its third annual Storholm Boat Symposium on May 3rd.", "Storholm Boat Symposium"),
        ("Le conseil a tenu un colloque intitulé « Le fjord en hiver ».", "Le fjord en hiver"),
        ("La junta celebró un seminario titulado «El fiordo en invierno».", "El fiordo en invierno"),
        ("Der Rat lud zu einer Tagung mit dem Titel „Der Fjord im Winter“ ein.", "Der Fjord im Winter"),
        ("At the forum on “meaningful participation” many spoke.", ""),
        ("After the meeting, “We Are Proud Of It,” said the captain.", ""),
        ("A copy of “The Anatomy Lesson” hung at the event.", ""),
        ("The ship was built by the Storholm Boat Forum in May.", ""),
    ],
)
def test_an_event_has_the_name_that_the_opening_gives_it(text: str, event: str) -> None:
    assert known(text)[1] == event


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("GENEVA, 3 May – The council agreed on ferries.", "GENEVA"),
        ("Genf, 3. Mai (dpa) – Der Rat tagte.", "Genf"),
        ("These were the subject of a May 2nd seminar held at the board’s office in Lindvik.", "Lindvik"),
        ("The workshop was held on May 3rd at Storholm Hall, with forty guests.", "Storholm Hall"),
        ("Captains met on May 3rd in New York for a day.", "New York"),
        (
            "A forum held at Storholm’s Boat House office in Lindvik, was full.",
            "Storholm’s Boat House office in Lindvik",
        ),
        ("The forum was held in March.", ""),
        ("The forum was held in French.", ""),
        ("She held a chair in Lindvik until May.", ""),
        ("They spoke of the seminar that took place in Seoul on May 3rd.", ""),
        ("The plague was an event in Ottoman society of May.", ""),
    ],
)
def test_a_venue_is_where_something_was_held_or_is_reported_from(text: str, venue: str) -> None:
    assert known(text)[2] == venue


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The board opened a new ferry line to Storholm, which crosses in winter – as islanders had asked for in vain.",
         "The board opened a new ferry line to Storholm, which crosses in winter"),
        ("Islanders had waited nine years for a ferry.", "Islanders had waited nine years for a ferry"),
        ("LINDVIK (AP) — Islanders had waited nine years for a ferry.", "Islanders had waited nine years for a ferry"),
        ("Figure 1. A ferry.\nIslanders had waited nine years for it.", "Islanders had waited nine years for it"),
        ("They had waited nine years for a ferry that crosses in winter.", ""),
        ("Ole Sand, the captain of the first ferry to Storholm – a man of talents – and Liv Moen of Aas met on piers.",
         ""),
        ("- Ferries had been built\n- Ferries were sold", ""),
    ],
    ids=["clause", "sentence", "dateline", "caption", "leaning", "no verb", "list"],
)  # fmt: skip
def test_a_title_is_what_the_first_sentence_begins_with(text: str, title: str) -> None:
    assert known(text)[0] == title


def test_a_title_that_is_there_stays() -> None:
    text = "Islanders had waited nine years for a ferry."
    assert known(text, titled=True)[0] == ""
    (section,) = described(text, [Section(0, len(text), "Ferries")], (), titled=False)
    assert section.title == "Ferries"


def test_what_is_known_of_a_section_is_shown_and_goes_with_its_passages() -> None:
    text = "The board held a forum at Storholm Hall, entitled “Ferries.”  Many came.\nIn May they came again."
    text = text.replace("Ferries", "Ferries and Winter")
    sections = described(text, [Section(0, len(text), "Ferries")], (), titled=False)
    document = Document(Source("a.txt", "0"), text, sections)
    first, *_, last = chunk(document, measure=lambda texts: [len(one) / 60 for one in texts], overlap=0)
    assert first.venue == last.venue == "Storholm Hall"
    assert first.section == sections[0].title
    assert "Storholm Hall" in document_text(document)
    assert passage_contexts([last], [document], WordsEmbedder())[0].rstrip().endswith(last.section)


@given(st.text(alphabet="ABe, .“”()\n–", max_size=80).map(lambda end: "The board held a forum in Aas on May 3rd" + end))
@settings(deadline=None, max_examples=50)
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    assert all(part in text for part in known(text))
