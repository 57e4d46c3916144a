"""The first journey: a folder becomes an index, and again when the folder changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dossier import Dossier, Progress, Settings, build, search
from dossier.errors import InputError, ModelError, StorageError
from dossier.indexing.embedding import Embedded, WordsEmbedder
from dossier.indexing.verifying import ASKED

TOY = Settings(model="words")


def test_a_build_reads_what_it_can_and_says_the_rest(corpus: Path, tmp_path: Path) -> None:
    (corpus / "old.txt").write_bytes("Le général a été reçu à l’hôtel de ville.".encode("cp1252"))
    report = build(corpus, tmp_path / "index", settings=TOY)
    assert report.added == ("bridge.txt", "letters/ada.md", "old.txt", "zoo.txt")
    assert [(file.path, ".png files are not read" in file.reason) for file in report.skipped] == [("map.png", True)]
    assert "cp1252" in report.remarks["old.txt"]
    assert report.documents == 4
    assert report.embedded == report.passages > 0


def test_passages_are_exact_slices_and_rows_are_the_same_everywhere(toy: Dossier) -> None:
    for row, passage in enumerate(toy.index.passages):
        text = (toy.folder / passage.path).read_text(encoding="utf-8")
        assert text[passage.start : passage.end] == passage.text
        lines = text.splitlines()
        assert passage.text.splitlines()[0] in lines[passage.first_line - 1]
        assert passage.text.splitlines()[-1] in lines[passage.last_line - 1]
        vector = toy.embedder.embed_question(passage.text)
        assert toy.index.dense.scores(vector, np.array([row]))[0] == pytest.approx(1)
        assert toy.index.lexical.rank(passage.text, 1).rows.tolist() == [row]


def test_an_unchanged_folder_is_neither_embedded_nor_written_again(
    corpus: Path, toy_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Dossier.open(toy_index)
    monkeypatch.setattr(WordsEmbedder, "_vectors", lambda *_: pytest.fail("something was embedded"))
    report = build(corpus, toy_index)
    assert (report.embedded, report.generation) == (0, before.generation)
    assert report.unchanged == ("bridge.txt", "letters/ada.md", "zoo.txt")
    assert Dossier.open(toy_index) is before


def test_one_edited_one_added_one_deleted(corpus: Path, toy_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert search("Who brought pears?", index=toy_index)[0].passage.path != "pears.txt"
    seen: list[str] = []
    embed = WordsEmbedder.embed_passages

    def watched(self: WordsEmbedder, texts: list[str], sentences: list[list[tuple[int, int]]]) -> Embedded:
        seen.extend(texts)
        return embed(self, texts, sentences)

    monkeypatch.setattr(WordsEmbedder, "embed_passages", watched)
    (corpus / "bridge.txt").write_text((corpus / "bridge.txt").read_text("utf-8") + "\n\n\nA new bridge was planned.\n")
    (corpus / "pears.txt").write_text("Olga brought pears to the fair.")
    (corpus / "zoo.txt").unlink()
    report = build(corpus, toy_index)

    assert (report.added, report.changed, report.removed) == (("pears.txt",), ("bridge.txt",), ("zoo.txt",))
    assert seen[:2] == ["A new bridge was planned.", "Olga brought pears to the fair."]
    assert len(seen) == 2 + ASKED  # a few are embedded again, to see that the index finds them
    assert report.embedded == 2
    assert search("Who brought pears?", index=toy_index)[0].passage.path == "pears.txt"
    assert "zoo.txt" not in {hit.passage.path for hit in search("elephant train", k=20, index=toy_index)}


TEXT = st.text(alphabet=st.sampled_from("abc. \n#"), max_size=80)
FILE = st.builds(lambda text, sidebar: text + sidebar, TEXT, st.sampled_from(["", "\nab ab\nbc bc\nca ca\n"]))
FOLDER = st.dictionaries(st.sampled_from(["a.txt", "b.md", "c/d.txt"]), FILE, min_size=1)
SAID = ["", 'title = "All"\n[documents."a.txt"]\ndate = "1871"', '[documents."a.txt"]\ntitle = "ab"', "title = "]
DESCRIBED = st.builds(
    lambda files, said: {".dossier.toml": said, **files} if said else files, FOLDER, st.sampled_from(SAID)
)


@given(DESCRIBED, DESCRIBED)
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_incremental_build_equals_a_fresh_one(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> None:
    folder, index, fresh = tmp_path / "folder", tmp_path / "index", tmp_path / "fresh"
    for path in (folder, index, fresh):
        shutil.rmtree(path, ignore_errors=True)
    for state in ({"always.txt": "A document that stays."} | before, {"always.txt": "A document that stays."} | after):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in state.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        build(folder, index, settings=TOY)
    build(folder, fresh, settings=TOY)
    one, other = Dossier.open(index).index, Dossier.open(fresh).index
    assert one.passages == other.passages
    assert one.documents == other.documents
    assert one.manifest == other.manifest
    assert np.allclose(one.dense.vectors(), other.dense.vectors())


def test_a_renamed_file_is_not_embedded_again(corpus: Path, toy_index: Path) -> None:
    (corpus / "zoo.txt").rename(corpus / "animals.txt")
    report = build(corpus, toy_index)
    assert (report.added, report.removed, report.embedded) == (("animals.txt",), ("zoo.txt",), 0)


def test_an_index_is_built_again_as_it_was_built_unless_told_otherwise(corpus: Path, toy_index: Path) -> None:
    assert build(corpus, toy_index).set_aside == ""
    report = build(corpus, toy_index, settings=Settings(model="words", max_tokens=40))
    assert "max_tokens 40 and not 180" in report.set_aside
    assert report.added
    assert Dossier.open(toy_index).index.manifest.recipe.max_tokens == 40


def test_a_damaged_index_is_set_aside_and_built_again(corpus: Path, toy_index: Path) -> None:
    dossier = Dossier.open(toy_index)
    (toy_index / "generations" / dossier.generation / "texts.txt").write_bytes(b"nonsense")
    report = build(corpus, toy_index, settings=TOY)
    assert "damaged" in report.set_aside
    assert Dossier.open(toy_index).search("elephant")[0].passage.path == "zoo.txt"


def test_no_passage_outgrows_what_the_model_sees(tmp_path: Path, corpus: Path) -> None:
    (corpus / "long.txt").write_text("Bees hum in the linden trees by the road. " * 400)
    build(corpus, tmp_path / "index", settings=Settings(model="words", max_tokens=100_000))
    dossier = Dossier.open(tmp_path / "index")
    lengths = dossier.embedder.count_tokens([passage.text for passage in dossier.index.passages])
    assert max(lengths) <= dossier.embedder.max_tokens
    assert max(lengths) > 0.9 * dossier.embedder.max_tokens


def test_progress_is_told_stage_by_stage(corpus: Path, tmp_path: Path) -> None:
    steps: list[Progress] = []
    build(corpus, tmp_path / "index", settings=TOY, progress=steps.append)
    stages = list(dict.fromkeys(step.stage for step in steps))
    assert stages == ["reading", "loading the model", "dividing", "embedding", "writing"]
    assert all(0 <= step.done <= step.total for step in steps)


def test_the_folder_and_its_index_can_be_moved_together(corpus: Path, toy_index: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(corpus, elsewhere / "corpus")
    shutil.move(toy_index, elsewhere / "index")
    answer = Dossier.open(elsewhere / "index").ask("Who built the bridge?")
    assert answer.citations[0].state == "stands"


@pytest.mark.parametrize("kind", ["missing", "a file", "empty", "nothing to read"])
def test_a_folder_that_can_not_be_read_leaves_the_index_alone(toy_index: Path, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "other"
    if kind == "a file":
        folder.write_text("x")
    elif kind != "missing":
        folder.mkdir()
    if kind == "nothing to read":
        (folder / "a.bin").write_bytes(b"x")
    with pytest.raises(InputError, match=r"no folder|a file, not|is empty|can be read \(a.bin"):
        build(folder, toy_index)
    assert Dossier.open(toy_index).search("elephant")[0].passage.path == "zoo.txt"


def test_an_index_folder_that_can_not_be_written_is_said_before_the_work(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="can't be written"):
        build(corpus, tmp_path / "file", settings=TOY, progress=lambda step: pytest.fail(f"it began {step.stage}"))


@pytest.mark.parametrize(
    ("values", "message"),
    [({"max_tokens": 3}, "max_tokens is 3"), ({"overlap": -1}, "overlap is -1"), ({"model": " "}, "name is empty")],
)
def test_settings_that_make_no_sense_are_refused(values: dict[str, str | int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Settings().changed(**values)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read({"DOSSIER_MAX_TOKENS": "90", "DOSSIER_MODEL": "words"}) == Settings("words", max_tokens=90)
    with pytest.raises(InputError, match="DOSSIER_OVERLAP is 'two'"):
        Settings.read({"DOSSIER_OVERLAP": "two"})


def test_an_unknown_model_is_said(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        build(corpus, tmp_path / "index", settings=Settings(model="/no/such/model"))
