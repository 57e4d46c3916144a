"""The sentence grain: a vector for each sentence of each passage, kept small and read for a few passages at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from dossier.indexing.columns import expect, mapped
from dossier.indexing.embedding import Vectors, cosines
from dossier.indexing.ranking import Rows, Scores
from dossier.indexing.validating import check_numbers

Compact = npt.NDArray[np.float16]


class SentenceVectors:
    """Unit vectors of sentences in half precision, one passage after another.

    Those of passage i begin at ``starts[i]``; behind the last start stands their number.
    """

    def __init__(self, vectors: Compact, starts: Rows) -> None:
        self._vectors = vectors
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def shape(self) -> tuple[int, int]:
        """The number of vectors held, and their length."""
        return self._vectors.shape[0], self._vectors.shape[1]

    @property
    def expected(self) -> int:
        """The number of vectors that the passages call for."""
        return int(self._starts[-1])

    def runs(self, rows: Rows) -> tuple[Rows, Rows]:
        """The first sentence of each of some passages among those of all, and the one after its last."""
        return self._starts[rows], self._starts[rows + 1]

    def expect(self, firsts: Rows, lasts: Rows) -> None:
        """Have the vectors of some runs fetched from the disk, if they lie there; see `columns.expect`."""
        expect(self._vectors, firsts, lasts)

    def of_passage(self, row: int) -> Vectors:
        """The vectors of one passage's sentences, (sentences, dim)."""
        return self.compact(row).astype(np.float32)

    def compact(self, row: int) -> Compact:
        """The same as they are kept."""
        return self._vectors[self._starts[row] : self._starts[row + 1]]

    def similarities(self, question: Vectors, firsts: Rows, lasts: Rows) -> tuple[Scores, Scores]:
        """The cosine of a question's vector and the nearest sentence of some runs, as `runs` gives them, and each one.

        No run may be empty.
        """
        if not len(firsts):
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        vectors = np.concatenate([self._vectors[run] for run in map(slice, firsts.tolist(), lasts.tolist())])
        of_each = cosines(vectors.astype(np.float32), question)
        sizes = lasts - firsts
        return np.asarray(np.maximum.reduceat(of_each, np.cumsum(sizes) - sizes), np.float32), of_each

    @classmethod
    def load(cls, path: Path, starts: Rows) -> SentenceVectors:
        """The vectors in a file, read where they lie. Raises `ValueError` where they are something else."""
        return cls(mapped(path, np.float16, 2), starts)

    def check(self) -> None:
        """Raise `ValueError` where they hold what is no number."""
        check_numbers(self._vectors, "the sentences' vectors")


def compact(vectors: Vectors) -> Compact:
    """Vectors in the form in which they are kept."""
    return vectors.astype(np.float16)
