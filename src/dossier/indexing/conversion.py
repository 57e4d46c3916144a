"""Conversion: a sentence-transformers model becomes one that OpenVINO runs, once, and is kept in a cache folder.

What is kept is named by the digest of the weights and the version of the converter, and is checked before it is used.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from threading import Lock

import numpy as np

from dossier.indexing.inference import Card, Encoder, OpenVinoEncoder, TorchEncoder, load_torch, openvino, seen
from dossier.indexing.weights import ModelFolder
from dossier.records import file_digest
from dossier.settings import cache_folder

LOG = logging.getLogger(__name__)

# Torch traces one model at a time.
CONVERTING = Lock()
# To be counted up whenever what is kept changes its form.
FORMAT = 1
MODEL, WEIGHTS, TOKENIZER, CARD = KEPT = ("model.xml", "model.bin", "tokenizer.json", "card.json")
CHECKSUM = "sha256"
# A converted model is taken if it agrees with the original on these: two lengths, words and signs.
PROBES = ("river", "The bank of the river flooded in 1903; it was rebuilt, in stone, by Ada Lind. Who paid for it?")
LEAST_COSINE = 0.998


def open_encoder(folder: ModelFolder) -> Encoder:
    """The encoder of a model: converted, from the cache or just now, or in torch where it can't be converted.

    Raises `ModelError` where the model can't be loaded.
    """
    kept = _place(folder)
    if kept is None:
        return TorchEncoder(load_torch(folder))
    with CONVERTING:
        if (found := _load(kept)) is not None:
            return found
        original = TorchEncoder(load_torch(folder))
        converted = _convert(original)
        if converted is None:
            return original
        _keep(converted, kept)
        return _load(kept) or converted


def _place(folder: ModelFolder) -> Path | None:
    """Where the converted model is kept; None where there is no OpenVINO to run it."""
    try:
        version = metadata.version("openvino")
    except metadata.PackageNotFoundError:
        return None
    return cache_folder() / "models" / f"{folder.digest[:32]}-openvino-{version}-{FORMAT}"


def _load(kept: Path) -> OpenVinoEncoder | None:
    """The encoder that was kept; None where there is none, or not every byte of it is what was written."""
    from tokenizers import Tokenizer

    try:
        if (kept / CHECKSUM).read_text(encoding="utf-8") != _checksum(kept):
            return None
        card = Card(**json.loads((kept / CARD).read_text(encoding="utf-8")))
        tokenizer = Tokenizer.from_str((kept / TOKENIZER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return OpenVinoEncoder(card, tokenizer, kept / MODEL)


def _checksum(folder: Path) -> str:
    """One SHA-256 for all files of a kept model."""
    return hashlib.sha256("".join(file_digest(folder / name) for name in KEPT).encode()).hexdigest()


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
        with _quiet(), torch.no_grad():
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


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence for what tracing a model makes torch and transformers say; none of it concerns the person."""
    transformers = logging.getLogger("transformers")
    level = transformers.level
    transformers.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers.setLevel(level)


def _keep(converted: OpenVinoEncoder, kept: Path) -> None:
    """Write a converted model beside and put it in its place at one stroke; whoever was faster is right too.

    Where it can't be written that is said, and nothing else changes.
    """
    beside = kept.with_name(f".unfinished-{secrets.token_hex(4)}")
    try:
        beside.mkdir(parents=True)
        openvino().save_model(converted.model, beside / MODEL)
        (beside / TOKENIZER).write_text(converted.tokenizer.to_str(), encoding="utf-8", newline="\n")
        (beside / CARD).write_text(json.dumps(asdict(converted.card), indent=1), encoding="utf-8", newline="\n")
        (beside / CHECKSUM).write_text(_checksum(beside), encoding="utf-8", newline="\n")
        if _load(kept) is None:
            shutil.rmtree(kept, ignore_errors=True)  # it is damaged
            beside.rename(kept)
    except (OSError, RuntimeError) as error:
        if _load(kept) is None:
            LOG.warning(
                "The converted model can't be kept in %s (%s), so every start will take some seconds longer. "
                "Free some space, mend its permissions, or set DOSSIER_CACHE to another folder.",
                kept.parent,
                getattr(error, "strerror", None) or error,
            )
    finally:
        shutil.rmtree(beside, ignore_errors=True)
