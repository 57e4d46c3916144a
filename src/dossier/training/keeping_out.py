"""Keeping out: the passages that are not learnt from become a collection, to calibrate confidence by.

``python -m dossier.training.keeping_out train.jsonl.gz --output FOLDER`` writes them in the layout of BEIR, with the
questions that were `written` on them: those that have an answer, and in ``unanswerable.jsonl`` their near misses.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dossier.training.examples import Question, read_questions
from dossier.training.written import COMPOSED, composed, written


def keep_out(questions: Iterable[Question], folder: Path) -> dict[str, int]:
    """Write the collection of those passages of some questions that are kept out; how many lines each file has.

    Of the questions themselves only those on composed passages come in, beside all that were written on the others.
    """
    kept = [question for question in questions if question.kept_out]
    ids = {text: f"p{number}" for number, text in enumerate(sorted({question.passage for question in kept}))}
    own = [*written(ids), *(question for question in kept if question.source == COMPOSED)]
    asked = {f"q{number}": question for number, question in enumerate(one for one in own if one.answers)}
    near = [(one.twin, one) for one in own if one.twin] + [(one.text, one) for one in own if not one.answers]
    files: dict[str, list[dict[str, Any]]] = {
        "corpus.jsonl": [{"_id": name, "title": "", "text": text} for text, name in ids.items()],
        "queries.jsonl": [{"_id": name, "text": one.text} for name, one in asked.items()],
        "answers.jsonl": [{"_id": name, "answer": _answer(one)} for name, one in asked.items()],
        "unanswerable.jsonl": [
            {"_id": f"n{number}", "text": text, "near": ids[one.passage]} for number, (text, one) in enumerate(near)
        ],
    }
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        _write(folder / name, [json.dumps(line, ensure_ascii=False) for line in lines])
    judged = [f"{name}\t{ids[one.passage]}\t1" for name, one in asked.items()]
    _write(folder / "qrels" / "test.tsv", ["query-id\tcorpus-id\tscore", *judged])
    return {name: len(lines) for name, lines in files.items()}


def _answer(question: Question) -> str:
    start, end = question.answers[0]
    return question.passage[start:end]


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def main() -> None:
    """Keep out as the command line says."""
    parser = argparse.ArgumentParser(description="Make a collection of what the reader does not learn from.")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    counts = keep_out([*read_questions(options.questions), *composed()], options.output)
    sys.stdout.write("".join(f"{name}: {count}\n" for name, count in counts.items()))


if __name__ == "__main__":
    main()
