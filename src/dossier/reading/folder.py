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
    try:
        is_folder, is_file = folder.is_dir(), folder.is_file()
    except OSError as error:
        raise InputError(f"The folder {str(folder)!r} can't be opened: {error.strerror}.") from error
    if not is_folder:
        found = f"{str(folder)!r} is a file, not a folder" if is_file else f"There is no folder {str(folder)!r}"
        raise InputError(f"{found}. Give the folder that holds your documents.")
    if not _is_unicode(str(folder.absolute())):
        raise InputError(f"The path of the folder {str(folder)!r} is not Unicode. Rename it.")
    sources, skipped = [], []
    for path, reason in _walk(folder, leave_out.resolve()):
        if reason:
            skipped.append(Skipped(path, reason))
            continue
        try:
            sources.append(Source(path, file_digest(folder / path)))
        except OSError as error:
            skipped.append(Skipped(path, f"it can't be opened: {error.strerror}"))
    return sorted(sources, key=lambda source: source.path), sorted(skipped, key=lambda file: file.path)


def _walk(folder: Path, leave_out: Path) -> Iterator[tuple[str, str]]:
    """Each file below a folder as its path and the reason to skip it, empty if there is none."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            entries = list(os.scandir(folder / inside))
        except OSError as error:
            yield inside, f"the folder can't be opened: {error.strerror}"
            continue
        for entry in entries:
            path = f"{inside}{entry.name}"
            try:
                reason = _reason_to_skip(entry, path, leave_out)
            except OSError as error:
                reason = f"it can't be opened: {error.strerror}"
            if reason is None:
                waiting.append(f"{path}/")
            elif _is_unicode(path):
                yield path, reason
            else:
                yield os.fsencode(path).decode("utf-8", "backslashreplace"), reason


def _reason_to_skip(entry: os.DirEntry[str], path: str, leave_out: Path) -> str | None:
    """Why an entry of a folder is not read; empty if it is, None if it is a folder to go into."""
    if not _is_unicode(path):
        return "its name is not Unicode: rename it"
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_dir(follow_symlinks=False):
        return "the index itself" if Path(entry.path).resolve() == leave_out else None
    if entry.is_dir():
        return "a link to a folder, which is not followed"
    if not entry.is_file():
        return "not a regular file, or a link to nothing"
    return "" if parser_for(path) else unsupported(path)


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
