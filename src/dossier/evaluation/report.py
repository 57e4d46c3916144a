"""The report: outcomes summed up by type of question and by way of searching, and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Literal

from dossier.evaluation.asking import Note, Outcome
from dossier.evaluation.comparing import Comparison
from dossier.evaluation.metrics import Figure, auroc, mean

Kind = Literal["gold", "dialogues", "collection"]
ALL = "all"


@dataclass(frozen=True)
class Row:
    """The figures of some questions, by the name of the measure, and the median of their milliseconds."""

    name: str
    questions: int
    milliseconds: float
    figures: dict[str, Figure] = field(hash=False)


@dataclass(frozen=True)
class Refusals:
    """How many questions of one type were refused, that is, answered with "not found".

    ``auroc`` says how well the answer's confidence tells these questions from the answerable ones: 0.5 is chance, 1
    perfect. It is None for the answerable ones themselves, and where there are none.
    """

    type: str
    questions: int
    refused: int
    share: Figure
    auroc: Figure | None


@dataclass(frozen=True)
class Report:
    """How well documents are searched, by questions whose answers are known.

    ``rows`` begins with the row of all answerable questions; dialogues have one for each kind of turn instead.
    ``slowest`` is the 95th percentile of milliseconds. ``notes`` say what could not be scored,
    and ``counted`` is a sentence on the thumbs that people gave, where the questions come from those.
    """

    kind: Kind
    path: Path
    model: str
    passages: int
    rows: tuple[Row, ...]
    ways: tuple[Row, ...]
    refusals: tuple[Refusals, ...]
    milliseconds: float
    slowest: float
    notes: tuple[Note, ...]
    comparison: Comparison | None
    outcomes: tuple[Outcome, ...]
    counted: str = ""

    def figure(self, measure: str, row: str = ALL) -> Figure:
        """One figure of a row. Raises `KeyError` where it was not measured."""
        return {known.name: known for known in self.rows + self.ways}[row].figures[measure]


def rows_by_type(outcomes: Sequence[Outcome], *, whole: bool) -> tuple[Row, ...]:
    """A row for each type of question that has a right answer, before them, if wanted, one for all."""
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    types = sorted({outcome.type for outcome in answerable})
    rows = [row(name, [outcome for outcome in answerable if outcome.type == name]) for name in types]
    if not whole:
        return tuple(rows)
    return (row(ALL, answerable), *(rows if len(rows) > 1 else []))


def row(name: str, outcomes: Sequence[Outcome]) -> Row:
    """The row of some outcomes; each measure is averaged over those that it applies to."""
    measures = dict.fromkeys(measure for outcome in outcomes for measure in outcome.scores)
    values = {name: [outcome.scores[name] for outcome in outcomes if name in outcome.scores] for name in measures}
    times = [outcome.milliseconds for outcome in outcomes]
    return Row(
        name, len(outcomes), median(times) if times else 0.0, {name: mean(scores) for name, scores in values.items()}
    )


def refusals(outcomes: Sequence[Outcome]) -> tuple[Refusals, ...]:
    """How many answerable questions were refused, and of each type of those that are not."""
    known = [outcome.confidence or 0.0 for outcome in outcomes if outcome.answerable]
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault("answerable" if outcome.answerable else outcome.type, []).append(outcome)
    found = []
    for name, group in groups.items():
        refused = [float(outcome.found is False) for outcome in group]
        told = auroc(known, [one.confidence or 0.0 for one in group]) if known and not group[0].answerable else None
        found.append(Refusals(name, len(group), int(sum(refused)), mean(refused), told))
    return tuple(found)


def slowest(outcomes: Sequence[Outcome]) -> float:
    """The milliseconds within which 95 % of the questions were done."""
    times = [outcome.milliseconds for outcome in outcomes]
    return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else sum(times)
