"""Naming: a file's name that somebody else chose becomes one that is harmless in any folder of any system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

# What Windows keeps for its devices, whatever suffix follows.
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"}
DEVICES |= {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
FORBIDDEN = re.compile(r'[<>:"|?*]')
# Controls, direction marks and other signs that can't be seen, halves of characters, and what is no character.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Bytes in UTF-8; most systems allow 255, and a number may have to follow.
LONGEST, LONGEST_SUFFIX = 200, 20


def safe_name(name: str) -> str:
    """A harmless file name as much like the given one as can be; empty where nothing of it can be used.

    It has no folders, hides nowhere, means the same on Linux, macOS and Windows, is composed Unicode (NFC) without
    signs that can't be seen, and is short enough.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in " ".join(last.split()) if unicodedata.category(letter) not in UNSEEN)
    kept = FORBIDDEN.sub("_", seen).strip(" .")
    if kept.partition(".")[0].rstrip().casefold() in DEVICES:
        kept = f"_{kept}"
    stem, suffix = _parted(kept)
    room = LONGEST - len(suffix.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + suffix


def numbered(name: str, number: int) -> str:
    """The name of one more file of that name: ``report (2).txt.gz``."""
    stem, suffix = _parted(name)
    return f"{stem} ({number}){suffix}"


def _parted(name: str) -> tuple[str, str]:
    """The name before its suffix, and the suffix, both of them where it was compressed: ``.txt.gz``."""
    suffixes = PurePosixPath(name).suffixes
    suffix = "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])
    if len(suffix.encode()) > LONGEST_SUFFIX:
        return name, ""
    return name.removesuffix(suffix), suffix
