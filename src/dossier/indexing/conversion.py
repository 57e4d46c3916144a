"""Conversion: a sentence-transformers model becomes one that OpenVINO runs, once, and is kept in the cache folder.

Its weights are rounded to int8 where its vectors stay nearly the same: embedding takes an eighth less time.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dossier.indexing.converted import CONVERTING, MODEL, keep, load_kept, place_for, quiet
from dossier.indexing.inference import Card, Encoder, OpenVinoEncoder, TorchEncoder, load_torch, seen
from dossier.indexing.running import openvino
from dossier.indexing.weights import ModelFolder

if TYPE_CHECKING:
    from openvino import Model

LOG = logging.getLogger(__name__)

# To be counted up whenever what is kept changes its form.
FORMAT = 2
TOKENIZER, CARD = "tokenizer.json", "card.json"
# A converted model is taken if it agrees with the original on these: two lengths, words and signs.
PROBES = ("river", "The bank of the river flooded in 1903; it was rebuilt, in stone, by Ada Lind. Who paid for it?")
# The least cosine there; rounded to int8 the model that comes along has 0.998, and ranks passages as well.
LEAST_COSINE, LEAST_ROUNDED = 0.998, 0.995


def open_encoder(folder: ModelFolder) -> Encoder:
    """The encoder of a model: converted, from the cache or just now, or in torch where it can't be converted.

    Raises `ModelError` where the model can't be loaded.
    """
    kept = place_for(folder.digest, FORMAT)
    if kept is None:
        return TorchEncoder(load_torch(folder))
    with CONVERTING:
        if (found := _load(kept)) is not None:
            return found
        original = TorchEncoder(load_torch(folder))
        converted = _convert(original)
        if converted is None:
            return original
        card = json.dumps(asdict(converted.card), indent=1)
        keep(kept, converted.model, {TOKENIZER: converted.tokenizer.to_str(), CARD: card})
        return _load(kept) or converted


def _load(kept: Path) -> OpenVinoEncoder | None:
    """The encoder that was kept; None where there is none that can be used."""
    from tokenizers import Tokenizer

    texts = load_kept(kept, (TOKENIZER, CARD))
    if texts is None:
        return None
    return OpenVinoEncoder(Card(**json.loads(texts[CARD])), Tokenizer.from_str(texts[TOKENIZER]), kept / MODEL)


def _convert(original: TorchEncoder) -> OpenVinoEncoder | None:
    """The model converted; None where it can't be, or then says something else."""
    if original.tokenizer is None or not original.card.pooling:
        return None
    import torch

    class Tokens(torch.nn.Module):  # type: ignore[misc]  # torch is not looked into
        """The vectors of the tokens of some texts."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = original.model[0].cpu()

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            tokens: torch.Tensor = self.transformer({"input_ids": ids, "attention_mask": mask})["token_embeddings"]
            return tokens

    try:
        with quiet(), torch.no_grad():
            encoding = original.tokenizer.encode(PROBES[1])
            ids = torch.tensor([seen(encoding.ids, encoding, original.card.window)] * 2)
            model = openvino().convert_model(Tokens().eval(), example_input=(ids, torch.ones_like(ids)))
            vectors = original.encode(PROBES)
    except Exception as error:  # each architecture fails in its own way
        LOG.info("The model runs in torch: OpenVINO can't convert it (%s: %s).", type(error).__name__, error)
        return None
    for form, least in ((_rounded, LEAST_ROUNDED), (_exact, LEAST_COSINE)):
        try:
            converted = OpenVinoEncoder(original.card, original.tokenizer, form(model))
            pairs = zip(vectors, converted.encode(PROBES), strict=True)
            cosines = [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in pairs]
        except Exception as error:
            LOG.info("OpenVINO can't run the model in one of its forms (%s: %s).", type(error).__name__, error)
        else:
            if min(cosines) >= least:
                return converted
    return None


def _exact(model: Model) -> Model:
    """The model as it was converted."""
    return model


def _rounded(model: Model) -> Model:
    """The model with the weights of its matrix products rounded to int8, those of each output on a scale of their own.

    A processor that multiplies int8 faster rounds what they are multiplied with too, on the way; see `Runner`.
    """
    ops = openvino().opset13
    rounded = model.clone()
    for product in rounded.get_ops():
        if product.get_type_name() != "MatMul":
            continue
        source = product.input_value(1).get_node()
        constant = source.input_value(0).get_node() if source.get_type_name() == "Convert" else source
        if constant.get_type_name() != "Constant" or len(constant.shape) != 2:
            continue
        weights = np.asarray(constant.data, np.float32)
        inputs = 1 if product.get_attributes()["transpose_b"] else 0
        scales = np.abs(weights).max(axis=inputs, keepdims=True) / np.float32(127)
        levels = ops.constant(np.round(weights / np.where(scales, scales, 1)).astype(np.int8))
        kind = product.get_input_element_type(1).to_dtype()
        restored = ops.multiply(ops.convert(levels, kind), ops.constant(scales.astype(kind)))
        product.input(1).replace_source_output(restored.output(0))
    return rounded
