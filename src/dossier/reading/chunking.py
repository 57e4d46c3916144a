"""Chunking: a document becomes passages, each an exact slice of whole sentences that fits."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from dossier.reading.sections import line_starts
from dossier.reading.sentences import sentence_spans, stripped
from dossier.records import Document, Passage, Section, Span, landmarks_in

# How much of a passage's room each text takes: 1 is a full passage.
Measure = Callable[[Sequence[str]], list[float]]

WORD = re.compile(r"\S+\s*")
CLAUSE_END = re.compile(r"[,;:)\]–—。、，；]\s*$")
# A clause is worth ending at if it leaves no more than this part of the passage empty.
LEAST_CLAUSE = 0.5
# A passage repeats sentences of the one before for this part of its room at most.
MOST_REPEATED = 0.5


def chunk(document: Document, *, measure: Measure, overlap: int) -> list[Passage]:
    """The passages of a document, in order; they cover all its text but furniture and white space between sentences.

    None crosses a section or furniture. Each packs as many whole sentences as ``measure`` has room for and begins with
    the last ``overlap`` sentences of the passage before it, if they leave room for a new one. A sentence that does not
    fit alone is divided at clauses, else between words, else inside a word.
    """
    starts = line_starts(document.text)
    return [
        _passage(document, section, sentences, starts)
        for section, stretch in _stretches(document)
        for sentences in _packed(document.text, stretch, measure, overlap)
    ]


def _stretches(document: Document) -> Iterator[tuple[Section, Span]]:
    """The prose of each section between furniture, in order."""
    left_out = document.left_out
    place = 0
    for section in document.sections:
        at = section.start
        while place < len(left_out) and left_out[place][0] < section.end:
            start, end = left_out[place]
            if at < start:
                yield section, (at, start)
            at = max(at, end)
            if end > section.end:  # it goes on in the next one
                break
            place += 1
        if at < section.end:
            yield section, (at, section.end)


def _packed(text: str, stretch: Span, measure: Measure, overlap: int) -> Iterator[list[Span]]:
    """The sentences of each passage of a stretch."""
    spans = sentence_spans(text, *stretch)
    shares = measure([text[start:end] for start, end in spans])
    sentences: list[Span] = []
    rooms: list[float] = []
    for span, share in zip(spans, shares, strict=True):
        parts = [(span, share)] if share <= 1 else _divided(text, span, measure)
        sentences.extend(part for part, _ in parts)
        rooms.extend(room for _, room in parts)

    first = 0
    covered = 0
    while covered < len(sentences):
        last = _fill(rooms, first)
        while last > first + 1 and _share(text, sentences[first][0], sentences[last - 1][1], measure) > 1:
            last -= 1  # together they may count for more than one by one
        if last <= covered:  # what is repeated leaves no room for anything new
            first = covered
            continue
        yield sentences[first:last]
        covered = last
        first = max(last - overlap, first + 1)
        while sum(rooms[first:covered]) > MOST_REPEATED:
            first += 1


def _fill(rooms: Sequence[float], first: int) -> int:
    """The end of the run from ``first`` that fits in a passage; it holds one sentence at least."""
    last, used = first + 1, rooms[first]
    while last < len(rooms) and used + rooms[last] <= 1:
        used += rooms[last]
        last += 1
    return last


def _share(text: str, start: int, end: int, measure: Measure) -> float:
    return measure([text[start:end]])[0]


def _divided(text: str, span: Span, measure: Measure) -> list[tuple[Span, float]]:
    """A sentence that is too long, in parts that fit, with their shares."""
    words = [match.span() for match in WORD.finditer(text, *span)]
    shares = measure([text[start:end] for start, end in words])
    pieces: list[tuple[Span, float]] = []
    for word, share in zip(words, shares, strict=True):
        pieces.extend([(word, share)] if share <= 1 else _halved(text, word, measure))

    rooms = [share for _, share in pieces]
    parts: list[tuple[Span, float]] = []
    first = 0
    while first < len(pieces):
        last = _clause_end(text, pieces, first, _fill(rooms, first))
        while last > first + 1 and _share(text, pieces[first][0][0], pieces[last - 1][0][1], measure) > 1:
            last -= 1
        for start, end in stripped(text, pieces[first][0][0], pieces[last - 1][0][1]):
            parts.append(((start, end), _share(text, start, end, measure)))
        first = last
    return parts


def _clause_end(text: str, pieces: Sequence[tuple[Span, float]], first: int, last: int) -> int:
    """The end of the last clause in ``pieces[first:last]``, or ``last`` where that would leave too much room."""
    if last == len(pieces):
        return last
    for end in range(last, first, -1):
        if sum(share for _, share in pieces[first:end]) < LEAST_CLAUSE:
            break
        if CLAUSE_END.search(text[slice(*pieces[end - 1][0])]):
            return end
    return last


def _halved(text: str, span: Span, measure: Measure) -> list[tuple[Span, float]]:
    """A word that does not fit in a passage, cut in halves until its parts do."""
    start, end = span
    share = _share(text, start, end, measure)
    if share <= 1 or end - start < 2:
        return [(span, share)]
    middle = (start + end) // 2
    return _halved(text, (start, middle), measure) + _halved(text, (middle, end), measure)


def _passage(document: Document, section: Section, sentences: Sequence[Span], starts: Sequence[int]) -> Passage:
    start, end = sentences[0][0], sentences[-1][1]
    return Passage(
        path=document.path,
        text=document.text[start:end],
        start=start,
        end=end,
        first_line=bisect_right(starts, start),
        last_line=bisect_right(starts, end - 1),
        sentences=tuple(sentences),
        section=section.title,
        date=section.date,
        landmarks=landmarks_in(document.landmarks, (start, end)),
        event=section.event,
        venue=section.venue,
    )
