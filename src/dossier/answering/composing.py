"""Composing: hits and citations become an Answer, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dossier.answers import SURE, Answer, Citation, Hit, ShortAnswer

# A short answer is given from this sureness of the reader on, and others beside it that have such a part of it.
SHORT, OTHER = 0.3, 0.5
AGREE, OR = ", which agree", "Or: "
# What short answers are compared by: numbers as they are written, and words with the signs that change what they say.
WORD = re.compile(r"\.?\d+(?:[.,:/]\d+)*|[\w$€£¥%°+−<>≤≥~#-]+")
ARTICLE = re.compile(r"^(?:an?|the)\s+")
# An answer quotes so many sentences at most, of hits that are nearly as good as the best.
MOST_QUOTES = 3
NEARLY = 0.75
NOT_FOUND = "The documents do not seem to say. Nearest passages:"
UNSURE = "Perhaps:"


def compose(
    question: str,
    asked: str,
    hits: Sequence[Hit],
    citations: Sequence[Citation],
    probability: float,
    threshold: float,
) -> Iterator[Answer]:
    """The answer as it grows, each one whole in itself: at first the passages, then a quoted sentence more each time.

    ``question`` is what was typed and ``asked`` what was searched for.
    Citation n belongs to hit n; the text quotes the best of them, after words that follow the ``probability`` that
    the evidence is among the hits, and the short answers, where a reader is sure enough of any. Below the ``threshold``
    the quotes are what is nearest, and no answer.
    """
    if not hits:
        yield Answer(question, asked, "No passage was found.", (), (), (), 0.0, found=False)
        return
    found = probability >= threshold
    numbers = [number for number, hit in enumerate(hits[:MOST_QUOTES], start=1) if hit.score >= NEARLY * hits[0].score]
    short = short_answers({number: hits[number - 1] for number in numbers}) if found else ()
    paragraphs = [
        *opening(probability, found=found),
        *(f"{OR if place else ''}{short_text(one)}" for place, one in enumerate(short)),
    ]
    for place, number in enumerate(numbers, start=1):
        paragraphs.append(f"“{' '.join(citations[number - 1].quote.split())}” [{number}]")
        if short and place < len(numbers):
            continue  # the short answers cite them all
        yield Answer(
            question,
            asked,
            "\n\n".join(paragraphs),
            tuple(citations),
            tuple(hits),
            tuple(numbers[:place]),
            probability,
            found,
            short,
        )


def opening(probability: float, *, found: bool) -> list[str]:
    """What is said before the quotes, as a paragraph; none where they can stand alone."""
    if found and probability >= SURE:
        return []
    return [UNSURE if found else NOT_FOUND]


def short_text(short: ShortAnswer) -> str:
    """A short answer with the numbers of its citations: ``Ada Lind [1]``, or ``Ada Lind [1] [3], which agree``."""
    numbers = " ".join(f"[{number}]" for number in short.numbers)
    return f"{' '.join(short.text.split())} {numbers}{AGREE if len(short.numbers) > 1 else ''}"


def short_answers(hits: Mapping[int, Hit]) -> tuple[ShortAnswer, ...]:
    """The short answers of some hits by the numbers of their citations, surest first; equal ones are one.

    None where a reader was not sure enough of any, and no other that is far less sure than the first.
    """
    sure = {number: hit.reading.sureness for number, hit in hits.items() if hit.reading and hit.reading.span}
    if not sure or max(sure.values()) < SHORT:
        return ()
    grouped: dict[str, list[int]] = {}
    for number in sorted(sure, key=lambda number: -sure[number]):
        if sure[number] >= OTHER * max(sure.values()):
            grouped.setdefault(_plain(_span_text(hits[number])), []).append(number)
    return tuple(ShortAnswer(_span_text(hits[numbers[0]]), tuple(sorted(numbers))) for numbers in grouped.values())


def _span_text(hit: Hit) -> str:
    return hit.passage.slice(hit.reading.span) if hit.reading and hit.reading.span else ""


def _plain(text: str) -> str:
    """What two short answers have in common that say the same."""
    return " ".join(WORD.findall(ARTICLE.sub("", text.casefold())))
