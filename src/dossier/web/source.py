"""The source panel: the document behind a citation, with the passage marked and the sentence that answers.

Everything that comes from a document or from the browser is escaped or checked here.
"""

from __future__ import annotations

import base64
import html
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from threading import BoundedSemaphore

from dossier.answers import State, file_state
from dossier.dossier import Dossier
from dossier.errors import DossierError
from dossier.escaping import printable
from dossier.records import Document, Section, Span, landmarks_in, page_of, place_of, text_lines
from dossier.web.cards import safe
from dossier.web.counts import count
from dossier.web.opening import Opening
from dossier.web.places import Place, find_place
from dossier.web.reasons import say_reason
from dossier.web.references import Reference, as_bibtex, as_csl, as_markdown, as_text
from dossier.web.texts import say, say_date, say_place

# Of a very long document so many characters on each side of the passage are shown.
AROUND = 100_000
# So many other passages of an answer may be marked beside the one that was asked for.
OTHERS = 50
# How the kinds of spans look; the spans of furniture and of other hits lie apart from each other.
OPENED = {"furniture": '<span class="furniture">', "other": '<span class="other">', "passage": "<mark>"}
CLOSED = {"furniture": "</span>", "other": "</span>", "passage": "</mark>"}
# So many pages are drawn at a time.
DRAWING = BoundedSemaphore(4)
FORMS = (("Markdown", as_markdown), ("BibTeX", as_bibtex), ("CSL-JSON", as_csl))


def source(opening: Opening, asked: object, language: str) -> str:
    """The document that an address stands for, as HTML; a plain sentence where it stands for nothing.

    ``asked`` is a list that begins with the address; the others in it are marked too where they are in that document.
    """
    first, *others = asked if isinstance(asked, list) and asked else [asked]
    try:
        dossier = opening.dossier()
        place = find_place(dossier, first)
    except DossierError as error:
        return _notice(say_reason(language, str(error)))
    if isinstance(place, str):
        return _notice(say(language, place))
    found = [find_place(dossier, other) for other in others[:OTHERS]]
    spans = [one.passage for one in found if isinstance(one, Place) and one.document is place.document]
    return _shown(dossier, place, [span for span in spans if not _overlap(span, place.passage)], language)


def page_picture(opening: Opening, address: object, language: str) -> str:
    """The page of a PDF on which a place begins, as a picture with its lines marked; only so many are drawn at a time.

    Each is drawn by a process of its own, and nobody is to wait in the place of somebody's question.
    """
    if not DRAWING.acquire(blocking=False):
        return _notice(say(language, "many_pages"))
    try:
        return _page_picture(opening, address, language)
    finally:
        DRAWING.release()


def _page_picture(opening: Opening, address: object, language: str) -> str:
    try:
        dossier = opening.dossier()
        place = find_place(dossier, address)
        if isinstance(place, str):
            return _notice(say(language, place))
        document, sentence = place.document, place.sentence
        page = page_of(landmarks_in(document.landmarks, sentence))
        if page is None:
            return _notice(say(language, "no_passage"))
        drawn = dossier.facsimile(document.path, page, document.text[slice(*sentence)])
    except DossierError as error:
        return _notice(say_reason(language, str(error)))
    lines = "".join(
        f'<span class="line" style="left:{100 * line.left:.3f}%;top:{100 * line.top:.3f}%;'
        f'width:{100 * line.width:.3f}%;height:{100 * line.height:.3f}%"></span>'
        for line in drawn.rectangles
    )
    alt = html.escape(say(language, "page_alt", page=page, path=printable(document.path)))
    picture = base64.b64encode(drawn.png).decode("ascii")
    hint = "" if drawn.rectangles else _notice(say(language, "not_marked"))
    return (
        f'{hint}<figure><img src="data:image/png;base64,{picture}" alt="{alt}" width="{drawn.width}" '
        f'height="{drawn.height}">{lines}</figure>'
    )


def _shown(dossier: Dossier, place: Place, others: Sequence[Span], language: str) -> str:
    document, passage = place.document, place.passage
    text = document.text
    section = next(one for one in document.sections if place.sentence[0] < one.end)
    state = file_state(dossier.corpus.file(document.path), document.source.digest)
    where = _where(document, passage, language)
    title = section.title or document.title or document.path
    place_only = where.removeprefix(f"{document.path}, ")
    named = document.title if document.title != title else ""
    details = [
        place_only if title == document.path else where,
        named,
        section.event if section.event != title else "",
        document.author,
        section.publisher,
        say_date(language, section.date),
    ]
    start, end = max(0, passage[0] - AROUND), min(len(text), passage[1] + AROUND)
    body = "".join(_marked(place, others, start, end, language))
    return "".join(
        (
            f'<article class="source" tabindex="-1" aria-label="{safe(say(language, "source_of", place=where))}">',
            f'<header><div class="source-head"><h2>{safe(title)}</h2>{_steps(language)}</div>',
            f'<p class="where">{" · ".join(safe(part) for part in details if part)}</p>',
            "" if state is State.STANDS else f'<p class="warning">{say(language, f"file_{state.value}")}</p>',
            _tools(dossier, place, section, language),
            '</header><div class="document" tabindex="0">',
            f'<p class="cut">{count(language, "cut_before", start)}</p>' if start else "",
            body,
            f'<p class="cut">{count(language, "cut_after", len(text) - end)}</p>' if end < len(text) else "",
            f'</div><div class="facsimile" tabindex="0" hidden>{_notice(say(language, "drawing"))}</div></article>',
        )
    )


def _marked(place: Place, others: Sequence[Span], start: int, end: int, language: str) -> Iterator[str]:
    """The text from start to end, each stretch of it in the elements that say what it is."""
    document = place.document
    spans = [("furniture", span) for span in document.furniture]
    spans += [("other", span) for span in others] + [("passage", place.passage), ("sentence", place.sentence)]
    changes: dict[int, Counter[str]] = {start: Counter(), end: Counter()}
    for kind, (first, last) in spans:
        if first < end and last > start:
            changes.setdefault(max(first, start), Counter())[kind] += 1
            changes.setdefault(min(last, end), Counter())[kind] -= 1
    pages = {mark.start: mark for mark in document.landmarks if mark.kind in ("page", "slide")}
    for at in pages:
        if start <= at < end:
            changes.setdefault(at, Counter())
    active: Counter[str] = Counter()
    for at, until in pairwise(sorted(changes)):
        active.update(changes[at])
        kinds = [kind for kind in OPENED if active[kind] > 0]
        text = _safe(document.text[at:until])
        if at in pages:
            yield f'<span class="landmark">{say_place(language, f"{pages[at].kind} {pages[at].number}")}</span>'
        if active["sentence"] > 0:
            text = f"<strong>{text}</strong>"
        yield "".join(OPENED[kind] for kind in kinds) + text + "".join(CLOSED[kind] for kind in reversed(kinds))


def _where(document: Document, span: Span, language: str) -> str:
    first_line = text_lines(document.text, 0, span[0])
    last_line = first_line + text_lines(document.text, *span) - 1
    place = place_of(landmarks_in(document.landmarks, span), first_line, last_line)
    return f"{document.path}, {say_place(language, place)}"


def _steps(language: str) -> str:
    """The way to the previous and the next hit, which the page shows where there are several."""
    before, after, back = (html.escape(say(language, key)) for key in ("previous", "next", "back"))
    return (
        f'<nav class="steps" hidden><button type="button" data-step="-1" title="{before}" aria-label="{before}">‹'
        f'</button><span class="step"></span><button type="button" data-step="1" title="{after}" aria-label="{after}">'
        f'›</button><button type="button" class="back" title="{back}" aria-label="{back}">↑</button></nav>'
    )


def _tools(dossier: Dossier, place: Place, section: Section, language: str) -> str:
    document = place.document
    quote = document.text[slice(*place.sentence)]
    where = _where(document, place.sentence, "en").removeprefix(f"{document.path}, ")
    original = dossier.original(document.path, quote)
    linked = original if original.startswith(("https://", "http://")) else ""
    title = section.title or document.title or document.path
    reference = Reference(
        quote,
        title,
        document.path,
        where,
        date=_with_year(section.date),
        publisher=section.publisher,
        address=document.address if linked else "",
        author=document.author,
        container=document.title if document.title != title else "",
    )
    copies = "".join(
        f'<button type="button" data-copy="{html.escape(form(reference))}">{name}</button>'
        for name, form in ((say(language, "plain"), as_text), *FORMS)
    )
    views = (
        f'<span class="views" role="group"><button type="button" data-view="document" aria-pressed="true">'
        f'{say(language, "as_text")}</button><button type="button" data-view="facsimile" aria-pressed="false">'
        f"{say(language, 'as_page')}</button></span>"
        if document.path.lower().endswith((".pdf", ".pdf.gz"))
        else ""
    )
    away = (
        f'<a class="original" href="{html.escape(linked)}" target="_blank" rel="noopener noreferrer">'
        f"{say(language, 'original')} ↗</a>"
        if linked
        else ""
    )
    return (
        f'<div class="tools"><span class="copies" role="group" aria-label="{say(language, "copy_quote")}">'
        f'<span class="label" aria-hidden="true">{say(language, "copy_quote")}</span>{copies}</span>'
        f'<button type="button" data-link="?cite={place.address}">{say(language, "link")}</button>{away}{views}</div>'
    )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _notice(sentence: str) -> str:
    return f'<p class="source-notice" role="status">{_safe(sentence)}</p>'


def _safe(text: str) -> str:
    return html.escape(printable(text, lines=True))


def _with_year(dated: str) -> str:
    """A date for a reference, which needs its year."""
    return "" if dated.startswith("-") else dated
