"""Examples: questions to begin with, made from the names that a corpus speaks of most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import dropwhile

from dossier.records import Passage

# Two to four words in capitals, one after another or joined as names are: "Department of Peace Operations".
NAME = re.compile(r"\b[A-Z][\w-]+(?: (?:(?:of|for|and|de|van|von) (?:the )?)?[A-Z][\w-]+){1,3}\b")
QUESTIONS = ("What is said about {}?", "What did {} call for?", "Who speaks of {}?", "What happened with {}?")


def example_questions(passages: Sequence[Passage], n: int) -> list[str]:
    """Up to ``n`` questions about the names that stand in most passages, no two of them sharing a word."""
    words = Counter(word for passage in passages for word in re.findall(r"\w+", passage.text))
    names = Counter(name for passage in passages for name in set(_names(passage.text, words)))
    chosen: list[str] = []
    taken: set[str] = set()
    for name, _ in sorted(names.items(), key=lambda item: (-item[1], item[0])):
        parts = set(name.casefold().split())
        if len(chosen) < n and not parts & taken:
            chosen.append(QUESTIONS[len(chosen) % len(QUESTIONS)].format(_with_article(name, passages)))
            taken |= parts
    return chosen


def _with_article(name: str, passages: Sequence[Passage]) -> str:
    """The name after ``the``, if that is how the passages often call it."""
    plain = sum(passage.text.count(name) for passage in passages)
    article = sum(len(re.findall(rf"\b[Tt]he {re.escape(name)}", passage.text)) for passage in passages)
    return f"the {name}" if 3 * article > plain else name


def _names(text: str, words: Counter[str]) -> Iterator[str]:
    """The names in a text, without words at their beginning that are usually written small, such as ``The``."""
    for match in NAME.finditer(text):
        parts = list(dropwhile(lambda word: words[word.lower()] >= words[word], match.group().split()))
        if len(parts) > 1 and not parts[0].islower():
            yield " ".join(parts)
