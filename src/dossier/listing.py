"""Listing: what became of every file, as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from dossier.escaping import printable
from dossier.overview import Status
from dossier.records import Duplicate
from dossier.reports import BuildReport

# Longer lists of files are summed up by folder.
LISTED = 200


def report_text(report: BuildReport, *, whole: bool = False) -> str:
    """A build report for the terminal: what became of every file, and what it took.

    Many files are summed up by folder, unless the ``whole`` list is wanted.
    """
    notes = _notes(report.remarks, report.duplicates)
    states = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
    }
    rows = [Row(label, path, notes.get(path, "")) for label, paths in states.items() for path in paths]
    rows += [Row("skipped", file.path, file.reason) for file in report.skipped]
    lines = [*_listed(rows, whole), *map(printable, report.faults)]
    if report.set_aside:
        lines.insert(0, f"The index that was there could not be used: {printable(report.set_aside)}")
    repeated = f" ({counted(len(report.duplicates), 'duplicate')})" if report.duplicates else ""
    lines.append(
        f"{counted(report.documents, 'document')}{repeated}, {counted(report.passages, 'passage')}; "
        f"{counted(len(report.unchanged), 'document')} unchanged, {counted(report.embedded, 'passage')} embedded "
        f"in {report.seconds:.1f} s."
    )
    return "\n".join(lines)


def status_text(status: Status, *, whole: bool = False) -> str:
    """The state of an index for the terminal: each document, each skipped file, and what a build would change.

    Many files are summed up by folder, unless the ``whole`` list is wanted.
    """
    manifest, recipe = status.manifest, status.manifest.recipe
    states = status.changes or {}
    built = f"passages of {recipe.max_tokens} {recipe.encoding} tokens"
    notes = _notes(manifest.remarks, manifest.duplicates)
    paths = sorted({*manifest.digests, *states})
    rows = [Row(states.get(path, "indexed"), path, notes.get(path, "")) for path in paths]
    rows += [Row("skipped", file.path, file.reason) for file in manifest.skipped]
    description, each = manifest.description, status.size / 1e3 / max(manifest.passages, 1)
    lines = [
        *([f"Corpus     {printable(description.title)}"] if description.title else []),
        f"Index      {printable(str(status.index))}, generation {printable(status.generation)}",
        *(f"Kept too   {name}" for name in status.kept if name != status.generation),
        *(f"Documents  {printable(str(folder))}" for folder in status.folders),
        f"Model      {printable(recipe.embedder)}, {printable(built)}",
        f"Size       {status.size / 1e6:,.1f} MB, {each:,.1f} kB for each of {counted(manifest.passages, 'passage')}",
        "",
        *_listed(rows, whole),
        *map(printable, description.faults),
        "",
    ]
    if status.changes is None:
        lines.append(
            "The folder of the documents is missing; answers come from the index, and citations can't be checked."
        )
    elif states:
        lines.append(
            f"Not up to date ({counted(len(states), 'change')}). Type: dossier build --index {_typed(status.index)}"
        )
    else:
        lines.append("The index is up to date.")
    return "\n".join(lines)


class Row(NamedTuple):
    """What is said of one file, or of several in a folder."""

    label: str
    path: str
    note: str

    def line(self) -> str:
        return f"  {self.label:<9} {printable(self.path)}" + (f": {printable(self.note)}" if self.note else "")


def _notes(remarks: Mapping[str, str], duplicates: Mapping[str, Duplicate]) -> dict[str, str]:
    """What there is to be said of some documents, by their paths: how they were read, and what they repeat."""
    found = dict(remarks)
    for path, duplicate in duplicates.items():
        own = "" if duplicate.same else "; what is its own is indexed"
        found[path] = "; ".join(filter(None, [found.get(path), duplicate.description + own]))
    return found


def _listed(rows: Sequence[Row], whole: bool) -> list[str]:
    """A line for each file; where they are too many, for as many files of one folder as have the same said of them."""
    if whole or len(rows) <= LISTED:
        return [row.line() for row in rows]
    depths = range(max(row.path.count("/") for row in rows), -1, -1)
    for noted, depth in product((True, False), depths):
        groups: dict[Row, list[Row]] = {}
        for row in rows:
            folder = "".join(f"{part}/" for part in row.path.split("/")[:-1][:depth])
            groups.setdefault(Row(row.label, folder, row.note if noted else ""), []).append(row)
        if len(groups) <= LISTED:
            break
    lines = [
        members[0].line()
        if len(members) == 1
        else Row(row.label, f"{row.path}… {len(members):,} files", row.note).line()
        for row, members in groups.items()
    ]
    return [*lines, f"{counted(len(rows), 'file')}, summed up by folder; --all lists every one."]


def _typed(path: Path) -> str:
    """A path as it is typed in a terminal."""
    text = printable(str(path))
    return f'"{text}"' if " " in text else text


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
