"""Describing: what the file ``.dossier.toml`` of a folder says of its documents, checked before it is believed.

It is written by people and untrusted like the documents: what can't be taken is named with what was expected, and the
rest is taken all the same.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dossier.reading.isodate import iso_date
from dossier.reading.webfacts import is_address
from dossier.records import Corpus, Description, Document, Facts, Source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DESCRIPTION = ".dossier.toml"
# A key of n parts, with dots between them, takes the TOML parser n² steps; within these bounds a file takes seconds.
LARGEST, LONGEST_LINE, MOST_DOTS = 1_000_000, 2_000, 50
# So many characters of each text can be shown, so many questions, and so many faults are worth listing.
MOST = {"title": 300, "description": 1_000, "author": 300, "publisher": 300, "address": 2_000, "question": 300}
MOST_QUESTIONS, MOST_FAULTS = 8, 20
CORPUS_KEYS = ("title", "description", "questions", "documents")
DOCUMENT_KEYS = ("title", "author", "publisher", "date", "address")
DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
KINDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def read_description(corpus: Corpus, sources: Sequence[Source] = ()) -> Description:
    """What the folders of a corpus say of themselves and of the ``sources``, in the order of the folders.

    It raises nothing: what can't be read or taken is among the ``faults``.
    """
    exact = {source.path: source.path for source in sources}
    paths = {_composed(path): path for path in exact} | exact
    found = [_read(folder, f"{name}/" if name else "", paths) for name, folder in corpus.folders]
    return Description(
        title=" · ".join(one.title for one in found if one.title),
        text=" ".join(one.text for one in found if one.text),
        questions=tuple(dict.fromkeys(question for one in found for question in one.questions)),
        documents={path: facts for one in found for path, facts in one.documents.items()},
        files={path: digest for one in found for path, digest in one.files.items()},
        faults=tuple(fault for one in found for fault in one.faults),
    )


def describe(document: Document, facts: Facts | None) -> Document:
    """The document with what is said of it in place of what it says of itself; as it is where nothing is said."""
    if facts is None:
        return document
    sections = tuple(
        replace(one, date=facts.date or one.date, publisher=facts.publisher or one.publisher)
        for one in document.sections
    )
    return replace(
        document,
        sections=sections,
        title=facts.title or document.title,
        author=facts.author or document.author,
        address=facts.address or document.address,
    )


def _read(folder: Path, before: str, paths: Mapping[str, str]) -> Description:
    """The description in one folder, whose documents' paths begin with ``before``; empty where there is none."""
    file, place = folder / DESCRIPTION, before + DESCRIPTION
    try:
        if not os.path.lexists(file):
            return Description()
        if file.is_symlink() or not file.is_file():
            return Description(faults=(f"{place} is a link or no file, and is not read. Put the file itself there.",))
        if file.stat().st_size > LARGEST:
            return Description(faults=(f"{place} is larger than {LARGEST:,} bytes, and is not read. Shorten it.",))
        data = file.read_bytes()
    except OSError as error:
        return Description(faults=(f"{place} can't be opened: {error.strerror}.",))
    files = {place: hashlib.sha256(data).hexdigest()}
    try:
        table = _parsed(data)
    except (ValueError, RecursionError) as error:
        reason = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        return Description(files=files, faults=(f"{place} is not used: {reason}.",))
    return replace(_Reader(place).description(table, before, paths), files=files)


def _parsed(data: bytes) -> dict[str, Any]:
    """The table in a file. Raises `ValueError` with the reason where it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not in UTF-8; save it so") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise ValueError(f"line {number} has {len(line):,} characters; break it at {LONGEST_LINE:,} or before")
        if (dots := line.partition("=")[0].count(".")) > MOST_DOTS:
            raise ValueError(
                f"line {number} has {dots:,} dots where a key is expected; leave out what is over {MOST_DOTS}"
            )
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is not TOML: {error}") from None
    return table


class _Reader:
    """Takes what it can from the table of one file; what it can't stands in ``faults``."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._faults: list[str] = []

    def description(self, table: dict[str, Any], before: str, paths: Mapping[str, str]) -> Description:
        """What a file says of its folder and of the documents there."""
        self._check_keys(table, CORPUS_KEYS, self._place)
        title, text = (self._line(table, key, self._place) for key in ("title", "description"))
        questions = self._questions(table.get("questions", []))
        documents = self._documents(table.get("documents", {}), before, paths)
        more = len(self._faults) - MOST_FAULTS
        faults = [*self._faults[:MOST_FAULTS], *([f"{self._place}: {more:,} more of the kind."] if more > 0 else [])]
        return Description(title, text, questions, documents, faults=tuple(faults))

    def _questions(self, given: object) -> tuple[str, ...]:
        if not isinstance(given, list):
            self._faults.append(f'{self._place}: questions is {_kind(given)}; write a list of texts: ["…?", "…?"].')
            return ()
        if len(given) > MOST_QUESTIONS:
            self._faults.append(f"{self._place}: of {len(given):,} questions the first {MOST_QUESTIONS} are shown.")
        taken = [self._text(one, "question", self._place) for one in given[:MOST_QUESTIONS]]
        return tuple(filter(None, taken))

    def _documents(self, given: object, before: str, paths: Mapping[str, str]) -> dict[str, Facts]:
        found: dict[str, Facts] = {}
        if not isinstance(given, dict):
            self._faults.append(f'{self._place}: documents is {_kind(given)}; write a table: [documents."report.txt"].')
            return found
        for written, table in given.items():
            where = f'{self._place}, [documents."{written}"]'
            path = paths.get(before + written) or paths.get(_composed(before + written))
            if path is None:
                slashes = ", with forward slashes" if "\\" in written else ""
                self._faults.append(
                    f"{where}: there is no such document. Write its path below this folder, as status does{slashes}."
                )
            elif not isinstance(table, dict):
                self._faults.append(f"{where} is {_kind(table)}; write a table with {', '.join(DOCUMENT_KEYS)}.")
            else:
                found[path] = self._facts(table, where)
        return found

    def _facts(self, table: dict[str, Any], where: str) -> Facts:
        self._check_keys(table, DOCUMENT_KEYS, where)
        title, author, publisher, address = (
            self._line(table, key, where) for key in ("title", "author", "publisher", "address")
        )
        if address and not is_address(address):
            self._faults.append(f"{where}: the address {address!r} is none of the web; it begins with https://.")
            address = ""
        return Facts(title, author, publisher, self._date(table.get("date", ""), where), address)

    def _date(self, given: object, where: str) -> str:
        if isinstance(given, date):
            return (given.date() if isinstance(given, datetime) else given).isoformat()
        written = str(given) if isinstance(given, (str, int)) else ""
        day = iso_date(written) if DATE.fullmatch(written) else ""
        if given == "" or day:
            return day
        self._faults.append(f'{where}: the date {given!r} is none; write "2026-11-21", "2026-11" or "2026".')
        return ""

    def _line(self, table: dict[str, Any], key: str, where: str) -> str:
        return self._text(table.get(key, ""), key, where)

    def _text(self, given: object, name: str, where: str) -> str:
        """A text on one line; empty, and a fault, where it is something else or too long to be shown."""
        if not isinstance(given, str):
            self._faults.append(f'{where}: the {name} is {_kind(given)}; write a text: "…".')
            return ""
        line = " ".join(given.split())
        if len(line) > MOST[name]:
            self._faults.append(f"{where}: the {name} has {len(line):,} characters; shorten it to {MOST[name]:,}.")
            return ""
        return line

    def _check_keys(self, table: dict[str, Any], known: Sequence[str], where: str) -> None:
        for key in (key for key in table if key not in known):
            close = get_close_matches(key[:40], known, n=1)
            meant = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}."
            self._faults.append(f"{where}: the key {key!r} means nothing; {meant}")


def _kind(value: object) -> str:
    return KINDS.get(type(value), "a date or a time")


def _composed(path: str) -> str:
    """A path with its letters composed, as file systems differ in that."""
    return unicodedata.normalize("NFC", path)
