"""Borders: which of those that were proposed in a text part two articles, and which only two parts of one.

An article goes back to its words, and another brings its own. The weakest border is removed, those beside it are
weighed again, now that they part longer articles, and so on until each has the odds for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import log
from typing import NamedTuple

# How much each sign weighs, by a logistic regression over borders in concatenations of news and encyclopedia articles.
PRIOR, SHARED, THREAD, RARE_THREAD, INTRODUCED = 4.3, -14.0, -6.0, -1.3, 13.0
# What two articles share is looked for in so many paragraphs beside their border, and their threads in so many.
NEAR, MEMORY = 4, 12


class Weighed(NamedTuple):
    """The content of a paragraph, as stems, and the odds that its opening lends to a border before it."""

    content: Set[str]
    odds: float


def true_borders(paragraphs: Sequence[Weighed], proposed: Sequence[int]) -> list[int]:
    """The places in ``paragraphs`` at which another article begins: those of ``proposed`` with odds above even."""
    edges = [0, *proposed, len(paragraphs)]
    before = {place: last for last, place in pairwise(edges)}
    after = dict(pairwise(edges))
    rarity = _rarity(paragraphs)

    def odds(place: int) -> float:
        return _odds(paragraphs, rarity, before[place], place, after[place])

    known = {place: odds(place) for place in proposed}
    heap = [(value, place) for place, value in known.items()]
    heapify(heap)
    while heap and heap[0][0] <= 0:
        value, place = heappop(heap)
        if known.get(place) != value:  # it has been weighed again, or removed
            continue
        del known[place]
        left, right = before[place], after[place]
        after[left], before[right] = right, left
        for beside in (left, right):
            if beside in known:
                known[beside] = odds(beside)
                heappush(heap, (known[beside], beside))
    return sorted(known)


def _rarity(paragraphs: Sequence[Weighed]) -> dict[str, float]:
    """The inverse document frequency of each word, paragraphs being the documents: 0 for one that stands in all."""
    counts = Counter(word for paragraph in paragraphs for word in paragraph.content)
    return {word: log(len(paragraphs) / count) for word, count in counts.items()}


def _odds(paragraphs: Sequence[Weighed], rarity: dict[str, float], begin: int, border: int, end: int) -> float:
    """The odds, as a logarithm, that two articles meet at a border, and not two parts of one."""
    left, right = paragraphs[max(begin, border - MEMORY) : border], paragraphs[border : min(end, border + MEMORY)]
    words, others = _counts(left), _counts(right)
    both = words.keys() & others.keys()
    held = {word: min(words[word] / len(left), others[word] / len(right)) for word in both}
    return (
        PRIOR
        + paragraphs[border].odds
        + SHARED * _shared(left[-NEAR:], right[:NEAR])
        + THREAD * max(held.values(), default=0.0)
        + RARE_THREAD * max((share * rarity[word] for word, share in held.items()), default=0.0)
        + INTRODUCED * _introduced(right, words.keys(), rarity)
    )


def _counts(paragraphs: Sequence[Weighed]) -> Counter[str]:
    return Counter(word for paragraph in paragraphs for word in paragraph.content)


def _shared(left: Sequence[Weighed], right: Sequence[Weighed]) -> float:
    """How much of their content two runs of paragraphs have in common, from 0 to 1."""
    words, others = _counts(left).keys(), _counts(right).keys()
    return len(words & others) / max(min(len(words), len(others)), 1)


def _introduced(right: Sequence[Weighed], known: Set[str], rarity: dict[str, float]) -> float:
    """How much of what the first paragraph says is new and comes again in those after it, from 0 to 1."""
    later = _counts(right[1:]).keys()
    opening = right[0].content
    weight = sum(rarity[word] for word in sorted(opening))
    new = sum(rarity[word] for word in sorted(opening) if word in later and word not in known)
    return new / weight if weight else 0.0
