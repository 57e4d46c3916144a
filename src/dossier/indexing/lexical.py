"""Lexical search: BM25 over stemmed words, with the same verbs as dense search and a score that can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from math import log, log1p
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dossier.indexing.postings import Postings
from dossier.indexing.ranking import Ranking, Rows, Scores, best
from dossier.indexing.stems import WORD, StemNumbers, stems_asked, stems_in, stems_of, words_of
from dossier.records import Span

if TYPE_CHECKING:
    import bm25s

# Term frequency saturates soon and length counts little: passages are short and of like length.
K1, B = 0.9, 0.4
# Read so whatever a file says of it.
FORM = {"k1": K1, "b": B, "method": "lucene", "idf_method": "lucene", "backend": "numpy", "dtype": "float32"}
PARTS = "indptr", "indices", "data"
# What a text without words is indexed under, since bm25s can't index nothing; no question holds it.
NO_WORD = ""
# The rarity of a word that half of the passages hold.
HALF = log(2)
# The rarities of so many words stay in memory.
REMEMBERED = 4_096
# Up to so many passages all are scored, which is quicker than to choose among them.
MOST_WHOLE = 100_000
# Sums of the same scores in another order differ by less than this leaves.
SURELY = 1 - 1e-4


class Lexical:
    """BM25 in Lucene's form (Kamphuis et al. 2020); row i is passage i.

    A score is BM25 divided by the highest value that any passage could reach for the question, so it lies between 0
    and 1 and says how much of the question's information a passage holds. A word that is nowhere in the corpus counts
    in full as missing.
    """

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25
        self._rarity = lru_cache(maxsize=REMEMBERED)(partial(_rarity, bm25))

    @classmethod
    def of(cls, texts: Iterable[str]) -> Lexical:
        """The index of some texts, at least one."""
        words = Vocabulary()
        for text in texts:
            words.add(text)
        return words.lexical()

    def __len__(self) -> int:
        return int(self._bm25.scores["num_docs"])

    def rank(self, question: str, n: int, among: Rows | None = None) -> Ranking:
        """The ``n`` passages that share most with a question, of all or among some rows; all share something."""
        words, bound = self._asked(question)
        if not words:
            return Ranking(np.zeros(0, np.int64), np.zeros(0, np.float32))
        if among is None and len(self) <= MOST_WHOLE:
            ranking = best(self._bm25.get_scores_from_ids(words) / np.float32(bound), n)
        else:
            rows = among if among is not None else self._candidates(words, n)
            found = best(self.scores(question, rows), n)
            ranking = Ranking(rows[found.rows], found.scores)
        shared = ranking.scores > 0
        return Ranking(ranking.rows[shared], ranking.scores[shared])

    def scores(self, question: str, rows: Rows) -> Scores:
        """The scores of a question and the passages of some rows, in their order."""
        words, bound = self._asked(question)
        total = np.zeros(len(rows), np.float32)
        rows = rows.astype(self._bm25.scores["indices"].dtype)  # or all holders would be made what the rows are
        for word in words:
            column = slice(self._starts[word], self._starts[word + 1])
            holders = self._bm25.scores["indices"][column]
            places = np.minimum(np.searchsorted(holders, rows), len(holders) - 1)
            total += np.where(holders[places] == rows, self._bm25.scores["data"][column][places], 0)
        return total / np.float32(bound) if words else total

    def shares(self, question: str, texts: Sequence[str]) -> Scores:
        """How much of a question's information each text holds: the part of its words, weighted by their rarity."""
        asked = stems_asked(question)
        weights = {word: self._rarity(word) for word in asked}
        whole = sum(weights[word] for word in asked)
        if not whole:
            return np.zeros(len(texts), np.float32)
        held = map(stems_in, texts)
        return np.array([sum(weights[word] for word in asked if word in words) for words in held], np.float32) / whole

    def known(self, question: str) -> float:
        """How much of a question's information stands in any passage; 1 where it has none."""
        asked = stems_asked(question)
        whole = sum(self._rarity(word) for word in asked)
        return sum(self._rarity(word) for word in asked if word in self._bm25.vocab_dict) / whole if whole else 1.0

    def rarities(self, question: str, spans: Sequence[Span]) -> Scores:
        """The rarity of the word of a question that each of some spans of it lies in; zero outside of words."""
        weights = np.zeros(len(spans), np.float32)
        for match in WORD.finditer(question):
            places = [
                place for place, (start, end) in enumerate(spans) if match.start() <= start and end <= match.end()
            ]
            if places and (stems := stems_asked(match.group())):
                weights[places] = self._rarity(stems[0])
        return weights

    def holders(self, phrase: str) -> Rows:
        """The rows of the passages that hold every word of a phrase, in order."""
        words = {self._bm25.vocab_dict.get(word, -1) for word in stems_of(phrase)}
        if not words:
            return np.arange(len(self), dtype=np.int64)
        if -1 in words:
            return np.zeros(0, np.int64)
        rarest, *others = sorted((self._holders(word) for word in words), key=len)
        for holders in others:
            places = np.minimum(np.searchsorted(holders, rarest), len(holders) - 1)
            rarest = rarest[holders[places] == rarest]
        return rarest.astype(np.int64)

    def shared(self, question: str, texts: Iterable[str]) -> tuple[str, ...]:
        """The question's words whose stems some texts hold together, as they are asked, the rarest first.

        Words that more than half of the passages hold are left out where there are others.
        """
        held = frozenset().union(*map(stems_in, texts))
        rarities = {
            word: max(self._rarity(stem) for stem in stems)
            for word in WORD.findall(question)
            if (stems := stems_asked(word)) and held.issuperset(stems)
        }
        telling = [word for word, rarity in rarities.items() if rarity > HALF] or rarities
        return tuple(sorted(telling, key=lambda word: -rarities[word]))

    def _candidates(self, words: Sequence[int], n: int) -> Rows:
        """The rows, in order, among which the ``n`` best for some words surely are (MaxScore: Turtle, Flood 1995).

        Words are added up from the rarest on, until a passage that holds none of them can't come among the best any
        more; so the words that nearly all passages hold are looked up in a few passages only, and in fewer with each.
        """
        times = Counter(words)
        bounds = sorted(((_bound(self._bm25, word) * times[word], word) for word in times), reverse=True)
        missing = sum(bound for bound, _ in bounds)
        total = np.zeros(len(self), np.float32)
        least = 0.0  # what each of the best has already
        rows: Rows | None = None
        for bound, word in bounds:
            if rows is None and missing < least:
                rows = np.flatnonzero(total > (least - missing) * SURELY)
            holders, often = self._holders(word), np.float32(times[word])
            scores = self._bm25.scores["data"][self._starts[word] : self._starts[word + 1]]
            if rows is None:
                here = holders
                total[here] += scores * often
            else:
                here = rows
                places = np.minimum(np.searchsorted(holders, rows.astype(holders.dtype)), len(holders) - 1)
                total[here] += np.where(holders[places] == rows, scores[places], 0) * often
            missing -= bound
            if len(here) >= n:
                least = max(least, SURELY * float(np.partition(total[here], len(here) - n)[len(here) - n]))
            if rows is not None:
                rows = rows[total[rows] > (least - missing) * SURELY]
        return np.flatnonzero(total > max(least - missing, 0) * SURELY) if rows is None else rows

    def _asked(self, question: str) -> tuple[list[int], float]:
        """The question's words that some passage holds, and the highest BM25 score that any passage could have."""
        words = stems_asked(question)
        known = [self._bm25.vocab_dict[word] for word in words if word in self._bm25.vocab_dict]
        return known, sum(self._rarity(word) for word in words)

    def _holders(self, place: int) -> Rows:
        """The rows of the passages that hold the word at a place in the vocabulary, in order."""
        holders: Rows = self._bm25.scores["indices"][self._starts[place] : self._starts[place + 1]]
        return holders

    @property
    def _starts(self) -> Rows:
        """Where the passages of each word begin and end among the holders of all words."""
        starts: Rows = self._bm25.scores["indptr"]
        return starts

    def save(self, folder: Path) -> None:
        """Write the index as bm25s does, into a folder of its own."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """The index that `save` wrote, read where it lies.

        Raises `ValueError`, `KeyError` or `OSError` where it is something else.
        """
        import bm25s

        bm25 = bm25s.BM25.load(str(folder), show_progress=False, allow_pickle=False, mmap=True, **FORM)
        bm25.scores |= {part: np.asarray(bm25.scores[part]) for part in PARTS}
        if bm25.scores["indptr"].dtype.kind != "i" or not isinstance(bm25.scores["num_docs"], int):
            raise ValueError("its parts are not those of BM25")
        return cls(bm25)

    def check(self) -> None:
        """Raise `ValueError` where the words, their holders and the scores of these do not fit together."""
        _check(self._bm25)


def _rarity(bm25: bm25s.BM25, word: str) -> float:
    """Lucene's inverse document frequency, which is also the bound of a word's BM25 score."""
    place, count = bm25.vocab_dict.get(word), bm25.scores["num_docs"]
    return _bound(bm25, place) if place is not None else log1p((count + 0.5) / 0.5)


def _bound(bm25: bm25s.BM25, place: int) -> float:
    """The same of the word at a place in the vocabulary."""
    count, starts = bm25.scores["num_docs"], bm25.scores["indptr"]
    holders = int(starts[place + 1] - starts[place])
    return log1p((count - holders + 0.5) / (holders + 0.5))


def _check(bm25: bm25s.BM25) -> None:
    """Raise `ValueError` where an index's words, their holders and the scores of these do not fit together."""
    count = bm25.scores["num_docs"]
    starts, holders, scores = (bm25.scores[part] for part in PARTS)
    if not isinstance(count, int) or (starts.ndim, holders.ndim, scores.ndim) != (1, 1, 1) or not len(starts):
        raise ValueError("its parts are not those of BM25")
    kinds = (starts.dtype.kind, holders.dtype.kind, scores.dtype.kind)
    ends = (starts[0], starts[-1], len(scores)) == (0, len(holders), len(holders))
    if kinds != ("i", "i", "f") or not ends or np.any(np.diff(starts) < 0):
        raise ValueError("its words and their holders do not fit together")
    falls = 1 + np.flatnonzero(np.diff(holders) <= 0)
    if len(holders) and (holders.min() < 0 or holders.max() >= count or not np.isin(falls, starts).all()):
        raise ValueError(f"the holders of its words are not {count} passages in order")
    if not np.isfinite(scores).all():
        raise ValueError("it holds scores that are no numbers")
    for word, number in bm25.vocab_dict.items():
        if not isinstance(number, int) or not 0 <= number < len(starts) - 1:
            raise ValueError(f"its word {word!r} has the number {number!r}")


class Vocabulary:
    """The words of texts, taken up one text after another."""

    def __init__(self) -> None:
        self._numbers, self._postings, self._count = StemNumbers(), Postings(), 0

    def add(self, text: str) -> None:
        """Take up a text."""
        self._postings.add([self._numbers[word] for word in words_of(text)] or [self._numbers[NO_WORD]])
        self._count += 1

    def lexical(self) -> Lexical:
        """The index of the texts, at least one, which are then let go."""
        import bm25s

        bm25 = bm25s.BM25(**FORM)
        scored = self._postings.scored(len(self._numbers.of_stems), K1, B)
        bm25.scores = dict(zip(PARTS, scored, strict=True)) | {"num_docs": self._count}
        bm25.vocab_dict, bm25.nonoccurrence_array = self._numbers.of_stems, None
        return Lexical(bm25)
