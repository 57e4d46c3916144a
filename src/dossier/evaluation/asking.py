"""Asking: each question is put to a Dossier, and what it finds is held against what is known."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from dossier.answers import Answer, Hit, Way
from dossier.dossier import Dossier
from dossier.errors import InputError
from dossier.evaluation.collection import Query
from dossier.evaluation.gold import Dialogue, Question, Quote, holds, marks, plain
from dossier.evaluation.metrics import ndcg, recall, reciprocal
from dossier.reports import Progress

OURS: Way = "fused"

# So many passages are looked at for a gold question, and so many for the documents of a collection.
DEPTH = 10
PASSAGES_FOR_DOCUMENTS = 50
SHOWN = 5
WORD = re.compile(r"\w+")
# A reader who stops after so many words has read passages in their order, the last one in part.
ENOUGH_WORDS = 600

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What became of one question.

    ``rank`` is the place of the first passage or document that is right, from 1, None where none was found.
    ``milliseconds`` is what a person would have waited for. ``confidence`` and ``found`` are those of the answer, None
    where only passages were searched. ``scores`` are the measures that apply to the question, by name.
    """

    id: str
    question: str
    type: str
    answerable: bool
    rank: int | None
    milliseconds: float
    confidence: float | None
    found: bool | None
    scores: dict[str, float] = field(hash=False)


@dataclass(frozen=True)
class Note:
    """What kept a question, or a part of it, from being scored."""

    id: str
    reason: str


class Named(Protocol):
    """What is asked, and can be named where it can't be."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=Named)


def ask_each(
    items: Sequence[Item],
    ask: Callable[[Item], list[Outcome]],
    stage: str,
    progress: Callable[[Progress], None],
) -> tuple[list[Outcome], list[Note]]:
    """The outcomes of asking each item, in order, and a note on each that can't be asked as it is."""
    outcomes: list[Outcome] = []
    notes: list[Note] = []
    for done, item in enumerate(items):
        progress(Progress(stage, done, len(items)))
        try:
            outcomes += ask(item)
        except InputError as error:
            notes.append(Note(item.id, f"it can't be asked: {error}"))
    progress(Progress(stage, len(items), len(items)))
    return outcomes, notes


def standing(dossier: Dossier, questions: Sequence[Question]) -> tuple[list[Question], list[Note]]:
    """The questions that can be scored on an index, with those of their quotes that stand in it; a note on others."""
    kept: list[Question] = []
    notes: list[Note] = []
    for question in questions:
        reasons = {quote: _absence(dossier, quote) for quote in question.acceptable}
        notes += [Note(question.id, reason) for reason in reasons.values() if reason]
        there = replace(
            question,
            evidence=tuple(quote for quote in question.evidence if not reasons[quote]),
            also=tuple(quote for quote in question.also if not reasons[quote]),
        )
        if there.acceptable or not question.answerable:
            kept.append(there)
    return kept, notes


def ask_question(dossier: Dossier, question: Question) -> list[Outcome]:
    """The outcome of a gold question: the answer a person gets, and the ranking behind it."""
    answer, milliseconds = _timed(partial(dossier.ask, question.text))
    hits = dossier.search(question.text, k=DEPTH) if question.answerable else []
    return [_outcome(question, hits, milliseconds, answer)]


def search_question(dossier: Dossier, question: Question, way: Way) -> list[Outcome]:
    """The outcome of a gold question whose passages are searched in one way."""
    hits, milliseconds = _timed(partial(dossier.search, question.text, k=DEPTH, way=way))
    return [_outcome(question, hits, milliseconds)]


def ask_dialogue(dossier: Dossier, dialogue: Dialogue, scored: Mapping[str, Question]) -> list[Outcome]:
    """The outcomes of the turns that can be scored; each turn is asked with the answers before it as history.

    A later turn is asked once more in full, which shows what leaning on its history has cost.
    """
    outcomes: list[Outcome] = []
    history: list[Answer] = []
    for turn in dialogue.turns:
        ask = partial(dossier.ask, turn.question.text, k=DEPTH, history=tuple(history))
        answer, milliseconds = _timed(ask)
        if turn.question.id in scored:
            outcomes.append(_outcome(scored[turn.question.id], answer.hits, milliseconds, answer))
        if history and turn.in_full.id in scored:
            whole, milliseconds = _timed(partial(dossier.ask, turn.in_full.text, k=DEPTH))
            outcomes.append(_outcome(scored[turn.in_full.id], whole.hits, milliseconds, whole))
        history.append(answer)
    return outcomes


def search_query(dossier: Dossier, query: Query, id_of: Mapping[str, str], way: Way) -> list[Outcome]:
    """The outcome of a collection's question; documents rank by their best passage, duplicates with their original."""
    hits, milliseconds = _timed(partial(dossier.search, query.text, k=PASSAGES_FOR_DOCUMENTS, way=way))
    named = dossier.index.duplicates_of
    paths = (path for hit in hits for path in (hit.passage.path, *named.get(hit.passage.path, ())))
    ranking = list(dict.fromkeys(id_of[path] for path in paths))
    rank = next((place for place, document in enumerate(ranking, start=1) if document in query.judged), None)
    scores = _rank_scores(rank) | {
        "nDCG@10": ndcg(ranking, query.judged, DEPTH),
        "recall@10": recall(ranking, query.judged, DEPTH),
    }
    return [Outcome(query.id, query.text, "question", True, rank, milliseconds, None, None, scores)]


def _outcome(question: Question, hits: Sequence[Hit], milliseconds: float, answer: Answer | None = None) -> Outcome:
    rank, scores = _judged(question, hits) if question.answerable else (None, {})
    if question.answerable and answer is not None and answer.short:
        short = _words(answer.short[0].text)
        scores["short"] = float(any(short in _words(quote.text) for quote in question.acceptable))
    return Outcome(
        id=question.id,
        question=question.text,
        type=question.type,
        answerable=question.answerable,
        rank=rank,
        milliseconds=milliseconds,
        confidence=answer.confidence if answer is not None else None,
        found=answer.found if answer is not None else None,
        scores=scores,
    )


def _words(text: str) -> str:
    """The words of a text, each between spaces."""
    return f" {' '.join(WORD.findall(plain(text).casefold()))} "


def _judged(question: Question, hits: Sequence[Hit]) -> tuple[int | None, dict[str, float]]:
    """The rank of the first right passage, and every measure that applies."""
    right = [any(holds(hit.passage, quote) for quote in question.acceptable) for hit in hits]
    rank = right.index(True) + 1 if any(right) else None
    read = _first_words(hits, ENOUGH_WORDS)
    scores = _rank_scores(rank) | {
        "hit@600w": float(any(holds(hit.passage, quote) for hit in read for quote in question.acceptable)),
        "words@5": float(sum(len(hit.passage.text.split()) for hit in hits[:SHOWN])),
    }
    if rank is not None:
        scores["marked"] = float(any(marks(hits[rank - 1], quote) for quote in question.acceptable))
    if question.type == "multi" and question.evidence:
        held = [any(holds(hit.passage, quote) for hit in hits[:SHOWN]) for quote in question.evidence]
        scores["evidence@5"] = sum(held) / len(held)
    return rank, scores


def _rank_scores(rank: int | None) -> dict[str, float]:
    hits = {f"hit@{k}": float(rank is not None and rank <= k) for k in (1, 3, 5)}
    return hits | {"MRR@10": reciprocal(rank, 10)}


def _first_words(hits: Sequence[Hit], words: int) -> list[Hit]:
    """The hits that hold the first so many words of all of them, the last one cut there."""
    read: list[Hit] = []
    for hit in hits:
        shown = hit.passage.text.split()[:words]
        if shown:
            read.append(replace(hit, passage=replace(hit.passage, text=" ".join(shown))))
        words -= len(shown)
    return read


def _absence(dossier: Dossier, quote: Quote) -> str:
    """Why a quote can't be found in the documents; empty if it can."""
    document = dossier.index.document_of.get(quote.file)
    if document is None:
        return f"{quote.file!r} is not in the index"
    return "" if plain(quote.text) in plain(document.text) else f"{quote.file!r} does not hold “{quote.text}”"


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    """What a call returns, and how many milliseconds it took."""
    begun = time.perf_counter()
    value = call()
    return value, 1000 * (time.perf_counter() - begun)
