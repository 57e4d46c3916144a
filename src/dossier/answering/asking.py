"""Asking: a question in the form in which an index can compare it with its passages, made once."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.indexing.embedding import Embedder, Vectors
from dossier.indexing.index import Index
from dossier.indexing.ranking import Scores


@dataclass(frozen=True)
class Asked:
    """A question, its vector, (dim,), and its tokens as the index compares them, (n, components).

    ``weights``, (n,), say how much each token counts: the rarity of the word it belongs to. ``tokens`` is None where
    the index or the model has none.
    """

    text: str
    vector: Vectors
    tokens: Vectors | None
    weights: Scores

    @classmethod
    def of(cls, index: Index, embedder: Embedder, question: str) -> Asked:
        """The question as an index sees it, from one pass of the model."""
        embedded = embedder.embed_question_tokens(question)
        tokens = index.tokens.project(embedded.tokens) if index.tokens is not None and embedded.spans else None
        return cls(question, embedded.vector, tokens, index.lexical.rarities(question, embedded.spans))
