"""What a parser makes of the bytes of a file, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.records import Landmark, Section, Span


@dataclass(frozen=True)
class Parsed:
    """A text and what its format says of it; the fields are those of `Document`.

    ``sections`` tile the text and carry what the format knows of them: headings, a date, a publisher. ``furniture``
    is what the format itself marks as such.
    """

    text: str
    sections: tuple[Section, ...]
    remark: str = ""
    landmarks: tuple[Landmark, ...] = ()
    furniture: tuple[Span, ...] = ()
    title: str = ""
    address: str = ""
