"""Postings: which texts hold each word, and how much BM25 makes of that, put together text by text in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# Texts are taken up so many at a time; their words are counted together.
BLOCK = 4096

Words = npt.NDArray[np.int32]


class Block(NamedTuple):
    """The words of some texts, text after text: each once, how often it occurs there, and how many each text has."""

    words: Words
    times: npt.NDArray[np.uint16]
    counts: Words


class Scored(NamedTuple):
    """The holders of each word and their scores: those of word i are from ``starts[i]`` to before ``starts[i + 1]``."""

    starts: npt.NDArray[np.int64]
    holders: Words
    scores: npt.NDArray[np.float32]


class Postings:
    """What texts hold which words. A word is a number; a text is known by how many were added before it."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._texts: list[Words] = []
        self._lengths: list[int] = []

    def add(self, words: Sequence[int]) -> None:
        """Add a text, by the numbers of its words in order."""
        self._texts.append(np.array(words, np.int32))
        self._lengths.append(len(words))
        if len(self._texts) == BLOCK:
            self._close_block()

    def scored(self, vocabulary: int, k1: float, b: float) -> Scored:
        """BM25 in Lucene's form (Kamphuis et al. 2020) of each word and text; it is left without texts."""
        self._close_block()
        held = np.zeros(vocabulary, np.int64)
        for block in self._blocks:
            held += np.bincount(block.words, minlength=vocabulary)
        starts = np.concatenate([[0], np.cumsum(held)])
        rarities = np.log1p((len(self._lengths) - held + 0.5) / (held + 0.5))
        lengths = np.array(self._lengths, np.float64)
        room = k1 * (1 - b + b * lengths / lengths.mean())
        holders, scores = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
        following, first = starts[:-1].copy(), 0
        self._blocks.reverse()
        while self._blocks:
            words, times, counts = self._blocks.pop()
            rows = np.repeat(np.arange(first, first + len(counts)), counts)
            order = np.argsort(words, kind="stable")
            words, rows, often = words[order], rows[order], times[order].astype(np.float64)
            here = np.bincount(words, minlength=vocabulary)
            begins = np.cumsum(here) - here
            places = following[words] + np.arange(len(words)) - begins[words]
            holders[places] = rows
            scores[places] = rarities[words] * often / (often + room[rows])
            following += here
            first += len(counts)
        return Scored(starts, holders, scores)

    def _close_block(self) -> None:
        if not self._texts:
            return
        rows = np.repeat(np.arange(len(self._texts), dtype=np.int64), [len(text) for text in self._texts])
        pairs, times = np.unique(rows << 32 | np.concatenate(self._texts), return_counts=True)
        counts = np.bincount(pairs >> 32, minlength=len(self._texts)).astype(np.int32)
        most = np.iinfo(np.uint16).max
        self._blocks.append(
            Block((pairs & 0xFFFFFFFF).astype(np.int32), np.minimum(times, most).astype(np.uint16), counts)
        )
        self._texts = []
