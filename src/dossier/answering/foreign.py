"""Readers of others: models of transformers for extractive question answering or for sequence classification.

They run in torch. Needs transformers, so it is imported late.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from dossier.answering.reader import Said
from dossier.errors import ModelError
from dossier.indexing.running import Row
from dossier.indexing.weights import ModelFolder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ADVICE = "Give the folder or the hub name of a model for question answering or of a cross-encoder, 'minilm', or 'none'."
CLASSIFIER = "AutoModelForSequenceClassification"
KINDS = {"ForQuestionAnswering": "AutoModelForQuestionAnswering", "ForSequenceClassification": CLASSIFIER}
# What a model sees where it does not say.
WINDOW = 512


class ForeignModel:
    """A model of transformers. One with two labels says yes by the second."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        places = getattr(model.config, "max_position_embeddings", WINDOW)
        self.window = int(min(tokenizer.model_max_length, places, WINDOW))
        self.tokenizer: Tokenizer = copy.deepcopy(tokenizer.backend_tokenizer)
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._model = model
        self._typed = "token_type_ids" in tokenizer.model_input_names
        self._reading = Lock()

    def compute(self, rows: Sequence[Row]) -> list[Said]:
        return [self._said(ids, types) for ids, types in rows]

    def _said(self, ids: Sequence[int], types: Sequence[int]) -> Said:
        import torch

        given = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones((1, len(ids)), dtype=torch.long)}
        with self._reading, torch.inference_mode():
            output = self._model(**given, **({"token_type_ids": torch.tensor([types])} if self._typed else {}))
        if "logits" in output:
            logits = output.logits[0].float().numpy()
            return Said(float(logits[1] - logits[0] if len(logits) == 2 else logits[0]), None)
        tokens = torch.stack([output.start_logits[0], output.end_logits[0]], dim=-1).float().numpy()
        return Said(None, np.asarray(tokens, np.float32))


def load_foreign(folder: ModelFolder) -> ForeignModel:
    """The model in a folder, read without the network and the code that lies in it.

    Raises `ModelError` where it can't be loaded, or is of another kind.
    """
    import transformers

    transformers.utils.logging.disable_progress_bar()
    kind = check_kind(folder)
    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder.path), **options)
        model = getattr(transformers, kind).from_pretrained(str(folder.path), use_safetensors=True, **options)
    except Exception as error:  # each architecture fails in its own way
        raise ModelError(
            f"The model {folder.name!r} in {folder.path} can't be loaded ({type(error).__name__}: {error}). {ADVICE}"
        ) from error
    if not tokenizer.is_fast:
        raise ModelError(f"The tokenizer of the model {folder.name!r} does not say where its tokens stand. {ADVICE}")
    return ForeignModel(model.eval(), tokenizer)


def check_kind(folder: ModelFolder) -> str:
    """The class of transformers that loads a model. Raises `ModelError` where it is of a kind that reads nothing."""
    try:
        config = json.loads((folder.path / "config.json").read_text(encoding="utf-8"))
        named = str((config.get("architectures") or ["model without a head"])[0])
        labels = len(config.get("id2label") or ())
    except (OSError, ValueError, AttributeError, LookupError, TypeError) as error:
        raise ModelError(
            f"The model {folder.name!r} has no config.json that can be read ({error}). {ADVICE}"
        ) from error
    if labels > 2:
        raise ModelError(f"The model {folder.name!r} tells {labels} labels apart, not two. {ADVICE}")
    for end, kind in KINDS.items():
        if named.endswith(end):
            return kind
    raise ModelError(f"The model {folder.name!r} is a {named}, which reads no passages. {ADVICE}")
