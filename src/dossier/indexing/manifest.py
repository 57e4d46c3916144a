"""The manifest: how an index was built, from which bytes, and what was left out."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, astuple, dataclass, fields
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dossier.indexing.embedding import Embedder
from dossier.records import Corpus, Description, Duplicate, Facts, Limits, Skipped

FORMAT = 12
READING = f"6, sentencex {version('sentencex')}"


@dataclass(frozen=True)
class Recipe:
    """What decides the content of an index, given the documents. Two equal recipes make equal indexes.

    ``tokens`` says whether token vectors were wanted, ``format`` is what lies on the disk and ``reading`` the way
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

    ``folders`` are where the documents are, by the names of a `Corpus`, relative to the index where both are on one
    drive. ``remarks`` say of some paths how they were read, and ``duplicates`` which document they repeat. ``limits``
    held for reading one file. ``passages`` counts them. ``reader`` is the setting of that name, and
    ``reader_weights`` the digest of a model that it names and that does not come along. ``kept`` generations of the
    index remain on disk, and ``vectors`` says how they were to be searched. ``description`` is what the folders
    said of themselves.
    """

    recipe: Recipe
    folders: dict[str, str]
    digests: dict[str, str]
    skipped: tuple[Skipped, ...]
    remarks: dict[str, str]
    duplicates: dict[str, Duplicate]
    limits: Limits
    passages: int
    reader: str
    reader_weights: str
    kept: int
    vectors: str
    description: Description

    def corpus(self, index: Path) -> Corpus:
        """The folders of the documents on this machine, given that of the index."""
        return Corpus(tuple((name, (index / place).resolve()) for name, place in self.folders.items()))

    @property
    def tried(self) -> dict[str, str]:
        """The digest of each file that was read, or was tried and need not be again, by its path."""
        return {file.path: file.digest for file in self.skipped if file.digest} | self.digests

    @cached_property
    def sources(self) -> str:
        """The SHA-256 of the names and digests of all documents."""
        return hashlib.sha256(json.dumps(sorted(self.digests.items())).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Manifest:
        """The manifest that `as_json` described. Raises `KeyError` or `TypeError` where it is something else."""
        recipe = Recipe(**data["recipe"])
        for field in fields(Recipe):
            if type(getattr(recipe, field.name)).__name__ != field.type:
                raise TypeError(f"{field.name} of its recipe is {getattr(recipe, field.name)!r}")
        folders = dict(data["folders"])
        if not folders or not all(isinstance(folder, str) and "\0" not in folder for folder in folders.values()):
            raise TypeError(f"its folders are {folders!r}")
        if len(folders) > 1 and not {path.partition("/")[0] for path in data["digests"]} <= folders.keys():
            raise TypeError(f"not all of its documents are in its folders {list(folders)!r}")
        digests, remarks = dict(data["digests"]), dict(data["remarks"])
        skipped = tuple(Skipped(**file) for file in data["skipped"])
        duplicates = {path: Duplicate(**duplicate) for path, duplicate in data["duplicates"].items()}
        told = [word for file in skipped for word in (file.path, file.reason, file.digest)]
        words = [*digests.values(), *remarks.values(), *told]
        sound = all(isinstance(word, str) for word in words) and all(type(file.passing) is bool for file in skipped)
        originals = {duplicate.original for duplicate in duplicates.values()}
        if not sound or not originals | duplicates.keys() <= digests.keys():
            raise TypeError("what it says of its documents makes no sense")
        return cls(
            recipe=recipe,
            folders=folders,
            digests=digests,
            skipped=skipped,
            remarks=remarks,
            duplicates=duplicates,
            limits=Limits(**data["limits"]),
            passages=int(data["passages"]),
            reader=str(data["reader"]),
            reader_weights=str(data["reader_weights"]),
            kept=int(data["kept"]),
            vectors=str(data["vectors"]),
            description=_description(data["description"]),
        )


def _description(data: dict[str, Any]) -> Description:
    """The description that `Manifest.as_json` described. Raises `TypeError` where it is something else."""
    facts = {path: Facts(**one) for path, one in dict(data["documents"]).items()}
    found = Description(
        title=data["title"],
        text=data["text"],
        questions=tuple(data["questions"]),
        documents=facts,
        files=dict(data["files"]),
        faults=tuple(data["faults"]),
    )
    words = [found.title, found.text, *found.questions, *found.files.values(), *found.faults]
    if not all(isinstance(word, str) for word in [*words, *(word for one in facts.values() for word in astuple(one))]):
        raise TypeError("its description has something else where there should be words")
    return found


def places(corpus: Corpus, index: Path) -> dict[str, str]:
    """The ways from an index to the folders of a corpus, so that all can be moved together; absolute between drives."""
    return {name: _relative(folder.resolve(), index.resolve()) for name, folder in corpus.folders}


def _relative(folder: Path, index: Path) -> str:
    try:
        return Path(os.path.relpath(folder, index)).as_posix()
    except ValueError:
        return folder.as_posix()
