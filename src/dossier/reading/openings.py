"""Openings: what a reader goes by to see that a paragraph begins an article, or that it goes on with one.

The signs are of English, French, Spanish and German prose (`opening_words`); in other languages only those count that
need no words, such as what stands between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dossier.reading.datelines import NAMED_DAY, opens_as_news
from dossier.reading.opening_words import CLOSING, LEANING, NUMBERED, PICTURED, TITLES, any_of
from dossier.records import Span

# So much of a paragraph is its opening.
OPENING = 250

# An article begins with a letter, a figure or a quote; the item of a list with something else, or in the middle.
ITEM = re.compile(r"[^\w\"“«„‘'(¡¿]|[a-zß-ÿ]|\w{1,3}[.)] ")
LEANS_ON = re.compile(rf"[\"“‘«„'(\[]?(?:{any_of(LEANING)})\b")
QUOTE = re.compile(r"[\"“«„]")
CLOSES = re.compile(rf"(?:{any_of(CLOSING)})\b")
# A person who is called by the family name has been introduced.
FAMILY_NAME = re.compile(rf"\b(?:{any_of(TITLES)})\.? ([^\W\d_][\w'’-]+)(?! [^\W\d_a-zß-ÿ])")
CAPTION = re.compile(rf"(?:{any_of(NUMBERED)}) (\d+)[.:]|(?:{any_of(PICTURED)})\b")
ACRONYM = re.compile(r"\b[A-Z][A-Za-z]{0,12}[A-Z]\b")
DEFINED = re.compile(r" \(([A-Z][A-Za-z]{0,12}[A-Z])\)")
LONGEST_NAME = 100
SENTENCE_ENDS = '.!?…。！？”"’)'

# The odds that each sign lends a border, as logarithms; 0 leaves them as they are.
LEANS, QUOTES, KNOWN_PERSON, NO_SENTENCE = -2.4, -1.2, -1.6, -1.2
HAS_DATELINE, HAS_DAY, HAS_CAPTION, DEFINES_AGAIN = 4.5, 1.5, 4.5, 4.5
AFTER_FURNITURE, AFTER_COLON, AFTER_LIST, AFTER_CLOSING = 3.0, 3.0, 3.0, 2.2


class Opening(NamedTuple):
    """The odds that a paragraph begins an article, and the abbreviations that it explains or uses."""

    odds: float
    defined: frozenset[str]
    used: frozenset[str]


def openings(text: str, paragraphs: Sequence[Span], parted: Sequence[bool]) -> Iterator[Opening]:
    """The opening of each paragraph; ``parted`` says before which of them furniture stands."""
    known: set[str] = set()
    before = ""
    for (start, end), gap in zip(paragraphs, parted, strict=True):
        inside = text[start:end]
        defined = frozenset(_defined(inside))
        odds = _own_odds(inside) + _odds_after(before, inside) + AFTER_FURNITURE * gap
        if defined & known:
            odds += DEFINES_AGAIN
        known |= defined
        yield Opening(odds, defined, frozenset(ACRONYM.findall(inside)))
        before = inside


def is_sentence(paragraph: str) -> bool:
    """Whether a paragraph ends as a sentence does; titles, captions and the items of lists do not."""
    return paragraph[-1] in SENTENCE_ENDS


def _own_odds(paragraph: str) -> float:
    opening = paragraph[:OPENING]
    odds = LEANS if LEANS_ON.match(paragraph) else QUOTES if QUOTE.match(paragraph) else 0.0
    if any(_introduced_before(opening, match) for match in FAMILY_NAME.finditer(opening)):
        odds += KNOWN_PERSON
    if opens_as_news(paragraph[:OPENING]):
        odds += HAS_DATELINE
    if NAMED_DAY.search(opening):
        odds += HAS_DAY
    if CAPTION.match(paragraph):
        odds += HAS_CAPTION
    elif not is_sentence(paragraph) or ITEM.match(paragraph):
        odds += NO_SENTENCE
    return odds


def _odds_after(before: str, paragraph: str) -> float:
    """The odds that what stands before a paragraph was the end of an article."""
    odds = AFTER_CLOSING if CLOSES.match(before) else 0.0
    if before and is_sentence(paragraph) and not ITEM.match(paragraph):
        if before.endswith(":"):
            odds += AFTER_COLON  # a list was announced and does not follow
        elif "\n" in before and not is_sentence(before) and not CAPTION.match(before):
            odds += AFTER_LIST
    return odds


def _introduced_before(opening: str, match: re.Match[str]) -> bool:
    """Whether the full name of a person does not stand before the family name, in the same opening."""
    full = re.compile(rf"[^\W\d_]{{2,}} {re.escape(match[1])}")
    return full.search(opening, 0, match.start()) is None


def _defined(paragraph: str) -> Iterator[str]:
    """Each abbreviation that stands in brackets after the words it is made of, and each figure by its number."""
    for match in DEFINED.finditer(paragraph):
        words = paragraph[max(0, match.start() - LONGEST_NAME) : match.start()]
        initials = iter(word[0].upper() for word in re.findall(r"[^\W\d_]+", words))
        letters = match[1].upper()
        if 2 * sum(letter in initials for letter in letters) >= len(letters):
            yield match[1]
    caption = CAPTION.match(paragraph)
    if caption and caption[1]:
        yield f"figure {caption[1]}"
