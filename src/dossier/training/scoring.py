"""Scoring: how well a reader reads questions whose answers are known, some of which have none.

``python -m dossier.training.scoring questions.jsonl.gz [--reader NAME]`` prints, as JSON, the measures of SQuAD 2.0
(Rajpurkar, Jia, Liang 2018): exact matches and F1 of words, for the questions with an answer and for all; and the AUROC
of telling the two apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dossier.answering.reader import Reader, load_reader
from dossier.answers import Reading
from dossier.errors import InputError
from dossier.settings import SHIPPED_READER
from dossier.training.examples import Question, read_questions

ARTICLES = re.compile(r"\b(?:a|an|the)\b")
SIGNS = re.compile(r"[^\w\s]|_")
# So many pairs are read together.
TOGETHER = 512


def score(reader: Reader, questions: Sequence[Question]) -> dict[str, float | int]:
    """The measures, from 0 to 1, of a reader; ``at`` is the probability from which it was taken to answer.

    That is ½, and for what is called ``best`` the one that gives the highest F1 on all, as SQuAD's own script does.
    Raises `InputError` where there is no question with an answer, or none without.
    """
    if len({bool(question.answers) for question in questions}) < len((True, False)):
        raise InputError("Give questions of which some have an answer and some have none.")
    readings = [
        reading
        for first in range(0, len(questions), TOGETHER)
        for reading in reader.read([(one.text, one.passage) for one in questions[first : first + TOGETHER]])
    ]
    matched = np.array([_matched(*pair) for pair in zip(questions, readings, strict=True)])
    exact = np.array([_exact(*pair) for pair in zip(questions, readings, strict=True)])
    said = np.array([reading.probability for reading in readings])
    there = np.array([bool(question.answers) for question in questions])
    thresholds = np.unique(np.round(said, 3))
    overall = [float(np.where(said >= at, matched * there, ~there).mean()) for at in thresholds]
    return {
        "questions": len(questions),
        "with_answer": int(there.sum()),
        "f1_with_answer": round(float(matched[there].mean()), 4),
        "exact_with_answer": round(float(exact[there].mean()), 4),
        "f1_all": round(float(np.where(said >= 0.5, matched * there, ~there).mean()), 4),
        "f1_all_best": round(max(overall), 4),
        "best_at": float(thresholds[int(np.argmax(overall))]),
        "auroc": round(auroc(said[there], said[~there]), 4),
    }


def auroc(there: np.ndarray, absent: np.ndarray) -> float:
    """The probability that one of the first is higher than one of the second; not a number where one has none."""
    if not len(there) or not len(absent):
        return float("nan")
    order = np.sort(absent)
    below, up_to = np.searchsorted(order, there, "left"), np.searchsorted(order, there, "right")
    return float((below + up_to).mean() / 2 / len(absent))


def plain(text: str) -> list[str]:
    """The words of an answer as they are compared: small, without signs and articles."""
    return ARTICLES.sub(" ", SIGNS.sub("", text.lower())).split()


def _matched(question: Question, reading: Reading) -> float:
    """The F1 of the words of a reading's span and the nearest right answer."""
    said = Counter(plain(_said(question, reading)))
    best = 0.0
    for start, end in question.answers:
        right = Counter(plain(question.passage[start:end]))
        shared = (said & right).total()
        best = max(best, 2 * shared / (said.total() + right.total()) if shared else 0.0)
    return best


def _exact(question: Question, reading: Reading) -> bool:
    said = plain(_said(question, reading))
    return any(said == plain(question.passage[start:end]) for start, end in question.answers)


def _said(question: Question, reading: Reading) -> str:
    return question.passage[slice(*reading.span)] if reading.span else ""


def main() -> None:
    """Score as the command line says."""
    parser = argparse.ArgumentParser(description="Score a reader on questions whose answers are known.")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--reader", default=SHIPPED_READER)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    questions = list(read_questions(options.questions))[: options.limit]
    sys.stdout.write(json.dumps(score(load_reader(options.reader), questions), indent=1) + "\n")


if __name__ == "__main__":
    main()
