"""Comparing: which questions were won and lost since another evaluation was written down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from dossier.errors import InputError
from dossier.evaluation.asking import Outcome
from dossier.evaluation.metrics import Figure, mean, reciprocal


@dataclass(frozen=True)
class Change:
    """A question whose outcome differs: its ranks before and now, from 1, None where nothing right was found.

    For a question that has no answer, 1 means that it was refused and None that it was answered.
    """

    id: str
    question: str
    answerable: bool
    before: int | None
    now: int | None


@dataclass(frozen=True)
class Comparison:
    """What has changed since the evaluation in a file, over the questions that stand in both.

    ``difference`` is that of MRR@10 over the answerable ones, question by question; None where there is none.
    """

    other: Path
    won: tuple[Change, ...]
    lost: tuple[Change, ...]
    same: int
    difference: Figure | None


def compare(outcomes: Sequence[Outcome], other: Path, before: dict[str, int | None]) -> Comparison:
    """The comparison of outcomes with the ranks read from another evaluation.

    Raises `InputError` where the two have no question in common.
    """
    common = [
        Change(outcome.id, outcome.question, outcome.answerable, before[outcome.id], _rank(outcome))
        for outcome in outcomes
        if outcome.id in before
    ]
    if not common:
        raise InputError(f"{str(other)!r} has no question in common with this evaluation. Compare two of the same.")
    gains = [reciprocal(one.now, 10) - reciprocal(one.before, 10) for one in common if one.answerable]
    won = tuple(change for change in common if (change.now or inf) < (change.before or inf))
    lost = tuple(change for change in common if (change.now or inf) > (change.before or inf))
    return Comparison(other, won, lost, len(common) - len(won) - len(lost), mean(gains) if gains else None)


def read_ranks(path: Path) -> dict[str, int | None]:
    """The rank of each question in a report that was written as JSON, as `Change` has it.

    Raises `InputError` where the file is something else.
    """
    try:
        outcomes = json.loads(path.read_text(encoding="utf-8"))["outcomes"]
        return {str(data["id"]): _read_rank(data) for data in outcomes}
    except OSError as error:
        raise InputError(f"{str(path)!r} can't be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{str(path)!r} is no report that 'dossier evaluate' has written with --output.") from None


def _read_rank(data: dict[str, Any]) -> int | None:
    rank = data["rank"] if data["answerable"] else _refused(data["found"])
    if rank is not None and not (isinstance(rank, int) and rank > 0):
        raise ValueError(rank)
    return rank


def _rank(outcome: Outcome) -> int | None:
    return outcome.rank if outcome.answerable else _refused(outcome.found)


def _refused(found: bool | None) -> int | None:
    return 1 if found is False else None
