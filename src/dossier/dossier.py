"""The front door: build an index, open it once, ask it many questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from dossier.answering.citing import cite
from dossier.answering.composing import compose
from dossier.answering.confidence import confidence
from dossier.answering.examples import example_questions
from dossier.answering.followup import complete
from dossier.answering.reranking import Reranker, load_reranker
from dossier.answering.retrieval import retrieve
from dossier.answering.scale import Scale, read_scale
from dossier.errors import BrokenIndexError, InputError, NoIndexError
from dossier.indexing.building import build_index, changes
from dossier.indexing.embedding import Embedder, load_embedder
from dossier.indexing.generations import current, open_current
from dossier.indexing.index import Index, read_current
from dossier.indexing.manifest import Manifest
from dossier.indexing.weights import find_model
from dossier.reading.facsimile import Facsimile, facsimile_apart
from dossier.reading.fragment import fragment_link
from dossier.records import Answer, BuildReport, Corpus, Hit, Limits, Progress, Way
from dossier.settings import NO_RERANKER, Settings

LONGEST_QUESTION = 2_000
PathLike = str | Path
Folders = PathLike | Sequence[PathLike]


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
    had, and `StorageError` where the index can't be written; what was there before then stays.
    """
    settings = settings or remembered_settings(index)
    return build_index(
        [Path(one) for one in ([folder] if isinstance(folder, (str, Path)) else folder)],
        Path(index),
        embedder=_embedder(settings.model, download=True),
        encoding=settings.encoding,
        max_tokens=settings.max_tokens,
        overlap=settings.overlap,
        tokens=settings.tokens,
        reranker=find_model(settings.reranker, download=True) if settings.reranker != NO_RERANKER else None,
        limits=Limits(settings.seconds_per_file, settings.megabytes_per_file),
        progress=progress,
    )


def search(question: str, *, k: int = 5, documents: Sequence[str] = (), index: PathLike = "index") -> list[Hit]:
    """The ``k`` passages that best match a question, best first; see `Dossier.search`."""
    return Dossier.open(index).search(question, k=k, documents=documents)


def ask(
    question: str,
    *,
    k: int = 5,
    documents: Sequence[str] = (),
    index: PathLike = "index",
    history: Sequence[Answer] = (),
) -> Answer:
    """The answer to a question, quoted and cited; see `Dossier.ask`."""
    return Dossier.open(index).ask(question, k=k, documents=documents, history=history)


@dataclass(frozen=True)
class Status:
    """What an index holds, and what has happened to its documents since.

    ``changes`` says ``new``, ``changed`` or ``gone`` of paths; it is None where a folder of the documents is missing.
    """

    index: Path
    generation: str
    folders: tuple[Path, ...]
    manifest: Manifest
    changes: dict[str, str] | None

    @property
    def folder(self) -> Path:
        """The folder of the documents, or the first of several."""
        return self.folders[0]


def status(index: PathLike = "index") -> Status:
    """What an index holds and whether it is up to date, without loading it or its model.

    Raises `NoIndexError` where nothing has been built and `BrokenIndexError` where the index can't be read.
    """
    path = Path(index).resolve()
    generation, manifest = read_current(path)
    folders = tuple(folder for _, folder in manifest.corpus(path).folders)
    found = changes(path, manifest) if all(folder.is_dir() for folder in folders) else None
    return Status(path, generation, folders, manifest, found)


def remembered_folders(index: PathLike = "index") -> list[Path]:
    """The folders whose documents an index holds; none where there is no index that can be read."""
    try:
        path = Path(index).resolve()
        return [folder for _, folder in read_current(path)[1].corpus(path).folders]
    except (NoIndexError, BrokenIndexError):
        return []


def remembered_settings(index: PathLike = "index") -> Settings:
    """The settings that an index was built with; the defaults where there is none that can be read."""
    try:
        _, manifest = read_current(Path(index).absolute())
        recipe, limits = manifest.recipe, manifest.limits
        return Settings(
            model=recipe.embedder,
            encoding=recipe.encoding,
            max_tokens=recipe.max_tokens,
            overlap=recipe.overlap,
            tokens=recipe.tokens,
            reranker=manifest.reranker,
            seconds_per_file=limits.seconds,
            megabytes_per_file=limits.megabytes,
        )
    except (NoIndexError, BrokenIndexError, InputError):
        return Settings()


@dataclass(frozen=True)
class Dossier:
    """An index opened for questions, at one generation; it may be shared between threads."""

    index: Index
    embedder: Embedder
    corpus: Corpus
    generation: str
    reranker: Reranker | None = None
    scale: Scale | None = None

    @property
    def folder(self) -> Path:
        """The folder of the documents, or the first of several."""
        return self.corpus.folders[0][1]

    @classmethod
    def open(cls, index: PathLike = "index") -> Dossier:
        """The dossier of an index folder at its current generation; the same object until a build publishes another.

        Raises `NoIndexError` where nothing has been built, `BrokenIndexError` where the index is damaged or its model
        is not the one that is installed, and `ModelError` where its model can't be had.
        """
        folder = Path(index).resolve()
        with _OPENING:
            opened = _OPENED.get(folder)
            if opened is None or opened.generation != current(folder):
                opened = _OPENED[folder] = _open(folder)
            return opened

    def search(self, question: str, *, k: int = 5, documents: Sequence[str] = (), way: Way = "fused") -> list[Hit]:
        """The ``k`` passages that best match a question, best first, none overlapping another.

        Words "in double quotes" must occur as they are. ``documents`` limits the search to files and folders, by their
        paths in the corpus. ``way`` is for comparison: ``dense``, ``lexical``, ``rrf`` (reciprocal rank fusion of the
        two), or ``fused``, the best. Raises `InputError` where the question is empty or longer than the model can read,
        ``k`` is not 1 or more, or there is no such document.
        """
        return self._retrieve(self._checked(question, k), k, documents, way)

    def ask(
        self, question: str, *, k: int = 5, documents: Sequence[str] = (), history: Sequence[Answer] = ()
    ) -> Answer:
        """The answer to a question: the best sentences among ``k`` passages, quoted, each with a citation.

        ``history`` holds the answers before this one, oldest first; a question that leans on them is completed from
        them, and ``asked`` of the answer is what was searched for.
        Each file that is cited is looked up first, and a citation says whether it has changed since it was indexed.
        Raises what `search` does.
        """
        *_, answer = self.stream(question, k=k, documents=documents, history=history)
        return answer

    def stream(
        self, question: str, *, k: int = 5, documents: Sequence[str] = (), history: Sequence[Answer] = ()
    ) -> Iterator[Answer]:
        """The answer as it grows, each one whole in itself; the last is what `ask` returns."""
        typed = self._checked(question, k)
        asked = complete(typed, history, self.index, fits=self._fits)
        hits = self._retrieve(asked, k, documents)
        citations = [cite(self.index, self.corpus, hit, number) for number, hit in enumerate(hits, start=1)]
        return compose(typed, asked, hits, citations, confidence(asked, hits, self.index, self.scale))

    def examples(self, n: int = 4) -> list[str]:
        """Up to ``n`` questions that these documents may answer, made from the names in them."""
        return example_questions(self.index.passages, n)

    def facsimile(self, path: str, page: int, quote: str) -> Facsimile:
        """The picture of a page of an indexed PDF, and where on it a quote stands.

        It is drawn in a process of its own. Raises `UnreadableError` where the file is no PDF, has changed since it was
        indexed, or can't be drawn.
        """
        digest = self.index.document_of[path].source.digest
        return facsimile_apart(self.corpus.file(path), digest, page, quote, self.index.manifest.limits)

    def original(self, path: str, quote: str) -> str:
        """A link to where an indexed document was published that opens it at a quote; empty where that is not known."""
        return fragment_link(self.index.document_of[path].address, quote)

    def _checked(self, question: str, k: int) -> str:
        """The question without white space around it, if it can be asked."""
        if not isinstance(question, str):
            raise InputError(f"The question is a {type(question).__name__}; it must be text.")
        if not isinstance(k, int) or k < 1:
            raise InputError(f"k is {k!r}; ask for 1 passage or more.")
        asked = question.strip()
        if not asked:
            raise InputError("The question is empty. Ask something, for example: Who attended the meeting?")
        if len(asked) > LONGEST_QUESTION:
            raise InputError(
                f"The question has {len(asked):,} characters; at most {LONGEST_QUESTION:,} can be asked. Shorten it."
            )
        try:
            asked.encode("utf-8")
        except UnicodeEncodeError:
            raise InputError("The question holds characters that are not Unicode text. Type it again.") from None
        tokens = self._tokens(asked)
        if tokens > self.embedder.max_tokens:
            raise InputError(
                f"The question has {tokens} tokens; the model {self.embedder.name!r} reads {self.embedder.max_tokens}. "
                "Shorten it."
            )
        return asked

    def _retrieve(self, question: str, k: int, documents: Sequence[str], way: Way = "fused") -> list[Hit]:
        return retrieve(self.index, self.embedder, question, k, reranker=self.reranker, documents=documents, way=way)

    def _fits(self, question: str) -> bool:
        return len(question) <= LONGEST_QUESTION and self._tokens(question) <= self.embedder.max_tokens

    def _tokens(self, question: str) -> int:
        return self.embedder.count_tokens([question])[0]


_OPENING = Lock()
_OPENED: dict[Path, Dossier] = {}
_EMBEDDERS: dict[tuple[str, str], Embedder] = {}


def _open(folder: Path) -> Dossier:
    generation, index = open_current(folder, Index.load)
    recipe = index.manifest.recipe
    embedder = _embedder(recipe.embedder, download=False)
    if embedder.digest != recipe.weights:
        raise _other_weights(folder, recipe.embedder, recipe.weights, embedder.digest)
    return Dossier(
        index=index,
        embedder=embedder,
        corpus=index.manifest.corpus(folder),
        generation=generation,
        reranker=_reranker(folder, index.manifest),
        scale=read_scale(folder, embedder.digest),
    )


def _reranker(folder: Path, manifest: Manifest) -> Reranker | None:
    if manifest.reranker == NO_RERANKER:
        return None
    found = load_reranker(manifest.reranker)
    if found.digest != manifest.reranker_weights:
        raise _other_weights(folder, manifest.reranker, manifest.reranker_weights, found.digest)
    return found


def _other_weights(folder: Path, name: str, built: str, installed: str) -> BrokenIndexError:
    return BrokenIndexError(
        f"The index in {str(folder)!r} was built with other weights of {name!r} (SHA-256 {built[:12]}…) than are "
        f"installed ({installed[:12]}…). Build it again, or install the weights it was built with."
    )


def _embedder(name: str, *, download: bool) -> Embedder:
    """The embedder of a name; one with the same weights that this process has loaded already is taken again."""
    found = load_embedder(name, download=download)
    return _EMBEDDERS.setdefault((found.name, found.digest), found)
