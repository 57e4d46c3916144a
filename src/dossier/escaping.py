"""Escaping: texts of documents as data, in the terminal and in Markdown."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


# Characters that turn the direction of text, with which what is shown can differ from what is there.
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# Signs that mean something in Markdown wherever they stand, and those that do at the beginning of a line or of an
# address.
MARKUP = re.compile(
    r"^(\d{1,9})([.)])|[\\`*_{}\[\]()<>#|~^$!&@]|^[-+=]|:(?=//)|(?<=www)\.",
    re.IGNORECASE,
)


def escape_markdown(text: str) -> str:
    """Text of a document as Markdown that shows it as it is, on one line.

    Every sign that could begin markup, HTML, a link or a formula becomes a character reference, to which CommonMark
    gives no structure; the others stay, so that the text can be read before it is rendered too.
    """
    line = printable(" ".join(text.split()))
    return MARKUP.sub(lambda match: f"{match[1] or ''}&#{ord(match[2] or match[0])};", line)


def printable(text: str, *, lines: bool = False) -> str:
    """Text whose control characters and direction marks are shown as escapes, so that nothing obeys them.

    Line ends and tabs stay where the text may have ``lines``, as a document may and a file's name may not.
    """
    kept = "\n\r\t" if lines else ""
    return "".join(letter if letter in kept or _harmless(letter) else f"\\u{ord(letter):04x}" for letter in text)


def _harmless(letter: str) -> bool:
    return letter not in DIRECTION_MARKS and unicodedata.category(letter) not in {"Cc", "Cs"}
