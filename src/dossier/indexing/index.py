"""The Index: passages, their vectors, their words and the manifest; whole once built, and then only read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, starmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dossier.errors import BrokenIndexError, NoIndexError
from dossier.indexing.columns import mapped
from dossier.indexing.dense import Dense
from dossier.indexing.documents import ByPath, Documents
from dossier.indexing.duplicates import repeated
from dossier.indexing.generations import current, folder_of, open_current
from dossier.indexing.lexical import Lexical
from dossier.indexing.manifest import FORMAT, Manifest
from dossier.indexing.passages import Passages
from dossier.indexing.ranking import Rows
from dossier.indexing.sentences import SentenceVectors
from dossier.indexing.tokens import TokenVectors
from dossier.indexing.validating import check_document
from dossier.records import Document, Source


class Layout(NamedTuple):
    """The names of an index's files in its folder."""

    manifest: str = "manifest.json"
    passages: str = "passages"
    dense: str = "dense"
    sentences: str = "sentences.npy"
    lexical: str = "lexical"
    tokens: str = "tokens"
    signatures: str = "signatures.npy"
    keys: str = "keys.npy"


LAYOUT = Layout()
UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Index:
    """Documents and passages in order of path and place, and what finds them: row i is passage i everywhere.

    ``tokens`` is None where the index was built without token vectors, or its model gives none. Row i of
    ``signatures`` is that of document i, by which duplicates are found; a duplicate has the passages that are its own.
    Row i of ``keys`` is the digest of what the vectors of passage i were made of. All but the words lies on the disk
    and is read there.

    Raises `BrokenIndexError` where the parts do not fit together.
    """

    documents: Documents
    passages: Passages
    dense: Dense
    sentences: SentenceVectors
    lexical: Lexical
    tokens: TokenVectors | None
    manifest: Manifest
    signatures: NDArray[np.uint32]
    keys: NDArray[np.uint8]

    def __post_init__(self) -> None:
        count = len(self.passages)
        parts = {
            "dense": len(self.dense),
            "sentences": len(self.sentences),
            "lexical": len(self.lexical),
            "keys": len(self.keys),
        }
        for name, rows in parts.items():
            if rows != count:
                raise BrokenIndexError(f"The index holds {count} passages, but {name} has {rows}. Build it again.")
        if self.sentences.shape != (self.sentences.expected, self.dense.dim):
            raise BrokenIndexError(
                f"The passages call for {self.sentences.expected} sentence vectors of {self.dense.dim} dimensions, "
                f"but there are {self.sentences.shape[0]} of {self.sentences.shape[1]}. Build the index again."
            )
        if self.tokens is not None and (len(self.tokens) != self.sentences.expected or not self.tokens.fits):
            raise BrokenIndexError(
                f"The passages have {self.sentences.expected} sentences, but there are token vectors of "
                f"{len(self.tokens)}. Build the index again."
            )
        if len(self.signatures) != len(self.documents):
            raise BrokenIndexError(
                f"The index holds {len(self.documents)} documents, but {len(self.signatures)} signatures. "
                "Build it again."
            )
        if self.manifest.passages != count:
            raise BrokenIndexError(f"Its manifest says {self.manifest.passages} passages; there are {count}.")

    @cached_property
    def document_of(self) -> Mapping[str, Document]:
        """Each document by its path."""
        return ByPath(self.documents.rows, self.documents)

    @cached_property
    def passages_of(self) -> dict[str, range]:
        """The rows of each document's passages by its path, in order."""
        runs = starmap(range, pairwise(self.passages.starts.tolist()))
        return {source.path: run for source, run in zip(self.documents.sources, runs, strict=True)}

    @cached_property
    def duplicates_of(self) -> dict[str, list[str]]:
        """The paths of the duplicates of each document that has any."""
        found: dict[str, list[str]] = {}
        for path, duplicate in self.manifest.duplicates.items():
            found.setdefault(duplicate.original, []).append(path)
        return found

    def repeated(self, duplicate: str) -> list[bool]:
        """Whether a duplicate has every sentence, for each passage of its original; found out once."""
        if duplicate not in self._repeated:
            original = self.manifest.duplicates[duplicate].original
            passages = [self.passages[row] for row in self.passages_of[original]]
            self._repeated[duplicate] = repeated(self.document_of[duplicate].text, passages)
        return self._repeated[duplicate]

    @cached_property
    def _repeated(self) -> dict[str, list[bool]]:
        return {}

    def dated(self, wanted: Callable[[str], bool]) -> Rows:
        """The rows of the passages whose date, as in a `Passage`, is wanted; each date is asked about once."""
        dates, numbers = self._dates
        return np.flatnonzero(np.array([wanted(date) for date in dates], bool)[numbers])

    @cached_property
    def _dates(self) -> tuple[list[str], Rows]:
        """The dates that there are, and the number of each passage's among them."""
        dates, numbers = np.unique(self.passages.dates, return_inverse=True)
        return [date.decode() for date in dates.tolist()], numbers

    @classmethod
    def load(cls, folder: Path) -> Index:
        """The index in a folder, read where it lies, as far as asking it needs.

        Raises `BrokenIndexError` where a part is missing or does not fit.
        """
        with _reading(folder):
            manifest = _read_manifest(folder)
            sources = [Source(path, digest) for path, digest in manifest.digests.items()]
            documents = Documents.load(folder, sources)
            passages = Passages.load(folder / LAYOUT.passages, documents)
            return cls(
                documents=documents,
                passages=passages,
                dense=Dense.load(folder / LAYOUT.dense),
                sentences=SentenceVectors.load(folder / LAYOUT.sentences, passages.sentences),
                lexical=Lexical.load(folder / LAYOUT.lexical),
                tokens=TokenVectors.load(folder / LAYOUT.tokens) if (folder / LAYOUT.tokens).exists() else None,
                manifest=manifest,
                signatures=mapped(folder / LAYOUT.signatures, np.uint32, 2),
                keys=mapped(folder / LAYOUT.keys, np.uint8, 2),
            )

    @classmethod
    def load_whole(cls, folder: Path) -> Index:
        """The same once everything in it was looked at, whoever wrote it. Raises `BrokenIndexError` likewise."""
        index = cls.load(folder)
        with _reading(folder):
            for part in (index.dense, index.sentences, index.lexical, index.tokens):
                if part is not None:
                    part.check()
            for row, document in enumerate(index.documents):
                check_document(document)
                index.passages.check_of(row)
        return index


def open_index(index: Path) -> tuple[str, Index]:
    """The name of the generation that counts and its index, which was looked at whole once; see `open_current`.

    Raises `NoIndexError` where nothing has been built and `BrokenIndexError` where it is damaged or makes no sense.
    """
    return open_current(index, Index.load, check=Index.load_whole)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a saved index, without the rest. Raises `BrokenIndexError` where it can't be read."""
    with _reading(folder):
        return _read_manifest(folder)


def read_current(index: Path) -> tuple[str, Manifest]:
    """The name of the generation that counts and its manifest, neither of which is compared with what was written.

    Raises `NoIndexError` where nothing has been built and `BrokenIndexError` where it can't be read.
    """
    name = current(index)
    return name, read_manifest(folder_of(index, name))


def manifest_as_found(index: Path) -> dict[str, Any]:
    """What the manifest of the generation that counts says, of whatever format; empty where it can't be read."""
    try:
        data = json.loads((folder_of(index, current(index)) / LAYOUT.manifest).read_text(encoding="utf-8"))
    except (NoIndexError, BrokenIndexError, *UNREADABLE):
        return {}
    return data if isinstance(data, dict) else {}


def _read_manifest(folder: Path) -> Manifest:
    data = json.loads((folder / LAYOUT.manifest).read_text(encoding="utf-8"))
    found = data["recipe"]["format"]
    if found != FORMAT:
        raise ValueError(f"its format is {found!r}, and this version of dossier reads {FORMAT}")
    return Manifest.from_json(data)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of an index into its folder."""
    text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1)
    (folder / LAYOUT.manifest).write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Say of whatever goes wrong while an index is read that it can't be."""
    try:
        yield
    except UNREADABLE as error:
        raise BrokenIndexError(
            f"The index in {folder} can't be read ({type(error).__name__}: {error}). "
            "Build it again: dossier build FOLDER"
        ) from error
