"""The library: every file with what became of it, what a build would change, and, for whoever may, what to change."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import gradio as gr

from dossier.curating import SUFFIXES, add, leave_out, left_out, take_back
from dossier.errors import DossierError
from dossier.escaping import printable
from dossier.overview import Status, status
from dossier.records import Corpus, Document
from dossier.upkeep import before, rollback
from dossier.web.cards import safe
from dossier.web.counts import size_text
from dossier.web.library_html import COLUMNS, Row, back_html, now_html, report_html, table_html, time_html
from dossier.web.opening import Opening, stage_text
from dossier.web.reasons import reason_html
from dossier.web.texts import language_of, say

Json = dict[str, Any]
log = logging.getLogger("dossier")


class Seen(NamedTuple):
    """What was found on disk: the state of the index, the files, and what the generation before holds, if any.

    That is its name, and how many documents and passages it has.
    """

    status: Status
    rows: list[Row]
    earlier: tuple[str, int, int] | None


class Library:
    """The files of a corpus as the page shows them; what is on disk is looked at when somebody asks for it afresh.

    ``uploads`` is how many bytes a document may have that is added in the page; with 0 nothing can be changed there.
    """

    def __init__(self, opening: Opening, uploads: int) -> None:
        self._opening = opening
        self._uploads = uploads
        self._seen: Seen | None = None

    def shown(self, asked: object, language: str) -> Json:
        """The library as HTML, and what can be done with it.

        ``asked`` may hold ``search``, ``sort``, ``descending`` and ``fresh``.
        """
        wishes = asked if isinstance(asked, dict) else {}
        tools = {
            "editable": self._uploads > 0,
            "limit": self._uploads,
            "limit_text": size_text(language, self._uploads),
            "accept": ",".join(SUFFIXES),
            "folders": [name for name, _ in Corpus.of(self._opening.folders).folders],
        }
        try:
            if self._seen is None or wishes.get("fresh"):
                self._seen = self._look()
        except DossierError as error:
            self._seen = None
            notice = reason_html(language, self._opening.error or str(error))
            return {"summary": "", "table": f'<p class="notice">{notice}</p>', **tools}
        found, rows, earlier = self._seen
        words = str(wishes.get("search", ""))[:200].casefold().split()
        column, descending = wishes.get("sort"), bool(wishes.get("descending"))
        column = column if column in COLUMNS else "document"
        matching = [row for row in rows if all(word in row.words(language) for word in words)]
        matching.sort(key=lambda row: row.key(column), reverse=descending)
        editable = self._uploads > 0
        table = table_html(matching, len(rows), column, descending, language, editable=editable)
        return {"summary": self._summary(found, earlier, language), "table": table, **tools}

    def add(self, asked: object, language: str) -> Json:
        """What became of a file that was sent, as HTML, and whether it was taken in.

        ``asked`` holds one file and perhaps the name of a ``folder``. The index is not brought up to date by it, since
        another file may follow.
        """
        files, given = getattr(asked, "files", None), getattr(asked, "data", None)
        if not files or len(files) != 1 or not isinstance(given, dict):
            return {"done": False, "line": ""}
        name, data = files[0]
        shown = f"<b>{safe(name or '')}</b>"
        refused = say(language, "not_added", name=shown)
        if not self._uploads:
            return {"done": False, "line": f"{refused} {say(language, 'closed')}"}
        if len(data) > self._uploads:
            too_large = say(language, "too_large", limit=size_text(language, self._uploads))
            return {"done": False, "line": f"{refused} {too_large}"}
        try:
            folder, folders = str(given.get("folder", "")), self._opening.folders
            path = add(name or "", data, self._opening.index, folder=folder, folders=folders)
        except DossierError as error:
            return {"done": False, "line": f"{refused} {reason_html(language, str(error))}"}
        log.info("added: bytes=%d", len(data))
        same = path.rpartition("/")[2] == name
        line = say(language, "was_added" if same else "was_added_as", name=shown, path=f"<b>{safe(path)}</b>")
        return {"done": True, "line": line}

    def change(self, asked: object, language: str) -> Json:
        """Whether an act was done, and as HTML why not.

        ``asked`` holds the ``act``: ``leave_out`` or ``take_back`` a document by its ``path``, after which the index is
        brought up to date, or ``go_back`` one generation.
        """
        wishes = asked if isinstance(asked, dict) else {}
        act, path = wishes.get("act"), wishes.get("path")
        if not self._uploads:
            return {"done": False, "line": say(language, "closed")}
        try:
            if act in ("leave_out", "take_back") and isinstance(path, str):
                (leave_out if act == "leave_out" else take_back)(path, self._opening.index)
                self._opening.rebuild()
            elif act == "go_back":
                if not self._opening.wait(0):
                    return {"done": False, "line": say(language, "busy")}
                rollback(self._opening.index)
            else:
                return {"done": False, "line": ""}
        except DossierError as error:
            return {"done": False, "line": f"{say(language, 'not_done')} {reason_html(language, str(error))}"}
        log.info("library: act=%s", act)
        return {"done": True, "line": ""}

    def _look(self) -> Seen:
        found = status(self._opening.index)
        documents = self._opening.dossier().index.document_of
        corpus = found.manifest.corpus(found.index)
        changes, aside = found.changes or {}, left_out(found.index)
        reasons = {file.path: file.reason for file in found.manifest.skipped}
        rows = []
        for path in {*documents, *reasons, *changes}:
            try:
                size = corpus.file(path).stat().st_size
            except (OSError, KeyError):
                size = -1
            state = "left_out" if path in aside else changes.get(path, "")
            rows.append(_row(path, documents.get(path), found, state, reasons.get(path, ""), size))
        earlier = before(found.index)
        held = (earlier[0], len(earlier[1].digests), earlier[1].passages) if earlier is not None else None
        return Seen(found, rows, held)

    def _summary(self, found: Status, earlier: tuple[str, int, int] | None, language: str) -> str:
        report = self._opening.report
        changes = None if found.changes is None else len(found.changes)
        parts = [now_html(changes, self._opening.error, language)]
        if report is not None and found.generation < report.generation:
            parts.append(f"<p>{say(language, 'went_back', time=time_html(found.generation))}</p>")
        if report is not None:
            parts.append(report_html(report, language))
        if earlier is not None and self._uploads:
            parts.append(back_html(*earlier, language))
        parts += [f'<p class="warning" lang="en">{safe(fault)}</p>' for fault in found.manifest.description.faults]
        return "".join(parts)


def library_functions(opening: Opening, uploads: int) -> list[Callable[..., Any]]:
    """What the library's script asks of the server; it can be asked by anybody who reaches the page, with anything."""
    library = Library(opening, uploads)

    def files(asked: object, request: gr.Request) -> Json:
        return library.shown(asked, language_of(request.headers))

    def add_one(asked: object, request: gr.Request) -> Json:
        return library.add(asked, language_of(request.headers))

    def change(asked: object, request: gr.Request) -> Json:
        return library.change(asked, language_of(request.headers))

    def rebuild(_: object) -> bool:
        return opening.rebuild()

    return [files, add_one, change, rebuild]


def progress_html(opening: Opening, language: str) -> str:
    """How far a build has come, as HTML; empty where none is under way."""
    if opening.wait(0):
        return ""
    progress, first = opening.progress, not opening.ready()
    words = f"{say(language, 'preparing' if first else 'updating')}: {stage_text(progress, language)}…"
    more = "" if first else f" <span>{say(language, 'still_asking')}</span>"
    return (
        f"<label>{html.escape(printable(words))} "
        f'<progress max="{max(progress.total, 1)}" value="{progress.done}"></progress></label>{more}'
    )


def _row(path: str, document: Document | None, found: Status, state: str, reason: str, size: int) -> Row:
    duplicate = found.manifest.duplicates.get(path)
    sections = document.sections if document else ()
    dates = sorted({section.date for section in sections if section.date and not section.date.startswith("-")})
    return Row(
        path=path,
        title=document.title if document else "",
        state=state or ("skipped" if reason else "duplicate" if duplicate else "read"),
        reason=reason,
        remark=found.manifest.remarks.get(path, ""),
        duplicate=duplicate,
        sections=len(sections),
        dates=tuple(dates),
        size=size,
    )
