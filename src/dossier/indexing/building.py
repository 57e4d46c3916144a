"""Building: a folder becomes an Index, in one straight line.

A rebuild is the same line with less to do: unchanged files lend their passages, known texts their vectors.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dossier.errors import BrokenIndexError, InputError, NoIndexError, UnreadableError
from dossier.indexing.dense import Dense
from dossier.indexing.embedding import Embedder, Vectors
from dossier.indexing.generations import current, open_current, prepare, publish
from dossier.indexing.index import Index
from dossier.indexing.lexical import Lexical
from dossier.indexing.manifest import Manifest, Recipe
from dossier.indexing.sentences import SentenceVectors
from dossier.indexing.tokens import Codes, Projection, TokenVectors
from dossier.reading.chunking import Measure, chunk
from dossier.reading.folder import scan
from dossier.reading.parsing import parse
from dossier.reading.repeats import without_repeats
from dossier.reading.tokens import token_counter, vocabulary_texts
from dossier.records import BuildReport, Document, Passage, Progress, Skipped, Source, Span

# Passages are embedded so many at a time, which is how often progress is told.
BATCH = 64

# A model's token vectors are sampled on so many texts of so many words.
SAMPLE = (60, 80)

Report = Callable[[Progress], None]
Content = tuple[str, tuple[Span, ...]]


class Grains(NamedTuple):
    """What is kept of one text: its vector, (dim,), its sentences', (n, dim), and the codes of their tokens."""

    passage: Vectors
    sentences: Vectors
    tokens: Sequence[Codes]


def build_index(
    folder: Path,
    index: Path,
    *,
    embedder: Embedder,
    encoding: str,
    max_tokens: int,
    overlap: int,
    tokens: bool,
    progress: Report | None = None,
) -> BuildReport:
    """Bring the index of a folder up to date and say what that took.

    Nothing is written where nothing has changed. Raises `InputError` where the folder is missing or holds nothing to
    read, `ModelError` and `StorageError`; the index that was there then stays as it was.
    """
    begun = time.perf_counter()
    folder, index = _apart(folder.absolute(), index.absolute())  # whatever happens to the working directory meanwhile
    report = progress or (lambda _: None)
    recipe = Recipe.of(embedder, encoding=encoding, max_tokens=max_tokens, overlap=overlap, tokens=tokens)
    count = token_counter(encoding)
    sources, left_out = scan(folder, leave_out=index)
    prepare(index)
    previous, set_aside = _previous(index, recipe)

    documents, unreadable = _read(folder, sources, previous, report)
    manifest = Manifest(
        recipe=recipe,
        folder=_relative(folder, index),
        digests={document.path: document.source.digest for document in documents},
        skipped=tuple(sorted([*left_out, *unreadable], key=lambda file: file.path)),
        remarks={document.path: document.remark for document in documents if document.remark},
    )
    if not documents:
        raise _nothing_to_read(folder, manifest.skipped)
    if previous is not None and previous.manifest == manifest:
        built, generation, embedded = previous, current(index), 0
    else:
        report(Progress("loading the model", 0, 1))
        documents = without_repeats(documents)
        passages = _divide(documents, previous, _measure(embedder, count, max_tokens), overlap, report)
        report(Progress("embedding", 0, 1))
        projection = _projection(previous, embedder) if tokens else None
        grains, embedded = _embed(passages, previous, embedder, projection, report)
        built = _assemble(documents, passages, grains, projection, manifest)
        report(Progress("writing", 0, 1))
        generation = publish(index, built.save)
    before = previous.manifest.digests if previous is not None else {}
    seconds = time.perf_counter() - begun
    return _account(folder, index, generation, built, before, set_aside, embedded, seconds)


def _assemble(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    grains: Sequence[Grains],
    projection: Projection | None,
    manifest: Manifest,
) -> Index:
    """The index of some passages and what was kept of each."""
    codes = [codes for one in grains for codes in one.tokens]
    sentences = np.concatenate([one.sentences for one in grains])
    return Index(
        documents=tuple(documents),
        passages=tuple(passages),
        dense=Dense.of(np.stack([one.passage for one in grains])),
        sentences=SentenceVectors.of(sentences, [len(passage.sentences) for passage in passages]),
        lexical=Lexical.of([passage.text for passage in passages]),
        tokens=TokenVectors.of(codes, projection) if projection is not None else None,
        manifest=manifest,
    )


def _account(
    folder: Path,
    index: Path,
    generation: str,
    built: Index,
    before: dict[str, str],
    set_aside: str,
    embedded: int,
    seconds: float,
) -> BuildReport:
    """The report of a build; ``before`` holds the digests of the documents that were there before, by path."""
    now = built.manifest.digests
    return BuildReport(
        folder=folder,
        index=index,
        generation=generation,
        added=tuple(path for path in now if path not in before),
        changed=tuple(path for path in now if path in before and before[path] != now[path]),
        removed=tuple(path for path in before if path not in now),
        unchanged=tuple(path for path in now if before.get(path) == now[path]),
        skipped=built.manifest.skipped,
        remarks=built.manifest.remarks,
        set_aside=set_aside,
        passages=len(built.passages),
        embedded=embedded,
        seconds=seconds,
    )


def _apart(folder: Path, index: Path) -> tuple[Path, Path]:
    """Both folders, if the index does not hold the documents."""
    if index.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise InputError(f"The index folder {str(index)!r} holds the documents. Give it a folder of its own.")
    return folder, index


def changes(folder: Path, index: Path, manifest: Manifest) -> dict[str, str]:
    """What a build would find different now, by path: ``new``, ``changed`` or ``gone``.

    Raises `InputError` where the folder is missing.
    """
    now = {source.path: source.digest for source in scan(folder, leave_out=index)[0]}
    before = {file.path: file.digest for file in manifest.skipped if file.digest} | manifest.digests
    states = {path: "changed" if path in before else "new" for path in now if before.get(path) != now[path]}
    return states | {path: "gone" for path in manifest.digests if path not in now}


def _previous(index: Path, recipe: Recipe) -> tuple[Index | None, str]:
    """The index that is there, or None and, where there is one that can't be used, why."""
    try:
        _, found = open_current(index, Index.load)
    except NoIndexError:
        return None, ""
    except BrokenIndexError as error:
        return None, str(error)
    differences = recipe.differences(found.manifest.recipe)
    return (None, f"it was built another way: {differences}") if differences else (found, "")


def _read(
    folder: Path, sources: Sequence[Source], previous: Index | None, report: Report
) -> tuple[list[Document], list[Skipped]]:
    """The documents of the files that could be read, and the other files."""
    documents, unreadable = [], []
    for done, source in enumerate(sources):
        report(Progress("reading", done, len(sources)))
        known = previous.document_of.get(source.path) if previous is not None else None
        if known is not None and known.source == source:
            documents.append(known)
            continue
        try:
            documents.append(parse(folder, source.path))
        except UnreadableError as error:
            unreadable.append(Skipped(source.path, str(error), source.digest))
    report(Progress("reading", len(sources), len(sources)))
    return documents, unreadable


def _divide(
    documents: Sequence[Document], previous: Index | None, measure: Measure, overlap: int, report: Report
) -> list[Passage]:
    """The passages of all documents; those of a document that was there before are taken from there."""
    passages: list[Passage] = []
    for done, document in enumerate(documents):
        report(Progress("dividing", done, len(documents)))
        if previous is not None and previous.document_of.get(document.path) == document:
            passages.extend(previous.passages[row] for row in previous.passages_of[document.path])
        else:
            passages.extend(chunk(document, measure=measure, overlap=overlap))
    return passages


def _projection(previous: Index | None, embedder: Embedder) -> Projection | None:
    """How the embedder's token vectors are made small; None where it gives none.

    It depends on the model alone, so that an incremental build equals a fresh one.
    """
    if previous is not None:
        return previous.tokens.projection if previous.tokens is not None else None
    texts = vocabulary_texts(*SAMPLE)
    sample = embedder.embed_passages(texts, [[(0, len(text))] for text in texts]).tokens
    return Projection.of(np.concatenate(sample)) if sample is not None else None


def _embed(
    passages: Sequence[Passage],
    previous: Index | None,
    embedder: Embedder,
    projection: Projection | None,
    report: Report,
) -> tuple[list[Grains], int]:
    """The vectors of each passage, and how many distinct texts had to be embedded for them."""
    known: dict[Content, Grains] = {}
    if previous is not None:
        before = previous.dense.vectors()
        for row, passage in enumerate(previous.passages):
            first, last = previous.sentences.runs(np.array([row]))
            run = range(int(first[0]), int(last[0]))
            kept = [previous.tokens.of_sentence(place) for place in run] if previous.tokens is not None else []
            known[_content(passage)] = Grains(before[row], previous.sentences.of_passage(row), kept)
    contents = [_content(passage) for passage in passages]
    missing = [content for content in dict.fromkeys(contents) if content not in known]
    for done in range(0, len(missing), BATCH):
        report(Progress("embedding", done, len(missing)))
        batch = missing[done : done + BATCH]
        embedded = embedder.embed_passages([text for text, _ in batch], [sentences for _, sentences in batch])
        borders = np.cumsum([len(sentences) for _, sentences in batch])[:-1]
        parts = np.split(embedded.sentences, borders)
        codes: list[Codes] = []
        if projection is not None and embedded.tokens is not None:
            codes = [projection.encode(tokens) for tokens in embedded.tokens]
        own = [codes[begin:end] for begin, end in pairwise([0, *borders, len(codes)])]
        known.update(zip(batch, map(Grains, embedded.passages, parts, own), strict=True))
    report(Progress("embedding", len(missing), len(missing)))
    return [known[content] for content in contents], len(missing)


def _content(passage: Passage) -> Content:
    """What a passage's vectors depend on: its text, and where its sentences are in it."""
    return passage.text, tuple((start - passage.start, end - passage.start) for start, end in passage.sentences)


def _measure(embedder: Embedder, count: Callable[[Sequence[str]], list[int]], max_tokens: int) -> Measure:
    """How full a passage each text makes, by the budget or by what the embedder can see, whichever ends sooner."""

    def measure(texts: Sequence[str]) -> list[float]:
        pairs = zip(count(texts), embedder.count_tokens(texts), strict=True)
        return [max(tokens / max_tokens, seen / embedder.max_tokens) for tokens, seen in pairs]

    return measure


def _nothing_to_read(folder: Path, skipped: Sequence[Skipped]) -> InputError:
    if not skipped:
        return InputError(f"The folder {str(folder)!r} is empty. Put documents in it, or give another.")
    shown = "; ".join(f"{file.path}: {file.reason}" for file in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return InputError(f"The folder {str(folder)!r} holds no document that can be read ({shown}{more}).")


def _relative(folder: Path, index: Path) -> str:
    """The way from an index to its documents, so that both can be moved together; absolute between two drives."""
    try:
        return Path(os.path.relpath(folder.resolve(), index.resolve())).as_posix()
    except ValueError:
        return folder.resolve().as_posix()
