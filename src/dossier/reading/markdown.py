"""Markdown: plain text whose headings are marked, found by markdown-it (CommonMark)."""

from __future__ import annotations

from itertools import pairwise

from markdown_it import MarkdownIt

from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import decode
from dossier.reading.sections import line_starts, tile


def parse_markdown(data: bytes) -> Parsed:
    """The text of a Markdown file as it is written, a section for each heading, and a remark on its encoding."""
    text, remark = decode(data)
    starts = line_starts(text)
    headings = []
    tokens = MarkdownIt("commonmark").disable("inline").parse(_same_lines(text))  # headings need blocks alone
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.map is not None:
            headings.append((starts[opening.map[0]], content.content))
    return Parsed(text, tile(headings, len(text)), remark)


def _same_lines(text: str) -> str:
    """The text with a line feed at every line end, so that markdown-it counts the lines as we do."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
