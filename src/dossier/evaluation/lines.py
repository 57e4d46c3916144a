"""Lines: the files of questions and judgments, read one line at a time; what is wrong is said with file and line."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dossier.errors import InputError


@dataclass(frozen=True)
class Line:
    """One JSON object of a file, and where it stands there; lines count from 1."""

    path: Path
    number: int
    data: dict[str, Any]

    def text(self, key: str) -> str:
        """The text under a key, as it is. Raises `InputError` where there is none or it is blank."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key!r} is {reprlib.repr(value)}; it must be a text that is not empty")
        return value

    def objects(self, key: str) -> list[Line]:
        """The objects in the list under a key, none where it is left out. Raises `InputError` where it is no list."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key!r} is {reprlib.repr(value)}; it must be a list of objects")
        return [Line(self.path, self.number, item) for item in value]

    def error(self, what: str) -> InputError:
        """The error that says what is wrong with this line."""
        return wrong_line(self.path, self.number, what)


def json_lines(path: Path) -> Iterator[Line]:
    """The objects of a file of JSON lines, in order.

    Raises `InputError` where the file can't be read or a line is something else.
    """
    for number, text in numbered_lines(path):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise wrong_line(path, number, f"it is not JSON ({error})") from None
        if not isinstance(data, dict):
            raise wrong_line(path, number, f"it is {reprlib.repr(data)}, not a JSON object")
        yield Line(path, number, data)


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file that are not blank, each after its number. Raises `InputError` where it is none."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield number, text
    except UnicodeDecodeError:
        raise wrong_line(path, number, "it is not UTF-8 text") from None
    except OSError as error:
        raise InputError(f"{str(path)!r} can't be read ({error.strerror}).") from None


def wrong_line(path: Path, number: int, what: str) -> InputError:
    """The error that says what is wrong with a line of a file."""
    return InputError(f"{path}, line {number}: {what}.")
