"""Judging: thumbs and notes on answers, kept in one file beside the generations of an index and sent nowhere.

``judgments.jsonl`` holds one JSON object a line, the oldest first. A judgment belongs to an answer: its question, its
limits and its quotes. Whoever judges the same again replaces what they said before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dossier.answers import Answer
from dossier.errors import InputError, StorageError
from dossier.indexing.disk import replace_file

JUDGMENTS, LOCK = "judgments.jsonl", ".judgments.lock"
VERDICTS = ("up", "down")
LONGEST_NOTE = 1_000  # characters
LARGEST = 8_000_000  # bytes of the file
PATIENCE = 10.0  # seconds for whoever writes at the same time
ODD = "surrogateescape"  # bytes that are no text stay what they are


@dataclass(frozen=True)
class Judgment:
    """What somebody thought of an answer: ``up`` or ``down``, and a note, which may be empty."""

    verdict: str
    note: str


def judge(index: Path, answer: Answer, verdict: str, *, note: str = "", who: str = "") -> Judgment | None:
    """Keep what somebody thinks of an answer, in place of what they thought before; nothing where ``verdict`` is empty.

    ``who`` is the name of a login, empty where there is none. Raises `InputError` where the verdict is neither ``up``
    nor ``down`` or the note is too long, and `StorageError` where the file is full or can't be written.
    """
    if verdict and verdict not in VERDICTS:
        raise InputError(f"The verdict is {verdict!r}; it is 'up' or 'down'.")
    note = note.strip() if verdict else ""
    if len(note) > LONGEST_NOTE:
        raise InputError(f"The note has {len(note):,} characters; at most {LONGEST_NOTE:,} can be kept. Shorten it.")
    key = _key(answer, who)
    line = _line(key, answer, verdict, note, who) if verdict else ""
    _rewrite(index, lambda lines: [*(one for one in lines if _id(one) != key), *([line] if line else [])])
    return Judgment(verdict, note) if verdict else None


def judgment_of(index: Path, answer: Answer, who: str = "") -> Judgment | None:
    """What somebody has said of this very answer, if anything."""
    path = index / JUDGMENTS
    try:
        found = path.stat()
        return _judgments(path, found.st_mtime_ns, found.st_size).get(_key(answer, who))
    except OSError:
        return None


def _key(answer: Answer, who: str) -> str:
    """What tells a judgment from others: who gave it, the question, its limits and the quotes; not the generation."""
    quotes = [(one.path, one.quote) for one in answer.citations if one.number in answer.quoted]
    return hashlib.sha256(json.dumps([who, answer.asked, _limits(answer), quotes]).encode()).hexdigest()[:16]


def _limits(answer: Answer) -> dict[str, Any]:
    limits = asdict(answer.provenance) if answer.provenance else {}
    return {name: limits.get(name, "") for name in ("documents", "after", "before")}


def _line(key: str, answer: Answer, verdict: str, note: str, who: str) -> str:
    kept = {
        "id": key,
        "verdict": verdict,
        "note": note,
        "who": who,
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "question": answer.question,
        "asked": answer.asked,
        **_limits(answer),
        "found": answer.found,
        "generation": answer.provenance.generation if answer.provenance else "",
        "citations": [
            {"file": one.path, "quote": one.quote, "start": one.start, "end": one.end}
            for one in answer.citations
            if one.number in answer.quoted
        ],
    }
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace").decode()


def _rewrite(index: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Write the lines of the file anew, one writer at a time; lines that are no judgments stay as they are."""
    path = index / JUDGMENTS
    try:
        with FileLock(index / LOCK, timeout=PATIENCE):
            before = path.read_bytes().decode("utf-8", ODD).split("\n") if path.exists() else []
            text = "".join(f"{line}\n" for line in change([line for line in before if line.strip()]))
            if len(text.encode("utf-8", ODD)) > LARGEST:
                raise StorageError(
                    f"{str(path)!r} has {LARGEST:,} bytes, and no more are kept. Move it away, and a new one is begun."
                )
            replace_file(path, text, ODD)
    except Timeout:
        raise StorageError(f"Somebody else is writing {str(path)!r}. Try again in a moment.") from None
    except OSError as error:
        raise StorageError(f"{str(path)!r} can't be written ({error.strerror or error}). Nothing was kept.") from error


@lru_cache(maxsize=4)
def _judgments(path: Path, changed: int, size: int) -> dict[str, Judgment]:  # they tell files apart
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    return {key: judgment for line in lines if (key := _id(line)) and (judgment := _judgment(line))}


def _judgment(line: str) -> Judgment | None:
    data = _data(line)
    verdict, note = data.get("verdict"), data.get("note", "")
    return Judgment(verdict, note[:LONGEST_NOTE]) if verdict in VERDICTS and isinstance(note, str) else None


def _id(line: str) -> str:
    key = _data(line).get("id")
    return key if isinstance(key, str) else ""


def _data(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
