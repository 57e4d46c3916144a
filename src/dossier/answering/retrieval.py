"""Retrieval: a question becomes Hits.

Both rankings propose passages, every grain has its say on all that are proposed, and the best are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import get_args

import numpy as np

from dossier.answering.asking import Asked
from dossier.answering.fusion import Evidence, SentenceEvidence, reciprocal_ranks
from dossier.answering.quoting import best_sentence, within
from dossier.answering.reader import Reader
from dossier.answering.scope import EVERYWHERE, Scope
from dossier.answers import Hit, Reading, Way
from dossier.errors import InputError
from dossier.indexing.embedding import Embedder
from dossier.indexing.index import Index
from dossier.indexing.ranking import Ranking, Rows, Scores
from dossier.records import Passage, Span
from dossier.stages import stage

# Each ranking proposes so many passages, or more where more are wanted.
CANDIDATES = 64
# Up to so many passages one is made after the other; beyond, it takes less to make one in a thread of its own.
MOST_IN_TURN = 100_000
# So many of those proposed, or more where more are wanted, are looked at token by token.
REREAD = 40
# Passages are compared with so many of the best; it is they that lend a question words it lacks.
COMPANY = 3
# A reader reads so many of the best passages.
READ = 10
NOTHING: Rows = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Shortlist:
    """The passages that may answer a question: their rows, what every grain says of them and of their sentences.

    ``readings`` are what was read in some, by their rows.
    """

    asked: Asked
    rows: Rows
    evidence: Evidence
    sentences: SentenceEvidence
    readings: dict[int, Reading] = field(default_factory=dict, hash=False)


def retrieve(
    index: Index,
    embedder: Embedder,
    question: str,
    k: int,
    *,
    reader: Reader | None = None,
    scope: Scope = EVERYWHERE,
    way: Way = "fused",
) -> list[Hit]:
    """The ``k`` best passages for a question, best first; fewer where there are not as many that differ.

    ``scope`` limits the search, and so do words in double quotes, which must occur. No two hits overlap or say the
    same: a passage whose best sentence has been shown is left out, and one that repeats another's sentences is shown
    without them. Raises `InputError` where the scope names a document that is not there.
    """
    if reader is None or way != "fused":
        return choose(index, shortlist(index, embedder, question, k, scope=scope, way=way), k, way)
    reader.prepare(question)
    return choose(index, read(index, reader, shortlist(index, embedder, question, k, scope=scope)), k)


def retrieve_each(
    index: Index, embedder: Embedder, questions: Sequence[str], k: int, *, reader: Reader | None, scope: Scope
) -> list[list[Hit]]:
    """The same of several questions, in their order; they go through the models together, which takes less time."""
    if reader is not None:
        for question in questions:
            reader.prepare(question)
    with stage("embed"):
        asked = Asked.of_each(index, embedder, questions)
    found = [_shortlist(index, one, k, scope, "fused") for one in asked]
    if reader is not None:
        found = read_each(index, reader, found)
    return [choose(index, one, k) for one in found]


def shortlist(
    index: Index, embedder: Embedder, question: str, k: int, *, scope: Scope = EVERYWHERE, way: Way = "fused"
) -> Shortlist:
    """The passages among which the ``k`` best are; see `retrieve`."""
    with stage("embed"):
        asked = Asked.of(index, embedder, question)
    return _shortlist(index, asked, k, scope, way)


def _shortlist(index: Index, asked: Asked, k: int, scope: Scope, way: Way) -> Shortlist:
    """The same of a question that has been embedded."""
    with stage("rank"):
        among = scope.rows(index, asked.text)
        wanted = max(CANDIDATES, 4 * k)
        rows = np.union1d(*(ranking.rows for ranking in _rankings(index, asked, wanted, among)))
    with stage("weigh"):
        return _weighed(index, asked, rows, max(REREAD, 2 * k) if way == "fused" else len(rows))


def _rankings(index: Index, asked: Asked, n: int, among: Rows | None) -> tuple[Ranking, Ranking]:
    """The ``n`` passages that are nearest to a question, and those that share most with it, of all or some rows."""
    if len(index.passages) <= MOST_IN_TURN:
        return index.dense.rank(asked.vector, n, among), index.lexical.rank(asked.text, n, among)
    with ThreadPoolExecutor(1) as beside:
        near = beside.submit(index.dense.rank, asked.vector, n, among)
        alike = index.lexical.rank(asked.text, n, among)
        return near.result(), alike


def read(index: Index, reader: Reader, found: Shortlist) -> Shortlist:
    """The same, after a reader has read the best of them; it says nothing of the others."""
    return read_each(index, reader, [found])[0]


def read_each(index: Index, reader: Reader, found: Sequence[Shortlist]) -> list[Shortlist]:
    """The same of several, read together; those whose question is none for the reader stay as they are."""
    best = [
        np.argsort(-one.evidence.scores(), kind="stable")[:READ] if reader.can_read(one.asked.text) else NOTHING
        for one in found
    ]
    if not any(map(len, best)):
        return list(found)
    with stage("read"):
        passages = [[index.passages[row] for row in one.rows[rows]] for one, rows in zip(found, best, strict=True)]
        pairs = [(one.asked.text, each.text) for one, own in zip(found, passages, strict=True) for each in own]
        said = iter([reading for _, reading in zip(pairs, reader.read(pairs), strict=True)])
    return [
        _with_readings(one, rows, [_placed(each, next(said)) for each in own])
        for one, rows, own in zip(found, best, passages, strict=True)
    ]


def choose(index: Index, found: Shortlist, k: int, way: Way = "fused") -> list[Hit]:
    """The ``k`` best as hits; see `retrieve`."""
    scores = _scores(found.evidence, way)
    hits: list[Hit] = []
    said: set[str] = set()
    for place in np.argsort(-scores, kind="stable"):
        if len(hits) == k:
            break
        row = int(found.rows[place])
        passage, reading = index.passages[row], found.readings.get(row)
        shares = index.lexical.shares(found.asked.text, [passage.slice(span) for span in passage.sentences])
        sentence = best_sentence(passage, shares, found.sentences, int(place), reading)
        words = " ".join(passage.slice(sentence).casefold().split())
        fresh = _unshown(passage, sentence, [hit.passage for hit in hits])
        if fresh and words not in said:
            said.add(words)
            shown = passage.narrowed(fresh)
            shared = index.lexical.shared(found.asked.text, map(shown.slice, shown.sentences))
            parts = found.evidence.explain(int(place))
            hits.append(Hit(shown, float(scores[place]), sentence, parts, shared, within(sentence, reading)))
    return hits


def _weighed(index: Index, asked: Asked, rows: Rows, wanted: int) -> Shortlist:
    """The best ``wanted`` of some rows, in order, and what every grain says of their passages.

    Token vectors are read, and company is sought, for these alone.
    """
    firsts, lasts = index.sentences.runs(rows)
    index.sentences.expect(firsts, lasts)
    if index.tokens is not None and asked.tokens is not None:
        index.tokens.expect(firsts, lasts)
    nearest, of_each = index.sentences.similarities(asked.vector, firsts, lasts)
    evidence = Evidence(index.dense.scores(asked.vector, rows), nearest, index.lexical.scores(asked.text, rows))
    sentences = SentenceEvidence.of(of_each, lasts - firsts)
    kept = np.sort(np.argsort(-evidence.scores(), kind="stable")[:wanted])
    rows, evidence, sentences = rows[kept], evidence.among(kept), sentences.among(kept)
    if index.tokens is not None and asked.tokens is not None:
        whole, of_each = index.tokens.similarities(asked.tokens, asked.weights, firsts[kept], lasts[kept])
        evidence, sentences = replace(evidence, tokens=whole), replace(sentences, tokens=of_each)
    best = rows[np.argsort(-evidence.scores(), kind="stable")[:COMPANY]]
    if len(best):
        evidence = replace(evidence, company=index.dense.scores(index.dense.centre(best), rows))
    return Shortlist(asked, rows, evidence, sentences)


def _with_readings(found: Shortlist, best: Rows, said: Sequence[Reading]) -> Shortlist:
    """What was found, with what was said of the best of it, if anything was."""
    if not said:
        return found
    probabilities = np.zeros(len(found.rows), np.float32)
    probabilities[best] = [one.probability for one in said]
    readings = dict(zip(found.rows[best].tolist(), said, strict=True))
    return replace(found, evidence=replace(found.evidence, reader=probabilities), readings=readings)


def _placed(passage: Passage, reading: Reading) -> Reading:
    """What was said of a passage's text as what is said of its document."""
    if reading.span is None:
        return reading
    start, end = reading.span
    return replace(reading, span=(passage.start + start, passage.start + end))


def _scores(evidence: Evidence, way: Way) -> Scores:
    """The scores by which passages are ordered."""
    if way == "dense":
        return evidence.passage
    if way == "lexical":
        return evidence.words
    if way == "rrf":
        return reciprocal_ranks(evidence.passage, evidence.words)
    if way == "fused":
        return evidence.scores()
    raise InputError(f"There is no way {way!r} to search. Give one of: {', '.join(get_args(Way))}.")


def _unshown(passage: Passage, sentence: Span, shown: list[Passage]) -> tuple[Span, ...]:
    """The run of sentences around one of a passage's that no other passage shows yet; empty if that one is shown."""
    others = [other for other in shown if other.path == passage.path]

    def free(span: Span) -> bool:
        return not any(span[0] < other.end and other.start < span[1] for other in others)

    if not free(sentence):
        return ()
    at = passage.sentences.index(sentence)
    before = takewhile(free, reversed(passage.sentences[:at]))
    after = takewhile(free, passage.sentences[at + 1 :])
    return (*reversed(tuple(before)), sentence, *after)
