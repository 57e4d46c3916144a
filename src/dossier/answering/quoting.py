"""Quoting: which sentence of a passage answers the question."""

from __future__ import annotations

import numpy as np

from dossier.answering.asking import Asked
from dossier.answering.fusion import fuse_sentences
from dossier.indexing.embedding import cosines
from dossier.indexing.index import Index
from dossier.records import Span


def best_sentence(index: Index, row: int, asked: Asked) -> Span:
    """The span of the sentence of a passage that is nearest to a question, by its meaning, its words and its tokens."""
    passage = index.passages[row]
    meaning = cosines(index.sentences.of_passage(row), asked.vector)
    shares = index.lexical.shares(asked.text, [passage.slice(span) for span in passage.sentences])
    tokens = None
    if index.tokens is not None and asked.tokens is not None:
        (first,), (last,) = index.sentences.runs(np.array([row]))
        tokens = index.tokens.similarities_of_each(asked.tokens, asked.weights, first, last)
    return passage.sentences[int(np.argmax(fuse_sentences(meaning, shares, tokens)))]
