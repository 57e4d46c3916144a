"""Grains: what is kept of each passage to find it by; what is known of a text already is not computed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from itertools import pairwise

import numpy as np

from dossier.indexing.context import passage_contexts
from dossier.indexing.embedding import Embedder
from dossier.indexing.index import Index
from dossier.indexing.journal import Content, Grains, Journal
from dossier.indexing.sentences import compact
from dossier.indexing.tokens import Codes, Projection
from dossier.records import Passage, Span
from dossier.reports import Progress

# Passages are embedded so many at a time, which is how often progress is told.
BATCH = 64

Report = Callable[[Progress], None]


def token_projection(previous: Index | None, embedder: Embedder, texts: Sequence[str]) -> Projection | None:
    """How the embedder's token vectors are made small, learnt on some texts; None where it gives none.

    The texts must be the same ones for all documents, so that an incremental build equals a fresh one.
    """
    if previous is not None:
        return previous.tokens.projection if previous.tokens is not None else None
    sample = embedder.embed_passages(texts, [[(0, len(text))] for text in texts]).tokens
    return Projection.of(np.concatenate(sample)) if sample is not None else None


def embed_missing(
    passages: Sequence[Passage],
    contexts: Sequence[str],
    previous: Index | None,
    embedder: Embedder,
    projection: Projection | None,
    journal: Journal,
    report: Report,
) -> tuple[list[Grains], int]:
    """What is kept of each passage, and how many distinct texts had to be embedded for it; the journal keeps those."""
    rows = {id(passage): row for row, passage in enumerate(previous.passages)} if previous is not None else {}
    # A document lends all of its passages or none, so one that is the very same has the same context too.
    taken = [rows.get(id(passage)) for passage in passages]
    contents = [
        _content(passage, context)
        for passage, context, row in zip(passages, contexts, taken, strict=True)
        if row is None
    ]
    known = _known(previous, embedder, {text for _, text, _ in contents})
    known.update(journal.recall([content for content in contents if content not in known]))
    missing = [content for content in dict.fromkeys(contents) if content not in known]
    for done in range(0, len(missing), BATCH):
        report(Progress("embedding", done, len(missing)))
        batch = missing[done : done + BATCH]
        embedded = embedder.embed_passages(*_texts(batch))
        borders = np.cumsum([len(sentences) for _, _, sentences in batch])[:-1]
        parts = np.split(compact(embedded.sentences), borders)
        codes: list[Codes] = []
        if projection is not None and embedded.tokens is not None:
            codes = [projection.encode(tokens) for tokens in embedded.tokens]
        own = [codes[begin:end] for begin, end in pairwise([0, *borders, len(codes)])]
        made = dict(zip(batch, map(Grains, embedded.passages, parts, own), strict=True))
        journal.keep(made)
        known.update(made)
    report(Progress("embedding", len(missing), len(missing)))
    lent = _Lender(previous) if previous is not None else None
    new = iter(contents)
    grains = [known[next(new)] if row is None or lent is None else lent.of(row) for row in taken]
    return grains, len(missing)


def _known(previous: Index | None, embedder: Embedder, texts: Set[str]) -> dict[Content, Grains]:
    """What the index before this one holds of some texts, whichever documents they stood in."""
    if previous is None:
        return {}
    paths = {passage.path for passage in previous.passages if passage.text in texts}
    rows = [row for row, passage in enumerate(previous.passages) if passage.path in paths]
    passages = [previous.passages[row] for row in rows]
    contexts = passage_contexts(passages, [previous.document_of[path] for path in paths], embedder)
    lender = _Lender(previous)
    contents = map(_content, passages, contexts)
    return {content: lender.of(row) for row, content in zip(rows, contents, strict=True)}


class _Lender:
    """An index that lends what it keeps of its passages."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._vectors = index.dense.vectors()
        self._firsts, self._lasts = (run.tolist() for run in index.sentences.runs(np.arange(len(index.passages))))

    def of(self, row: int) -> Grains:
        """What is kept of the passage of a row."""
        run, tokens = range(self._firsts[row], self._lasts[row]), self._index.tokens
        codes = [tokens.of_sentence(sentence) for sentence in run] if tokens is not None else []
        return Grains(self._vectors[row], self._index.sentences.compact(row), codes)


def _content(passage: Passage, context: str) -> Content:
    """What a passage's vectors depend on: its context, its text, and where its sentences are in it."""
    sentences = tuple((start - passage.start, end - passage.start) for start, end in passage.sentences)
    return context, passage.text, sentences


def _texts(contents: Sequence[Content]) -> tuple[list[str], list[list[Span]]]:
    """What is embedded: each passage after its context, and where its sentences are then."""
    spans = [
        [(start + len(context), end + len(context)) for start, end in sentences] for context, _, sentences in contents
    ]
    return [context + text for context, text, _ in contents], spans
