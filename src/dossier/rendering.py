"""Rendering: answers, hits and reports as terminal text, Markdown or JSON; pure functions.

Text from documents is data everywhere: in a terminal its control characters are shown and not obeyed, in Markdown no
character of it is markup.
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dossier.records import (
    LINE_END,
    Answer,
    BuildReport,
    Citation,
    Document,
    Duplicate,
    Hit,
    Section,
    State,
    spoken_date,
)

if TYPE_CHECKING:
    from dossier.answering.checking import Checked
    from dossier.answering.replaying import Replayed
    from dossier.dossier import Status
    from dossier.indexing.verifying import Verified

Json = Any
# Characters that turn the direction of text, with which what is shown can differ from what is there.
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Signs that mean something in Markdown wherever they stand, and those that do at the beginning of a line or of an
# address.
MARKUP = re.compile(
    r"^(\d{1,9})([.)])|[\\`*_{}\[\]()<>#|~^$!&@]|^[-+=]|:(?=//)|(?<=www)\.",
    re.IGNORECASE,
)
# Longer lists of files are summed up by folder.
LISTED = 200
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


def report_text(report: BuildReport, *, whole: bool = False) -> str:
    """A build report for the terminal: what became of every file, and what it took.

    Many files are summed up by folder, unless the ``whole`` list is wanted.
    """
    notes = _notes(report.remarks, report.duplicates)
    states = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
    }
    rows = [Row(label, path, notes.get(path, "")) for label, paths in states.items() for path in paths]
    rows += [Row("skipped", file.path, file.reason) for file in report.skipped]
    lines = [*_listed(rows, whole), *map(printable, report.faults)]
    if report.set_aside:
        lines.insert(0, f"The index that was there could not be used: {printable(report.set_aside)}")
    repeated = f" ({_count(len(report.duplicates), 'duplicate')})" if report.duplicates else ""
    lines.append(
        f"{_count(report.documents, 'document')}{repeated}, {_count(report.passages, 'passage')}; "
        f"{_count(len(report.unchanged), 'document')} unchanged, {_count(report.embedded, 'passage')} embedded "
        f"in {report.seconds:.1f} s."
    )
    return "\n".join(lines)


def status_text(status: Status, *, whole: bool = False) -> str:
    """The state of an index for the terminal: each document, each skipped file, and what a build would change.

    Many files are summed up by folder, unless the ``whole`` list is wanted.
    """
    manifest, recipe = status.manifest, status.manifest.recipe
    states = status.changes or {}
    built = f"passages of {recipe.max_tokens} {recipe.encoding} tokens"
    notes = _notes(manifest.remarks, manifest.duplicates)
    paths = sorted({*manifest.digests, *states})
    rows = [Row(states.get(path, "indexed"), path, notes.get(path, "")) for path in paths]
    rows += [Row("skipped", file.path, file.reason) for file in manifest.skipped]
    description = manifest.description
    lines = [
        *([f"Corpus     {printable(description.title)}"] if description.title else []),
        f"Index      {printable(str(status.index))}, generation {printable(status.generation)}",
        *(f"Kept too   {name}" for name in status.kept if name != status.generation),
        *(f"Documents  {printable(str(folder))}" for folder in status.folders),
        f"Model      {printable(recipe.embedder)}, {printable(built)}",
        "",
        *_listed(rows, whole),
        *map(printable, description.faults),
        "",
    ]
    if status.changes is None:
        lines.append(
            "The folder of the documents is missing; answers come from the index, and citations can't be checked."
        )
    elif states:
        lines.append(
            f"Not up to date ({_count(len(states), 'change')}). Type: dossier build --index {_typed(status.index)}"
        )
    else:
        lines.append("The index is up to date.")
    return "\n".join(lines)


def checked_text(checked: Sequence[Checked], width: int) -> str:
    """What has become of saved quotes for the terminal: where each is now, and how it differs from what was quoted."""
    lines = []
    for one in checked:
        now = f", now {one.now}" if one.now and one.verdict != "stands" else ""
        lines.append(f"{one.verdict.value:<8} {printable(one.citation.location + now)}")
        if one.verdict != "stands":
            lines.append(_wrapped(one.difference or one.citation.quote, width, "         "))
    standing = sum(one.verdict == "stands" for one in checked)
    return "\n".join([*lines, f"{standing} of {_count(len(checked), 'quote')} stand{'s' if standing == 1 else ''}."])


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
    looked = f"{_count(verified.files, 'file')}, {verified.size:,} bytes, {_count(len(verified.kept), 'generation')}"
    asked = _count(verified.questions, "question") if verified.questions else "no question"
    lines = [
        f"{printable(str(damage.path))}\n  {printable(damage.reason)}\n  Type: {printable(damage.mend)}"
        for damage in verified.damage
    ]
    end = f"{_count(len(lines), 'thing')} wrong" if lines else "The index is sound"
    return "\n".join([*lines, f"{end} ({looked}; {asked} with known answers asked)."])


class Row(NamedTuple):
    """What is said of one file, or of several in a folder."""

    label: str
    path: str
    note: str

    def line(self) -> str:
        return f"  {self.label:<9} {printable(self.path)}" + (f": {printable(self.note)}" if self.note else "")


def _notes(remarks: Mapping[str, str], duplicates: Mapping[str, Duplicate]) -> dict[str, str]:
    """What there is to be said of some documents, by their paths: how they were read, and what they repeat."""
    found = dict(remarks)
    for path, duplicate in duplicates.items():
        own = "" if duplicate.same else "; what is its own is indexed"
        found[path] = "; ".join(filter(None, [found.get(path), duplicate.description + own]))
    return found


def _listed(rows: Sequence[Row], whole: bool) -> list[str]:
    """A line for each file; where they are too many, for as many files of one folder as have the same said of them."""
    if whole or len(rows) <= LISTED:
        return [row.line() for row in rows]
    depths = range(max(row.path.count("/") for row in rows), -1, -1)
    for noted, depth in product((True, False), depths):
        groups: dict[Row, list[Row]] = {}
        for row in rows:
            folder = "".join(f"{part}/" for part in row.path.split("/")[:-1][:depth])
            groups.setdefault(Row(row.label, folder, row.note if noted else ""), []).append(row)
        if len(groups) <= LISTED:
            break
    lines = [
        members[0].line()
        if len(members) == 1
        else Row(row.label, f"{row.path}… {len(members):,} files", row.note).line()
        for row, members in groups.items()
    ]
    return [*lines, f"{_count(len(rows), 'file')}, summed up by folder; --all lists every one."]


def _typed(path: Path) -> str:
    """A path as it is typed in a terminal."""
    text = printable(str(path))
    return f'"{text}"' if " " in text else text


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


def escape_markdown(text: str) -> str:
    """Text of a document as Markdown that shows it as it is, on one line.

    Every sign that could begin markup, HTML, a link or a formula becomes a character reference, to which CommonMark
    gives no structure; the others stay, so that the text can be read before it is rendered too.
    """
    line = printable(" ".join(text.split()))
    return MARKUP.sub(lambda match: f"{match[1] or ''}&#{ord(match[2] or match[0])};", line)


def printable(text: str, *, lines: bool = False) -> str:
    """Text whose control characters and direction marks are shown as escapes, so that nothing obeys them.

    Line ends and tabs stay where the text may have ``lines``, as a document may and a file's name may not.
    """
    kept = "\n\r\t" if lines else ""
    return "".join(letter if letter in kept or _harmless(letter) else f"\\u{ord(letter):04x}" for letter in text)


def _harmless(letter: str) -> bool:
    return letter not in DIRECTION_MARKS and unicodedata.category(letter) not in {"Cc", "Cs"}


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


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
