"""Ranking: the form in which dense and lexical search both answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    """Rows of passages and their scores, both (n,), best first."""

    rows: Rows
    scores: Scores


def spread(firsts: Rows, lasts: Rows) -> tuple[Rows, Rows]:
    """All numbers of some runs, from ``firsts`` to before ``lasts``, and where among them each run begins."""
    sizes = lasts - firsts
    borders = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(firsts - borders, sizes), borders


def best(scores: Scores, n: int) -> Ranking:
    """The ranking of the ``n`` highest of some scores; of equal ones the first row comes first."""
    others = max(len(scores) - n, 0)
    candidates = np.flatnonzero(scores >= np.partition(scores, others)[others]) if others else np.arange(len(scores))
    rows = candidates[np.argsort(-scores[candidates], kind="stable")][:n]
    return Ranking(rows.astype(np.int64), scores[rows])
