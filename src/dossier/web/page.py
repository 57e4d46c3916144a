"""The page: a chat on the left, the source of what it says on the right; behind it, the library."""

from __future__ import annotations

import hashlib
import html
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from dossier.errors import DossierError
from dossier.escaping import printable
from dossier.records import Description
from dossier.web.cards import safe
from dossier.web.chat import Conversation, Session, asked_before
from dossier.web.counts import count
from dossier.web.doors import open_doors
from dossier.web.inquiry import Inquiry
from dossier.web.keeping import FORMS, keep
from dossier.web.library import library_functions, progress_html
from dossier.web.library_html import library_shell
from dossier.web.limits import limits_shell, suggestions
from dossier.web.map import Map, map_shell
from dossier.web.opening import Opening
from dossier.web.reasons import reason_html
from dossier.web.replies import Update, emptied, halted, replies, restored
from dossier.web.source import page_picture, source
from dossier.web.texts import LANGUAGES, language_of, say
from dossier.web.thumbs import thumb

TITLE = "dossier"
HERE = Path(__file__).parent
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# What a question is limited to reaches the server beside it.
BOUNDS = "document.addEventListener('dossier:limits', ({ detail }) => { props.value = detail; });"


def page(opening: Opening, *, uploads: int) -> gr.Blocks:
    """The page on the documents of an opening; ``uploads`` is the largest that can be added, 0 to change nothing."""
    picture = Map(opening)

    def show(asked: object, request: gr.Request) -> str:
        return source(opening, asked, _language(request))

    def draw(address: object, request: gr.Request) -> str:
        return page_picture(opening, address, _language(request))

    def look(_: object, request: gr.Request) -> dict[str, object]:
        return state(opening, _language(request))

    def chart(asked: object, request: gr.Request) -> dict[str, Any]:
        return picture.look(asked, _language(request))

    def reply(
        question: object, session: Session, bounds: object, stored: object, request: gr.Request
    ) -> Iterator[Update]:
        inquiry = Inquiry.of(question, bounds)
        if inquiry is not None and session.remember(asked_before(stored)):
            yield from restored(opening, session, inquiry.data, request, typed=True)
        else:
            yield from replies(opening, inquiry, session, session.talk, request, typed=True)

    def revise(session: Session, bounds: object, request: gr.Request, event: gr.EventData) -> Iterator[Update]:
        before = session.talk
        at, question = _turn(before, event), _said(event).get("question")
        inquiry = Inquiry.of(question, bounds if at is None else before.turns[at].inquiry.data)
        yield from replies(opening, inquiry, session, Conversation(before.turns[:at]), request, anew=at is not None)

    def suggest(typed: object) -> dict[str, object]:
        try:
            return suggestions(opening.dossier(), typed)
        except DossierError:
            return {"html": "", "known": True}  # the question itself says what is wrong

    def judge(session: Session, request: gr.Request, event: gr.EventData) -> Any:
        talk = session.talk
        at = _turn(talk, event)
        if at is None or (turn := talk.turns[at]).answer is None or not turn.ended:
            return gr.skip()
        shown, spoken = thumb(opening.index, turn.answer, _said(event), _who(request), _language(request))
        return {"thumbs": shown, "turn": at, "spoken": spoken}

    def begin(stored: object, session: Session, request: gr.Request) -> Any:
        wanted = dict(request.query_params)
        session.kept = kept = asked_before(stored)
        return {"restore": kept[-1].data if kept else {}} if kept or wanted.get("q") else gr.skip()

    def restore(session: Session, request: gr.Request, event: gr.EventData) -> Iterator[Update]:
        yield from restored(opening, session, _said(event), request)

    description = opening.description()
    i18n = translations(description)

    def save(session: Session, request: gr.Request, event: gr.EventData) -> Any:
        answers = [turn.answer for turn in session.talk.turns if turn.answer is not None]
        kept = keep(answers, _said(event).get("form"), _language(request), opening.description().title)
        once = secrets.token_hex(4)  # the same again is said again
        return {"save": kept._asdict(), "once": once} if kept is not None else gr.skip()

    with gr.Blocks(title=browser_title(description), analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(i18n("heading_shell"), apply_default_css=False, elem_id="heading")
        _html("state", '<div role="status"></div>', [look])
        with gr.Row(equal_height=False, elem_id="desk"):
            with gr.Column(scale=5, min_width=320, elem_id="left"), gr.Tabs(elem_id="rooms"):
                with gr.Tab(i18n("ask"), id="ask"), gr.Column(elem_id="talk"):
                    chat = _html("chat", i18n("chat_shell"))
                    question = gr.Textbox(
                        placeholder=i18n("placeholder"),
                        label=i18n("question"),
                        show_label=False,
                        max_length=2000,
                        autofocus=True,
                        elem_id="question",
                        submit_btn=True,
                        stop_btn=False,
                        lines=1,
                    )
                    _html("limits", i18n("limits_shell"), [suggest])
                with gr.Tab(i18n("map"), id="map", elem_id="map-room"):
                    _html("map", i18n("map_shell"), [chart], scripts=("sky", "map"))
                with gr.Tab(i18n("library"), id="library", elem_id="library-room"):
                    _html("library", i18n("library_shell"), library_functions(opening, uploads))
            with gr.Column(scale=6, min_width=320, elem_id="right"):
                _html("source", i18n("source_shell"), [show, draw])
        wire = gr.HTML(None, visible="hidden", html_template="", js_on_load=_script("wire"))
        session = gr.State(Session())  # what the chat shows never comes back from the browser, but for the questions
        stored = gr.BrowserState([], storage_key=_storage(opening), secret=TITLE)
        bounds = gr.HTML({}, visible="hidden", html_template="", js_on_load=BOUNDS)
        outputs = [wire, session, question, stored]
        # Whoever is quick may press Enter while the last answer is being put away: that is done next, not dropped.
        question.submit(reply, [question, session, bounds, stored], outputs, trigger_mode="always_last", **QUIET)
        chat.edit(revise, [session, bounds], outputs, trigger_mode="multiple", **QUIET)
        chat.input(restore, session, outputs, **QUIET)
        question.stop(halted, session, outputs, queue=False, **QUIET)
        # Outside of the queue: its stream must not close at the very moment a first question joins it.
        blocks.load(begin, [stored, session], wire, queue=False, **QUIET)
        chat.clear(emptied, session, outputs, queue=False, **QUIET)
        chat.like(judge, session, wire, queue=False, **QUIET)
        chat.download(save, session, wire, **QUIET)
        open_doors(opening, blocks)
    return blocks


def state(opening: Opening, language: str) -> dict[str, object]:
    """What the page shows of the index: a line of HTML, whether a build is under way, and example questions."""
    busy = not opening.wait(0)  # before the line, which must not be the last that is asked for and speak of a build
    line, examples, heading = progress_html(opening, language), "", {}
    if opening.ready():
        warning = f' <span class="warning">{reason_html(language, opening.error)}</span>' if opening.error else ""
        try:
            dossier = opening.dossier()
        except DossierError:
            return {"line": line or warning, "busy": busy, "examples": ""}
        index, description = dossier.index, dossier.description
        heading = {"title": browser_title(description), "heading": heading_html(description, language)}
        held = f"{count(language, 'documents', len(index.documents))}, "
        held += count(language, "passages", len(index.passages))
        skipped = len(index.manifest.skipped)
        held += f", {count(language, 'files_skipped', skipped)}" if skipped else ""
        line = line or f"{held}.{warning}"
        questions = "".join(
            f'<li><button type="button" class="example">{html.escape(question)}</button></li>'
            for question in opening.examples()
        )
        examples = f"<h3>{say(language, 'examples')}</h3><ul>{questions}</ul>" if questions else ""
    return heading | {"line": line, "busy": busy, "examples": examples}


def _language(request: gr.Request | None) -> str:
    return language_of(request.headers if request is not None else {})


def _said(event: gr.EventData) -> dict[str, Any]:
    """What a script of the page said of an event; nothing where somebody else sent something else."""
    return event._data if isinstance(event._data, dict) else {}


def _turn(talk: Conversation, event: gr.EventData) -> int | None:
    """The number of the turn of a conversation that something was done to; None where that is none of them."""
    at = _said(event).get("turn")
    return at if isinstance(at, int) and 0 <= at < len(talk.turns) else None


def _who(request: gr.Request) -> str:
    """The name of a login, empty where the page has none."""
    return str(request.username or "")


def _storage(opening: Opening) -> str:
    """A name of its own for each index, under which a browser keeps what was asked of it."""
    return f"dossier-{hashlib.sha256(str(opening.index.resolve()).encode()).hexdigest()[:12]}"


def _html(name: str, value: object, functions: list[Any] | None = None, scripts: Sequence[str] = ()) -> gr.HTML:
    """A part of the page that is drawn by a script of its own, or by several together."""
    script = "\n".join(map(_script, scripts or [name]))
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=script, server_functions=functions or [])


def _script(name: str) -> str:
    return (HERE / f"{name}.js").read_text("utf-8")


def browser_title(description: Description) -> str:
    """What the browser calls the page."""
    return f"{printable(description.title)} – {TITLE}" if description.title else TITLE


def heading_html(description: Description, language: str) -> str:
    """The title of the documents and what they are about, or the page's own where they have none."""
    return f"<h1>{safe(description.title or TITLE)}</h1><p>{safe(description.text or say(language, 'tagline'))}</p>"


def shells(description: Description, language: str) -> dict[str, str]:
    """The parts of the page before an index is known, by name."""
    forms = "".join(f'<button type="button" data-keep="{form}">{form}</button>' for form in FORMS)
    return {
        "heading_shell": heading_html(description, language),
        "chat_shell": (
            f'<div class="bar-top" data-ask="{say(language, "ask")}" data-stop="{say(language, "stop")}" hidden>'
            f"<h2>{say(language, 'conversation')}</h2>"
            f'<span class="keeping" role="group" aria-label="{say(language, "keep")}">'
            f'<span aria-hidden="true">{say(language, "keep")}</span>{forms}</span>'
            f'<button type="button" class="clear">{say(language, "clear")}</button></div>'
            '<div class="spoken hidden" role="status" aria-live="polite"></div>'
            f'<div class="scroll" tabindex="0"><div class="welcome"><p class="greeting">{say(language, "welcome")}</p>'
            '<div class="examples"></div></div><ol class="turns"></ol></div>'
        ),
        "limits_shell": limits_shell(language),
        "source_shell": (
            f'<div class="holder"><div class="source-empty"><h2>{say(language, "sources")}</h2>'
            f"<p>{say(language, 'sources_hint')}</p></div></div>"
        ),
        "map_shell": map_shell(language),
        "library_shell": library_shell(language),
    }


def translations(description: Description) -> gr.I18n:
    """What the browser puts in its own language: the shells, and the few texts of Gradio's own parts."""
    own = ("ask", "map", "library", "question", "placeholder")
    return gr.I18n(**{one: {key: say(one, key) for key in own} | shells(description, one) for one in LANGUAGES})
