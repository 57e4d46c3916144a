"""What an attack on dossier found, told as stories so that it stays mended."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dossier import Dossier, Settings, build, search
from dossier.answers import State, file_state
from dossier.errors import BrokenIndexError, InputError
from dossier.indexing import generations
from dossier.indexing.index import Index
from dossier.reading.folder import scan
from dossier.reading.sections import plain_sections
from dossier.reading.sentences import sentence_spans
from dossier.records import Corpus, Skipped
from dossier.web.opening import Opening

TOY = Settings(model="words")
WRAPPED = (
    "The council of the town met in the evening, and it was said",
    "that the old bridge should be taken down before the end of the",
    "year, since nobody could say any more how long it would stand.",
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
def test_wrapped_lines_are_one_sentence_whatever_ends_them(end: str) -> None:
    assert len(sentences(end.join(WRAPPED) + end)) == 1
    assert len(sentences(end.join([*WRAPPED, "", *WRAPPED]) + end)) == 2


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\u3000", "\u2028", "\u0085"])
def test_an_odd_space_before_a_full_stop_panics_nobody(space: str) -> None:
    text = f"Il prend de la vitamine B{space}. Puis il part."
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")


def test_a_long_paragraph_is_not_cut_in_the_middle_of_a_sentence() -> None:
    text = " ".join(f"This is the sentence with number {number} in one very long paragraph." for number in range(300))
    found = sentences(text)
    assert len(found) == 300
    assert all(sentence.endswith("paragraph.") for sentence in found)


def test_capitals_of_any_alphabet_begin_a_heading_and_sentences_of_any_end_none() -> None:
    text = "Text.\n\nŠumava\n\nMore text.\n\n他说了很多话。\n\nОбзор\n\nEnd.\n"
    assert [section.title for section in plain_sections(text)] == ["", "Šumava", "Обзор"]


def test_folders_of_the_reader_are_never_removed(corpus: Path, tmp_path: Path) -> None:
    mine = tmp_path / "index" / "generations" / "grandparents"
    mine.mkdir(parents=True)
    for number in range(4):
        (corpus / "zoo.txt").write_text(f"Olga is {number}.")
        build(corpus, tmp_path / "index", settings=TOY)
    assert mine.exists()


def test_an_index_may_not_hold_its_own_documents(corpus: Path) -> None:
    for index in (corpus, corpus.parent):
        with pytest.raises(InputError, match="holds the documents"):
            build(corpus, index, settings=TOY)


def test_indexes_inside_the_documents_are_left_out(corpus: Path) -> None:
    build(corpus, corpus / "index", settings=TOY)
    assert build(corpus, corpus / "index").embedded == 0
    report = build(corpus, corpus / "compact", settings=TOY)
    assert report.documents == 3
    assert Skipped("index", "another index") in report.skipped


def test_builders_and_readers_at_once_see_whole_generations(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(corpus, index, settings=TOY)
    faults: list[Exception] = []

    def until_it_fails(act: object) -> None:
        try:
            for number in range(12):
                act(number)  # type: ignore[operator]
        except Exception as error:
            faults.append(error)

    def rebuild(name: str) -> object:
        def act(number: int) -> None:
            (corpus / f"{name}.txt").write_text(f"{name} writes letter number {number}.")
            build(corpus, index, settings=TOY)

        return act

    acts = [rebuild("Ada"), rebuild("Bob"), *[lambda _: [search("Who writes?", index=index) for _ in range(5)]] * 3]
    threads = [threading.Thread(target=until_it_fails, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert {"Ada.txt", "Bob.txt"} & {hit.passage.path for hit in search("Who writes?", index=index)}


def test_a_reader_moves_on_when_what_it_reads_is_replaced(
    corpus: Path, toy_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = generations._read_current(toy_index)
    for number in range(3):
        (corpus / "zoo.txt").write_text(f"Olga is {number}.")
        build(corpus, toy_index)
    answers = iter([stale])
    real = generations._read_current
    monkeypatch.setattr(generations, "_read_current", lambda index: next(answers, None) or real(index))
    assert generations.open_current(toy_index, Index.load)[0] == real(toy_index)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are made otherwise there")
def test_no_entry_of_a_folder_stops_a_scan(corpus: Path) -> None:
    (corpus / "self.txt").symlink_to(corpus / "self.txt")
    os.mkfifo(corpus / "pipe.txt")
    deep = corpus
    for _ in range(400):
        deep = deep / "d"
        deep.mkdir()
    sources, skipped = scan(Corpus.of([corpus]), leave_out=Path("/nowhere"))
    assert len(sources) == 3
    assert {"self.txt", "pipe.txt"} <= {file.path for file in skipped}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_file_that_became_a_pipe_is_missing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert file_state(tmp_path / "a.txt", "0") is State.MISSING


def test_a_bracket_in_a_document_is_no_citation(corpus: Path, tmp_path: Path) -> None:
    (corpus / "fall.txt").write_text("The bridge fell in 1903 [2] and again later [7].")
    build(corpus, tmp_path / "index", settings=TOY)
    answer = Dossier.open(tmp_path / "index").ask("When fell the bridge again later?")
    assert "[2] and again later [7].” [1]" in answer.text
    assert answer.quoted == (1,)


def test_a_skipped_file_that_has_text_now_is_a_change(corpus: Path, tmp_path: Path) -> None:
    from dossier.overview import status

    (corpus / "late.txt").write_text("")
    build(corpus, tmp_path / "index", settings=TOY)
    assert status(tmp_path / "index").changes == {}
    (corpus / "late.txt").write_text("Here it is.")
    assert status(tmp_path / "index").changes == {"late.txt": "changed"}


def test_a_build_that_changes_the_working_directory_finds_its_index(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    build("corpus", "index", settings=TOY, progress=lambda _: os.chdir(elsewhere))
    assert Dossier.open(tmp_path / "index").ask("elephant").citations[0].state == "stands"


@pytest.mark.parametrize(
    ("part", "harm"),
    [
        ("manifest.json", lambda data: data | {"folders": {"": 5}}),
        ("manifest.json", lambda data: data | {"recipe": data["recipe"] | {"max_tokens": "abc"}}),
        ("manifest.json", lambda data: data | {"recipe": data["recipe"] | {"embedder": None}}),
        ("manifest.json", lambda _: []),
        ("documents.npy", lambda array: array * 3),
        ("passages/starts.npy", lambda array: array - 1),
        ("passages/spans.npy", lambda array: array * 10**9),
        ("passages/spans.npy", lambda array: array[:, ::-1]),
        ("passages/spans.npy", lambda array: array.astype(float)),
        ("passages/sentences.npy", lambda array: array * 0),
        ("dense/vectors.npy", lambda array: array * np.nan),
    ],
)
def test_an_index_that_somebody_tampered_with_is_refused(
    toy: Dossier, toy_index: Path, part: str, harm: Callable[[Any], Any]
) -> None:
    file = generations.folder_of(toy_index, toy.generation) / part
    if part.endswith("npy"):
        np.save(file, harm(np.array(np.load(file))))
    else:
        file.write_text(json.dumps(harm(json.loads(file.read_text("utf-8")))), encoding="utf-8")
    with pytest.raises(BrokenIndexError, match="can't be read"):
        Index.load_whole(generations.folder_of(toy_index, toy.generation))


def test_an_error_nobody_foresaw_does_not_keep_the_page_waiting(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dossier.web.opening.build", lambda *_, **__: 1 / 0)
    opening = Opening(corpus, tmp_path / "index", TOY)
    opening.start()
    assert opening.wait(10)
    assert "ZeroDivisionError" in opening.error


@pytest.mark.parametrize("values", [{"max_tokens": "50"}, {"max_tokens": 20.5}, {"overlap": "1"}, {"model": 5}])
def test_settings_of_the_wrong_kind_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Settings(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("question", "k"), [(None, 5), (5, 5), ("bridge", "3"), ("bridge", 2.5)])
def test_questions_of_the_wrong_kind_are_refused(toy: Dossier, question: object, k: object) -> None:
    with pytest.raises(InputError):
        toy.search(question, k=k)  # type: ignore[arg-type]
