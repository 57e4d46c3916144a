"""Parsing: the bytes of one file become a Document. A new format is one file and one row of the table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from dossier.errors import UnreadableError
from dossier.reading.dates import dated
from dossier.reading.furniture import furniture_spans, without
from dossier.reading.markdown import parse_markdown
from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import parse_plain
from dossier.records import Document, Source

Parser = Callable[[bytes], Parsed]

PARSERS: dict[str, Parser] = {
    ".txt": parse_plain,
    ".text": parse_plain,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
}


def parser_for(path: str) -> Parser | None:
    """The parser that reads files of this name, or None."""
    return PARSERS.get(PurePosixPath(path).suffix.lower())


def parse(folder: Path, path: str) -> Document:
    """The document in a file of the folder, with the digest of the very bytes that were parsed.

    Raises `UnreadableError` with the reason where the file can't be read, is not text, or holds none.
    """
    parser = parser_for(path)
    if parser is None:
        raise UnreadableError(unsupported(path))
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        raise UnreadableError(f"it can't be opened: {error.strerror}") from error
    parsed = parser(data)
    if not parsed.text.strip():
        raise UnreadableError("it holds no text")
    furniture = parsed.furniture or furniture_spans(parsed.text)
    if not without(parsed.text, furniture).strip():
        raise UnreadableError("it holds no prose, only what pages put around it: menus, buttons, scripts")
    return Document(
        source=Source(path, hashlib.sha256(data).hexdigest()),
        text=parsed.text,
        sections=dated(parsed.text, parsed.sections),
        remark=parsed.remark,
        landmarks=parsed.landmarks,
        furniture=furniture,
        title=parsed.title,
        address=parsed.address,
    )


def unsupported(path: str) -> str:
    """Why a file of this name is not read."""
    suffix = PurePosixPath(path).suffix.lower()
    kind = f"{suffix} files are not read yet" if suffix else "a file without a suffix is not read"
    return f"{kind}; dossier reads {', '.join(PARSERS)}"
