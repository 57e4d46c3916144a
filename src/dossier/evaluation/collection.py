"""Collections: documents, questions and judgments in BEIR's layout (Thakur et al. 2021), for a temporary index."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from dossier.errors import InputError
from dossier.evaluation.lines import Line, json_lines, numbered_lines, wrong_line

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
# Of several files of judgments this one is for measuring, the others are for training.
TEST = "test.tsv"
COLUMNS = ["query-id", "corpus-id", "score"]


@dataclass(frozen=True)
class Query:
    """A question and the gain of each document that was judged relevant to it, above 0."""

    id: str
    text: str
    judged: dict[str, float] = field(hash=False)


def read_queries(folder: Path) -> list[Query]:
    """The questions of a collection that have been judged, in order.

    The judgments are those of ``qrels/test.tsv``, or without one of all files there. Raises `InputError` where a file
    is missing or a line is malformed; it names file and line.
    """
    for name in (CORPUS, QUERIES, QRELS):
        if not (folder / name).exists():
            raise InputError(
                f"{str(folder)!r} has no {name}; a collection holds {CORPUS}, {QUERIES} and {QRELS}/{TEST}."
            )
    texts = _by_id(folder / QUERIES)
    judged: dict[str, dict[str, float]] = {}
    for path in _judgments(folder / QRELS):
        for number, line in numbered_lines(path):
            cells = [cell.strip() for cell in line.split("\t")]
            if number > 1 or cells != COLUMNS:
                query, document, gain = _judgment(path, number, cells)
                if query not in texts:
                    raise wrong_line(path, number, f"the question {query!r} is not in {QUERIES}")
                judged.setdefault(query, {})[document] = gain
    if not judged:
        raise InputError(f"{str(folder / QRELS)!r} holds no judgment.")
    return [
        Query(name, line.text("text"), {document: gain for document, gain in judged[name].items() if gain > 0})
        for name, line in texts.items()
        if name in judged
    ]


def write_documents(collection: Path, folder: Path) -> dict[str, str]:
    """Write each document of a collection into a folder, its title above its text, and return file names by id.

    A document without a word has no file; its name is empty. Raises `InputError` where a line is malformed.
    """
    names: dict[str, str] = {}
    for line in json_lines(collection / CORPUS):
        title, text = (_optional(line, key).strip() for key in ("title", "text"))
        name = f"{line.number:08}.md" if title or text else ""
        if line.text("_id") in names:
            raise line.error(f"the id {line.text('_id')!r} stands in another line already")
        names[line.text("_id")] = name
        if name:
            whole = f"# {title}\n\n{text}\n" if title else f"{text}\n"
            # NUL and half characters are no text and would keep the document from being read.
            (folder / name).write_bytes(whole.replace("\0", " ").encode("utf-8", "replace"))
    return names


def _judgments(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.tsv"))
    if not found:
        raise InputError(f"{str(folder)!r} holds no .tsv file of judgments.")
    return [path for path in found if path.name == TEST] or found


def _judgment(path: Path, number: int, cells: list[str]) -> tuple[str, str, float]:
    """A question, a document and how relevant it is."""
    try:
        query, document, score = cells
        gain = float(score)
    except ValueError:
        raise wrong_line(path, number, f"it is not 'query-id, corpus-id, score' between tabs, but {cells}") from None
    if not isfinite(gain):
        raise wrong_line(path, number, f"the score is {score}; it must be a finite number")
    return query, document, gain


def _by_id(path: Path) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    for line in json_lines(path):
        if lines.setdefault(line.text("_id"), line) is not line:
            raise line.error(f"the id {line.text('_id')!r} is that of line {lines[line.text('_id')].number} already")
        line.text("text")
    return lines


def _optional(line: Line, key: str) -> str:
    """The text under a key; empty where it is left out or null."""
    value = line.data.get(key) or ""
    return value if isinstance(value, str) else line.text(key)
