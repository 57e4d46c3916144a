"""Datelines: how news says where and when, before it says what ("GENEVA, 3 May –", "On October 29th, …")."""

from __future__ import annotations

import re

from dossier.reading.dates import MONTH_NAMES
from dossier.reading.opening_words import BYLINE, NEWS_DAY, any_of

_NAMES = [name for names in MONTH_NAMES for name in names.split("|")]
_CAPITAL = "|".join(sorted({name.capitalize() for name in _NAMES}, key=len, reverse=True))
# Small letters are read where they can't be another word, such as "may".
_SMALL = "|".join(sorted({name for name in _NAMES if len(name) > 3} | {"mai"}, key=len, reverse=True))
_MONTH = rf"(?:{_CAPITAL}|{_SMALL})"
DAY = rf"(?:(?:{_CAPITAL})\.? \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th|er|\.|º)? (?:de )?{_MONTH}\b)"
NAMED_DAY = re.compile(DAY)
# News says the day without the year; history says both.
OPENS_WITH_DAY = re.compile(rf"(?:{any_of(NEWS_DAY)}){DAY}(?!,? (?:de |del )?\d{{4}})")

# A place is written in capitals, or stands before a day or an agency.
_LOUD = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’]+(?:[ -](?:DE |LA )?[A-ZÀ-ÖØ-Þ.'’]{2,}){0,3}"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’]+(?:[ -](?:de |la |am |del |of )?[A-ZÀ-ÖØ-Þ][\w'’]+){0,3}"
_REGION = rf"(?:, (?:{_NAME}|(?:[A-Z]\.)+))?"
_DAY = rf"(?:, (?:le |el |am |den )?(?:[\w-]+day,? )?(?:{DAY}|\d\d? may)(?:,? (?:de )?\d{{4}})?)"
_AGENCY = r"(?: ?\([A-Za-z][\w /.-]{1,24}\))"
_DASH = r"(?: ?(?:[—–]|--?|\.[—–-]+|:) )"
PLACED = re.compile(
    rf"(?P<place>{_LOUD}|{_NAME}){_REGION}(?:{_DAY}{_AGENCY}?|{_AGENCY}{_DAY}?){_DASH}"  # GENEVA, 3 May (AFP) –
)
LOUD = re.compile(rf"{_LOUD}{_REGION} ?(?:[—–]|--) ")  # GENEVA —
BYLINED = re.compile(
    rf"^(?:{any_of(BYLINE)}) {_NAME}(?:(?:,| and| et| y| und| &) {_NAME})*(?: ?[,|·–—-] ?[^\n]{{1,60}})?$", re.MULTILINE
)


def opens_as_news(paragraph: str) -> bool:
    """Whether a paragraph opens with the place or the day of what it reports, or a line that says by whom it is."""
    return any(pattern.match(paragraph) for pattern in (OPENS_WITH_DAY, PLACED, LOUD)) or (
        BYLINED.search(paragraph) is not None
    )
