"""An index that can't lie: killed builders, full disks, damage, two builders at once, going back."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dossier import Dossier, Settings, build
from dossier.cli import main
from dossier.errors import BrokenIndexError, InputError, StorageError
from dossier.indexing.checked import CHECKED, CHECKSUMS, looks_of, read_digests
from dossier.indexing.dense import Dense
from dossier.indexing.disk import replace_file, sealed
from dossier.indexing.embedding import Embedded, WordsEmbedder
from dossier.indexing.generations import CURRENT, current, folder_of, generations, one_builder, publish
from dossier.indexing.validating import check_path
from dossier.indexing.verifying import check_built
from dossier.records import file_digest
from dossier.upkeep import rollback, verify

ENDURANCE = Path(__file__).parents[1] / "endurance"
TOY = Settings(model="words")


@pytest.fixture
def endurance(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The scripts for long runs can be imported."""
    monkeypatch.syspath_prepend(str(ENDURANCE))
    yield
    for file in ENDURANCE.glob("*.py"):
        sys.modules.pop(file.stem, None)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="it forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_builder_that_is_killed_leaves_the_old_index_or_the_new_one(endurance: None, tmp_path: Path) -> None:
    import kill_builders

    found = kill_builders.attack(4, seed=3, place=tmp_path)
    assert not [what for what in found if what.startswith("wrong")], found
    assert found["next build equals a fresh one"]


def test_damage_is_always_found_and_never_changes_an_answer(endurance: None, tmp_path: Path) -> None:
    import damage_index

    found = damage_index.attack(40, seed=5, place=tmp_path)
    assert not [what for what in found if what.startswith("wrong")], found
    assert found["open refused"]


def test_what_has_rotted_without_looking_different_is_never_built_on(corpus: Path, toy_index: Path) -> None:
    generation = folder_of(toy_index, current(toy_index))
    texts = generation / "texts.txt"
    texts.write_bytes(texts.read_bytes().replace(b"1871", b"1971"))
    looks = looks_of(generation, [CHECKSUMS, *read_digests(generation)])
    found_right = {"checksums": file_digest(generation / CHECKSUMS), "files": looks}
    replace_file(toy_index / CHECKED, sealed(found_right))
    assert "1971" in Dossier.open(toy_index).index.document_of["bridge.txt"].text
    assert verify(toy_index).damage
    (corpus / "new.txt").write_text("A ferryman kept bees.", encoding="utf-8")
    assert "damaged" in build(corpus, toy_index).set_aside
    assert "1871" in Dossier.open(toy_index).index.document_of["bridge.txt"].text


def test_builders_and_readers_at_once_meet_no_error_and_no_mixture(endurance: None, tmp_path: Path) -> None:
    import build_while_reading

    found = build_while_reading.attack(2, readers=2, place=tmp_path)
    assert not [what for what in found if what.startswith("wrong")], found
    assert found["questions"]
    assert found["builds"] > 1


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_question_after_question_leaves_no_file_open(endurance: None, tmp_path: Path) -> None:
    import ask_for_long

    seen = ask_for_long.attack(100, seed=1, place=tmp_path)
    assert seen[-1][2] <= seen[len(seen) // 2][2]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit there")
@pytest.mark.parametrize("size", [0, 100, 2_000, 20_000])
def test_a_disk_that_takes_no_more_is_said_and_leaves_the_index_as_it_was(
    corpus: Path, toy_index: Path, size: int
) -> None:
    import resource

    before = current(toy_index)
    (corpus / "new.txt").write_text("A heron stood in the reeds.")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        with pytest.raises(StorageError, match=r"can't be written.*What was there is as it was"):
            build(corpus, toy_index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (current(toy_index), verify(toy_index).damage) == (before, ())
    build(corpus, toy_index)
    assert Dossier.open(toy_index).search("heron")[0].passage.path == "new.txt"


def test_a_disk_that_is_full_or_read_only_leaves_the_old_index(endurance: None, tmp_path: Path) -> None:
    import full_disk

    try:
        found = full_disk.attack(3, seed=1, place=tmp_path)
    except OSError as error:
        pytest.skip(f"{error}")
    assert not [what for what in found if what.startswith("wrong")], found
    assert found["full: refused"]
    assert found["read-only: refused"] == 1


def test_an_interrupted_build_goes_on_with_what_it_had_embedded(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "long.txt").write_text("\n\n\n".join(f"Witness {number} saw the comet." for number in range(200)))
    embed = WordsEmbedder.embed_passages
    made: list[int] = []

    def interrupted(self: WordsEmbedder, texts: list[str], sentences: list[list[tuple[int, int]]]) -> Embedded:
        made.append(len(texts))
        if len(made) == 4:  # the first is a sample
            raise KeyboardInterrupt
        return embed(self, texts, sentences)

    monkeypatch.setattr(WordsEmbedder, "embed_passages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(corpus, tmp_path / "index", settings=TOY)
    report = build(corpus, tmp_path / "index", settings=TOY)
    assert report.embedded == report.passages - sum(made[1:3])
    monkeypatch.undo()
    build(corpus, tmp_path / "fresh", settings=TOY)
    one, other = Dossier.open(tmp_path / "index").index, Dossier.open(tmp_path / "fresh").index
    assert np.array_equal(one.dense.vectors(), other.dense.vectors())
    assert one.manifest == other.manifest
    assert not (tmp_path / "index" / "journal").exists()


def test_rows_that_are_not_their_passages_are_never_published(toy: Dossier, toy_index: Path) -> None:
    def write_backwards(folder: Path) -> None:
        sound = folder_of(toy_index, toy.generation)
        all_but = shutil.ignore_patterns("checksums.json", "vectors.npy")
        shutil.copytree(sound, folder, ignore=all_but, dirs_exist_ok=True)
        Dense.of(toy.index.dense.vectors()[::-1]).save(folder / "dense")

    with one_builder(toy_index), pytest.raises(StorageError, match="its own text does not lead to it"):
        publish(toy_index, write_backwards, check=lambda folder: check_built(folder, toy.embedder))
    assert generations(toy_index) == [toy.generation]


def test_a_second_builder_waits_and_then_finds_the_work_done(corpus: Path, tmp_path: Path) -> None:
    index, stages, reports = tmp_path / "index", [], []

    def second() -> None:
        note = lambda step: stages.append(step.stage)  # noqa: E731
        reports.append(build(corpus, index, settings=TOY, progress=note))

    waiting = threading.Thread(target=second)

    def first(step: object) -> None:
        if not waiting.is_alive() and not reports:
            waiting.start()
            while "waiting for another build" not in stages:
                pass

    report = build(corpus, index, settings=TOY, progress=first)
    waiting.join(30)
    assert stages[0] == "waiting for another build"
    assert (reports[0].generation, reports[0].embedded) == (report.generation, 0)


def test_rollback_goes_back_and_forth(corpus: Path, toy_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="no generation before"):
        rollback(toy_index)
    (corpus / "zoo.txt").write_text("A heron stood in the reeds.")
    newer = build(corpus, toy_index).generation
    older = generations(toy_index)[0]
    assert main(["rollback", "--index", str(toy_index), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"generation": older}
    assert main(["status", "--index", str(toy_index)]) == 0
    assert f"Kept too   {newer}" in capsys.readouterr().out
    assert "elephant" in Dossier.open(toy_index).ask("elephant").text
    assert rollback(toy_index, newer) == newer
    assert "heron" in Dossier.open(toy_index).ask("heron").text
    with pytest.raises(InputError, match=rf"no generation 'x'.*{older}"):
        rollback(toy_index, "x")


def test_rollback_mends_a_damaged_index_but_goes_to_no_damaged_one(corpus: Path, toy_index: Path) -> None:
    (corpus / "zoo.txt").write_text("A heron stood in the reeds.")
    newer = build(corpus, toy_index).generation
    older = generations(toy_index)[0]
    (folder_of(toy_index, newer) / "sentences.npy").write_bytes(b"nonsense")
    damage = verify(toy_index).damage
    assert [(one.path.name, "dossier rollback" in one.mend) for one in damage] == [("sentences.npy", True)]
    assert rollback(toy_index) == older
    (folder_of(toy_index, newer) / "manifest.json").write_text("{}")
    with pytest.raises(BrokenIndexError):
        rollback(toy_index, newer)
    assert current(toy_index) == older


def test_so_many_generations_are_kept_as_was_said(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    for number in range(5):
        (corpus / "zoo.txt").write_text(f"Olga is {number} years old.")
        build(corpus, index, settings=TOY.changed(kept=3) if not number else None)  # it is remembered
    assert len(generations(index)) == 3


def test_verify_says_that_an_index_is_sound_and_what_it_asked(
    toy_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--index", str(toy_index)]) == 0
    assert "The index is sound" in (printed := capsys.readouterr().out)
    assert "5 questions with known answers asked" in printed
    (toy_index / CURRENT).write_text("{")
    assert main(["verify", "--index", str(toy_index), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["damage"][0]["mend"].startswith("dossier rollback")
    (toy_index / CURRENT).unlink()
    assert main(["verify", "--index", str(toy_index)]) == 1
    assert "it is missing\n  Type: dossier rollback" in capsys.readouterr().out
    assert rollback(toy_index)
    assert main(["verify", "--index", str(toy_index)]) == 0


def test_an_older_format_is_built_again_as_it_was_built(corpus: Path, toy_index: Path) -> None:
    falsify(toy_index, "manifest.json", lambda text: text.replace('"format": ', '"format": -'))
    report = build(index=toy_index, folder=corpus)
    assert "its format is -" in report.set_aside
    assert Dossier.open(toy_index).embedder.name == "words"


FALSE = {
    "a quote of nothing": ("passages/spans.npy", lambda spans: put(spans, 0, (0, 0))),
    "a quote beyond the text": ("passages/spans.npy", lambda spans: put(spans, -1, (0, 99999))),
    "a line that is another": ("passages/lines.npy", lambda lines: put(lines, 0, (2, 2))),
    "a date that is another's": ("passages/dates.npy", lambda dates: put(dates, 0, b"1999")),
    "a passage that is another's": ("passages/starts.npy", lambda starts: put(starts, 1, starts[1] - 1)),
    "sections that leave gaps": (
        "documents.jsonl",
        lambda text: text.replace('"sections": [[0, ', '"sections": [[3, '),
    ),
    "furniture outside": ("documents.jsonl", lambda text: text.replace('"furniture": []', '"furniture": [[5, 99999]]')),
    "a text that is a number": ("documents.jsonl", lambda text: text.replace('"title": ""', '"title": 7', 1)),
    "a path out of the folder": ("manifest.json", lambda text: text.replace('"zoo.txt": ', '"../zoo.txt": ')),
    "more passages than there are": ("manifest.json", lambda text: text.replace('"passages": ', '"passages": 1')),
    "words of passages that are not there": ("lexical/vocab.index.json", lambda text: text.replace('":0,', '":99999,')),
    "a path that leads out": ("checksums.json", lambda text: text.replace('"texts.txt"', '"../../../texts.txt"')),
}


def put(array: np.ndarray, place: int, value: object) -> np.ndarray:
    """An array with another value at a place."""
    array[place] = value
    return array


@pytest.mark.parametrize("name", FALSE)
def test_false_data_with_true_digests_is_refused(toy_index: Path, name: str) -> None:
    falsify(toy_index, *FALSE[name])
    with pytest.raises(BrokenIndexError):
        Dossier.open(toy_index)


@pytest.mark.parametrize("path", ["..\\..\\secret.txt", "\\\\host\\share\\x.txt", "C:x.txt", "a.txt:stream"])
def test_a_path_that_is_a_name_elsewhere_may_lead_out_on_windows(path: str) -> None:
    check_path(path, windows=False)
    with pytest.raises(ValueError, match="no path of a document"):
        check_path(path, windows=True)


@pytest.mark.parametrize(
    "part", ["sentences.npy", "signatures.npy", "lexical/indices.csc.index.npy", "dense/vectors.npy"]
)
def test_arrays_are_never_unpickled_nor_taken_for_others(toy_index: Path, part: str) -> None:
    path = folder_of(toy_index, current(toy_index)) / part
    with path.open("wb") as file:
        np.save(file, np.array([print], dtype=object), allow_pickle=True)
    falsify(toy_index)
    with pytest.raises(BrokenIndexError, match=r"allow_pickle|Python objects"):
        Dossier.open(toy_index)


def falsify(index: Path, file: str = "manifest.json", edit: object = lambda text: text) -> None:
    """Change a file of an index as somebody would who wants it to be believed: with all the digests."""
    folder = folder_of(index, current(index))
    if file.endswith(".npy"):
        np.save(folder / file, edit(np.load(folder / file)))  # type: ignore[operator]
    else:
        (folder / file).write_text(edit((folder / file).read_text("utf-8")), "utf-8")  # type: ignore[operator]
    if file == "documents.jsonl":
        places = np.load(folder / "documents.npy")
        places[1:, 0] = np.cumsum([len(line) for line in (folder / file).read_bytes().splitlines(keepends=True)])
        np.save(folder / "documents.npy", places)
    if file != "checksums.json":
        paths = json.loads((folder / "checksums.json").read_text("utf-8"))
        digests = {path: file_digest(folder / path) for path in paths}
        (folder / "checksums.json").write_text(json.dumps(digests, indent=1), "utf-8")
    pointer = {"generation": folder.name, "checksums": file_digest(folder / "checksums.json")}
    (index / CURRENT).write_text(json.dumps(pointer) + "\n", "utf-8")
