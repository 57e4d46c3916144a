"""Rereading: the files behind an index as they are now, read by the parsers that read them for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from dossier.indexing.manifest import Manifest
from dossier.indexing.seen import Seen
from dossier.reading.describing import describe, read_description
from dossier.reading.folder import scan
from dossier.records import Corpus, Document


def digests_now(index: Path, corpus: Corpus) -> dict[str, str]:
    """The SHA-256 of each file that a build would read now, by its path: nothing outside of the corpus is among them.

    Raises `InputError` where a folder is missing.
    """
    sources, _ = scan(corpus, leave_out=index, digest=Seen.load(index, corpus).digest)
    return {source.path: source.digest for source in sources}


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


def reread(corpus: Corpus, paths: Sequence[str], manifest: Manifest) -> Iterator[Document]:
    """The documents of some paths, in order, within the limits of the index; those that can't be read are left out."""
    from dossier.reading.documents import read_documents

    with closing(read_documents(corpus, paths, manifest.limits)) as read:
        for document in read:
            if isinstance(document, Document):
                yield describe(document, manifest.description.documents.get(document.path))
