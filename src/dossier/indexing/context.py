"""Context: what a passage alone does not say of itself; it goes into its vectors and its words, never its quote."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from dossier.indexing.embedding import Embedder
from dossier.records import Document, Passage, spoken_date

# A section without a title is known by its first sentence, so many words of it, if it has no more passages than these.
LEAD_WORDS, MOST_LED = 40, 16


def passage_contexts(passages: Sequence[Passage], documents: Sequence[Document], embedder: Embedder) -> list[str]:
    """What is put before each passage: the titles and the date it stands under, those it lacks, each on a line.

    The first sentence of its section stands in for a title that is not there. Empty where there is nothing, or where
    the model has no room for it beside the passage.
    """
    titles = {document.path: document.title for document in documents}
    leads = _leads(passages, documents)
    found = [_context(passage, titles[passage.path], lead) for passage, lead in zip(passages, leads, strict=True)]
    asked = [place for place, context in enumerate(found) if context]
    counts = embedder.count_tokens([found[place] + passages[place].text for place in asked])
    for place, count in zip(asked, counts, strict=True):
        if count > embedder.max_tokens:
            found[place] = ""
    return found


def _leads(passages: Sequence[Passage], documents: Sequence[Document]) -> list[str]:
    """The title of each passage's section, or else its first sentence; empty where the section is long."""
    starts = {document.path: [section.start for section in document.sections] for document in documents}
    sections = [(passage.path, bisect_right(starts[passage.path], passage.start)) for passage in passages]
    sizes = Counter(sections)
    first: dict[tuple[str, int], Passage] = {}
    for passage, section in zip(passages, sections, strict=True):
        first.setdefault(section, passage)
    leads = {
        section: " ".join(passage.slice(passage.sentences[0]).split()[:LEAD_WORDS])
        for section, passage in first.items()
        if sizes[section] <= MOST_LED
    }
    return [
        _lead(passage, "" if passage is first[section] else leads.get(section, ""))
        for passage, section in zip(passages, sections, strict=True)
    ]


def _lead(passage: Passage, sentence: str) -> str:
    """The title of a passage's section, or the sentence it was taken from."""
    return sentence if " ".join(passage.section.split()) in sentence else passage.section


def _context(passage: Passage, title: str, lead: str) -> str:
    parts = dict.fromkeys((title, lead, spoken_date(passage.date)))
    return "".join(f"{' '.join(part.split())}\n" for part in parts if part and part not in passage.text)
