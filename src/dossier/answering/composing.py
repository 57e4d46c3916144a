"""Composing: hits and citations become an Answer, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossier.records import Answer, Citation, Hit

# An answer quotes so many sentences at most, of hits that are nearly as good as the best.
MOST_QUOTES = 3
NEARLY = 0.75


def compose(question: str, asked: str, hits: Sequence[Hit], citations: Sequence[Citation]) -> Iterator[Answer]:
    """The answer as it grows, each one whole in itself: at first the passages, then a quoted sentence more each time.

    ``question`` is what was typed and ``asked`` what was searched for.
    Citation n belongs to hit n; the text quotes the best of them.
    """
    if not hits:
        yield Answer(question, asked, "No passage was found.", (), (), (), 0.0, found=False)
        return
    quotes: list[str] = []
    quoted: list[int] = []
    for hit, citation in zip(hits[:MOST_QUOTES], citations, strict=False):
        if hit.score >= NEARLY * hits[0].score:
            quotes.append(f"“{' '.join(citation.quote.split())}” [{citation.number}]")
            quoted.append(citation.number)
            yield Answer(
                question,
                asked,
                "\n\n".join(quotes),
                tuple(citations),
                tuple(hits),
                tuple(quoted),
                hits[0].score,
                found=True,
            )
