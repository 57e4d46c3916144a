"""Gatherings: the event that a section reports and the place it reports from, where its opening says so plainly.

Both are exact slices of the text. The rules are few and narrow, since a wrong fact is worse than none.
"""

from __future__ import annotations

import re

from dossier.reading.datelines import DAY, PLACED
from dossier.records import MONTHS, Span

GATHERING = (
    "forum|conference|workshop|seminar|symposium|round ?table|summit|retreat|colloquium|webinar|panel discussion"
    "|conférence|colloque|séminaire|atelier|table ronde|sommet"
    "|conferencia|taller|seminario|simposio|foro|cumbre|congreso|mesa redonda"
    "|Konferenz|Tagung|Seminar|Workshop|Symposium|Kongress|Podiumsdiskussion|Forum"
)
# These are gatherings where something else says so too.
PERHAPS = "meeting|event|panel|discussion|exhibition|festival|exposition|exposición|Ausstellung"
ENTITLED = "entitled|titled|called|intitulée?|titulad[oa]|unter dem Titel|mit dem Titel"
ABOUT = "on|sur|sobre|zum Thema"
QUOTED = r"[“\"«„]\s?(?P<event>[^“”\"«»„\n]{8,150}?)[.,]?\s?[”\"»“]"
TITLED = re.compile(
    rf"\b(?:(?:{GATHERING}|{PERHAPS})(?: [\w’'-]+){{0,3}}?,? (?P<said>{ENTITLED})|(?:{GATHERING})(?: (?:{ABOUT}))?),?"
    rf" {QUOTED}",
    re.IGNORECASE,
)
_MONTHS = "|".join(MONTHS)
WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
CALLED = re.compile(
    rf"\b(?:(?:co-?)?hosted|held|convened|organi[sz]ed|attended|(?:took part|participated|spoke|speaking) (?:in|at))\b"
    rf"(?: (?!by\b)[\w’'-]+){{0,3}}? (?P<event>{WORD} (?:{WORD} |of |on |for |and |the ){{0,6}}"
    r"(?:Forum|Conference|Summit|Symposium|Workshop|Seminar|Colloquium|Festival|Retreat|Roundtable)"
    rf"(?: (?:on|for|of) (?!(?:{_MONTHS})\b)(?:the )?{WORD}(?: (?:and |the |of |for )*{WORD}){{0,5}})?(?: \d{{4}})?)\b"
)
NAME = rf"{WORD}(?: (?:of |de |al-|the )?{WORD}){{0,4}}"
# A place ends a clause, or what follows has no part in its name.
AFTER = r"(?= (?:on|from|to|for|and|with|where|which|who|after|before|by|between|as|last|this|during)\b|[.,;)]|\s*$)"
VENUE = rf"(?:the )?(?P<venue>{NAME}(?: (?:office|headquarters))?(?:,? in (?!(?:{_MONTHS})\b){NAME})?){AFTER}"
HELD = re.compile(
    rf"(?<!that )(?<!which )\b(?:(?:(?:was|were|is|are|be|being|been|(?:{GATHERING}|{PERHAPS}),?)"
    rf" (?:held|hosted|convened|received)|(?:took|takes|taking) place|gathered|met)\b[^.;:“”\"\n]{{0,110}}?"
    rf"|(?:{GATHERING})) (?:in|at) {VENUE}"
)
SAID_WHEN = re.compile(rf"{DAY}|\b(?:{_MONTHS})\b")
GATHERED = re.compile(rf"\b(?:{GATHERING}|{PERHAPS})s?\b", re.IGNORECASE)
# What is written with a capital and is no place: times, languages, what is short for a name.
NO_PLACE = re.compile(
    rf"(?:{_MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Spring|Summer|Autumn|Fall|Winter|English|French"
    r"|Spanish|German|Arabic|Russian|Chinese|Article|Section|Chapter|Figure|Table|Part|Phase|Stage|His|Her|Their|Its"
    r"|[A-Z]{2,}s?(?:[’']s)?$)\b"
)
LOWER = re.compile(r"\b[a-zß-ÿ]{4,}\b")
CAPITAL = re.compile(rf"\b{WORD}")


def event_named(text: str, opening: Span) -> str:
    """The name of the gathering that ``text[opening]`` tells of, in its own words; empty where it names none."""
    for match in TITLED.finditer(text, *opening):
        name = match["event"].strip()
        if match["said"] or _in_title_case(name):
            return name
    called = CALLED.search(text, *opening)
    return called["event"] if called else ""


def venue_named(text: str, sentence: Span) -> str:
    """The place of which a sentence says that something was held there, or that it reports from; empty where none."""
    placed = PLACED.match(text, sentence[0])  # "3. Mai" may end a sentence for who divides them
    if placed:
        return placed["place"]
    if not (SAID_WHEN.search(text, *sentence) or GATHERED.search(text, *sentence)):
        return ""
    held = HELD.search(text, *sentence)
    return held["venue"] if held and not NO_PLACE.match(held["venue"]) else ""


def _in_title_case(name: str) -> bool:
    """Whether most words of a name are written with a capital, as those of a title and not of a remark."""
    return len(CAPITAL.findall(name)) >= max(2, len(LOWER.findall(name)))
