"""The token grain: the vector of every token of every passage in a few bytes, compared token by token with a question.

This is late interaction (Khattab, Zaharia 2020) for a model that was not trained for it. A vector is projected on the
principal components that its model needs most, and each component is rounded to four bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dossier.indexing.columns import expect, mapped
from dossier.indexing.embedding import Vectors, cosines, unit
from dossier.indexing.ranking import Rows, Scores, spread
from dossier.indexing.validating import check_numbers

Codes = npt.NDArray[np.uint8]
CODES, STARTS, MATRIX, STEPS = "codes.npy", "starts.npy", "matrix.npy", "steps.npy"
COMPONENTS = 128
# A step is this part of a component's standard deviation; sixteen steps then hold nearly all of it.
STEPS_PER_DEVIATION = 2.2
LOWEST, HIGHEST = -8, 7
# OpenBLAS multiplies matrices in one thread up to so many multiplications.
SMALL_PRODUCT = 65_536 * 4


@dataclass(frozen=True)
class Projection:
    """How token vectors become codes: a ``matrix`` (dim, components) and the ``steps`` (components,) of rounding."""

    matrix: Vectors
    steps: Vectors

    @classmethod
    def of(cls, sample: Vectors) -> Projection:
        """The principal components of (n, dim) token vectors, taken about zero, so that inner products are kept."""
        vectors = unit(sample)
        components = min(COMPONENTS, vectors.shape[1] // 2 * 2)
        _, axes = np.linalg.eigh(vectors.T @ vectors / len(vectors))
        matrix = np.ascontiguousarray(axes[:, ::-1][:, :components], np.float32)
        deviations = unit(vectors @ matrix).std(axis=0) + np.float32(1e-6)
        return cls(matrix, np.asarray(deviations / STEPS_PER_DEVIATION, np.float32))

    def encode(self, vectors: Vectors) -> Codes:
        """The codes of (n, dim) vectors: (n, components / 2) bytes, two components in each."""
        levels = np.clip(np.rint(unit(vectors @ self.matrix) / self.steps), LOWEST, HIGHEST).astype(np.int8) - LOWEST
        return np.asarray(levels[:, ::2] | levels[:, 1::2] << 4, np.uint8)


class TokenVectors:
    """Codes of token vectors, one sentence after another; those of sentence i begin at ``starts[i]``."""

    def __init__(self, codes: Codes, starts: Rows, projection: Projection) -> None:
        self._codes = codes
        self._starts = starts
        self.projection = projection

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def nbytes(self) -> int:
        return int(self._codes.nbytes)

    @property
    def fits(self) -> bool:
        """Whether there are as many codes as the sentences call for."""
        matrix, steps, starts = self.projection.matrix, self.projection.steps, self._starts
        shapes = (len(self._codes), self._codes.shape[1] * 2, matrix.shape[1])
        return bool(shapes == (starts[-1], matrix.shape[1], len(steps)) and starts[0] == 0)

    def of_sentence(self, sentence: int) -> Codes:
        """The codes of one sentence, (tokens, components / 2)."""
        return np.asarray(self._codes[self._starts[sentence] : self._starts[sentence + 1]])

    def expect(self, firsts: Rows, lasts: Rows) -> None:
        """Have the codes of some runs of sentences fetched from the disk, if they lie there; see `columns.expect`."""
        expect(self._codes, self._starts[firsts], self._starts[lasts])

    def project(self, question: Vectors) -> Vectors:
        """The (n, dim) token vectors of a question in the form that `similarities` takes, (n, components)."""
        return unit(np.einsum("ij,jk->ik", question, self.projection.matrix)) * self.projection.steps

    def similarities(self, question: Vectors, weights: Scores, firsts: Rows, lasts: Rows) -> tuple[Scores, Scores]:
        """How well some runs of sentences, from ``firsts`` to before ``lasts``, and each of these match a question.

        Each of the (n, components) tokens of the question, from `project`, finds its highest cosine in the run or the
        sentence; the result is their mean by the (n,) ``weights``, zero where those are all zero. No run may be empty.
        """
        sentences, borders = spread(firsts, lasts)
        total = float(weights.sum())
        if not total or not len(firsts):
            return np.zeros(len(firsts), np.float32), np.zeros(len(sentences), np.float32)
        codes = np.concatenate(
            [self._codes[run] for run in map(slice, self._starts[firsts].tolist(), self._starts[lasts].tolist())]
        )
        sizes = self._starts[sentences + 1] - self._starts[sentences]
        counts = np.flatnonzero(weights)
        of_each = np.maximum.reduceat(_cosines(codes, question[counts]), np.cumsum(sizes) - sizes)
        shares = weights[counts] / np.float32(total)
        return cosines(np.maximum.reduceat(of_each, borders), shares), cosines(of_each, shares)

    @classmethod
    def load(cls, folder: Path) -> TokenVectors:
        """The codes in a folder, read where they lie. Raises `ValueError` where they are something else."""
        matrix, steps = mapped(folder / MATRIX, np.float32, 2), mapped(folder / STEPS, np.float32, 1)
        return cls(mapped(folder / CODES, np.uint8, 2), mapped(folder / STARTS, "<i8", 1), Projection(matrix, steps))

    def check(self) -> None:
        """Raise `ValueError` where a sentence has no codes, or what they were made with is no number."""
        if np.any(np.diff(self._starts) <= 0):
            raise ValueError("the codes of its tokens are not in order")
        check_numbers(self.projection.matrix, "the axes of tokens")
        check_numbers(self.projection.steps, "the steps of tokens")


def _cosines(codes: Codes, question: Vectors) -> Vectors:
    """The cosines of some codes and of the (n, components) tokens of a question: (codes, n).

    The two components of a byte are multiplied apart, and so many codes at once that BLAS does not wake its threads;
    see `cosines`.
    """
    low, high = (np.ascontiguousarray(question[:, half::2].T) for half in (0, 1))
    found = np.empty((len(codes), len(question)), np.float32)
    rows = max(2, SMALL_PRODUCT // low.size)
    for begin in range(0, len(codes), rows):
        block = codes[begin : begin + rows]
        found[begin : begin + rows] = (block & 15).astype(np.float32) @ low + (block >> 4).astype(np.float32) @ high
    found += LOWEST * question.sum(axis=1)
    return found
