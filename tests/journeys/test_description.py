"""A corpus brings a description, and it goes where titles, dates and publishers go: citations, exports, vectors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dossier import Dossier, ask, build
from dossier.cli import main
from dossier.overview import status
from dossier.web.keeping import keep

QUESTION = "Who built the old bridge?"
LINDBY = """title = "The town of <Lindby>"
questions = ["When did the zoo open?"]
[documents."bridge.txt"]
title = "A & B on the river"
author = "Bo Holm"
publisher = "The {0} of Lindby"
date = 1911
address = "https://lindby.example/bridge?a=1&b=2"
"""


def describe(folder: Path, text: str) -> None:
    (folder / ".dossier.toml").write_text(text, encoding="utf-8")


def test_what_is_said_of_a_document_stands_in_its_citations_and_exports(
    corpus: Path, toy_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    describe(corpus, LINDBY.format("Club"))
    assert build(corpus, toy_index).faults == ()
    assert main(["ask", QUESTION, "--index", str(toy_index)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("[1] bridge.txt"))
    assert line.endswith(
        " · A & B on the river · Bo Holm · The Club of Lindby · 1911 · https://lindby.example/bridge?a=1&b=2"
    )
    assert main(["status", "--index", str(toy_index)]) == 0
    assert capsys.readouterr().out.startswith("Corpus     The town of <Lindby>\n")
    assert Dossier.open(toy_index).examples(3)[0] == "When did the zoo open?"

    answer = ask(QUESTION, index=toy_index)
    markdown, html, data = (
        kept.text for form in ("Markdown", "HTML", "JSON") if (kept := keep([answer], form, "en", "The <town>"))
    )
    assert markdown.startswith("# The &#60;town&#62; · Conversation\n")
    assert "The Club of Lindby" in markdown
    assert "<title>The &lt;town&gt; · Conversation</title>" in html
    assert '<a href="https://lindby.example/bridge?a=1&amp;b=2" rel=' in html
    assert json.loads(data)["corpus"] == "The <town>"
    assert json.loads(data)["answers"][0]["citations"][0]["author"] == "Bo Holm"


def test_what_is_saved_names_a_model_but_not_where_it_is(corpus: Path, toy_index: Path) -> None:
    answer = ask(QUESTION, index=toy_index)
    assert answer.provenance is not None
    models = {"embedder": str(corpus / "e5"), "reader": "minilm"}
    provenance = replace(answer.provenance, recipe=answer.provenance.recipe | models)
    kept = keep([replace(answer, provenance=provenance)], "JSON", "en", "The town")
    assert kept is not None
    recipe = json.loads(kept.text)["answers"][0]["provenance"]["recipe"]
    assert (recipe["embedder"], recipe["reader"]) == ("e5", "minilm")
    assert str(corpus) not in kept.text


def test_a_changed_description_is_noticed_and_costs_no_more_than_it_must(
    corpus: Path, toy_index: Path, tmp_path: Path
) -> None:
    bare = Dossier.open(toy_index).index
    describe(corpus, LINDBY.format("Club"))
    assert status(toy_index).changes == {".dossier.toml": "new"}
    report = build(corpus, toy_index)
    assert 0 < report.embedded < report.passages  # the title is part of what the passages of one document mean
    assert report.unchanged == ("bridge.txt", "letters/ada.md", "zoo.txt")
    assert status(toy_index).changes == {}

    describe(corpus, LINDBY.format("Mayor"))
    assert status(toy_index).changes == {".dossier.toml": "changed"}
    assert build(corpus, toy_index).embedded == 0
    assert ask(QUESTION, index=toy_index).citations[0].publisher == "The Mayor of Lindby"
    generation = Dossier.open(toy_index).generation
    assert build(corpus, toy_index).generation == generation

    describe(corpus, LINDBY.format("Mayor").replace("date = 1911", "date = "))
    report = build(corpus, toy_index)
    assert "is not used: it is not TOML: Invalid value (at line 7" in report.faults[0]
    assert Dossier.open(toy_index).index.documents == bare.documents

    (corpus / ".dossier.toml").unlink()
    assert status(toy_index).changes == {".dossier.toml": "gone"}
    build(corpus, toy_index)
    again = Dossier.open(toy_index).index
    assert (again.documents, again.passages, again.manifest) == (bare.documents, bare.passages, bare.manifest)


def test_each_of_several_folders_describes_its_own(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOSSIER_MODEL", "words")
    (tmp_path / "harbour").mkdir()
    (tmp_path / "harbour" / "ships.txt").write_text("Three ships lay in the harbour.", encoding="utf-8")
    describe(corpus, "title = 'Town'\n[documents.'zoo.txt']\nauthor = 'Olga'\n[documents.'ships.txt']\nauthor = 'No'")
    describe(tmp_path / "harbour", "title = 'Harbour'\n[documents.'ships.txt']\nauthor = 'Bo\u202e'\ntitle = true")
    describe(corpus / "letters", "title = 'Letters'")
    index = str(tmp_path / "index")
    assert main(["build", str(corpus), str(tmp_path / "harbour"), "--index", index]) == 0
    printed = capsys.readouterr().out
    assert 'corpus/.dossier.toml, [documents."ships.txt"]: there is no such document.' in printed
    assert 'harbour/.dossier.toml, [documents."ships.txt"]: the title is true or false; write a text' in printed
    assert "corpus/letters/.dossier.toml: hidden; only the one at the top of the folder" in printed
    opened = Dossier.open(index)
    assert opened.description.title == "Town · Harbour"
    assert opened.index.document_of["corpus/zoo.txt"].author == "Olga"
    assert main(["ask", "What lay in the harbour?", "--index", index]) == 0
    assert "harbour/ships.txt, line 1 · Bo\\u202e" in capsys.readouterr().out
