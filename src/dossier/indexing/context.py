"""Context: what a passage alone does not say of itself; it goes into its vectors and its words, never its quote."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.indexing.embedding import Embedder
from dossier.records import Document, Passage

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def passage_contexts(passages: Sequence[Passage], documents: Sequence[Document], embedder: Embedder) -> list[str]:
    """What is put before each passage: the titles and the date it stands under, those it lacks, each on a line.

    Empty where there are none, or where the model has no room for them beside the passage.
    """
    titles = {document.path: document.title for document in documents}
    found = [_context(passage, titles[passage.path]) for passage in passages]
    asked = [place for place, context in enumerate(found) if context]
    counts = embedder.count_tokens([found[place] + passages[place].text for place in asked])
    for place, count in zip(asked, counts, strict=True):
        if count > embedder.max_tokens:
            found[place] = ""
    return found


def _context(passage: Passage, title: str) -> str:
    parts = dict.fromkeys((title, passage.section, _spoken(passage.date)))
    return "".join(f"{' '.join(part.split())}\n" for part in parts if part and part not in passage.text)


def _spoken(date: str) -> str:
    """A date as it is said: ``21 November 2026``, or what of it is known."""
    year, month, day = [*date.removeprefix("-").split("-"), "", ""][:3]
    return " ".join(part for part in (day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year) if part)
