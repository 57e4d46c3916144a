"""Keeping: a conversation as one file, to be read anywhere without the page; pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dossier.records import Answer, Citation, spoken_date
from dossier.rendering import WARNINGS, answer_markdown, as_json, escape_markdown
from dossier.web.cards import safe
from dossier.web.doors import public
from dossier.web.texts import say

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


def keep(answers: Sequence[Answer], form: object, language: str) -> Kept | None:
    """The answers of a conversation in one of the forms, or None where it is none of them."""
    found = FORMS.get(form) if isinstance(form, str) else None
    if found is None:
        return None
    suffix, media, render = found
    return Kept(f"dossier.{suffix}", media, render(answers, language))


def _markdown(answers: Sequence[Answer], language: str) -> str:
    parts = [f"# {say(language, 'conversation')}"]
    for answer in answers:
        parts += [f"## {escape_markdown(answer.question)}", answer_markdown(answer)]
    return "\n\n".join(parts) + "\n"


def _html(answers: Sequence[Answer], language: str) -> str:
    title = say(language, "conversation")
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'unsafe-inline'\"><style>{STYLE}</style></head>"
        f"<body><h1>{title}</h1>{''.join(_answer(answer, language) for answer in answers)}</body></html>\n"
    )


def _answer(answer: Answer, language: str) -> str:
    asked = f'<p class="asked">{safe(say(language, "asked", question=answer.asked))}</p>'
    quoted = [citation for citation in answer.citations if citation.number in answer.quoted]
    opening = "" if not answer.opening else say(language, "perhaps" if answer.found else "not_found")
    quotes = "".join(f"<blockquote>“{safe(one.quote)}” [{one.number}]</blockquote>" for one in quoted)
    sources = "".join(map(_source, answer.citations))
    return (
        f"<h2>{safe(answer.question)}</h2>{asked if answer.asked != answer.question else ''}"
        f"{f'<p>{opening}</p>' if opening else ''}{quotes}<ol>{sources}</ol>"
    )


def _source(citation: Citation) -> str:
    known = dict.fromkeys((citation.section, citation.event, spoken_date(citation.date), citation.venue))
    place = " · ".join(safe(part) for part in (citation.location, *known, WARNINGS[citation.state]) if part)
    return f'<li value="{citation.number}">{place}<br><mark>{safe(citation.quote)}</mark></li>'


def _json(answers: Sequence[Answer], language: str) -> str:
    return json.dumps({"language": language, "answers": public(as_json(list(answers)))}, ensure_ascii=False, indent=2)


Render = Callable[[Sequence[Answer], str], str]
FORMS: dict[str, tuple[str, str, Render]] = {
    "Markdown": ("md", "text/markdown", _markdown),
    "HTML": ("html", "text/html", _html),
    "JSON": ("json", "application/json", _json),
}
