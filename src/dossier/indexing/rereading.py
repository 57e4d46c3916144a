"""Rereading: the files behind an index as they are now, read by the parsers that read them for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from dossier.indexing.manifest import Manifest
from dossier.indexing.seen import Seen
from dossier.reading.documents import read_documents
from dossier.reading.folder import scan
from dossier.records import Corpus, Document


def digests_now(index: Path, corpus: Corpus) -> dict[str, str]:
    """The SHA-256 of each file that a build would read now, by its path: nothing outside of the corpus is among them.

    Raises `InputError` where a folder is missing.
    """
    sources, _ = scan(corpus, leave_out=index, digest=Seen.load(index, corpus).digest)
    return {source.path: source.digest for source in sources}


def reread(corpus: Corpus, paths: Sequence[str], manifest: Manifest) -> Iterator[Document]:
    """The documents of some paths, in order, within the limits of the index; those that can't be read are left out."""
    with closing(read_documents(corpus, paths, manifest.limits)) as read:
        for document in read:
            if isinstance(document, Document):
                yield document
