"""Reranking: a model that reads question and passage together says how well the one answers the other.

None comes along; a person may name one. It is slower than all the rest together, so it reads the best passages only.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from dossier.errors import ModelError
from dossier.indexing.inference import load_model
from dossier.indexing.ranking import Scores
from dossier.indexing.weights import ModelFolder, find_model

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer

# A passage that is too long for the model is read in windows that share this part of their tokens.
SHARED = 0.25
# A question may take this part of what the model can read at most.
LONGEST_QUESTION = 0.5


class Reranker(Protocol):
    """What says of question and passage together how well they fit; ``digest`` tells two versions of it apart."""

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers a question, (n,) from 0 to 1."""
        ...


def load_reranker(name: str, *, download: bool = False) -> Reranker:
    """The cross-encoder of a name: a folder, or a name on the Hugging Face hub. It is loaded at its first use.

    Raises `ModelError` where it can't be had on this machine, or by a ``download`` where that is allowed.
    """
    return CrossEncoderReranker(find_model(name, download))


@dataclass(frozen=True)
class Window:
    """What a cross-encoder can read at a time: a piece of the text of a number."""

    text: int
    piece: str


class CrossEncoderReranker:
    """A cross-encoder for sequence classification with one label, or with two of which the second says yes.

    What it says is put between 0 and 1 by the logistic function, or the softmax. A text that is longer than it can
    read is read in overlapping windows, of which the best counts: nothing is cut.
    """

    def __init__(self, folder: ModelFolder) -> None:
        self._folder = folder
        self._reading = Lock()

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def digest(self) -> str:
        return self._folder.digest

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        scores = np.zeros(len(texts), np.float32)
        if not texts:
            return scores
        with self._reading:  # its tokenizer is not to be shared
            windows = self._windows(question, texts)
            logits = self._model.predict(
                [(question, window.piece) for window in windows], activation_fn=_as_it_is(), show_progress_bar=False
            )
        for window, score in zip(windows, _probabilities(np.asarray(logits, np.float32)), strict=True):
            scores[window.text] = max(scores[window.text], score)
        return scores

    def _windows(self, question: str, texts: Sequence[str]) -> list[Window]:
        """The texts, those that are too long in pieces."""
        whole, most = self._whole, self._max_tokens
        asked = len(whole.encode(question, add_special_tokens=False).ids)
        if asked > most * LONGEST_QUESTION:
            raise ModelError(
                f"The question has {asked} tokens, and the reranker {self.name!r} reads {most} of question and passage "
                "together. Shorten the question, or build with another reranker."
            )
        room = most - asked
        step = room - int(room * SHARED)
        windows = []
        for number, encoding in enumerate(whole.encode_batch(list(texts), add_special_tokens=False)):
            for first in range(0, max(len(encoding.ids) - room, 0) + step, step):
                places = encoding.offsets[first : first + room] or [(0, 0)]
                windows.append(Window(number, texts[number][places[0][0] : places[-1][1]]))
        return windows

    @cached_property
    def _model(self) -> CrossEncoder:
        advice = "Give the folder or the hub name of a cross-encoder."
        model: CrossEncoder = load_model("CrossEncoder", self._folder, advice)
        if model.num_labels > 2:
            raise ModelError(
                f"The model {self.name!r} tells {model.num_labels} labels apart; a reranker has one, or two. "
                "Give the folder or the hub name of a cross-encoder that was made for search."
            )
        return model

    @cached_property
    def _whole(self) -> Tokenizer:
        """A tokenizer of our own that cuts nothing."""
        whole: Any = copy.deepcopy(self._model.tokenizer.backend_tokenizer)
        whole.no_truncation()
        whole.no_padding()
        return whole  # type: ignore[no-any-return]

    @cached_property
    def _max_tokens(self) -> int:
        added = int(self._model.tokenizer.num_special_tokens_to_add(pair=True))
        return int(self._model.max_seq_length or 512) - added


def _as_it_is() -> Any:
    from torch.nn import Identity

    return Identity()


def _probabilities(logits: Scores) -> Scores:
    """Logits (n,) by the logistic function, or (n, 2) by the softmax's second."""
    difference = logits[:, 1] - logits[:, 0] if logits.ndim == 2 and logits.shape[1] == 2 else logits.reshape(-1)
    return np.asarray(1 / (1 + np.exp(-difference)), np.float32)
