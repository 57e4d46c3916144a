"""Guarding: which requests reach the page at all: those of its own scripts and of programs, and none too large."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# These change nothing, so that anybody's link may lead to them.
READING = {"GET", "HEAD", "OPTIONS"}
# So much of a body is kept in memory, and so much is handed on at a time.
SMALL, PORTION = 1 << 20, 1 << 18


class OwnPagesOnly:
    """ASGI middleware that refuses what the pages of other sites have a visitor's browser do here.

    A browser sends such requests with the visitor's login, or to the loopback address, and only keeps the answer back.
    They are told by Sec-Fetch-Site and, where there is none, by Origin and Host, as in Go's CrossOriginProtection;
    programs send neither.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in READING and _comes_from_elsewhere(Headers(scope=scope)):
            response = PlainTextResponse("This page answers to itself only, not to the pages of other sites.", 403)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


class WholeBodiesOnly:
    """ASGI middleware that refuses bodies of more than ``limit`` bytes, and hands on none before it is there whole.

    Whoever breaks off in the midst of sending a file has then left nothing anywhere.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in READING:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isascii() or not length.isdigit():
            await PlainTextResponse("Say how long the body is.", 411)(scope, receive, send)
        elif int(length) > self._limit:
            await PlainTextResponse(f"At most {self._limit:,} bytes are taken.", 413)(scope, receive, send)
        else:
            await self._hand_on(scope, receive, send)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(max_size=SMALL) as body:
            coming = True
            while coming:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body.write(message.get("body", b""))
                coming = message.get("more_body", False)
            length = body.tell()
            body.seek(0)
            handed_on = False

            async def again() -> Message:
                nonlocal handed_on
                if handed_on:
                    return await receive()
                portion = body.read(PORTION)
                handed_on = body.tell() == length
                return {"type": "http.request", "body": portion, "more_body": not handed_on}

            await self._app(scope, again, send)


def _comes_from_elsewhere(headers: Headers) -> bool:
    """Whether the page of another site is behind a request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
