"""The page: a chat on the left, the source of what it says on the right; behind it, the library."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from dossier.errors import DossierError
from dossier.web.chat import LONGEST, Conversation, asked_before, change, conversation, stopped
from dossier.web.doors import open_doors
from dossier.web.keeping import FORMS, keep
from dossier.web.library import Library, progress_html
from dossier.web.opening import Opening
from dossier.web.source import page_picture, source
from dossier.web.texts import LANGUAGES, language_of, say

TITLE = "dossier"
HERE = Path(__file__).parent
STALE = (3_600, 3_600)  # what visitors have sent is looked through every so many seconds, and goes when it is so old
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
Update = tuple[Any, Any, Any, Any]


def page(opening: Opening) -> gr.Blocks:
    """The page on the documents of an opening."""
    library = Library(opening)

    def show(asked: object, request: gr.Request) -> str:
        return source(opening, asked, _language(request))

    def draw(address: object, request: gr.Request) -> str:
        return page_picture(opening, address, _language(request))

    def look(_: object, request: gr.Request) -> dict[str, object]:
        return state(opening, _language(request))

    def files(asked: object, request: gr.Request) -> str:
        return library.html(asked, _language(request))

    def rebuild(_: object) -> bool:
        return opening.rebuild()

    def reply(question: object, before: Conversation, request: gr.Request) -> Iterator[Update]:
        yield from replies(opening, question, before, _language(request))

    def revise(before: Conversation, request: gr.Request, event: gr.EventData) -> Iterator[Update]:
        turn, question = _said(event).get("turn"), _said(event).get("question")
        kept = before.turns[:turn] if isinstance(turn, int) and turn >= 0 else before.turns
        yield from replies(opening, question, Conversation(kept), _language(request))

    def begin(stored: object, request: gr.Request) -> Any:
        wanted = dict(request.query_params)
        return {"restore": wanted} if asked_before(stored) or asked_before([wanted.get("q")]) else gr.skip()

    def restore(stored: object, request: gr.Request, event: gr.EventData) -> Iterator[Update]:
        language, wanted = _language(request), _said(event)
        talk, questions = Conversation(), asked_before(stored)
        shared = asked_before([wanted.get("q")])
        questions += shared if questions[-1:] != shared else []
        for question in questions:
            note = "" if [question] != shared or _is_current(opening, wanted) else say(language, "index_changed")
            start = len(talk.turns)
            for grown in conversation(opening, question, talk, language, note=note):
                yield change(grown, start, language), grown, gr.skip(), gr.skip()
            talk = grown
        yield gr.skip(), talk, gr.skip(), talk.questions

    def stop(before: Conversation, request: gr.Request) -> Update:
        talk = stopped(before, _language(request))
        return change(talk, max(len(talk.turns) - 1, 0), _language(request)), talk, _box(), talk.questions

    def clear(request: gr.Request) -> Update:
        return change(Conversation(), 0, _language(request)), Conversation(), gr.skip(), []

    i18n = translations()

    def save(before: Conversation, request: gr.Request, event: gr.EventData) -> Any:
        answers = [turn.answer for turn in before.turns if turn.answer is not None]
        kept = keep(answers, _said(event).get("form"), _language(request))
        return {"save": kept._asdict()} if kept is not None else gr.skip()

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=STALE) as blocks:
        gr.HTML(i18n("heading_shell"), apply_default_css=False, elem_id="heading")
        _html("state", '<div role="status"></div>', [look])
        with gr.Tabs(elem_id="rooms"):
            with gr.Tab(i18n("ask"), id="ask"), gr.Row(equal_height=False, elem_id="desk"):
                with gr.Column(scale=5, min_width=320, elem_id="talk"):
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
                with gr.Column(scale=6, min_width=320):
                    _html("source", i18n("source_shell"), [show, draw])
            with gr.Tab(i18n("library"), id="library"):
                _html("library", i18n("library_shell"), [files, rebuild])
        wire = gr.HTML(None, visible="hidden", html_template="", js_on_load=_script("wire"))
        talk = gr.State(Conversation())  # what the chat shows never comes back from the browser, but for the questions
        stored = gr.BrowserState([], storage_key=_storage(opening), secret=TITLE)
        outputs = [wire, talk, question, stored]
        asking = [
            question.submit(reply, [question, talk], outputs, **QUIET),
            chat.edit(revise, talk, outputs, **QUIET),
            chat.input(restore, stored, outputs, **QUIET),
        ]
        question.stop(stop, talk, outputs, cancels=asking, queue=False, **QUIET)
        # Outside of the queue: its stream must not close at the very moment a first question joins it.
        blocks.load(begin, stored, wire, queue=False, **QUIET)
        chat.clear(clear, None, outputs, cancels=asking, queue=False, **QUIET)
        chat.download(save, talk, wire, **QUIET)
        open_doors(opening)
    return blocks


def replies(opening: Opening, question: object, before: Conversation, language: str) -> Iterator[Update]:
    """What changes on the page while a question is answered; nothing where it is no question."""
    if not isinstance(question, str) or not question.strip():
        yield gr.skip(), before, gr.skip(), gr.skip()
        return
    start = len(before.turns) if len(before.turns) < LONGEST else 0
    busy = gr.Textbox(value="", submit_btn=False, stop_btn=True)
    for talk in conversation(opening, question.strip(), before, language):
        yield change(talk, start, language), talk, busy, gr.skip()
        busy = gr.skip()
    yield gr.skip(), talk, _box(), talk.questions


def state(opening: Opening, language: str) -> dict[str, object]:
    """What the page shows of the index: a line of HTML, whether a build is under way, and example questions."""
    line, examples = progress_html(opening, language), ""
    if opening.ready():
        warning = f' <span class="warning">{html.escape(opening.error)}</span>' if opening.error else ""
        try:
            dossier = opening.dossier()
        except DossierError:
            return {"line": line or warning, "busy": not opening.wait(0), "examples": ""}
        index = dossier.index
        held = say(language, "held", documents=f"{len(index.documents):,}", passages=f"{len(index.passages):,}")
        skipped = len(index.manifest.skipped)
        held += f", {say(language, 'held_skipped', skipped=f'{skipped:,}')}" if skipped else ""
        line = line or f"{held}.{warning}"
        questions = "".join(
            f'<li><button type="button" class="example">{html.escape(question)}</button></li>'
            for question in opening.examples()
        )
        examples = f"<h3>{say(language, 'examples')}</h3><ul>{questions}</ul>" if questions else ""
    return {"line": line, "busy": not opening.wait(0), "examples": examples}


def _language(request: gr.Request | None) -> str:
    return language_of(request.headers if request is not None else {})


def _said(event: gr.EventData) -> dict[str, Any]:
    """What a script of the page said of an event; nothing where somebody else sent something else."""
    return event._data if isinstance(event._data, dict) else {}


def _box() -> Any:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _is_current(opening: Opening, wanted: dict[str, str]) -> bool:
    """Whether the index is the one that a link to a question was made with, if it says so."""
    if "at" not in wanted:
        return True
    try:
        return opening.dossier().generation == wanted["at"]
    except DossierError:
        return True


def _storage(opening: Opening) -> str:
    """A name of its own for each index, under which a browser keeps what was asked of it."""
    return f"dossier-{hashlib.sha256(str(opening.index.resolve()).encode()).hexdigest()[:12]}"


def _html(name: str, value: object, functions: list[Any] | None = None) -> gr.HTML:
    """A part of the page that is drawn by a script of its own."""
    return gr.HTML(
        value, elem_id=name, apply_default_css=False, js_on_load=_script(name), server_functions=functions or []
    )


def _script(name: str) -> str:
    return (HERE / f"{name}.js").read_text("utf-8")


def shells(language: str) -> dict[str, str]:
    """The parts of the page before anything is known, by name."""
    forms = "".join(f'<button type="button" data-keep="{form}">{form}</button>' for form in FORMS)
    return {
        "heading_shell": f"<h1>{TITLE}</h1><p>{say(language, 'tagline')}</p>",
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
        "source_shell": (
            f'<div class="holder"><div class="source-empty"><h2>{say(language, "sources")}</h2>'
            f"<p>{say(language, 'sources_hint')}</p></div></div>"
        ),
        "library_shell": (
            f'<div class="library-tools"><label>{say(language, "search")} <input type="search" maxlength="200"></label>'
            f'<button type="button" class="rebuild">{say(language, "rebuild")}</button></div>'
            '<div class="progress" role="status"></div><div class="files"></div>'
        ),
    }


def translations() -> gr.I18n:
    """What the browser puts in its own language: the shells, and the few texts of Gradio's own parts."""
    own = ("ask", "library", "question", "placeholder")
    return gr.I18n(**{one: {key: say(one, key) for key in own} | shells(one) for one in LANGUAGES})
