"""Written: questions made for this training, most of them near misses that their passages do not answer.

Collections of questions hold hardly any that look as if a passage answered them and that it does not, so some were
written on passages of those collections by a language model, which had read them one by one: four that a passage does
not answer and two, in the same manner, that it does; on these and other passages, twins, of which one is answered and
the other, changed as little as can be, is not; and twins that are reworded, in words far from the passage's, as people
ask who have not read it. Only the questions come along, in ``written.jsonl.gz``; their passages are known by their
digests and come from the collections.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dossier.training.examples import Question

SHIPPED = Path(__file__).with_suffix(".jsonl.gz")
ALONE, TWINS, REWORDED = "written", "twins", "reworded"
# So many digits tell one passage from all others.
DIGITS = 16


def written(passages: Iterable[str]) -> list[Question]:
    """The questions that were written on those of some passages for which there are any, in the order of the file."""
    known = {digest(passage): passage for passage in passages}
    with gzip.open(SHIPPED, "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return [
        Question(_source(line, *twin), text, known[line["passage"]], (tuple(answer),) if answer else (), *twin)
        for line in lines
        if line["passage"] in known
        for text, answer, *twin in line["questions"]
    ]


def _source(line: Mapping[str, Any], twin: str = "") -> str:
    return line.get("source") or (TWINS if twin else ALONE)


def digest(passage: str) -> str:
    """By what a passage is known."""
    return hashlib.sha256(passage.encode()).hexdigest()[:DIGITS]
