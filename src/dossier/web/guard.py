"""The guard: what comes in is looked at before Gradio sees it: where it goes, how often, how large, in which form."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dossier.events import Happening, log
from dossier.web.allowance import LOGINS_PER_MINUTE, Allowance, Pace, visitor
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
    r"/|/(config|login|logout|metrics)/?|/gradio_api/("
    r"(info|login_check|reset|component_server)/?|openapi\.json|app_id|theme\.css|startup-events|cancel|upload|"
    r"upload_progress|heartbeat/[\w-]{1,64}|queue/(join|data|status)|call/(v2/)?\w+(/\w+)?|run/\w+|mcp(/[\w/.-]*)?)"
)
QUESTIONS = ("queue/join", "call/", "run/", "mcp", "upload")
# A body must have come after so many seconds, and so many requests of a visitor may be open at a time.
BODY_SECONDS = 30
OPEN_AT_ONCE = 256


class RefusedError(Exception):
    """A request is not let in: with which status, why in a word and in a sentence, and after how many seconds it is."""

    def __init__(self, status: int, reason: str, sentence: str, seconds: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.reason, self.seconds = status, reason, seconds


class Guard:
    """ASGI middleware that lets in what fits, and says of the rest why not."""

    def __init__(self, app: ASGIApp, *, blocks: gr.Blocks, allowance: Allowance, metrics: Metrics) -> None:
        self._app = app
        self._blocks = blocks
        self._allowance = allowance
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
            await self._app(scope, await self._let_in(scope, receive, who), noted)
        except RefusedError as refused:
            self._metrics.refused(refused.reason)
            log.info(Happening("refused", reason=refused.reason, visitor=who, status=refused.status))
            if not status:
                await _refusal(refused)(scope, receive, noted)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
            self._metrics.responded(status or 500)
            took = monotonic() - begun
            log.debug(Happening("request", method=scope["method"], path=scope["path"], status=status, seconds=took))

    async def _let_in(self, scope: Scope, receive: Receive, who: str) -> Receive:
        """What the request's body is to be received from. Raises `RefusedError`."""
        path, method = scope["path"], scope["method"]
        if FILES.fullmatch(path):
            return receive
        if not ROUTES.fullmatch(path):
            raise RefusedError(404, "path", "There is no such page.")
        if self._allowance.requests_per_minute and self._open[who] > OPEN_AT_ONCE:
            raise RefusedError(429, "rate", "Too many requests of yours are open at a time. Close some.", 1)
        self._slow_down(self._requests, who, "requests", self._allowance.requests_per_minute)
        if method != "POST":
            return receive
        door = path.removeprefix(API)
        if path.rstrip("/") == "/login":
            self._slow_down(self._logins, who, "logins", LOGINS_PER_MINUTE)
        elif path.startswith(API) and door.startswith(QUESTIONS):
            self._slow_down(self._questions, who, "questions", self._allowance.questions_per_minute)
        upload, headers = door == "upload", Headers(scope=scope)
        most = self._allowance.megabytes_per_upload if upload else self._allowance.megabytes_per_request
        bounded = _bounded(receive, headers.get("content-length", "0"), most)
        kind = headers.get("content-type", "")
        try:
            if upload:
                check_upload(kind)
                return bounded
            body = await asyncio.wait_for(_whole(bounded), BODY_SECONDS)
            if path.startswith(API):
                body = well_formed(door, body, kind, self._blocks)
        except asyncio.TimeoutError:
            raise RefusedError(408, "slow", f"The request did not come within {BODY_SECONDS} seconds.") from None
        except MalformedError as error:
            raise RefusedError(400, "form", str(error)) from None
        others = [pair for pair in scope["headers"] if pair[0] not in (b"content-length", b"transfer-encoding")]
        scope["headers"] = [*others, (b"content-length", str(len(body)).encode())]
        return _replayed(body, receive)

    def _slow_down(self, pace: Pace, who: str, what: str, per_minute: int) -> None:
        seconds = pace.wait(who, monotonic()) if per_minute else 0
        if seconds:
            sentence = f"Only {per_minute:,} {what} a minute are answered from one address. Try again in {seconds} s."
            raise RefusedError(429, "rate", sentence, seconds)


def _refusal(refused: RefusedError) -> JSONResponse:
    headers = {"Connection": "close"} if refused.status in (408, 413) else {}
    headers |= {"Retry-After": str(refused.seconds)} if refused.seconds else {}
    return JSONResponse({"detail": str(refused)}, refused.status, headers)


def _bounded(receive: Receive, announced: str, megabytes: int) -> Receive:
    """The same messages until they hold more than so many megabytes; then, or where that is announced, an error."""
    too_large = RefusedError(413, "size", f"What was sent is larger than {megabytes} MB, the most that is taken.")
    left = megabytes * 1_000_000
    if not announced.isdecimal() or len(announced) > 18 or int(announced) > left:
        raise too_large

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large
        return message

    return bounded


async def _whole(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A body that has come already, and then whatever comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed
