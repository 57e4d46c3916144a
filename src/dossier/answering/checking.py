"""Checking: whether a quote that was saved still stands where its citation says, and where or how it does otherwise."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from dossier.errors import InputError
from dossier.records import Document, Span, landmarks_in, page_of, place_of, text_lines

WORD = re.compile(r"\S+")
# A text counts as the quote, changed, if it has this part of its words in their order.
NEARLY = 0.6
# What may stand in the midst of a number or a word.
JOINTS = ".,:-'’"
# So many places of a document, those that have most words of a quote, are compared with it.
COMPARED = 4
# No passage is as long as this.
LONGEST = 50_000
# What is saved of a citation, and must be there to check it.
NEEDED = {"path": str, "quote": str, "start": int, "end": int, "first_line": int, "last_line": int, "place": str}
# And what is not of every citation.
OPTIONAL = {"number": int, "page": int, "section": str, "date": str, "digest": str}


class Verdict(str, Enum):
    """What has become of a quote: it stands, has moved, has changed, or is gone."""

    STANDS = "stands"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Saved:
    """A citation as it was saved; see `dossier.answers.Citation`."""

    path: str
    quote: str
    start: int
    end: int
    first_line: int
    last_line: int
    place: str
    number: int = 0
    page: int | None = None
    section: str = ""
    date: str = ""
    digest: str = ""

    @property
    def location(self) -> str:
        """Where the quote stood, as a person would say it."""
        return f"{self.path}, {self.place}"


@dataclass(frozen=True)
class Checked:
    """What has become of a saved citation.

    ``now`` says where the quote is now, or what became of it, empty where it is gone, and ``text`` is what stands
    there. ``difference`` shows what was changed: ``[-taken-]`` and ``{+put+}``.
    """

    citation: Saved
    verdict: Verdict
    now: str = ""
    text: str = ""
    difference: str = ""


def read_citations(text: str) -> list[Saved]:
    """The citations in what was saved: an answer, a citation, several of either in a list, or one on each line.

    Raises `InputError` where it is something else.
    """
    return [_saved(data) for data in _citations(read_json(text))]


def read_json(text: str) -> Any:
    """What was saved as JSON, or as a list where it is JSON line by line. Raises `InputError` where it is neither."""
    try:
        try:
            return json.loads(text)
        except ValueError:
            if not text.strip():
                raise
            return [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        raise InputError("What was given is not JSON. Give what 'dossier ask QUESTION --json' prints.") from None


def check_in_place(saved: Saved, document: Document) -> Checked | None:
    """What has become of a quote in its own document; None where nothing like it is there.

    It stands if the very words are at the very place and nothing that the citation says of the place is otherwise.
    """
    text, span = document.text, (saved.start, saved.end)
    unchanged = bool(saved.digest) and document.source.digest == saved.digest
    if (
        text[slice(*span)] == saved.quote
        and (unchanged or _whole(text, span))
        and all(not said or said == now for said, now in zip(_said(saved), _place(document, span), strict=True))
    ):
        return Checked(saved, Verdict.STANDS, saved.location, saved.quote)
    found = find(saved.quote, document, near=saved.start)
    if found is not None:
        return _moved(saved, document, found)
    nearest = _nearest(saved.quote, text)
    if nearest is None:
        return None
    now = text[slice(*nearest)]
    return Checked(saved, Verdict.CHANGED, _location(document, nearest), now, difference(saved.quote, now))


def check_elsewhere(saved: Saved, document: Document) -> Checked | None:
    """The quote in another document, to the letter; None where it is not there."""
    found = find(saved.quote, document, near=0)
    return _moved(saved, document, found) if found is not None else None


def find(quote: str, document: Document, *, near: int) -> Span | None:
    """The span of a quote, to the letter, that begins nearest to a place, and not in the midst of a word."""
    text = document.text
    starts = [start for start in _occurrences(quote, text) if _whole(text, (start, start + len(quote)))]
    if not starts:
        return None
    start = min(starts, key=lambda start: abs(start - near))
    return start, start + len(quote)


def difference(before: str, now: str) -> str:
    """What was taken from a text and what was put in, word by word."""
    old, new = before.split(), now.split()
    parts: list[str] = []
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += old[first:last]
            continue
        parts += [f"[-{' '.join(old[first:last])}-]"] if last > first else []
        parts += ["{+" + " ".join(new[begin:end]) + "+}"] if end > begin else []
    return " ".join(parts) if old != new else "only white space differs"


def _moved(saved: Saved, document: Document, span: Span) -> Checked:
    return Checked(saved, Verdict.MOVED, _location(document, span), saved.quote)


def _citations(data: Any) -> Iterator[Any]:
    if isinstance(data, list):
        for one in data:
            yield from _citations(one)
    elif isinstance(data, dict) and isinstance(data.get("citations"), list):
        yield from data["citations"]
    else:
        yield data


def _saved(data: Any) -> Saved:
    sound = isinstance(data, dict) and all(type(data.get(name)) is kind for name, kind in NEEDED.items())
    if not sound or any(data.get(name) is not None and type(data[name]) is not kind for name, kind in OPTIONAL.items()):
        raise InputError(
            f"What was given holds no citation: {', '.join(NEEDED)} are needed. "
            "Give what 'dossier ask QUESTION --json' prints."
        )
    known = {field.name: data[field.name] for field in fields(Saved) if data.get(field.name) is not None}
    if not known["quote"].strip() or not 0 <= known["start"] < known["end"]:
        raise InputError(f"The citation of {known['path']!r} quotes nothing.")
    if len(known["quote"]) > LONGEST:
        raise InputError(f"The citation of {known['path']!r} quotes more than {LONGEST:,} characters.")
    return Saved(**known)


def _said(saved: Saved) -> tuple[object, ...]:
    return saved.first_line, saved.last_line, saved.place, saved.page, saved.section, saved.date


def _place(document: Document, span: Span) -> tuple[object, ...]:
    """What a citation of a span would say of its place."""
    first = text_lines(document.text, 0, span[0])
    last = first + text_lines(document.text, *span) - 1
    landmarks = landmarks_in(document.landmarks, span)
    section = document.sections[bisect_right([section.end for section in document.sections[:-1]], span[0])]
    return first, last, place_of(landmarks, first, last), page_of(landmarks), section.title, section.date


def _location(document: Document, span: Span) -> str:
    place = _place(document, span)
    return f"{document.path}, {place[2]}" + (f" · {place[4]}" if place[4] else "")


def _occurrences(quote: str, text: str) -> Iterator[int]:
    place = text.find(quote)
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _whole(text: str, span: Span) -> bool:
    """Whether a span neither begins nor ends inside a word or a number."""
    start, end = span
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (_joined(text[start], before) or _joined(text[end - 1], after))


def _joined(edge: str, neighbour: str) -> bool:
    if edge in ".,:":  # before a capital letter one sentence ends and the next is glued on
        return neighbour.isdigit() or neighbour.islower()
    return neighbour.isalnum() and (edge.isalnum() or edge in JOINTS)


def _nearest(quote: str, text: str) -> Span | None:
    """The span of a text that is most like a quote; None where nothing is."""
    asked = [word.casefold() for word in quote.split()]
    spans = [match.span() for match in WORD.finditer(text)]
    words = [text[start:end].casefold() for start, end in spans]
    best: tuple[float, Span] | None = None
    for first in _likely(asked, words):
        begin, end = max(0, first - len(asked) // 2), min(len(words), first + len(asked) + len(asked) // 2)
        blocks = SequenceMatcher(None, asked, words[begin:end], autojunk=False).get_matching_blocks()[:-1]
        if not blocks:
            continue
        start = max(0, begin + blocks[0].b - blocks[0].a)
        last = blocks[-1]
        stop = min(len(words), begin + last.b + len(asked) - last.a)
        ratio = SequenceMatcher(None, asked, words[start:stop], autojunk=False).ratio()
        if ratio >= NEARLY and (best is None or ratio > best[0]):
            best = ratio, (spans[start][0], spans[stop - 1][1])
    return best[1] if best is not None else None


def _likely(asked: Sequence[str], words: Sequence[str]) -> list[int]:
    """Where the windows of a text begin that have most words of a quote, apart from each other."""
    size, wanted, held = len(asked), Counter(asked), Counter[str]()
    shared, scores = 0, []
    for place, word in enumerate(words):
        shared += held[word] < wanted[word]
        held[word] += 1
        if place >= size:
            left = words[place - size]
            held[left] -= 1
            shared -= held[left] < wanted[left]
        scores.append((shared, max(0, place - size + 1)))
    chosen: list[int] = []
    for count, start in sorted(scores, key=lambda one: (-one[0], one[1])):
        if len(chosen) == COMPARED or count < NEARLY / 2 * size:
            break
        if all(abs(start - other) >= max(size // 2, 1) for other in chosen):
            chosen.append(start)
    return chosen
