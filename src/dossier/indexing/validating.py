"""Validating: what an index says of its texts is compared with the texts, whoever wrote it.

Digests show that an index is what was written. That it makes sense too is seen here, so that one from somebody else
can neither quote what does not stand there nor lead out of its folders.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from dossier.records import LINE_END, Document, LandmarkKind, Passage, Section, Span

KINDS = get_args(LandmarkKind)
# In ISO 8601; a hyphen stands for a year that is not known.
DATE = re.compile(r"((\d{4}|-)(-(0[1-9]|1[0-2])(-\d\d)?)?)?", re.ASCII)
# Vectors are looked through so many at a time.
BLOCK = 16_384


def check_document(document: Document) -> None:
    """Raise `ValueError` where the parts of a document do not lie in its text, or its path leads out of its folder."""
    path, length = document.path, len(document.text)
    words = [path, document.source.digest, document.text, document.remark]
    words += [document.title, document.address, document.author]
    words += [part for one in document.sections for part in _known(one)]
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"the document {path!r} has something else where there should be words")
    check_path(path)
    if not all(DATE.fullmatch(section.date) for section in document.sections):
        raise ValueError(f"a section of {path!r} has a date that is none")
    borders = [0, *(section.end for section in document.sections)]
    if (
        not document.sections
        or borders[-1] != length
        or [section.start for section in document.sections] != borders[:-1]
    ):
        raise ValueError(f"the sections of {path!r} do not tile its {length} characters")
    starts = [_whole(landmark.start) for landmark in document.landmarks]
    if starts != sorted(starts) or (starts and starts[-1] > length):
        raise ValueError(f"the landmarks of {path!r} do not lie in its text")
    for landmark in document.landmarks:
        if landmark.kind not in KINDS or not isinstance(landmark.number, int):
            raise ValueError(f"{path!r} has a landmark {landmark!r}")
    for spans in (document.furniture, document.repeated):
        _check_spans(spans, (0, length), f"the furniture of {path!r}")


def check_passages(document: Document, passages: Sequence[Passage]) -> None:
    """Raise `ValueError` where passages of a document are not what is in it: slices, in order, in its lines."""
    starts = [0, *(match.end() for match in LINE_END.finditer(document.text))]
    ends = [section.end for section in document.sections]
    if any(one.start > other.start for one, other in pairwise(passages)):
        raise ValueError(f"the passages of {document.path!r} are not in order")
    for passage in passages:
        said = f"a passage of {document.path!r}, characters {passage.start} to {passage.end},"
        span = passage.start, passage.end
        _check_spans(passage.sentences, span, f"the sentences of {said}")
        section_end = ends[min(bisect_right(ends, passage.start), len(ends) - 1)]
        lines = bisect_right(starts, passage.start), bisect_right(starts, passage.end - 1)
        if passage.text != document.text[slice(*span)] or passage.end > section_end:
            raise ValueError(f"{said} does not lie in its text")
        if (passage.first_line, passage.last_line) != lines:
            raise ValueError(f"{said} is said to be in lines {passage.first_line} to {passage.last_line}")


def check_path(path: str, *, windows: bool = sys.platform == "win32") -> None:
    """Raise `ValueError` where a document's path could lead out of its folder.

    On Windows no name holds a backslash or a colon: they are of other folders, drives and streams.
    """
    parts = path.split("/")
    outward = path[1:3] in (":/", ":\\") or (windows and re.search(r"[\\:]", path))
    if not path or "\0" in path or "" in parts or ".." in parts or outward:
        raise ValueError(f"{path!r} is no path of a document")


def check_numbers(vectors: npt.NDArray[Any], what: str) -> None:
    """Raise `ValueError` where some vectors hold what is no number."""
    for begin in range(0, len(vectors), BLOCK):
        if not np.isfinite(vectors[begin : begin + BLOCK]).all():
            raise ValueError(f"{what} hold what is no number")


def _known(section: Section) -> tuple[str, ...]:
    """What is known of a section, in words."""
    return section.title, section.date, section.publisher, section.event, section.venue


def _check_spans(spans: Sequence[Span], whole: Span, what: str) -> None:
    places = [_whole(place) for span in spans for place in span]
    inside = not places or whole[0] <= places[0] <= places[-1] <= whole[1]
    if not inside or places != sorted(places) or any(start >= end for start, end in spans):
        raise ValueError(f"{what} do not lie in it, in order and apart")


def _whole(number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValueError(f"{number!r} is not a whole number")
    return number
