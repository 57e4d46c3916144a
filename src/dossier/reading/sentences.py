"""Sentences: the spans of the sentences of a text, found by sentencex and made to fit what people's files look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import segment

from dossier.records import LINE_END, Span

# Abbreviations in front of a name or number after which sentencex (1.0.32) ends a sentence.
LEADING = re.compile(r"(?<!\w)(?:Ms|Mx|Amb|Cpt|Lt|Vol|Ch|Sect|Eqs?|Figs|approx)\.\s*$")
LONGEST_LEADING = 20
# The time sentencex takes grows with the square of a paragraph, so a longer one is given to it in pieces.
LONGEST_PARAGRAPH = 5_000
BLANK_LINES = re.compile(r"(?:\r\n|\n|\r)(?:[^\S\r\n]*(?:\r\n|\n|\r))+")
WIDEST_WRAP = 100
NARROWEST_WRAP = 40


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The spans of the sentences in ``text[start:end]``, in order, without the white space around them.

    Blank lines end a sentence; so does the end of a line, unless the lines around it were wrapped at a width.
    """
    spans: list[Span] = []
    for first, last in _paragraphs(text, start, end):
        spans.extend(_sentences(text, first, last))
    return spans


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """Stretches of text that sentences do not leave, none longer than sentencex can bear."""
    for first, last in _between(BLANK_LINES, text, start, end):
        lines = [(first, last)] if _wrapped(text[first:last]) else _between(LINE_END, text, first, last)
        for from_, to in lines:
            while to - from_ > LONGEST_PARAGRAPH:
                space = text.rfind(" ", from_, from_ + LONGEST_PARAGRAPH) + 1
                cut = space if space > from_ else from_ + LONGEST_PARAGRAPH
                yield from_, cut
                from_ = cut
            yield from_, to


def _between(border: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    for match in border.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _wrapped(block: str) -> bool:
    """Whether the lines of a block were broken because the next word did not fit."""
    lines = [line.strip() for line in LINE_END.split(block)]
    width = max(map(len, lines))
    if len(lines) < 2 or width > WIDEST_WRAP:
        return False
    width = max(width, NARROWEST_WRAP)
    fits = [len(line) + 1 + len(after.split(" ", 1)[0]) <= width for line, after in pairwise(lines)]
    return sum(fits) <= len(fits) // 10


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of one paragraph, those that an abbreviation cut in two joined again."""
    opened = at = start
    for sentence in segment("en", text[start:end]):
        found = text.find(sentence, at, end)  # it may drop a character between two list items
        at = max(at, found + len(sentence))
        if found >= 0 and not LEADING.search(text[max(opened, at - LONGEST_LEADING) : at]):
            yield from stripped(text, opened, at)
            opened = at
    yield from stripped(text, opened, end)


def stripped(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without the white space around it; none at all where there is nothing else."""
    inside = text[start:end]
    first = start + len(inside) - len(inside.lstrip())
    last = start + len(inside.rstrip())
    if first < last:
        yield first, last
