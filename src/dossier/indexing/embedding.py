"""Embedding: texts become unit vectors.

The Embedder is the seam: a real model, a toy for demonstrations, or your own.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dossier.indexing.conversion import open_encoder
from dossier.indexing.inference import Encoder, ReadText, pool
from dossier.indexing.inference import Vectors as Vectors
from dossier.indexing.weights import ModelFolder, find_model
from dossier.records import Span


@dataclass(frozen=True)
class Embedded:
    """Vectors of some texts, (n, dim), and of their sentences, one text after another, (m, dim); unit length, float32.

    ``tokens`` are, for each sentence, the vectors of its tokens as the model left them, (tokens, dim); None where the
    model gives none that mean something by themselves.
    """

    passages: Vectors
    sentences: Vectors
    tokens: tuple[Vectors, ...] | None


@dataclass(frozen=True)
class EmbeddedText:
    """The unit vector of a text, (dim,), and those of its tokens, (n, dim), with the characters where each stands."""

    vector: Vectors
    tokens: Vectors
    spans: tuple[Span, ...]

    def tokens_in(self, span: Span) -> Vectors:
        """The vectors of the tokens that begin in a span; a single zero where none does."""
        inside = [place for place, (start, _) in enumerate(self.spans) if span[0] <= start < span[1]]
        return _rows(self.tokens, inside) if inside else np.zeros((1, self.tokens.shape[1]), np.float32)


class Embedder(Protocol):
    """What makes vectors of texts. Vectors are float32 of unit length, so an inner product is a cosine.

    ``name`` is what a person sets to have it, ``digest`` tells two versions of it apart, ``dim`` is the length of its
    vectors, and ``max_tokens`` how many tokens of a text it can see, not counting those it adds itself.
    """

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def dim(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, not counting those the model adds."""
        ...

    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Embedded:
        """The vectors of texts and of their sentences; ``sentences[i]`` are spans of characters of ``texts[i]``."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """The vector of a question, (dim,)."""
        ...

    def embed_question_tokens(self, text: str) -> EmbeddedText:
        """The vector of a question and, from the same pass, those of its tokens; none where passages have none."""
        ...

    def embed_questions_tokens(self, texts: Sequence[str]) -> list[EmbeddedText]:
        """The same of several, which takes less time than one after another."""
        ...


def load_embedder(name: str, *, download: bool = False) -> Embedder:
    """The embedder of a name, as `Settings.model` explains it. Nothing heavy is loaded before its first use.

    Raises `ModelError` where it can't be had on this machine, or by a ``download`` where that is allowed.
    """
    return WordsEmbedder() if name == WordsEmbedder.name else SentenceTransformerEmbedder(find_model(name, download))


class WordsEmbedder:
    """A toy whose vectors can be predicted by hand: each word has an axis of its own, chosen by its CRC-32.

    The cosine of two texts is that of their bags of words, so it knows no synonyms. For demonstrations and tests.
    """

    name = "words"
    digest = "words-1"
    dim = 1024
    max_tokens = 512

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(self._words(text)) for text in texts]

    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Embedded:
        pairs = zip(texts, sentences, strict=True)
        parts = [text[start:end] for text, spans in pairs for start, end in spans]
        return Embedded(self._vectors(texts), self._vectors(parts), None)

    def embed_question(self, text: str) -> Vectors:
        vector: Vectors = self._vectors([text])[0]
        return vector

    def embed_question_tokens(self, text: str) -> EmbeddedText:
        return EmbeddedText(self.embed_question(text), np.zeros((0, self.dim), np.float32), ())

    def embed_questions_tokens(self, texts: Sequence[str]) -> list[EmbeddedText]:
        return [self.embed_question_tokens(text) for text in texts]

    def _words(self, text: str) -> list[str]:
        return re.findall(r"\w+|[^\w\s]+", unicodedata.normalize("NFKC", text).casefold())

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for word in self._words(text):
                vectors[row, zlib.crc32(word.encode("utf-8", "replace")) % self.dim] += 1
        return unit(vectors)


class SentenceTransformerEmbedder:
    """A sentence-transformers model read from its folder.

    A sentence's vector is the mean of its tokens' vectors in the forward pass of its whole text, so it knows what
    stands around it. Where the model does not pool by the mean, or its tokenizer tells no places, sentences are
    embedded one by one.
    """

    def __init__(self, folder: ModelFolder) -> None:
        self._folder = folder
        self._opening = Lock()
        self._opened: Encoder | None = None

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def digest(self) -> str:
        return self._folder.digest

    @property
    def dim(self) -> int:
        return self._encoder.card.dim

    @cached_property
    def max_tokens(self) -> int:
        card = self._encoder.card
        return card.window - card.added - max(self.count_tokens([card.passage_prompt, card.question_prompt]))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Embedded:
        prompt = self._encoder.card.passage_prompt
        if not self._pools_by_mean:
            given = zip(texts, sentences, strict=True)
            alone = [text[start:end] for text, spans in given for start, end in spans]
            return Embedded(self._encode(texts, prompt), self._encode(alone, prompt), None)
        outputs = self._see(texts, prompt)
        nothing = np.zeros((0, self.dim), np.float32)
        pairs = zip(outputs, sentences, strict=True)
        tokens = tuple(output.tokens_in(span) for output, spans in pairs for span in spans)
        return Embedded(
            np.stack([output.vector for output in outputs]) if outputs else nothing,
            unit(np.stack([part.mean(axis=0) for part in tokens])) if tokens else nothing,
            tokens,
        )

    def embed_question(self, text: str) -> Vectors:
        return self.embed_question_tokens(text).vector

    def embed_question_tokens(self, text: str) -> EmbeddedText:
        if self._pools_by_mean:
            prompt = self._encoder.card.question_prompt
            return self._seen(self._encoder.read_one(prompt + text), len(prompt))
        return self._without_tokens([text])[0]

    def embed_questions_tokens(self, texts: Sequence[str]) -> list[EmbeddedText]:
        if self._pools_by_mean:
            return self._see(texts, self._encoder.card.question_prompt)
        return self._without_tokens(texts)

    @property
    def _encoder(self) -> Encoder:
        with self._opening:
            if self._opened is None:
                self._opened = open_encoder(self._folder)
            return self._opened

    @property
    def _pools_by_mean(self) -> bool:
        return self._encoder.card.pooling == "mean"

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        """The unit vector of each text, (n, dim); a text that occurs again is not computed again."""
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        vectors = unit(self._encoder.encode([prompt + text for text in places]))
        return vectors[[places[text] for text in texts]]

    def _without_tokens(self, questions: Sequence[str]) -> list[EmbeddedText]:
        vectors = self._encode(questions, self._encoder.card.question_prompt)
        return [EmbeddedText(vector, np.zeros((0, self.dim), np.float32), ()) for vector in vectors]

    def _see(self, texts: Sequence[str], prompt: str) -> list[EmbeddedText]:
        """Each text's vector and those of its own tokens, from one pass."""
        return [self._seen(tokens, len(prompt)) for tokens in self._encoder.read([prompt + text for text in texts])]

    def _seen(self, tokens: ReadText, begin: int) -> EmbeddedText:
        """What was read of a text that begins behind its prompt, without special tokens and the prompt's."""
        own = [place for place, (start, end) in enumerate(tokens.spans) if start < end and start >= begin]
        spans = tuple((start - begin, end - begin) for start, end in map(tokens.spans.__getitem__, own))
        return EmbeddedText(unit(pool(self._encoder.card, tokens.vectors)), _rows(tokens.vectors, own), spans)


def _rows(vectors: Vectors, places: Sequence[int]) -> Vectors:
    """Some rows of vectors, in order; not a copy where they are a run, as they nearly always are."""
    if places and places[-1] - places[0] == len(places) - 1:
        return vectors[places[0] : places[-1] + 1]
    return vectors[list(places)]


def cosines(vectors: npt.NDArray[Any], question: Vectors) -> Vectors:
    """The cosines of (n, dim) unit vectors and a question's, (n,).

    Not by BLAS: once woken, its threads stay awake for a while and stand in the way of the model's, which then takes
    three times as long for the next question (measured on two cores).
    """
    return np.asarray(np.einsum("ij,j->i", vectors, question), np.float32)


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Vectors scaled to unit length, as float32; a zero vector stays zero."""
    array = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(array, axis=-1, keepdims=True)
    return np.asarray(array / np.where(lengths > 0, lengths, 1), np.float32)
