"""Judged: the thumbs that people gave answers, as gold questions where they can be; the format is that of the page.

A thumb up says that what was quoted answers the question, or that there was rightly no answer. What a thumb down
stands for only a person can say: its note is listed, so that somebody looks at it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from dossier.evaluation.asking import Note
from dossier.evaluation.gold import Question, Quote
from dossier.evaluation.lines import Line, json_lines

RIGHT, REFUSED = "thumb up", "rightly refused"


def holds_judgments(path: Path) -> bool:
    """Whether a file of JSON lines begins with a judgment."""
    first = next(json_lines(path), None)
    return first is not None and "verdict" in first.data


def read_judged(path: Path) -> tuple[list[Question], list[Note], str]:
    """The questions whose answers were given a thumb up, notes on the other thumbs, and a sentence that counts them.

    Questions that were asked of a part of the documents are left aside, and so are answers about which people differ,
    and of what was answered at one time and refused at another what came first.
    Raises `InputError` where a line is malformed; it names file and line.
    """
    lines = list(json_lines(path))
    down = {_answer(line) for line in lines if _verdict(line) == "down" and not _is_limited(line)}
    last = {line.text("asked"): _found(line) for line in lines if not _reason(line, down)}
    questions: dict[tuple[str, bool], Question] = {}
    notes: list[Note] = []
    for line in lines:
        reason = _reason(line, down)
        if not reason and _found(line) != last[line.text("asked")]:
            reason = "answered once, and refused since" if _found(line) else "refused once, and answered since"
        if reason:
            notes.append(Note(f"“{line.text('asked')}”", reason))
            continue
        new = _question(line)
        same = questions.get((new.text, new.answerable))
        evidence = tuple(dict.fromkeys((*(same.evidence if same else ()), *new.evidence)))
        questions[new.text, new.answerable] = Question(new.id, new.text, new.type, new.answerable, evidence)
    verdicts = Counter(_verdict(line) for line in lines)
    usable = len(lines) - len(notes)
    counted = (
        f"{len(lines)} judged answers: {verdicts['up']} up, {verdicts['down']} down. {usable} can be used, "
        f"as {len(questions)} gold questions."
    )
    return list(questions.values()), notes, counted


def _question(line: Line) -> Question:
    found = _found(line)
    evidence = (
        tuple(Quote(item.text("file"), item.text("quote")) for item in line.objects("citations")) if found else ()
    )
    if found and not evidence:
        raise line.error("an answer with a thumb up has 'citations', or 'found' is false")
    return Question(line.text("id"), line.text("asked"), RIGHT if found else REFUSED, found, evidence)


def _verdict(line: Line) -> str:
    verdict = line.text("verdict")
    if verdict not in ("up", "down"):
        raise line.error(f"'verdict' is {verdict!r}; it must be 'up' or 'down'")
    return verdict


def _reason(line: Line, down: set[tuple[object, ...]]) -> str:
    """Why a judgment makes no gold question; empty if it does."""
    if _is_limited(line):
        return f"thumb {_verdict(line)}, but only a part of the documents was asked"
    if _verdict(line) == "down":
        return f"thumb down: {line.data.get('note') or 'no note'}"
    return "thumbs up and down for the same answer" if _answer(line) in down else ""


def _is_limited(line: Line) -> bool:
    return any(line.data.get(name) for name in ("documents", "after", "before"))


def _answer(line: Line) -> tuple[object, ...]:
    quotes = ((item.text("file"), item.text("quote")) for item in line.objects("citations"))
    return (line.text("asked"), _found(line), *quotes)


def _found(line: Line) -> bool:
    return line.data.get("found") is not False
