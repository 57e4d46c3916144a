"""Models for the stories about embedding: tiny ones made on the spot, and a cache folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which converted models are kept."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("DOSSIER_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of tiny models with random weights: two ways of pooling, and a layer after it that can't be converted."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *["the", "bank", "of", "river", "flooded", "it", "was", "rebuilt", "in", "stone", "."],
    ]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(words), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=24,
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(str(vocabulary), model_max_length=24).save_pretrained(folder / "bert")
    folders = {}
    for name, pooling, more in (("mean", "mean", []), ("cls", "cls", []), ("dense", "mean", [Dense(16, 16)])):
        transformer = Transformer(str(folder / "bert"), max_seq_length=24)
        folders[name] = folder / name
        SentenceTransformer(modules=[transformer, Pooling(16, pooling), *more]).save(str(folders[name]))
    return folders
