"""Checked: the digests of a generation's files, which one was looked at whole, and what its files looked like then.

Looking at every byte takes as long as reading it, so it is done when a generation is opened for the first time, and
again when any of its files looks different. The file lies beside the generations and is no part of them: without it
opening takes longer and comes to the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

from dossier.errors import BrokenIndexError
from dossier.indexing.disk import TICK, replace_file, sealed, unsealed
from dossier.records import file_digest

CHECKSUMS, CHECKED = "checksums.json", "checked.json"

# Where a file lies on which disk, its size, and when it and its entry were changed, in nanoseconds.
Looks = tuple[int, int, int, int, int]


def looks_of(folder: Path, paths: Iterable[str]) -> dict[str, Looks]:
    """What some files in a folder look like; nothing where one is missing, which no record is like."""
    found: dict[str, Looks] = {}
    for path in paths:
        try:
            stat = (folder / path).stat()
        except OSError:
            return {}
        found[path] = stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
    return found


def is_checked(index: Path, checksums: str, looks: dict[str, Looks]) -> bool:
    """Whether the generation whose list of digests has this one was found right when its files looked like this."""
    try:
        data = unsealed((index / CHECKED).read_text(encoding="utf-8"))
        known = {str(path): tuple(one) for path, one in data["files"].items()}
        return bool(looks) and data["checksums"] == checksums and known == looks
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def remember_checked(index: Path, checksums: str, looks: dict[str, Looks]) -> None:
    """Remember that a generation was found right, all of it read since its files looked like this.

    Files that were changed within the last tick of the clock might change again without looking different, and are
    looked at again next time. An index that can't be written stays as it is.
    """
    if not looks or max(max(one[3:]) for one in looks.values()) > time.time_ns() - TICK:
        return
    try:
        replace_file(index / CHECKED, sealed({"checksums": checksums, "files": looks}))
    except OSError:
        return


def read_digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a generation as it was written, by its path. Raises `BrokenIndexError`."""
    recorded = folder / CHECKSUMS
    try:
        found = json.loads(recorded.read_text(encoding="utf-8"))
        return {str(path): str(digest) for path, digest in found.items() if _inside(str(path))}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise broken(recorded, str(error)) from error


def check_file(path: Path, digest: str) -> None:
    """Raise `BrokenIndexError` where a file is not the one whose SHA-256 was written down."""
    try:
        found = file_digest(path)
    except (OSError, ValueError) as error:
        raise broken(path, getattr(error, "strerror", None) or str(error)) from error
    if found != digest:
        raise broken(path, f"its SHA-256 is {found[:12]}… where {digest[:12]}… was written")


def check_digests(folder: Path, checksums: str) -> None:
    """Raise `BrokenIndexError` where a file of a generation, or the list of their digests, is not as it was written."""
    check_file(folder / CHECKSUMS, checksums)
    for path, digest in read_digests(folder).items():
        check_file(folder / path, digest)


def broken(path: Path, reason: str) -> BrokenIndexError:
    """What is said of an index of which a file is damaged."""
    return BrokenIndexError(f"The index is damaged: {path} ({reason}). Build it again: dossier build FOLDER")


def _inside(path: str) -> bool:
    """Whether a path that was written down stays in its folder. Raises `ValueError` where it does not."""
    if ".." in path.split("/") or path.startswith("/") or ":" in path or "\\" in path:
        raise ValueError(f"{path!r} leads out of the folder")
    return True
