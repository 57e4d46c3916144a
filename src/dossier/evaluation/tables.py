"""Tables: a Report as text that can be read in a terminal of 80 columns; pure functions."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from dossier.escaping import printable
from dossier.evaluation.comparing import Change, Comparison
from dossier.evaluation.metrics import Figure
from dossier.evaluation.report import ALL, Refusals, Report, Row

COLUMNS = ("hit@1", "hit@3", "hit@5", "MRR@10", "hit@600w", "nDCG@10", "recall@10", "marked", "short")
NAME, NUMBER, CELL = 16, 6, 8
# So many notes and changed questions are shown of each kind; the JSON holds all.
MOST = 12


def report_text(report: Report, width: int) -> str:
    """A report for the terminal: a row for each type of question and each way, and under each its intervals."""
    counts = f"{len(report.outcomes):,} questions, {report.passages:,} passages, model {report.model}"
    parts = [_wrapped(f"{report.path}: {counts}. {report.counted}".rstrip(), width)]
    if any(row.questions for row in report.rows):
        parts += [_table("type", report.rows), _explanation(report, width)]
    else:
        hint = "" if report.kind == "collection" else " Is --index the index of the documents that they quote?"
        parts.append(f"No question with a known answer could be scored.{hint}")
    if report.ways:
        parts.append(_table("way", report.ways))
    if report.refusals:
        parts.append(_refusals(report.refusals))
    if report.comparison is not None:
        parts.append(_comparison(report.comparison, width))
    if report.notes:
        notes = [f"{note.id}: {note.reason}" for note in report.notes]
        parts.append(_listed(f"Left out, and not counted as missed: {len(notes)}", notes, width))
    return "\n\n".join(parts)


def _table(title: str, rows: Sequence[Row]) -> str:
    measures = [name for name in COLUMNS if any(name in row.figures for row in rows)]
    widths = [max(CELL, len(name) + 1) for name in measures]
    cells = [f"{name:>{width}}" for name, width in zip(measures, widths, strict=True)]
    lines = [f"{title:<{NAME}}{'n':>{NUMBER}}{''.join(cells)}{'ms':>{CELL}}"]
    for row in rows:
        figures = [row.figures.get(name) for name in measures]
        values = [f"{_value(figure):>{width}}" for figure, width in zip(figures, widths, strict=True)]
        bounds = [f"{_bounds(figure):>{width}}" for figure, width in zip(figures, widths, strict=True)]
        lines.append(
            f"{_short(row.name, NAME):<{NAME}}{row.questions:>{NUMBER}}{''.join(values)}{row.milliseconds:>{CELL}.1f}"
        )
        lines.append(f"{'':<{NAME + NUMBER}}{''.join(bounds)}".rstrip())
    return "\n".join(lines)


def _explanation(report: Report, width: int) -> str:
    """What the table does not show, in sentences."""
    sentences = ["Under each figure stands its bootstrap 95 % interval; ms is the median for one question."]
    sentences.append(f"95 % of the questions took {report.slowest:.1f} ms at most.")
    figures = {row.name: row.figures for row in report.rows}.get(ALL, {})
    if "words@5" in figures:
        sentences.append(f"The first five passages hold {figures['words@5'].value:.0f} words.")
    if "evidence@5" in figures:
        evidence = figures["evidence@5"]
        sentences.append(
            f"They hold {evidence.value:.3f} ({_bounds(evidence)}) of the evidence of the {evidence.n} questions that "
            "need all of it."
        )
    if "short" in figures:
        sentences.append(
            f"{figures['short'].n} got a short answer, of which {figures['short'].value:.3f} "
            f"({_bounds(figures['short'])}) lie inside the evidence."
        )
    return _wrapped(" ".join(sentences), width)


def _refusals(found: Sequence[Refusals]) -> str:
    lines = [f"{'refused':<{NAME + 6}}{'n':>{NUMBER}}{'refused':>{CELL + 2}}{'share':>{CELL}}{'':>10}{'AUROC':>{CELL}}"]
    for one in found:
        share = f"{_value(one.share):>{CELL}}{_bounds(one.share):>10}"
        told = f"{_value(one.auroc):>{CELL}}{_bounds(one.auroc):>10}"
        name = _short(one.type, NAME + 6)
        lines.append(f"{name:<{NAME + 6}}{one.questions:>{NUMBER}}{one.refused:>{CELL + 2}}{share}{told}".rstrip())
    return "\n".join(lines)


def _comparison(found: Comparison, width: int) -> str:
    counts = f"{len(found.won)} won, {len(found.lost)} lost, {found.same} as before"
    parts = [_wrapped(f"Against {found.other}: {counts}{_difference(found.difference)}.", width)]
    for name, changes in (("Won", found.won), ("Lost", found.lost)):
        if changes:
            parts.append(_listed(name, [_change(change) for change in changes], width))
    return "\n".join(parts)


def _difference(figure: Figure | None) -> str:
    if figure is None:
        return ""
    return f"; MRR@10 {figure.value:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


def _change(change: Change) -> str:
    places = [_place(rank, change.answerable) for rank in (change.before, change.now)]
    return f"{change.id}: {places[0]} → {places[1]}, {change.question}"


def _place(rank: int | None, answerable: bool) -> str:
    if answerable:
        return "none" if rank is None else str(rank)
    return "answered" if rank is None else "refused"


def _listed(title: str, items: Sequence[str], width: int) -> str:
    more = f" (the first {MOST} of {len(items)}; the JSON holds all)" if len(items) > MOST else ""
    return "\n".join([f"{title}{more}", *(f"  {_short(item, width - 2)}" for item in items[:MOST])])


def _value(figure: Figure | None) -> str:
    return "–" if figure is None else f"{figure.value:.3f}"


def _bounds(figure: Figure | None) -> str:
    """An interval in seven characters: ``.82–.96``."""
    return "" if figure is None else f"{_bound(figure.low)}–{_bound(figure.high)}"


def _bound(value: float) -> str:
    text = f"{value:.2f}"
    return "1.0" if text == "1.00" else text.removeprefix("0")


def _short(text: str, width: int) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(printable(text), width, break_long_words=False, break_on_hyphens=False)
