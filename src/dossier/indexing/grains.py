"""Grains: what is kept of each passage to find it by; what is known of a text already is not computed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from dossier.indexing.context import passage_contexts
from dossier.indexing.embedding import Embedder
from dossier.indexing.index import Index
from dossier.indexing.journal import Content, Grains, Journal
from dossier.indexing.tokens import Codes, Projection
from dossier.records import Passage, Progress, Span

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
    known: dict[Content, Grains] = {}
    if previous is not None:
        before = previous.dense.vectors()
        earlier = passage_contexts(previous.passages, previous.documents, embedder)
        for row, content in enumerate(map(_content, previous.passages, earlier)):
            first, last = previous.sentences.runs(np.array([row]))
            run = range(int(first[0]), int(last[0]))
            kept = [previous.tokens.of_sentence(place) for place in run] if previous.tokens is not None else []
            known[content] = Grains(before[row], previous.sentences.of_passage(row), kept)
    contents = list(map(_content, passages, contexts))
    known.update(journal.recall([content for content in contents if content not in known]))
    missing = [content for content in dict.fromkeys(contents) if content not in known]
    for done in range(0, len(missing), BATCH):
        report(Progress("embedding", done, len(missing)))
        batch = missing[done : done + BATCH]
        embedded = embedder.embed_passages(*_texts(batch))
        borders = np.cumsum([len(sentences) for _, _, sentences in batch])[:-1]
        parts = np.split(embedded.sentences, borders)
        codes: list[Codes] = []
        if projection is not None and embedded.tokens is not None:
            codes = [projection.encode(tokens) for tokens in embedded.tokens]
        own = [codes[begin:end] for begin, end in pairwise([0, *borders, len(codes)])]
        made = dict(zip(batch, map(Grains, embedded.passages, parts, own), strict=True))
        journal.keep(made)
        known.update(made)
    report(Progress("embedding", len(missing), len(missing)))
    return [known[content] for content in contents], len(missing)


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
