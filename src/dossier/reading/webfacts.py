"""Web facts: what a page says of itself in its head: title, address, date, publisher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossier.reading.isodate import iso_date

if TYPE_CHECKING:
    from lxml.etree import _Element

# Browsers and SingleFile note where they saved a page from in a comment.
SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(\S+)")
HEAD = 20_000
ADDRESS = re.compile(
    r"https?://[^\s/\"<>\\^`{|}\x00-\x1f\ud800-\udfff]+[^\s\"<>\\^`{|}\x00-\x1f\ud800-\udfff]*", re.IGNORECASE
)
DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "publish-date",
    "pubdate",
    "date",
)
TITLES = ("og:title", "dc.title", "twitter:title")
PUBLISHERS = ("og:site_name", "dc.publisher", "citation_publisher", "application-name")


@dataclass(frozen=True)
class WebFacts:
    """What a page says of itself; empty where it says nothing."""

    title: str
    address: str
    date: str
    publisher: str


def web_facts(root: _Element, html: str) -> WebFacts:
    """What a page says of itself in its head, in JSON-LD, and in the comment of a browser that saved it.

    The address is the canonical one, else the one it shows to others, else the one it was saved from.
    """
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(name.strip().lower(), (meta.get("content") or "").strip())
    canonical = [link.get("href") or "" for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    saved = SAVED_FROM.search(html[:HEAD])
    addresses = [*canonical, metas.get("og:url", ""), saved.group(1) if saved else ""]
    titles = [*(metas.get(name, "") for name in TITLES[:1]), _first_text(root, "title"), metas.get("dc.title", "")]
    dates = [*(metas.get(name, "") for name in DATES), *_linked_dates(root)]
    return WebFacts(
        title=next(filter(None, titles), ""),
        address=next(filter(is_address, map(str.strip, addresses)), ""),
        date=next(filter(None, map(iso_date, dates)), "") or first_time(root),
        publisher=next(filter(None, (metas.get(name, "") for name in PUBLISHERS)), ""),
    )


def is_address(text: str) -> bool:
    """Whether a text is an address on the web: http or https, a host, and nothing that no address holds."""
    return ADDRESS.fullmatch(text) is not None


def first_time(element: _Element) -> str:
    """The date of the first ``time`` in an element that has one."""
    for time in element.iter("time"):
        if date := iso_date(time.get("datetime") or ""):
            return date
    return ""


def _first_text(root: _Element, tag: str) -> str:
    for element in root.iter(tag):
        if text := " ".join((element.text or "").split()):
            return text
    return ""


def _linked_dates(root: _Element) -> Iterator[str]:
    """What JSON-LD calls the date of publication, in order."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            try:
                waiting = [json.loads(script.text or "")]
            except (ValueError, RecursionError):
                continue
            while waiting:
                found = waiting.pop(0)
                if isinstance(found, list):
                    waiting.extend(found)
                elif isinstance(found, dict):
                    date = found.get("datePublished")
                    if isinstance(date, str):
                        yield date
                    waiting.extend(value for value in found.values() if isinstance(value, (dict, list)))
