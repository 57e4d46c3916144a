"""Launching: the page is put on the network, as little of it as will do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from dossier.errors import DossierError
from dossier.web.guarding import SMALL, OwnPagesOnly, WholeBodiesOnly
from dossier.web.headers import LOOPBACK, SafeHeaders
from dossier.web.opening import Opening
from dossier.web.page import page, translations
from dossier.web.theme import THEME

Login = tuple[str, str] | None
STYLES = ("page.css", "chat.css", "source.css", "map.css", "library.css")


def launch(
    opening: Opening, *, host: str | None, port: int | None, login: Login, uploads: int
) -> tuple[gr.Blocks, str]:
    """The running page and its address. It listens on the loopback address unless another host is named.

    ``login`` is a user and a password that everybody must give, or None where the page is open to whoever reaches it.
    A document of ``uploads`` bytes at most can be added in the page; with 0 nothing can be changed there.
    """
    blocks = page(opening, uploads=uploads)
    blocks.queue(default_concurrency_limit=4, max_size=64)
    _, address, _ = blocks.launch(
        server_name=host,
        server_port=port,
        share=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size=uploads or SMALL,
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        strict_cors=True,
        state_session_capacity=500,  # conversations that are remembered; Gradio would keep 10,000 of them for ever
        prevent_thread_lock=True,
        quiet=True,
        footer_links=[],
        inbrowser=_has_browser(),
        i18n=translations(opening.description()),
        theme=THEME,
        css="\n".join((Path(__file__).parent / style).read_text("utf-8") for style in STYLES),
        auth=login,
        app_kwargs={
            "routes": [
                Route("/healthz", _health(opening)),
                Route("/gradio_api/upload", _no_upload, methods=["POST"]),
            ],
            "middleware": [
                Middleware(SafeHeaders),
                *_host_check(host or os.environ.get("GRADIO_SERVER_NAME")),
                Middleware(OwnPagesOnly),
                Middleware(WholeBodiesOnly, limit=uploads + SMALL),
            ],
        },
    )
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


def _no_upload(_: Request) -> PlainTextResponse:
    """Gradio would keep what is sent there; the library, which takes files in, has a way of its own."""
    return PlainTextResponse("Nothing is kept here. Documents are added in the library.", 404)


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
