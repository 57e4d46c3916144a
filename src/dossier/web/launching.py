"""Launching: the page is put on the network, as little of it as will do."""

from __future__ import annotations

import logging
import os
import sys
from base64 import b64decode
from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dossier.errors import DossierError
from dossier.web.allowance import Allowance
from dossier.web.bodies import SMALL
from dossier.web.guard import Guard
from dossier.web.headers import LOOPBACK, SafeHeaders
from dossier.web.opening import Opening
from dossier.web.origins import OwnPagesOnly
from dossier.web.page import page, translations
from dossier.web.theme import THEME

Login = tuple[str, str] | None
STYLES = ("page.css", "chat.css", "source.css", "map.css", "library.css")
# The state of so many pages is kept; whose is the oldest begins a new conversation.
SESSIONS = 500


def launch(
    opening: Opening,
    *,
    host: str,
    port: int | None,
    login: Login,
    metrics: Login | bool,
    allowance: Allowance,
    editable: bool,
) -> tuple[gr.Blocks, str]:
    """The running page and its address; it listens on the ``host`` alone.

    ``login`` is a user and a password that everybody must give, or None where the page is open to whoever reaches it;
    ``metrics`` likewise, or whether there are any. In an ``editable`` page documents can be added and left out.
    """
    uploads = allowance.megabytes_per_upload * 1_000_000 if editable else 0
    blocks = page(opening, uploads=uploads)
    blocks.queue(
        default_concurrency_limit=allowance.answers_at_once, max_size=allowance.questions_waiting, api_open=False
    )
    queue = blocks._queue
    opening.metrics.queue(lambda: len(queue), lambda: sum(len(jobs or ()) for jobs in queue.active_jobs))
    _, address, _ = blocks.launch(
        server_name=f"[{host}]" if ":" in host else host,
        server_port=port,
        share=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size=uploads or SMALL,
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        strict_cors=True,
        state_session_capacity=SESSIONS,
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        inbrowser=_has_browser(),
        i18n=translations(opening.description()),
        theme=THEME,
        css="\n".join((Path(__file__).parent / style).read_text("utf-8") for style in STYLES),
        auth=login,
        app_kwargs={
            "routes": [Route("/healthz", _health(opening)), *_metrics(opening, metrics)],
            "middleware": [
                Middleware(SafeHeaders),
                *_host_check(host),
                Middleware(OwnPagesOnly),
                Middleware(Guard, blocks=blocks, allowance=allowance, uploads=uploads, metrics=opening.metrics),
            ],
        },
    )
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):  # what the server logs goes where everything does
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    return blocks, address


def _health(opening: Opening) -> Callable[[Request], JSONResponse]:
    """A route that says whether questions can be asked: 200, or 503 while there is no index to ask."""

    def healthz(_: Request) -> JSONResponse:
        ready = opening.ready()
        try:
            ready = ready and bool(opening.dossier().generation)
        except DossierError:
            ready = False
        return JSONResponse({"ready": ready}, 200 if ready else 503)

    return healthz


def _metrics(opening: Opening, login: Login | bool) -> list[Route]:
    """A route that says what has happened in numbers, to whoever gives the login where there is one."""

    def numbers(request: Request) -> Response:
        if isinstance(login, tuple) and not _is_login(request.headers.get("authorization", ""), login):
            return PlainTextResponse("Log in.", 401, {"WWW-Authenticate": 'Basic realm="metrics", charset="UTF-8"'})
        return Response(opening.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/metrics", numbers)] if login is not False else []


def _is_login(given: str, login: tuple[str, str]) -> bool:
    """Whether a header holds a user and a password, in the way of HTTP's Basic scheme."""
    scheme, _, encoded = given.partition(" ")
    try:
        found = b64decode(encoded, validate=True)
    except ValueError:
        return False
    return scheme.lower() == "basic" and compare_digest(found, ":".join(login).encode())


def _host_check(host: str) -> list[Middleware]:
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
