"""Building: a folder becomes an Index, in one straight line.

A rebuild is the same line with less to do: unchanged files lend their passages, known texts their vectors.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
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
from dossier.indexing.grains import embed_missing, token_projection
from dossier.indexing.index import Index
from dossier.indexing.journal import Grains, Journal, remove_journal
from dossier.indexing.lexical import Lexical
from dossier.indexing.manifest import Manifest, Recipe, places
from dossier.indexing.seen import Seen
from dossier.indexing.sentences import SentenceVectors
from dossier.indexing.tokens import Projection, TokenVectors
from dossier.indexing.verifying import check_built
from dossier.reading.chunking import Measure, chunk
from dossier.reading.describing import describe, read_description
from dossier.reading.documents import read_documents
from dossier.reading.folder import check_folder, scan
from dossier.reading.repeats import without_repeats
from dossier.reading.tokens import token_counter, vocabulary_texts
from dossier.records import Corpus, Description, Document, Duplicate, Limits, Passage, Skipped, Source
from dossier.reports import BuildReport, Progress

# The token vectors of a model are sampled on so many texts of so many words.
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
    reader: str,
    reader_weights: str,
    vectors: str,
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
        reader=reader,
        reader_weights=reader_weights,
        kept=kept,
        vectors=vectors,
        description=read_description(corpus, sources),
    )
    same = unchanged(index, found, sources)
    if same is not None:
        seen.save(index)
        remove_journal(index)
        generation, manifest = same
        return account(corpus, index, generation, manifest, manifest.digests, "", 0, time.perf_counter() - begun)

    previous, set_aside = _previous(index, recipe)
    count = token_counter(encoding)
    documents, unreadable = _read(corpus, sources, found.description, previous, limits, report)
    check_that_none_vanished(corpus, index, documents, [*left_out, *unreadable])
    documents = without_repeats(documents)
    report(Progress("loading the model", 0, 1))
    known = dict(zip(previous.document_of, previous.signatures, strict=True)) if previous is not None else {}
    signatures = np.stack([known[d.path] if _same(d, previous) else signature(d.text) for d in documents])
    duplicates = find_duplicates(documents, signatures)
    passages = _divide(documents, duplicates, previous, _measure(embedder, count, max_tokens), overlap, report)
    report(Progress("embedding", 0, 1))
    projection = token_projection(previous, embedder, vocabulary_texts(*SAMPLE)) if tokens else None
    contexts = passage_contexts(passages, documents, embedder)
    journal = Journal(index, recipe, projection)
    grains, embedded = embed_missing(passages, contexts, previous, embedder, projection, journal, report)
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
        dense=Dense.of(np.stack([one.passage for one in grains]), manifest.vectors),
        sentences=SentenceVectors(sentences, [len(passage.sentences) for passage in passages]),
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
    sources, _ = scan(corpus, leave_out=index, digest=seen.digest)
    now = {source.path: source.digest for source in sources} | read_description(corpus, sources).files
    before = manifest.tried | manifest.description.files
    states = {path: "changed" if path in before else "new" for path in now if before.get(path) != now[path]}
    return states | {path: "gone" for path in manifest.digests | manifest.description.files if path not in now}


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
    corpus: Corpus,
    sources: Sequence[Source],
    description: Description,
    previous: Index | None,
    limits: Limits,
    report: Report,
) -> tuple[list[Document], list[Skipped]]:
    """The documents of the files that could be read, and the other files; those that are the same are not read again.

    A file that could not be read is tried again where the limits are others now, and a document of which something
    else is said now is read again, so that what it says of itself can come back.
    """
    known = previous.document_of if previous is not None else {}
    tried = previous.manifest.skipped if previous is not None and previous.manifest.limits == limits else ()
    given_up = {Source(file.path, file.digest): file for file in tried}
    told, said = description.documents, previous.manifest.description.documents if previous is not None else {}
    fresh = [
        source.path
        for source in sources
        if source not in given_up
        and (
            source.path not in known
            or known[source.path].source != source
            or told.get(source.path) != said.get(source.path)
        )
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
                documents.append(describe(found, told.get(source.path)) if source.path in new else found)
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


def _measure(embedder: Embedder, count: Callable[[Sequence[str]], list[int]], max_tokens: int) -> Measure:
    """How full a passage each text makes, by the budget or by what the embedder can see, whichever ends sooner."""

    def measure(texts: Sequence[str]) -> list[float]:
        pairs = zip(count(texts), embedder.count_tokens(texts), strict=True)
        return [max(tokens / max_tokens, seen / embedder.max_tokens) for tokens, seen in pairs]

    return measure
