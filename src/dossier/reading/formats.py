"""Formats: which files are read, as their names say; how, is up to `dossier.reading.parsing`."""

from __future__ import annotations

from pathlib import PurePosixPath

SUFFIXES = (
    ".txt",
    ".text",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".xhtml",
    ".pdf",
    ".docx",
    ".odt",
    ".epub",
    ".pptx",
    ".rtf",
    ".eml",
    ".csv",
    ".tsv",
    ".jsonl",
    ".ndjson",
)
COMPRESSED = ".gz"


def suffix_of(path: str) -> str:
    """The suffix that says the format of a file: ``.txt`` of ``report.TXT.gz``."""
    name = PurePosixPath(path)
    suffix = name.suffix.lower()
    return PurePosixPath(name.stem).suffix.lower() if suffix == COMPRESSED else suffix


def unsupported(path: str) -> str:
    """Why a file of this name is not read; empty where it is."""
    suffix = suffix_of(path)
    if suffix in SUFFIXES:
        return ""
    kind = f"{suffix} files are not read yet" if suffix else "a file without a suffix is not read"
    return f"{kind}; dossier reads {', '.join(SUFFIXES)}, and each of them compressed as {COMPRESSED}"
