"""The timeline: the dated sections in the order of time, each as wide as its date is vague."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dossier.dossier import Dossier
from dossier.records import Document, Passage, Section
from dossier.web.cards import safe
from dossier.web.counts import figure
from dossier.web.places import Place
from dossier.web.texts import say, say_date

# So many sections are marked, and so many without a year listed.
SHOWN = 500
# The least width of a mark, and the room it takes, in percent of the whole.
LEAST, ROOM = 1.4, 1.9
# So many months may lie between two ticks, of which there are no more than so many.
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
MOST_TICKS = 8


@dataclass(frozen=True)
class Dated:
    """A section with a date, and the first passage of it."""

    document: Document
    section: Section
    passage: Passage

    @property
    def days(self) -> tuple[int, int] | None:
        """The days that its date may mean, from the first to the one after the last; None where it has no year."""
        return days_of(self.section.date)


def days_of(dated: str) -> tuple[int, int] | None:
    """The days, counted from year 1, that a date may mean, half-open: one, a month or a year; None without a year."""
    parts = dated.split("-")
    if not all(part.isdigit() for part in parts):
        return None
    year, month, day = [*map(int, parts), 0, 0][:3]
    try:
        first = date(year, month or 1, day or 1).toordinal()
    except ValueError:
        return None
    if day:
        return first, first + 1
    following = year * 12 + (month or 12)
    return first, _month(following)


def timeline(dossier: Dossier, hues: dict[str, int], language: str) -> str:
    """The timeline as HTML; empty where no section has a date. ``hues`` are the colours of documents."""
    found = list(_dated(dossier))
    if not found:
        return ""
    placed = [(days, one) for one in found if (days := one.days) is not None]
    placed.sort(key=lambda item: (item[0], item[1].document.path))
    yearless = sorted((one for one in found if one.days is None), key=lambda one: (one.section.date, one.document.path))
    sections = sum(1 for document in dossier.index.documents for section in document.sections if not section.date)
    parts = [f"<h3>{say(language, 'timeline')}</h3>"]
    if placed:
        shown = placed[:: math.ceil(len(placed) / SHOWN)]
        parts.append(_line(shown, hues, language))
        if len(shown) < len(placed):
            parts.append(_shown(len(shown), len(placed), language))
    if yearless:
        chosen = yearless[:: math.ceil(len(yearless) / SHOWN)]
        rows = "".join(f"<li>{_link(one, hues, language)}</li>" for one in chosen)
        parts.append(f'<h4>{say(language, "yearless")}</h4><ol class="yearless">{rows}</ol>')
        if len(chosen) < len(yearless):
            parts.append(_shown(len(chosen), len(yearless), language))
    parts.append(_note(say(language, "undated", count=figure(language, sections))) if sections else "")
    return "".join(parts)


def _dated(dossier: Dossier) -> Iterator[Dated]:
    """The dated sections that have a passage to open."""
    index = dossier.index
    for document in index.documents:
        passages = iter([index.passages[row] for row in index.passages_of[document.path]])
        passage = next(passages, None)
        for section in document.sections:
            while passage is not None and passage.start < section.start:
                passage = next(passages, None)
            if passage is not None and section.date and passage.start < section.end:
                yield Dated(document, section, passage)


def _line(placed: Sequence[tuple[tuple[int, int], Dated]], hues: dict[str, int], language: str) -> str:
    """The marks above an axis, each in the first lane that has room for it."""
    extents = [days for days, _ in placed]
    first_month, last_month = _months(min(extents)[0]), _months(max(until for _, until in extents) - 1) + 1
    begin, end = _month(first_month), _month(last_month)
    lanes: list[float] = []
    marks = []
    for (start, until), one in placed:
        left, width = 100 * (start - begin) / (end - begin), 100 * (until - start) / (end - begin)
        kind = "day" if until - start == 1 else "span"
        left, width = min(left, 100 - LEAST), max(width, LEAST)
        lane = next((number for number, taken in enumerate(lanes) if taken <= left), len(lanes))
        lanes[lane : lane + 1] = [left + max(width, ROOM)]
        style = f"left:{left:.2f}%;width:{width:.2f}%;--lane:{lane}"
        marks.append(f'<li style="{style}">{_link(one, hues, language, kind)}</li>')
    step = next((step for step in STEPS if (last_month - first_month) / step <= MOST_TICKS), STEPS[-1])
    months = [month for month in range(first_month, last_month) if month % step == 0] or [first_month]
    ticks = "".join(
        f'<span style="left:{100 * (_month(month) - begin) / (end - begin):.2f}%">{_tick(month, language)}</span>'
        for month in months
    )
    return (
        f'<div class="axis-scroll"><div class="axis" style="--lanes:{len(lanes)}">'
        f'<ol class="marks">{"".join(marks)}</ol>'
        f'<div class="ticks" aria-hidden="true">{ticks}</div></div></div>{_note(say(language, "timeline_help"))}'
    )


def _link(one: Dated, hues: dict[str, int], language: str, kind: str = "") -> str:
    span = one.passage.start, one.passage.end
    title = one.section.title or one.document.title or one.document.path
    named = "" if title == one.document.path else one.document.title or one.document.path
    words = " · ".join(part for part in (say_date(language, one.section.date), title, named) if part)
    hue = hues.get(one.document.path, -1)
    look = f'class="cite mark {kind}" aria-label="{safe(words)}"' if kind else 'class="cite"'
    swatch = f'<span class="dot" data-hue="{hue}" aria-hidden="true"></span>'
    text = swatch if kind else f"{swatch} {safe(words)}"
    return f'<a {look} href="?cite={Place(one.document, span, span).address}">{text}</a>'


def _tick(month: int, language: str) -> str:
    year, number = divmod(month, 12)
    return html.escape(str(year) if number == 0 else say_date(language, f"{year:04}-{number + 1:02}"))


def _months(day: int) -> int:
    """The number of the month of a day: twelve times its year, and as many as have gone by in it."""
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def _month(number: int) -> int:
    """The first day of a month."""
    year, month = divmod(number, 12)
    return date(year, month + 1, 1).toordinal() if year <= date.max.year else date.max.toordinal() + 1


def _shown(shown: int, total: int, language: str) -> str:
    return _note(say(language, "timeline_shown", shown=figure(language, shown), total=figure(language, total)))


def _note(text: str) -> str:
    return f'<p class="note">{html.escape(text)}</p>'
