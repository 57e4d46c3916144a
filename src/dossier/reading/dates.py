"""Dates: those that a text says, in ISO 8601, as precisely as it says them and never more.

Months are read in seven languages. A date in figures alone is read where it can be read in one way only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from dossier.records import Section, Span

MONTH_NAMES = (
    "january|jan|januar|jänner|janvier|enero|gennaio|janeiro|januari",
    "february|feb|februar|février|febrero|febbraio|fevereiro|februari",
    "march|mar|märz|mars|marzo|março|maart",
    "april|apr|avril|abril|aprile",
    "may|mai|mayo|maggio|maio|mei",
    "june|jun|juni|juin|junio|giugno|junho",
    "july|jul|juli|juillet|julio|luglio|julho",
    "august|aug|août|agosto|augustus",
    "september|sept|sep|septembre|septiembre|settembre|setembro",
    "october|oct|oktober|octobre|octubre|ottobre|outubro",
    "november|nov|novembre|noviembre|novembro",
    "december|dec|dezember|décembre|diciembre|dicembre|dezembro",
)
NUMBER = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names.split("|")}
# Whoever looks for an "i" in any case finds these too, the letters of Turkish.
OTHER_I = str.maketrans("İı", "ii")
MONTH = "|".join(sorted(NUMBER, key=len, reverse=True))
YEAR = r"(?:1[89]|20)\d\d"
DATE = re.compile(
    rf"\b(?P<y1>{YEAR})-(?P<m1>\d\d)(?:-(?P<d1>\d\d))?(?!\d|-\d)"
    rf"|(?P<y2>{YEAR})年(?P<m2>\d\d?)月(?:(?P<d2>\d\d?)日)?"
    rf"|\b(?P<d3>\d\d?)(?:st|nd|rd|th|er|º|\.)? (?:de |of )?(?P<m3>{MONTH})\b\.?(?:,? (?:de |del )?(?P<y3>{YEAR})\b)?"
    rf"|\b(?P<m4>{MONTH})\b\.? (?P<d4>\d\d?)(?:st|nd|rd|th)?\b(?![.:]\d)(?:,? (?P<y4>{YEAR})\b)?"
    rf"|\b(?P<m5>{MONTH})\b\.?,? (?:de |del )?(?P<y5>{YEAR})\b"
    rf"|\b(?P<a>\d\d?)(?P<sign>[./-])(?P<b>\d\d?)(?P=sign)(?P<y6>{YEAR})\b",
    re.IGNORECASE,
)
FIGURES = re.compile(r"\d+")
LONGEST_MONTH = 20
# What a page says before the day it was published; the words for a change come second.
PUBLISHED = re.compile(
    r"(?:published|posted|date|issued|released|veröffentlicht|datum|publié|publicado|fecha|pubblicato|data|gepubliceerd)"
    r"\b[^\n]{0,20}?\s*$",
    re.IGNORECASE,
)
UPDATED = re.compile(
    r"(?:updated|modified|aktualisiert|mis à jour|actualizado|aggiornato|atualizado|bijgewerkt)\b", re.I
)
# A date is that of its section if it stands in its first so many characters.
OPENING = 900
LABEL = 40
# A line with a date and little else tells when what follows was written.
LONGEST_DATELINE = 60


class Found(NamedTuple):
    """A date in a text: where it stands and what is known of it, 0 where nothing is."""

    start: int
    end: int
    year: int
    month: int
    day: int

    @property
    def iso(self) -> str:
        """In ISO 8601; ``--10-29`` where the year is not known."""
        year = f"{self.year:04d}" if self.year else "-"
        return "-".join([year, f"{self.month:02d}", *([f"{self.day:02d}"] if self.day else [])])


def find_dates(text: str, start: int, end: int) -> Iterator[Found]:
    """The dates in ``text[start:end]``, in order: a month with a day, a year or both."""
    for first, last in _near_figures(text, start, end):
        for match in DATE.finditer(text, first, last):
            found = _read(match)
            if found is not None:
                yield found


def _near_figures(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches in which a date can stand, since each has figures; to look there alone is many times as fast."""
    first = last = start
    for figures in FIGURES.finditer(text, start, end):
        if figures.start() - LONGEST_MONTH > last:
            yield first, last
            first = figures.start() - LONGEST_MONTH
        last = min(figures.end() + LONGEST_MONTH, end)
    yield first, last


def dated(text: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, each with the date it was published or speaks of, where its opening says one.

    A date without a year takes it from the same day elsewhere in the text, from the one year that is named beside a
    month in its section, or from the sections around it, if those before and after agree. Otherwise it has none.
    """
    everywhere = list(find_dates(text, 0, len(text)))
    inside = [_inside(everywhere, (section.start, section.end)) for section in sections]
    openings = [
        None if section.date else _opening_date(text, section.start, found)
        for section, found in zip(sections, inside, strict=True)
    ]
    same_day = _years_of_days(everywhere)
    for place, (found, dates) in enumerate(zip(openings, inside, strict=True)):
        if found is not None:
            openings[place] = (
                _completed(found, same_day[found.month, found.day])
                or _completed(found, {date.year for date in dates if date.year})
                or found
            )
    years = [
        found.year if found else int(section.date[:4]) if section.date[:4].isdigit() else 0
        for section, found in zip(sections, openings, strict=True)
    ]
    around = [
        {before} if before == after else set()
        for before, after in zip(_nearest(years), _nearest(years[::-1])[::-1], strict=True)
    ]
    return tuple(
        replace(section, date=(_completed(found, near) or found).iso) if found else section
        for section, found, near in zip(sections, openings, around, strict=True)
    )


def _opening_date(text: str, start: int, dates: Sequence[Found]) -> Found | None:
    """The date of a section that begins there: of its publication if that is said, or else the first day it names."""
    opening = [found for found in dates if found.start < start + OPENING]
    labels = [text[max(start, found.start - LABEL) : found.start] for found in opening]
    labelled = [found for found, label in zip(opening, labels, strict=True) if PUBLISHED.search(label)]
    updated = [found for found, label in zip(opening, labels, strict=True) if UPDATED.search(label)]
    first = [found for found in labelled if found not in updated]
    alone = [found for found in opening if _on_its_own(text, found)]
    days = [found for found in opening if found.day]
    return next(iter([*first, *labelled, *alone, *days]), None)


def _inside(dates: Sequence[Found], span: Span) -> Sequence[Found]:
    first, last = (bisect_left(dates, place, key=lambda found: found.start) for place in span)
    return dates[first:last]


def _years_of_days(dates: Sequence[Found]) -> dict[tuple[int, int], set[int]]:
    """The years that a text names with each month and day."""
    years: dict[tuple[int, int], set[int]] = defaultdict(set)
    for found in dates:
        if found.year and found.day:
            years[found.month, found.day].add(found.year)
    return years


def _completed(found: Found, years: Set[int]) -> Found | None:
    """The date with its year: its own, or the only one of some years."""
    if found.year:
        return found
    year = next(iter(years)) if len(years) == 1 else 0
    return _valid(found._replace(year=year)) if year else None


def _nearest(years: Sequence[int]) -> list[int]:
    """For each place the last year that is known before it; 0 where there is none."""
    nearest, last = [], 0
    for year in years:
        nearest.append(last)
        last = year or last
    return nearest


def _on_its_own(text: str, found: Found) -> bool:
    start = max(text.rfind("\n", max(0, found.start - LONGEST_DATELINE), found.start), found.start - LONGEST_DATELINE)
    ends = text.find("\n", found.end, found.end + LONGEST_DATELINE)
    line = text[start + 1 : ends if ends >= 0 else found.end + LONGEST_DATELINE].strip()
    return found.day > 0 and found.year > 0 and len(line) <= LONGEST_DATELINE and line[-1:] not in ".!?"


def _read(match: re.Match[str]) -> Found | None:
    """The date that a match says; None where it can't be one, or be read in two ways."""
    parts = match.groupdict()
    if parts["sign"]:
        first, second = int(parts["a"]), int(parts["b"])
        day, month = (first, second) if second <= 12 else (second, first)
        if first <= 12 and second <= 12 and first != second:
            return None
        return _valid(Found(match.start(), match.end(), int(parts["y6"]), month, day))
    named: dict[str, str] = {name[0]: value for name, value in parts.items() if value and len(name) == 2}
    written = named["m"]
    if written.islower() and match[0].startswith(written) and "y" not in named:
        return None  # "may 5 people come" and "march 10 miles"
    number = int(written) if written.isdigit() else NUMBER[written.translate(OTHER_I).casefold()]
    return _valid(Found(match.start(), match.end(), int(named.get("y", 0)), number, int(named.get("d", 0))))


def _valid(found: Found) -> Found | None:
    try:
        date(found.year or 2000, found.month, found.day or 1)
    except ValueError:
        return None
    return found
