"""Stages: what a question goes through on its way; whoever asks can learn how long each took, and set an end to them.

The rooms below say only where a stage begins and ends, and need not know who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

from dossier.errors import LateError


class Watch:
    """The seconds that each stage of a question took, by its name; past ``seconds`` in all no other stage begins."""

    def __init__(self, seconds: float | None = None) -> None:
        self.stages: dict[str, float] = {}
        self._allowed = seconds
        self._begun = perf_counter()

    @property
    def elapsed(self) -> float:
        return perf_counter() - self._begun

    def check(self) -> None:
        """Raise `LateError` if the time is up."""
        if self._allowed is not None and self.elapsed > self._allowed:
            raise LateError(
                f"The answer took longer than {self._allowed:g} seconds, so it was given up. Try again in a moment, "
                "with a shorter question or fewer passages."
            )


_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[Watch]:
    """Let a watch run for the questions that are asked in this thread meanwhile."""
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """One stage of a question. Raises `LateError` where there is no time left for it."""
    watch = _WATCH.get()
    if watch is None:
        yield
        return
    watch.check()
    begun = perf_counter()
    try:
        yield
    finally:
        watch.stages[name] = watch.stages.get(name, 0.0) + perf_counter() - begun
