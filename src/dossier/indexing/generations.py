"""Generations: how an index lies on disk, so that a reader sees the old one or the new one and never a mixture.

An index folder holds ``generations/NAME/``, one for each build, with the SHA-256 of every file in it; the file
``CURRENT`` names the one that counts. Publishing replaces that file at one stroke, after everything it stands for has
been written, flushed to the disk, read back and found right. One builder is at work at a time; readers never wait.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from dossier.errors import BrokenIndexError, InputError, NoIndexError, StorageError
from dossier.indexing.checked import (
    CHECKSUMS,
    broken,
    check_digests,
    check_file,
    is_checked,
    looks_of,
    read_digests,
    remember_checked,
)
from dossier.indexing.disk import UNFINISHED, flush_file, flush_folder, patiently, replace_file, write_file
from dossier.records import CURRENT, GENERATIONS, file_digest

Loaded = TypeVar("Loaded")
Written = TypeVar("Written")

LOCK = ".lock"
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


def generations(index: Path) -> list[str]:
    """The names of the generations that are kept, oldest first."""
    try:
        found = [path.name for path in (index / GENERATIONS).iterdir() if NAME.fullmatch(path.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found)


def published(generation: str) -> datetime:
    """When a generation was written, in UTC, as its name says."""
    return datetime.strptime(generation.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=timezone.utc)


def open_current(
    index: Path,
    load: Callable[[Path], Loaded],
    *,
    check: Callable[[Path], object] | None = None,
    anew: bool = False,
) -> tuple[str, Loaded]:
    """The name of the generation that counts, and what ``load`` made of its folder once it was found right.

    Every byte is compared with its digest, and ``check`` looks at the folder; that it was found right is then
    remembered, and neither is done again for as long as its files look the same; ``anew`` compares the bytes even so,
    as whoever builds on them must, since a disk may rot without a look. A build may remove a generation while
    it is read; then the one after it is read. Raises `NoIndexError` where there is none and `BrokenIndexError` where a
    file is missing, is not what was written, or can't be loaded.
    """
    while True:
        name, checksums = _read_current(index)
        try:
            folder = folder_of(index, name)
            check_file(folder / CHECKSUMS, checksums)
            looks = looks_of(folder, [CHECKSUMS, *read_digests(folder)])
            known = is_checked(index, checksums, looks)
            if anew or not known:
                check_digests(folder, checksums)
            if check is not None and not known:
                check(folder)
                remember_checked(index, checksums, looks)
            return name, load(folder)  # anew, without what checking it left in memory
        except BrokenIndexError:
            if current(index) == name:
                raise


@contextmanager
def one_builder(index: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Keep all other builders of an index away, in this process and in others; where one is at work, wait for it.

    ``waiting`` is called once before that. The lock is the operating system's, which takes it from a process that is
    killed; what a killed build left unfinished is removed. Raises `StorageError` where the folder can't be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waiting()
            lock.acquire()
        for path in (index / GENERATIONS).glob(f"{UNFINISHED}*"):
            if UNFINISHED_NAME.fullmatch(path.name):
                shutil.rmtree(path, ignore_errors=True)
    except OSError as error:
        raise _unwritable(index, error) from error
    try:
        yield
    finally:
        with suppress(OSError):  # then it goes with this process
            lock.release()


def prepare(index: Path) -> None:
    """Make sure that an index can be written before long work begins. Raises `StorageError` where it can't."""
    probe = index / GENERATIONS / f"{UNFINISHED}{secrets.token_hex(4)}"
    try:
        probe.mkdir(parents=True)
        probe.rmdir()
    except OSError as error:
        raise _unwritable(index, error) from error


def publish(
    index: Path, write: Callable[[Path], Written], *, check: Callable[[Path], object], keep: int = KEPT
) -> tuple[str, Written]:
    """The name of a new generation whose files ``write`` put into the folder it was given, and what it returned.

    It is for `one_builder` only. ``check`` is given the folder once it is on the disk and raises `BrokenIndexError`
    where it is not as it should be. Until the very last step the index is what it was before, and if any step fails
    it stays so. ``keep`` generations remain, the one before this among them if more than one. Raises `StorageError`
    where the folder can't be written.
    """
    name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    beside = index / GENERATIONS / f"{UNFINISHED}{name}"
    try:
        beside.mkdir(parents=True)
        written = write(beside)
        checksums = _record(beside)
        looks = looks_of(beside, [CHECKSUMS, *read_digests(beside)])
        check_digests(beside, checksums)
        check(beside)
        patiently(lambda: beside.rename(folder_of(index, name)))
        flush_folder(index / GENERATIONS)
        before = _replace_current(index, name, checksums)
        remember_checked(index, checksums, looks)
    except OSError as error:
        raise _unwritable(index, error) from error
    except BrokenIndexError as error:
        raise StorageError(
            f"What was written to {str(index)!r} is not what was built ({error}) The index is as it was. "
            "Try again; if it happens again, check the disk or choose another folder with --index."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _prune(index, name, before, keep)
    return name, written


def roll_back(index: Path, check: Callable[[Path], object], generation: str | None = None) -> str:
    """Make an earlier generation the one that counts: the one before it, or one that is named. Returns its name.

    It is checked first, every byte and by ``check``. Raises `InputError` where there is no such generation and
    `BrokenIndexError` where it is not sound; the index then stays as it was.
    """
    try:
        now = current(index)
    except (BrokenIndexError, NoIndexError):  # CURRENT itself is damaged or gone: everything else may be sound
        now = ""
    kept = generations(index)
    earlier = [name for name in kept if name < now or not now]
    chosen = generation or (earlier[-1] if earlier else "")
    if chosen not in kept:
        which = f"no generation {generation!r}" if generation else "no generation before the one that counts"
        raise InputError(f"{str(index)!r} keeps {which}. It keeps: {', '.join(kept) or 'none'}.")
    folder = folder_of(index, chosen)
    try:
        checksums = file_digest(folder / CHECKSUMS)
        check_digests(folder, checksums)
        check(folder)
        _replace_current(index, chosen, checksums)
    except OSError as error:
        raise _unwritable(index, error) from error
    return chosen


def _read_current(index: Path) -> tuple[str, str]:
    path = index / CURRENT
    try:
        text = patiently(lambda: path.read_text(encoding="utf-8"))
        data = json.loads(text)
        name, checksums = _plain_name(data["generation"]), str(data["checksums"])
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndexError(
            f"There is no index in {str(index)!r} yet. Build one: dossier build FOLDER --index {index}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise broken(path, str(error)) from error
    if text != _pointer(name, checksums):
        raise broken(path, "it is not what was written")
    return name, checksums


def _replace_current(index: Path, name: str, checksums: str) -> str:
    """Let ``CURRENT`` name a generation; what it named before, or nothing."""
    try:
        before = current(index)
    except (NoIndexError, BrokenIndexError):
        before = ""
    replace_file(index / CURRENT, _pointer(name, checksums))
    return before


def _pointer(name: str, checksums: str) -> str:
    return json.dumps({"generation": name, "checksums": checksums}) + "\n"


def _plain_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} names no generation")
    return name


def _record(folder: Path) -> str:
    """The digest of the list of the digests of all files in a folder.

    The list is written, and all is flushed to the disk: the files, then the folders that name them.
    """
    digests, folders = {}, [folder]
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            folders.append(path)
            continue
        flush_file(path)
        digests[path.relative_to(folder).as_posix()] = file_digest(path)
    text = json.dumps(digests, indent=1)
    write_file(folder / CHECKSUMS, text)
    for one in reversed(folders):
        flush_folder(one)
    return hashlib.sha256(text.encode()).hexdigest()


def _unwritable(index: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The index can't be written to {str(index)!r}: {error.strerror or error}. What was there is as it was. "
        "Free some space, mend its permissions, or choose another folder with --index."
    )


def _prune(index: Path, now: str, before: str, keep: int) -> None:
    """Remove all but so many generations, and what was left behind long ago.

    Before all the one that counts stays, then the one before it, whatever the clock says; then the newest. What can't
    be removed, since a reader has it open on Windows, goes with a later build. A generation loses its name first, so
    that there is never half of one.
    """
    for name in sorted(generations(index), key=lambda name: (name == now, name == before, name))[: -max(keep, 1)]:
        with suppress(OSError):
            shutil.rmtree(folder_of(index, name).rename(index / GENERATIONS / f"{UNFINISHED}{name}"))
    for path in index.glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            if UNFINISHED_NAME.fullmatch(path.name) and time.time() - path.stat().st_mtime > ABANDONED_AFTER:
                path.unlink()
