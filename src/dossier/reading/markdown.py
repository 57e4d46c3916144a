"""Markdown: plain text whose headings are marked, found by markdown-it (CommonMark)."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it import MarkdownIt

from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import decode
from dossier.reading.sections import line_starts, tile

# What programs keep of a note above its text; its last line would make a heading of the one before.
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?=.*\S)(?:.*\n)*?---[ \t]*$", re.MULTILINE)


def parse_markdown(data: bytes) -> Parsed:
    """The text of a Markdown file as it is written, a section for each heading, and a remark on its encoding.

    Front matter is text without headings.
    """
    text, remark = decode(data)
    starts = line_starts(text)
    headings = []
    tokens = MarkdownIt("commonmark").disable("inline").parse(_blocks(text))  # headings need blocks alone
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.map is not None:
            headings.append((starts[opening.map[0]], " ".join(content.content.split())))
    return Parsed(text, tile(headings, len(text)), remark)


def _blocks(text: str) -> str:
    """The text with a line feed at every line end, so that markdown-it counts the lines as we do, and no front matter.

    Empty lines stand in for that.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return FRONT_MATTER.sub(lambda front: "\n" * front.group().count("\n"), lines)
