"""Scope: which passages a question may be answered from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

import numpy as np

from dossier.errors import InputError
from dossier.indexing.index import Index
from dossier.indexing.ranking import Rows

QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*\w[^\"“”„«»]*)[\"“”«»]")
STRAIGHT = str.maketrans("‘’“”–—‐‑", "''\"\"----")
# What a word is not cut by, in scripts that part words by spaces: Latin, Greek and Cyrillic.
LETTER = "0-9a-zà-ɏͰ-ԯ"
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True)
class Scope:
    """Files and folders, and the time, to which a search is limited; where nothing is given, it is not.

    ``after`` keeps what may be dated on the first day of a year, month or day, or later, and ``before`` what may be
    dated before that day; what has no date is then left out. Raises `InputError` where one is no date.
    """

    documents: Sequence[str] = ()
    after: str = ""
    before: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.documents, str):
            raise InputError(f"'documents' is {self.documents!r}; it must be a list of paths, as [{self.documents!r}].")
        for name in ("after", "before"):
            given = getattr(self, name)
            if given and not (isinstance(given, str) and _is_date(given)):
                raise InputError(
                    f"{name!r} is {given!r}; it must be a year, a month or a day, such as 2026, 2026-11 or 2026-11-21."
                )

    def rows(self, index: Index, question: str) -> Rows | None:
        """The rows that a question may be answered from, in order; None where they all may.

        Words in double quotes must occur. Raises `InputError` where the index has no such document.
        """
        phrases = QUOTED.findall(question)
        if not (phrases or self.documents or self.after or self.before):
            return None
        rows = np.arange(len(index.passages))
        if self.documents:
            rows = np.unique(np.concatenate([_rows_of(index, path) for path in self.documents]))
        if self.after or self.before:
            rows = np.intersect1d(rows, index.dated(self._in_time), assume_unique=True)
        for phrase in phrases:
            holding, whole = np.intersect1d(rows, index.lexical.holders(phrase), assume_unique=True), _whole(phrase)
            rows = np.array([row for row in holding if whole.search(_plain(index.passages[row].text))], np.int64)
        return rows.astype(np.int64)

    def _in_time(self, dated: str) -> bool:
        """Whether something of that date may lie in the time that is asked for."""
        if not dated or dated.startswith("-"):  # the year is not known
            return False
        late_enough = not self.after or _last_day(dated) >= _first_day(self.after)
        return late_enough and (not self.before or _first_day(dated) < _first_day(self.before))


EVERYWHERE = Scope()


def _rows_of(index: Index, path: str) -> Rows:
    """The rows of a document, or of all documents in a folder."""
    wanted = path.replace("\\", "/").removeprefix("./").rstrip("/")
    meant = [d for d in index.passages_of if d == wanted or d.startswith(f"{wanted}/") or not wanted]
    if not meant:
        raise InputError(f"The index holds no document or folder {path!r}. Its documents are listed by: dossier status")
    rows = [row for document in meant for row in index.passages_of[document]]
    return np.array([*rows, *(row for document in meant for row in _lent(index, document))], np.int64)


def _lent(index: Index, document: str) -> Iterator[int]:
    """The rows of another document that say what a duplicate of it says too; see `only_new`."""
    known = index.manifest.duplicates.get(document)
    if known is not None:
        rows = index.passages_of[known.original]
        yield from rows if known.same else compress(rows, index.repeated(document))


def _whole(phrase: str) -> re.Pattern[str]:
    """An expression for a phrase in what `_plain` makes of a text, where no word of it goes on before or behind it."""
    plain = _plain(phrase)
    before = f"(?<![{LETTER}])" if re.match(f"[{LETTER}]", plain) else ""
    behind = f"(?![{LETTER}])" if re.search(f"[{LETTER}]$", plain) else ""
    return re.compile(f"{before}{re.escape(plain)}{behind}")


def _plain(text: str) -> str:
    """Text without case, with straight quotes and dashes and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(STRAIGHT).casefold().split())


def _is_date(text: str) -> bool:
    try:
        return DATE.fullmatch(text) is not None and date.fromisoformat(_first_day(text)) is not None
    except ValueError:
        return False


def _first_day(dated: str) -> str:
    """The first day of a year or month, as ISO 8601, by which days can be compared."""
    return (dated + "-01-01")[: len("2026-11-21")]


def _last_day(dated: str) -> str:
    """A day that none in a year or month comes after."""
    return dated + "-12-31"[len(dated) - len("2026-11-21") :] if len(dated) < len("2026-11-21") else dated
