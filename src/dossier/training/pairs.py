"""Pairs: question and passage together, as numbers that the network learns from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Encoding, Tokenizer

from dossier.records import Span

# A question is cut here, when it is learnt from.
LONGEST_QUESTION = 48


@dataclass(frozen=True)
class Piece:
    """A question, a passage, and the span of the answer in that; None where it holds none.

    ``telling`` says whether that span tells where answers begin and end. A ``lure`` looks like the answer and is not:
    the span of the answer to a question hardly different.
    """

    question: str
    text: str
    answer: Span | None
    telling: bool = True
    lure: Span | None = None


@dataclass(frozen=True)
class Pair:
    """The ids of the tokens of a question and a window of a passage, and where among them the passage's begin.

    ``answer`` are the first and the last token of the answer; None where the window holds none.
    """

    ids: tuple[int, ...]
    first: int
    answer: tuple[int, int] | None
    telling: bool


def pairs(tokenizer: Tokenizer, pieces: Sequence[Piece], windows: Sequence[int], chance: random.Random) -> list[Pair]:
    """A pair for each piece, with a window of its passage of so many tokens at most.

    The answer, or the lure, is in it where there is one and it fits; it may begin anywhere else.
    """
    questions = tokenizer.encode_batch([piece.question for piece in pieces], add_special_tokens=False)
    passages = tokenizer.encode_batch([piece.text for piece in pieces], add_special_tokens=False)
    begin, end = tokenizer.encode("").ids
    made = []
    for piece, question, passage, most in zip(pieces, questions, passages, windows, strict=True):
        answer = _tokens(passage, piece.answer)
        start = _start(len(passage.ids), most, answer or _tokens(passage, piece.lure), chance)
        head = (begin, *question.ids[:LONGEST_QUESTION], end)
        ids = (*head, *passage.ids[start : start + most], end)
        inside = answer is not None and answer[1] < start + most
        shifted = (answer[0] - start + len(head), answer[1] - start + len(head)) if answer and inside else None
        made.append(Pair(ids, len(head), shifted, piece.telling))
    return made


def batch(rows: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pairs filled up to one length: ids, mask and types, each (n, tokens)."""
    length = max(len(row.ids) for row in rows)
    filled: npt.NDArray[np.int64] = np.zeros((3, len(rows), length), np.int64)
    for place, row in enumerate(rows):
        filled[0, place, : len(row.ids)] = row.ids
        filled[1, place, : len(row.ids)] = 1
        filled[2, place, row.first : len(row.ids)] = 1
    ids, mask, types = torch.from_numpy(filled)
    return ids, mask, types


def _tokens(passage: Encoding, answer: Span | None) -> tuple[int, int] | None:
    """The first and the last token of an answer; None where there is none."""
    if answer is None:
        return None
    inside = [
        place
        for place, (start, end) in enumerate(passage.offsets)
        if start < end and start < answer[1] and answer[0] < end
    ]
    return (inside[0], inside[-1]) if inside else None


def _start(tokens: int, most: int, held: tuple[int, int] | None, chance: random.Random) -> int:
    """Where a window begins: anywhere, if only it holds the tokens from one to another, or as many as it can."""
    earliest, latest = 0, max(tokens - most, 0)
    if held is not None:
        earliest, latest = max(held[1] + 1 - most, 0), min(latest, held[0])
    return chance.randint(min(earliest, latest), latest)
