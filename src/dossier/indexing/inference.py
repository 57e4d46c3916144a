"""Inference: texts go through a model and come back as the vectors of their tokens.

A model that OpenVINO can run is converted once and then needs no torch; every other one runs in torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from dossier.errors import ModelError
from dossier.indexing.running import Row, Runner
from dossier.indexing.weights import ModelFolder
from dossier.records import Span

if TYPE_CHECKING:
    from openvino import Model
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

Vectors = npt.NDArray[np.float32]
Value = TypeVar("Value")

# The names under which models keep what they want before a text.
PASSAGE_PROMPTS = ("document", "passage", "corpus")
QUESTION_PROMPTS = ("query", "question")


@dataclass(frozen=True)
class Card:
    """What is to be known of a model beside its weights and its tokenizer.

    ``window`` is how many tokens of a text it sees, with the ``added`` ones that it puts around them itself;
    ``pooling`` is how a text's vector is made of those of its tokens, ``mean`` or ``cls`` (the first), and empty where
    only the model itself knows; the prompts are what it wants before a text.
    """

    dim: int
    window: int
    added: int
    pooling: str
    passage_prompt: str
    question_prompt: str


@dataclass(frozen=True)
class ReadText:
    """The vectors of all tokens of a text, (n, dim), and where each stands in it; special ones stand nowhere."""

    vectors: Vectors
    spans: tuple[Span, ...]


class Encoder(Protocol):
    """A model at work. It may be shared between threads."""

    @property
    def card(self) -> Card: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, without those the model adds."""
        ...

    def read(self, texts: Sequence[str]) -> list[ReadText]:
        """The tokens of each text, as far as the window goes; only for models that pool by ``mean`` or ``cls``."""
        ...

    def read_one(self, text: str) -> ReadText:
        """The same of one text that somebody waits for."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vector of each text, (n, dim), of any length."""
        ...


class OpenVinoEncoder:
    """A converted model; see `Runner`."""

    def __init__(self, card: Card, tokenizer: Tokenizer, model: Path | Model) -> None:
        self.card = card
        self.tokenizer = tokenizer
        self.model = model
        self._runner = Runner(model, card.window)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return token_counts(self.tokenizer, texts)

    def read(self, texts: Sequence[str]) -> list[ReadText]:
        spans: list[tuple[Span, ...]] = []

        def rows() -> Iterator[Row]:
            for text in texts:
                row, where = self._row(text)
                spans.append(where)
                yield row

        computed = self._runner.compute(rows())
        return [ReadText(vectors, where) for (vectors,), where in zip(computed, spans, strict=True)]

    def read_one(self, text: str) -> ReadText:
        row, spans = self._row(text)
        (vectors,) = self._runner.compute_one(row)
        return ReadText(vectors, spans)

    def encode(self, texts: Sequence[str]) -> Vectors:
        pooled = [pool(self.card, tokens.vectors) for tokens in self.read(texts)]
        return np.stack(pooled) if pooled else np.zeros((0, self.card.dim), np.float32)

    def _row(self, text: str) -> tuple[Row, tuple[Span, ...]]:
        """What the model is given of a text, and where its tokens stand."""
        encoding = self.tokenizer.encode(text)
        return (seen(encoding.ids, encoding, self.card.window),), seen(encoding.offsets, encoding, self.card.window)


class TorchEncoder:
    """A sentence-transformers model in torch, on the GPU if there is one."""

    def __init__(self, model: SentenceTransformer) -> None:
        self.model = model

    @cached_property
    def card(self) -> Card:
        model, tokenizer = self.model, self.model.tokenizer
        return Card(
            dim=int(model.get_embedding_dimension() or 0),
            window=int(model.max_seq_length or 512),
            added=int(tokenizer.num_special_tokens_to_add()),
            pooling=self._pooling(),
            passage_prompt=self._prompt(*PASSAGE_PROMPTS),
            question_prompt=self._prompt(*QUESTION_PROMPTS),
        )

    @cached_property
    def tokenizer(self) -> Tokenizer | None:
        """A tokenizer of our own that cuts nothing; None where the model's is too slow to tell places.

        The model's must not be asked: whether it cuts is a state of it that all threads share.
        """
        if not self.model.tokenizer.is_fast:
            return None
        whole = type(self.model.tokenizer.backend_tokenizer).from_str(self.model.tokenizer.backend_tokenizer.to_str())
        whole.no_truncation()
        whole.no_padding()
        return cast("Tokenizer", whole)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if self.tokenizer is not None:
            return token_counts(self.tokenizer, texts)
        encoded = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]] if texts else []

    def read(self, texts: Sequence[str]) -> list[ReadText]:
        outputs: list[dict[str, Any]] = self.model.encode(
            list(texts), prompt="", output_value=None, show_progress_bar=False
        )
        tokenizer = cast("Tokenizer", self.tokenizer)  # only models that have one come here
        read = []
        for output, encoding in zip(outputs, tokenizer.encode_batch(list(texts)), strict=True):
            vectors = output["token_embeddings"][output["attention_mask"].bool()].float().cpu().numpy()
            read.append(ReadText(vectors, seen(encoding.offsets, encoding, self.card.window)))
        return read

    def read_one(self, text: str) -> ReadText:
        return self.read([text])[0]

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.card.dim), np.float32)
        return np.asarray(self.model.encode(list(texts), prompt="", show_progress_bar=False), np.float32)

    def _pooling(self) -> str:
        """How the model pools, if that is all that it does with its tokens and their places are known."""
        kinds = [type(module).__name__ for module in self.model]
        if self.tokenizer is None or kinds[:2] != ["Transformer", "Pooling"] or set(kinds[2:]) - {"Normalize"}:
            return ""
        pooling: Any = self.model[1]
        known = pooling.pooling_mode in ("mean", "cls") and pooling.include_prompt
        return str(pooling.pooling_mode) if known else ""

    def _prompt(self, *names: str) -> str:
        """What the model wants before a text of a kind; most want nothing."""
        prompts = self.model.prompts
        default = prompts.get(self.model.default_prompt_name or "", "")
        return next((prompts[name] for name in names if prompts.get(name)), default) or ""


def pool(card: Card, tokens: Vectors) -> Vectors:
    """A text's vector made of those of its (n, dim) tokens; zero where there are none."""
    if not len(tokens):
        return np.zeros(card.dim, np.float32)
    return np.asarray(tokens.mean(axis=0) if card.pooling == "mean" else tokens[0], np.float32)


def token_counts(tokenizer: Tokenizer, texts: Sequence[str]) -> list[int]:
    """The number of tokens in each text, without special ones."""
    if len(texts) == 1:  # a batch would wake the threads that share it out
        return [len(tokenizer.encode(texts[0], add_special_tokens=False).ids)]
    return [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def seen(values: Sequence[Value], encoding: Encoding, window: int) -> tuple[Value, ...]:
    """What there is of each token of a text, of those that a model with a window sees: a long text loses its end.

    The special tokens behind the end stay.
    """
    behind = sum(1 for _ in takewhile(bool, reversed(encoding.special_tokens_mask)))
    end = len(values) - behind
    return (*values[: min(end, window - behind)], *values[end:])


def load_torch(folder: ModelFolder) -> SentenceTransformer:
    """The embedding model in a folder in torch; see `load_model`."""
    model = load_model("SentenceTransformer", folder, "Give the folder of a sentence-transformers model, or 'minilm'.")
    return cast("SentenceTransformer", model)


def load_model(kind: str, folder: ModelFolder, advice: str) -> Any:
    """The model of a kind of sentence-transformers in a folder, without the network and the code that lies in it.

    Raises `ModelError`, with some advice, where it can't be loaded.
    """
    import sentence_transformers
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return getattr(sentence_transformers, kind)(
            str(folder.path),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # each architecture fails in its own way
        raise ModelError(
            f"The model {folder.name!r} in {folder.path} can't be loaded ({type(error).__name__}: {error}). {advice}"
        ) from error
