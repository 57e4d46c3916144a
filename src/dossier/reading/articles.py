"""Articles: where one ends and the next begins, in text that holds several and does not say so.

The paragraphs are divided so that each is explained best by the words of its own article before it, in the way of
Eisenstein and Barzilay, "Bayesian unsupervised topic segmentation" (2008), with the words of the whole text as the
prior. What a reader goes by besides shifts the odds of each border. That proposes borders enough; `borders` removes
those between two parts of one article.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import log
from typing import Any, NamedTuple

from dossier.reading.borders import Weighed, true_borders
from dossier.reading.openings import Opening, openings
from dossier.records import Span

# A new article costs so much.
BORDER = 10.0
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
    proposed = _starts(read, list(_gains(read)))
    return true_borders([Weighed(paragraph.content, paragraph.opening.odds) for paragraph in read], proposed)


def _paragraph(text: str, opening: Opening) -> Paragraph:
    words = [word.casefold() for word in WORD.findall(text)]
    content = [word for word in words if len(word) >= SHORTEST_CONTENT and word not in _stop_words()]
    stem = _stemmer().stemWords
    return Paragraph(tuple(dict.fromkeys(stem(words))), frozenset(stem(content)), opening)


def _starts(paragraphs: Sequence[Paragraph], gains: Sequence[Sequence[float]]) -> list[int]:
    """The best division into articles by words that come in bursts: where each but the first begins.

    ``best[a]`` is the score of the best division up to a paragraph that has a others of its article before it.
    """
    best = [0.0]
    came_from: list[list[int]] = []
    for place, (paragraph, gain) in enumerate(zip(paragraphs, gains, strict=True)):
        if place == 0:
            came_from.append([0])
            continue
        last = max(range(len(best)), key=best.__getitem__)
        begun = best[last] + paragraph.opening.odds - BORDER
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
