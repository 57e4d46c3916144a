"""Comparing: what a build found against what the index holds already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dossier.errors import BrokenIndexError, InputError, NoIndexError
from dossier.indexing.generations import open_current
from dossier.indexing.index import read_current, read_manifest
from dossier.indexing.manifest import Manifest
from dossier.records import Corpus, Skipped, Source
from dossier.reports import BuildReport


def check_apart(corpus: Corpus, index: Path) -> None:
    """Raise `InputError` where the index holds its own documents."""
    for _, folder in corpus.folders:
        if index.resolve() in (folder.resolve(), *folder.resolve().parents):
            raise InputError(f"The index folder {str(index)!r} holds the documents. Give it a folder of its own.")


def unchanged(index: Path, found: Manifest, sources: Sequence[Source]) -> tuple[str, Manifest] | None:
    """The generation that counts and its manifest, if a build would come to the same; see `open_current`."""
    try:
        _, before = read_current(index)
        same = (
            {source.path: source.digest for source in sources} == before.tried
            and found.skipped == tuple(file for file in before.skipped if not file.digest)
            and (found.recipe, found.folders, found.limits) == (before.recipe, before.folders, before.limits)
            and found.kept == before.kept
            and (found.reader, found.reader_weights) == (before.reader, before.reader_weights)
            and found.vectors == before.vectors
            and found.description == before.description
        )
        return open_current(index, read_manifest) if same else None
    except (NoIndexError, BrokenIndexError):
        return None


def check_that_none_vanished(
    corpus: Corpus, index: Path, documents: Sequence[Source], skipped: Sequence[Skipped]
) -> None:
    """Raise `InputError` where there is nothing to read, or nothing in a folder that held documents before."""
    if not documents:
        raise _nothing_to_read(corpus, skipped)
    try:
        _, before = read_current(index)
    except (NoIndexError, BrokenIndexError):
        return
    was = before.corpus(index)
    now = {folder.resolve() for folder in {corpus.folder_of(document.path) for document in documents}}
    for folder in {was.folder_of(path) for path in before.digests} - now:
        if folder in (other.resolve() for _, other in corpus.folders):
            raise InputError(
                f"The folder {str(folder)!r} holds no document that can be read now, and its documents are in the "
                "index. Mount or fill it, or build without it to let them go."
            )


def account(
    corpus: Corpus,
    index: Path,
    generation: str,
    manifest: Manifest,
    before: dict[str, str],
    set_aside: str,
    embedded: int,
    seconds: float,
) -> BuildReport:
    """The report of a build; ``before`` holds the digests of the documents that were there before, by path."""
    now = manifest.digests
    return BuildReport(
        folders=tuple(folder for _, folder in corpus.folders),
        index=index,
        generation=generation,
        added=tuple(path for path in now if path not in before),
        changed=tuple(path for path in now if path in before and before[path] != now[path]),
        removed=tuple(path for path in before if path not in now),
        unchanged=tuple(path for path in now if before.get(path) == now[path]),
        skipped=manifest.skipped,
        remarks=manifest.remarks,
        duplicates=manifest.duplicates,
        faults=manifest.description.faults,
        set_aside=set_aside,
        passages=manifest.passages,
        embedded=embedded,
        seconds=seconds,
    )


def _nothing_to_read(corpus: Corpus, skipped: Sequence[Skipped]) -> InputError:
    folders = ", ".join(repr(str(folder)) for _, folder in corpus.folders)
    subject, holds = ("The folder", "holds") if len(corpus.folders) == 1 else ("The folders", "hold")
    if not skipped:
        return InputError(f"{subject} {folders} is empty. Put documents in it, or give another.")
    shown = "; ".join(f"{file.path}: {file.reason}" for file in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return InputError(f"{subject} {folders} {holds} no document that can be read ({shown}{more}).")
