"""Cards: an answer as HTML, its quotes first, then a card for each passage; every text of a document is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import asdict

from dossier.answers import Answer, Citation, Hit, State
from dossier.escaping import printable
from dossier.web.counts import count, figure
from dossier.web.inquiry import Inquiry
from dossier.web.texts import say, say_date, say_place

# The marked sentence may be followed by so many characters of its passage, and preceded by as many.
AROUND = 180


def safe(text: str) -> str:
    """Text of a document as HTML that shows it as it is, on one line."""
    return html.escape(printable(" ".join(text.split())))


def question_html(inquiry: Inquiry, completed: str, generation: str, language: str) -> str:
    """The head of a turn: what was typed, what can be done with it, what it was completed to and is limited to.

    Links to the question name the ``generation`` of the index that answered it.
    """
    question, link, limits = inquiry.question, html.escape(inquiry.link(generation)), inquiry.limits(language)
    limited = f'<p class="limited">{safe(limits)}</p>' if limits else ""
    asked = f'<p class="completed">{safe(say(language, "asked", question=completed))}</p>' if completed else ""
    return (
        f'<div class="turn-head"><h2 class="question">{safe(question)}</h2><div class="turn-tools">'
        f'<button type="button" class="edit">{say(language, "edit")}</button>'
        f'<button type="button" class="retry">{say(language, "retry")}</button>'
        f'<button type="button" data-link="{link}">{say(language, "link")}</button></div></div>'
        f'<form class="edit-form" hidden><textarea rows="2" maxlength="2000" aria-label="{say(language, "edit")}">'
        f"{html.escape(printable(question, lines=True))}</textarea>"
        f'<button type="submit">{say(language, "ask")}</button>'
        f'<button type="button" class="cancel">{say(language, "cancel")}</button></form>{asked}{limited}'
    )


def notice_html(text: str, kind: str = "notice") -> str:
    """A sentence in place of an answer."""
    return f'<p class="{kind}">{html.escape(printable(text))}</p>'


def answer_html(
    answer: Answer, titles: Sequence[str], addresses: Sequence[str], language: str, *, thumbs: str, reader: bool
) -> str:
    """An answer: its quotes, each with its number, and, once it is whole and has ``thumbs``, a card for each passage.

    ``titles`` name the documents of the hits and ``addresses`` are where they stand, in their order. Where there is a
    ``reader``, one line above the quotes is kept for what it will say, and nothing is said not to be there before it
    has read.
    """
    if not answer.hits:
        return notice_html(say(language, "nothing"))
    quoted = [citation for citation in answer.citations if citation.number in answer.quoted]
    above = _short(answer, addresses, language, whole=bool(thumbs)) if reader else ""
    if answer.found:
        body = _quotes(answer, quoted, addresses, above, language)
    elif reader and not thumbs and not any(hit.reading for hit in answer.hits):
        body = f'<div class="answer">{above}</div>'
    else:
        body = _not_found(language)
    if not thumbs:
        return body
    cards = "".join(
        _card(citation, hit, title, address, language)
        for citation, hit, title, address in zip(answer.citations, answer.hits, titles, addresses, strict=True)
    )
    heading = say(language, "passages" if answer.found else "nearest")
    confidence = say(language, "confidence", percent=round(100 * answer.confidence))
    return f'{body}<p class="confidence">{confidence}</p>{thumbs}<h3>{heading}</h3><ol class="cards">{cards}</ol>'


def announcement(answer: Answer, language: str) -> str:
    """What a screen reader says when an answer is there."""
    if not answer.found:
        return say(language, "not_found" if answer.hits else "nothing")
    quotes, passages = count(language, "quoted", len(answer.quoted)), count(language, "passages", len(answer.hits))
    return say(language, "quotes_found", quotes=quotes, passages=passages)


def _quotes(answer: Answer, quoted: Sequence[Citation], addresses: Sequence[str], above: str, language: str) -> str:
    opening = f'<p class="opening">{say(language, "perhaps")}</p>' if not answer.sure else ""
    quotes = "".join(
        f"<blockquote><p>“{_quote(answer.hits[citation.number - 1])}” "
        f"{_link(citation.number, addresses)}</p></blockquote>"
        for citation in quoted
    )
    return f'<div class="answer">{opening}{above}{quotes}</div>'


def _short(answer: Answer, addresses: Sequence[str], language: str, *, whole: bool) -> str:
    """The short answers, or in one line why there is none."""
    if not answer.short:
        read = any(hit.reading for hit in answer.hits)
        reason = "being_read" if not whole and not read else "no_short" if read else "not_read"
        return f'<p class="short none">{say(language, reason)}</p>'
    said = []
    for one in answer.short:
        links = " ".join(_link(number, addresses) for number in one.numbers)
        agree = f' <span class="agree">{say(language, "agree")}</span>' if len(one.numbers) > 1 else ""
        said.append(f"<strong>{safe(one.text)}</strong> {links}{agree}")
    differing = f' <span class="or">{say(language, "or")}</span> '.join(said)
    return f'<p class="short">{differing}</p>'


def _not_found(language: str) -> str:
    return (
        f'<div class="answer not-found"><p class="opening">{say(language, "not_found")}</p>'
        f"<p>{say(language, 'not_found_hint')}</p></div>"
    )


def _link(number: int, addresses: Sequence[str]) -> str:
    return f'<a class="cite" href="?cite={addresses[number - 1]}">[{number}]</a>'


def _quote(hit: Hit) -> str:
    """The sentence that answers, with the words in it that do, where they are known."""
    passage, (first, last) = hit.passage, hit.sentence
    if hit.reading is None or hit.reading.span is None:
        return safe(hit.quote)
    start, end = hit.reading.span
    before, words, after = (passage.slice(span) for span in ((first, start), (start, end), (end, last)))
    gap, other = (" " if text[:1].isspace() else "" for text in (before[::-1], after))
    return f"{safe(before)}{gap}<strong>{safe(words)}</strong>{other}{safe(after)}"


def _card(citation: Citation, hit: Hit, title: str, address: str, language: str) -> str:
    warning = "" if citation.state is State.STANDS else say(language, f"state_{citation.state.value}")
    place = say_place(language, citation.place)
    where = [place if title == citation.path else f"{citation.path}, {place}"]
    dated = say_date(language, citation.date)
    known = dict.fromkeys((citation.section, citation.event, citation.author, citation.publisher, dated))
    where += [part for part in known if part and part != title]
    if citation.also:
        where.append(say(language, "also", paths=", ".join(citation.also)))
    return "".join(
        (
            f'<li class="card"><div class="card-head"><a class="cite" href="?cite={address}">[{citation.number}] ',
            f'<span class="title">{safe(title)}</span></a></div>',
            f'<p class="where">{" · ".join(map(safe, where))}',
            f' <strong class="warning">{warning}</strong>' if warning else "",
            f'</p><p class="text">{_passage(hit)}</p>',
            _reasons(hit, language),
            "</li>",
        )
    )


def _passage(hit: Hit) -> str:
    """The passage with the sentence that answers marked, and as much around it as a card has room for."""
    passage, (first, last) = hit.passage, hit.sentence
    before, after = passage.slice((passage.start, first)), passage.slice((last, passage.end))
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    gap = " " if before[-1:].isspace() else ""
    return f"{safe(before)}{gap}<mark>{_quote(hit)}</mark>{' ' if after[:1].isspace() else ''}{safe(after)}"


def _reasons(hit: Hit, language: str) -> str:
    score = say(language, "score", score=figure(language, hit.score, 2))
    shared = ", ".join(hit.shared)
    reason = say(language, "shares", words=shared) if shared else say(language, "by_meaning")
    parts = "".join(
        f"<div><dt>{say(language, f'part_{name}')}</dt><dd>{figure(language, part, 2)}</dd></div>"
        for name, part in asdict(hit.parts).items()
        if part
    )
    return (
        f'<details class="why"><summary><span class="bar" aria-hidden="true"><span style="width:'
        f'{round(100 * max(0.0, min(hit.score, 1.0)))}%"></span></span><span class="score">{score}</span>'
        f'<span class="shared">{safe(reason)}</span><span class="more">{say(language, "why")}</span></summary>'
        f"<dl>{parts}</dl></details>"
    )
