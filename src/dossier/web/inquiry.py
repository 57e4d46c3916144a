"""Inquiry: a question as the page, its links and a browser's memory hold it, with what it is limited to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from dossier.settings import LONGEST_QUESTION
from dossier.web.texts import say, say_date

# A question may be limited to so many documents on the page.
MOST = 20
LONGEST_PATH, LONGEST_DATE = 1_000, 10
Data = dict[str, object]


@dataclass(frozen=True)
class Inquiry:
    """A question, and the documents and the time that its answer must come from; everything where these are empty."""

    question: str
    documents: tuple[str, ...] = ()
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, given: object, limits: object = None) -> Inquiry | None:
        """The inquiry that a browser sent or has kept: a question, or an object as `data` makes it; else None.

        ``limits`` is such an object too, whose question does not count.
        """
        data = given if isinstance(given, dict) else {"q": given}
        question = _text(data.get("q"), LONGEST_QUESTION)
        bounds = limits if isinstance(limits, dict) else data
        documents = bounds.get("in")
        paths = [_text(path, LONGEST_PATH) for path in documents[:MOST]] if isinstance(documents, list) else []
        after, before = (_text(bounds.get(name), LONGEST_DATE) for name in ("after", "before"))
        return cls(question, tuple(filter(None, paths)), after, before) if question else None

    @property
    def data(self) -> Data:
        """The inquiry as a browser keeps it and sends it back."""
        return {"q": self.question, "in": list(self.documents), "after": self.after, "before": self.before}

    def link(self, generation: str) -> str:
        """The part of an address that asks this, and names the generation of the index that answered it."""
        limits = [("in", path) for path in self.documents] + [("after", self.after), ("before", self.before)]
        return f"?{urlencode([('q', self.question), *(pair for pair in limits if pair[1]), ('at', generation)])}"

    def limits(self, language: str) -> str:
        """What it is limited to, in words; empty where it is not."""
        parts = [", ".join(self.documents)] if self.documents else []
        for name, date in (("dated_after", self.after), ("dated_before", self.before)):
            day = "_day" if len(date) == LONGEST_DATE else ""
            parts += [say(language, f"{name}{day}", date=say_date(language, date))] if date else []
        return say(language, "limited", limits=" · ".join(parts)) if parts else ""


def _text(value: object, longest: int) -> str:
    return value.strip() if isinstance(value, str) and len(value.strip()) <= longest else ""
