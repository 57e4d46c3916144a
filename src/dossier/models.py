"""Models: those that an index was built with, each loaded once in a process."""

from __future__ import annotations

from pathlib import Path

from dossier.answering.reader import Reader, load_reader
from dossier.errors import BrokenIndexError
from dossier.indexing.embedding import Embedder, load_embedder
from dossier.indexing.manifest import Manifest
from dossier.settings import AUTO, NO_READER, SHIPPED_READER, reader_for

_EMBEDDERS: dict[tuple[str, str], Embedder] = {}
_READERS: dict[tuple[str, str], Reader] = {}


def embedder_of(name: str, *, download: bool) -> Embedder:
    """The embedder of a name; one with the same weights that this process has loaded already is taken again."""
    found = load_embedder(name, download=download)
    return _EMBEDDERS.setdefault((found.name, found.digest), found)


def embedder_built_with(folder: Path, manifest: Manifest) -> Embedder:
    """The embedder of an index. Raises `ModelError`, and `BrokenIndexError` where it has other weights now."""
    recipe = manifest.recipe
    found = embedder_of(recipe.embedder, download=False)
    if found.digest != recipe.weights:
        raise _other_weights(folder, recipe.embedder, recipe.weights, found.digest)
    return found


def reader_weights(reader: str, *, download: bool) -> str:
    """The digest of the model that a setting names; empty where that comes along, or is none.

    Raises `ModelError` where it can't be had.
    """
    return "" if reader in (AUTO, SHIPPED_READER, NO_READER) else load_reader(reader, download=download).digest


def reader_of(folder: Path, manifest: Manifest) -> Reader | None:
    """The reader that an index names, None where it names none. Raises what `embedder_built_with` does.

    The one that comes along is whichever is installed: nothing in the index depends on it.
    """
    name = reader_for(manifest.reader, manifest.recipe.embedder)
    if name == NO_READER:
        return None
    found = load_reader(name)
    if manifest.reader_weights and found.digest != manifest.reader_weights:
        raise _other_weights(folder, name, manifest.reader_weights, found.digest)
    return _READERS.setdefault((found.name, found.digest), found)


def _other_weights(folder: Path, name: str, built: str, installed: str) -> BrokenIndexError:
    return BrokenIndexError(
        f"The index in {str(folder)!r} was built with other weights of {name!r} (SHA-256 {built[:12]}…) than are "
        f"installed ({installed[:12]}…). Build it again, or install the weights it was built with."
    )
