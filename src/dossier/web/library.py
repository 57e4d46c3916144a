"""The library: every file with what became of it, what a build would change, and what the last one did."""

from __future__ import annotations

import html
from dataclasses import dataclass

from dossier.dossier import Status, status
from dossier.errors import DossierError
from dossier.records import BuildReport, Document
from dossier.rendering import printable
from dossier.web.cards import safe
from dossier.web.opening import Opening, stage_text
from dossier.web.texts import say

# So many files are shown at a time.
SHOWN = 300
COLUMNS = ("document", "state", "sections", "dates", "size")


@dataclass(frozen=True)
class Row:
    """What is known of one file; ``state`` is one of the page's texts, and ``size`` in bytes, -1 where it is gone."""

    path: str
    title: str
    state: str
    note: str
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


class Library:
    """The files of a corpus as the page shows them; what is on disk is looked at when somebody asks for it afresh."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._seen: tuple[Status, list[Row]] | None = None

    def html(self, asked: object, language: str) -> str:
        """The library as HTML. ``asked`` may hold ``search``, ``sort``, ``descending`` and ``fresh``."""
        wishes = asked if isinstance(asked, dict) else {}
        try:
            if self._seen is None or wishes.get("fresh"):
                self._seen = self._look()
        except DossierError as error:
            return f'<p class="notice">{html.escape(printable(self._opening.error or str(error)))}</p>'
        found, rows = self._seen
        words = str(wishes.get("search", ""))[:200].casefold().split()
        column = wishes.get("sort")
        column = column if column in COLUMNS else "document"
        matching = [row for row in rows if all(word in _haystack(row, language) for word in words)]
        matching.sort(key=lambda row: row.key(column), reverse=bool(wishes.get("descending")))
        return _summary(found, self._opening.report, language) + _table(
            matching, len(rows), column, bool(wishes.get("descending")), language
        )

    def _look(self) -> tuple[Status, list[Row]]:
        found = status(self._opening.index)
        documents = {document.path: document for document in self._opening.dossier().index.documents}
        corpus = found.manifest.corpus(found.index)
        changes = found.changes or {}
        notes = {file.path: file.reason for file in found.manifest.skipped}
        paths = {*documents, *notes, *changes}
        rows = []
        for path in paths:
            try:
                size = corpus.file(path).stat().st_size
            except (OSError, KeyError):
                size = -1
            rows.append(_row(path, documents.get(path), found, changes.get(path, ""), notes.get(path, ""), size))
        return found, rows


def progress_html(opening: Opening, language: str) -> str:
    """How far a build has come, as HTML; empty where none is under way."""
    if opening.wait(0):
        return ""
    progress, first = opening.progress, not opening.ready()
    words = f"{say(language, 'preparing' if first else 'updating')}: {stage_text(progress, language)}…"
    more = "" if first else f" <span>{say(language, 'still_asking')}</span>"
    return (
        f'<label>{html.escape(words)} <progress max="{max(progress.total, 1)}" value="{progress.done}"></progress>'
        f"</label>{more}"
    )


def _row(path: str, document: Document | None, found: Status, change: str, reason: str, size: int) -> Row:
    manifest = found.manifest
    duplicate = manifest.duplicates.get(path)
    state = change or ("skipped" if reason else "duplicate" if duplicate else "read")
    notes = [reason, manifest.remarks.get(path, ""), duplicate.description if duplicate else ""]
    sections = document.sections if document else ()
    dates = sorted({section.date for section in sections if section.date and not section.date.startswith("-")})
    return Row(
        path=path,
        title=document.title if document else "",
        state=state,
        note="; ".join(note for note in notes if note),
        sections=len(sections),
        dates=tuple(dates),
        size=size,
    )


def _haystack(row: Row, language: str) -> str:
    return f"{row.path} {row.title} {say(language, row.state)} {row.note} {' '.join(row.dates)}".casefold()


def _summary(found: Status, report: BuildReport | None, language: str) -> str:
    if found.changes is None:
        now = say(language, "folder_missing")
    elif found.changes:
        now = say(language, "changes", count=len(found.changes))
    else:
        now = say(language, "up_to_date")
    last = ""
    if report is not None:
        took = say(
            language,
            "build_took",
            added=len(report.added),
            changed=len(report.changed),
            removed=len(report.removed),
            unchanged=len(report.unchanged),
            embedded=f"{report.embedded:,}",
            seconds=f"{report.seconds:.1f}",
        )
        aside = f" {report.set_aside}" if report.set_aside else ""
        last = f'<p class="last"><b>{say(language, "last_build")}</b> {safe(took + aside)}</p>'
    faults = "".join(f'<p class="notice">{safe(fault)}</p>' for fault in found.manifest.description.faults)
    return f'<p class="now">{now}</p>{last}{faults}'


def _table(rows: list[Row], total: int, sort: str, descending: bool, language: str) -> str:
    if not rows:
        return f'<p class="notice">{say(language, "none_match")}</p>'
    heads = "".join(_head(column, sort, descending, language) for column in COLUMNS)
    body = "".join(_line(row, language) for row in rows[:SHOWN])
    cut = (
        f'<p class="notice">{say(language, "shown_of", shown=min(len(rows), SHOWN), total=total)}</p>'
        if len(rows) > SHOWN
        else ""
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{say(language, "library")}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{cut}"
    )


def _head(column: str, sort: str, descending: bool, language: str) -> str:
    name = say(language, column)
    order = f' aria-sort="{"descending" if descending else "ascending"}"' if column == sort else ""
    return (
        f'<th scope="col"{order}><button type="button" data-sort="{column}" '
        f'title="{say(language, "sort_by", column=name)}">{name}</button></th>'
    )


def _line(row: Row, language: str) -> str:
    title = f'<span class="title">{safe(row.title)}</span>' if row.title else ""
    note = f'<span class="note">{safe(row.note)}</span>' if row.note else ""
    dates = " – ".join(dict.fromkeys((row.dates[0], row.dates[-1]))) if row.dates else ""
    return (
        f'<tr><th scope="row">{safe(row.path)}{title}</th>'
        f'<td><span class="badge {row.state}">{say(language, row.state)}</span>{note}</td>'
        f'<td class="number">{row.sections or ""}</td><td class="dates">{safe(dates)}</td>'
        f'<td class="number">{_bytes(row.size)}</td></tr>'
    )


def _bytes(size: int) -> str:
    if size < 0:
        return ""
    return f"{size:,} B" if size < 1000 else f"{size / 1000:,.0f} kB" if size < 1_000_000 else f"{size / 1e6:,.1f} MB"
