"""Apart: a function is called in other processes, so that a call that crashes, hangs or explodes costs itself only."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from threading import Thread, Timer
from types import TracebackType
from typing import Any, BinaryIO, cast

from dossier.reading.worker import Outcome
from dossier.records import Limits

# A worker looks for modules where we do, and nowhere else: not in its working directory, which may hold documents.
PROGRAM = """
import sys
seconds, memory, *sys.path = sys.argv[1:]
from dossier.reading.worker import main
main(float(seconds), int(memory))
"""
# No more processes than this, since each may take all the memory that one file may.
MOST = 8
# So long may a worker take to start; a busy machine is slow.
START = 120.0


class Apart:
    """Workers that call one function, in as many processes as there are processors, 8 at most, started for a call.

    Use it in a ``with`` statement; its end ends the workers. The function must be one that can be imported by name.
    """

    def __init__(self, function: Callable[..., Any], limits: Limits) -> None:
        self._function = function
        self._limits = limits
        self._calls: SimpleQueue[tuple[Future[Outcome], tuple[Any, ...]] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._workers: set[_Worker] = set()
        self._over = False

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over = True
        for _ in self._threads:
            self._calls.put(None)
        for worker in list(self._workers):
            worker.end()
        for thread in self._threads:
            thread.join()

    def submit(self, *arguments: Any) -> Future[Outcome]:
        """What will have become of a call; see `Outcome`. Calls begin in order."""
        future: Future[Outcome] = Future()
        self._calls.put((future, arguments))
        if len(self._threads) < min(os.cpu_count() or 1, MOST):
            self._threads.append(Thread(target=self._serve, daemon=True))
            self._threads[-1].start()
        return future

    def _serve(self) -> None:
        """Take calls and have a worker answer them, until there are none."""
        worker: _Worker | None = None
        while (call := self._calls.get()) is not None and not self._over:
            future, arguments = call
            try:
                worker, outcome = self._answer(worker, arguments)
                future.set_result(outcome)
            except BaseException as error:  # whoever waits must not wait for ever
                future.set_exception(error)
        if worker is not None:
            self._dismiss(worker)

    def _answer(self, worker: _Worker | None, arguments: tuple[Any, ...]) -> tuple[_Worker | None, Outcome]:
        """The worker, if it can go on, and what it answered.

        What fails where other calls went before is tried again alone: they may have left too little behind.
        """
        fresh = worker is None
        try:
            worker = worker or self._start()
        except (OSError, _EndedError) as error:
            return None, ("passing", f"no process could be started to read it ({error})")
        try:
            outcome = worker.call(arguments, self._limits.seconds)
            if outcome[0] != "memory":
                return worker, outcome
            reason = f"reading it needed more than {self._limits.memory}"
        except TimeoutError:
            self._dismiss(worker)
            return None, ("reason", f"reading it took more than {self._limits.seconds:g} s")
        except _EndedError:
            reason = "the reader crashed on it"
        self._dismiss(worker)
        return (None, ("reason", reason)) if fresh or self._over else self._answer(None, arguments)

    def _start(self) -> _Worker:
        worker = _Worker(self._limits)
        self._workers.add(worker)
        if self._over:
            worker.end()
        worker.call(self._function, START)
        return worker

    def _dismiss(self, worker: _Worker) -> None:
        worker.end()
        self._workers.discard(worker)


class _EndedError(Exception):
    """A worker has ended without an answer."""


class _Worker:
    """One process at work."""

    def __init__(self, limits: Limits) -> None:
        given = [str(limits.seconds), str(limits.megabytes << 20), *(path or str(Path.cwd()) for path in sys.path)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-X", f"utf8={sys.flags.utf8_mode}", "-c", PROGRAM, *given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._calls = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)

    def call(self, message: Any, seconds: float) -> Outcome:
        """The answer to a message. Raises `TimeoutError` where it is late, and `_EndedError` where there is none."""
        late = False

        def stop() -> None:
            nonlocal late
            late = True
            self._process.kill()

        timer = Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(message, self._calls)
            self._calls.flush()
            outcome: Outcome = pickle.load(self._answers)  # noqa: S301 - our own program wrote it
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            if late:
                raise TimeoutError from None
            raise _EndedError(f"it ended with {self._process.wait()}") from error
        finally:
            timer.cancel()
        return outcome

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        for stream in (self._calls, self._answers):
            with contextlib.suppress(OSError, ValueError):
                stream.close()
        self._process.wait()
