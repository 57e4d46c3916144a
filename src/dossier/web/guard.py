"""The guard: what comes in is looked at before Gradio sees it: where it goes, how often, how large, in which form."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dossier.events import Happening, log
from dossier.web.allowance import LOGINS_PER_MINUTE, Allowance, Pace, visitor
from dossier.web.bodies import SMALL, Body, BrokenOffError, TooLargeError, held, replayed, size, whole
from dossier.web.forms import MalformedError, check_upload, well_formed
from dossier.web.metrics import Metrics

if TYPE_CHECKING:
    import gradio as gr

API = "/gradio_api/"
# The page's own files, which everybody gets as often as they like.
FILES = re.compile(r"/((assets|static)/[\w./@+-]*|favicon\.ico|robots\.txt|manifest\.json|theme\.css|healthz)")
# What else of Gradio the page and programs need. The rest of it is not there for visitors: it fetches other
# addresses, hands out files, or keeps what nobody asked for.
ROUTES = re.compile(
    r"/|/(config|login|metrics)/?|/gradio_api/("
    r"(info|login_check|reset|component_server)/?|openapi\.json|app_id|theme\.css|startup-events|cancel|"
    r"heartbeat/[\w-]{1,64}|queue/(join|data|status)|call/(v2/)?\w+(/\w+)?|run/\w+)"
)
QUESTIONS = ("queue/join", "call/", "run/")
# The door through which documents are added. Gradio's own for files would keep what is sent there.
ADDING = "component_server"
# A body must have come after so many seconds, a document after more; so many requests of a visitor may be open.
BODY_SECONDS, UPLOAD_SECONDS = 30, 600
OPEN_AT_ONCE = 256


class RefusedError(Exception):
    """A request is not let in: with which status, why in a word and in a sentence, and after how many seconds it is."""

    def __init__(self, status: int, reason: str, sentence: str, seconds: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.reason, self.seconds = status, reason, seconds


class Guard:
    """ASGI middleware that lets in what fits, and says of the rest why not.

    A document of ``uploads`` bytes at most may be sent; none with 0.
    """

    def __init__(
        self, app: ASGIApp, *, blocks: gr.Blocks, allowance: Allowance, uploads: int, metrics: Metrics
    ) -> None:
        self._app = app
        self._blocks = blocks
        self._allowance = allowance
        self._uploads = uploads
        self._metrics = metrics
        self._requests = Pace(allowance.requests_per_minute)
        self._questions = Pace(allowance.questions_per_minute)
        self._logins = Pace(LOGINS_PER_MINUTE)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # there are none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        who = visitor((scope.get("client") or ("", 0))[0])
        begun, status = monotonic(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._open[who] += 1
        try:
            self._check(scope, who)
            if scope["method"] == "POST" and not FILES.fullmatch(scope["path"]):
                with await self._body(scope, receive) as body:
                    await self._hand_on(scope, replayed(body, receive), noted)
            else:
                await self._app(scope, receive, noted)
        except BrokenOffError:
            status = 499  # nobody is there any more; servers have come to count it so
        except RefusedError as refused:
            self._metrics.refused(refused.reason)
            log.info(Happening("refused", reason=refused.reason, visitor=who, status=refused.status))
            await _refusal(refused)(scope, receive, noted)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
            self._metrics.responded(status or 500)
            took = monotonic() - begun
            log.debug(Happening("request", method=scope["method"], path=scope["path"], status=status, seconds=took))

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except (KeyError, ValueError) as error:  # so Gradio takes a form that lacks a field, or names what is not there
            if not _is_adding(scope):
                raise
            raise RefusedError(400, "form", "The form is not one by which a document is added.") from error

    def _check(self, scope: Scope, who: str) -> None:
        """Raise `RefusedError` where there is nothing at an address, or a visitor asks for too much."""
        path = scope["path"]
        if FILES.fullmatch(path):
            return
        if not ROUTES.fullmatch(path):
            raise RefusedError(404, "path", "There is no such page.")
        if self._allowance.requests_per_minute and self._open[who] > OPEN_AT_ONCE:
            raise RefusedError(429, "rate", "Too many requests of yours are open at a time. Close some.", 1)
        self._slow_down(self._requests, who, "requests", self._allowance.requests_per_minute)
        logs_in = path.rstrip("/") == "/login" and scope["method"] == "POST"
        if logs_in or (path.rstrip("/") == "/metrics" and "authorization" in Headers(scope=scope)):
            self._slow_down(self._logins, who, "logins", LOGINS_PER_MINUTE)
        if scope["method"] != "POST":
            return
        if _is_adding(scope) and not self._has_logged_in(scope):  # before anything of it is taken
            raise RefusedError(401, "login", "Log in to add documents.")
        if path.removeprefix(API).startswith(QUESTIONS) or _is_adding(scope):
            self._slow_down(self._questions, who, "questions", self._allowance.questions_per_minute)

    def _has_logged_in(self, scope: Scope) -> bool:
        """Whether a request has the cookie of a login, where there is one; Gradio asks too late for what is large."""
        app, cookies = self._blocks.app, HTTPConnection(scope).cookies
        names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
        return app.auth is None or any(cookies.get(name) in app.tokens for name in names)

    async def _body(self, scope: Scope, receive: Receive) -> Body:
        """What came with a request, in the form in which it goes on. Raises `RefusedError` and `BrokenOffError`."""
        headers, adding = Headers(scope=scope), _is_adding(scope)
        most, seconds = self._allowance.megabytes_per_request * 1_000_000, BODY_SECONDS
        if adding and self._uploads:
            most, seconds = self._uploads + SMALL, UPLOAD_SECONDS
        kind = headers.get("content-type", "")
        try:
            if adding:
                check_upload(kind)
            body = await whole(receive, headers.get("content-length", "0"), most, seconds)
            if scope["path"].startswith(API) and not adding:
                with body:
                    formed = well_formed(scope["path"].removeprefix(API), body.read(), kind, self._blocks)
                body = held(formed)
        except TooLargeError:
            sentence = f"What was sent is larger than {most / 1e6:.0f} MB, the most that is taken."
            raise RefusedError(413, "size", sentence) from None
        except asyncio.TimeoutError:
            raise RefusedError(408, "slow", f"The request did not come within {seconds} seconds.") from None
        except MalformedError as error:
            raise RefusedError(400, "form", str(error)) from None
        others = [pair for pair in scope["headers"] if pair[0] not in (b"content-length", b"transfer-encoding")]
        scope["headers"] = [*others, (b"content-length", str(size(body)).encode())]
        return body

    def _slow_down(self, pace: Pace, who: str, what: str, per_minute: int) -> None:
        seconds = pace.wait(who, monotonic()) if per_minute else 0
        if seconds:
            sentence = f"Only {per_minute:,} {what} a minute are answered from one address. Try again in {seconds} s."
            raise RefusedError(429, "rate", sentence, seconds)


def _refusal(refused: RefusedError) -> JSONResponse:
    headers = {"Connection": "close"} if refused.status == 408 else {}
    headers |= {"Retry-After": str(refused.seconds)} if refused.seconds else {}
    return JSONResponse({"detail": str(refused)}, refused.status, headers)


def _is_adding(scope: Scope) -> bool:
    """Whether a request brings a document."""
    kind = Headers(scope=scope).get("content-type", "").lower()
    return bool(scope["path"].strip("/") == f"{API.strip('/')}/{ADDING}" and kind.startswith("multipart/"))
