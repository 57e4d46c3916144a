"""Retrieval: a question becomes Hits.

Both rankings propose passages, every grain has its say on all that are proposed, and the best are kept.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import get_args

import numpy as np

from dossier.answering.asking import Asked
from dossier.answering.fusion import Evidence, reciprocal_ranks
from dossier.answering.quoting import best_sentence
from dossier.answering.reranking import Reranker
from dossier.answering.scope import EVERYWHERE, Scope
from dossier.answers import Hit, Way
from dossier.errors import InputError
from dossier.indexing.embedding import Embedder
from dossier.indexing.index import Index
from dossier.indexing.ranking import Rows, Scores
from dossier.records import Passage, Span
from dossier.stages import stage

# Each ranking proposes so many passages, or more where more are wanted.
CANDIDATES = 64
# So many of those proposed, or more where more are wanted, are looked at token by token.
REREAD = 40
# Passages are compared with so many of the best; it is they that lend a question words it lacks.
COMPANY = 3
# A reranker reads so many of the best passages.
RERANKED = 20


def retrieve(
    index: Index,
    embedder: Embedder,
    question: str,
    k: int,
    *,
    reranker: Reranker | None = None,
    scope: Scope = EVERYWHERE,
    way: Way = "fused",
) -> list[Hit]:
    """The ``k`` best passages for a question, best first; fewer where there are not as many that differ.

    ``scope`` limits the search, and so do words in double quotes, which must occur. No two hits overlap or say the
    same: a passage whose best sentence has been shown is left out, and one that repeats another's sentences is shown
    without them. Raises `InputError` where the scope names a document that is not there.
    """
    with stage("embed"):
        asked = Asked.of(index, embedder, question)
    with stage("rank"):
        among = scope.rows(index, question)
        wanted = max(CANDIDATES, 4 * k)
        proposed = index.dense.rank(asked.vector, wanted, among).rows, index.lexical.rank(question, wanted, among).rows
        rows = np.unique(np.concatenate(proposed))
    with stage("weigh"):
        rows, evidence = _weigh(index, asked, rows, max(REREAD, 2 * k) if way == "fused" else len(rows))
    if reranker is not None and way == "fused":
        with stage("rerank"):
            evidence = _reread(index, question, reranker, rows, evidence)
    scores = _scores(evidence, way)

    hits: list[Hit] = []
    said: set[str] = set()
    for place in np.argsort(-scores, kind="stable"):
        if len(hits) == k:
            break
        passage = index.passages[rows[place]]
        sentence = best_sentence(index, int(rows[place]), asked)
        words = " ".join(passage.slice(sentence).casefold().split())
        fresh = _unshown(passage, sentence, [hit.passage for hit in hits])
        if fresh and words not in said:
            said.add(words)
            shown = passage.narrowed(fresh)
            shared = index.lexical.shared(question, shown.text)
            hits.append(Hit(shown, float(scores[place]), sentence, evidence.explain(int(place)), shared))
    return hits


def _weigh(index: Index, asked: Asked, rows: Rows, wanted: int) -> tuple[Rows, Evidence]:
    """The best ``wanted`` of some rows, in order, and what every grain says of their passages.

    Token vectors are read, and company is sought, for these alone.
    """
    passage, sentence = index.dense.scores(asked.vector, rows), index.sentences.best(asked.vector, rows)
    first = Evidence(passage, sentence, index.lexical.scores(asked.text, rows))
    kept = np.sort(np.argsort(-first.scores(), kind="stable")[:wanted])
    rows, first = rows[kept], first.among(kept)
    if index.tokens is not None and asked.tokens is not None:
        tokens = index.tokens.similarities(asked.tokens, asked.weights, *index.sentences.runs(rows))
        first = replace(first, tokens=tokens)
    best = rows[np.argsort(-first.scores(), kind="stable")[:COMPANY]]
    if not len(best):
        return rows, first
    return rows, replace(first, company=index.dense.scores(index.dense.centre(best), rows))


def _reread(index: Index, question: str, reranker: Reranker, rows: Rows, evidence: Evidence) -> Evidence:
    """The evidence with what a reranker says of the best passages; it says nothing of the others."""
    best = np.argsort(-evidence.scores(), kind="stable")[:RERANKED]
    read = np.zeros(len(rows), np.float32)
    read[best] = reranker.scores(question, [index.passages[row].text for row in rows[best]])
    return replace(evidence, reranker=read)


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
