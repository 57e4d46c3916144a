"""Building: a folder becomes an Index, in one straight line.

A rebuild is the same line with less to do: unchanged files lend their passages, known texts their vectors.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dossier.errors import BrokenIndexError, NoIndexError
from dossier.indexing.columns import mapped
from dossier.indexing.comparing import account, check_apart, check_that_none_vanished, unchanged
from dossier.indexing.context import passage_contexts
from dossier.indexing.dense import VECTORS, Dense
from dossier.indexing.disk import patiently
from dossier.indexing.documents import Documents, write_documents
from dossier.indexing.duplicates import find_duplicates, only_new, signature
from dossier.indexing.embedding import Embedder
from dossier.indexing.generations import KEPT, open_current, prepare, publish
from dossier.indexing.grains import Titled, token_projection, write_grains
from dossier.indexing.index import LAYOUT, Index, write_manifest
from dossier.indexing.journal import Journal, remove_journal
from dossier.indexing.lexical import Vocabulary
from dossier.indexing.manifest import Manifest, Recipe, places
from dossier.indexing.passages import Passages, write_passages
from dossier.indexing.seen import Seen
from dossier.indexing.verifying import check_built
from dossier.reading.chunking import Measure, chunk
from dossier.reading.describing import describe, read_description
from dossier.reading.documents import read_documents
from dossier.reading.folder import check_folder, scan
from dossier.reading.repeats import without_repeats
from dossier.reading.tokens import token_counter, vocabulary_texts
from dossier.records import Corpus, Document, Duplicate, Limits, Passage, Skipped, Source
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
    build = _Build(corpus, index, sources, previous, embedder, report)
    generation, (manifest, embedded) = publish(
        index,
        lambda folder: build.write(folder, found, token_counter(encoding)),
        check=partial(check_built, embedder=embedder),
        keep=kept,
    )
    remove_journal(index)
    seen.save(index)
    before = previous.manifest.digests if previous is not None else {}
    return account(corpus, index, generation, manifest, before, set_aside, embedded, time.perf_counter() - begun)


def check_folders(corpus: Corpus, index: Path) -> None:
    """Raise `InputError` where a folder is missing, or the index would hold its own documents."""
    for _, folder in corpus.folders:
        check_folder(folder)
    check_apart(corpus, index)


@dataclass(frozen=True)
class _Build:
    """What one build reads, and with what."""

    corpus: Corpus
    index: Path
    sources: Sequence[Source]
    previous: Index | None
    embedder: Embedder
    report: Report

    def write(self, folder: Path, found: Manifest, count: Callable[[Sequence[str]], list[int]]) -> tuple[Manifest, int]:
        """The manifest of an index that was written into a folder, and how many texts were embedded for it.

        Each step writes what it makes, and the next one reads that, so that nothing is held of all texts at once.
        """
        recipe, previous = found.recipe, self.previous
        unreadable: list[Skipped] = []
        drafts = folder / "drafts"
        drafts.mkdir()
        remarks: dict[str, str] = {}
        read = write_documents(drafts, self._read(found, unreadable, remarks))
        check_that_none_vanished(self.corpus, self.index, read.sources, [*found.skipped, *unreadable])
        documents = write_documents(folder, without_repeats(read))
        del read
        patiently(lambda: shutil.rmtree(drafts))
        self.report(Progress("loading the model", 0, 1))
        same = {document.path for document in documents if self._was_there(document)} if previous else set()
        signatures = np.stack(list(self._signatures(documents, same)))
        np.save(folder / LAYOUT.signatures, signatures, allow_pickle=False)
        duplicates = find_duplicates(documents, signatures)
        measure = _measure(self.embedder, count, recipe.max_tokens)
        divided = self._divide(documents, same, duplicates, partial(chunk, measure=measure, overlap=recipe.overlap))
        passages = write_passages(folder / LAYOUT.passages, documents, divided)
        self.report(Progress("embedding", 0, len(passages)))
        sample = vocabulary_texts(*SAMPLE)
        projection = token_projection(previous, self.embedder, sample) if recipe.tokens else None
        journal, words = Journal(self.index, recipe, projection), Vocabulary()
        titled = self._titled(documents, passages, words)
        embedded = write_grains(
            folder, titled, len(passages), previous, self.embedder, projection, journal, self.report
        )
        self.report(Progress("writing", 0, 1))
        words.lexical().save(folder / LAYOUT.lexical)
        Dense.of(mapped(folder / LAYOUT.dense / VECTORS, np.float32, 2), found.vectors).save(folder / LAYOUT.dense)
        manifest = replace(
            found,
            digests={source.path: source.digest for source in documents.sources},
            skipped=tuple(sorted([*found.skipped, *unreadable], key=lambda file: file.path)),
            remarks=remarks,
            duplicates=duplicates,
            passages=len(passages),
        )
        write_manifest(folder, manifest)
        return manifest, embedded

    def _read(self, found: Manifest, unreadable: list[Skipped], remarks: dict[str, str]) -> Iterator[Document]:
        """The documents of the files that can be read; the others go to ``unreadable``, remarks to ``remarks``.

        Those that are the same are not read again. A file that could not be read is tried again where that may have
        been passing or the limits are others now, and a document of which something else is said now is read again, so
        that what it says of itself can come back.
        """
        previous, sources = self.previous, self.sources
        known = previous.document_of if previous is not None else {}
        digests = previous.manifest.digests if previous is not None else {}
        tried = previous.manifest.skipped if previous is not None and previous.manifest.limits == found.limits else ()
        given_up = {Source(file.path, file.digest): file for file in tried}
        told = found.description.documents
        said = previous.manifest.description.documents if previous is not None else {}
        fresh = [
            source.path
            for source in sources
            if source not in given_up
            and (digests.get(source.path) != source.digest or told.get(source.path) != said.get(source.path))
        ]
        new = set(fresh)
        with closing(read_documents(self.corpus, fresh, found.limits)) as read:
            for done, source in enumerate(sources):
                self.report(Progress("reading", done, len(sources)))
                if source in given_up:
                    unreadable.append(given_up[source])
                    continue
                one = next(read) if source.path in new else known[source.path]
                if isinstance(one, Document):
                    remarks |= {one.path: one.remark} if one.remark else {}
                    yield describe(one, told.get(source.path)) if source.path in new else one
                else:
                    unreadable.append(Skipped(source.path, str(one), "" if one.passing else source.digest, one.passing))
        self.report(Progress("reading", len(sources), len(sources)))

    def _signatures(self, documents: Documents, same: Set[str]) -> Iterator[NDArray[np.uint32]]:
        """The signature of each document; that of one that is the ``same`` as before is taken from there."""
        for row, source in enumerate(documents.sources):
            if self.previous is not None and source.path in same:
                yield self.previous.signatures[self.previous.documents.rows[source.path]]
            else:
                yield signature(documents[row].text)

    def _divide(
        self,
        documents: Documents,
        same: Set[str],
        duplicates: dict[str, Duplicate],
        cut: Callable[[Document], list[Passage]],
    ) -> Iterator[Sequence[Passage]]:
        """The passages of each document; those of one that is the ``same`` as before are taken from there.

        A duplicate has those passages only that say something its original does not.
        """
        before = self.previous.manifest.duplicates if self.previous is not None else {}
        for row, source in enumerate(documents.sources):
            self.report(Progress("dividing", row, len(documents)))
            path, duplicate = source.path, duplicates.get(source.path)
            original = duplicate.original if duplicate is not None else path
            if self.previous is not None and before.get(path) == duplicate and {path, original} <= same:
                yield self.previous.passages.of(self.previous.documents.rows[path])
            elif duplicate is None:
                yield cut(documents[row])
            else:
                others = documents[documents.rows[original]]
                yield [] if duplicate.same else only_new(cut(documents[row]), cut(others))

    def _was_there(self, document: Document) -> bool:
        """Whether a document was in the index before this one, just as it is."""
        return self.previous is not None and self.previous.document_of.get(document.path) == document

    def _titled(self, documents: Documents, passages: Passages, words: Vocabulary) -> Iterator[Titled]:
        """Each passage with what is put before it; the words of both are taken up on the way."""
        for row, document in enumerate(documents):
            own = passages.of(row)
            for titled in map(Titled, own, passage_contexts(own, [document], self.embedder)):
                words.add(titled.context + titled.passage.text)
                yield titled


def _previous(index: Path, recipe: Recipe) -> tuple[Index | None, str]:
    """The index that is there, or None and, where there is one that can't be used, why."""
    try:
        _, found = open_current(index, Index.load, check=Index.load_whole, anew=True)
    except NoIndexError:
        return None, ""
    except BrokenIndexError as error:
        return None, str(error)
    differences = recipe.differences(found.manifest.recipe)
    return (None, f"it was built another way: {differences}") if differences else (found, "")


def _measure(embedder: Embedder, count: Callable[[Sequence[str]], list[int]], max_tokens: int) -> Measure:
    """How full a passage each text makes, by the budget or by what the embedder can see, whichever ends sooner."""

    def measure(texts: Sequence[str]) -> list[float]:
        pairs = zip(count(texts), embedder.count_tokens(texts), strict=True)
        return [max(tokens / max_tokens, seen / embedder.max_tokens) for tokens, seen in pairs]

    return measure
