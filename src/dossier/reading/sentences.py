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
# The number before an item or a clause, ``3.``, ``(iv)`` or ``Article 3.``, is no sentence of its own.
NUMBER = re.compile(
    r"\s*(?:[^\W\d_]{1,12} |§ ?)?\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,7}|[^\W\d_])[.):]+\s*", re.IGNORECASE
)
LONGEST_NUMBER = 30
# The time sentencex takes grows with the square of a text, so it is shown so much of a paragraph at a time.
WINDOW = 5_000
BETWEEN_WORDS = re.compile(r".*\S\s", re.DOTALL)
# White space that it does not expect between a word and its full stop makes it panic.
ODD_SPACE = re.compile(r"[^\S \n\r\t]")
# The mark of a note after the end of a sentence, which sentencex does not know.
NOTE_MARK = re.compile(r"(?<=[.!?…”’\"')\]])[⁰¹²³⁴-⁹]+")
ONE_END = r"(?:\r\n|\n|\r(?!\n))"
BLANK_LINES = re.compile(rf"{ONE_END}(?:[^\S\r\n]*{ONE_END})+")
# What ends a line as ``Moderator:`` does says something only with the next line.
LABEL = re.compile(r"(?=.*[^\W\d_])[^:：\r\n]{1,40}[:：][*_]*")
NEXT_LINE = re.compile(rf"[^\S\r\n]*{ONE_END}[^\S\r\n]*")
WIDEST_WRAP = 100
NARROWEST_WRAP = 40


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The spans of the sentences in ``text[start:end]``, in order, without the white space around them.

    Blank lines end a sentence; so does the end of a line, unless the lines around it were wrapped at a width, or it is
    a label of the next.
    """
    spans: list[Span] = []
    for first, last in _paragraphs(text, start, end):
        found = list(_sentences(text, first, last))
        if spans and found and _labels(text, spans[-1], found[0]):
            found[0] = spans.pop()[0], found[0][1]
        spans.extend(found)
    return spans


def _labels(text: str, one: Span, other: Span) -> bool:
    """Whether a sentence is a label of another, on the next line, that is none itself."""
    if not NEXT_LINE.fullmatch(text, one[1], other[0]):
        return False
    return LABEL.fullmatch(text, *one) is not None and LABEL.fullmatch(text, *other) is None


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """Stretches of text that sentences do not leave."""
    for first, last in between(BLANK_LINES, text, start, end):
        if _wrapped(text[first:last]):
            yield first, last
        else:
            yield from between(LINE_END, text, first, last)


def between(border: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches of ``text[start:end]`` between borders, empty ones too."""
    for match in border.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _wrapped(block: str) -> bool:
    """Whether the lines of a block were broken because the next word did not fit."""
    lines = [line.strip() for line in LINE_END.split(block.strip())]
    width = max(map(len, lines))
    if len(lines) < 2 or width > WIDEST_WRAP:
        return False
    width = max(width, NARROWEST_WRAP)
    fits = [len(line) + 1 + len(after.split(" ", 1)[0]) <= width for line, after in pairwise(lines)]
    return sum(fits) <= len(fits) // 10


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of one paragraph, those that an abbreviation or its number cut in two joined again."""
    opened = start
    for border in _borders(text, start, end):
        if opened == start and border - start < LONGEST_NUMBER and NUMBER.fullmatch(text, start, border):
            continue
        if not LEADING.search(text[max(opened, border - LONGEST_LEADING) : border]):
            yield from stripped(text, opened, border)
            opened = border
    yield from stripped(text, opened, end)


def _borders(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentencex ends each sentence of a paragraph. The last one in a window may go on in the next.

    One that is longer than a window ends between two words, if there are two.
    """
    while start < end:
        window = ODD_SPACE.sub(" ", text[start : min(end, start + WINDOW)])
        window = NOTE_MARK.sub(lambda mark: " " * len(mark[0]), window)
        at, ends = 0, []
        for sentence in segment("en", window):
            found = window.find(sentence, at)  # it may drop a character between two list items
            if found >= 0:
                at = found + len(sentence)
                ends.append(at)
        if start + len(window) < end and len(ends) > 1:
            ends.pop()
        elif start + len(window) < end and (words := BETWEEN_WORDS.match(window + text[start + len(window)])):
            ends = [words.end()]
        for border in ends:
            yield start + border
        start += ends[-1] if ends else len(window)


def stripped(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without the white space around it; none at all where there is nothing else."""
    inside = text[start:end]
    first = start + len(inside) - len(inside.lstrip())
    last = start + len(inside.rstrip())
    if first < last:
        yield first, last
