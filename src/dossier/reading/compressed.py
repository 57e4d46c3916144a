"""Compressed files: what gzip packed, unpacked up to a limit."""

from __future__ import annotations

import gzip
import io
import zlib

from dossier.errors import UnreadableError

MOST_BYTES = 512 << 20


def unpacked(data: bytes) -> bytes:
    """What gzip packed. Raises `UnreadableError` where it is damaged, or larger than 512 MiB."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"it can't be unpacked: {error}") from error
    if len(found) > MOST_BYTES:
        raise UnreadableError(f"it unpacks to more than {MOST_BYTES >> 20} MiB")
    return found
