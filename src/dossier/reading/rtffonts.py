"""Fonts of RTF: in which encoding the bytes of each are read, from what the header of a file says of them."""

from __future__ import annotations

import codecs

# The encoding of a font by its charset, where it is not that of the file.
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
# The code page that Python has under another name.
MAC, MAC_PAGE = "mac_roman", 10000
# The words that say which encoding is meant from there on.
SAYING = frozenset(("f", "fcharset", "deff", "plain", "ansicpg", "cpg", "mac"))


class Fonts:
    """The encodings of a file and its fonts, as far as they were said; Western Europe's where nothing is."""

    def __init__(self) -> None:
        self._file = "cp1252"
        self._of: dict[int, str] = {}
        self._last = 0
        self._default: int | None = None

    @property
    def default(self) -> str | None:
        """The encoding of the font that a text has of itself; None where that was not said."""
        return None if self._default is None else self._encoding(self._default)

    def said(self, word: str, number: int | None) -> str | None:
        """The encoding after one of the words `SAYING`; None where it stays as it is."""
        if word == "plain":
            return self.default
        if word == "mac":
            self._file = MAC
            return self._file
        if number is None:
            return None
        if word == "f":
            self._last = number
            return self._encoding(number)
        if word == "deff":
            self._default = number
        elif word == "fcharset" and number in CHARSETS:
            self._of[self._last] = CHARSETS[number]
        elif word in ("ansicpg", "cpg") and (page := _code_page(number)):
            if word == "ansicpg":
                self._file = page
            else:
                self._of[self._last] = page
            return page
        return None

    def _encoding(self, font: int) -> str:
        return self._of.get(font, self._file)


def _code_page(number: int) -> str:
    """Python's name for a code page; empty where it knows none."""
    try:
        return codecs.lookup(MAC if number == MAC_PAGE else f"cp{number}").name
    except LookupError:
        return ""
