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
    """Unit vectors of sentences in half precision, one passage after another, and how many each passage has."""

    def __init__(self, vectors: Compact, counts: Sequence[int]) -> None:
        self._vectors = np.asarray(vectors)  # a view of a file that is mapped, without what each slice of a map costs
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

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
        return self.compact(row).astype(np.float32)

    def compact(self, row: int) -> Compact:
        """The same as they are kept."""
        return self._vectors[self._starts[row] : self._starts[row + 1]]

    def best(self, question: Vectors, rows: Rows) -> Scores:
        """The cosine of a question's vector and the nearest sentence of each of some passages, in their order."""
        if not len(rows):
            return np.zeros(0, np.float32)
        firsts, lasts = self.runs(rows)
        vectors = np.concatenate([self._vectors[run] for run in map(slice, firsts.tolist(), lasts.tolist())])
        borders = np.concatenate([[0], np.cumsum(lasts - firsts)[:-1]])
        return np.asarray(np.maximum.reduceat(cosines(vectors.astype(np.float32), question), borders), np.float32)

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


def compact(vectors: Vectors) -> Compact:
    """Vectors in the form in which they are kept."""
    return vectors.astype(np.float16)
