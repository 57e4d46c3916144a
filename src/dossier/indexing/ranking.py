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


def best(scores: Scores, n: int) -> Ranking:
    """The ranking of the ``n`` highest of some scores; of equal ones the first row comes first."""
    n = min(n, len(scores))
    candidates = np.sort(np.argpartition(-scores, n - 1)[:n]) if n < len(scores) else np.arange(n)
    rows = candidates[np.argsort(-scores[candidates], kind="stable")]
    return Ranking(rows.astype(np.int64), scores[rows])
