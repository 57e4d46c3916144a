"""Seen: what files looked like when they were last read, so that those that look the same are not read again.

It lies beside the generations and is no part of them: without it a build takes longer and comes out the same.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from dossier.indexing.disk import TICK, replace_file, sealed, unsealed
from dossier.records import Corpus, file_digest

SEEN = "seen.json"

# Size, and when it was changed and its entry was changed, in nanoseconds.
Looks = tuple[int, int, int]


class Seen:
    """The digests of files, each with what the file looked like before it was read.

    A file is known by its size, its modification time and the time its entry was changed. One that was changed within
    the last tick of the clock is not remembered, since it may change again in the same tick (as git has it, "racily
    clean"); its digest is computed again next time.
    """

    def __init__(self, corpus: Corpus, known: dict[str, tuple[Looks, str]]) -> None:
        self._corpus = corpus
        self._known = known
        self._found: dict[str, tuple[Looks, str]] = {}
        self._begun = time.time_ns()

    @classmethod
    def load(cls, index: Path, corpus: Corpus) -> Seen:
        """What is remembered of a corpus in an index folder; nothing where that is of other folders, or damaged."""
        try:
            data = unsealed((index / SEEN).read_text(encoding="utf-8"))
            files = data["files"].items() if data["folders"] == _places(corpus) else ()
            return cls(
                corpus, {path: ((size, changed, entry), digest) for path, (size, changed, entry, digest) in files}
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return cls(corpus, {})

    def digest(self, path: str, file: Path) -> str:
        """The SHA-256 of a file's bytes; they are read only if it looks different. Raises `OSError`."""
        stat = file.stat()
        looks = stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
        known = self._known.get(path)
        digest = known[1] if known is not None and known[0] == looks else file_digest(file)
        if max(looks[1:]) < self._begun - TICK:
            self._found[path] = looks, digest
        return digest

    def save(self, index: Path) -> None:
        """Remember what was found, if that is anything new; an index that can't be written stays as it is."""
        if self._found == self._known:
            return
        files = {path: (*looks, digest) for path, (looks, digest) in self._found.items()}
        try:
            replace_file(index / SEEN, sealed({"folders": _places(self._corpus), "files": files}))
        except OSError:
            return


def _places(corpus: Corpus) -> list[list[str]]:
    return [[name, os.fspath(folder.resolve())] for name, folder in corpus.folders]
