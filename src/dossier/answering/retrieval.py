"""Retrieval: a question becomes Hits.

Both rankings propose passages, all that are proposed are scored both ways, and the best are kept.
"""

from __future__ import annotations

from itertools import takewhile

import numpy as np

from dossier.answering.fusion import fuse
from dossier.answering.quoting import best_sentence
from dossier.indexing.embedding import Embedder
from dossier.indexing.index import Index
from dossier.records import Hit, Passage, Span

# Each ranking proposes so many passages, or more where more are wanted.
CANDIDATES = 64


def retrieve(index: Index, embedder: Embedder, question: str, k: int) -> list[Hit]:
    """The ``k`` best passages for a question, best first; fewer where there are not as many that differ.

    A passage's cosine is the mean of its own and of its best sentence's. No two hits overlap or say the same: a
    passage whose best sentence has been shown is left out, and one that repeats another's sentences is shown without
    them.
    """
    vector = embedder.embed_question(question)
    wanted = max(CANDIDATES, 4 * k)
    proposed = index.dense.rank(vector, wanted).rows, index.lexical.rank(question, wanted).rows
    rows = np.unique(np.concatenate(proposed))
    cosines = np.float32(0.5) * (index.dense.scores(vector, rows) + index.sentences.best(vector, rows))
    scores = fuse(cosines, index.lexical.scores(question, rows))

    hits: list[Hit] = []
    said: set[str] = set()
    for place in np.argsort(-scores, kind="stable"):
        if len(hits) == k:
            break
        passage = index.passages[rows[place]]
        sentence = best_sentence(index, int(rows[place]), question, vector)
        words = " ".join(passage.slice(sentence).casefold().split())
        fresh = _unshown(passage, sentence, [hit.passage for hit in hits])
        if fresh and words not in said:
            said.add(words)
            hits.append(Hit(passage.narrowed(fresh), float(scores[place]), sentence))
    return hits


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
