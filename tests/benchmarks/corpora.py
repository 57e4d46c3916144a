"""Corpora: texts and vectors of any number, drawn from real ones; the same seed draws the same."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dossier import Dossier, Settings, build
from dossier.indexing.embedding import unit

SEEDS = Path(__file__).parents[2] / "seeds"
SENTENCES = 5  # of each passage
ASKED = 10  # words of a question
AWAY = 0.6  # how far a drawn vector lies from the real one, as a part of the difference of two others


def sentences_of(documents: str) -> list[str]:
    """The sentences of the passages that a folder is divided into, long enough to say something, in order."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        build(documents, Path(name) / "index", settings=Settings(model="words"))
        passages = Dossier.open(Path(name) / "index").index.passages
    return sorted({passage.slice(span) for passage in passages for span in passage.sentences if span[1] - span[0] > 40})


def texts_of(sentences: Sequence[str], count: int, seed: int, each: int = SENTENCES) -> list[str]:
    """So many texts, each of some sentences that were drawn with replacement."""
    places = np.random.default_rng(seed).integers(0, len(sentences), (count, each))
    return [" ".join(sentences[place] for place in row) for row in places.tolist()]


def questions_of(sentences: Sequence[str], count: int, seed: int) -> list[str]:
    """So many questions: the first words of sentences that were drawn, without quotation marks, which bind words."""
    drawn = texts_of(sentences, count, seed, each=1)
    return [" ".join(text.replace('"', " ").split()[:ASKED]) for text in drawn]


def vectors_around(real: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Unit vectors around real ones, (count, dim) float32; the spread keeps the directions in which those differ."""
    drawn = np.random.default_rng(seed)
    vectors = np.empty((count, real.shape[1]), np.float32)
    for begin in range(0, count, 50_000):
        part = vectors[begin : begin + 50_000]
        part[:] = around(real, *drawn.integers(0, len(real), (3, len(part))))
    return vectors


def around(real: np.ndarray, one: np.ndarray, other: np.ndarray, another: np.ndarray) -> np.ndarray:
    """Unit vectors that lie around some real ones, by their numbers, as far away as two others differ."""
    return unit(real[one] + AWAY * (real[other] - real[another]))
