"""A cross-encoder that a person names reads the best passages again, and the index remembers it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dossier import Dossier, Settings, build, search
from dossier.answering.reranking import CrossEncoderReranker, load_reranker
from dossier.errors import BrokenIndexError, ModelError
from dossier.indexing.weights import ModelFolder

WORDS = ["the", "old", "bridge", "was", "built", "by", "a", "zoo", "opened", "who", "olga", "elephant", "stone"]


def cross_encoder(folder: Path, labels: int = 1) -> Path:
    """A folder with a tiny cross-encoder that was never trained, and so says something else of every pair."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast, set_seed

    set_seed(7)
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS) + 5,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        num_labels=labels,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(vocabulary), model_max_length=32).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder(tmp_path_factory.mktemp("reranker") / "tiny")


def test_what_it_says_is_a_part_of_the_score_that_orders_the_passages(corpus: Path, tmp_path: Path, tiny: Path) -> None:
    plain, reread = tmp_path / "plain", tmp_path / "reread"
    build(corpus, plain, settings=Settings(model="words"))
    build(corpus, reread, settings=Settings(model="words", reranker=str(tiny)))
    question = "who built the old bridge"
    hits = search(question, index=reread)
    texts = [hit.passage.text for hit in hits]
    said = load_reranker(str(tiny)).scores(question, texts)
    assert all(0 < score < 1 for score in said)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert {hit.passage.text for hit in search(question, index=plain)} == set(texts)
    assert np.corrcoef([hit.parts.reranker for hit in hits], said)[0, 1] == pytest.approx(1)
    for hit in hits:
        parts = hit.parts
        whole = parts.passage + parts.sentence + parts.words + parts.tokens + parts.company + parts.reranker
        assert whole == pytest.approx(hit.score)


def test_a_build_without_saying_so_keeps_it_and_none_takes_it_away(corpus: Path, tmp_path: Path, tiny: Path) -> None:
    index = tmp_path / "index"
    build(corpus, index, settings=Settings(model="words", reranker=str(tiny)))
    build(corpus, index)
    assert Dossier.open(index).reranker is not None
    report = build(corpus, index, settings=Settings(model="words"))
    assert report.embedded == 0
    assert Dossier.open(index).reranker is None


def test_a_passage_that_is_too_long_for_it_is_read_in_windows(tiny: Path) -> None:
    reranker = load_reranker(str(tiny))
    long = "the stone " * 60 + "the elephant olga opened the zoo"
    whole, first = reranker.scores("who opened the zoo", [long, "the stone " * 10])
    end = reranker.scores("who opened the zoo", [long[-60:]])[0]
    assert whole >= min(first, end)
    assert reranker.scores("who", ["", "zoo"]).shape == (2,)
    assert reranker.scores("who", []).shape == (0,)


def test_a_question_that_leaves_it_no_room_is_refused(tiny: Path) -> None:
    with pytest.raises(ModelError, match="The question has 40 tokens"):
        load_reranker(str(tiny)).scores("who " * 40, ["zoo"])


def test_two_labels_will_do_and_more_are_refused(tmp_path: Path) -> None:
    two = CrossEncoderReranker(ModelFolder("two", cross_encoder(tmp_path / "two", 2)))
    assert 0 < two.scores("who", ["zoo"])[0] < 1
    three = CrossEncoderReranker(ModelFolder("three", cross_encoder(tmp_path / "three", 3)))
    with pytest.raises(ModelError, match="tells 3 labels apart"):
        three.scores("who", ["zoo"])


def test_other_weights_than_it_was_built_with_are_refused(corpus: Path, tmp_path: Path) -> None:
    model = cross_encoder(tmp_path / "model")
    build(corpus, tmp_path / "index", settings=Settings(model="words", reranker=str(model)))
    config = model / "config.json"
    config.write_text(config.read_text("utf-8") + "\n", encoding="utf-8")
    with pytest.raises(BrokenIndexError, match="other weights"):
        Dossier.open(tmp_path / "index")
