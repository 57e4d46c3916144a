"""Upkeep: what is done with an index besides building and asking: verify, roll back, hold quotes against files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from dossier.answering.checking import (
    Checked,
    Verdict,
    check_elsewhere,
    check_in_place,
    read_citations,
    read_json,
)
from dossier.answering.replaying import Replayed, differences, read_question
from dossier.dossier import Dossier, build
from dossier.errors import BrokenIndexError, DossierError, ModelError, NoIndexError
from dossier.indexing.generations import current, folder_of, generations, one_builder, roll_back
from dossier.indexing.index import Index, read_current, read_manifest
from dossier.indexing.manifest import Manifest
from dossier.indexing.rereading import digests_now, reread
from dossier.indexing.verifying import Verified, verify_index
from dossier.indexing.watching import keep_up
from dossier.models import embedder_of
from dossier.overview import Folders, PathLike
from dossier.reports import BuildReport
from dossier.settings import Settings


def verify(index: PathLike = "index") -> Verified:
    """What is wrong with an index, every byte of it looked at, and how to mend it; a sound one has no damage.

    It is also asked what it must know, if its model can be had. Raises `NoIndexError` where nothing has been built.
    """
    path = Path(index).resolve()
    try:
        recipe = read_current(path)[1].recipe
        embedder = embedder_of(recipe.embedder, download=False)
    except (BrokenIndexError, NoIndexError, ModelError):
        return verify_index(path, None)
    return verify_index(path, embedder if embedder.digest == recipe.weights else None)


def check(saved: str, index: PathLike = "index") -> list[Checked]:
    """What has become of each quote in a saved answer or citation, given as JSON: it stands, moved, changed, is gone.

    Its file is read again, by the parser that read it for the index; what is no longer there is looked for in the
    other documents. Files outside of the index's folders are never read. Raises `InputError` where ``saved`` holds no
    citations or a folder is missing, and `NoIndexError`.
    """
    citations, path = read_citations(saved), Path(index).resolve()
    manifest = read_current(path)[1]
    corpus = manifest.corpus(path)
    now = digests_now(path, corpus)
    own = sorted({citation.path for citation in citations} & now.keys())
    documents = {document.path: document for document in reread(corpus, own, manifest)}
    found = {
        citation: check_in_place(citation, documents[citation.path])
        for citation in citations
        if citation.path in documents
    }
    lost = [citation for citation in citations if found.get(citation) is None]
    likely = _where(path, [citation.quote for citation in lost], now) if lost else []
    for document in reread(corpus, likely, manifest):
        for citation in lost:
            if found.get(citation) is None and document.path != citation.path:
                found[citation] = check_elsewhere(citation, document)
    return [found.get(citation) or Checked(citation, Verdict.GONE) for citation in citations]


def _where(index: Path, quotes: Sequence[str], now: dict[str, str]) -> list[str]:
    """The files that may hold one of some quotes: as the index says, or since they are not as they were."""
    try:
        documents = Dossier.open(index).index.document_of
    except DossierError:
        return list(now)

    def may_hold_one(path: str, digest: str) -> bool:
        known = documents.get(path)
        return known is None or known.source.digest != digest or any(quote in known.text for quote in quotes)

    return [path for path, digest in now.items() if may_hold_one(path, digest)]


def replay(saved: str, index: PathLike = "index") -> Replayed:
    """The answer to the question of a saved one, given as JSON, and what differs from what was answered then.

    Raises `InputError` where ``saved`` is no answer, and what `Dossier.open` does.
    """
    data = read_json(saved)
    question, k, scope = read_question(data)
    opened = Dossier.open(index)
    answer = opened.ask(question, k=k, documents=scope.documents, after=scope.after, before=scope.before)
    return Replayed(answer, tuple(differences(data, answer)))


def watch(
    folder: Folders,
    index: PathLike = "index",
    *,
    settings: Settings | None = None,
    stop: Event,
    built: Callable[[BuildReport | None], object] = lambda _: None,
) -> None:
    """Bring the index of some folders up to date now and whenever their files have changed and settled.

    It returns when ``stop`` is set, and logs to ``dossier`` what it does and what goes wrong. ``built`` is called after
    each build with its report, or with None where it failed.
    """
    folders = [Path(one) for one in ([folder] if isinstance(folder, (str, Path)) else folder)]

    def bring_up_to_date() -> BuildReport:
        report = None
        try:
            report = build(folders, index, settings=settings)
            return report
        finally:
            built(report)

    keep_up(folders, Path(index), bring_up_to_date, stop)


def before(index: PathLike = "index") -> tuple[str, Manifest] | None:
    """The generation to which `rollback` would go, and its manifest; None where there is none that can be read.

    Raises `NoIndexError` and `BrokenIndexError` where it can't be said which one counts.
    """
    path = Path(index).resolve()
    now = current(path)
    earlier = [name for name in generations(path) if name < now]
    with suppress(BrokenIndexError):
        return (earlier[-1], read_manifest(folder_of(path, earlier[-1]))) if earlier else None
    return None


def rollback(index: PathLike = "index", generation: str | None = None) -> str:
    """Make an earlier generation of an index the one that counts, and return its name: the one before, or as named.

    It is checked first. Raises `InputError` where there is none and `BrokenIndexError` where it is damaged.
    """
    path = Path(index).resolve()
    if not generations(path):
        current(path)  # says that nothing has been built
    with one_builder(path):
        return roll_back(path, Index.load_whole, generation)
