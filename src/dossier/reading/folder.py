"""The folder: which files there are to read, and which are left out and why."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dossier.errors import InputError
from dossier.reading.describing import DESCRIPTION
from dossier.reading.formats import unsupported
from dossier.reading.ignoring import IGNORE_FILES, Patterns, ignored, read_patterns
from dossier.records import CURRENT, GENERATIONS, Corpus, Skipped, Source, file_digest

# The tag of a Windows folder that stands for another one.
JUNCTION = 0xA0000003
# What a path begins with on Windows that leads to a drive; elsewhere it may be a name.
DRIVE = re.compile(r".:[/\\]", re.DOTALL)

Digest = Callable[[str, Path], str]


def scan(
    corpus: Corpus, *, leave_out: Path, digest: Digest = lambda _, file: file_digest(file)
) -> tuple[list[Source], list[Skipped]]:
    """The files that can be read, with the digests of their bytes, and everything else; both in order of their paths.

    Not read, and said, are hidden files and folders (their names begin with a dot), what a ``.gitignore`` or
    ``.dossierignore`` leaves out, links to folders, links out of the corpus, names that are not Unicode or begin like a
    drive's, ``C:``, the folder ``leave_out`` and any other index. A link to a file of the corpus is read as that file.
    ``digest`` is the SHA-256 of the file of a path. Raises `InputError` where a folder of the corpus is missing, or
    paths would begin with such a name.
    """
    for name, folder in corpus.folders:
        check_folder(folder)
        if DRIVE.match(f"{name}/"):
            raise InputError(f"The name of the folder {str(folder)!r} would be a drive on Windows. Rename it.")
    roots = {folder.resolve(): f"a folder of its own: its paths begin with {name}/" for name, folder in corpus.folders}
    apart = roots | {leave_out.resolve(): "the index itself"}
    sources, skipped = [], []
    for name, folder in corpus.folders:
        before = f"{name}/" if name else ""
        empty = True
        for inside, reason in _walk(folder, list(roots), apart):
            path, empty = before + inside, False
            if reason:
                skipped.append(Skipped(path, reason))
                continue
            try:
                sources.append(Source(path, digest(path, folder / inside)))
            except OSError as error:
                skipped.append(Skipped(path, f"it can't be opened: {error.strerror}"))
        if empty and name:
            skipped.append(Skipped(name, "the folder is empty"))
    return sorted(sources, key=lambda source: source.path), sorted(skipped, key=lambda file: file.path)


def check_folder(folder: Path) -> None:
    """Raise `InputError` where there is no such folder."""
    try:
        is_folder, is_file = folder.is_dir(), folder.is_file()
    except OSError as error:
        raise InputError(f"The folder {str(folder)!r} can't be opened: {error.strerror}.") from error
    if not is_folder:
        found = f"{str(folder)!r} is a file, not a folder" if is_file else f"There is no folder {str(folder)!r}"
        raise InputError(f"{found}. Give the folder that holds your documents.")
    if not _is_unicode(str(folder.absolute())):
        raise InputError(f"The path of the folder {str(folder)!r} is not Unicode. Rename it.")


def _walk(folder: Path, roots: Sequence[Path], apart: dict[Path, str]) -> Iterator[tuple[str, str]]:
    """Each file below a folder as its path and the reason to skip it, empty if there is none.

    ``roots`` are the folders of the corpus; those in ``apart`` are not gone into, for the reasons there.
    """
    waiting: list[tuple[str, tuple[Patterns, ...]]] = [("", ())]
    while waiting:
        inside, rules = waiting.pop()
        try:
            entries = list(os.scandir(folder / inside))
            rules = (*rules, *_rules(folder, inside, entries))
        except OSError as error:
            yield inside or ".", f"the folder, or the patterns in it, can't be opened: {error.strerror}"
            continue
        for entry in entries:
            path = f"{inside}{entry.name}"
            if path == DESCRIPTION:
                continue  # it is read, and says what the documents are
            try:
                reason = _reason_to_skip(entry, path, rules, roots, apart)
            except OSError as error:
                reason = f"it can't be opened: {error.strerror}"
            if reason is None:
                waiting.append((f"{path}/", rules))
            else:
                yield _shown(path), reason


def _rules(folder: Path, inside: str, entries: Sequence[os.DirEntry[str]]) -> Iterator[Patterns]:
    """The patterns that are written in a folder."""
    files = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
    return (read_patterns(folder, f"{inside}{name}") for name in IGNORE_FILES if name in files)


def _reason_to_skip(
    entry: os.DirEntry[str], path: str, rules: Sequence[Patterns], roots: Sequence[Path], apart: dict[Path, str]
) -> str | None:
    """Why an entry of a folder is not read; empty if it is, None if it is a folder to go into."""
    if not _is_unicode(path):
        return "its name is not Unicode: rename it"
    if DRIVE.match(f"{entry.name}/"):
        return "its name would be a drive on Windows: rename it"
    if entry.name in IGNORE_FILES:
        return _said_of_patterns(path, rules)
    if entry.name == DESCRIPTION:
        return "hidden; only the one at the top of the folder describes the documents"
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_dir(follow_symlinks=False):
        if getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == JUNCTION:
            return "a junction to a folder, which is not followed"
        folder = Path(entry.path)
        if reason := apart.get(folder.resolve()) or ignored(f"{path}/", rules):
            return reason
        return "another index" if (folder / CURRENT).is_file() and (folder / GENERATIONS).is_dir() else None
    if reason := ignored(path, rules):
        return reason
    if entry.is_dir():
        return "a link to a folder, which is not followed"
    if not entry.is_file():
        return "not a regular file, or a link to nothing"
    if entry.is_symlink():
        target = Path(entry.path).resolve()
        if not any(root in target.parents for root in roots):
            return f"a link to {_shown(str(target))}, which is outside the folder: copy it here"
    return unsupported(path)


def _said_of_patterns(path: str, rules: Sequence[Patterns]) -> str:
    unclear = [str(number) for patterns in rules if patterns.file == path for number in patterns.unclear]
    return f"its patterns are obeyed, but for what is none in line {', '.join(unclear)}" if unclear else "hidden"


def _shown(path: str) -> str:
    """A path whose bytes that are not Unicode are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
