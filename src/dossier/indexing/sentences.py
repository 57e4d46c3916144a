"""The sentence grain: a vector for each sentence of each passage, kept small and read for a few passages at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dossier.indexing.embedding import Vectors, cosines
from dossier.indexing.ranking import Rows, Scores
from dossier.indexing.validating import check_numbers

Compact = npt.NDArray[np.float16]


class SentenceVectors:
    """Unit vectors of sentences in half precision, one passage after another."""

    def __init__(self, vectors: Compact, counts: Sequence[int]) -> None:
        self._vectors = vectors
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @classmethod
    def of(cls, vectors: Vectors, counts: Sequence[int]) -> SentenceVectors:
        """The vectors of all sentences, (m, dim), and how many of them each passage has."""
        return cls(vectors.astype(np.float16), counts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def shape(self) -> tuple[int, int]:
        """The number of vectors held, and their length."""
        return self._vectors.shape[0], self._vectors.shape[1]

    @property
    def expected(self) -> int:
        """The number of vectors that the passages' counts call for."""
        return int(self._starts[-1])

    def runs(self, rows: Rows) -> tuple[Rows, Rows]:
        """The first sentence of each of some passages among those of all, and the one after its last."""
        return self._starts[rows], self._starts[rows + 1]

    def of_passage(self, row: int) -> Vectors:
        """The vectors of one passage's sentences, (sentences, dim)."""
        return self._vectors[self._starts[row] : self._starts[row + 1]].astype(np.float32)

    def best(self, question: Vectors, rows: Rows) -> Scores:
        """The cosine of a question's vector and the nearest sentence of each of some passages, in their order."""
        return np.array([cosines(self.of_passage(row), question).max() for row in rows], np.float32)

    def save(self, path: Path) -> None:
        """Write the vectors in NumPy's format."""
        np.save(path, self._vectors, allow_pickle=False)

    @classmethod
    def load(cls, path: Path, counts: Sequence[int]) -> SentenceVectors:
        """The vectors that `save` wrote, mapped from the file. Raises `ValueError` where they are something else."""
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        if vectors.dtype != np.float16 or vectors.ndim != 2:
            raise ValueError(f"it holds {vectors.dtype} of {vectors.ndim} dimensions and not half-precision vectors")
        check_numbers(vectors, "the sentences' vectors")
        return cls(vectors, counts)
