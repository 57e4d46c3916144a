"""The page: a chat on the left, the source of what it says on the right."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Iterator
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dossier.errors import DossierError
from dossier.web.chat import Conversation, conversation, waiting
from dossier.web.headers import SafeHeaders
from dossier.web.opening import Opening
from dossier.web.source import EMPTY, source
from dossier.web.theme import CSS, THEME

TITLE = "dossier"
LOOPBACK = {None, "", "localhost", "127.0.0.1", "::1"}
# A click on a citation anywhere on the page opens its source here, scrolled to what it says.
SHOW_SOURCE = """
document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[href^="#cite-"]');
  if (!link) return;
  event.preventDefault();
  document.querySelectorAll('a.cited').forEach((other) => other.classList.remove('cited'));
  link.classList.add('cited');
  const holder = element.querySelector('.holder');
  holder.innerHTML = await server.show(link.getAttribute('href'));
  const article = holder.querySelector('.source');
  const mark = holder.querySelector('mark strong');
  if (article) article.focus({ preventScroll: true });
  if (!mark) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const narrow = matchMedia('(max-width: 900px)').matches;
  if (narrow) element.scrollIntoView({ behavior: calm ? 'auto' : 'smooth' });
  const text = holder.querySelector('.document');
  text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
});
"""
# A new question is kept at the top of the chat while its answer grows below it, until the reader scrolls.
FOLLOW_QUESTIONS = """
let asked = 0;
let followed = null;
['wheel', 'touchmove', 'pointerdown'].forEach((act) => document.addEventListener(act, () => { followed = null; }));
new MutationObserver(() => {
  const questions = document.querySelectorAll('#chat .user-row');
  const log = document.querySelector('#chat [role=log]');
  if (questions.length > asked) followed = questions[questions.length - 1];
  asked = questions.length;
  if (followed && log) log.scrollTop += followed.getBoundingClientRect().top - log.getBoundingClientRect().top;
}).observe(document.body, { childList: true, subtree: true });
"""


def page(opening: Opening) -> gr.Blocks:
    """The page on the documents of an opening."""

    def show(link: object) -> str:
        return source(opening, link)

    def reply(question: object, before: Conversation) -> Iterator[tuple[Any, Conversation, object]]:
        if not isinstance(question, str) or not question.strip():
            yield gr.skip(), before, question
            return
        for talk in conversation(opening, question, before):
            yield list(talk.messages), talk, ""

    def chosen(before: Conversation, event: gr.SelectData) -> Iterator[tuple[Any, Conversation, object]]:
        yield from reply(event.value["text"], before)

    def tick() -> tuple[str, Any, Any]:
        ready = opening.wait(0)
        return (
            state(opening),
            gr.Timer(active=not ready),
            gr.Chatbot(examples=examples(opening)) if ready else gr.skip(),
        )

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(
            "<h1>dossier</h1><p>Ask these documents. Every answer is quoted and shows where it stands.</p>",
            elem_classes="heading",
        )
        status = gr.HTML(state(opening), elem_classes="state", elem_id="state")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=340):
                chat = gr.Chatbot(
                    show_label=False,
                    height=480,
                    layout="panel",
                    buttons=[],
                    latex_delimiters=[],
                    allow_tags=False,
                    autoscroll=False,
                    group_consecutive_messages=False,
                    placeholder="### What would you like to know?",
                    elem_classes="chat",
                    elem_id="chat",
                )
                with gr.Row():
                    question = gr.Textbox(
                        placeholder="Ask a question…",
                        show_label=False,
                        label="Question",
                        scale=8,
                        max_length=2000,
                        autofocus=True,
                        elem_id="question",
                        submit_btn=True,
                        stop_btn=False,
                        lines=1,
                    )
            with gr.Column(scale=6, min_width=340):
                gr.HTML(
                    f'<div class="holder">{EMPTY}</div>',
                    elem_id="source",
                    js_on_load=SHOW_SOURCE + FOLLOW_QUESTIONS,
                    server_functions=[show],
                )
        talk = gr.State(Conversation())  # what the chat shows never comes back from the browser
        timer = gr.Timer(0.5)
        quiet = {"api_visibility": "private", "show_progress": "hidden"}
        timer.tick(tick, None, [status, timer, chat], **quiet)
        question.submit(reply, [question, talk], [chat, talk, question], **quiet)
        chat.example_select(chosen, [talk], [chat, talk, question], **quiet)
        chat.clear(Conversation, None, talk, **quiet)
    return blocks


def examples(opening: Opening) -> list[dict[str, str]]:
    """Example questions in the form of the chat."""
    try:
        return [{"text": question} for question in opening.dossier().examples()]
    except DossierError:
        return []


def state(opening: Opening) -> str:
    """The line under the title: how far the build has come, or what can be asked."""
    if not opening.wait(0):
        progress = opening.progress
        return (
            f'<div role="status"><label>{html.escape(waiting(opening))} '
            f'<progress max="{max(progress.total, 1)}" value="{progress.done}"></progress></label></div>'
        )
    warning = f' <span class="warning">{html.escape(opening.error)}</span>' if opening.error else ""
    try:
        index = opening.dossier().index
    except DossierError:
        return f'<div role="status">{warning}</div>'
    skipped = f", {len(index.manifest.skipped)} files skipped" if index.manifest.skipped else ""
    held = f"{len(index.documents):,} documents, {len(index.passages):,} passages{skipped}."
    return f'<div role="status">{held}{warning}</div>'


def launch(opening: Opening, *, host: str | None, port: int | None) -> tuple[gr.Blocks, str]:
    """The running page and its address. It listens on the loopback address unless another host is named."""
    blocks = page(opening)
    blocks.queue(default_concurrency_limit=4, max_size=64)
    _, address, _ = blocks.launch(
        server_name=host,
        server_port=port,
        share=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size="1mb",
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        strict_cors=True,
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        inbrowser=_has_browser(),
        theme=THEME,
        css=CSS,
        app_kwargs={
            "middleware": [Middleware(SafeHeaders), *_host_check(host or os.environ.get("GRADIO_SERVER_NAME"))]
        },
    )
    return blocks, address


def _host_check(host: str | None) -> list[Middleware]:
    """On the loopback address, a check that the page is asked for by its own name.

    Without it any web site could have its own name point here, and read the documents through a visitor's browser.
    """
    if host not in LOOPBACK:
        return []
    return [Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"], www_redirect=False)]


def _has_browser() -> bool:
    """Whether there is somebody at a screen for whom to open the page."""
    screen = sys.platform in {"win32", "darwin"} or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return sys.stdout.isatty() and screen
