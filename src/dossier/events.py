"""Events: what a program that is left running says of itself, one line each, for people or for programs.

Neither questions nor texts belong in one that is graver than debug: logs are read by others than those who ask.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone

log = logging.getLogger("dossier")
LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")


class Happening:
    """What happened, in a word or two, and the facts of it: ``up to date: generation=… added=3``."""

    def __init__(self, name: str, **facts: object) -> None:
        self.name = name
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.name}: {' '.join(f'{name}={_shown(fact)}' for name, fact in self.facts.items())}".rstrip(": ")


class JsonLines(logging.Formatter):
    """A JSON object on a line for each record: time, level, logger and event, and the event's facts beside them."""

    def format(self, record: logging.LogRecord) -> str:
        event = record.msg if isinstance(record.msg, Happening) else Happening(record.getMessage())
        when = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "time": when,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event.name,
            **event.facts,
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def keep_log(level: str, form: str) -> None:
    """Write what is logged to the error stream from a level on, as ``text`` or ``json``; of others what is grave."""
    text = logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else text)
    handler.addFilter(lambda record: record.name == "dossier" or record.levelno >= logging.WARNING)
    logging.basicConfig(handlers=[handler])
    log.setLevel(level.upper())


def _shown(fact: object) -> str:
    """A fact in a line of text: numbers and plain names as they are, all else quoted, so that no line is feigned."""
    if isinstance(fact, float):
        return f"{fact:.3f}"
    plain = isinstance(fact, str) and fact.isascii() and fact.replace("-", "").replace("_", "").isalnum()
    return str(fact) if plain or isinstance(fact, int) else json.dumps(str(fact))
