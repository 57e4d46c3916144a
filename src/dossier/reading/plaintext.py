"""Plain text: bytes become text with certainty, or with a remark, or not at all."""

from __future__ import annotations

import codecs

from dossier.errors import UnreadableError
from dossier.reading.sections import plain_sections
from dossier.records import Section

# UTF-32 first: its mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def parse_plain(data: bytes) -> tuple[str, tuple[Section, ...], str]:
    """The text of a plain text file, its sections, and a remark where its encoding was guessed."""
    text, remark = decode(data)
    return text, plain_sections(text), remark


def decode(data: bytes) -> tuple[str, str]:
    """The text in some bytes, without its byte order mark, and a remark if the encoding is a guess.

    A byte order mark or valid UTF-8 settles the encoding; otherwise charset-normalizer's best guess is taken and
    said. Line ends stay as they are. Raises `UnreadableError` where the bytes are not text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decode_strictly(data, encoding), ""
    if b"\0" in data:
        raise UnreadableError("it holds NUL bytes, so it is not text")
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return _guess(data)


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"its byte order mark says {encoding.upper()}, but byte {error.start} does not fit"
        ) from None


def _guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    guess = from_bytes(data).best()
    if guess is None:
        raise UnreadableError("it is neither UTF-8 nor any other encoding that can be told from its bytes")
    return data.decode(guess.encoding), f"read as {guess.encoding}, a guess: save it as UTF-8 to be certain"
