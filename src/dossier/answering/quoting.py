"""Quoting: which sentence of a passage answers the question."""

from __future__ import annotations

import numpy as np

from dossier.answering.fusion import fuse_sentences
from dossier.indexing.embedding import EmbeddedText
from dossier.indexing.index import Index
from dossier.indexing.ranking import Scores
from dossier.records import Span


def best_sentence(index: Index, row: int, question: str, asked: EmbeddedText, weights: Scores) -> Span:
    """The span of the sentence of a passage that is nearest to a question, by its meaning, its words and its tokens.

    ``weights`` say how much each token of the question counts.
    """
    passage = index.passages[row]
    cosines = index.sentences.of_passage(row) @ asked.vector
    shares = index.lexical.shares(question, [passage.slice(span) for span in passage.sentences])
    tokens = None
    if index.tokens is not None and asked.spans:
        first, last = index.sentences.runs(np.array([row]))
        each = np.arange(first[0], last[0])
        tokens = index.tokens.similarities(asked.tokens, weights, each, each + 1)
    return passage.sentences[int(np.argmax(fuse_sentences(cosines, shares, tokens)))]
