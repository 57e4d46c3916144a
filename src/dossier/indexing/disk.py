"""Disk: what is written is flushed before anything relies on it, and replaces what was there at one stroke."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Done = TypeVar("Done")

UNFINISHED = ".unfinished-"
# Windows refuses for a moment to move what somebody reads, a virus scanner for instance: seconds to try again.
PATIENCE = 5.0
# A file may change again without looking different while its clock shows the same time, in nanoseconds. FAT's ticks are
# the longest.
TICK = 2_000_000_000
# How a file system says that it has no flushing of folders.
NOT_OFFERED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


def replace_file(path: Path, text: str, errors: str = "strict") -> None:
    """Put a file with a text in place of another at one stroke; it is on the disk when this returns.

    ``errors`` says what becomes of what is no text, as `str.encode` has it.
    """
    _replace(path, lambda beside: write_file(beside, text, errors))
    flush_folder(path.parent)


def replace_bytes(path: Path, data: bytes) -> None:
    """Put a file with some bytes in place of another at one stroke; it is on the disk some time later."""
    _replace(path, lambda beside: beside.write_bytes(data))


def write_file(path: Path, text: str, errors: str = "strict") -> None:
    """Write a text and flush it to the disk."""
    with path.open("w", encoding="utf-8", errors=errors, newline="\n") as file:
        file.write(text)
        file.flush()
        _flush(file.fileno())


def flush_file(path: Path) -> None:
    """Flush a file that was written before to the disk."""
    with path.open("rb+") as file:
        _flush(file.fileno())


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk; Windows has no such thing and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise
    finally:
        os.close(handle)


def patiently(act: Callable[[], Done]) -> Done:
    """What an act on a file comes to, tried again for a while where Windows has it refused for now."""
    last = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > last:
                raise
            time.sleep(0.02)


def sealed(data: Any) -> str:
    """Data as JSON on a line, and the SHA-256 of that line on the next."""
    text = json.dumps(data)
    return f"{text}\n{hashlib.sha256(text.encode()).hexdigest()}\n"


def unsealed(text: str) -> Any:
    """The data that `sealed` made a text of. Raises `ValueError` where the text is not, to the letter, such a one."""
    line, _, rest = text.partition("\n")
    if rest != f"{hashlib.sha256(line.encode('utf-8', 'replace')).hexdigest()}\n":
        raise ValueError("it is not what was written")
    return json.loads(line)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    beside = path.with_name(f"{UNFINISHED}{secrets.token_hex(4)}")
    try:
        write(beside)
        patiently(lambda: beside.replace(path))
    finally:
        beside.unlink(missing_ok=True)


def _flush(handle: int) -> None:
    """Flush an open file; on macOS past the drive's own cache, where fsync stops."""
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        except OSError:  # some network drives have none
            os.fsync(handle)
    else:
        os.fsync(handle)
