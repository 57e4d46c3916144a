"""Examples: questions with the passages in which they are answered, or not, as the reader learns from them."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dossier.errors import InputError
from dossier.records import Span

# One passage of so many is kept out of training with all its questions, to choose and to calibrate by.
KEPT_OUT = 20


@dataclass(frozen=True)
class Question:
    """A question about a passage; ``answers`` are spans of characters of it, none where it holds no answer.

    ``twin`` is a question hardly different that the passage does not answer, where there is one.
    """

    source: str
    text: str
    passage: str
    answers: tuple[Span, ...]
    twin: str = ""

    @property
    def kept_out(self) -> bool:
        """Whether it is one of those to choose and to calibrate by: it follows from its passage alone."""
        return int(hashlib.sha256(self.passage.encode()).hexdigest()[:8], 16) % KEPT_OUT == 0


@dataclass(frozen=True)
class Group:
    """A question with passages that look alike to the search, and the span of the answer in each; None where none is.

    ``kept_out`` groups are not learnt from. The passage with the answer has none to the ``twin``; see `Question`.
    """

    source: str
    question: str
    passages: tuple[tuple[str, Span | None], ...]
    kept_out: bool
    twin: str = ""


def read_questions(path: Path) -> Iterator[Question]:
    """The questions of a file in JSON Lines, compressed by gzip, one after another.

    Each line has ``source``, ``question``, ``passage`` and ``answers`` (``text`` and ``start``). Raises `InputError`
    where a line has not, or an answer does not stand where it is said to.
    """
    for number, data in _lines(path):
        try:
            answers = tuple(
                (answer["start"], answer["start"] + len(answer["text"])) for answer in data["answers"] if answer["text"]
            )
            stands = all(
                data["passage"][start:end] == answer["text"]
                for (start, end), answer in zip(answers, (one for one in data["answers"] if one["text"]), strict=True)
            )
            question = Question(str(data["source"]), str(data["question"]).strip(), str(data["passage"]), answers)
        except (LookupError, TypeError) as error:
            raise InputError(f"{path}, line {number}: no source, question, passage and answers ({error!r}).") from error
        if not stands:
            raise InputError(f"{path}, line {number}: an answer does not stand where it is said to.")
        yield question


def write_groups(groups: Iterable[Group], path: Path) -> int:
    """How many groups were written into a file of JSON Lines, compressed by gzip."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", newline="\n", compresslevel=6) as file:
        for group in groups:
            file.write(json.dumps([*vars(group).values()], ensure_ascii=False) + "\n")
            count += 1
    return count


def read_groups(path: Path) -> list[Group]:
    """The groups that `write_groups` wrote."""
    return [
        Group(source, question, tuple((text, answer and tuple(answer)) for text, answer in passages), kept_out, *twin)
        for _, (source, question, passages, kept_out, *twin) in _lines(path)
    ]


def sources(groups: Sequence[Group]) -> dict[str, int]:
    """How many groups there are of each source, by name."""
    counts: dict[str, int] = {}
    for group in groups:
        counts[group.source] = counts.get(group.source, 0) + 1
    return dict(sorted(counts.items()))


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise InputError(f"{path}, line {number}: no JSON ({error}).") from error
