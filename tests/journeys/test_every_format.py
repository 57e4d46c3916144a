"""A folder of every format is built and asked, and hostile files can't stop it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from dossier import Dossier, Settings, build

HERE = Path(__file__).parent
FILES = HERE.parent / "files"


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    folder = tmp_path_factory.mktemp("every") / "files"
    shutil.copytree(FILES, folder)
    (folder / "ships.csv").write_text("ship,captain\nConstance,Holm\nHope,Dahl\n", encoding="utf-8")
    report = build(folder, folder.parent / "index", settings=Settings(model="words"))
    assert {file.path: file.reason for file in report.skipped}["locked.pdf"].startswith("it is encrypted")
    assert report.remarks["tides.pdf"] == "page 2 holds no text (scanned?)"
    return Dossier.open(folder.parent / "index")


@pytest.mark.parametrize(
    ("question", "path", "place"),
    [
        ("When was the new mole finished and what did it cost?", "harbour.pdf", "p. 3"),
        ("Tell them about the winter of 1888", "talk.pptx", "slide 2"),
        ("Which captain had the ship Hope?", "ships.csv", "row 3"),
        ("How many notebooks do his diaries fill?", "lamps.epub", "paragraph"),
        ("When was the new mole finished and what did it cost?", "harbour.docx", "paragraph"),
        ("When was the new mole finished and what did it cost?", "harbour.odt", "paragraph"),
        ("When was the new mole finished and what did it cost?", "harbour.rtf", "paragraph"),
        ("When was the new mole finished and what did it cost?", "harbour.html", "paragraph"),
    ],
)
def test_a_citation_names_the_place_that_its_format_counts(
    every: Dossier, question: str, path: str, place: str
) -> None:
    found = [hit.passage for hit in every.search(question, documents=[path])]
    assert place in found[0].location
    assert place in every.ask(question, documents=[path]).citations[0].location


def test_hostile_files_are_read_or_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE.parent / "attacks"))
    import mutate_files

    try:
        said = {name: verdict for name, _, verdict, _ in mutate_files.attack(150, seed=11, with_bombs=False)}
    finally:
        sys.modules.pop("mutate_files", None)
    assert set(said.values()) <= {"read", "refused"}
