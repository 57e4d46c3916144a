"""Generations: how an index lies on disk, so that a reader sees the old one or the new one and never a mixture.

An index folder holds ``generations/NAME/``, one for each build, with the SHA-256 of every file in it; the file
``CURRENT`` names the one that counts. Publishing replaces that file at one stroke, after everything it stands for has
been written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from dossier.errors import BrokenIndexError, NoIndexError, StorageError
from dossier.records import file_digest

Loaded = TypeVar("Loaded")

CURRENT = "CURRENT"
GENERATIONS = "generations"
CHECKSUMS = "checksums.json"
LOCK = ".lock"
UNFINISHED = ".unfinished-"
# What this module names itself, and so what it may remove.
NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
UNFINISHED_NAME = re.compile(r"\.unfinished-(\d{8}T\d{12}-)?[0-9a-f]{8}")
KEPT = 2
ABANDONED_AFTER = 24 * 3600.0


def current(index: Path) -> str:
    """The name of the generation that counts. Raises `NoIndexError` where nothing has been built yet."""
    return _read_current(index)[0]


def folder_of(index: Path, generation: str) -> Path:
    """Where the files of a generation are."""
    return index / GENERATIONS / generation


def open_current(index: Path, load: Callable[[Path], Loaded]) -> tuple[str, Loaded]:
    """The name of the generation that counts, and what ``load`` made of its folder once every byte in it was checked.

    A build may remove a generation while it is read; then the one after it is read. Raises `NoIndexError` where there
    is none and `BrokenIndexError` where a file is missing, is not what was written, or can't be loaded.
    """
    while True:
        name, checksums = _read_current(index)
        try:
            return name, load(_checked(index, name, checksums))
        except BrokenIndexError:
            if current(index) == name:
                raise


def _checked(index: Path, name: str, checksums: str) -> Path:
    """The folder of a generation, every byte of it compared with what was written."""
    folder = folder_of(index, name)
    recorded = folder / CHECKSUMS
    _compare(recorded, checksums)
    try:
        digests = dict(json.loads(recorded.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise _broken(recorded, str(error)) from error
    for path, digest in digests.items():
        _compare(folder / path, str(digest))
    return folder


def prepare(index: Path) -> None:
    """Make sure that an index can be written before long work begins. Raises `StorageError` where it can't."""
    probe = index / GENERATIONS / f"{UNFINISHED}{secrets.token_hex(4)}"
    try:
        probe.mkdir(parents=True)
        probe.rmdir()
    except OSError as error:
        raise _unwritable(index, error) from error


def publish(index: Path, write: Callable[[Path], None]) -> str:
    """The name of a new generation whose files ``write`` put into the folder it was given.

    Until the very last step the index is what it was before, and if any step fails it stays so. Of two builds that end
    together one publishes after the other. Raises `StorageError` where the folder can't be written.
    """
    name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    beside = index / GENERATIONS / f"{UNFINISHED}{name}"
    try:
        beside.mkdir(parents=True)
        write(beside)
        checksums = _record(beside)
        with FileLock(index / LOCK):
            beside.rename(folder_of(index, name))
            replace_file(index / CURRENT, json.dumps({"generation": name, "checksums": checksums}) + "\n")
            _prune(index, name)
    except OSError as error:
        raise _unwritable(index, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return name


def _read_current(index: Path) -> tuple[str, str]:
    path = index / CURRENT
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _plain_name(data["generation"]), data["checksums"]
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndexError(
            f"There is no index in {str(index)!r} yet. Build one: dossier build FOLDER --index {index}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _broken(path, str(error)) from error


def _plain_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} names no generation")
    return name


def _record(folder: Path) -> str:
    """The digest of the list of the digests of all files in a folder; the list is written, and all flushed to disk."""
    digests = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        digests[path.relative_to(folder).as_posix()] = file_digest(path)
    text = json.dumps(digests, indent=1)
    _write(folder / CHECKSUMS, text)
    return hashlib.sha256(text.encode()).hexdigest()


def replace_file(path: Path, text: str) -> None:
    """Put a file with a text in place of another at one stroke."""
    beside = path.with_name(f"{UNFINISHED}{secrets.token_hex(4)}")
    _write(beside, text)
    beside.replace(path)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _compare(path: Path, digest: str) -> None:
    try:
        found = file_digest(path)
    except (OSError, ValueError) as error:
        raise _broken(path, getattr(error, "strerror", None) or str(error)) from error
    if found != digest:
        raise _broken(path, f"its SHA-256 is {found[:12]}… where {digest[:12]}… was written")


def _broken(path: Path, reason: str) -> BrokenIndexError:
    return BrokenIndexError(f"The index is damaged: {path} ({reason}). Build it again: dossier build FOLDER")


def _unwritable(index: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The index can't be written to {str(index)!r}: {error.strerror or error}. What was there is as it was. "
        "Free some space, mend its permissions, or choose another folder with --index."
    )


def _prune(index: Path, newest: str) -> None:
    """Remove all but the newest generations, and what a killed build left behind long ago.

    What can't be removed, since a reader has it open on Windows, goes with a later build.
    """
    generations = sorted(path for path in (index / GENERATIONS).iterdir() if NAME.fullmatch(path.name))
    for path in [path for path in generations if path.name != newest][: -(KEPT - 1)]:
        shutil.rmtree(path, ignore_errors=True)
    for path in [*index.iterdir(), *(index / GENERATIONS).iterdir()]:
        if UNFINISHED_NAME.fullmatch(path.name) and _age(path) > ABANDONED_AFTER:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """The seconds since a path was changed; none where another build has just removed it."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
