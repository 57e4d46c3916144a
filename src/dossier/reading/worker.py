"""The other end of `apart`: a process that calls one function, again and again, within limits.

It is started by hand and not by `multiprocessing`, which would run the program of whoever imported us a second time.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, Literal

from dossier.errors import UnreadableError

# What became of a call: its value, the reason why there is none, such a reason that may be passing, or that there was
# not enough memory for it.
Outcome = tuple[Literal["value", "reason", "passing", "memory"], Any]

# Where nobody is left to end a call that takes too long, it is ended after so many seconds more.
GRACE = 5.0


def attempt(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    """What becomes of a call, whatever it raises; `UnreadableError` is a reason in its own words."""
    try:
        return "value", function(*arguments)
    except UnreadableError as error:
        return "passing" if error.passing else "reason", str(error)
    except MemoryError:
        return "memory", None
    except Exception as error:  # a reader has met what nobody foresaw; the other files can still be read
        return "reason", f"reading it failed ({type(error).__name__}: {error})"


def main(seconds: float, memory: int) -> None:
    """Answer the calls on the standard input until it ends, each within ``seconds`` and ``memory`` bytes.

    The first message is the function, every other one its arguments; each is answered by an `Outcome`. The end of the
    input ends a call too, so that no worker outlives whoever started it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that waits for us
    calls, replies = _own(0, "rb"), _own(1, "wb")
    function = pickle.load(calls)  # noqa: S301 - it comes from the process that started us
    _reply(replies, ("value", None))
    _limit_memory(memory)
    waiting: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    threading.Thread(target=_listen, args=[calls, waiting], daemon=True).start()
    while True:
        arguments = waiting.get()
        with _alarm(seconds + GRACE):
            outcome = attempt(function, arguments)
        _reply(replies, outcome)


def _own(descriptor: int, mode: str) -> BinaryIO:
    """A standard stream for ourselves alone; whatever a reader prints or asks for goes nowhere."""
    stream = os.fdopen(os.dup(descriptor), mode)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return stream  # type: ignore[return-value]


def _listen(calls: BinaryIO, waiting: SimpleQueue[tuple[Any, ...]]) -> None:
    while True:
        try:
            waiting.put(pickle.load(calls))  # noqa: S301 - likewise
        except (EOFError, OSError):
            os._exit(0)


def _reply(replies: BinaryIO, outcome: Outcome) -> None:
    try:
        message = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        message = pickle.dumps(("memory", None))
    replies.write(message)
    replies.flush()


def _limit_memory(memory: int) -> None:
    """Let the process grow by so many bytes; elsewhere than on Linux no system call does it."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        limit = pages * resource.getpagesize() + memory
        with contextlib.suppress(ValueError, OSError):  # where a stricter limit is set already
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """End the process if the body takes longer, even where it never returns to the interpreter."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
