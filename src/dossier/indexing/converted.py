"""Converted: models in the form in which OpenVINO runs them, kept in the cache folder and checked before each use.

A folder of one holds the model and some texts, its tokenizer for instance, and one SHA-256 for all of them. It is named
by what the model was made of, and by the version of the converter.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from dossier.indexing.running import openvino
from dossier.records import file_digest
from dossier.settings import cache_folder

if TYPE_CHECKING:
    from openvino import Model

LOG = logging.getLogger(__name__)

# Torch traces one model at a time.
CONVERTING = Lock()
MODEL, WEIGHTS, CHECKSUM = "model.xml", "model.bin", "sha256"


def place_for(digest: str, form: int) -> Path | None:
    """Where the converted model of a digest is kept, in a form; None where there is no OpenVINO to run it."""
    try:
        version = metadata.version("openvino")
    except metadata.PackageNotFoundError:
        return None
    return cache_folder() / "models" / f"{digest[:32]}-openvino-{version}-{form}"


def load_kept(kept: Path, names: Sequence[str]) -> dict[str, str] | None:
    """The texts of a kept model, by name; None where there is none, or not every byte of it is what was written."""
    try:
        if (kept / CHECKSUM).read_text(encoding="utf-8") != _checksum(kept, names):
            return None
        return {name: (kept / name).read_text(encoding="utf-8") for name in names}
    except (OSError, ValueError):
        return None


def keep(kept: Path, model: Model, texts: Mapping[str, str]) -> None:
    """Write a converted model beside and put it in its place at one stroke; whoever was faster is right too.

    Where it can't be written that is said, and nothing else changes.
    """
    beside = kept.with_name(f".unfinished-{secrets.token_hex(4)}")
    try:
        beside.mkdir(parents=True)
        openvino().save_model(model, beside / MODEL)
        for name, text in texts.items():
            (beside / name).write_text(text, encoding="utf-8", newline="\n")
        (beside / CHECKSUM).write_text(_checksum(beside, texts), encoding="utf-8", newline="\n")
        if load_kept(kept, list(texts)) is None:
            shutil.rmtree(kept, ignore_errors=True)  # it is damaged
            beside.rename(kept)
    except (OSError, RuntimeError) as error:
        if load_kept(kept, list(texts)) is None:
            LOG.warning(
                "The converted model can't be kept in %s (%s), so every start will take some seconds longer. "
                "Free some space, mend its permissions, or set DOSSIER_CACHE to another folder.",
                kept.parent,
                getattr(error, "strerror", None) or error,
            )
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def quiet() -> Iterator[None]:
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


def _checksum(folder: Path, names: Iterable[str]) -> str:
    """One SHA-256 for all files of a kept model."""
    digests = (file_digest(folder / name) for name in (MODEL, WEIGHTS, *names))
    return hashlib.sha256("".join(digests).encode()).hexdigest()
