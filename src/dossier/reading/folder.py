"""The folder: which files there are to read, and which are left out and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dossier.errors import InputError
from dossier.reading.parsing import parser_for, unsupported
from dossier.records import Skipped, Source, file_digest


def scan(folder: Path, *, leave_out: Path) -> tuple[list[Source], list[Skipped]]:
    """The files that can be read, with the digests of their bytes, and everything else; both in order of their paths.

    Hidden files and folders (their names begin with a dot), links to folders and the folder ``leave_out`` are not
    read, and said. Raises `InputError` where there is no such folder.
    """
    if not folder.exists():
        raise InputError(f"There is no folder {str(folder)!r}. Give the folder that holds your documents.")
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is a file, not a folder. Give the folder that holds your documents.")
    sources, skipped = [], []
    for path, reason in _walk(folder, "", leave_out.resolve()):
        if reason:
            skipped.append(Skipped(path, reason))
            continue
        try:
            sources.append(Source(path, file_digest(folder / path)))
        except OSError as error:
            skipped.append(Skipped(path, f"it can't be opened: {error.strerror}"))
    return sorted(sources, key=lambda source: source.path), sorted(skipped, key=lambda file: file.path)


def _walk(folder: Path, inside: str, leave_out: Path) -> Iterator[tuple[str, str]]:
    """Each file below a folder as its path and the reason to skip it, empty if there is none."""
    try:
        entries = list(os.scandir(folder / inside))
    except OSError as error:
        yield inside, f"the folder can't be opened: {error.strerror}"
        return
    for entry in entries:
        path = f"{inside}{entry.name}"
        if not _is_unicode(path):
            yield os.fsencode(path).decode("utf-8", "backslashreplace"), "its name is not Unicode: rename it"
        elif entry.name.startswith("."):
            yield path, "hidden"
        elif entry.is_dir(follow_symlinks=False):
            if Path(entry.path).resolve() == leave_out:
                yield f"{path}/", "the index itself"
            else:
                yield from _walk(folder, f"{path}/", leave_out)
        elif entry.is_dir():
            yield path, "a link to a folder, which is not followed"
        elif not entry.is_file():
            yield path, "a broken link" if entry.is_symlink() else "not a regular file"
        else:
            yield path, "" if parser_for(path) else unsupported(path)


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
