"""The words of the page: numbers take the forms that each language asks for, and reasons are said in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dossier import Dossier, Settings
from dossier.errors import DossierError
from dossier.reading.folder import scan
from dossier.reading.parsing import parse
from dossier.records import Corpus, Duplicate
from dossier.reports import Progress
from dossier.web.cards import answer_html
from dossier.web.counts import COUNTED, count, figure, size_text
from dossier.web.map import Map
from dossier.web.opening import Opening, stage_text
from dossier.web.reasons import duplicate_text, reason_html
from dossier.web.texts import LANGUAGES, TEXTS

FILES = Path(__file__).parents[1] / "files"


def test_one_and_several_and_none_are_said_as_they_are_in_each_language() -> None:
    said = {number: [count(language, "added", number) for language in LANGUAGES] for number in (0, 1, 2)}
    assert said[0] == ["0 added", "0 ajouté", "0 añadidos"]
    assert said[1] == ["1 added", "1 ajouté", "1 añadido"]
    assert said[2] == ["2 added", "2 ajoutés", "2 añadidos"]
    assert [count(language, "passages", 1) for language in LANGUAGES] == ["1 passage", "1 passage", "1 pasaje"]
    assert [figure(language, 1234.5, 1) for language in LANGUAGES] == ["1,234.5", "1\u202f234,5", "1234,5"]
    assert [size_text(language, 12_345_678) for language in LANGUAGES] == ["12.3 MB", "12,3 Mo", "12,3 MB"]


def test_numbers_are_written_as_they_are_in_each_language(toy: Dossier, tmp_path: Path) -> None:
    hit = replace(toy.search("Who built the old bridge?")[0], score=0.5)
    answer = replace(toy.ask("Who built the old bridge?"), hits=(hit,))
    answer = replace(answer, citations=answer.citations[:1], quoted=(), text="")
    card = answer_html(answer, [""], [""], "fr", thumbs=" ", reader=False)
    assert "score 0,50" in card
    assert not re.findall(r"<dd>\d\.", card)
    assert stage_text(Progress("reading", 1234, 56_789), "es") == "lectura (1234 / 56\u202f789)"
    nowhere = Opening(tmp_path / "none", tmp_path / "none", Settings(model="words"))
    nowhere.start()
    assert nowhere.wait(60)
    assert Map(nowhere).look(None, "fr")["notice"].startswith("Il n’y a pas de dossier")


def test_every_text_has_the_same_names_in_every_language() -> None:
    for texts in (*TEXTS.values(), *(pair for forms in COUNTED.values() for pair in zip(*forms, strict=True))):
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in texts}) == 1, texts


def test_reasons_are_said_in_the_language_of_the_page(corpus: Path) -> None:
    (corpus / ".dossierignore").write_text("zoo*\n", encoding="utf-8")
    reasons = {file.path: file.reason for file in scan(Corpus.of([corpus]), leave_out=corpus / "index")[1]}
    assert reason_html("en", reasons["zoo.txt"]) == "left out by &#x27;zoo*&#x27; in .dossierignore, line 1"
    assert reason_html("fr", reasons["zoo.txt"]) == "écarté par &#x27;zoo*&#x27; dans .dossierignore, ligne 1"
    assert reason_html("es", reasons["map.png"]).startswith("los archivos .png aún no se leen; dossier lee .txt,")
    assert reason_html("fr", reasons[".dossierignore"]) == "caché"
    with pytest.raises(DossierError) as error:
        parse(FILES, "locked.pdf")
    assert reason_html("es", str(error.value)) == "está cifrado; guárdelo sin contraseña"
    assert duplicate_text("fr", Duplicate("a.txt", same=False, likeness=0.97)) == "presque le même (97 %) que a.txt"
    unknown = "it can't be read as .docx (<b>)"
    assert reason_html("es", unknown) == '<span lang="en">it can&#x27;t be read as .docx (&lt;b&gt;)</span>'
