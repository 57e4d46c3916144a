"""Bodies: what is sent with a request is taken in whole, within bounds, before anything is made of it."""

from __future__ import annotations

import asyncio
import os
from tempfile import SpooledTemporaryFile

from starlette.types import Message, Receive

# So much of a body is kept in memory, and so much is handed on at a time.
SMALL, PORTION = 1 << 20, 1 << 18

Body = SpooledTemporaryFile[bytes]


class TooLargeError(Exception):
    """A body has more bytes than are taken."""


class BrokenOffError(Exception):
    """Whoever sent a body went away in its midst."""


async def whole(receive: Receive, announced: str, most: int, seconds: float) -> Body:
    """The body of a request, to be closed by the caller; ``announced`` is the length that its head gives, if any.

    Raises `TooLargeError` where it has more than ``most`` bytes, or would have, `BrokenOffError` where it ends before
    its end, and `asyncio.TimeoutError` where it has not come after some seconds.
    """
    if not announced.isdecimal() or len(announced) > 18 or int(announced) > most:
        raise TooLargeError
    body: Body = SpooledTemporaryFile(max_size=SMALL)  # noqa: SIM115  # the caller closes it
    try:
        await asyncio.wait_for(_fill(body, receive, most), seconds)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def replayed(body: Body, receive: Receive) -> Receive:
    """A body that has come already, and then whatever comes after it."""
    handed_on = False

    async def again() -> Message:
        nonlocal handed_on
        if handed_on:
            return await receive()
        portion = body.read(PORTION)
        handed_on = len(portion) < PORTION
        return {"type": "http.request", "body": portion, "more_body": not handed_on}

    return again


def held(data: bytes) -> Body:
    """Some bytes as a body."""
    body: Body = SpooledTemporaryFile(max_size=SMALL)  # noqa: SIM115  # the caller closes it
    body.write(data)
    body.seek(0)
    return body


def size(body: Body) -> int:
    """How many bytes a body has; it is left at its beginning."""
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    return length


async def _fill(body: Body, receive: Receive, most: int) -> None:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BrokenOffError
        body.write(message.get("body", b""))
        if body.tell() > most:
            raise TooLargeError
        more = message.get("more_body", False)
