"""Repeats: what many documents of a folder have in common and say in the same words, such as a sidebar or a footer.

It is read in the first document alone. Unlike other furniture it can only be seen when all documents are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import blake2b

from dossier.reading.furniture import merged, text_lines
from dossier.records import Document, Span

# So many lines in a row, in so many documents, that are otherwise their own in more than so much of their text.
RUN = 3
LEAST_DOCUMENTS = 3
MOST_SHARED = 0.5

# Names with what they are, and figures, are told of each document anew: who came, and how much it was.
PARTICULAR = re.compile(r"\d|, |\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|Herr|Frau|Mme|M)\.? [^\W\d_]")


def without_repeats(documents: Sequence[Document]) -> list[Document]:
    """The documents, each with the spans that stand in at least three and are read in one before it.

    Their order is that in which they are read. A document that has more than half of its text in common with others
    is a copy or a version of them and keeps it.
    """
    lined = [_Lined.of(document) for document in documents]
    common = _common(lined)
    own = [lines.share(common) <= MOST_SHARED for lines in lined]
    common = _common([lines for lines, its_own in zip(lined, own, strict=True) if its_own])
    read: set[bytes] = set()
    found = []
    for document, lines, its_own in zip(documents, lined, own, strict=True):
        repeated = lines.spans(common & read) if its_own else ()
        read.update(lines.runs)
        found.append(document if repeated == document.repeated else replace(document, repeated=repeated))
    return found


@dataclass(frozen=True)
class _Lined:
    """The lines of a document that are no furniture; ``runs[i]`` is the digest of the run at line i, empty if none."""

    lines: list[Span]
    runs: list[bytes]

    @classmethod
    def of(cls, document: Document) -> _Lined:
        text = document.text
        lines = list(_outside(document.furniture, text_lines(text)))
        digests = [
            blake2b(text[start:end].encode("utf-8", "surrogatepass"), digest_size=8).digest() for start, end in lines
        ]
        particular = [PARTICULAR.search(text, *line) is not None for line in lines]
        runs = [
            b"".join(digests[place : place + RUN]) if 2 * sum(particular[place : place + RUN]) < RUN else b""
            for place in range(len(lines) - RUN + 1)
        ]
        return cls(lines, runs)

    def spans(self, common: Set[bytes]) -> tuple[Span, ...]:
        """The lines that lie in a run of these, adjacent ones as one span."""
        return merged(
            (self.lines[place][0], self.lines[place + RUN - 1][1])
            for place, run in enumerate(self.runs)
            if run in common
        )

    def share(self, common: Set[bytes]) -> float:
        """How much of the text lies in runs of these, from 0 to 1."""
        return sum(end - start for start, end in self.spans(common)) / max(
            sum(end - start for start, end in self.lines), 1
        )


def _common(documents: Sequence[_Lined]) -> Set[bytes]:
    """The runs that stand in enough of some documents."""
    counts = Counter(run for lines in documents for run in set(lines.runs) if run)
    return {run for run, count in counts.items() if count >= LEAST_DOCUMENTS}


def _outside(furniture: Sequence[Span], lines: Iterator[Span]) -> Iterator[Span]:
    """The lines that touch no furniture; both are in order."""
    place = 0
    for start, end in lines:
        while place < len(furniture) and furniture[place][1] <= start:
            place += 1
        if place == len(furniture) or end <= furniture[place][0]:
            yield start, end
