"""Parsing: the bytes of one file become a Document.

A new format is one file, one row of the table and its suffix in `dossier.reading.formats`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from dossier.errors import UnreadableError
from dossier.reading.compressed import unpacked
from dossier.reading.dates import dated
from dossier.reading.docx import parse_docx
from dossier.reading.epub import parse_epub
from dossier.reading.formats import COMPRESSED, suffix_of, unsupported
from dossier.reading.furniture import furniture_spans, merged, without
from dossier.reading.jsonlines import parse_json_lines
from dossier.reading.mail import parse_mail
from dossier.reading.markdown import parse_markdown
from dossier.reading.odt import parse_odt
from dossier.reading.parsed import Parsed
from dossier.reading.pdf import parse_pdf
from dossier.reading.plaintext import parse_plain
from dossier.reading.pptx import parse_pptx
from dossier.reading.rtf import parse_rtf
from dossier.reading.tables import parse_csv, parse_tsv
from dossier.reading.titles import described
from dossier.reading.webpage import parse_webpage
from dossier.records import Document, Source

Parser = Callable[[bytes], Parsed]

PARSERS: dict[str, Parser] = {
    ".txt": parse_plain,
    ".text": parse_plain,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".html": parse_webpage,
    ".htm": parse_webpage,
    ".xhtml": parse_webpage,
    ".pdf": parse_pdf,
    ".docx": parse_docx,
    ".odt": parse_odt,
    ".epub": parse_epub,
    ".pptx": parse_pptx,
    ".rtf": parse_rtf,
    ".eml": parse_mail,
    ".csv": parse_csv,
    ".tsv": parse_tsv,
    ".jsonl": parse_json_lines,
    ".ndjson": parse_json_lines,
}
# What files of some formats begin with, whatever they are called.
ZIPPED = (".docx", ".odt", ".epub", ".pptx")
BEGINNINGS: dict[bytes, tuple[str, tuple[str, ...]]] = {
    b"%PDF-": ("a PDF", (".pdf",)),
    b"PK\x03\x04": ("a zip file, an office document or an e-book", ZIPPED),
    b"{\\rtf": ("an RTF file", (".rtf",)),
    b"\x1f\x8b": ("compressed by gzip", (COMPRESSED,)),
    b"\xd0\xcf\x11\xe0": ("an office document, encrypted or of before 2007", (".docx", ".pptx")),
}


def parser_for(path: str) -> Parser | None:
    """The parser that reads files of this name, or None; of a compressed file it is the one for what is inside."""
    return PARSERS.get(suffix_of(path))


def parse(folder: Path, path: str) -> Document:
    """The document in a file of the folder, with the digest of the very bytes that were parsed.

    Raises `UnreadableError` with the reason where the file can't be read, is not what its name says, or holds no text,
    and `MemoryError`.
    """
    if reason := unsupported(path):
        raise UnreadableError(reason)
    try:
        data = (folder / path).read_bytes()
    except OSError as error:
        raise UnreadableError(f"it can't be opened: {error.strerror}", passing=True) from error
    parsed = parse_bytes(path, data)
    furniture = merged([*parsed.furniture, *furniture_spans(parsed.text)])
    if not without(parsed.text, furniture).strip():
        raise UnreadableError("it holds no prose, only what pages put around it: menus, buttons, scripts")
    return Document(
        source=Source(path, hashlib.sha256(data).hexdigest()),
        text=parsed.text,
        sections=described(parsed.text, dated(parsed.text, parsed.sections), furniture, titled=bool(parsed.title)),
        remark=parsed.remark,
        landmarks=parsed.landmarks,
        furniture=furniture,
        title=parsed.title,
        address=parsed.address,
    )


def parse_bytes(path: str, data: bytes) -> Parsed:
    """What the parser for files of this name makes of some bytes.

    Raises `UnreadableError`, or `MemoryError`, and nothing else, whatever the bytes are: what a library raises becomes
    its reason.
    """
    suffix = suffix_of(path)
    try:
        if path.lower().endswith(COMPRESSED):
            data = unpacked(data)
        _check(suffix, data)
        parsed = PARSERS[suffix](data)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # the libraries', RecursionError among them
        said = " ".join(str(error).split())[:200].encode("utf-8", "replace").decode()
        reason = f"{type(error).__name__}: {said}" if said else type(error).__name__
        raise UnreadableError(f"it can't be read as {suffix} ({reason})") from error
    if not parsed.text.strip():
        raise UnreadableError(f"it holds no text{f' ({parsed.remark})' if parsed.remark else ''}")
    return parsed


def _check(suffix: str, data: bytes) -> None:
    """Raise `UnreadableError` where there are no bytes, or those of another format than the name says."""
    if not data.strip():
        raise UnreadableError("it holds no text")
    for beginning, (kind, suffixes) in BEGINNINGS.items():
        if data.startswith(beginning) and suffix not in suffixes:
            raise UnreadableError(f"it is {kind}, named {suffix}: rename it to {' or '.join(suffixes)}")
