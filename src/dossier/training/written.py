"""Written: questions made for this training, most of them near misses that their passages do not answer.

Collections of questions hold hardly any that look as if a passage answered them and that it does not, so some were
written on passages of those collections by a language model, which had read them one by one: four that a passage does
not answer and two, in the same manner, that it does; on these and other passages, twins, of which one is answered and
the other, changed as little as can be, is not; and twins that are reworded, in words far from the passage's, as people
ask who have not read it. Some passages were composed too, of kinds of prose that the collections lack: minutes,
reports, letters, interviews, rules. They come along in ``written.jsonl.gz``; of the others only the questions do, and
their passages are known by their digests and come from the collections.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dossier.training.examples import Question

SHIPPED = Path(__file__).with_suffix(".jsonl.gz")
ALONE, TWINS, REWORDED, COMPOSED = "written", "twins", "reworded", "composed"
# So many digits tell one passage from all others.
DIGITS = 16


def written(passages: Iterable[str]) -> list[Question]:
    """The questions that were written on those of some passages for which there are any, in the order of the file."""
    known = {digest(passage): passage for passage in passages}
    return [
        question
        for line in _lines()
        if line.get("passage") in known
        for question in _asked(line, known[line["passage"]])
    ]


def composed() -> list[Question]:
    """The questions on the passages that were composed too, in the order of the file."""
    return [question for line in _lines() if "text" in line for question in _asked(line, line["text"])]


def _lines() -> list[Any]:
    with gzip.open(SHIPPED, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _asked(line: Mapping[str, Any], passage: str) -> Iterator[Question]:
    """The questions of a line, on its passage."""
    for text, answer, *twin in line["questions"]:
        source = line.get("source") or (TWINS if twin else ALONE)
        yield Question(source, text, passage, (tuple(answer),) if answer else (), *twin)


def digest(passage: str) -> str:
    """By what a passage is known."""
    return hashlib.sha256(passage.encode()).hexdigest()[:DIGITS]
