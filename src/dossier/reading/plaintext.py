"""Plain text: bytes become text with certainty, or with a remark, or not at all."""

from __future__ import annotations

import codecs

from dossier.errors import UnreadableError
from dossier.reading.furniture import furniture_spans
from dossier.reading.parsed import Parsed
from dossier.reading.sections import plain_sections

# UTF-32 first: its mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# charset-normalizer takes much French and German for an encoding of another part of Europe; nearly all such files are
# in this one.
WESTERN = "cp1252"
# What programs write that declare these encodings.
AS_MEANT = {"iso-8859-1": WESTERN, "latin1": WESTERN, "us-ascii": WESTERN, "iso-8859-9": "cp1254"}
LITTLE_CHAOS = 0.1
ABOUT_AS_COHERENT = 0.03


def parse_plain(data: bytes) -> Parsed:
    """The text of a plain text file, its sections, and a remark where its encoding was guessed."""
    text, remark = decode(data)
    furniture = furniture_spans(text)
    return Parsed(text, plain_sections(text, furniture), remark, furniture=furniture)


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
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"its byte order mark says {encoding.upper()}, but byte {error.start} does not fit"
        ) from None
    if "\0" in text:
        raise UnreadableError(f"its byte order mark says {encoding.upper()}, but it holds NUL, so it is not text")
    return text


def _guess(data: bytes) -> tuple[str, str]:
    """The most plausible reading; among readings about as plausible, the one in the Western encoding of Windows."""
    from charset_normalizer import from_bytes

    guesses = from_bytes(data)
    best = guesses.best()
    if best is None:
        raise UnreadableError("it is neither UTF-8 nor any other encoding that can be told from its bytes")
    western = (
        guess
        for guess in guesses
        if WESTERN in guess.could_be_from_charset
        and guess.chaos <= LITTLE_CHAOS
        and guess.coherence >= best.coherence - ABOUT_AS_COHERENT
    )
    encoding = WESTERN if any(western) else best.encoding
    return data.decode(encoding), f"read as {encoding}, a guess: save it as UTF-8 to be certain"
