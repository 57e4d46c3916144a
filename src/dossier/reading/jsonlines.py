"""JSON Lines: an object a line, a section for each."""

from __future__ import annotations

import json

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import decode
from dossier.reading.rows import said, text_field, write_row
from dossier.records import LINE_END


def parse_json_lines(data: bytes) -> Parsed:
    """The objects of a file of JSON Lines, each a section with its line as landmark (``row``).

    The text is the field called text, content, body, abstract or the like, the first of them that is not empty; title
    and date are those of such a name.
    Lines that are no JSON object or hold no text are said in the remark, with the first of their numbers.
    """
    text, remark = decode(data)
    manuscript = Manuscript()
    manuscript.remark(remark)
    broken: list[int] = []
    empty: list[int] = []
    written = 0
    for number, line in enumerate(LINE_END.split(text), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            broken.append(number)
            continue
        fields = {str(name): _written(value) for name, value in found.items()} if isinstance(found, dict) else {}
        filled = [name for name, value in fields.items() if value.strip()]
        column = text_field(filled) or text_field(list(fields))
        if column is not None and write_row(manuscript, number, fields, column):
            written += 1
        else:
            empty.append(number)
    if not written:
        raise UnreadableError(
            "no line of it is a JSON object with a text (a field called text, content, body or abstract)"
        )
    manuscript.remark(said(broken, "lines that are not JSON"))
    manuscript.remark(said(empty, "lines without a text"))
    return manuscript.parsed()


def _written(value: object) -> str:
    """A value as text; one made of parts as its texts, a paragraph each."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n\n".join(part for part in value if isinstance(part, str))
    return "" if value is None or isinstance(value, dict) else str(value)
