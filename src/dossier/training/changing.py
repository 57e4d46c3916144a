"""Changing: a question that a passage answers becomes one, hardly different, that it does not.

Near misses are what a search hands to the reader, and few collections hold any. A name or a number gives way to
another, or a word to its opposite, as people do who write such questions on purpose (Rajpurkar, Jia, Liang 2018).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

# A name, of one word or more, or a number; not at the beginning, where every word is written large.
TELLING = re.compile(r"(?<=[a-z,;] )(?:[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*|\d[\d.,]*\d|\d)")
OPPOSITES = [line.split() for line in Path(__file__).with_name("opposites.txt").read_text("utf-8").splitlines()]
OPPOSITE = {one: other for first, last in OPPOSITES for one, other in ((first, last), (last, first))}
# Every question can be denied, so few are: a reader would learn that whatever is denied has no answer.
DENIED_AT_MOST = 0.3
DENIED = re.compile(r"\b(is|are|was|were|did|does|do|can|could|will|would|should|has|have|had)\b")


def changed(question: str, passage: str, names: Sequence[str], chance: random.Random) -> str | None:
    """A question that a passage no longer answers; None where nothing in it can be changed.

    ``names`` are what others may be called; one that the passage holds too is as good, since it has another part there.
    """
    ways = [way for way in (_renamed, _opposed, _denied) for _ in range(4 if way is _renamed else 2)]
    chance.shuffle(ways)
    for way in dict.fromkeys(ways):
        found = way(question, passage, names, chance)
        if found is not None:
            return found
    return None


def telling(text: str) -> list[str]:
    """The names and numbers of a text, by how they are written."""
    return TELLING.findall(text)


def _renamed(question: str, passage: str, names: Sequence[str], chance: random.Random) -> str | None:
    """Another name or number in place of one that stands in the passage."""
    own = [one for one in TELLING.finditer(question) if one[0].casefold() in passage.casefold()]
    if not own:
        return None
    old = chance.choice(own)
    inside = telling(passage)
    pool = inside if inside and chance.random() < 0.4 else names
    alike = [
        name
        for name in (chance.choice(pool) for _ in range(24 if pool else 0))
        if name[0].isdigit() == old[0][0].isdigit()
        and name.casefold() not in question.casefold()
        and old[0].casefold() not in name.casefold()
    ]
    if not alike:
        return None
    # Numbers are nearest where they have as many digits, and names as many words.
    new = min(alike, key=lambda name: (len(name.split()) != len(old[0].split()), abs(len(name) - len(old[0])) > 2))
    return question[: old.start()] + new + question[old.end() :]


def _opposed(question: str, _: str, __: Sequence[str], chance: random.Random) -> str | None:
    """The opposite in place of a word."""
    own = [one for one in re.finditer(r"\w+", question) if one[0] in OPPOSITE]
    if not own:
        return None
    old = chance.choice(own)
    return question[: old.start()] + OPPOSITE[old[0]] + question[old.end() :]


def _denied(question: str, _: str, __: Sequence[str], chance: random.Random) -> str | None:
    """The question denied."""
    own = DENIED.search(question)
    if own is None or chance.random() > DENIED_AT_MOST or re.search(r"n't\b|\b(?:not|never)\b", question):
        return None
    new = {"can": "can't", "will": "won't"}.get(own[0], f"{own[0]}n't")
    return question[: own.start()] + new + question[own.end() :]
