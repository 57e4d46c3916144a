"""Grains: what is kept of each passage to find it by; what is known of a text already is not computed again.

They are written row after row as they are made, so that a build takes little memory, however many passages there are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dossier.errors import ModelError
from dossier.indexing.columns import Column
from dossier.indexing.dense import VECTORS
from dossier.indexing.embedding import Embedder
from dossier.indexing.index import LAYOUT, Index
from dossier.indexing.journal import Content, Grains, Journal, key_of
from dossier.indexing.sentences import compact
from dossier.indexing.tokens import CODES, MATRIX, STARTS, STEPS, Codes, Projection
from dossier.records import Passage, Span
from dossier.reports import Progress

# Texts are embedded so many at a time, or when so many passages wait to be written.
BATCH, MOST_WAITING = 64, 1024

Report = Callable[[Progress], None]


def token_projection(previous: Index | None, embedder: Embedder, texts: Sequence[str]) -> Projection | None:
    """How the embedder's token vectors are made small, learnt on some texts; None where it gives none.

    The texts must be the same ones for all documents, so that an incremental build equals a fresh one.
    """
    if previous is not None:
        return previous.tokens.projection if previous.tokens is not None else None
    sample = embedder.embed_passages(texts, [[(0, len(text))] for text in texts]).tokens
    return Projection.of(np.concatenate(sample)) if sample is not None else None


class Titled(NamedTuple):
    """A passage and what is put before it; see `passage_contexts`."""

    passage: Passage
    context: str


def write_grains(
    folder: Path,
    titled: Iterable[Titled],
    count: int,
    previous: Index | None,
    embedder: Embedder,
    projection: Projection | None,
    journal: Journal,
    report: Report,
) -> int:
    """How many distinct texts had to be embedded for ``count`` passages, whose grains were written into a folder.

    The others were known from the index before this one, whichever documents they stood in, or from the journal, which
    keeps those that are made.
    """
    lent, embedded = _Lent(previous), 0
    waiting: list[tuple[bytes, Grains | None]] = []
    missing: dict[bytes, Content] = {}

    def write_waiting(written: _Written) -> None:
        report(Progress("embedding", len(written), count))
        made = dict(zip(missing, _embedded(list(missing.values()), embedder, projection), strict=True))
        if made:
            journal.keep(made)
        written.add([key for key, _ in waiting], [grains or made[key] for key, grains in waiting])
        waiting.clear()
        missing.clear()

    with ExitStack() as opened:
        written = _Written(folder, embedder.dim, projection, opened)
        for content in map(_content, titled):
            key = key_of(content)
            grains = written.of(key) or lent.of(key) or journal.recall(key)
            known = grains is not None and len(grains.sentences) == len(content[2])
            waiting.append((key, grains if known else None))
            if not known and key not in missing:
                missing[key] = content
                embedded += 1
            if len(missing) == BATCH or len(waiting) == MOST_WAITING:
                write_waiting(written)
        if waiting:
            write_waiting(written)
    report(Progress("embedding", count, count))
    return embedded


class _Lent:
    """What an index before this one lends of what it keeps."""

    def __init__(self, index: Index | None) -> None:
        self._index = index
        self._rows: dict[bytes, int] = {}
        if index is not None:
            keys = index.keys.view(f"V{index.keys.shape[1]}")[:, 0].tolist()
            self._rows = {key: row for row, key in enumerate(keys)}

    def of(self, key: bytes) -> Grains | None:
        """The grains under a key; None where there are none."""
        row = self._rows.get(key)
        if self._index is None or row is None:
            return None
        sentences, tokens = self._index.sentences, self._index.tokens
        (first,), (last,) = sentences.runs(np.array([row]))
        codes = [tokens.of_sentence(sentence) for sentence in range(first, last)] if tokens is not None else []
        return Grains(self._index.dense.vectors(np.array([row]))[0], sentences.compact(row), codes)


class _Written:
    """The grains of an index that is being written, row after row."""

    def __init__(self, folder: Path, dim: int, projection: Projection | None, opened: ExitStack) -> None:
        self._rows: dict[bytes, int] = {}
        self._begins = array("q", [0])
        self._keys = opened.enter_context(Column(folder / LAYOUT.keys, np.uint8, 32))
        self._vectors = opened.enter_context(Column(folder / LAYOUT.dense / VECTORS, np.float32, dim))
        self._sentences = opened.enter_context(Column(folder / LAYOUT.sentences, np.float16, dim))
        self._codes: Column | None = None
        if projection is not None:
            width = projection.matrix.shape[1] // 2
            self._codes = opened.enter_context(Column(folder / LAYOUT.tokens / CODES, np.uint8, width))
            self._starts = opened.enter_context(Column(folder / LAYOUT.tokens / STARTS, "<i8"))
            self._starts.add(0)
            np.save(folder / LAYOUT.tokens / MATRIX, projection.matrix, allow_pickle=False)
            np.save(folder / LAYOUT.tokens / STEPS, projection.steps, allow_pickle=False)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: Sequence[bytes], grains: Sequence[Grains]) -> None:
        """Write the grains of the next passages, one at least, and what they are known by."""
        for row, (key, one) in enumerate(zip(keys, grains, strict=True), start=len(self)):
            self._rows.setdefault(key, row)
            self._begins.append(self._begins[-1] + len(one.sentences))
        self._keys.add(np.frombuffer(b"".join(keys), np.uint8))
        self._vectors.add(np.stack([one.passage for one in grains]))
        self._sentences.add(np.concatenate([one.sentences for one in grains]))
        if self._codes is not None:
            codes = [codes for one in grains for codes in one.tokens]
            self._starts.add(len(self._codes) + np.cumsum([len(one) for one in codes]))
            self._codes.add(np.concatenate(codes))

    def of(self, key: bytes) -> Grains | None:
        """What was written under a key before; None where nothing was."""
        row = self._rows.get(key)
        if row is None:
            return None
        first, last = self._begins[row], self._begins[row + 1]
        codes: list[Codes] = []
        if self._codes is not None:
            codes = [self._codes.read(*run) for run in pairwise(self._starts.read(first, last + 1).tolist())]
        return Grains(self._vectors.read(row, row + 1)[0], self._sentences.read(first, last), codes)


def _embedded(contents: Sequence[Content], embedder: Embedder, projection: Projection | None) -> list[Grains]:
    """What is kept of each of some contents."""
    if not contents:
        return []
    try:
        found = embedder.embed_passages(*_texts(contents))
    except OSError as error:  # it is not the index that can't be written
        raise ModelError(f"The model {embedder.name!r} can't be used ({error}). Try again.") from error
    borders = np.cumsum([len(sentences) for _, _, sentences in contents])[:-1]
    parts = np.split(compact(found.sentences), borders)
    codes: list[Codes] = []
    if projection is not None and found.tokens is not None:
        codes = [projection.encode(tokens) for tokens in found.tokens]
    own = [codes[begin:end] for begin, end in pairwise([0, *borders, len(codes)])]
    return list(map(Grains, found.passages, parts, own))


def _content(titled: Titled) -> Content:
    """What a passage's vectors depend on: its context, its text, and where its sentences are in it."""
    passage = titled.passage
    sentences = tuple((start - passage.start, end - passage.start) for start, end in passage.sentences)
    return titled.context, passage.text, sentences


def _texts(contents: Sequence[Content]) -> tuple[list[str], list[list[Span]]]:
    """What is embedded: each passage after its context, and where its sentences are then."""
    spans = [
        [(start + len(context), end + len(context)) for start, end in sentences] for context, _, sentences in contents
    ]
    return [context + text for context, text, _ in contents], spans
