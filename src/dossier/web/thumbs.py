"""Thumbs: what the reader thinks of an answer, under it; a click keeps it beside the index, a second takes it back."""

from __future__ import annotations

import html
from pathlib import Path

from dossier.answers import Answer
from dossier.errors import DossierError
from dossier.escaping import printable
from dossier.judging import LONGEST_NOTE, Judgment, judge, judgment_of
from dossier.web.reasons import say_reason
from dossier.web.texts import say

HAND = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 10v10H4a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zm3 9.2V10l3.4-6.6'
    'a1.7 1.7 0 0 1 3.2 1.1L15.7 9H19a2 2 0 0 1 2 2.4l-1.4 7A2 2 0 0 1 17.6 20h-6.3z"/></svg>'
)


def thumbs_html(index: Path, answer: Answer, who: str, language: str) -> str:
    """Two thumbs and, once one is given, a note."""
    return f'<div class="thumbs">{_inside(judgment_of(index, answer, who), language)}</div>'


def thumb(index: Path, answer: Answer, said: dict[str, object], who: str, language: str) -> tuple[str, str]:
    """What was clicked is kept: how the thumbs look then, as HTML, and what a screen reader is told."""
    verdict, note = (value if isinstance(value := said.get(name), str) else "" for name in ("verdict", "note"))
    try:
        kept = judge(index, answer, verdict, note=note, who=who)
    except DossierError as error:
        problem = say_reason(language, str(error))
        warning = f'<p class="warning">{html.escape(printable(problem))}</p>'
        return _inside(judgment_of(index, answer, who), language) + warning, problem
    return _inside(kept, language), say(language, "thumb_kept" if kept else "thumb_taken_back")


def _inside(given: Judgment | None, language: str) -> str:
    buttons = "".join(
        f'<button type="button" class="{verdict}" data-verdict="{verdict}" title="{say(language, f"thumb_{verdict}")}" '
        f'aria-label="{say(language, f"thumb_{verdict}")}" '
        f'aria-pressed="{"true" if given and given.verdict == verdict else "false"}">{HAND}</button>'
        for verdict in ("up", "down")
    )
    group = f'<span class="pair" role="group" aria-label="{say(language, "thumbs")}">{buttons}</span>'
    if given is None:
        return group
    label = say(language, "thumb_note")
    note = html.escape(printable(given.note))
    return (
        f'{group}<form class="thumb-note"><input type="text" name="note" maxlength="{LONGEST_NOTE}" value="{note}" '
        f'aria-label="{label}" placeholder="{label}">'
        f'<button type="submit">{say(language, "thumb_keep")}</button></form>'
        f'<span class="thumb-hint">{say(language, "thumb_kept")}</span>'
    )
