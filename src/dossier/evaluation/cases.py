"""Cases: the questions of collections are asked, and what became of each is kept to calibrate by.

Half of each collection's documents are withheld: what is asked about those has no answer, though it is on the subject.
What is asked about the other collections is off the subject.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from dossier.answering.confidence import read_signs
from dossier.answering.scale import COSINES, Scale
from dossier.answers import Hit
from dossier.dossier import Dossier, build
from dossier.errors import InputError
from dossier.evaluation.anchoring import measure_scale
from dossier.evaluation.collection import CORPUS, read_queries, write_documents
from dossier.evaluation.lines import json_lines
from dossier.reports import Progress
from dossier.settings import Settings

SEED = 20_261_121
# So many questions of each kind are asked of a collection at most.
ANSWERABLE, UNANSWERABLE = 300, 150


@dataclass(frozen=True)
class Case:
    """A question that was asked: the signs of what was found, and whether the evidence was among it.

    ``kind`` is ``answerable``, ``near`` (written to mislead), ``absent`` (its document was withheld) or ``far``,
    ``model`` the digest of the model's weights, and ``reader`` that of the reader, empty where none has read.
    """

    model: str
    reader: str
    collection: str
    kind: str
    question: str
    right: bool
    signs: dict[str, float] = field(hash=False)


def gather(
    collections: Sequence[Path], settings: Settings, progress: Callable[[Progress], None]
) -> tuple[list[Case], Scale]:
    """What becomes of the questions of each collection, asked of half of its documents, and of the others' there.

    With it comes the mean of the scales of the model on their documents.
    """
    found = [_ask_all(path, collections, settings, progress) for path in collections]
    return [case for cases, _ in found for case in cases], _mean([scale for _, scale in found])


def _mean(scales: Sequence[Scale]) -> Scale:
    there, absent = (
        {name: round(fmean(getattr(scale, anchor)[name] for scale in scales), 4) for name in COSINES}
        for anchor in ("there", "absent")
    )
    return Scale(scales[0].model, there, absent)


def _ask_all(
    path: Path, collections: Sequence[Path], settings: Settings, progress: Callable[[Progress], None]
) -> tuple[list[Case], Scale]:
    chance = random.Random(SEED)  # noqa: S311  # a sample that can be drawn again, no secret
    names = [line.text("_id") for line in json_lines(path / CORPUS)]
    withheld = set(chance.sample(names, len(names) // 2))
    queries = read_queries(path)
    asked = [("answerable", query.text, query.judged.keys() - withheld, query.id) for query in queries]
    here = [one for one in asked if one[2]]
    absent = [("absent", *one[1:]) for one in asked if not one[2]]
    near = [
        ("near", line.text("text"), set[str](), "")
        for line in _lines(path / "unanswerable.jsonl")
        if line.text("near") not in withheld
    ]
    far = [
        ("far", query.text, set[str](), "") for other in collections if other != path for query in read_queries(other)
    ]
    answers = {line.text("_id"): line.text("answer") for line in _lines(path / "answers.jsonl")}
    cases = []
    with tempfile.TemporaryDirectory(prefix="dossier-") as place:
        folder, index = Path(place, "documents"), Path(place, "index")
        folder.mkdir()
        files = write_documents(path, folder)
        for name in withheld:
            (folder / files[name]).unlink() if files[name] else None
        build(folder, index, settings=settings, progress=progress)
        opened = Dossier.open(index)
    for kind, question, documents, name in (
        *_some(chance, here, ANSWERABLE),
        *(one for group in (absent, near, far) for one in _some(chance, group, UNANSWERABLE)),
    ):
        try:
            hits = opened.search(question)
        except InputError:  # too long for the model
            continue
        held = {files[one] for one in documents & files.keys()}
        right = kind == "answerable" and _held(hits, held, opened.index.duplicates_of, answers.get(name, ""))
        if hits:
            signs = read_signs(question, hits, opened.index)
            reader = opened.reader.digest if opened.reader and hits[0].reading else ""
            cases.append(Case(opened.embedder.digest, reader, path.name, kind, question, right, signs))
    return cases, measure_scale(opened, chance)


def _lines(path: Path) -> list[Any]:
    return list(json_lines(path)) if path.exists() else []


def _some(chance: random.Random, group: list[Any], most: int) -> list[Any]:
    return chance.sample(group, min(most, len(group)))


def _held(hits: Sequence[Hit], files: set[str], duplicates: Mapping[str, Sequence[str]], answer: str) -> bool:
    """Whether a hit from one of some files, or their like, holds the answer, which is empty where it is not known."""
    wanted = " ".join(answer.casefold().split())
    return any(
        not files.isdisjoint((hit.passage.path, *duplicates.get(hit.passage.path, ())))
        and wanted in " ".join(hit.passage.text.casefold().split())
        for hit in hits
    )
