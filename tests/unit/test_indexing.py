"""Indexing: what finds passages, how it lies on disk, and that it can't be misread."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

import numpy as np
import pytest

from dossier import Dossier, Settings, build
from dossier.errors import BrokenIndexError, NoIndexError, StorageError
from dossier.indexing import generations
from dossier.indexing.dense import MOST_FLAT, Dense
from dossier.indexing.embedding import WordsEmbedder, unit
from dossier.indexing.generations import CURRENT, current, folder_of, open_current, publish
from dossier.indexing.index import Index, open_index
from dossier.indexing.lexical import K1, B, Lexical
from dossier.indexing.manifest import FORMAT
from dossier.indexing.ranking import best
from dossier.indexing.sentences import SentenceVectors
from dossier.overview import remembered_settings

TEXTS = [
    "Olga the elephant came by train.",
    "Trains were late.",
    "The café is closed.",
    "Elephants like cafés and trains.",
]


def test_the_best_come_first_and_of_equals_the_first() -> None:
    ranking = best(np.array([0.1, 0.9, 0.5, 0.9], np.float32), 3)
    assert ranking.rows.tolist() == [1, 3, 2]


def test_dense_rows_are_passages_and_scores_cosines() -> None:
    toy = WordsEmbedder()
    dense = Dense.of(toy.embed_passages(TEXTS, [[]] * 4).passages)
    question = toy.embed_question("Trains were late.")
    ranking = dense.rank(question, 10)
    assert ranking.rows[0] == 1
    assert ranking.scores[0] == pytest.approx(1)
    assert dense.scores(question, ranking.rows) == pytest.approx(ranking.scores)


def some_vectors(count: int) -> np.ndarray:
    """Vectors that lie together in places, as those of real passages do."""
    drawn = np.random.default_rng(3)
    centres = drawn.standard_normal((40, 48))
    return unit(centres[drawn.integers(0, 40, count)] + 0.5 * drawn.standard_normal((count, 48)))


def test_codes_find_what_comparing_all_vectors_finds() -> None:
    vectors, questions = some_vectors(6000), some_vectors(6050)[6000:]
    flat, compact = Dense.of(vectors, "flat"), Dense.of(vectors, "compact")
    assert (flat.kind, compact.kind) == ("flat", "compact")
    found = 0
    for question in questions:
        truth, ranking = flat.rank(question, 10), compact.rank(question, 10)
        found += len(np.intersect1d(truth.rows, ranking.rows))
        assert ranking.scores == pytest.approx(flat.scores(question, ranking.rows), abs=1e-6)
        some = np.arange(0, 6000, 3)
        assert compact.rank(question, 10, some).rows.tolist() == flat.rank(question, 10, some).rows.tolist()
    assert found >= 0.98 * 10 * len(questions)


def test_equal_vectors_make_equal_files_and_are_read_back(tmp_path: Path) -> None:
    for name in ("one", "other"):
        Dense.of(some_vectors(3000), "compact").save(tmp_path / name)
    for file in ("vectors.npy", "codes.faiss"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    loaded, question = Dense.load(tmp_path / "one"), some_vectors(1)[0]
    assert loaded.kind == "compact"
    assert np.array_equal(loaded.vectors(), some_vectors(3000))
    assert (
        loaded.rank(question, 5).rows.tolist()
        == Dense.of(some_vectors(3000), "compact").rank(question, 5).rows.tolist()
    )


def test_the_kind_of_search_follows_the_number_of_passages_unless_one_is_wanted() -> None:
    vectors = some_vectors(MOST_FLAT + 1)
    assert Dense.of(vectors[:-1]).kind == "flat"
    assert Dense.of(vectors).kind == "compact"
    assert Dense.of(vectors, "flat").kind == "flat"
    assert Dense.of(vectors[:300], "compact").kind == "flat"


def test_vectors_that_codes_can_not_tell_apart_are_all_compared() -> None:
    crowded = some_vectors(3 * MOST_FLAT)
    crowded[::2] = unit(crowded[0] + 0.01 * crowded[::2])
    assert Dense.of(crowded).kind == "flat"
    assert Dense.of(crowded, "compact").recall() < 0.98 <= Dense.of(crowded, "flat").recall()


def test_a_question_without_words_is_near_to_nothing() -> None:
    codes = Dense.of(some_vectors(3000), "compact")
    assert len(codes.rank(np.zeros(48, np.float32), 5).rows) == 0
    vectors = some_vectors(MOST_FLAT + 1)
    vectors[: MOST_FLAT // 4] = vectors[MOST_FLAT // 2 : MOST_FLAT // 2 + MOST_FLAT // 4] = 0
    assert Dense.of(vectors).kind == "compact"
    assert Dense.of(np.zeros_like(vectors)).kind == "compact"


def test_another_way_to_search_embeds_nothing_again(corpus: Path, toy_index: Path) -> None:
    before = Dossier.open(toy_index)
    report = build(corpus, toy_index, settings=Settings(model="words", vectors="compact"))
    assert (report.embedded, report.set_aside) == (0, "")
    assert report.generation != before.generation
    assert remembered_settings(toy_index).vectors == "compact"


def test_words_match_by_their_stems_without_case_and_accents() -> None:
    lexical = Lexical.of(TEXTS)
    assert lexical.rank("CAFE elephants", 10).rows[0] == 3
    assert set(lexical.rank("train", 10).rows.tolist()) == {0, 1, 3}
    assert lexical.rank("xylophone ?!", 10).rows.tolist() == []
    assert lexical.rank("?!", 10).rows.tolist() == []


def test_a_lexical_score_is_bm25_as_part_of_the_highest_possible() -> None:
    lexical = Lexical.of(TEXTS)
    lengths = [6, 3, 4, 5]  # words
    rarity = (
        np.log1p((4 - 2 + 0.5) / (2 + 0.5)),
        np.log1p((4 + 0.5) / 0.5),
    )  # "elephant" stands in two, "xylophone" in none
    by_hand = rarity[0] / (1 + K1 * (1 - B + B * lengths[0] / np.mean(lengths))) / sum(rarity)
    assert lexical.scores("elephant xylophone", np.array([0]))[0] == pytest.approx(by_hand, rel=1e-5)


def test_both_ways_to_a_lexical_score_agree() -> None:
    lexical = Lexical.of(TEXTS)
    for question in ("elephant train train", "the café", "late closed came", "nothing here"):
        ranking = lexical.rank(question, 10)
        assert lexical.scores(question, ranking.rows) == pytest.approx(ranking.scores, rel=1e-5)
        assert np.all((ranking.scores > 0) & (ranking.scores <= 1))


def test_in_a_large_index_words_that_can_not_matter_are_left_out_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = np.random.default_rng(2)
    words = [f"w{number}x" for number in range(200)]
    some = [" ".join(words[int(place)] for place in drawn.zipf(1.3, 30) % 200) for _ in range(500)]
    lexical = Lexical.of(some)
    questions = [*some[:20], "w1x w1x w2x", "w3x w150x", "w199x nowhere", words[0]]
    whole = [lexical.rank(question, n) for question in questions for n in (1, 10, 600)]
    monkeypatch.setattr("dossier.indexing.lexical.MOST_WHOLE", 0)
    chosen = [lexical.rank(question, n) for question in questions for n in (1, 10, 600)]
    for one, other in zip(whole, chosen, strict=True):
        assert (one.rows.tolist(), one.scores.tolist()) == (other.rows.tolist(), other.scores.tolist())
    rows = np.arange(0, 500, 7)
    for question in questions:
        ranking = lexical.rank(question, 5, rows)
        assert set(ranking.rows.tolist()) <= set(rows.tolist())
        assert (
            ranking.scores.tolist()
            == sorted(lexical.scores(question, rows).tolist(), reverse=True)[: len(ranking.rows)]
        )


def test_a_share_is_the_part_of_a_questions_rare_words() -> None:
    shares = Lexical.of(TEXTS).shares("closed trains", ["closed", "a train", "trains are closed", ""])
    assert shares[0] > shares[1] > 0
    assert shares[2] == pytest.approx(1)
    assert shares[3] == 0


def test_texts_without_any_word_can_be_indexed() -> None:
    assert Lexical.of(["…", "?!"]).rank("anything", 5).rows.tolist() == []


def copy_of(toy: Dossier, toy_index: Path, place: Path) -> Path:
    """The files of the index alone, elsewhere."""
    return Path(shutil.copytree(folder_of(toy_index, toy.generation), place / "copy"))


def test_an_index_is_the_same_wherever_it_lies(toy: Dossier, toy_index: Path, tmp_path: Path) -> None:
    loaded = Index.load_whole(copy_of(toy, toy_index, tmp_path))
    assert loaded.documents == toy.index.documents
    assert loaded.passages == toy.index.passages
    assert loaded.manifest == toy.index.manifest
    assert list(loaded.document_of) == [document.path for document in loaded.documents]
    assert [loaded.passages[row].path for rows in loaded.passages_of.values() for row in rows] == [
        passage.path for passage in loaded.passages
    ]
    assert loaded.passages[-1] == loaded.passages[1:][-1] != loaded.passages[0]
    with pytest.raises(IndexError):
        loaded.passages[len(loaded.passages)]
    assert np.array_equal(loaded.dense.vectors(), toy.index.dense.vectors())
    question = toy.embedder.embed_question("the flood")
    rows = np.arange(len(loaded.passages))
    likeness, before = (one.similarities(question, *one.runs(rows)) for one in (loaded.sentences, toy.index.sentences))
    assert all(map(np.array_equal, likeness, before))
    assert loaded.lexical.rank("flood", 5).scores.tolist() == toy.index.lexical.rank("flood", 5).scores.tolist()


@pytest.mark.parametrize("part", ["dense", "sentences", "lexical", "passages"])
def test_parts_that_do_not_fit_together_are_refused(toy: Dossier, part: str) -> None:
    index = toy.index
    other = {
        "dense": Dense.of(unit(np.ones((2, index.dense.dim)))),
        "sentences": SentenceVectors(np.zeros((1, index.dense.dim), np.float16), index.passages.sentences),
        "lexical": Lexical.of(["a", "b"]),
        "passages": index.passages[1:],
    }
    with pytest.raises(BrokenIndexError, match=r"passages.*but|call for"):
        replace(index, **{part: other[part]})


def test_without_an_index_the_next_command_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="dossier build FOLDER --index"):
        current(tmp_path / "nothing")


def test_an_index_knows_a_passage_whose_sentences_meet_inside_a_word(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dossier.reading.chunking.sentence_spans", lambda text, start, end: [(start, 6), (6, end)])
    for name in ("bridge.txt", "letters/ada.md"):
        (corpus / name).unlink()
    build(corpus, tmp_path / "index", settings=Settings(model="words"))
    passage = Dossier.open(tmp_path / "index").index.passages[0]
    assert passage.slice(passage.sentences[0]) == "The zo"


def test_a_write_that_fails_leaves_what_was_there(toy_index: Path) -> None:
    before = current(toy_index)

    def fill_the_disk(folder: Path) -> None:
        (folder / "part").write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left"):
        publish(toy_index, fill_the_disk, check=Index.load)
    assert current(toy_index) == before
    assert open_current(toy_index, Index.load)[0] == before
    assert [folder.name for folder in (toy_index / "generations").iterdir()] == [before]


def test_only_the_newest_generations_are_kept(toy_index: Path, corpus: Path) -> None:
    for number in range(4):
        (corpus / "zoo.txt").write_text(f"Olga is {number} years old.")
        build(corpus, toy_index)
    assert len(list((toy_index / "generations").iterdir())) == 2


def test_the_generation_that_counts_is_kept_though_the_clock_went_back(
    toy_index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr(generations, "datetime", Earlier)
    (corpus / "zoo.txt").write_text("A heron stood in the reeds.")
    report = build(corpus, toy_index, settings=Settings(model="words", kept=1))
    assert generations.generations(toy_index) == [report.generation] == [current(toy_index)]


FILES = ["manifest.json", "documents.jsonl", "texts.txt", "passages/spans.npy", "dense/vectors.npy", "checksums.json"]


@pytest.mark.parametrize("name", [*FILES, "lexical/vocab.index.json"])
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_file_is_found_when_the_index_is_opened(toy_index: Path, name: str, harm: str) -> None:
    path = folder_of(toy_index, current(toy_index)) / name
    data = bytearray(path.read_bytes())
    if harm == "remove":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    with pytest.raises(BrokenIndexError, match=r"damaged.*dossier build"):
        Dossier.open(toy_index)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"generation": "../../etc", "checksums": "0"}', "\0"])
def test_a_damaged_pointer_is_found_too(toy_index: Path, text: str) -> None:
    (toy_index / CURRENT).write_text(text)
    with pytest.raises(BrokenIndexError, match="damaged"):
        Dossier.open(toy_index)


def test_what_was_looked_at_whole_is_looked_at_again_when_it_looks_different(
    toy_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (toy_index / "checked.json").unlink(missing_ok=True)
    monkeypatch.setattr("dossier.indexing.checked.TICK", 0)
    looked: list[Path] = []
    whole = Index.load_whole
    monkeypatch.setattr(Index, "load_whole", lambda folder: (looked.append(folder), whole(folder)))
    generation, _ = open_index(toy_index)
    folder = folder_of(toy_index, generation)
    assert (open_index(toy_index)[0], looked) == (generation, [folder])
    (toy_index / "checked.json").write_text("{}")
    assert (open_index(toy_index)[0], looked) == (generation, [folder, folder])
    data = (folder / "texts.txt").read_bytes()
    (folder / "texts.txt").write_bytes(data.replace(b"1871", b"1872"))
    with pytest.raises(BrokenIndexError, match=r"damaged.*texts\.txt"):
        open_index(toy_index)
    (folder / "texts.txt").write_bytes(data)
    assert open_index(toy_index)[0] == generation


def test_an_index_of_another_format_is_refused_with_both_formats(toy: Dossier, toy_index: Path, tmp_path: Path) -> None:
    folder = copy_of(toy, toy_index, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["recipe"]["format"] = 99
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BrokenIndexError, match=f"format is 99.*reads {FORMAT}"):
        Index.load(folder)


def test_other_weights_than_the_index_was_built_with_are_refused(
    toy_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WordsEmbedder, "digest", "words-2")
    with pytest.raises(BrokenIndexError, match=r"words-1.*words-2"):
        Dossier.open(toy_index)
