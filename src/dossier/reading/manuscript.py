"""The manuscript: a parser writes a text into it paragraph by paragraph, and takes a `Parsed` out of it."""

from __future__ import annotations

import re
from dataclasses import replace

from dossier.reading.parsed import Parsed
from dossier.reading.sections import plain_sections, tile
from dossier.records import Landmark, LandmarkKind, Span

# What can't be written in UTF-8, and control codes, which no text holds.
NO_CHARACTER = re.compile("[\0-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
OTHER_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


class Manuscript:
    """A text in the making: paragraphs, a blank line between them, with its headings, landmarks and furniture.

    With ``count_paragraphs`` each paragraph that is no furniture becomes a landmark, numbered from 1.
    """

    def __init__(self, *, count_paragraphs: bool = False) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._counts = count_paragraphs
        self._paragraphs = 0
        self._borders: list[tuple[int, str, str]] = []
        self._opened: tuple[str, str] | None = None
        self._mark: tuple[LandmarkKind, int] | None = None
        self._landmarks: list[Landmark] = []
        self._furniture: list[Span] = []
        self._remarks: list[str] = []
        self._replaced = 0

    def write(self, text: str, *, glue: str = "\n\n", furniture: bool = False) -> bool:
        """Whether a paragraph was written: one of white space alone is not. ``glue`` joins it to what stands before.

        Line ends become line feeds; control codes and halves of surrogate pairs become U+FFFD, and `parsed` says so.
        """
        text, replaced = NO_CHARACTER.subn("\ufffd", OTHER_LINE_END.sub("\n", text).strip())
        if not text:
            return False
        self._replaced += replaced
        if self._parts:
            self._append(glue)
        if self._opened is not None and not furniture:
            self._borders.append((self._length, *self._opened))
            self._opened = None
        self._landmark(glue, furniture)
        if furniture:
            self._furniture.append((self._length, self._length + len(text)))
        self._append(text)
        return True

    def heading(self, text: str, *, date: str = "") -> None:
        """Write a heading, at which a section of that title begins."""
        if text.strip():
            self.section(text, date=date)
            self.write(text)

    def section(self, title: str = "", *, date: str = "") -> None:
        """Let a section begin with the next paragraph, its title on one line and of characters alone."""
        self._opened = " ".join(NO_CHARACTER.sub("\ufffd", title).split()), date

    def mark(self, kind: LandmarkKind, number: int) -> None:
        """Let a landmark stand where the next text begins, unless it or a later one stands already."""
        if not self._landmarks or self._landmarks[-1].number < number:
            self._mark = kind, number

    def remark(self, text: str) -> None:
        """Say something of how the text was had; the same is said once, and nothing is not said."""
        if text and text not in self._remarks:
            self._remarks.append(text)

    def parsed(self, *, title: str = "", address: str = "", date: str = "", publisher: str = "") -> Parsed:
        """The text and all that is known of it. Where no section was begun, sections are what they look like."""
        text = "".join(self._parts)
        if self._replaced:
            self.remark(
                f"{self._replaced} characters that are none (control codes, half a surrogate pair) became U+FFFD"
            )
        if sum(end - start for start, end in self._furniture) >= len(text.replace("\n", "")):
            self._furniture = []  # a page of nothing but menus is a page all the same
        tiles = tile([(start, heading) for start, heading, _ in self._borders], len(text))
        if not self._borders and not self._furniture:
            tiles = plain_sections(text)
        dates = {start: own for start, _, own in self._borders}
        return Parsed(
            text=text,
            sections=tuple(
                replace(section, date=dates.get(section.start, "") or date, publisher=publisher) for section in tiles
            ),
            remark="; ".join(self._remarks),
            landmarks=tuple(self._landmarks),
            furniture=tuple(self._furniture),
            title=" ".join(NO_CHARACTER.sub("\ufffd", title).split()),
            address=address,
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _landmark(self, glue: str, furniture: bool) -> None:
        if self._counts and not furniture and "\n" in glue:
            self._paragraphs += 1
            self._mark = "paragraph", self._paragraphs
        if self._mark is not None:
            self._landmarks.append(Landmark(self._length, *self._mark))
            self._mark = None
