"""The Index: passages, their vectors, their words and the manifest; whole once built, and then only read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dossier.errors import BrokenIndexError, NoIndexError
from dossier.indexing.dense import Dense
from dossier.indexing.generations import current, folder_of
from dossier.indexing.lexical import Lexical
from dossier.indexing.manifest import FORMAT, Manifest
from dossier.indexing.sentences import SentenceVectors
from dossier.indexing.tokens import TokenVectors
from dossier.indexing.validating import check_document, check_passages
from dossier.records import Document, Landmark, Passage, Section, Source, landmarks_in


class Layout(NamedTuple):
    """The names of an index's files in its folder."""

    manifest: str = "manifest.json"
    documents: str = "documents.jsonl"
    passages: str = "passages.jsonl"
    dense: str = "dense.faiss"
    sentences: str = "sentences.npy"
    lexical: str = "lexical"
    tokens: str = "tokens"
    signatures: str = "signatures.npy"


LAYOUT = Layout()
UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Index:
    """Documents and passages in order of path and place, and what finds them: row i is passage i everywhere.

    ``tokens`` is None where the index was built without token vectors, or its model gives none. Row i of
    ``signatures`` is that of document i, by which duplicates are found; a duplicate has the passages that are its own.

    Raises `BrokenIndexError` where the parts do not fit together.
    """

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    dense: Dense
    sentences: SentenceVectors
    lexical: Lexical
    tokens: TokenVectors | None
    manifest: Manifest
    signatures: NDArray[np.uint32]

    def __post_init__(self) -> None:
        count = len(self.passages)
        parts = {"dense": len(self.dense), "sentences": len(self.sentences), "lexical": len(self.lexical)}
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
        if {document.path: document.source.digest for document in self.documents} != self.manifest.digests:
            raise BrokenIndexError("The documents of the index are not those of its manifest. Build it again.")
        if self.signatures.shape[:1] != (len(self.documents),) or self.signatures.ndim != 2:
            raise BrokenIndexError(
                f"The index holds {len(self.documents)} documents, but {len(self.signatures)} signatures. "
                "Build it again."
            )
        if self.manifest.passages != count:
            raise BrokenIndexError(f"Its manifest says {self.manifest.passages} passages; there are {count}.")

    @cached_property
    def document_of(self) -> dict[str, Document]:
        """Each document by its path."""
        return {document.path: document for document in self.documents}

    @cached_property
    def passages_of(self) -> dict[str, list[int]]:
        """The rows of each document's passages by its path, in order."""
        rows: dict[str, list[int]] = {document.path: [] for document in self.documents}
        for row, passage in enumerate(self.passages):
            rows[passage.path].append(row)
        return rows

    @cached_property
    def duplicates_of(self) -> dict[str, list[str]]:
        """The paths of the duplicates of each document that has any."""
        found: dict[str, list[str]] = {}
        for path, duplicate in self.manifest.duplicates.items():
            found.setdefault(duplicate.original, []).append(path)
        return found

    def save(self, folder: Path) -> None:
        """Write the parts of the index into an empty folder."""
        _write_json(folder / LAYOUT.manifest, self.manifest.as_json())
        _write_lines(folder / LAYOUT.documents, map(_document_as_json, self.documents))
        places = {document.path: place for place, document in enumerate(self.documents)}
        _write_lines(folder / LAYOUT.passages, (_passage_as_json(p, places[p.path]) for p in self.passages))
        self.dense.save(folder / LAYOUT.dense)
        self.sentences.save(folder / LAYOUT.sentences)
        self.lexical.save(folder / LAYOUT.lexical)
        if self.tokens is not None:
            self.tokens.save(folder / LAYOUT.tokens)
        np.save(folder / LAYOUT.signatures, self.signatures, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Index:
        """The index that `save` wrote. Raises `BrokenIndexError` where a part is missing, damaged or does not fit."""
        try:
            manifest = _read_manifest(folder)
            documents = tuple(map(_document_from_json, _read_lines(folder / LAYOUT.documents)))
            passages = tuple(_passage_from_json(data, documents) for data in _read_lines(folder / LAYOUT.passages))
            _check(documents, passages)
            counts = [len(passage.sentences) for passage in passages]
            return cls(
                documents=documents,
                passages=passages,
                dense=Dense.load(folder / LAYOUT.dense),
                sentences=SentenceVectors.load(folder / LAYOUT.sentences, counts),
                lexical=Lexical.load(folder / LAYOUT.lexical),
                tokens=TokenVectors.load(folder / LAYOUT.tokens) if (folder / LAYOUT.tokens).exists() else None,
                manifest=manifest,
                signatures=np.load(folder / LAYOUT.signatures, allow_pickle=False),
            )
        except UNREADABLE as error:
            raise _unreadable(folder, error) from error


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a saved index, without the rest. Raises `BrokenIndexError` where it can't be read."""
    try:
        return _read_manifest(folder)
    except UNREADABLE as error:
        raise _unreadable(folder, error) from error


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


def _unreadable(folder: Path, error: Exception) -> BrokenIndexError:
    return BrokenIndexError(
        f"The index in {folder} can't be read ({type(error).__name__}: {error}). Build it again: dossier build FOLDER"
    )


def _document_as_json(document: Document) -> dict[str, Any]:
    return {
        "path": document.path,
        "digest": document.source.digest,
        "title": document.title,
        "address": document.address,
        "author": document.author,
        "remark": document.remark,
        "sections": [tuple(vars(section).values()) for section in document.sections],
        "landmarks": [tuple(vars(landmark).values()) for landmark in document.landmarks],
        "furniture": document.furniture,
        "repeated": document.repeated,
        "text": document.text,
    }


def _document_from_json(data: dict[str, Any]) -> Document:
    return Document(
        source=Source(data["path"], data["digest"]),
        text=data["text"],
        sections=tuple(Section(*section) for section in data["sections"]),
        remark=data["remark"],
        landmarks=tuple(Landmark(*landmark) for landmark in data["landmarks"]),
        furniture=tuple((start, end) for start, end in data["furniture"]),
        repeated=tuple((start, end) for start, end in data["repeated"]),
        title=data["title"],
        address=data["address"],
        author=data["author"],
    )


def _passage_as_json(passage: Passage, document: int) -> dict[str, Any]:
    """A passage without its text, which is a slice of its document's."""
    return {
        "document": document,
        "lines": [passage.first_line, passage.last_line],
        "sentences": passage.sentences,
        "section": passage.section,
        "date": passage.date,
        "event": passage.event,
        "venue": passage.venue,
    }


def _passage_from_json(data: dict[str, Any], documents: Sequence[Document]) -> Passage:
    document = documents[data["document"]]
    first_line, last_line = data["lines"]
    sentences = tuple((start, end) for start, end in data["sentences"])
    start, end = sentences[0][0], sentences[-1][1]
    return Passage(
        path=document.path,
        text=document.text[start:end],
        start=start,
        end=end,
        first_line=first_line,
        last_line=last_line,
        sentences=sentences,
        section=data["section"],
        date=data["date"],
        landmarks=landmarks_in(document.landmarks, (start, end)),
        event=data["event"],
        venue=data["venue"],
    )


def _check(documents: Sequence[Document], passages: Sequence[Passage]) -> None:
    """Raise `ValueError` where documents or passages make no sense, or are out of order."""
    for document in documents:
        check_document(document)
    places = {document.path: place for place, document in enumerate(documents)}
    order = [(places[passage.path], passage.start) for passage in passages]
    if len(places) != len(documents) or order != sorted(order):
        raise ValueError("its documents or passages are not in order")
    for path, own in groupby(passages, key=lambda passage: passage.path):
        check_passages(documents[places[path]], list(own))


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)
