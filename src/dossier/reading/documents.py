"""Documents: the files that are new or changed are parsed, each so that it can harm nothing but itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from pathlib import Path
from typing import cast

from dossier.errors import UnreadableError
from dossier.reading.apart import Apart
from dossier.reading.formats import COMPRESSED
from dossier.reading.markdown import parse_markdown
from dossier.reading.parsing import parse, parser_for
from dossier.reading.plaintext import parse_plain
from dossier.reading.worker import Outcome, attempt
from dossier.records import Corpus, Document, Limits, Source

# Plain text and Markdown up to so many bytes are parsed here; everything else in a process of its own.
MODERATE = 256 * 1024
PLAIN = (parse_plain, parse_markdown)
# So many files are looked at ahead of the one that is asked for; their documents wait in memory.
AHEAD = 64


def read_documents(
    corpus: Corpus, paths: Sequence[str], limits: Limits
) -> Generator[Document | UnreadableError, None, None]:
    """The document of each path, in order, or the error that says why there is none.

    A file that takes longer or more memory than the limits, or on which its parser crashes, has no document; what is
    not plain text of moderate size is parsed in processes of its own for that.
    """
    ahead: deque[Future[Outcome] | None] = deque()
    with Apart(read_document, limits) as apart:
        for number, path in enumerate(paths):
            for other in paths[number + len(ahead) : number + AHEAD]:
                ahead.append(None if _plain(other, corpus.file(other)) else apart.submit(corpus, other))
            future = ahead.popleft()
            yield _judged(_answer(future) if future is not None else attempt(read_document, (corpus, path)))


def read_document(corpus: Corpus, path: str) -> Document:
    """The document of a path, read here and now. Raises `UnreadableError`."""
    file = corpus.file(path)
    document = parse(file.parent, file.name)
    return replace(document, source=Source(path, document.source.digest))


def _plain(path: str, file: Path) -> bool:
    """Whether a file may be parsed in this process; nobody knows how large one is that is compressed."""
    try:
        return parser_for(path) in PLAIN and file.suffix.lower() != COMPRESSED and file.stat().st_size <= MODERATE
    except OSError:
        return True


def _answer(future: Future[Outcome]) -> Outcome:
    """What a future comes to; Windows hears no Ctrl+C while it waits without an end."""
    while not future.done():
        wait([future], timeout=1)
    return future.result()


def _judged(outcome: Outcome) -> Document | UnreadableError:
    kind, value = outcome
    if kind == "value":
        return cast("Document", value)
    reason = "reading it needed more memory than there is" if kind == "memory" else value
    return UnreadableError(reason, passing=kind != "reason")
