"""The front door: build an index, open it once, ask it many questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from dossier.answering.asking import checked, fits
from dossier.answering.citing import cite
from dossier.answering.composing import compose
from dossier.answering.confidence import confidence, threshold
from dossier.answering.examples import example_questions
from dossier.answering.followup import complete
from dossier.answering.reader import Reader
from dossier.answering.retrieval import Shortlist, choose, read, retrieve, retrieve_each, shortlist
from dossier.answering.scale import Scale, read_scale
from dossier.answering.scope import Scope
from dossier.answers import Answer, Hit, Provenance, Way
from dossier.errors import InputError
from dossier.indexing.embedding import Embedder
from dossier.indexing.generations import current, one_builder, published
from dossier.indexing.index import Index, open_index
from dossier.indexing.picture import picture_of, place_in
from dossier.indexing.projection import drawn_evenly
from dossier.models import embedder_built_with, embedder_of, reader_of, reader_weights
from dossier.overview import Folders, PathLike, corpus_of, remembered_settings
from dossier.reading.fragment import fragment_link
from dossier.records import Corpus, Description, Limits
from dossier.reports import BuildReport, Picture, Progress
from dossier.settings import NO_READER, Settings
from dossier.stages import stage

if TYPE_CHECKING:
    from dossier.reading.facsimile import Facsimile

# Names for example questions are looked for in so many passages.
LOOKED_AT = 2_000
# So many questions of a batch go through the models together.
TOGETHER = 64


def build(
    folder: Folders = "seeds",
    index: PathLike = "index",
    *,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> BuildReport:
    """Bring the index of a folder of documents, or of several, up to date; say what was read, skipped and embedded.

    A folder is read with everything below it; only what has changed is read and embedded again. The paths of several
    folders' documents begin with the folder's name. Without ``settings`` an index is built as it
    was built before, and a new one with `Settings()`; ``progress`` is called as the build goes on. Raises `InputError`
    where there is nothing to read, or no longer in one of the folders, `ModelError` where the embedding model can't be
    had, and `StorageError` where the index can't be written; what was there before then stays. Where another build of
    the same index is at work, this one waits for it. One that was interrupted is taken up where it was.
    """
    from dossier.indexing.building import build_index, check_folders

    settings = settings or remembered_settings(index)
    path = Path(index).absolute()
    corpus = corpus_of(folder)
    folders = [one for _, one in corpus.folders]
    check_folders(corpus, path)
    with one_builder(path, waiting=lambda: progress and progress(Progress("waiting for another build", 0, 1))):
        return build_index(
            folders,
            path,
            embedder=embedder_of(settings.model, download=True),
            encoding=settings.encoding,
            max_tokens=settings.max_tokens,
            overlap=settings.overlap,
            tokens=settings.tokens,
            reader=settings.reader,
            reader_weights=reader_weights(settings.reader, download=True),
            vectors=settings.vectors,
            limits=Limits(settings.seconds_per_file, settings.megabytes_per_file),
            kept=settings.kept,
            progress=progress,
        )


def search(
    question: str,
    *,
    k: int = 5,
    documents: Sequence[str] = (),
    after: str = "",
    before: str = "",
    index: PathLike = "index",
) -> list[Hit]:
    """The ``k`` passages that best match a question, best first; see `Dossier.search`."""
    return Dossier.open(index).search(question, k=k, documents=documents, after=after, before=before)


def ask(
    question: str,
    *,
    k: int = 5,
    documents: Sequence[str] = (),
    after: str = "",
    before: str = "",
    index: PathLike = "index",
    history: Sequence[Answer] = (),
) -> Answer:
    """The answer to a question, quoted and cited; see `Dossier.ask`."""
    return Dossier.open(index).ask(question, k=k, documents=documents, after=after, before=before, history=history)


@dataclass(frozen=True)
class Dossier:
    """An index opened for questions, at one generation; it may be shared between threads."""

    index: Index
    embedder: Embedder
    corpus: Corpus
    generation: str
    reader: Reader | None = None
    scale: Scale | None = None

    @property
    def folder(self) -> Path:
        """The folder of the documents, or the first of several."""
        return self.corpus.folders[0][1]

    @property
    def published(self) -> datetime:
        """When its generation was published, in UTC."""
        return published(self.generation)

    @classmethod
    def open(cls, index: PathLike = "index") -> Dossier:
        """The dossier of an index folder as it is now; the same object until a build or `calibrate` changes the index.

        While one thread opens the next generation, the others are given the one before.
        Raises `NoIndexError` where nothing has been built, `BrokenIndexError` where the index is damaged or its model
        is not the one that is installed, and `ModelError` where its model can't be had.
        """
        folder = Path(index).resolve()
        opened = _OPENED.get(folder)
        if opened is not None and opened._is_current(folder):
            return opened
        opening = _OPENING.setdefault(folder, Lock())
        if not opening.acquire(blocking=opened is None) and opened is not None:
            return opened  # another thread is opening the next generation: this question need not wait for it
        try:
            opened = _OPENED.get(folder)
            if opened is None or not opened._is_current(folder):
                opened = _OPENED[folder] = _open(folder)
            return opened
        finally:
            opening.release()

    def search(
        self,
        question: str,
        *,
        k: int = 5,
        documents: Sequence[str] = (),
        after: str = "",
        before: str = "",
        way: Way = "fused",
    ) -> list[Hit]:
        """The ``k`` passages that best match a question, best first, none overlapping another.

        Words "in double quotes" must occur as they are. ``documents`` limits the search to files and folders, by their
        paths in the corpus; ``after`` and ``before``, a year, month or day in ISO 8601, to passages that may be dated
        on that day or later, and before it. ``way`` is for comparison: ``dense``, ``lexical``, ``rrf`` (reciprocal rank
        fusion of the two), or ``fused``, the best. Raises `InputError` where the question is empty or longer than the
        model can read, ``k`` is not 1 or more, there is no such document, or a date is none.
        """
        scope = Scope(documents, after, before)
        return retrieve(
            self.index, self.embedder, checked(question, k, self.embedder), k, reader=self.reader, scope=scope, way=way
        )

    def search_batch(
        self,
        questions: Sequence[str],
        *,
        k: int = 5,
        documents: Sequence[str] = (),
        after: str = "",
        before: str = "",
    ) -> list[list[Hit]]:
        """What `search` finds for each of some questions, in their order.

        They go through the models together, which takes less time than one after another, and may change the last
        digits of a score. Raises what `search` does, before anything is searched.
        """
        if isinstance(questions, str):
            raise InputError("The questions are one text. Give a list of them; a single one is for search.")
        scope, found = Scope(documents, after, before), list[list[Hit]]()
        asked = [checked(question, k, self.embedder) for question in questions]
        for begin in range(0, len(asked), TOGETHER):
            together = asked[begin : begin + TOGETHER]
            found += retrieve_each(self.index, self.embedder, together, k, reader=self.reader, scope=scope)
        return found

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        documents: Sequence[str] = (),
        after: str = "",
        before: str = "",
        history: Sequence[Answer] = (),
    ) -> Answer:
        """The answer to a question: the best sentences among ``k`` passages, quoted, each with a citation.

        ``history`` holds the answers before this one, oldest first; a question that leans on them is completed from
        them, and ``asked`` of the answer is what was searched for.
        Each file that is cited is looked up first, and a citation says whether it has changed since it was indexed.
        Raises what `search` does.
        """
        typed, asked, scope = self._completed(question, k, documents, after, before, history)
        found = self._read(self._shortlist(asked, k, scope))
        *_, answer = self._composed(typed, k, found, scope)
        return answer

    def stream(
        self,
        question: str,
        *,
        k: int = 5,
        documents: Sequence[str] = (),
        after: str = "",
        before: str = "",
        history: Sequence[Answer] = (),
    ) -> Iterator[Answer]:
        """The answer as it grows, each one whole in itself; the last is what `ask` returns.

        Where a reader reads, that comes last, and may order and quote the same passages otherwise.
        """
        typed, asked, scope = self._completed(question, k, documents, after, before, history)
        found = self._shortlist(asked, k, scope)

        def answers() -> Iterator[Answer]:
            yield from self._composed(typed, k, found, scope)
            read = self._read(found)
            if read.readings:
                *_, answer = self._composed(typed, k, read, scope)
                yield answer

        return answers()

    def _completed(
        self,
        question: str,
        k: int,
        documents: Sequence[str],
        after: str,
        before: str,
        history: Sequence[Answer],
    ) -> tuple[str, str, Scope]:
        """What was typed, what is searched for, and where."""
        typed = checked(question, k, self.embedder)
        with stage("complete"):
            asked = complete(typed, history, self.index, fits=partial(fits, self.embedder))
        return typed, asked, Scope(documents, after, before)

    def _shortlist(self, asked: str, k: int, scope: Scope) -> Shortlist:
        if self.reader is not None:
            self.reader.prepare(asked)
        return shortlist(self.index, self.embedder, asked, k, scope=scope)

    def _read(self, found: Shortlist) -> Shortlist:
        return found if self.reader is None else read(self.index, self.reader, found)

    def _composed(self, typed: str, k: int, found: Shortlist, scope: Scope) -> Iterator[Answer]:
        """The answer from what was found, as it grows."""
        asked = found.asked.text
        hits = choose(self.index, found, k)
        with stage("cite"):
            citations = cite(self.index, self.corpus, hits)
        reader = self.reader.digest if self.reader is not None else ""
        probability = confidence(asked, hits, self.index, reader, self.scale)
        enough = threshold(hits, self.index, reader, self.scale)
        provenance = self._provenance(typed, asked, k, scope)
        answers = compose(typed, asked, hits, citations, probability, enough)
        return (replace(answer, provenance=provenance) for answer in answers)

    @property
    def description(self) -> Description:
        """What the folders of the documents said of themselves when they were indexed."""
        return self.index.manifest.description

    def examples(self, n: int = 4) -> list[str]:
        """Questions that these documents may answer: all those of the description, and up to ``n`` with made ones.

        The latter are made from the names in the documents, or in passages drawn evenly from them where there are many.
        """
        given = list(self.description.questions)
        rows = drawn_evenly(list(self.index.passages_of.values()), LOOKED_AT)
        return given + example_questions([self.index.passages[row] for row in rows], max(n - len(given), 0))

    def facsimile(self, path: str, page: int, quote: str) -> Facsimile:
        """The picture of a page of an indexed PDF, and where on it a quote stands.

        It is drawn in a process of its own. Raises `UnreadableError` where the file is no PDF, has changed since it was
        indexed, or can't be drawn.
        """
        from dossier.reading.facsimile import facsimile_apart

        digest = self.index.document_of[path].source.digest
        return facsimile_apart(self.corpus.file(path), digest, page, quote, self.index.manifest.limits)

    def picture(self) -> Picture | None:
        """The passages in two dimensions; None where they are too few to be looked at. It takes seconds to make."""
        return picture_of(self.index)

    def place(self, row: int, picture: Picture) -> tuple[float, float]:
        """Where a passage of the index stands in its picture, whether it was drawn or not."""
        return place_in(picture, row, self.index)

    def original(self, path: str, quote: str) -> str:
        """A link to where an indexed document was published that opens it at a quote; empty where that is not known."""
        return fragment_link(self.index.document_of[path].address, quote)

    def _provenance(self, typed: str, asked: str, k: int, scope: Scope) -> Provenance:
        manifest = self.index.manifest
        named, weights = (self.reader.name, self.reader.digest) if self.reader is not None else (NO_READER, "")
        models = {"reader": named, "reader_weights": weights}
        return Provenance(
            question=typed,
            asked=asked,
            k=k,
            documents=tuple(scope.documents),
            after=scope.after,
            before=scope.before,
            generation=self.generation,
            recipe=asdict(manifest.recipe) | models,
            searched=len(manifest.digests),
            skipped=len(manifest.skipped),
            sources=manifest.sources,
            version=_version(),
        )

    def _is_current(self, folder: Path) -> bool:
        return self.generation == current(folder) and self.scale == read_scale(folder, self.embedder.digest)


_OPENING: dict[Path, Lock] = {}
_OPENED: dict[Path, Dossier] = {}


@cache
def _version() -> str:
    """The version of dossier, which takes a while to look up."""
    return version("dossier")


def _open(folder: Path) -> Dossier:
    generation, index = open_index(folder)
    embedder = embedder_built_with(folder, index.manifest)
    return Dossier(
        index=index,
        embedder=embedder,
        corpus=index.manifest.corpus(folder),
        generation=generation,
        reader=reader_of(folder, index.manifest),
        scale=read_scale(folder, embedder.digest),
    )
