"""Embedding: the toy can be predicted by hand, the real model knows context, and a model that can't be had is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dossier.errors import ModelError
from dossier.indexing import weights
from dossier.indexing.embedding import SentenceTransformerEmbedder, WordsEmbedder, load_embedder, unit
from dossier.indexing.weights import find_model

TEXT = "The bank of the river flooded. It was rebuilt in stone."
SENTENCES = [(0, 30), (31, 55)]


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(find_model("minilm", download=False))


def test_the_toy_gives_every_word_an_axis() -> None:
    toy = WordsEmbedder()
    embedded = toy.embed_passages(["red boat", "red red"], [[(0, 3), (4, 8)], [(0, 7)]])
    assert embedded.passages.shape == (2, toy.dim)
    assert embedded.sentences.shape == (3, toy.dim)
    assert embedded.passages[0] @ toy.embed_question("red") == pytest.approx(1 / np.sqrt(2))
    assert embedded.passages[1] @ toy.embed_question("RED") == pytest.approx(1)
    assert embedded.sentences[1] @ toy.embed_question("red") == pytest.approx(0)


def test_the_real_model_has_its_window_and_its_dimensions(minilm: SentenceTransformerEmbedder) -> None:
    assert (minilm.dim, minilm.max_tokens) == (384, 254)
    assert minilm.count_tokens(["a river", "word " * 300]) == [2, 300]


def test_a_text_of_exactly_the_window_is_seen_to_its_end(minilm: SentenceTransformerEmbedder) -> None:
    full = "word " * (minilm.max_tokens - 1)
    one, other = minilm.embed_passages([full + "river", full + "stone"], [[], []]).passages
    assert not np.allclose(one, other, atol=1e-4)


def test_meaning_is_near_and_vectors_have_unit_length(minilm: SentenceTransformerEmbedder) -> None:
    embedded = minilm.embed_passages([TEXT, "My cat sleeps."], [SENTENCES, [(0, 14)]])
    question = minilm.embed_question("What did high water destroy?")
    assert np.linalg.norm(embedded.passages, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert np.linalg.norm(embedded.sentences, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert embedded.passages[0] @ question > embedded.passages[1] @ question


def test_a_sentence_knows_what_stands_around_it(minilm: SentenceTransformerEmbedder) -> None:
    inside = minilm.embed_passages([TEXT], [SENTENCES]).sentences[1]
    alone = minilm.embed_passages([TEXT[31:]], [[(0, 24)]]).sentences[0]
    river = minilm.embed_question("the river bank")
    assert inside @ river > alone @ river + 0.1


def test_the_company_of_other_texts_changes_no_vector(minilm: SentenceTransformerEmbedder) -> None:
    others = ["word " * 200, "boat", "It was rebuilt in stone."]
    together = minilm.embed_passages([*others, TEXT], [[], [], [], SENTENCES])
    alone = minilm.embed_passages([TEXT], [SENTENCES])
    assert together.passages[3] == pytest.approx(alone.passages[0], abs=1e-6)
    assert together.sentences == pytest.approx(alone.sentences, abs=1e-6)


@pytest.mark.parametrize("pooling", ["mean", "cls", "dense"])
@pytest.mark.usefixtures("cache")
def test_any_model_folder_can_be_set(tiny: dict[str, Path], pooling: str) -> None:
    model = load_embedder(str(tiny[pooling]))
    embedded = model.embed_passages([TEXT, "stone"], [SENTENCES, [(0, 5)]])
    assert (model.dim, model.max_tokens) == (16, 22)
    assert (embedded.passages.shape, embedded.sentences.shape) == ((2, 16), (3, 16))
    assert np.linalg.norm(embedded.sentences, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_the_digest_of_a_folder_changes_with_its_options(tiny: dict[str, Path]) -> None:
    assert load_embedder(str(tiny["mean"])).digest != load_embedder(str(tiny["cls"])).digest


@pytest.mark.parametrize(
    ("name", "found"),
    [("./no/such/folder", "no model folder"), ("{tmp}", "no weights"), ("no such name", "no model folder")],
)
def test_a_model_that_is_not_there_is_said(tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(ModelError, match=found):
        load_embedder(name.format(tmp=tmp_path))


def test_a_folder_that_is_no_model_is_said_when_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="can't be loaded"):
        load_embedder(str(tmp_path)).count_tokens(["a"])


def test_a_download_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="could it be downloaded"):
        load_embedder("nobody/nothing", download=True)


def test_other_bytes_than_the_known_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    weights._minilm.cache_clear()
    monkeypatch.setitem(weights.MINILM_DIGESTS, "model.safetensors", "0" * 64)
    with pytest.raises(ModelError, match=r"model\.safetensors differ"):
        find_model("minilm", download=False)


def test_a_zero_vector_stays_zero() -> None:
    assert unit(np.zeros((1, 4))).tolist() == [[0, 0, 0, 0]]
