"""Places: the address of a passage, which stays true for as long as its document is the same."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from dossier.answers import Hit
from dossier.dossier import Dossier
from dossier.records import Document, Span

ADDRESS = re.compile(r"([0-9a-f]{16})\.(\d{1,12})\.(\d{1,12})\.(\d{1,12})\.(\d{1,12})\.([0-9a-f]{8})")


class Place(NamedTuple):
    """A passage of a document and the sentence in it."""

    document: Document
    passage: Span
    sentence: Span

    @property
    def address(self) -> str:
        """The beginning of the document's digest, the two spans, and that of the digest of the sentence's text."""
        spans = ".".join(map(str, (*self.passage, *self.sentence)))
        return f"{self.document.source.digest[:16]}.{spans}.{_digest(self.document.text[slice(*self.sentence)])}"


def place_of_hit(dossier: Dossier, hit: Hit) -> Place:
    """Where a hit stands."""
    return Place(dossier.index.document_of[hit.passage.path], (hit.passage.start, hit.passage.end), hit.sentence)


def find_place(dossier: Dossier, address: object) -> Place | str:
    """The place of an address; otherwise the text that says why there is none: ``no_passage`` or ``link_changed``."""
    match = ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if match is None:
        return "no_passage"
    start, end, first, last = map(int, match.groups()[1:5])
    if not start <= first < last <= end:
        return "no_passage"
    for path, digest in dossier.index.manifest.digests.items():
        if not digest.startswith(match[1]):
            continue
        document = dossier.index.document_of[path]
        if _digest(document.text[first:last]) == match[6]:
            return Place(document, (start, min(end, len(document.text))), (first, last))
    return "link_changed"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
