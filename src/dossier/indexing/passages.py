"""Passages as an index keeps them: where they stand, in arrays; everything else of them is read in their documents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from dossier.indexing.columns import Array, Column, mapped
from dossier.indexing.documents import Documents, Read
from dossier.indexing.ranking import Rows
from dossier.indexing.validating import check_passages
from dossier.records import Document, Passage, Span, landmarks_in

STARTS, SENTENCES, LINES, SPANS, DATES = "starts", "sentences", "lines", "spans", "dates"
# So many passages stay in memory once they were read: a question looks at its best ones several times.
KEPT = 256
# The kind and width of each array, by its name.
FORMS: dict[str, tuple[str, tuple[int, ...]]] = {
    STARTS: ("<i8", ()),
    SENTENCES: ("<i8", ()),
    LINES: ("<i8", (2,)),
    SPANS: ("<i8", (2,)),
    DATES: ("S10", ()),
}


class Passages(Read[Passage]):
    """The passages of an index in order of their documents and places, each read when it is asked for.

    Those of document i are the rows from ``starts[i]`` to before ``starts[i + 1]``, the sentences of passage i are
    likewise from ``sentences[i]`` on among those of all, and ``dates`` are as in a `Passage`, in ASCII.
    """

    def __init__(self, documents: Documents, starts: Rows, sentences: Rows, lines: Rows, spans: Rows, dates: Array):
        self._documents = documents
        self.starts, self.sentences, self.dates = starts, sentences, dates
        self._of = lru_cache(maxsize=KEPT)(partial(_made, documents, starts, sentences, lines, spans))

    def __len__(self) -> int:
        return len(self.sentences) - 1

    def _read(self, row: int) -> Passage:
        return self._of(row)

    def of(self, document: int) -> list[Passage]:
        """The passages of a document, by its number."""
        return self[self.starts[document] : self.starts[document + 1]]

    def check_of(self, document: int) -> None:
        """Raise `ValueError` where the passages of a document, by its number, are not what is in it."""
        passages, dates = self.of(document), self.dates[self.starts[document] : self.starts[document + 1]].tolist()
        check_passages(self._documents[document], passages)
        if dates != [passage.date.encode() for passage in passages]:
            raise ValueError(f"the passages of {self._documents[document].path!r} have the dates of others")

    @classmethod
    def load(cls, folder: Path, documents: Documents) -> Passages:
        """The passages of some documents that `write_passages` wrote. Raises `ValueError` where they are others."""
        arrays = [mapped(folder / f"{name}.npy", kind, 1 + len(width)) for name, (kind, width) in FORMS.items()]
        starts, sentences, lines, spans, dates = arrays
        count = len(sentences) - 1
        lengths = len(starts) - 1, len(lines), len(dates)
        if lengths != (len(documents), count, count) or lines.shape[1:] != (2,) or spans.shape[1:] != (2,):
            raise ValueError(f"{count} passages of {len(documents)} documents have arrays of {lengths}")
        for name, borders, end in ((STARTS, starts, count), (SENTENCES, sentences, len(spans))):
            if borders[0] != 0 or borders[-1] != end or np.any(np.diff(borders) < (name == SENTENCES)):
                raise ValueError(f"the {name} of its passages are not in order from 0 to {end}")
        return cls(documents, starts, sentences, lines, spans, dates)


def write_passages(folder: Path, documents: Documents, divided: Iterable[Sequence[Passage]]) -> Passages:
    """The passages again, as they were written into a folder; ``divided[i]`` are those of document i."""
    with ExitStack() as opened:
        columns = {
            name: opened.enter_context(Column(folder / f"{name}.npy", kind, *width))
            for name, (kind, width) in FORMS.items()
        }
        columns[STARTS].add(0)
        columns[SENTENCES].add(0)
        for passages in divided:
            columns[SENTENCES].add(len(columns[SPANS]) + np.cumsum([len(passage.sentences) for passage in passages]))
            columns[SPANS].add([span for passage in passages for span in passage.sentences])
            columns[LINES].add([(passage.first_line, passage.last_line) for passage in passages])
            columns[DATES].add([passage.date.encode() for passage in passages])
            columns[STARTS].add(len(columns[DATES]))
    return Passages.load(folder, documents)


def _made(documents: Documents, starts: Rows, sentences: Rows, lines: Rows, spans: Rows, row: int) -> Passage:
    """A passage, read in its document."""
    document = documents[int(np.searchsorted(starts, row, side="right")) - 1]
    first, last = sentences[row : row + 2].tolist()
    return _passage(document, tuple((start, end) for start, end in spans[first:last].tolist()), *lines[row].tolist())


def _passage(document: Document, sentences: tuple[Span, ...], first_line: int, last_line: int) -> Passage:
    start, end = sentences[0][0], sentences[-1][1]
    place = bisect_right(document.sections, start, key=lambda section: section.end)
    section = document.sections[min(place, len(document.sections) - 1)]
    return Passage(
        path=document.path,
        text=document.text[start:end],
        start=start,
        end=end,
        first_line=first_line,
        last_line=last_line,
        sentences=sentences,
        section=section.title,
        date=section.date,
        landmarks=landmarks_in(document.landmarks, (start, end)),
        event=section.event,
        venue=section.venue,
    )
