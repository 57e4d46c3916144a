"""The reader: a model that reads question and passage together.

It says how probably the passage answers, and which of its words do. One comes along, made for this on top of the
embedding model that is installed anyway; a person may name another, or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Protocol

import numpy as np

from dossier.answering.spans import Logits, best_span
from dossier.answers import Reading
from dossier.errors import ModelError
from dossier.indexing.converted import CONVERTING, MODEL, keep, load_kept, place_for, quiet
from dossier.indexing.running import Row, Runner, openvino
from dossier.indexing.weights import ModelFolder, find_model
from dossier.records import file_digest
from dossier.settings import DEFAULT_MODEL, SHIPPED_READER

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

    from dossier.answering.network import Network

LOG = logging.getLogger(__name__)

# What was learnt, beside this file; the rest is the embedding model's.
LEARNT = Path(__file__).with_name("reader.safetensors")
# The reader that comes along sees so many tokens of question and passage: longer ones it has not learnt from.
WINDOW = 320
# To be counted up whenever the converted model changes its form.
FORM = 1
# A question may take this part of what a reader sees at most.
LONGEST_QUESTION = 0.5
# A passage that is too long is read in windows that share this part of their tokens.
SHARED = 0.25
# So many readings are remembered: a question is often asked again, with other limits or for more passages.
REMEMBERED = 1024
# What asks, in the language that the reader that comes along has learnt; words that another language has too count at
# the beginning only, and some of those with another word of this one.
ASKING = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"|^\W*(?:are|were|does|did|could|would|should|has|have|had)\b"
    r"|^\W*(?:is|was|will|do|can|may|must)\b.*\b(?:the|it|this|that|there|they|he|she|any|everything)\b",
    re.IGNORECASE,
)


class Reader(Protocol):
    """What reads question and passage together; ``digest`` tells two versions of it apart."""

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...

    def prepare(self, question: str) -> None:
        """Begin to load what reading such a question takes, if it is not there, beside whatever else is done.

        What goes wrong is raised when it is read.
        """
        ...

    def can_read(self, question: str) -> bool:
        """Whether it is made for such a question; `read` takes any other too, and then says little."""
        ...

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """What it says of each pair of a question and a text, in their order; spans are of the text."""
        ...


@dataclass(frozen=True)
class Said:
    """What a model says of one row: the logit of there being an answer, and those of its tokens, (n, 2), if any.

    ``answers`` is None where the first token stands for "not here", as in SQuAD 2.0 (Rajpurkar, Jia, Liang 2018).
    """

    answers: float | None
    tokens: Logits | None


class Model(Protocol):
    """A model that reads, as far as readers differ. ``window`` is how many tokens of question and passage it sees."""

    @property
    def window(self) -> int: ...
    @property
    def tokenizer(self) -> Tokenizer:
        """One that cuts nothing and fills nothing up."""
        ...

    def compute(self, rows: Sequence[Row]) -> list[Said]:
        """What it says of each row, of ids and of types."""
        ...


class ModelReader:
    """A reader whose model is loaded at its first use. It may be shared between threads.

    A text that is longer than the model sees is read in overlapping windows, of which the one that answers best counts:
    nothing is cut.
    """

    def __init__(self, folder: ModelFolder, digest: str, *, shipped: bool) -> None:
        self.name = SHIPPED_READER if shipped else folder.name
        self.digest = digest
        self._folder = folder
        self._shipped = shipped
        self._loading, self._remembering, self._preparing = Lock(), Lock(), Lock()
        self._lately: dict[tuple[str, str], Reading] = {}
        self._loaded: Model | None = None

    def prepare(self, question: str) -> None:
        if self._is_for(question) and self._preparing.acquire(blocking=False):  # and kept: it is tried once
            Thread(target=self._prepare, name="reader").start()

    def _prepare(self) -> None:
        with contextlib.suppress(Exception):
            self._read([("Who?", "Nobody.")])

    def can_read(self, question: str) -> bool:
        if not self._is_for(question):
            return False
        return len(self._model.tokenizer.encode(question, add_special_tokens=False).ids) <= self._longest_question

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """See `Reader`; what was read lately is not read again.

        Raises `ModelError` where a question leaves no room for its text.
        """
        with self._remembering:
            known = {pair: self._lately[pair] for pair in pairs if pair in self._lately}
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in known]
        known |= zip(fresh, self._read(fresh), strict=True)
        with self._remembering:
            self._lately |= known
            for pair in list(self._lately)[:-REMEMBERED]:
                del self._lately[pair]
        return [known[pair] for pair in pairs]

    def _read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        windows = [(number, window) for number, pair in enumerate(pairs) for window in self._windows(*pair)]
        said = self._model.compute([(window.ids, window.type_ids) for _, window in windows])
        best = [Reading(0.0)] * len(pairs)
        for (number, window), one in zip(windows, said, strict=True):
            best[number] = max(best[number], _reading(pairs[number][1], window, one), key=lambda one: one.probability)
        return best

    def _is_for(self, question: str) -> bool:
        return not self._shipped or ASKING.search(question) is not None

    def _windows(self, question: str, text: str) -> list[Encoding]:
        """The question with the text, in pieces where that is too long; none where it is empty."""
        tokenizer = self._model.tokenizer
        asked = tokenizer.encode(question, add_special_tokens=False)
        if len(asked.ids) > self._longest_question:
            raise ModelError(
                f"The question has {len(asked.ids)} tokens, and the reader {self.name!r} sees {self._model.window} of "
                "question and passage together. Shorten the question, or build with another reader."
            )
        room = self._model.window - tokenizer.num_special_tokens_to_add(is_pair=True) - len(asked.ids)
        whole = tokenizer.encode(text, add_special_tokens=False)
        whole.truncate(room, stride=int(room * SHARED))  # what it takes away is in those that overflow
        pieces = [whole, *whole.overflowing] if whole.ids else []
        return [tokenizer.post_process(asked, piece) for piece in pieces]

    @property
    def _longest_question(self) -> int:
        return int(self._model.window * LONGEST_QUESTION)

    @property
    def _model(self) -> Model:
        with self._loading:
            if self._loaded is None:
                if self._shipped:
                    self._loaded = _open_shipped(self._folder, self.digest)
                else:
                    from dossier.answering.foreign import load_foreign

                    self._loaded = load_foreign(self._folder)
            return self._loaded


def load_reader(name: str, *, download: bool = False) -> Reader:
    """The reader of a name: ``minilm``, which comes along, a folder, or a name on the Hugging Face hub.

    It is loaded at its first use. Raises `ModelError` where it can't be had on this machine, or by a ``download`` where
    that is allowed, and where it is a model of another kind.
    """
    if name == SHIPPED_READER:
        folder = find_model(DEFAULT_MODEL, download=False)
        digest = hashlib.sha256(f"{folder.digest} {file_digest(LEARNT)}".encode()).hexdigest()
        return ModelReader(folder, digest, shipped=True)
    from dossier.answering.foreign import check_kind

    folder = find_model(name, download)
    check_kind(folder)
    return ModelReader(folder, folder.digest, shipped=False)


def _reading(text: str, window: Encoding, said: Said) -> Reading:
    """What was said of a window as what is said of its text."""
    inside = [place for place, number in enumerate(window.sequence_ids) if number == 1]
    tokens = said.tokens
    if tokens is None or not inside:
        return Reading(_probability(said.answers or 0.0))
    answers = said.answers
    if answers is None:
        answers = float(tokens[inside].max(axis=0).sum() - tokens[0].sum())
    (start, end), certainty = best_span(tokens[inside], [window.offsets[place] for place in inside], text)
    return Reading(_probability(answers), (start, end) if start < end else None, certainty)


def _probability(logit: float) -> float:
    return float((1 + np.tanh(logit / 2)) / 2)  # which overflows nowhere


class ConvertedModel:
    """The reader that comes along, converted for OpenVINO."""

    window = WINDOW

    def __init__(self, tokenizer: Tokenizer, runner: Runner) -> None:
        self.tokenizer = tokenizer
        self._runner = runner

    def compute(self, rows: Sequence[Row]) -> list[Said]:
        return [Said(float(answers), tokens) for tokens, answers in self._runner.compute(rows)]


class NetworkModel:
    """The reader that comes along, in torch."""

    window = WINDOW

    def __init__(self, tokenizer: Tokenizer, network: Network) -> None:
        self.tokenizer = tokenizer
        self._network = network

    def compute(self, rows: Sequence[Row]) -> list[Said]:
        import torch

        said = []
        with torch.inference_mode():
            for ids, types in rows:
                given = torch.tensor([ids]), torch.ones((1, len(ids)), dtype=torch.long), torch.tensor([types])
                tokens, answers = self._network(*given)
                said.append(Said(float(answers[0]), tokens[0].numpy()))
        return said


def _open_shipped(folder: ModelFolder, digest: str) -> Model:
    """The reader that comes along: converted, from the cache or just now, or in torch where there is no OpenVINO."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder.path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    kept = place_for(digest, FORM)
    with CONVERTING:
        if kept is not None and load_kept(kept, ()) is not None:
            return ConvertedModel(tokenizer, Runner(kept / MODEL, WINDOW))
        import torch

        from dossier.answering.network import Network

        network = Network.of(folder.path).eval()
        network.take(LEARNT)
        if kept is None:
            return NetworkModel(tokenizer, network)
        example = torch.ones((2, 24), dtype=torch.long)
        try:
            with quiet(), torch.no_grad():
                converted = openvino().convert_model(network, example_input=(example, example, example))
        except Exception as error:  # a platform may have an OpenVINO that can't
            LOG.info("The reader runs in torch: OpenVINO can't convert it (%s: %s).", type(error).__name__, error)
            return NetworkModel(tokenizer, network)
        keep(kept, converted, {})
        found = load_kept(kept, ()) is not None
        return ConvertedModel(tokenizer, Runner(kept / MODEL if found else converted, WINDOW))
