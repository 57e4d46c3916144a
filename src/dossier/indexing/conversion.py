"""Conversion: a sentence-transformers model becomes one that OpenVINO runs, once, and is kept in the cache folder."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

import numpy as np

from dossier.indexing.converted import CONVERTING, MODEL, keep, load_kept, place_for, quiet
from dossier.indexing.inference import Card, Encoder, OpenVinoEncoder, TorchEncoder, load_torch, seen
from dossier.indexing.running import openvino
from dossier.indexing.weights import ModelFolder

LOG = logging.getLogger(__name__)

# To be counted up whenever what is kept changes its form.
FORMAT = 1
TOKENIZER, CARD = "tokenizer.json", "card.json"
# A converted model is taken if it agrees with the original on these: two lengths, words and signs.
PROBES = ("river", "The bank of the river flooded in 1903; it was rebuilt, in stone, by Ada Lind. Who paid for it?")
LEAST_COSINE = 0.998


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
        converted = OpenVinoEncoder(original.card, original.tokenizer, model)
        pairs = zip(original.encode(PROBES), converted.encode(PROBES), strict=True)
        cosines = [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in pairs]
    except Exception as error:  # each architecture fails in its own way
        LOG.info("The model runs in torch: OpenVINO can't convert it (%s: %s).", type(error).__name__, error)
        return None
    return converted if min(cosines) >= LEAST_COSINE else None
