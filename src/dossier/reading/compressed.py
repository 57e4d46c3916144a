"""Compressed files: what gzip packed, unpacked up to a limit."""

from __future__ import annotations

import gzip
import io
import zlib

from dossier.errors import UnreadableError
from dossier.reading.package import HIGHEST_RATIO, MOST_BYTES, SMALL


def unpacked(data: bytes) -> bytes:
    """What gzip packed. Raises `UnreadableError` where it is damaged, or would swell beyond measure."""
    most = min(MOST_BYTES, max(SMALL, HIGHEST_RATIO * len(data)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"it can't be unpacked: {error}") from error
    if len(found) > most:
        raise UnreadableError(f"{len(data):,} bytes would unpack to more than {most:,}, like a bomb")
    return found
