"""Spans: which characters of a text answer, from what a reader says of its tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dossier.records import Span

Logits = npt.NDArray[np.float32]
# A short answer has so many tokens at most.
LONGEST = 30
# A number is nothing without its sign, or the point that it begins with; behind a word or a number either is none.
NUMBER = re.compile(r"(?:(?<![^\s(\[=<>≤≥~±])[-−+])?[$€£¥]?(?:(?<![^\s(\[=<>≤≥~±$€£¥+−-])\.)?\d+(?:[.,]\d+)*[%‰°]?")


def best_span(logits: Logits, places: Sequence[Span], text: str) -> tuple[Span, float]:
    """The likeliest span of a text's whole words, and how certain it is, 0 to 1, given that the text answers.

    ``logits``, (n, 2), are those of each token to begin and to end the answer, and ``places`` where the n tokens
    stand. Certainty is the probability of its beginning times that of its end.
    """
    begins, ends = _log_softmax(logits[:, 0]), _log_softmax(logits[:, 1])
    scores = begins[:, None] + ends[None, :]
    first, last = np.indices(scores.shape)
    scores[(last < first) | (last >= first + LONGEST)] = -np.inf
    start, end = divmod(int(np.argmax(scores)), len(places))
    return _whole_words((places[start][0], places[end][1]), text), float(np.exp(scores[start, end]))


def _log_softmax(logits: Logits) -> Logits:
    shifted = logits.astype(np.float32) - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), np.float32)


def _whole_words(span: Span, text: str) -> Span:
    """A span widened to whole words and numbers, without white space and stray signs around it."""
    start, end = span
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and text[start] in " \t\r\n,;:.":
        start += 1
    while start < end and text[end - 1] in " \t\r\n,;:":
        end -= 1
    numbers = [one.span() for one in NUMBER.finditer(text) if one.start() < end and start < one.end()]
    return min([start, *(first for first, _ in numbers)]), max([end, *(last for _, last in numbers)])
