"""Documents as an index keeps them: their texts in one file, what is known of each on a line of another.

They are read when they are asked for, so that an index takes little memory, however many it holds.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, overload

import numpy.typing as npt

from dossier.errors import BrokenIndexError
from dossier.indexing.columns import Array, Column, mapped, mapped_bytes
from dossier.records import Document, Landmark, Section, Source

One = TypeVar("One")

TEXTS, LINES, PLACES = "texts.txt", "documents.jsonl", "documents.npy"
# So many documents stay in memory once they were read: those that a question's best passages come from.
KEPT = 32


class Read(Sequence[One]):
    """Things that are read when they are asked for; equal to any others that are the same, one by one."""

    @abstractmethod
    def _read(self, row: int) -> One:
        """The thing of a number that there is."""

    @overload
    def __getitem__(self, row: int) -> One: ...
    @overload
    def __getitem__(self, row: slice) -> list[One]: ...
    def __getitem__(self, row: int | slice) -> One | list[One]:
        if isinstance(row, slice):
            return [self._read(one) for one in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(f"there are {len(self)}, and none has the number {row}")
        return self._read(int(row) % len(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


class ByPath(Mapping[str, One], Generic[One]):
    """What a sequence holds of each document, by its path."""

    def __init__(self, rows: Mapping[str, int], sequence: Sequence[One]) -> None:
        self._rows, self._sequence = rows, sequence

    def __getitem__(self, path: str) -> One:
        return self._sequence[self._rows[path]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class Files(NamedTuple):
    """Where documents are read: lines and texts, as bytes, and where those of each begin, with the ends of all last."""

    sources: Sequence[Source]
    lines: npt.NDArray[Any]
    texts: npt.NDArray[Any]
    places: Array


class Documents(Read[Document]):
    """The documents of an index, in order of their paths; a document is read from its files each time, but for a few.

    Raises `BrokenIndexError` where one is asked for that is not what `write_documents` wrote.
    """

    def __init__(self, files: Files) -> None:
        self.sources = files.sources
        self._of = lru_cache(maxsize=KEPT)(partial(_read, files))

    def __len__(self) -> int:
        return len(self.sources)

    def _read(self, row: int) -> Document:
        try:
            return self._of(row)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise BrokenIndexError(
                f"The index is damaged: {self.sources[row].path!r} can't be read in it "
                f"({type(error).__name__}: {error}). Build it again: dossier build FOLDER"
            ) from error

    @cached_property
    def rows(self) -> dict[str, int]:
        """The number of each document by its path."""
        return {source.path: row for row, source in enumerate(self.sources)}

    @classmethod
    def load(cls, folder: Path, sources: Sequence[Source]) -> Documents:
        """The documents of some sources that `write_documents` wrote. Raises `ValueError` where they are others."""
        lines, texts = mapped_bytes(folder / LINES), mapped_bytes(folder / TEXTS)
        places = mapped(folder / PLACES, "<i8", 2)
        if places.shape != (len(sources) + 1, 2):
            raise ValueError(f"it has places of {len(places) - 1} documents, and its manifest names {len(sources)}")
        if places[-1].tolist() != [len(lines), len(texts)]:
            raise ValueError("its documents do not end where their files do")
        return cls(Files(sources, lines, texts, places))


def write_documents(folder: Path, documents: Iterable[Document]) -> Documents:
    """The documents again, as they were written one by one into a folder."""
    sources, place = [], [0, 0]
    with (
        Column(folder / PLACES, "<i8", 2) as places,
        (folder / LINES).open("wb") as lines,
        (folder / TEXTS).open("wb") as texts,
    ):
        for document in documents:
            sources.append(document.source)
            places.add(place)
            place[0] += lines.write(json.dumps(_as_json(document), ensure_ascii=False).encode() + b"\n")
            place[1] += texts.write(document.text.encode())
        places.add(place)
    return Documents.load(folder, sources)


def _as_json(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "address": document.address,
        "author": document.author,
        "remark": document.remark,
        "sections": [tuple(vars(section).values()) for section in document.sections],
        "landmarks": [tuple(vars(landmark).values()) for landmark in document.landmarks],
        "furniture": document.furniture,
        "repeated": document.repeated,
    }


def _read(files: Files, row: int) -> Document:
    (line, text), (next_line, next_text) = files.places[row : row + 2].tolist()
    data = json.loads(files.lines[line:next_line].tobytes())
    return Document(
        source=files.sources[row],
        text=files.texts[text:next_text].tobytes().decode(),
        sections=tuple(Section(*section) for section in data["sections"]),
        remark=data["remark"],
        landmarks=tuple(Landmark(*landmark) for landmark in data["landmarks"]),
        furniture=tuple((start, end) for start, end in data["furniture"]),
        repeated=tuple((start, end) for start, end in data["repeated"]),
        title=data["title"],
        address=data["address"],
        author=data["author"],
    )
