"""Repeats: what many documents of a folder have in common and say in the same words, such as a sidebar or a footer.

It is read in the first document alone. Unlike other furniture it can only be seen when all documents are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from dossier.reading.furniture import merged, text_lines
from dossier.records import Document, Span

Runs = NDArray[np.uint64]

# So many lines in a row, in so many documents, that are otherwise their own in more than so much of their text.
RUN = 3
LEAST_DOCUMENTS = 3
MOST_SHARED = 0.5

# Names with what they are, and figures, are told of each document anew: who came, and how much it was.
PARTICULAR = re.compile(r"\d|, |\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|Herr|Frau|Mme|M)\.? [^\W\d_]")


def without_repeats(documents: Sequence[Document]) -> Iterator[Document]:
    """The documents, each with the spans that stand in at least three and are read in one before it.

    Their order is that in which they are read. A document that has more than half of its text in common with others
    is a copy or a version of them and keeps it. They are gone through twice, and only their lines are held between.
    """
    lined = [_Lined.of(document) for document in documents]
    common = _common(lined)
    own = [lines.share(common) <= MOST_SHARED for lines in lined]
    common = _common([lines for lines, its_own in zip(lined, own, strict=True) if its_own])
    first = _first(lined, common)
    for number, (document, lines, its_own) in enumerate(zip(documents, lined, own, strict=True)):
        repeated = lines.spans(common, first < number) if its_own else ()
        yield document if repeated == document.repeated else replace(document, repeated=repeated)


@dataclass(frozen=True)
class _Lined:
    """The lines of a document that are no furniture, (n, 2); ``runs[i]`` tells the run at line i, and 0 of none."""

    lines: NDArray[np.int64]
    runs: Runs

    @classmethod
    def of(cls, document: Document) -> _Lined:
        text = document.text
        lines = list(_outside(document.furniture, text_lines(text)))
        said = [text[start:end].encode("utf-8", "surrogatepass") for start, end in lines]
        particular = [PARTICULAR.search(text, *line) is not None for line in lines]
        runs = [
            int.from_bytes(blake2b(b"\n".join(said[place : place + RUN]), digest_size=8).digest(), "little")
            if 2 * sum(particular[place : place + RUN]) < RUN
            else 0
            for place in range(len(lines) - RUN + 1)
        ]
        return cls(np.array(lines, np.int64).reshape(-1, 2), np.array(runs, np.uint64))

    def spans(self, common: Runs, among: NDArray[np.bool_]) -> tuple[Span, ...]:
        """The lines that lie in a run of those in ``common`` that are ``among``, adjacent ones as one span."""
        places, numbers = self.found(common)
        told = places[among[numbers]].tolist()
        return merged((int(self.lines[place, 0]), int(self.lines[place + RUN - 1, 1])) for place in told)

    def found(self, common: Runs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The lines at which a run begins that is in ``common``, and the number it has there."""
        if not len(common):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        numbers = np.minimum(np.searchsorted(common, self.runs), len(common) - 1)
        places = np.flatnonzero(common[numbers] == self.runs)
        return places, numbers[places]

    def share(self, common: Runs) -> float:
        """How much of the text lies in runs of these, from 0 to 1."""
        shared = self.spans(common, np.ones(len(common), bool))
        return sum(end - start for start, end in shared) / max(int((self.lines[:, 1] - self.lines[:, 0]).sum()), 1)


def _common(documents: Sequence[_Lined]) -> Runs:
    """The runs that stand in enough of some documents, in order."""
    every = np.concatenate([np.zeros(0, np.uint64), *(np.unique(lines.runs) for lines in documents)])
    runs, counts = np.unique(every, return_counts=True)
    return runs[(counts >= LEAST_DOCUMENTS) & (runs > 0)]


def _first(documents: Sequence[_Lined], common: Runs) -> NDArray[np.int64]:
    """The number of the document in which each of some runs, in order, is read first."""
    first = np.full(len(common), len(documents))
    for number in range(len(documents) - 1, -1, -1):
        first[documents[number].found(common)[1]] = number
    return first


def _outside(furniture: Sequence[Span], lines: Iterator[Span]) -> Iterator[Span]:
    """The lines that touch no furniture; both are in order."""
    place = 0
    for start, end in lines:
        while place < len(furniture) and furniture[place][1] <= start:
            place += 1
        if place == len(furniture) or end <= furniture[place][0]:
            yield start, end
