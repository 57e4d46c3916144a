"""Scripts: the code and the style rules that a page leaves in its text when it is saved or copied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from dossier.records import Span

# Where a script begins that a page loads itself with, and what is in no other text.
LOADER = re.compile(
    r"\bjQuery ?\(|\$ ?\( ?(?:document|window|function)\b|\b(?:window|document) ?[.\[] ?\w|\bgoogletag\b|\bdataLayer\b"
    r"|\bgtag ?\(|\b_gaq\b|\bfbq ?\(|\badsbygoogle\b|\"@context\"|<!\[CDATA\[|\.addEventListener\b"
)
SCRIPT = re.compile(
    rf"{LOADER.pattern}|[!(] ?function ?\(|\bvar \w+ ?=|\bfunction \w* ?\([^()\n]{{0,80}}\) ?\{{|\{{ ?\"@context\""
)
BRACKET = re.compile(r"[()\[\]{};]")
NEXT_SCRIPT = re.compile(rf"[)}}\];,\s]*({SCRIPT.pattern})")
CODE_SIGN = re.compile(r"[(){}\[\];=<>&|\"'.:,+!$#]")
LEAST_CODE = 0.13
LEAST_SCRIPT = 30
NO_BRACKET = 200
CODE_LINE = re.compile(r"(?:[;{}(\[,]|\*/|\]\]>)$|^(?://|/\*|\* |[}\])])")
FENCE = re.compile(r"```|~~~")
INDENT = re.compile(r"(?:\t| {4})[ \t]*\Z")

RULE = re.compile(r"\{[^{}\n]{0,2000}\}")
DECLARATION = re.compile(
    r"\b(?:display|margin|padding|color|background|border|width|height|font|position|float|top|left|right|bottom|opacity"
    r"|overflow|text-align|visibility|z-index|line-height|content)[\w-]{0,20} ?: ?[\w#\"'.(-]",
    re.IGNORECASE,
)
TAG = (
    "a|article|aside|body|button|div|em|figure|footer|form|h[1-6]|header|html|iframe|img|input|label|li|main|nav|ol|p|"
    "section|span|strong|table|tbody|td|th|tr|ul|video"
)
SELECTOR = re.compile(
    rf"(?:\*|{TAG}|@[\w-]+|(?:{TAG})?(?:[.#][\w-]+|\[[^\]\s]*\]|::?[\w-]+(?:\([^)\s]*\))?)+|[>+~]),?", re.IGNORECASE
)
LONGEST_SELECTOR = 300


def code_spans(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Scripts and style rules that a page left in its text: whole lines of them, and stretches of a line."""
    shown = _not_quoted(text, lines)
    for line in shown:
        yield from _style_rules(text, line)
        yield from _statements(text, line)
    for is_code, run in groupby(shown, lambda line: _code_line(text, line)):
        block = list(run)
        if is_code and len(block) > 1 and any(LOADER.search(text, *line) for line in block):
            yield block[0][0], block[-1][1]


def _not_quoted(text: str, lines: Sequence[Span]) -> list[Span]:
    shown = []
    fenced = False
    for start, end in lines:
        if FENCE.match(text, start):
            fenced = not fenced
        elif not fenced and not INDENT.search(text, max(start - 8, 0), start):
            shown.append((start, end))
    return shown


def _code_line(text: str, line: Span) -> bool:
    start, end = line
    inside = text[start : min(end, start + NO_BRACKET)]
    dense = len(CODE_SIGN.findall(inside)) >= LEAST_CODE * len(inside)
    return dense and CODE_LINE.search(text[max(start, end - NO_BRACKET) : end]) is not None


def _style_rules(text: str, line: Span) -> Iterator[Span]:
    """Each style rule in a line, with its selector."""
    after = line[0]
    for rule in RULE.finditer(text, *line):
        if DECLARATION.search(rule[0]):
            start = _selector(text, max(after, rule.start() - LONGEST_SELECTOR), rule.start())
            if start < rule.start():
                after = rule.end()
                yield start, after


def _selector(text: str, start: int, end: int) -> int:
    """Where the selector begins that ends before a rule."""
    begin = end
    for word in reversed(list(re.finditer(r"\S+", text[start:end]))):
        if not SELECTOR.fullmatch(word[0]):
            break
        begin = start + word.start()
    return begin


def _statements(text: str, line: Span) -> Iterator[Span]:
    """The scripts in a line, each from its first statement to where its brackets are closed."""
    at = line[0]
    while match := SCRIPT.search(text, at, line[1]):
        start, end = match.start(), _closed(text, match.start(), line[1])
        while end is not None and (more := NEXT_SCRIPT.match(text, end, line[1])):
            end = _closed(text, more.start(1), line[1])
        if end is None:
            return
        inside = text[start:end]
        if len(inside) >= LEAST_SCRIPT and len(CODE_SIGN.findall(inside)) >= LEAST_CODE * len(inside):
            yield start, end
        at = max(end, match.end())


def _closed(text: str, start: int, stop: int) -> int | None:
    """The end of the statement that begins at ``start``; None where its brackets are not closed before ``stop``."""
    depth, at = 0, start
    while bracket := BRACKET.search(text, at, stop if depth else min(stop, at + NO_BRACKET)):
        if depth == 0 and bracket[0] in ")]}":
            return bracket.start()
        depth += 1 if bracket[0] in "([{" else -1 if bracket[0] in ")]}" else 0
        at = bracket.end()
        if depth == 0 and bracket[0] == ";":
            return at
    return None if depth else max(at, start + 1)
