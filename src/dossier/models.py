"""Models: those that an index was built with, each loaded once in a process."""

from __future__ import annotations

from pathlib import Path

from dossier.answering.reranking import Reranker, load_reranker
from dossier.errors import BrokenIndexError
from dossier.indexing.embedding import Embedder, load_embedder
from dossier.indexing.manifest import Manifest
from dossier.settings import NO_RERANKER

_EMBEDDERS: dict[tuple[str, str], Embedder] = {}


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


def reranker_built_with(folder: Path, manifest: Manifest) -> Reranker | None:
    """The reranker of an index, None where it has none. Raises what `embedder_built_with` does."""
    if manifest.reranker == NO_RERANKER:
        return None
    found = load_reranker(manifest.reranker)
    if found.digest != manifest.reranker_weights:
        raise _other_weights(folder, manifest.reranker, manifest.reranker_weights, found.digest)
    return found


def _other_weights(folder: Path, name: str, built: str, installed: str) -> BrokenIndexError:
    return BrokenIndexError(
        f"The index in {str(folder)!r} was built with other weights of {name!r} (SHA-256 {built[:12]}…) than are "
        f"installed ({installed[:12]}…). Build it again, or install the weights it was built with."
    )
