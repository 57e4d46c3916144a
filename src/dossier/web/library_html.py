"""The library as HTML: its tools, what the last build did, and the table of files; what files say is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from dossier.records import Duplicate
from dossier.reports import BuildReport
from dossier.web.cards import safe
from dossier.web.counts import count, figure, size_text
from dossier.web.reasons import duplicate_text, reason_html, reason_text
from dossier.web.texts import say

# So many files are shown at a time, and so many of each kind in a report.
SHOWN, REPORTED = 300, 100
COLUMNS = ("document", "state", "sections", "dates", "size")


@dataclass(frozen=True)
class Row:
    """What is known of one file; ``state`` is one of the page's texts, and ``size`` in bytes, -1 where it is gone.

    ``reason`` says why it is skipped, and ``remark`` how it was read, in English.
    """

    path: str
    title: str
    state: str
    reason: str
    remark: str
    duplicate: Duplicate | None
    sections: int
    dates: tuple[str, ...]
    size: int

    def key(self, column: str) -> tuple[object, str]:
        """What it is sorted by."""
        values: dict[str, object] = {
            "document": self.path.casefold(),
            "state": self.state,
            "sections": self.sections,
            "dates": self.dates[:1],
            "size": self.size,
        }
        return values[column], self.path

    def words(self, language: str) -> str:
        """What it is searched for in: all that is shown of it."""
        notes = (reason_text(language, note) or note for note in (self.reason, self.remark))
        repeats = duplicate_text(language, self.duplicate) if self.duplicate else ""
        return " ".join((self.path, self.title, say(language, self.state), *notes, repeats, *self.dates)).casefold()


def library_shell(language: str) -> str:
    """The library before anything is known: its tools, of which those that change something are hidden at first."""
    messages = "".join(
        f' data-{key.replace("_", "-")}="{html.escape(say(language, key))}"'
        for key in ("adding", "not_added", "too_large", "not_sent")
    )
    return (
        f'<div class="library-tools" data-language="{language}"{messages}>'
        f'<label class="search">{say(language, "search")} <input type="search" maxlength="200"></label>'
        f'<div class="adding" hidden><label class="add"><input type="file" multiple class="hidden">'
        f"<span>{say(language, 'add')}</span></label>"
        f'<label class="to" hidden>{say(language, "add_to")} <select></select></label>'
        f'<span class="hint" data-text="{html.escape(say(language, "add_hint"))}"></span></div>'
        f'<button type="button" class="rebuild">{say(language, "rebuild")}</button></div>'
        '<div class="progress"></div><ul class="results" role="status"></ul>'
        '<div class="summary"></div><div class="files"></div>'
        + _dialog("leave", language, "leave_out_title", "leave_out_means", "leave_out")
        + _dialog("back", language, "back_title", "back_means", "go_back")
    )


def _dialog(name: str, language: str, title: str, means: str, act: str) -> str:
    """A question that must be answered before something is done; Escape is a no."""
    return (
        f'<dialog class="{name}" aria-labelledby="{name}-title" aria-describedby="{name}-means">'
        f'<form method="dialog"><h3 id="{name}-title">{say(language, title)}</h3><p class="what"></p>'
        f'<p id="{name}-means">{say(language, means)}</p><div class="choice">'
        f'<button value="" autofocus>{say(language, "cancel")}</button>'
        f'<button value="yes" class="yes">{say(language, act)}</button></div></form></dialog>'
    )


def time_html(generation: str) -> str:
    """When a generation was built, in UTC; the page's script says it in the reader's own time."""
    built = datetime.strptime(generation[:15], "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
    return f'<time datetime="{built:%Y-%m-%dT%H:%M:%SZ}">{built:%Y-%m-%d %H:%M} UTC</time>'


def now_html(changes: int | None, error: str, language: str) -> str:
    """Whether the index is up to date, and why it could not be brought there."""
    if changes is None:
        said = say(language, "folder_missing")
    else:
        said = count(language, "changes", changes) if changes else say(language, "up_to_date")
    failed = f'<p class="warning">{say(language, "failed")} {reason_html(language, error)}</p>' if error else ""
    return f'<p class="now">{said}</p>{failed}'


def report_html(report: BuildReport, language: str) -> str:
    """What a build did: a line that can be unfolded to the files themselves."""
    kinds = {"added": report.added, "changed": report.changed, "removed": report.removed}
    parts = [count(language, kind, len(paths)) for kind, paths in kinds.items() if paths]
    others = {"unchanged": report.unchanged, "skipped": report.skipped}
    parts += [count(language, kind, len(paths)) for kind, paths in others.items() if paths]
    parts += [
        count(language, "embedded", report.embedded),
        say(language, "in_seconds", seconds=_seconds(report, language)),
    ]
    aside = f"<p>{say(language, 'set_aside')} {reason_html(language, report.set_aside)}</p>" if report.set_aside else ""
    lists = [
        _listed(say(language, f"report_{kind}"), [safe(path) for path in paths], language)
        for kind, paths in kinds.items()
        if paths
    ]
    if not lists:
        lists.append(f"<p>{say(language, 'report_nothing')}</p>")
    if report.skipped:
        reasons = [f"{safe(file.path)} – {reason_html(language, file.reason)}" for file in report.skipped]
        lists.append(_listed(say(language, "report_skipped"), reasons, language))
    published = say(language, "published", time=time_html(report.generation))
    held = f"{count(language, 'documents', report.documents)}, {count(language, 'passages', report.passages)}"
    return (
        f'<details class="report"><summary><b>{say(language, "last_build")}</b> {" · ".join(parts)}</summary>'
        f"<div><p>{published} · {held}</p>{aside}{''.join(lists)}</div></details>"
    )


def back_html(generation: str, documents: int, passages: int, language: str) -> str:
    """The button that goes back to a generation which held so much."""
    held = f"{count(language, 'documents', documents)}, {count(language, 'passages', passages)}"
    return (
        f'<button type="button" class="go-back" data-held="{held}">'
        f"{say(language, 'back_to', time=time_html(generation))}</button>"
    )


def table_html(rows: Sequence[Row], total: int, sort: str, descending: bool, language: str, *, editable: bool) -> str:
    """The table of some files of so many, with what can be done with each where they may be changed.

    Roles are said although they are those of the elements: on narrow screens these are laid out as no table is.
    """
    if not rows:
        return f'<p class="notice">{say(language, "none_match")}</p>'
    heads = "".join(_head(column, sort, descending, language) for column in COLUMNS)
    if editable:
        heads += f'<th scope="col" role="columnheader"><span class="hidden">{say(language, "action")}</span></th>'
    body = "".join(_line(row, language, editable) for row in rows[:SHOWN])
    shown = say(language, "shown_of", shown=figure(language, SHOWN), total=figure(language, total))
    cut = f'<p class="notice">{shown}</p>' if len(rows) > SHOWN else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{say(language, "library")}"><table role="table">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
        f"{cut}"
    )


def _head(column: str, sort: str, descending: bool, language: str) -> str:
    name = say(language, column)
    order = f' aria-sort="{"descending" if descending else "ascending"}"' if column == sort else ""
    return (
        f'<th scope="col" role="columnheader"{order}><button type="button" data-sort="{column}" '
        f'title="{say(language, "sort_by", column=name)}">{name}</button></th>'
    )


def _line(row: Row, language: str, editable: bool) -> str:
    title = f'<span class="title">{safe(row.title)}</span>' if row.title else ""
    notes = [reason_html(language, note) for note in (row.reason, row.remark) if note]
    notes += [safe(duplicate_text(language, row.duplicate))] if row.duplicate else []
    note = f'<span class="note">{"; ".join(notes)}</span>' if notes else ""
    dates = " – ".join(dict.fromkeys((row.dates[0], row.dates[-1]))) if row.dates else ""
    sections = figure(language, row.sections) if row.sections else ""
    facts = (
        ("sections", "number", sections),
        ("dates", "dates", dates),
        ("size", "number", size_text(language, row.size)),
    )
    cells = "".join(
        f'<td role="cell" class="{kind}" data-name="{say(language, name)}">{safe(value)}</td>'
        for name, kind, value in facts
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{safe(row.path)}{title}</th>'
        f'<td role="cell"><span class="badge {row.state}">{say(language, row.state)}</span>{note}</td>{cells}'
        f"{_action(row, language) if editable else ''}</tr>"
    )


def _action(row: Row, language: str) -> str:
    """The button that leaves a document out, or takes it back."""
    act = "take_back" if row.state == "left_out" else "leave_out" if row.state not in {"skipped", "gone", "new"} else ""
    if not act:
        return '<td role="cell"></td>'
    path = html.escape(row.path)
    label = safe(say(language, f"{act}_of", path=row.path))
    return (
        f'<td role="cell" class="action"><button type="button" data-act="{act}" data-path="{path}" '
        f'aria-label="{label}">{say(language, act)}</button></td>'
    )


def _listed(title: str, items: Sequence[str], language: str) -> str:
    lines = "".join(f"<li>{item}</li>" for item in items[:REPORTED])
    more = f"<li>{count(language, 'more_files', len(items) - REPORTED)}</li>" if len(items) > REPORTED else ""
    return f"<h4>{title}</h4><ul>{lines}{more}</ul>"


def _seconds(report: BuildReport, language: str) -> str:
    return figure(language, report.seconds, 1)
