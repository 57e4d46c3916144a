"""Any folder: links, odd names, several roots, duplicates, files that are too much, and rebuilds that read nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dossier import Dossier, Settings, build, search
from dossier.cli import main
from dossier.errors import InputError
from dossier.indexing import seen
from dossier.overview import status
from dossier.records import file_digest
from dossier.reports import BuildReport

TOY = Settings(model="words")
LONG = " ".join(f"Sentence number {number} speaks of harbour {number * 7}." for number in range(60))


def reasons(report: BuildReport) -> dict[str, str]:
    return {file.path: file.reason for file in report.skipped}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_lead_nowhere_twice_and_never_out(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The password is swordfish.")
    (corpus / "out.txt").symlink_to(tmp_path / "secret.txt")
    (corpus / "letters" / "up").symlink_to(corpus, target_is_directory=True)
    (corpus / "same.txt").symlink_to(corpus / "bridge.txt")
    report = build(corpus, tmp_path / "index", settings=TOY)
    assert "outside the folder" in reasons(report)["out.txt"]
    assert "a link to a folder" in reasons(report)["letters/up"]
    assert report.duplicates["same.txt"].description == "the same as bridge.txt"


@pytest.mark.skipif(sys.platform == "darwin", reason="there both spellings are one file")
def test_names_in_any_script_are_found_and_cited(tmp_path: Path) -> None:
    names = [
        "caf\u00e9.txt",
        "cafe\u0301.txt",
        "تقرير/سنوي.txt",
        "日本 語.md",
        "🐝 bees.txt",
        " spaced .txt",
        "100%.txt",
    ]
    for number, name in enumerate(names):
        file = tmp_path / "folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"Witness{number} saw the comet.", encoding="utf-8")
    report = build(tmp_path / "folder", tmp_path / "index", settings=TOY)
    assert sorted(report.added) == sorted(names)
    for number, name in enumerate(names):
        citation = Dossier.open(tmp_path / "index").ask(f"What saw Witness{number}?").citations[0]
        assert (citation.path, citation.state) == (name, "stands")


def test_several_folders_have_names_of_their_own(corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "corpus"
    other.mkdir(parents=True)
    (other / "bridge.txt").write_text("Another bridge, of steel, was opened by Otto.")
    index = tmp_path / "index"
    report = build([corpus, other, corpus], index, settings=TOY)
    assert report.folders == (corpus, other)
    assert report.added == ("corpus (2)/bridge.txt", "corpus/bridge.txt", "corpus/letters/ada.md", "corpus/zoo.txt")
    citation = Dossier.open(index).ask("Who opened a bridge of steel?").citations[0]
    assert (citation.path, citation.file, citation.state) == (
        "corpus (2)/bridge.txt",
        (other / "bridge.txt").resolve(),
        "stands",
    )
    assert main(["build", "--index", str(index)]) == 0  # the folders are remembered
    assert status(index).changes == {}


def test_several_folders_move_together_with_their_index(corpus: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(corpus, place / "one")
    shutil.copytree(corpus / "letters", place / "two")
    build([place / "one", place / "two"], place / "index", settings=TOY)
    place.rename(tmp_path / "moved")
    citation = Dossier.open(tmp_path / "moved" / "index").ask("Who built the bridge?").citations[0]
    assert (citation.path, citation.state) == ("one/bridge.txt", "stands")
    assert build([tmp_path / "moved" / "one", tmp_path / "moved" / "two"], tmp_path / "moved" / "index").embedded == 0


def test_a_folder_inside_another_is_read_once(corpus: Path, tmp_path: Path) -> None:
    report = build([corpus, corpus / "letters"], tmp_path / "index", settings=TOY)
    assert "letters/ada.md" in report.added
    assert "corpus/letters/ada.md" not in report.added
    assert "letters/" in reasons(report)["corpus/letters"]


def test_a_folder_that_is_not_mounted_takes_nothing_from_the_index(corpus: Path, tmp_path: Path) -> None:
    drive, index = tmp_path / "drive", tmp_path / "index"
    drive.mkdir()
    (drive / "far.txt").write_text("Far away lived a dragon.")
    build([corpus, drive], index, settings=TOY)
    (drive / "far.txt").unlink()
    with pytest.raises(InputError, match=r"drive'? holds no document"):
        build([corpus, drive], index)
    assert search("dragon", index=index)[0].passage.path == "drive/far.txt"
    assert "drive/far.txt" in build([corpus], index).removed


def test_unchanged_files_are_not_opened(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = tmp_path / "index"
    age(corpus)
    build(corpus, index, settings=TOY)
    opened: list[Path] = []
    monkeypatch.setattr(seen, "file_digest", lambda file: opened.append(file) or file_digest(file))
    assert build(corpus, index).embedded == 0
    assert status(index).changes == {}
    assert opened == []
    (corpus / "zoo.txt").write_text("The zoo closed.")
    assert build(corpus, index).changed == ("zoo.txt",)
    assert opened == [corpus / "zoo.txt"]


def age(folder: Path) -> None:
    """Make the files of a folder look as if they had lain there for a while."""
    for file in folder.rglob("*"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    time.sleep(seen.TICK / 1e9 + 0.1)  # when a file's entry was changed can't be set


@pytest.mark.skipif(sys.platform == "win32", reason="when a file's entry was changed is not kept there")
def test_a_change_within_a_tick_of_the_clock_is_seen(corpus: Path, tmp_path: Path) -> None:
    file, index = corpus / "zoo.txt", tmp_path / "index"
    for word in ("Olga", "Ogla", "Lago"):
        file.write_text(f"{word} arrived.")
        os.utime(file, (1_600_000_000, 1_600_000_000))  # the same size and time as before
        build(corpus, index, settings=TOY)
        assert Dossier.open(index).index.document_of["zoo.txt"].text == f"{word} arrived."


@pytest.mark.parametrize("damage", ["", "[]", '{"folders": 5}', '{"folders": [], "files": {"zoo.txt": [1]}}'])
def test_what_was_seen_may_be_lost(corpus: Path, toy_index: Path, damage: str) -> None:
    (toy_index / "seen.json").write_text(damage)
    assert build(corpus, toy_index).embedded == 0


def test_the_same_text_is_indexed_once_and_named_in_the_citation(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    (corpus / "letters" / "bridge copy.md").write_bytes((corpus / "bridge.txt").read_bytes().replace(b"\n", b"\r\n"))
    report = build(corpus, index, settings=TOY)
    assert report.duplicates["letters/bridge copy.md"].description == "the same as bridge.txt"
    assert {hit.passage.path for hit in search("old bridge", k=9, index=index)} & set(report.duplicates) == set()
    answer = Dossier.open(index).ask("Who built the old bridge?", documents=["letters/bridge copy.md"])
    assert (answer.citations[0].path, answer.citations[0].also) == ("bridge.txt", ("letters/bridge copy.md",))
    assert main(["ask", "Who built the old bridge?", "--index", str(index)]) == 0
    assert "[1] bridge.txt, line 1 (also in letters/bridge copy.md)" in capsys.readouterr().out

    (corpus / "bridge.txt").unlink()
    assert build(corpus, index).duplicates == {}
    assert search("old bridge", index=index)[0].passage.path == "letters/bridge copy.md"


def test_of_what_is_nearly_the_same_the_differences_are_indexed(corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.txt").write_text(f"{LONG} The lighthouse stands.")
    (corpus / "b.txt").write_text(f"{LONG} The lighthouse stands. Only here sleeps the walrus.")
    (corpus / "c.txt").write_text(f"{LONG} The lightship stands.")
    report = build(corpus, tmp_path / "index", settings=Settings(model="words", max_tokens=40, overlap=0))
    assert {path: duplicate.original for path, duplicate in report.duplicates.items()} == {
        "b.txt": "a.txt",
        "c.txt": "a.txt",
    }
    assert "nearly the same (9" in report.duplicates["b.txt"].description
    dossier = Dossier.open(tmp_path / "index")
    assert dossier.search("walrus")[0].passage.path == "b.txt"
    assert len(dossier.index.passages_of["b.txt"]) == len(dossier.index.passages_of["c.txt"]) == 1
    citation = dossier.ask("Which sentence speaks of harbour 70?").citations[0]
    assert (citation.path, citation.also) == ("a.txt", ("b.txt", "c.txt"))
    assert dossier.ask("Where is the lighthouse?").citations[0].also == ("b.txt",)
    assert dossier.ask("Where is the lightship?").citations[0].path == "c.txt"
    asked_of_c = partial(dossier.ask, documents=["c.txt"])
    assert asked_of_c("Which sentence speaks of harbour 70?").citations[0].also == ("b.txt", "c.txt")
    assert "lighthouse" not in " ".join(hit.passage.text for hit in asked_of_c("Where is the lighthouse?").hits)


def test_a_form_letter_with_another_name_is_another_document(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("Smith", "Jones"):
        (folder / f"{name}.txt").write_text(f"Dear Ms. {name}, your account is closed. Yours truly.")
    assert build(folder, tmp_path / "index", settings=TOY).duplicates == {}


def test_a_file_that_takes_too_long_costs_itself_only_and_is_tried_again_with_more_time(
    corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    (corpus / "endless.md").write_text("* a\n" * 100_000)
    report = build(corpus, index, settings=TOY.changed(seconds_per_file=0.05))
    assert reasons(report)["endless.md"] == "reading it took more than 0.05 s"
    assert report.added == ("bridge.txt", "letters/ada.md", "zoo.txt")
    assert build(corpus, index).generation == report.generation  # the limit is remembered, and nothing is tried again
    (corpus / "endless.md").write_text("* a\n")
    assert build(corpus, index).added == ("endless.md",)


def test_a_failure_of_the_moment_is_not_remembered(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def refused(file: Path) -> bytes:
        if file.name == "zoo.txt":
            raise OSError(24, "Too many open files")
        return real(file)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refused)
        report = build(corpus, tmp_path / "index", settings=TOY)
    assert reasons(report)["zoo.txt"] == "it can't be opened: Too many open files"
    assert build(corpus, tmp_path / "index").added == ("zoo.txt",)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no limit")
def test_a_file_that_takes_too_much_memory_costs_itself_only(corpus: Path, tmp_path: Path) -> None:
    (corpus / "huge.txt").write_text("A line of a very large file.\n" * 2_000_000)
    with (corpus / "larger.txt").open("wb") as file:
        file.truncate(200 << 20)
    report = build(corpus, tmp_path / "index", settings=TOY.changed(megabytes_per_file=64))
    for name in ("huge.txt", "larger.txt"):
        assert reasons(report)[name] == "reading it needed more than 64 MB"
    assert report.documents == 3
    assert build(corpus, tmp_path / "index").generation == report.generation


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "60"])
@pytest.mark.parametrize("name", ["seconds_per_file", "megabytes_per_file"])
def test_limits_that_make_no_sense_are_refused(name: str, value: object) -> None:
    with pytest.raises(InputError, match=name):
        TOY.changed(**{name: value})  # type: ignore[arg-type]


def test_a_program_without_a_guard_may_build(corpus: Path, tmp_path: Path) -> None:
    (corpus / "book.txt").write_text("A line of a rather large book.\n" * 10_000)
    (tmp_path / "program.py").write_text(
        "print('begun')\n"
        "from dossier import Settings, build\n"
        f"print(build({str(corpus)!r}, {str(tmp_path / 'index')!r}, settings=Settings(model='words')).documents)\n"
    )
    command = [sys.executable, str(tmp_path / "program.py")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    assert (ran.stdout, ran.stderr) == ("begun\n4\n", "")


def test_many_files_are_summed_up_unless_all_are_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(210):
        file = tmp_path / "folder" / f"year {number % 3}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"Report {number}.")
    (tmp_path / "folder" / "odd.xyz").write_text("?")
    index = str(tmp_path / "index")
    assert main(["build", str(tmp_path / "folder"), "--index", index, "--model", "words"]) == 0
    printed = capsys.readouterr().out
    assert "  added     year 1/… 70 files\n" in printed
    assert "  skipped   odd.xyz: " in printed
    assert "211 files, summed up by folder; --all lists every one." in printed
    assert main(["status", "--all", "--index", index]) == 0
    assert capsys.readouterr().out.count("  indexed ") == 210


FILE = st.sampled_from(
    ["", "A bee. ", LONG, LONG + " One more thing.", f"First of all.\n{LONG}", "Bees hum.\n\nA bee."]
)
PLACE = st.sampled_from(["one/a.txt", "one/b.md", "one/c/d.txt", "two/a.txt", "two/z.txt"])
STEP = st.one_of(
    st.tuples(st.just("write"), PLACE, FILE),
    st.tuples(st.just("remove"), PLACE),
    st.tuples(st.just("move"), PLACE, PLACE),
)


@given(st.lists(st.lists(STEP, max_size=4), min_size=2, max_size=4), st.booleans())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_folders_an_incremental_build_equals_a_fresh_one(
    tmp_path: Path, history: list[list[tuple[str, ...]]], several: bool
) -> None:
    place = tmp_path / "place"
    shutil.rmtree(place, ignore_errors=True)
    for name in ("one", "two"):
        (place / name / "c").mkdir(parents=True)
        (place / name / "always.txt").write_text(f"The document of {name} stays.")
    folders = [place / "one", place / "two"] if several else [place / "one"]
    for steps in history:
        for step in steps:
            happen(place, *step)
        build(folders, place / "index", settings=TOY)
    build(folders, place / "fresh", settings=TOY)
    one, other = Dossier.open(place / "index").index, Dossier.open(place / "fresh").index
    assert one.manifest == other.manifest
    assert one.documents == other.documents
    assert one.passages == other.passages
    assert np.array_equal(one.signatures, other.signatures)
    assert np.allclose(one.dense.vectors(), other.dense.vectors())


def happen(place: Path, act: str, path: str, other: str = "") -> None:
    """One thing that people do to files."""
    file = place / path
    if act == "write":
        file.write_text(other)
    elif act == "remove":
        file.unlink(missing_ok=True)
    elif file.exists():
        file.replace(place / other)


def test_the_whole_report_is_in_the_json(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "zoo copy.txt").write_text((corpus / "zoo.txt").read_text())
    assert main(["build", str(corpus), "--index", str(tmp_path / "index"), "--model", "words", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["duplicates"]["zoo.txt"]["description"] == "the same as zoo copy.txt"
    assert report["folder"] == report["folders"][0] == str(corpus)
