"""Keeping: a conversation as one file, to be read anywhere without the page; pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dossier.answers import Answer, Citation, State
from dossier.calls import public
from dossier.escaping import escape_markdown
from dossier.rendering import answer_markdown, as_json, known_source
from dossier.web.cards import safe
from dossier.web.inquiry import Inquiry
from dossier.web.texts import say, say_date, say_place

STYLE = (
    "body{font:1.05rem/1.6 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1c1917}"
    "h2{font-size:1.2rem;margin:2.5rem 0 .5rem}"
    "blockquote{margin:.6rem 0;padding-left:.9rem;border-left:3px solid #0f766e}"
    "li,p.asked{font-size:.95rem;color:#57534e}mark{background:#fdf0c4}"
    "@media(prefers-color-scheme:dark){body{background:#191816;color:#f5f2ec}li,p.asked{color:#b9b2a8}"
    "mark{background:#4a3f1d;color:inherit}}"
)


class Kept(NamedTuple):
    """A file to be saved: its name, its media type and its text."""

    name: str
    type: str
    text: str


def keep(answers: Sequence[Answer], form: object, language: str, corpus: str = "") -> Kept | None:
    """The answers of a conversation in one of the forms, or None where it is none of them.

    ``corpus`` is the title of the documents, empty where they have none.
    """
    found = FORMS.get(form) if isinstance(form, str) else None
    if found is None:
        return None
    suffix, media, render = found
    return Kept(f"dossier.{suffix}", media, render(answers, language, corpus))


def _markdown(answers: Sequence[Answer], language: str, corpus: str) -> str:
    parts = [f"# {escape_markdown(_title(language, corpus))}"]
    for answer in answers:
        limits = escape_markdown(_limits(answer, language))
        parts += [f"## {escape_markdown(answer.question)}", *([limits] if limits else []), answer_markdown(answer)]
    return "\n\n".join(parts) + "\n"


def _html(answers: Sequence[Answer], language: str, corpus: str) -> str:
    title = safe(_title(language, corpus))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'unsafe-inline'\"><style>{STYLE}</style></head>"
        f"<body><h1>{title}</h1>{''.join(_answer(answer, language) for answer in answers)}</body></html>\n"
    )


def _answer(answer: Answer, language: str) -> str:
    asked = f'<p class="asked">{safe(say(language, "asked", question=answer.asked))}</p>'
    limits = _limits(answer, language)
    limited = f'<p class="asked">{safe(limits)}</p>'
    quoted = [citation for citation in answer.citations if citation.number in answer.quoted]
    opening = "" if answer.sure and answer.found else say(language, "perhaps" if answer.found else "not_found")
    short = f" {say(language, 'or')} ".join(
        f"<strong>{safe(one.text)}</strong> {' '.join(f'[{number}]' for number in one.numbers)}" for one in answer.short
    )
    quotes = "".join(f"<blockquote>“{safe(one.quote)}” [{one.number}]</blockquote>" for one in quoted)
    sources = "".join(_source(citation, language) for citation in answer.citations)
    return (
        f"<h2>{safe(answer.question)}</h2>{asked if answer.asked != answer.question else ''}"
        f"{limited if limits else ''}"
        f"{f'<p>{opening}</p>' if opening else ''}{f'<p>{short}</p>' if short else ''}{quotes}<ol>{sources}</ol>"
    )


def _source(citation: Citation, language: str) -> str:
    warning = "" if citation.state is State.STANDS else say(language, f"state_{citation.state.value}")
    location = f"{citation.path}, {say_place(language, citation.place)}"
    parts = dict.fromkeys((location, *known_source(citation, say_date(language, citation.date)), warning))
    place = " · ".join(_linked(part) if part == citation.address else safe(part) for part in parts if part)
    return f'<li value="{citation.number}">{place}<br><mark>{safe(citation.quote)}</mark></li>'


def _linked(address: str) -> str:
    """An address of the web as a link; whatever else it is, as it is."""
    if not address.startswith(("https://", "http://")):
        return safe(address)
    return f'<a href="{safe(address)}" rel="noopener noreferrer">{safe(address)}</a>'


def _limits(answer: Answer, language: str) -> str:
    """What a question was limited to, in words."""
    if (how := answer.provenance) is None:
        return ""
    return Inquiry(how.question, how.documents, how.after, how.before).limits(language)


def _json(answers: Sequence[Answer], language: str, corpus: str) -> str:
    kept = {"language": language, "corpus": corpus, "answers": public(as_json(list(answers)))}
    return json.dumps(kept, ensure_ascii=False, indent=2)


def _title(language: str, corpus: str) -> str:
    return " · ".join(filter(None, (corpus, say(language, "conversation"))))


Render = Callable[[Sequence[Answer], str, str], str]
FORMS: dict[str, tuple[str, str, Render]] = {
    "Markdown": ("md", "text/markdown", _markdown),
    "HTML": ("html", "text/html", _html),
    "JSON": ("json", "application/json", _json),
}
