"""Quoting: which sentence of a passage answers the question."""

from __future__ import annotations

import numpy as np

from dossier.answering.fusion import fuse_sentences
from dossier.indexing.embedding import Vectors
from dossier.indexing.index import Index
from dossier.records import Span


def best_sentence(index: Index, row: int, question: str, vector: Vectors) -> Span:
    """The span of the sentence of a passage that is nearest to a question, by meaning and by words."""
    passage = index.passages[row]
    cosines = index.sentences.of_passage(row) @ vector
    shares = index.lexical.shares(question, [passage.slice(span) for span in passage.sentences])
    return passage.sentences[int(np.argmax(fuse_sentences(cosines, shares)))]
