"""References: a quote and its source in the forms that people paste elsewhere; pure functions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from dossier.escaping import escape_markdown, printable

# What means something to TeX.
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


@dataclass(frozen=True)
class Reference:
    """A quote, what is known of its source, and where in it the quote stands; empty where nothing is known.

    ``date`` is in ISO 8601, as precise as is known; ``place`` is in words. ``container`` is the title of the whole
    where ``title`` is that of a part.
    """

    quote: str
    title: str
    path: str
    place: str
    date: str = ""
    publisher: str = ""
    address: str = ""
    author: str = ""
    container: str = ""

    @property
    def key(self) -> str:
        """A name for it: the first words of its title and its year."""
        words = re.findall(r"[a-z0-9]+", self.title.lower())[:3]
        return "-".join([*words, self.date[:4]] if self.date else words) or "source"


def as_text(reference: Reference) -> str:
    """The quote, then its source on a line of its own."""
    return f"“{_line(reference.quote)}”\n{_source(reference)}"


def as_markdown(reference: Reference) -> str:
    """The quote as a block quote, with its source below."""
    return f"> {escape_markdown(reference.quote)}\n>\n> — {escape_markdown(_source(reference))}"


def as_bibtex(reference: Reference) -> str:
    """An entry of BibTeX, with the quote as its annotation."""
    year, _, rest = reference.date.partition("-")
    month = rest[:2]
    fields = {
        "author": f"{{{_tex(reference.author)}}}" if reference.author else "",  # one name, however many words it has
        "title": _tex(reference.title),
        "howpublished": _tex(". ".join(filter(None, (reference.container, reference.publisher)))),
        "year": year,
        "month": month.lstrip("0"),
        "url": _tex(reference.address),
        "note": _tex(f"{reference.path}, {reference.place}"),
        "annote": _tex(f"“{_line(reference.quote)}”"),
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{reference.key},\n{rows}}}"


def as_csl(reference: Reference) -> str:
    """A list of one item in CSL-JSON, which reference managers import."""
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "webpage" if reference.address else "document",
        "author": [{"literal": _line(reference.author)}] if reference.author else None,
        "title": _line(reference.title),
        "container-title": _line(reference.container),
        "publisher": _line(reference.publisher),
        "issued": {"date-parts": [[int(part) for part in reference.date.split("-")]]} if _dated(reference) else None,
        "URL": reference.address,
        "source": f"{printable(reference.path)}, {reference.place}",
        "note": f"“{_line(reference.quote)}”",
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2)


def _source(reference: Reference) -> str:
    named = reference.title if reference.title != reference.path else ""
    place = f"{reference.path}, {reference.place}"
    parts = [
        reference.author,
        named,
        reference.container,
        reference.publisher,
        reference.date,
        place,
        reference.address,
    ]
    return ". ".join(_line(part).rstrip(".") for part in parts if part)


def _dated(reference: Reference) -> bool:
    return re.fullmatch(r"\d{4}(-\d{2}){0,2}", reference.date) is not None


def _line(text: str) -> str:
    return printable(" ".join(text.split()))


def _tex(text: str) -> str:
    return "".join(TEX.get(letter, letter) for letter in _line(text))
