"""Tables: CSV and TSV, a section for each row."""

from __future__ import annotations

import csv
import io

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import decode
from dossier.reading.rows import left_out, said, text_field, write_row

LONGEST_FIELD = 64 << 20
DELIMITERS = ",;\t|"
SAMPLE = 64 << 10


def parse_csv(data: bytes) -> Parsed:
    """The rows of a table, each a section and numbered as a spreadsheet numbers it; the first names the columns.

    Where a column is called text, content, body or the like, its text is the row's, under the title and the date of
    columns of such a name. Without such a column, or a text in it, a row reads ``name: value; name: value``. The
    delimiter is the one that divides the first lines most evenly. Columns beside the text that are not read, and rows
    with more fields than names, are said in the remark.
    """
    return _table(data, "")


def parse_tsv(data: bytes) -> Parsed:
    """The rows of a table whose columns are divided by tabs; see `parse_csv`."""
    return _table(data, "\t")


def _table(data: bytes, delimiter: str) -> Parsed:
    text, remark = decode(data)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    manuscript = Manuscript()
    manuscript.remark(remark)
    names: list[str] | None = None
    column: str | None = None
    longer: list[int] = []
    try:
        for number, values in enumerate(reader, 1):
            if not any(value.strip() for value in values):
                continue
            if names is None:
                names = _distinct(values)
                column = text_field(names)
                manuscript.remark(said(left_out(names, column) if column else [], "columns that are not read"))
                continue
            if len(values) > len(names):
                longer.append(number)
            more = [f"column {place}" for place in range(len(names) + 1, len(values) + 1)]
            padded = [*values, *[""] * (len(names) - len(values))]
            fields = dict(zip([*names, *more], padded, strict=True))
            write_row(manuscript, number, fields, column if column is not None and fields[column].strip() else None)
    except csv.Error as error:
        raise UnreadableError(f"it is no table: line {reader.line_num}: {error}") from error
    manuscript.remark(said(longer, "rows with more fields than there are columns"))
    if names is not None and not manuscript.parsed().text:
        return parse_header(names)
    return manuscript.parsed()


def parse_header(names: list[str]) -> Parsed:
    """A table of one row: its names are all its text."""
    manuscript = Manuscript()
    manuscript.mark("row", 1)
    manuscript.write(" | ".join(names))
    return manuscript.parsed()


def _delimiter(text: str) -> str:
    """The delimiter that divides the first lines most evenly; a comma where none does."""
    lines = [line for line in text[:SAMPLE].splitlines()[:20] if line.strip()]
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        header = counts[0] if counts else 1
        even = sum(count == header for count in counts) / max(len(counts), 1)
        if header > 1 and even * (2 - 1 / header) > most:
            best, most = delimiter, even * (2 - 1 / header)
    return best


def _distinct(values: list[str]) -> list[str]:
    """The names of the columns; one that is empty or there already is called by its number."""
    names: list[str] = []
    for place, value in enumerate(values, 1):
        name = " ".join(value.split())
        names.append(name if name and name not in names else f"{name or 'column'} {place}")
    return names
