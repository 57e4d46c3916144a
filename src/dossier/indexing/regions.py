"""Regions: the parts of a picture of passages, each with the words that are more at home there than elsewhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from dossier.indexing.projection import Places
from dossier.reports import Region

# Words that name something: letters alone, no shorter than this.
WORD = re.compile(r"[^\W\d_]{3,}")
WORDS = 2
# There are about as many regions as half the root of the passages, but no more than can be taken in.
MOST = 10
# What only a passage or two have says nothing of a region.
FEWEST = 3
COMMON = 1 / 2


def regions(texts: Sequence[str], places: Places) -> tuple[Region, ...]:
    """The regions of a picture in which ``texts[i]`` is at ``places[i]``, largest first.

    Each is a cluster of k-means. Its words are those whose presence in a text says most that the text is in it: the
    share of its texts that have the word, by the logarithm of how much greater that is than the share of all.
    Words that are in half of all texts, as many are in any language, name nothing, nor do English stop words.
    """
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
    from threadpoolctl import threadpool_limits

    count = min(MOST, max(2, round(math.sqrt(len(texts)) / 2)))
    with threadpool_limits(1, user_api="openmp"):
        cluster_of = KMeans(count, n_init=3, random_state=0).fit_predict(places)
    written = Counter(word for text in texts for word in WORD.findall(text))
    held = [{word.lower() for word in WORD.findall(text)} - ENGLISH_STOP_WORDS for text in texts]
    everywhere = Counter(word for words in held for word in words)
    forms: dict[str, str] = {}
    for word, _ in written.most_common():
        forms.setdefault(word.lower(), word)
    found = []
    for cluster, size in Counter(cluster_of.tolist()).most_common():
        members = np.flatnonzero(cluster_of == cluster)
        here = Counter(word for member in members for word in held[member])
        telling = {
            word: times / size * math.log(times / size / share)
            for word, times in here.items()
            if times >= FEWEST and (share := everywhere[word] / len(texts)) < COMMON
        }
        words = _distinct(sorted(telling, key=lambda word: (-telling[word], word)))
        if words:
            middle = np.median(places[members], axis=0)
            found.append(Region(float(middle[0]), float(middle[1]), tuple(forms.get(word, word) for word in words)))
    return tuple(found)


def _distinct(words: Sequence[str]) -> list[str]:
    """The first few words, without those that begin as one before them does."""
    chosen: list[str] = []
    for word in words:
        if len(chosen) < WORDS and not any(word[:4] == other[:4] for other in chosen):
            chosen.append(word)
    return chosen
