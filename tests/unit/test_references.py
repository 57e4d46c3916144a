"""References and addresses: what people paste elsewhere, and links that last."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from dossier import Dossier
from dossier.web.places import find_place, place_of_hit
from dossier.web.references import Reference, as_bibtex, as_csl, as_markdown, as_text
from dossier.web.texts import LANGUAGES, TEXTS, language_of, say_place

MASONS = Reference(
    quote="I paid the\nmasons 50 % myself.",
    title="Letters & {notes}",
    path="letters/ada_1.md",
    place="line 5",
    date="1871-05",
    publisher="Lind",
    address="https://lind.example/a_b",
)


def test_a_quote_stands_before_its_source() -> None:
    assert as_text(MASONS) == (
        "“I paid the masons 50 % myself.”\n"
        "Letters & {notes}. Lind. 1871-05. letters/ada_1.md, line 5. https://lind.example/a_b"
    )
    assert as_markdown(MASONS).startswith("> I paid the masons 50 % myself.\n>\n> — Letters &#38; &#123;notes&#125;.")


def test_nothing_in_an_entry_is_a_command_of_tex() -> None:
    entry = as_bibtex(MASONS)
    assert entry.startswith("@misc{letters-notes-1871,\n  title = {Letters \\& \\{notes\\}},")
    assert "  year = {1871},\n  month = {5},\n" in entry
    assert "note = {letters/ada\\_1.md, line 5}" in entry
    assert "50 \\% myself" in entry
    assert "author" not in entry
    part = as_bibtex(replace(MASONS, author="Lind & Sons", container="The town"))
    assert "  author = {{Lind \\& Sons}},\n" in part
    assert "howpublished = {The town. Lind}" in part
    evil = as_bibtex(replace(MASONS, title="\\input{/etc/passwd}"))
    assert "\\textbackslash{}input\\{/etc/passwd\\}" in evil


def test_a_reference_manager_can_import_it() -> None:
    item = json.loads(as_csl(MASONS))[0]
    assert item["issued"] == {"date-parts": [[1871, 5]]}
    assert (item["type"], item["URL"]) == ("webpage", "https://lind.example/a_b")
    part = json.loads(as_csl(replace(MASONS, author="Lind & Sons", container="The town")))[0]
    assert (part["author"], part["container-title"]) == ([{"literal": "Lind & Sons"}], "The town")
    bare = json.loads(as_csl(Reference("Yes.", "a.txt", "a.txt", "line 1")))[0]
    assert bare == {"id": "a-txt", "type": "document", "title": "a.txt", "source": "a.txt, line 1", "note": "“Yes.”"}


def test_an_address_leads_to_its_sentence_and_to_nothing_else(toy: Dossier) -> None:
    hit = toy.search("Who built the old bridge?")[0]
    place = place_of_hit(toy, hit)
    assert find_place(toy, place.address) == place
    digest, *spans, check = place.address.split(".")
    assert find_place(toy, ".".join([digest, *spans, "0" * 8])) == "link_changed"
    assert find_place(toy, ".".join(["0" * 16, *spans, check])) == "link_changed"
    for nonsense in (None, 5, "", "../../etc/passwd", ".".join([digest, *reversed(spans), check]), ["a"]):
        assert find_place(toy, nonsense) == "no_passage"


@pytest.mark.parametrize(
    ("header", "language"),
    [("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("en;q=0.7,es", "es"), ("ca,es;q=0.8", "en"), ("", "en"), ("es;q=x,fr", "fr")],
)
def test_a_browser_is_answered_in_the_language_it_prefers_as_the_page_around_is(header: str, language: str) -> None:
    assert language_of({"accept-language": header}) == language


def test_every_text_names_the_same_things_in_every_language() -> None:
    for texts in TEXTS.values():
        assert len(texts) == len(LANGUAGES)
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in texts}) == 1
    assert say_place("fr", "lines 3–5") == "lignes 3–5"
    assert say_place("es", "somewhere else") == "somewhere else"
