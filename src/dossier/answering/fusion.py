"""Fusion: the one place where what the grains say of a passage is put on one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dossier.answers import Parts
from dossier.indexing.ranking import Rows, Scores, spread

# Cosines and shares of a question's information mean the same for every question, so they are added as they are, and
# the sum can be read, compared and thresholded (a convex combination: Bruch, Gai, Ingber 2023). One set for every
# corpus. What a reader says orders what the others find alike.
WEIGHTS = {"passage": 0.3, "sentence": 0.3, "words": 0.4, "tokens": 1.0, "company": 0.2, "reader": 0.25}
# A sentence is chosen within its passage by the same grains.
SENTENCE_WEIGHTS = {"cosine": 0.3, "share": 0.1, "tokens": 0.6, "read": 0.5}
# The constant of reciprocal rank fusion (Cormack, Clarke, Buettcher 2009).
RANK_CONSTANT = 60


@dataclass(frozen=True)
class Evidence:
    """What each grain says of some passages, each (n,) from 0 to 1; see `Parts`. A grain that is missing is None."""

    passage: Scores
    sentence: Scores
    words: Scores
    tokens: Scores | None = None
    company: Scores | None = None
    reader: Scores | None = None

    def among(self, places: Rows) -> Evidence:
        """What the grains say of the passages at some places, in that order."""
        grains = {name: getattr(self, name) for name in WEIGHTS}
        return replace(self, **{name: scores[places] for name, scores in grains.items() if scores is not None})

    @cached_property
    def parts(self) -> npt.NDArray[np.float32]:
        """The part of each grain in the score of each passage, (grains, n), in the order of `Parts`."""
        weights = {name: weight for name, weight in WEIGHTS.items() if getattr(self, name) is not None}
        total = sum(weights.values())
        rows = [
            np.clip(getattr(self, name), 0, 1) * np.float32(weights[name] / total)
            if name in weights
            else np.zeros_like(self.passage)
            for name in WEIGHTS
        ]
        return np.stack(rows).astype(np.float32)

    def scores(self) -> Scores:
        """One score from 0 to 1 for each passage: the mean of the grains by their weights."""
        return np.asarray(self.parts.sum(axis=0), np.float32)

    def explain(self, place: int) -> Parts:
        """The parts of one passage's score."""
        return Parts(*map(float, self.parts[:, place]))


@dataclass(frozen=True)
class SentenceEvidence:
    """What the grains say of each sentence of some passages, (sentences,), one passage after another.

    Those of passage i begin at ``starts[i]``; behind the last start stands their number. ``tokens`` are None where
    there are none.
    """

    cosines: Scores
    tokens: Scores | None
    starts: Rows

    @classmethod
    def of(cls, cosines: Scores, sizes: Rows) -> SentenceEvidence:
        """What the cosines say, of passages that have so many sentences."""
        return cls(cosines, None, np.concatenate([[0], np.cumsum(sizes)]))

    def among(self, places: Rows) -> SentenceEvidence:
        """What they say of the sentences of the passages at some places, in that order."""
        firsts, lasts = self.starts[places], self.starts[places + 1]
        rows, _ = spread(firsts, lasts)
        found = SentenceEvidence.of(self.cosines[rows], lasts - firsts)
        return replace(found, tokens=self.tokens[rows]) if self.tokens is not None else found

    def scores(self, place: int, shares: Scores, read: Scores | None) -> Scores:
        """One score for each sentence of a passage, from this and what its words and a reader say, each (n,)."""
        own = slice(self.starts[place], self.starts[place + 1])
        tokens = self.tokens[own] if self.tokens is not None else None
        given = {"cosine": self.cosines[own], "share": shares, "tokens": tokens, "read": read}
        parts = {name: part for name, part in given.items() if part is not None}
        total = sum(SENTENCE_WEIGHTS[name] for name in parts)
        return np.asarray(sum(SENTENCE_WEIGHTS[name] * part for name, part in parts.items()) / total, np.float32)


def unweighted(parts: Parts) -> dict[str, float]:
    """What each grain said of a passage, from 0 to 1, by its name; a grain that may be missing and is, is left out."""
    there = [name for name in WEIGHTS if name not in ("tokens", "reader") or getattr(parts, name)]
    total = sum(WEIGHTS[name] for name in there)
    return {name: getattr(parts, name) * total / WEIGHTS[name] for name in there}


def reciprocal_ranks(*scores: Scores) -> Scores:
    """Reciprocal rank fusion of some rankings of the same passages, scaled so that first in all of them is 1."""
    ranks = [np.argsort(np.argsort(-one, kind="stable"), kind="stable") for one in scores]
    return np.asarray(sum((RANK_CONSTANT + 1) / (RANK_CONSTANT + 1 + rank) for rank in ranks) / len(ranks), np.float32)
