"""Ignoring: which files and folders the patterns in ``.gitignore`` and ``.dossierignore`` leave out, as git would."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# Of two files in one folder, the patterns of the later have the last word.
IGNORE_FILES = (".gitignore", ".dossierignore")


@dataclass(frozen=True)
class Pattern:
    """One pattern, where it is written, and what it is an expression for: paths below its folder, as git has them."""

    written: str
    place: str
    expression: re.Pattern[str]
    leaves_out: bool

    def matches(self, path: str) -> bool:
        """Whether the pattern is of this path, and not of a folder on the way to it: that one has had its turn."""
        name = path.rstrip("/").rfind("/") + 1
        return bool(self.expression.fullmatch(path) or self.expression.search(path, name))


@dataclass(frozen=True)
class Patterns:
    """The patterns in one ignore file, in order; they hold below the folder ``inside``: empty, or ending with a slash.

    ``unclear`` are the numbers of the lines that are no pattern.
    """

    file: str
    inside: str
    patterns: tuple[Pattern, ...]
    unclear: tuple[int, ...]


def read_patterns(folder: Path, file: str) -> Patterns:
    """The patterns in an ignore file of a folder. Raises `OSError` where it can't be read."""
    text = (folder / file).read_bytes().decode("utf-8-sig", "replace")
    patterns, unclear = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        written = _composed(line.rstrip("\r"))
        try:
            found = GitIgnoreSpecPattern(_spelled_out(written))
        except ValueError:
            unclear.append(number)
            continue
        if found.include is not None and found.regex is not None:
            place = f"{file}, line {number}"
            patterns.append(Pattern(written.strip(), place, re.compile(found.regex.pattern), found.include))
    return Patterns(file, file[: file.rfind("/") + 1], tuple(patterns), tuple(unclear))


def ignored(path: str, rules: Sequence[Patterns]) -> str:
    """The pattern that leaves a path out and where it is written, in words; empty if none does.

    The path of a folder ends with a slash. The last pattern that matches decides, that of an inner folder before that
    of an outer one; what lies in a folder that is left out is never asked about. Letters may be composed or not, as
    file systems differ in that.
    """
    for patterns in reversed(rules):
        inside = _composed(path[len(patterns.inside) :])
        for pattern in reversed(patterns.patterns):
            if pattern.matches(inside):
                return f"left out by {pattern.written!r} in {pattern.place}" if pattern.leaves_out else ""
    return ""


def _spelled_out(pattern: str) -> str:
    """A pattern in the way that pathspec takes as git does: ``a/**`` is all that is in ``a``, but not ``a`` itself."""
    return f"{pattern}/*" if pattern.endswith("/**") else pattern


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
