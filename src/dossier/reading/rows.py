"""Rows: a record with named fields, from a table or a line of JSON, becomes a section of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dossier.reading.isodate import iso_date
from dossier.reading.manuscript import Manuscript

TEXTS = ("text", "content", "body", "abstract", "article", "description", "message", "passage", "contents", "full_text")
TITLES = ("title", "headline", "subject", "name", "heading")
DATES = ("date", "published", "date_published", "publication_date", "published_at", "created_at", "created", "pubdate")


def text_field(names: list[str]) -> str | None:
    """Which of some fields holds the text, by its name; None where none does."""
    return _first(names, TEXTS)


def left_out(names: list[str], text: str) -> list[str]:
    """Which of some fields are not read where one holds the text: all but that, the title and the date."""
    read = (text, _first(names, TITLES), _first(names, DATES))
    return [name for name in names if name not in read]


def write_row(manuscript: Manuscript, number: int, fields: Mapping[str, str], text: str | None) -> bool:
    """Whether a record was written as a section: its title, then its text.

    Its title and date come from the fields of such a name; a date that is none to a program is written above the text.
    Without a text field it is written as ``name: value; …``.
    """
    names = list(fields)
    title, date = _first(names, TITLES), _first(names, DATES)
    heading = fields[title] if title is not None and title != text else ""
    listed = "; ".join(f"{name}: {value}" for name, value in fields.items() if value.strip())
    body = fields[text] if text is not None else listed
    if not (body.strip() or heading.strip()):
        return False
    manuscript.mark("row", number)
    day = iso_date(fields[date]) if date is not None else ""
    manuscript.section(heading, date=day)
    if text is not None:
        manuscript.write(heading)
        if date is not None and not day:
            manuscript.write(fields[date])
    manuscript.write(body)
    return True


def said(which: Sequence[object], what: str) -> str:
    """``lines that are not JSON: 3, 9``, with the first few numbers or names; empty for none."""
    if not which:
        return ""
    first = ", ".join(map(str, which[:5]))
    return f"{what}: {first}{f' … ({len(which)} in all)' if len(which) > 5 else ''}"


def _first(names: list[str], wanted: tuple[str, ...]) -> str | None:
    """The field whose name comes first among those wanted, whatever its case."""
    lower = {name.strip().lower().replace(" ", "_").lstrip("_"): name for name in reversed(names)}
    return next((lower[name] for name in wanted if name in lower), None)
