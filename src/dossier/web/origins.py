"""Origins: what comes from the pages of other sites is refused; the page's own scripts and programs are let in."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# These change nothing, so that anybody's link may lead to them.
READING = {"GET", "HEAD", "OPTIONS"}


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


def _comes_from_elsewhere(headers: Headers) -> bool:
    """Whether the page of another site is behind a request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
