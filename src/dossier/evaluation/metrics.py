"""Metrics: means and areas with their uncertainty, and how good a ranking of documents is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
SEED = 20_261_121

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A value measured on ``n`` questions, and the bounds of its bootstrap 95 % interval."""

    value: float
    low: float
    high: float
    n: int


def mean(values: Sequence[float]) -> Figure:
    """The mean of one value or more, with the percentile interval of means of resampled values (Efron 1979)."""
    array = np.asarray(values, np.float64)
    means = array[np.random.default_rng(SEED).integers(len(array), size=(RESAMPLES, len(array)))].mean(axis=1)
    return _figure(float(array.mean()), means, len(array))


def auroc(higher: Sequence[float], lower: Sequence[float]) -> Figure:
    """The area under the ROC curve: how often a value of the first kind exceeds one of the second, ties half.

    Both kinds are resampled for its interval. Each must have one value at least.
    """
    from sklearn.metrics import roc_auc_score

    area = float(roc_auc_score([1] * len(higher) + [0] * len(lower), [*higher, *lower]))
    above, below = np.asarray(higher)[:, None], np.asarray(lower)[None]
    wins = (above > below) + 0.5 * (above == below)
    chance = np.random.default_rng(SEED)
    areas = np.einsum("ri,ij,rj->r", _shares(chance, len(higher)), wins, _shares(chance, len(lower)), optimize=True)
    return _figure(area, areas, len(higher) + len(lower))


def ndcg(ranking: Sequence[str], judged: Mapping[str, float], k: int) -> float:
    """The discounted gain of the first ``k`` documents of a ranking, divided by the best there could be.

    ``judged`` gives the gain of each relevant document, which counts as it is (trec_eval's form, Järvelin and
    Kekäläinen 2002).
    """
    from sklearn.metrics import ndcg_score

    shown = list(ranking[:k])
    # Places that a short ranking leaves empty hold nothing: without them a document that was missed would move up.
    gains = [judged.get(document, 0.0) for document in shown] + [0.0] * (k - len(shown))
    gains += [gain for document, gain in judged.items() if document not in shown]
    return float(ndcg_score([gains], [list(range(len(gains), 0, -1))], k=k, ignore_ties=True))


def recall(ranking: Sequence[str], judged: Mapping[str, float], k: int) -> float:
    """The share of the relevant documents that stand among the first ``k`` of a ranking."""
    return len(judged.keys() & set(ranking[:k])) / len(judged)


def reciprocal(rank: int | None, k: int) -> float:
    """One divided by a rank that counts from 1; 0 where there is none up to ``k``."""
    return 1 / rank if rank is not None and rank <= k else 0.0


def _shares(chance: np.random.Generator, n: int) -> Values:
    """How large a part of each resample each of ``n`` values makes up: (resamples, n)."""
    return chance.multinomial(n, np.full(n, 1 / n), size=RESAMPLES) / n


def _figure(value: float, resampled: Values, n: int) -> Figure:
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Figure(value, float(low), float(high), n)
