"""The manifest: how an index was built, from which bytes, and what was left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from typing import Any

from dossier.indexing.embedding import Embedder
from dossier.records import Skipped

FORMAT = 3
READING = f"2, sentencex {version('sentencex')}"


@dataclass(frozen=True)
class Recipe:
    """What decides the content of an index, given the documents. Two equal recipes make equal indexes.

    ``tokens`` says whether token vectors were wanted, ``format`` is the layout on disk and ``reading`` the way
    documents are divided; both change with the code.
    """

    embedder: str
    weights: str
    encoding: str
    max_tokens: int
    overlap: int
    tokens: bool
    format: int = FORMAT
    reading: str = READING

    @classmethod
    def of(cls, embedder: Embedder, *, encoding: str, max_tokens: int, overlap: int, tokens: bool) -> Recipe:
        return cls(embedder.name, embedder.digest, encoding, max_tokens, overlap, tokens)

    def differences(self, other: Recipe) -> str:
        """What differs from another recipe, in words; empty if nothing does."""
        mine, theirs = asdict(self), asdict(other)
        return ", ".join(
            f"{name} {mine[name]!r} and not {theirs[name]!r}" for name in mine if mine[name] != theirs[name]
        )


@dataclass(frozen=True)
class Manifest:
    """The recipe, the digest of each document by its path, and every file that was skipped, in order of paths.

    ``folder`` is where the documents are, relative to the index where both are on one drive. ``remarks`` say of some
    paths how they were read.
    """

    recipe: Recipe
    folder: str
    digests: dict[str, str]
    skipped: tuple[Skipped, ...]
    remarks: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Manifest:
        """The manifest that `as_json` described. Raises `KeyError` or `TypeError` where it is something else."""
        recipe = Recipe(**data["recipe"])
        for field in fields(Recipe):
            if type(getattr(recipe, field.name)).__name__ != field.type:
                raise TypeError(f"{field.name} of its recipe is {getattr(recipe, field.name)!r}")
        if not isinstance(data["folder"], str) or "\0" in data["folder"]:
            raise TypeError(f"its folder is {data['folder']!r}")
        return cls(
            recipe=recipe,
            folder=data["folder"],
            digests=dict(data["digests"]),
            skipped=tuple(Skipped(**file) for file in data["skipped"]),
            remarks=dict(data["remarks"]),
        )
