"""Composing: hits and citations become an Answer, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossier.answering.confidence import SURE, THRESHOLD
from dossier.answers import Answer, Citation, Hit

# An answer quotes so many sentences at most, of hits that are nearly as good as the best.
MOST_QUOTES = 3
NEARLY = 0.75
NOT_FOUND = "The documents do not seem to say. Nearest passages:"
UNSURE = "Perhaps:"


def compose(
    question: str, asked: str, hits: Sequence[Hit], citations: Sequence[Citation], probability: float
) -> Iterator[Answer]:
    """The answer as it grows, each one whole in itself: at first the passages, then a quoted sentence more each time.

    ``question`` is what was typed and ``asked`` what was searched for.
    Citation n belongs to hit n; the text quotes the best of them, after words that follow the ``probability`` that
    the evidence is among the hits.
    """
    if not hits:
        yield Answer(question, asked, "No passage was found.", (), (), (), 0.0, found=False)
        return
    paragraphs = opening(probability)
    quoted: list[int] = []
    for hit, citation in zip(hits[:MOST_QUOTES], citations, strict=False):
        if hit.score >= NEARLY * hits[0].score:
            paragraphs.append(f"“{' '.join(citation.quote.split())}” [{citation.number}]")
            quoted.append(citation.number)
            yield Answer(
                question,
                asked,
                "\n\n".join(paragraphs),
                tuple(citations),
                tuple(hits),
                tuple(quoted),
                probability,
                found=probability >= THRESHOLD,
            )


def opening(probability: float) -> list[str]:
    """What is said before the quotes, as a paragraph; none where they can stand alone."""
    if probability >= SURE:
        return []
    return [UNSURE if probability >= THRESHOLD else NOT_FOUND]
