"""Calibrating: collections become the coefficients that turn the signs of an answer into a probability.

``python -m dossier.evaluation.calibrating COLLECTION... [--model MODEL] [--reader READER]`` writes them, with a
reliability table, where the answering wing reads them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dossier.answering.confidence import SHIPPED, signs_digest
from dossier.answering.scale import Scale
from dossier.errors import DossierError
from dossier.evaluation.cases import Case, gather
from dossier.reports import Progress
from dossier.settings import Settings

# Three questions of four are taken to have an answer; the kinds that have none share the rest.
PRIOR = 0.75
# The signs for a model's own calibration, and for the one that serves models that have none. Tokens matched one by one
# were tried too and told nothing that these do not.
WITH_MODEL = ("passage", "sentence", "quote", "held", "names", "kind")
WORDS_ALONE = ("words", "quote", "known", "names", "kind")
# The same where a reader has read. How many of a question's words a passage holds is its business then: a near miss
# holds as many as an answer.
READ_WITH_MODEL = ("sentence", "known", "kind", "reader")
READ_WORDS_ALONE = ("words", "known", "names", "kind", "reader")
# So many of the questions that have an answer may be refused in each collection; and with a reader the threshold is
# never above what refuses as many of the gold questions on the seeds, which are less like what it has learnt from.
REFUSED_AT_MOST = 0.05
HIGHEST_WITH_READER, HIGHEST_BY_WORDS = 0.19, 0.15
TENTHS = 10


def weights(cases: Sequence[Case]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """How much each case counts: collections alike, in each the answerable by the prior, other kinds in like parts."""
    groups: dict[tuple[str, str], int] = {}
    for case in cases:
        groups[case.collection, case.kind] = groups.get((case.collection, case.kind), 0) + 1
    others = {name: sum(one == name and kind != "answerable" for one, kind in groups) for name, _ in groups}

    def weight(case: Case) -> float:
        part = PRIOR if case.kind == "answerable" else (1 - PRIOR) / others[case.collection]
        return part / groups[case.collection, case.kind]

    raw = np.array([weight(case) for case in cases])
    return np.asarray(raw * len(cases) / raw.sum())


def fit(cases: Sequence[Case], signs: Sequence[str]) -> tuple[dict[str, float], float]:
    """The coefficient of each sign, and the intercept, of a logistic regression.

    Signs that would count against an answer are left out, one after another: each sign was chosen since it speaks for
    one, and more evidence must never make an answer less sure.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    left = list(signs)
    right = np.array([case.right for case in cases])
    while True:
        table = np.array([[case.signs[name] for name in left] for case in cases])
        scale = StandardScaler().fit(table)
        model = LogisticRegression(C=1.0).fit(scale.transform(table), right, sample_weight=weights(cases))
        coefficients = model.coef_[0] / scale.scale_
        worst = int(np.argmin(model.coef_[0]))
        if model.coef_[0][worst] > 0:
            intercept = float(model.intercept_[0] - coefficients @ scale.mean_)
            return {name: round(float(one), 4) for name, one in zip(left, coefficients, strict=True)}, round(
                intercept, 4
            )
        left.pop(worst)


def probabilities(cases: Sequence[Case], coefficients: dict[str, float], intercept: float) -> list[float]:
    """The probability of each case."""
    table = np.array([[case.signs[name] for name in coefficients] for case in cases])
    return [float(one) for one in 1 / (1 + np.exp(-intercept - table @ np.array(list(coefficients.values()))))]


def unseen(cases: Sequence[Case], signs: Sequence[str]) -> list[float]:
    """The probability of each case, by coefficients fitted to the other collections."""
    found = np.zeros(len(cases))
    for name in sorted({case.collection for case in cases}):
        out = np.array([case.collection == name for case in cases])
        others = [case for case, left in zip(cases, out, strict=True) if not left]
        if others:
            found[out] = probabilities([case for case in cases if case.collection == name], *fit(others, signs))
    return [float(one) for one in found]


def reliability(cases: Sequence[Case], found: Sequence[float]) -> list[dict[str, float]]:
    """For each tenth of probability: how many cases fell into it, their mean probability, and how many were right."""
    counts, values = weights(cases), np.array(found)
    right = np.array([case.right for case in cases])
    rows = []
    for tenth in range(TENTHS):
        inside = np.minimum((values * TENTHS).astype(int), TENTHS - 1) == tenth
        if inside.any():
            rows.append(
                {
                    "from": tenth / TENTHS,
                    "questions": int(inside.sum()),
                    "said": round(float(np.average(values[inside], weights=counts[inside])), 3),
                    "right": round(float(np.average(right[inside], weights=counts[inside])), 3),
                }
            )
    return rows


def calibration(
    cases: Sequence[Case],
    signs: Sequence[str],
    read: Sequence[str],
    model: str,
    name: str,
    scale: Scale | None = None,
) -> dict[str, Any]:
    """The entry of one calibration for the file: coefficients, what they were fitted on, and how reliable they are.

    Cases that a reader has read are fitted by the signs of ``read``, and without those that it has not.
    """
    reader = next((case.reader for case in cases if case.reader), "")
    cases, signs = [case for case in cases if case.reader == reader], read if reader else signs
    coefficients, intercept = fit(cases, signs)
    said = probabilities(cases, coefficients, intercept)
    several = len({case.collection for case in cases}) > 1
    found = unseen(cases, signs) if several else said
    return {
        "model": model,
        "reader": reader,
        "name": name,
        "intercept": intercept,
        "threshold": threshold(cases, said, HIGHEST_WITH_READER if model else HIGHEST_BY_WORDS),
        "coefficients": coefficients,
        "scale": {"there": scale.there, "absent": scale.absent} if scale is not None else None,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "prior": PRIOR,
        "questions": {
            collection: {
                kind: sum(case.collection == collection and case.kind == kind for case in cases)
                for kind in ("answerable", "near", "absent", "far")
            }
            for collection in sorted({case.collection for case in cases})
        },
        "reliability": reliability(cases, found),
        "reliability_on": "collections left out of the fit" if several else "the collection that was fitted",
    }


def threshold(cases: Sequence[Case], found: Sequence[float], highest: float) -> float:
    """The probability that all but a few of the questions with an answer reach, in every collection.

    Where a reader has read it is the ``highest`` at most. Who is refused wrongly reads no further, who is told
    "Perhaps" does.
    """
    reached: dict[str, list[float]] = {}
    for case, probability in zip(cases, found, strict=True):
        if case.kind == "answerable":
            reached.setdefault(case.collection, []).append(probability)
    lowest = min(float(np.quantile(values, REFUSED_AT_MOST)) for values in reached.values())
    return round(min(lowest, highest) if cases[0].reader else lowest, 3)


def calibrations(cases: Sequence[Case], scale: Scale, name: str) -> list[dict[str, Any]]:
    """The entries for a model, called by its name, and for every model that has none of its own."""
    return [
        calibration(cases, WITH_MODEL, READ_WITH_MODEL, cases[0].model, name, scale),
        calibration(cases, WORDS_ALONE, READ_WORDS_ALONE, "", "any other model: words alone"),
    ]


def write(path: Path, fitted: Sequence[dict[str, Any]]) -> None:
    """Put entries into the file in place of those of the same models and readers; the others stay, words alone last."""
    old = json.loads(path.read_text(encoding="utf-8"))["calibrations"] if path.exists() else []
    models = {(one["model"], one["reader"]) for one in fitted}
    kept = [one for one in old if (one["model"], one["reader"]) not in models]
    entries = sorted([*fitted, *kept], key=lambda one: (not one["model"], not one["reader"]))
    data = {"signs": signs_digest(), "calibrations": entries}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def print_progress(progress: Progress) -> None:
    """Print how far a collection's index has come, on one line of the error stream."""
    print(f"\r{progress.stage} {progress.done} of {progress.total}", end="", file=sys.stderr)  # noqa: T201


def main() -> None:
    """Calibrate on collections, print the reliability tables, and write the file."""
    parser = argparse.ArgumentParser(description="Fit confidence on collections whose answers are known.")
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--reader", default=Settings().reader)
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args()
    try:
        settings = Settings(model=options.model, reader=options.reader)
        cases, scale = gather(options.collections, settings, print_progress)
    except DossierError as error:
        parser.exit(1, f"{error}\n")
    fitted = calibrations(cases, scale, options.model)
    write(options.output, fitted)
    print(json.dumps(fitted, indent=1))  # noqa: T201  # what it was run for


if __name__ == "__main__":
    main()
