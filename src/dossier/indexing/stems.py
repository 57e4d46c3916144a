"""Stems: the words of a text without case, accents and endings, by which texts and questions are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from threading import local

WORD = re.compile(r"\w+")
RAISED = re.compile("[⁰¹²³⁴-⁹]+")
ACCENTS = re.compile("[\u0300-\u036f]")


class StemNumbers(dict[str, int]):
    """The number of the stem of each word, in the order in which stems are first asked for; each is stemmed once."""

    def __init__(self) -> None:
        self.of_stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        (stem,) = _stemming().stems([word])
        number = self[word] = self.of_stems.setdefault(stem, len(self.of_stems))
        return number


def stems_of(text: str) -> list[str]:
    """The stems of a text's words, in order, without case and accents."""
    return _stemming().stems(words_of(text))


def words_of(text: str) -> list[str]:
    """A text's words, in order, without case and accents; the mark of a note is a word of its own."""
    plain = text.casefold()
    if not plain.isascii():
        plain = RAISED.sub(r" \g<0>", plain)
        plain = ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    return WORD.findall(plain)


@lru_cache(maxsize=1024)
def stems_asked(question: str) -> tuple[str, ...]:
    """The same of a question or a word of it, which many passages are compared with."""
    return tuple(stems_of(question))


@lru_cache(maxsize=2048)
def stems_in(text: str) -> frozenset[str]:
    """The same of a sentence, without order; those that come into question are looked at more than once."""
    return frozenset(stems_of(text))


class _Stemming(local):
    """The stemmer of a thread: making one takes longer than stemming a sentence, and two threads can't share one."""

    def __init__(self) -> None:
        import Stemmer

        self.stems: Callable[[list[str]], list[str]] = Stemmer.Stemmer("english").stemWords


@lru_cache(maxsize=1)
def _stemming() -> _Stemming:
    return _Stemming()
