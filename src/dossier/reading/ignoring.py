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
# A star in an expression of pathspec's, and what stands between it and the next star in the same part of a path.
STAR = re.compile(r"\[\^/\]\*((?:\[\^/\](?!\*)|[^/])*?)(?=\[\^/\]\*)")


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
        except (ValueError, re.error):  # a range such as [z-a] among them
            unclear.append(number)
            continue
        if found.include is not None and found.regex is not None:
            place = f"{file}, line {number}"
            patterns.append(Pattern(written.strip(), place, _compiled(found.regex.pattern), found.include))
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


def patterns_on_the_way(folder: Path, path: str) -> list[Patterns]:
    """The patterns that may leave out a path in a folder: those of the folder and of each on the way, outer first.

    Raises `OSError` where one of their files can't be read.
    """
    ways = ["", *(path[: slash.end()] for slash in re.finditer("/", path))]
    files = [f"{way}{name}" for way in ways for name in IGNORE_FILES]
    return [read_patterns(folder, file) for file in files if _is_own_file(folder / file)]


def exact_pattern(path: str) -> str:
    """The pattern that leaves out this very path, whatever signs are in it."""
    escaped = re.sub(r"([\\*?\[\]])", r"\\\1", path)
    spaces = len(escaped) - len(escaped.rstrip(" "))
    return f"/{escaped.rstrip(' ')}" + "\\ " * spaces


def exact_path(pattern: str) -> str:
    """The path of which `exact_pattern` made a pattern; empty where it made none such."""
    path = re.sub(r"\\(.)", r"\1", pattern.removeprefix("/"))
    return path if exact_pattern(path) == pattern else ""


def _compiled(expression: str) -> re.Pattern[str]:
    """An expression for what it was for, but which tries one place for each star that another one follows: the first.

    There is no need of others, since the next star takes any rest; many stars would take longer than anybody waits.
    """
    return re.compile(
        STAR.sub(lambda star: f"(?=(?P<at{star.start()}>[^/]*?{star[1]}))(?P=at{star.start()})", expression)
    )


def _is_own_file(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _spelled_out(pattern: str) -> str:
    """A pattern in the way that pathspec takes as git does: ``a/**`` is all that is in ``a``, but not ``a`` itself."""
    return f"{pattern}/*" if pattern.endswith("/**") else pattern


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
