"""Articles: where one ends and the next begins, in text that holds several and does not say so.

The paragraphs are divided so that each is explained best by the words of its own article before it, in the way of
Eisenstein and Barzilay, "Bayesian unsupervised topic segmentation" (2008), with the words of the whole text as the
prior. What a reader goes by besides shifts the odds of each border. Borders are wanted few and right: words alone
divide a text only where no thread runs through its parts.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import Any, NamedTuple

from dossier.reading.openings import Opening, openings
from dossier.records import Span

# A new article costs so much; it begins at a sign where the text has a thread.
BORDER = 10.0
SIGN = 2.0
# The thread of a text is the words that stand in the most parts of it; so many of them, in at least so many parts.
THREAD_WORDS = 3
THREAD = 0.7
LEAST_PARTS = 4
# Two articles share so much of the content of their last and first paragraphs at most.
NEAR = 4
MOST_SHARED = 0.15
# An article's words are those of its last so many paragraphs. The prior weighs as much as so many words, and a
# paragraph no more than so many, since its words come in bursts.
MEMORY = 12
PRIOR = 200.0
MOST_WORDS = 30
# What it costs an article to explain an abbreviation again, and to use it before it explains it.
EXPLAINED_AGAIN = 4.0
USED_BEFORE = 2.0
SHORTEST_CONTENT = 4

WORD = re.compile(r"[^\W\d_]{2,}")


class Paragraph(NamedTuple):
    """The stems of a paragraph's words, each once, and how it opens."""

    stems: tuple[str, ...]
    content: frozenset[str]
    opening: Opening


def article_starts(text: str, paragraphs: Sequence[Span], parted: Sequence[bool]) -> list[int]:
    """The places in ``paragraphs`` at which another article begins, in order.

    ``parted`` says before which of them furniture stands.
    """
    read = [
        _paragraph(text[slice(*span)], opening)
        for span, opening in zip(paragraphs, openings(text, paragraphs, parted), strict=True)
    ]
    gains = list(_gains(read))
    starts = _starts(read, gains, least=float("-inf"))
    if _no_thread(read, starts):
        return [start for start, shared in zip(starts, _shared(read, starts), strict=True) if shared <= MOST_SHARED]
    return _starts(read, gains, least=SIGN)


def _paragraph(text: str, opening: Opening) -> Paragraph:
    words = [word.casefold() for word in WORD.findall(text)]
    content = [word for word in words if len(word) >= SHORTEST_CONTENT and word not in _stop_words()]
    stem = _stemmer().stemWords
    return Paragraph(tuple(dict.fromkeys(stem(words))), frozenset(stem(content)), opening)


def _no_thread(paragraphs: Sequence[Paragraph], starts: Sequence[int]) -> bool:
    """Whether the parts have no words in common that say what the whole is about."""
    parts = [_content(paragraphs[begin:end]) for begin, end in pairwise([0, *starts, len(paragraphs)])]
    counts = Counter(word for part in parts for word in part)
    widest = sum(count for _, count in counts.most_common(THREAD_WORDS)) / THREAD_WORDS
    return len(parts) >= LEAST_PARTS and widest < THREAD * len(parts)


def _shared(paragraphs: Sequence[Paragraph], starts: Sequence[int]) -> Iterator[float]:
    """How much of their content the paragraphs on both sides of each border have in common, from 0 to 1."""
    edges = [0, *starts, len(paragraphs)]
    for begin, border, end in zip(edges[:-2], edges[1:-1], edges[2:], strict=True):
        left = _content(paragraphs[max(begin, border - NEAR) : border])
        right = _content(paragraphs[border : min(end, border + NEAR)])
        yield len(left & right) / max(min(len(left), len(right)), 1)


def _content(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    return frozenset().union(*(paragraph.content for paragraph in paragraphs))


def _starts(paragraphs: Sequence[Paragraph], gains: Sequence[Sequence[float]], *, least: float) -> list[int]:
    """The best division into articles; each begins at a paragraph whose odds are at least so high.

    ``best[a]`` is the score of the best division up to a paragraph that has a others of its article before it.
    """
    best = [0.0]
    came_from: list[list[int]] = []
    for place, (paragraph, gain) in enumerate(zip(paragraphs, gains, strict=True)):
        if place == 0:
            came_from.append([0])
            continue
        last = max(range(len(best)), key=best.__getitem__)
        odds = paragraph.opening.odds
        begun = best[last] + odds - BORDER if odds >= least else float("-inf")
        went_on = list(range(len(best)))
        if len(best) > MEMORY:  # what is older is forgotten
            went_on = [*range(MEMORY - 1), max((MEMORY - 1, MEMORY), key=best.__getitem__)]
        best = [begun, *(best[age] + gain[min(age + 1, MEMORY)] for age in went_on)]
        came_from.append([last, *went_on])
    starts = []
    age = max(range(len(best)), key=best.__getitem__) if best else 0
    for place in range(len(paragraphs) - 1, 0, -1):
        if age == 0:
            starts.append(place)
        age = came_from[place][age]
    return starts[::-1]


def _gains(paragraphs: Sequence[Paragraph]) -> Iterator[list[float]]:
    """For each paragraph, how much better it is explained with the 0, 1, 2 … paragraphs before it than without."""
    counts = Counter(stem for paragraph in paragraphs for stem in paragraph.stems)
    total = sum(counts.values())
    seen: dict[str, deque[int]] = {}
    sizes: deque[int] = deque(maxlen=MEMORY)
    for place, paragraph in enumerate(paragraphs):
        ages = len(sizes) + 1
        steps = [0.0] * ages
        for stem in paragraph.stems:
            prior = PRIOR * counts[stem] / total
            places = seen.setdefault(stem, deque(maxlen=MEMORY))
            for number, other in enumerate(reversed(places)):
                if place - other >= ages:
                    break
                steps[place - other] += log((number + 1 + prior) / (number + prior))
            places.append(place)
        weight = min(1.0, MOST_WORDS / max(len(paragraph.stems), 1))
        gains, known, size = [0.0], 0.0, 0
        again = 0.0
        for age in range(1, ages):
            size += sizes[-age]
            known += steps[age]
            again += _repeats(paragraphs[place - age].opening, paragraph.opening)
            gains.append(weight * (known - len(paragraph.stems) * log((size + PRIOR) / PRIOR)) - again)
        sizes.append(len(paragraph.stems))
        yield gains


def _repeats(before: Opening, opening: Opening) -> float:
    """What it costs that two paragraphs of one article explain the same, or one uses what a later one explains."""
    again = before.defined & opening.defined
    return EXPLAINED_AGAIN * len(again) + USED_BEFORE * len((before.used & opening.defined) - again)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    """The words that any text has, in the fifteen languages of bm25s."""
    from bm25s import stopwords

    lists = (words for name, words in vars(stopwords).items() if name.startswith("STOPWORDS_"))
    return frozenset(word for words in lists for word in words)
