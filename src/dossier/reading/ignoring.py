"""Ignoring: which files and folders the patterns in ``.gitignore`` and ``.dossierignore`` leave out, as git would."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

# Of two files in one folder, the patterns of the later have the last word.
IGNORE_FILES = (".gitignore", ".dossierignore")


@dataclass(frozen=True)
class Patterns:
    """The patterns in one ignore file, which hold below the folder ``inside``: empty, or ending with a slash.

    ``lines`` are the numbers of their lines, and ``unclear`` those of lines that are no pattern.
    """

    file: str
    inside: str
    written: tuple[str, ...]
    lines: tuple[int, ...]
    unclear: tuple[int, ...]
    spec: GitIgnoreSpec


def read_patterns(folder: Path, file: str) -> Patterns:
    """The patterns in an ignore file of a folder. Raises `OSError` where it can't be read."""
    text = (folder / file).read_bytes().decode("utf-8-sig", "replace")
    written, lines, unclear = [], [], []
    for number, line in enumerate(text.split("\n"), start=1):
        pattern = _composed(line.rstrip("\r"))
        if not pattern.strip() or pattern.startswith("#"):
            continue
        try:
            GitIgnoreSpec.from_lines([pattern])
        except ValueError:
            unclear.append(number)
            continue
        written.append(pattern)
        lines.append(number)
    spec = GitIgnoreSpec.from_lines(map(_spelled_out, written))
    inside = file[: file.rfind("/") + 1]
    return Patterns(file, inside, tuple(written), tuple(lines), tuple(unclear), spec)


def ignored(path: str, rules: Sequence[Patterns]) -> str:
    """The pattern that leaves a path out and where it is written, in words; empty if none does.

    The path of a folder ends with a slash. The last pattern that matches decides, that of an inner folder before that
    of an outer one. Letters may be composed or not, as file systems differ in that.
    """
    for patterns in reversed(rules):
        found = patterns.spec.check_file(_composed(path[len(patterns.inside) :]), separators=())
        if found.include is not None and found.index is not None:
            place = f"{patterns.file}, line {patterns.lines[found.index]}"
            return f"left out by {patterns.written[found.index].strip()!r} in {place}" if found.include else ""
    return ""


def _spelled_out(pattern: str) -> str:
    """A pattern in the way that pathspec takes as git does: ``a/**`` is all that is in ``a``, but not ``a`` itself."""
    return f"{pattern}/*" if pattern.endswith("/**") else pattern


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
