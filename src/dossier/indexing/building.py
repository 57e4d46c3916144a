"""Building: a folder becomes an Index, in one straight line.

A rebuild is the same line with less to do: unchanged files lend their passages, known texts their vectors.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dossier.errors import BrokenIndexError, NoIndexError
from dossier.indexing.comparing import account, check_apart, check_that_none_vanished, unchanged
from dossier.indexing.context import passage_contexts
from dossier.indexing.dense import Dense
from dossier.indexing.duplicates import find_duplicates, only_new, signature
from dossier.indexing.embedding import Embedder
from dossier.indexing.generations import KEPT, open_current, prepare, publish
from dossier.indexing.index import Index
from dossier.indexing.journal import Content, Grains, Journal, remove_journal
from dossier.indexing.lexical import Lexical
from dossier.indexing.manifest import Manifest, Recipe, places
from dossier.indexing.seen import Seen
from dossier.indexing.sentences import SentenceVectors
from dossier.indexing.tokens import Codes, Projection, TokenVectors
from dossier.indexing.verifying import check_built
from dossier.indexing.weights import ModelFolder
from dossier.reading.chunking import Measure, chunk
from dossier.reading.documents import read_documents
from dossier.reading.folder import check_folder, scan
from dossier.reading.tokens import token_counter, vocabulary_texts
from dossier.records import (
    BuildReport,
    Corpus,
    Document,
    Duplicate,
    Limits,
    Passage,
    Progress,
    Skipped,
    Source,
    Span,
)
from dossier.settings import NO_RERANKER

# Passages are embedded so many at a time, which is how often progress is told.
BATCH = 64

# A model's token vectors are sampled on so many texts of so many words.
SAMPLE = (60, 80)

Report = Callable[[Progress], None]


def build_index(
    folders: Sequence[Path],
    index: Path,
    *,
    embedder: Embedder,
    encoding: str,
    max_tokens: int,
    overlap: int,
    tokens: bool,
    reranker: ModelFolder | None,
    limits: Limits,
    kept: int = KEPT,
    progress: Report | None = None,
) -> BuildReport:
    """Bring the index of some folders up to date and say what that took.

    Nothing is written where nothing has changed, and then neither the index nor the model is loaded. Raises
    `InputError` where a folder is missing, or holds nothing to read and did before, `ModelError` and `StorageError`;
    the index that was there then stays as it was. No other builder may be at work; see `one_builder`.
    """
    begun = time.perf_counter()
    index = index.absolute()  # whatever happens to the working directory meanwhile
    corpus = Corpus.of([folder.absolute() for folder in folders])
    check_apart(corpus, index)
    report = progress or (lambda _: None)
    recipe = Recipe.of(embedder, encoding=encoding, max_tokens=max_tokens, overlap=overlap, tokens=tokens)
    seen = Seen.load(index, corpus)
    sources, left_out = scan(corpus, leave_out=index, digest=seen.digest)
    prepare(index)
    found = Manifest(
        recipe=recipe,
        folders=places(corpus, index),
        digests={},
        skipped=tuple(left_out),
        remarks={},
        duplicates={},
        limits=limits,
        passages=0,
        reranker=reranker.name if reranker is not None else NO_RERANKER,
        reranker_weights=reranker.digest if reranker is not None else "",
        kept=kept,
    )
    same = unchanged(index, found, sources)
    if same is not None:
        seen.save(index)
        remove_journal(index)
        generation, manifest = same
        return account(corpus, index, generation, manifest, manifest.digests, "", 0, time.perf_counter() - begun)

    previous, set_aside = _previous(index, recipe)
    count = token_counter(encoding)
    documents, unreadable = _read(corpus, sources, previous, limits, report)
    check_that_none_vanished(corpus, index, documents, [*left_out, *unreadable])
    report(Progress("loading the model", 0, 1))
    known = dict(zip(previous.document_of, previous.signatures, strict=True)) if previous is not None else {}
    signatures = np.stack([known[d.path] if _same(d, previous) else signature(d.text) for d in documents])
    duplicates = find_duplicates(documents, signatures)
    passages = _divide(documents, duplicates, previous, _measure(embedder, count, max_tokens), overlap, report)
    report(Progress("embedding", 0, 1))
    projection = _projection(previous, embedder) if tokens else None
    contexts = passage_contexts(passages, documents, embedder)
    journal = Journal(index, recipe, projection)
    grains, embedded = _embed(passages, contexts, previous, embedder, projection, journal, report)
    manifest = replace(
        found,
        digests={document.path: document.source.digest for document in documents},
        skipped=tuple(sorted([*left_out, *unreadable], key=lambda file: file.path)),
        remarks={document.path: document.remark for document in documents if document.remark},
        duplicates=duplicates,
        passages=len(passages),
    )
    built = _assemble(documents, passages, contexts, grains, projection, manifest, signatures)
    report(Progress("writing", 0, 1))
    generation = publish(index, built.save, check=partial(check_built, embedder=embedder), keep=kept)
    remove_journal(index)
    seen.save(index)
    before = previous.manifest.digests if previous is not None else {}
    return account(corpus, index, generation, manifest, before, set_aside, embedded, time.perf_counter() - begun)


def check_folders(corpus: Corpus, index: Path) -> None:
    """Raise `InputError` where a folder is missing, or the index would hold its own documents."""
    for _, folder in corpus.folders:
        check_folder(folder)
    check_apart(corpus, index)


def _assemble(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    contexts: Sequence[str],
    grains: Sequence[Grains],
    projection: Projection | None,
    manifest: Manifest,
    signatures: NDArray[np.uint32],
) -> Index:
    """The index of some passages and what was kept of each."""
    codes = [codes for one in grains for codes in one.tokens]
    sentences = np.concatenate([one.sentences for one in grains])
    return Index(
        documents=tuple(documents),
        passages=tuple(passages),
        dense=Dense.of(np.stack([one.passage for one in grains])),
        sentences=SentenceVectors.of(sentences, [len(passage.sentences) for passage in passages]),
        lexical=Lexical.of([context + passage.text for context, passage in zip(contexts, passages, strict=True)]),
        tokens=TokenVectors.of(codes, projection) if projection is not None else None,
        manifest=manifest,
        signatures=signatures,
    )


def changes(index: Path, manifest: Manifest) -> dict[str, str]:
    """What a build would find different now, by path: ``new``, ``changed`` or ``gone``.

    Raises `InputError` where a folder is missing.
    """
    corpus = manifest.corpus(index)
    seen = Seen.load(index, corpus)
    now = {source.path: source.digest for source in scan(corpus, leave_out=index, digest=seen.digest)[0]}
    before = manifest.tried
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
    corpus: Corpus, sources: Sequence[Source], previous: Index | None, limits: Limits, report: Report
) -> tuple[list[Document], list[Skipped]]:
    """The documents of the files that could be read, and the other files; those that are the same are not read again.

    A file that could not be read is tried again where the limits are others now.
    """
    known = previous.document_of if previous is not None else {}
    tried = previous.manifest.skipped if previous is not None and previous.manifest.limits == limits else ()
    given_up = {Source(file.path, file.digest): file for file in tried}
    fresh = [
        source.path
        for source in sources
        if source not in given_up and (source.path not in known or known[source.path].source != source)
    ]
    documents, unreadable, new = [], [], set(fresh)
    with closing(read_documents(corpus, fresh, limits)) as read:
        for done, source in enumerate(sources):
            report(Progress("reading", done, len(sources)))
            if source in given_up:
                unreadable.append(given_up[source])
                continue
            found = next(read) if source.path in new else known[source.path]
            if isinstance(found, Document):
                documents.append(found)
            else:
                unreadable.append(Skipped(source.path, str(found), source.digest))
    report(Progress("reading", len(sources), len(sources)))
    return documents, unreadable


def _divide(
    documents: Sequence[Document],
    duplicates: dict[str, Duplicate],
    previous: Index | None,
    measure: Measure,
    overlap: int,
    report: Report,
) -> list[Passage]:
    """The passages of all documents; those of a document that was there before are taken from there.

    A duplicate has those passages only that say something its original does not.
    """
    before = previous.manifest.duplicates if previous is not None else {}
    divided: dict[str, list[Passage]] = {}
    by_path = {document.path: document for document in documents}
    for done, document in enumerate(documents):
        report(Progress("dividing", done, len(documents)))
        path, duplicate = document.path, duplicates.get(document.path)
        original = by_path[duplicate.original] if duplicate is not None else document
        if previous and before.get(path) == duplicate and _same(document, previous) and _same(original, previous):
            divided[path] = [previous.passages[row] for row in previous.passages_of[path]]
        elif duplicate is None:
            divided[path] = chunk(document, measure=measure, overlap=overlap)
        elif duplicate.same:
            divided[path] = []
        else:
            divided[path] = only_new(chunk(document, measure=measure, overlap=overlap), divided[original.path])
    return [passage for document in documents for passage in divided[document.path]]


def _same(document: Document, previous: Index | None) -> bool:
    """Whether a document was there before, just as it is."""
    return previous is not None and previous.document_of.get(document.path) == document


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
    contexts: Sequence[str],
    previous: Index | None,
    embedder: Embedder,
    projection: Projection | None,
    journal: Journal,
    report: Report,
) -> tuple[list[Grains], int]:
    """The vectors of each passage, and how many distinct texts had to be embedded for them."""
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


def _measure(embedder: Embedder, count: Callable[[Sequence[str]], list[int]], max_tokens: int) -> Measure:
    """How full a passage each text makes, by the budget or by what the embedder can see, whichever ends sooner."""

    def measure(texts: Sequence[str]) -> list[float]:
        pairs = zip(count(texts), embedder.count_tokens(texts), strict=True)
        return [max(tokens / max_tokens, seen / embedder.max_tokens) for tokens, seen in pairs]

    return measure
