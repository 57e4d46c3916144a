"""Rendering: nothing in a document is markup."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dossier.escaping import escape_markdown, printable

ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "![a](http://evil.example/x.png)",
    "[a](javascript:alert(1))",
    "# heading",
    "- item",
    "1. item",
    "12. item",
    "1871. It was so.",
    "3) item",
    "> quote",
    "`code` *em* __strong__ ~~gone~~",
    "| a | b |",
    "<script>alert(1)</script>",
    "&lt;b&gt;",
    "http://evil.example www.evil.example a@evil.example",
    "$x$ \\(y\\) ${alert(1)} {{value}}",
    "---",
    "===",
    "```\ncode",
    "    indented",
]
ENGINE = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def rendered(text: str) -> str:
    return ENGINE.render(escape_markdown(text)).strip()


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_shown_and_does_nothing(text: str) -> None:
    assert rendered(text) == f"<p>{html.escape(' '.join(text.split()), quote=True)}</p>".replace("&#x27;", "'")


@given(st.text())
def test_any_text_is_one_plain_paragraph(text: str) -> None:
    line = printable(" ".join(text.split()))
    if line:
        assert html.unescape(rendered(text)) == f"<p>{line}</p>"
