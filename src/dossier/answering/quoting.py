"""Quoting: which sentence of a passage answers the question, and which of its words do."""

from __future__ import annotations

import numpy as np

from dossier.answering.asking import Asked
from dossier.answering.fusion import fuse_sentences
from dossier.answers import Reading
from dossier.indexing.embedding import cosines
from dossier.indexing.index import Index
from dossier.records import Span

# Words that a reader is less sure of are not marked.
TELLING = 0.1


def best_sentence(index: Index, row: int, asked: Asked, reading: Reading | None) -> Span:
    """The span of the sentence of a passage that answers best.

    That is the one nearest to the question by its meaning, its words and its tokens, and by what a reader found in it.
    """
    passage = index.passages[row]
    meaning = cosines(index.sentences.of_passage(row), asked.vector)
    shares = index.lexical.shares(asked.text, [passage.slice(span) for span in passage.sentences])
    tokens = None
    if index.tokens is not None and asked.tokens is not None:
        (first,), (last,) = index.sentences.runs(np.array([row]))
        tokens = index.tokens.similarities_of_each(asked.tokens, asked.weights, first, last)
    read = None
    if reading is not None and reading.span is not None:
        read = np.array([_holds(span, reading.span) * reading.sureness for span in passage.sentences], np.float32)
    return passage.sentences[int(np.argmax(fuse_sentences(meaning, shares, tokens, read)))]


def within(sentence: Span, reading: Reading | None) -> Reading | None:
    """A reading for a sentence that is quoted: without its span where that lies elsewhere, or is hardly sure."""
    if reading is None or reading.span is None:
        return reading
    if _holds(sentence, reading.span) and reading.sureness >= TELLING:
        return reading
    return Reading(reading.probability)


def _holds(sentence: Span, span: Span) -> bool:
    return sentence[0] <= span[0] and span[1] <= sentence[1]
