"""Rendering: answers, hits and reports as terminal text, Markdown or JSON; pure functions.

Text from documents is data everywhere: in a terminal its control characters are shown and not obeyed, in Markdown no
character of it is markup.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.answers import Answer, Citation, Hit, State
from dossier.records import LINE_END, Document, Section, spoken_date

if TYPE_CHECKING:
    from dossier.answering.checking import Checked
    from dossier.answering.replaying import Replayed
    from dossier.indexing.verifying import Verified
from dossier.escaping import escape_markdown, printable
from dossier.listing import counted

Json = Any
# What nouns say of themselves beside their fields.
DERIVED = ("location", "quote", "folder", "description")
WARNINGS = {
    State.STANDS: "",
    State.CHANGED: "changed since it was indexed",
    State.MISSING: "no longer there",
}


def as_json(value: object) -> Json:
    """A noun as plain JSON data: dataclasses become objects, and places say themselves in words."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        data = {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return data | {name: as_json(getattr(value, name)) for name in DERIVED if hasattr(value, name)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value


def answer_text(answer: Answer, width: int) -> str:
    """An answer for the terminal: the quoted sentences, then where each of them and every other passage stands.

    What was really asked comes before them, where it is not what was typed.
    """
    asked = _wrapped(f"Asked: {answer.asked}", width) if answer.asked != answer.question else ""
    quotes = "\n\n".join(_wrapped(paragraph, width) for paragraph in answer.text.split("\n\n"))
    quoted = [citation for citation in answer.citations if citation.number in answer.quoted]
    others = [citation for citation in answer.citations if citation not in quoted]
    parts = [asked, quotes, "\n".join(map(_source_line, quoted))]
    if others:
        parts.append("Also found:\n" + "\n".join(map(_source_line, others)))
    return "\n\n".join(part for part in parts if part)


def hits_text(hits: Sequence[Hit], width: int) -> str:
    """Hits for the terminal: the place, the score and the whole passage of each."""
    if not hits:
        return "No passage was found."
    return "\n\n".join(
        f"[{number}] {printable(_place(hit))}\n    {printable(_reasons(hit))}\n"
        + _wrapped(hit.passage.text, width, "    ")
        for number, hit in enumerate(hits, start=1)
    )


def checked_text(checked: Sequence[Checked], width: int) -> str:
    """What has become of saved quotes for the terminal: where each is now, and how it differs from what was quoted."""
    lines = []
    for one in checked:
        now = f", now {one.now}" if one.now and one.verdict != "stands" else ""
        lines.append(f"{one.verdict.value:<8} {printable(one.citation.location + now)}")
        if one.verdict != "stands":
            lines.append(_wrapped(one.difference or one.citation.quote, width, "         "))
    standing = sum(one.verdict == "stands" for one in checked)
    return "\n".join([*lines, f"{standing} of {counted(len(checked), 'quote')} stand{'s' if standing == 1 else ''}."])


def replayed_text(replayed: Replayed, width: int) -> str:
    """What differs between a saved answer and the one given now, for the terminal, and then the latter."""
    if not replayed.differences:
        return "The answer is the same."
    lines = [
        f"{printable(one.name)}\n{_wrapped(one.before, width, '  - ')}\n{_wrapped(one.now, width, '  + ')}"
        for one in replayed.differences
    ]
    return "\n".join([*lines, "", answer_text(replayed.answer, width)])


def verified_text(verified: Verified) -> str:
    """What was found wrong with an index for the terminal, each with what mends it; or that nothing was."""
    looked = f"{counted(verified.files, 'file')}, {verified.size:,} bytes, {counted(len(verified.kept), 'generation')}"
    asked = counted(verified.questions, "question") if verified.questions else "no question"
    lines = [
        f"{printable(str(damage.path))}\n  {printable(damage.reason)}\n  Type: {printable(damage.mend)}"
        for damage in verified.damage
    ]
    end = f"{counted(len(lines), 'thing')} wrong" if lines else "The index is sound"
    return "\n".join([*lines, f"{end} ({looked}; {asked} with known answers asked)."])


def document_text(document: Document) -> str:
    """A document for the terminal: its lines with their numbers, and ``~`` before what is in no passage.

    A rule stands where a section begins, with its title and its date. A line that is only partly left out takes
    several lines.
    """
    sections = {section.start: section for section in document.sections}
    marked = dict(document.left_out)
    ends = {match.start(): match.end() for match in LINE_END.finditer(document.text)}
    cuts = sorted({0, len(document.text), *sections, *marked, *marked.values(), *ends, *ends.values()})
    rows, number, left_out = [printable(document.path)], 1, 0
    for start, end in pairwise(cuts):
        if start in sections:
            rows.append(_section_rule(sections[start]))
        left_out = max(left_out, marked.get(start, 0))
        if start in ends:
            number += 1
        elif document.text[start:end].strip():
            rows.append(f"{number:>6} {'~' if start < left_out else ' '} {printable(document.text[start:end].strip())}")
    return "\n".join(rows)


def _section_rule(section: Section) -> str:
    known = dict.fromkeys((section.title, section.event, spoken_date(section.date), section.venue, section.publisher))
    return " · ".join(["───────", *(printable(one) for one in known if one)])


def answer_markdown(answer: Answer) -> str:
    """An answer to keep, as Markdown: its quotes, each with its number, then where they and the other passages stand.

    What was really asked comes first, where it is not what was typed.
    """
    asked = [f"*Asked: {escape_markdown(answer.asked)}*"] if answer.asked != answer.question else []
    opening = [escape_markdown(answer.opening)] if answer.opening else []
    quoted = [citation for citation in answer.citations if citation.number in answer.quoted]
    quotes = [f"> “{escape_markdown(citation.quote)}” \\[{citation.number}\\]" for citation in quoted]
    parts = [*asked, *opening, *quotes, "\n".join(map(_source_item, quoted))]
    others = [citation for citation in answer.citations if citation not in quoted]
    if others:
        parts += ["Also found:", "\n".join(map(_source_item, others))]
    return "\n\n".join(part for part in parts if part)


def _source_line(citation: Citation) -> str:
    return f"[{citation.number}] {printable(_origin(citation))}{_warning(citation)}"


def _source_item(citation: Citation) -> str:
    warning = f" **{WARNINGS[citation.state]}**" if WARNINGS[citation.state] else ""
    return f"- \\[{citation.number}\\] {escape_markdown(_origin(citation))}{warning}"


def _origin(citation: Citation) -> str:
    """Where a quote stands, what is known of that, and which duplicates have it too."""
    also = f" (also in {', '.join(citation.also)})" if citation.also else ""
    return citation.location + _about(*known_source(citation, spoken_date(citation.date))) + also


def _warning(citation: Citation) -> str:
    warning = WARNINGS[citation.state]
    return f"  ({warning})" if warning else ""


def _about(*known: str) -> str:
    """What is known of a place, each after a dot."""
    return "".join(f" · {printable(part)}" for part in dict.fromkeys(known) if part)


def known_source(citation: Citation, date: str) -> tuple[str, ...]:
    """What is known of the source of a quote, in the order in which it is said; empty where it is not.

    ``date`` is the citation's, in words. The venue is not said: a report goes on from one place to the next.
    """
    who = citation.author, citation.publisher
    return citation.title, citation.section, citation.event, *who, date, citation.address


def _reasons(hit: Hit) -> str:
    """Why a hit was found: its score, what each grain adds to it, and the question's words in it."""
    parts = ", ".join(f"{name} {part:.2f}" for name, part in dataclasses.asdict(hit.parts).items() if part)
    return f"score {hit.score:.2f}: {parts}" + (f"; it has: {', '.join(hit.shared)}" if hit.shared else "")


def _place(hit: Hit) -> str:
    passage = hit.passage
    known = passage.section, passage.event, spoken_date(passage.date)
    return passage.location + _about(*known)


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return "\n".join(
        textwrap.fill(printable(line, lines=True), width, initial_indent=indent, subsequent_indent=indent)
        for line in text.splitlines()
        if line.strip()
    )
