"""Fusion: the one place where dense and lexical scores are put on one scale."""

from __future__ import annotations

import numpy as np

from dossier.indexing.ranking import Scores

# Both parts mean the same for every question, a cosine and a share of the question's information, so they are added
# as they are and the sum can be compared between questions (a convex combination: Bruch, Gai, Ingber 2023).
DENSE_WEIGHT = 0.6


def fuse(cosines: Scores, shares: Scores) -> Scores:
    """One score from 0 to 1 for each passage or sentence, from its cosine and its share of the question's words."""
    return np.asarray(np.clip(DENSE_WEIGHT * cosines + (1 - DENSE_WEIGHT) * shares, 0, 1), np.float32)
