"""Changing: a question that a passage answers becomes one, hardly different, that it does not.

Near misses are what a search hands to the reader, and few collections hold any. A name or a number gives way to
another, a word to its opposite or to one that stands between the same two in other questions, as people do who write
such questions on purpose (Rajpurkar, Jia, Liang 2018).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# A name, of one word or more, or a number; not at the beginning, where every word is written large.
TELLING = re.compile(r"(?<=[a-z,;] )(?:[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*|\d[\d.,]*\d|\d)")
OPPOSITES = [line.split() for line in Path(__file__).with_name("opposites.txt").read_text("utf-8").splitlines()]
OPPOSITE = {one: other for first, last in OPPOSITES for one, other in ((first, last), (last, first))}
# Of words that come in so many are the passage's own, where it has such.
OWN_WORDS = 0.7
# Every question can be denied, so few are: a reader would learn that whatever is denied has no answer.
DENIED_AT_MOST = 0.3
DENIED = re.compile(r"\b(is|are|was|were|did|does|do|can|could|will|would|should|has|have|had)\b")


# Words of so many letters, but for the most frequent ones, are what a question is about.
ABOUT = re.compile(r"[a-z]{4,}")
FREQUENT = 120
WORD = re.compile(r"[\w'’-]+|[^\w\s]")
# Two words begin alike if they have so many letters in common: one is no change of the other.
ALIKE = 4


@dataclass(frozen=True)
class Pool:
    """What questions hold: their names and numbers, and the words that stand between two others."""

    names: Sequence[str]
    between: dict[tuple[str, str], list[str]]

    @classmethod
    def of(cls, questions: Iterable[str]) -> Pool:
        """Gathered from some questions, each counted once."""
        own = sorted(set(questions))
        counts = Counter(word for question in own for word in ABOUT.findall(question))
        frequent = {word for word, _ in counts.most_common(FREQUENT)}
        between: dict[tuple[str, str], dict[str, None]] = {}
        for question in own:
            words = WORD.findall(question)
            for before, word, after in zip(words, words[1:], words[2:], strict=False):
                if ABOUT.fullmatch(word) and word not in frequent:
                    between.setdefault((before.lower(), after.lower()), {})[word] = None
        names = sorted({name for question in own for name in telling(question)})
        return cls(names, {place: list(words) for place, words in between.items()})

    def words(self, before: str, after: str) -> list[str]:
        """The words that stand between two others in some question."""
        return self.between.get((before.lower(), after.lower()), [])


def changed(question: str, passage: str, pool: Pool, chance: random.Random) -> str | None:
    """A question that a passage no longer answers; None where nothing in it can be changed.

    What comes in may stand in the passage too: it is as good, since it has another part there.
    """
    ways = [way for way, often in OFTEN.items() for _ in range(often)]
    chance.shuffle(ways)
    for way in dict.fromkeys(ways):
        found = way(question, passage, pool, chance)
        if found is not None:
            return found
    return None


def telling(text: str) -> list[str]:
    """The names and numbers of a text, by how they are written."""
    return TELLING.findall(text)


def _renamed(question: str, passage: str, pool: Pool, chance: random.Random) -> str | None:
    """Another name or number in place of one that stands in the passage."""
    own = [one for one in TELLING.finditer(question) if one[0].casefold() in passage.casefold()]
    if not own:
        return None
    old = chance.choice(own)
    inside = telling(passage)
    names = inside if inside and chance.random() < 0.4 else pool.names
    alike = [
        name
        for name in (chance.choice(names) for _ in range(24 if names else 0))
        if name[0].isdigit() == old[0][0].isdigit()
        and name.casefold() not in question.casefold()
        and old[0].casefold() not in name.casefold()
    ]
    if not alike:
        return None
    # Numbers are nearest where they have as many digits, and names as many words.
    new = min(alike, key=lambda name: (len(name.split()) != len(old[0].split()), abs(len(name) - len(old[0])) > 2))
    return question[: old.start()] + new + question[old.end() :]


def _exchanged(question: str, passage: str, pool: Pool, chance: random.Random) -> str | None:
    """Another word between the same two."""
    words = list(WORD.finditer(question))
    begun = {word[0][:ALIKE] for word in words}
    places = [
        (word, fitting)
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
        if ABOUT.fullmatch(word[0])
        and (fitting := [one for one in pool.words(before[0], after[0]) if one[:ALIKE] not in begun])
    ]
    if not places:
        return None
    old, fitting = chance.choice(places)
    own = set(ABOUT.findall(passage)) if chance.random() < OWN_WORDS else set()
    new = chance.choice([word for word in fitting if word in own] or fitting)
    return question[: old.start()] + new + question[old.end() :]


def _opposed(question: str, _: str, __: Pool, chance: random.Random) -> str | None:
    """The opposite in place of a word."""
    own = [one for one in re.finditer(r"\w+", question) if one[0] in OPPOSITE]
    if not own:
        return None
    old = chance.choice(own)
    return question[: old.start()] + OPPOSITE[old[0]] + question[old.end() :]


def _denied(question: str, _: str, __: Pool, chance: random.Random) -> str | None:
    """The question denied."""
    own = DENIED.search(question)
    if own is None or chance.random() > DENIED_AT_MOST or re.search(r"n't\b|\b(?:not|never)\b", question):
        return None
    new = {"can": "can't", "will": "won't"}.get(own[0], f"{own[0]}n't")
    return question[: own.start()] + new + question[own.end() :]


# How often each way is the first to be tried.
OFTEN = {_renamed: 4, _exchanged: 4, _opposed: 2, _denied: 1}
