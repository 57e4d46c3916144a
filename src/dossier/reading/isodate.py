"""Dates as formats write them become ISO 8601, as precise as they are, or nothing."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

ISO = re.compile(r"\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?![\d-])")
# With other marks only a whole date is certain: 2026/27 may be two years.
MARKED = re.compile(r"\A\s*(\d{4})([/.])(\d{2})\2(\d{2})(?!\d)")


def iso_date(written: str) -> str:
    """``2026``, ``2026-11`` or ``2026-11-21`` from a date in ISO 8601 or of an e-mail; empty where it is neither.

    A whole date may have slashes or dots, ``2026/11/21``. A time of day is left out, and so is a zone: the day is the
    one that was written.
    """
    if match := ISO.match(MARKED.sub(r"\1-\3-\4", written)):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            date(year or 0, month or 1, day or 1)
        except ValueError:
            return ""
        return "-".join(f"{part:0{digits}}" for part, digits in zip((year, month, day), (4, 2, 2), strict=True) if part)
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
