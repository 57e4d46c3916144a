"""Evaluating: a file of gold questions, of dialogues, or a collection becomes a Report, in one straight line each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from dossier.answers import Way
from dossier.dossier import Dossier, build
from dossier.errors import InputError
from dossier.evaluation.asking import (
    OURS,
    Note,
    Outcome,
    ask_dialogue,
    ask_each,
    ask_question,
    search_query,
    search_question,
    standing,
)
from dossier.evaluation.collection import Query, read_queries, write_documents
from dossier.evaluation.comparing import compare, read_ranks
from dossier.evaluation.gold import Question, holds_dialogues, read_dialogues, read_questions
from dossier.evaluation.judged import holds_judgments, read_judged
from dossier.evaluation.report import Kind, Report, Row, refusals, row, rows_by_type, slowest
from dossier.reports import Progress
from dossier.settings import Settings

WAYS: dict[Way, str] = {"dense": "dense", "lexical": "lexical", "rrf": "rank fusion", "fused": "ours"}

Watch = Callable[[Progress], None]


def evaluate(
    path: str | Path,
    *,
    index: str | Path = "index",
    settings: Settings | None = None,
    ways: bool = False,
    limit: int | None = None,
    other: str | Path | None = None,
    progress: Watch | None = None,
) -> Report:
    """How well questions are answered whose answers are known.

    ``path`` is a file of gold questions, of dialogues or of judged answers, which are put to an index, or the folder of
    a collection in BEIR's layout, whose documents are indexed for the occasion as ``settings`` say. ``ways`` searches
    in each way that there is, ``limit`` takes the first questions only, and ``other`` is a report, written as JSON, to
    compare with. Raises `InputError` where a file can't be used, with file and line, and what `Dossier.open` raises.
    """
    path, watch = Path(path), progress or (lambda _: None)
    if limit is not None and limit < 1:
        raise InputError(f"The limit is {limit}; it is a number of questions, 1 or more.")
    before = read_ranks(Path(other)) if other is not None else None
    if path.is_dir():
        report = _collection(path, settings or Settings(), ways, limit, watch)
    elif not path.exists():
        raise InputError(f"There is no {str(path)!r}. Give a file of gold questions, or a collection in BEIR's layout.")
    elif holds_judgments(path):
        questions, aside, counted = read_judged(path)
        report = _gold(path, Dossier.open(index), questions[:limit], aside, ways, watch)
        report = replace(report, counted=counted)
    elif not holds_dialogues(path):
        report = _gold(path, Dossier.open(index), read_questions(path)[:limit], [], ways, watch)
    elif ways:
        raise InputError("Dialogues are asked in one way only. Leave out --ways, or give gold questions.")
    else:
        report = _dialogues(path, Dossier.open(index), limit, watch)
    if other is None or before is None:
        return report
    return replace(report, comparison=compare(report.outcomes, Path(other), before))


def _gold(
    path: Path, dossier: Dossier, given: Sequence[Question], aside: Sequence[Note], ways: bool, watch: Watch
) -> Report:
    questions, absent = standing(dossier, given)
    _warm(dossier, watch)
    outcomes, notes = ask_each(questions, partial(ask_question, dossier), "asking", watch)
    answerable = [question for question in questions if question.answerable]
    rows = [
        row(name, ask_each(answerable, partial(search_question, dossier, way=way), f"asking {name}", watch)[0])
        for way, name in WAYS.items()
        if ways
    ]
    waited = row(WAYS[OURS], [outcome for outcome in outcomes if outcome.answerable]).milliseconds
    # What our own way has read a moment ago it remembers: the time is that of the first time.
    rows = [replace(one, milliseconds=waited) if one.name == WAYS[OURS] else one for one in rows]
    return _report("gold", path, dossier, outcomes, [*aside, *absent, *notes], rows)


def _dialogues(path: Path, dossier: Dossier, limit: int | None, watch: Watch) -> Report:
    dialogues = read_dialogues(path)[:limit]
    turns = [turn for dialogue in dialogues for turn in dialogue.turns]
    asked, absent = standing(dossier, [turn.question for turn in turns])
    in_full, _ = standing(dossier, [turn.in_full for turn in turns])
    scored = {question.id: question for question in (*asked, *in_full) if question.answerable}
    _warm(dossier, watch)
    outcomes, notes = ask_each(dialogues, partial(ask_dialogue, dossier, scored=scored), "asking", watch)
    return _report("dialogues", path, dossier, outcomes, [*absent, *notes], [])


def _collection(path: Path, settings: Settings, ways: bool, limit: int | None, watch: Watch) -> Report:
    queries = read_queries(path)[:limit]
    with tempfile.TemporaryDirectory(prefix="dossier-") as place:
        folder, index = Path(place, "documents"), Path(place, "index")
        folder.mkdir()
        names = write_documents(path, folder)
        unread = build(folder, index, settings=settings, progress=watch).skipped
        dossier = Dossier.open(index)
    id_of = {name: document for document, name in names.items() if name}
    scored, absent = _judgeable(queries, names)
    notes = [Note(id_of.get(file.path, file.path), f"the document can't be read: {file.reason}") for file in unread]
    _warm(dossier, watch)

    def search(way: Way) -> tuple[list[Outcome], list[Note]]:
        ask = partial(search_query, dossier, id_of=id_of, way=way)
        return ask_each(scored, ask, f"asking {WAYS[way]}", watch)

    outcomes, unasked = search(OURS)
    rows = [row(name, outcomes if way == OURS else search(way)[0]) for way, name in WAYS.items() if ways]
    return _report("collection", path, dossier, outcomes, [*notes, *absent, *unasked], rows)


def _judgeable(queries: Sequence[Query], names: dict[str, str]) -> tuple[list[Query], list[Note]]:
    """The questions that have a relevant document in the collection, and a note on each document that is not there."""
    kept: list[Query] = []
    notes: list[Note] = []
    for query in queries:
        there = {document: gain for document, gain in query.judged.items() if document in names}
        notes += [Note(query.id, f"the document {name!r} is not in the corpus") for name in query.judged.keys() - there]
        if there:
            kept.append(replace(query, judged=there))
        elif not query.judged:
            notes.append(Note(query.id, "no document was judged relevant to it"))
    return kept, notes


def _warm(dossier: Dossier, watch: Watch) -> None:
    """Ask once before time is taken, so that the first question does not wait for the model."""
    watch(Progress("loading the model", 0, 1))
    dossier.search("Is everything loaded?", k=1)


def _report(
    kind: Kind, path: Path, dossier: Dossier, outcomes: list[Outcome], notes: list[Note], ways: list[Row]
) -> Report:
    return Report(
        kind=kind,
        path=path,
        model=dossier.embedder.name,
        passages=len(dossier.index.passages),
        rows=rows_by_type(outcomes, whole=kind != "dialogues"),
        ways=tuple(ways),
        refusals=refusals(outcomes) if kind == "gold" else (),
        milliseconds=median([outcome.milliseconds for outcome in outcomes] or [0.0]),
        slowest=slowest(outcomes),
        notes=tuple(notes),
        comparison=None,
        outcomes=tuple(outcomes),
    )
