"""Titles: what a section without a heading is called, in its own words: its event, or how its first sentence begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dossier.reading.datelines import LOUD, OPENS_WITH_DAY, PLACED
from dossier.reading.gatherings import event_named, venue_named
from dossier.reading.openings import CAPTION, ITEM, LEANS_ON, QUOTE, is_sentence
from dossier.reading.sentences import between, sentence_spans, stripped
from dossier.records import LINE_END, Section, Span

SHORTEST, LONGEST = 25, 100
# An opening is looked for in so many characters of each of the first so many paragraphs.
OPENING, PARAGRAPHS = 1_200, 4
CLAUSE_END = re.compile(
    r" [–—(]|[;:] |, (?:and|but|so|as|with|after|before|according|sa(?:id|ys)|making|including)\b"
    r"|, (?:which|who|whose|where|when|while|because|although|though|whereas)\b"
)
# A sentence that begins so has its subject after the first comma.
BEFORE_SUBJECT = re.compile(
    r"(?:In|On|At|With|Without|For|From|As|When|While|After|Before|Over|Under|If|Since|Although|Though|Despite|During"
    r"|Following|Through|Throughout|Among|According|To|By|Because|Once|Until|Given|[A-Z]\w+(?:ed|ing)(?= ))\b"
)
# A title without a verb would be the name of somebody only.
VERB = re.compile(
    r" (?:is|are|was|were|has|have|had|will|would|can|could|may|must|should|did|does|do|met|held|said|says|began|became"
    r"|made|took|won|led|left|gave|found|built|[a-z]{2,}ed)\b"
)


def described(
    text: str, sections: Sequence[Section], furniture: Sequence[Span], *, titled: bool
) -> tuple[Section, ...]:
    """The sections, each with the event and the place that its opening names, and with a title if it has none.

    A document that is ``titled`` itself lends its title to its sections; one of a single section is known by its name.
    """
    titled = titled or len(sections) == 1
    return tuple(_described(text, section, furniture, titled=titled) for section in sections)


def _described(text: str, section: Section, furniture: Sequence[Span], *, titled: bool) -> Section:
    sentences = _opening(text, section, furniture)
    if not sentences:
        return section
    event = next(filter(None, (event_named(text, sentence) for sentence in sentences)), "")
    venue = next(filter(None, (venue_named(text, sentence) for sentence in sentences)), "")
    title = section.title or ("" if titled else event or _clause(text, sentences[0]))
    return replace(section, title=title, event=event, venue=venue)


def _opening(text: str, section: Section, furniture: Sequence[Span]) -> list[Span]:
    """The first two sentences of a section's prose and the one that begins its next paragraph.

    Captions and lines that are no sentences do not count; none where the section begins with a list.
    """
    sentences: list[Span] = []
    for start, end in _first_paragraphs(text, section, furniture):
        inside = text[start:end]
        if is_sentence(inside) and not CAPTION.match(inside) and not ITEM.match(inside):
            most = 1 if sentences else 2
            sentences += sentence_spans(text, start, min(end, start + OPENING))[:most]
            if most == 1:
                break
    return sentences


def _first_paragraphs(text: str, section: Section, furniture: Sequence[Span]) -> Iterator[Span]:
    """The first paragraphs of a section outside furniture; a line is one."""
    found = 0
    for part in between(LINE_END, text, section.start, min(section.end, section.start + 4 * OPENING)):
        for start, end in stripped(text, *part):
            if any(start < until and first < end for first, until in furniture):
                continue
            yield start, end
            found += 1
            if found == PARAGRAPHS:
                return


def _clause(text: str, sentence: Span) -> str:
    """The first clauses of a sentence, as long as a title may be; empty where none can stand alone."""
    start, end = sentence
    for pattern in (PLACED, LOUD):
        if placed := pattern.match(text, start):
            start = placed.end()
    said = text[start:end]
    if LEANS_ON.match(said) or QUOTE.match(said) or not said[:1].isupper():
        return ""
    after_day = OPENS_WITH_DAY.match(said)
    least = said.find(",") + 1 if after_day or BEFORE_SUBJECT.match(said) else 0
    ends = [match.start() for match in CLAUSE_END.finditer(said) if match.start() > least] + [len(said.rstrip(".。"))]
    whole = [said[:place] for place in ends if SHORTEST <= place <= LONGEST]
    return next((clause for clause in reversed(whole) if _stands_alone(clause)), "")


def _stands_alone(clause: str) -> bool:
    paired = all(clause.count(one) == clause.count(other) for one, other in ("()", "“”", "«»", "[]"))
    return paired and clause.count('"') % 2 == 0 and "\n" not in clause and VERB.search(clause) is not None
