"""Drawn: an embedder that draws its vectors around a model's, so that an index is measured and not the model.

Questions go through the model; texts do not, so that a million of them can be built in an afternoon.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from corpora import around

from dossier.indexing.embedding import Embedded, EmbeddedText, Embedder, Vectors
from dossier.records import Span

CHARACTERS = 5  # of a token


class Drawn:
    """A model whose vectors of texts are drawn; equal texts have equal ones."""

    def __init__(self, model: Embedder, texts: Sequence[str]) -> None:
        found = model.embed_passages(texts, [[(0, len(text))] for text in texts])
        self._model = model
        self._real = found.passages
        self._tokens = np.concatenate(found.tokens or ())
        self.name, self.digest, self.dim, self.max_tokens = model.name, model.digest, model.dim, model.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // CHARACTERS for text in texts]

    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Embedded:
        parts = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
        return Embedded(self._drawn(texts), self._drawn(parts), tuple(map(self._tokens_of, parts)))

    def embed_question(self, text: str) -> Vectors:
        return self._model.embed_question(text)

    def embed_question_tokens(self, text: str) -> EmbeddedText:
        return self._model.embed_question_tokens(text)

    def embed_questions_tokens(self, texts: Sequence[str]) -> list[EmbeddedText]:
        return self._model.embed_questions_tokens(texts)

    def _drawn(self, texts: Sequence[str]) -> Vectors:
        digests = b"".join(blake2b(text.encode(), digest_size=24).digest() for text in texts)
        drawn = np.frombuffer(digests, np.uint64).reshape(-1, 3) % len(self._real)
        return around(self._real, *drawn.T)

    def _tokens_of(self, text: str) -> Vectors:
        count = len(text) // CHARACTERS + 1
        begin = zlib.crc32(text.encode()) % max(len(self._tokens) - count, 1)
        return self._tokens[begin : begin + count]
