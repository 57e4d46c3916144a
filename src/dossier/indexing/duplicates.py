"""Duplicates: documents that say what another says already are found, so that each thing is indexed once.

Candidates are found by MinHash (Broder 1997) with banding and then compared shingle by shingle.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dossier.records import Document, Duplicate, Passage

Signature = NDArray[np.uint32]
Shingles = NDArray[np.uint64]

# A shingle is a run of so many words. Documents are nearly the same if they share this part of all they have.
SHINGLE = 5
NEARLY = 0.9
# The signature in BANDS bands of ROWS; 0.9-alike documents share one with probability 0.9995, 0.5-alike with 0.15.
BANDS, ROWS = 10, 6
# No document is compared with more than so many others: those whose signatures are most alike.
COMPARED = 16
# Shingles are hashed so many at a time, so that a long document takes little memory.
BLOCK = 4096

WORD = re.compile(r"\w+")
_RANDOM = np.random.Generator(np.random.PCG64(5))
FACTORS = _RANDOM.integers(1, 1 << 63, size=(BANDS * ROWS, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
SUMMANDS = _RANDOM.integers(0, 1 << 63, size=(BANDS * ROWS, 1), dtype=np.uint64)
MIXER = np.uint64(0x9E3779B97F4A7C15)


def signature(text: str) -> Signature:
    """The MinHash signature of a text, (60,): two agree in a part of it that is near their Jaccard index."""
    shingles = _shingles(text)
    least = np.full((BANDS * ROWS, 1), np.iinfo(np.uint64).max, np.uint64)
    for begin in range(0, len(shingles), BLOCK):
        hashed = FACTORS * shingles[begin : begin + BLOCK] + SUMMANDS
        least = np.minimum(least, hashed.min(axis=1, keepdims=True))
    found: Signature = (least[:, 0] >> np.uint64(32)).astype(np.uint32)
    return found


def find_duplicates(documents: Sequence[Document], signatures: NDArray[np.uint32]) -> dict[str, Duplicate]:
    """The documents that repeat an earlier one, by their paths; row i of ``signatures`` is that of document i.

    The first of those that are alike is the original; what only repeats a duplicate is none. It depends on the texts
    and their order alone.
    """
    found: dict[str, Duplicate] = {}
    originals: dict[bytes, list[int]] = defaultdict(list)
    shingles = lru_cache(maxsize=64)(lambda row: np.unique(_shingles(documents[row].text)))
    for row in range(len(documents)):
        bands = [bytes([band]) + part.tobytes() for band, part in enumerate(signatures[row].reshape(BANDS, ROWS))]
        candidates = sorted({other for band in bands for other in originals[band]})
        duplicate = _of_any(documents, signatures, row, candidates, shingles)
        if duplicate is not None:
            found[documents[row].path] = duplicate
            continue
        for band in bands:
            originals[band].append(row)
    return found


def only_new(passages: Sequence[Passage], original: Sequence[Passage]) -> list[Passage]:
    """The passages of a document that have a sentence which none of its original's has that it repeats whole."""
    own = {sentence for passage in passages for sentence in _sentences(passage)}
    said = {sentence for passage in original if own >= (whole := _sentences(passage)) for sentence in whole}
    return [passage for passage in passages if not _sentences(passage) <= said]


def repeated(text: str, original: Sequence[Passage]) -> list[bool]:
    """Whether a text has every sentence, for each passage of its original; the others say what it does not."""
    words = _words(text)
    return [all(sentence in words for sentence in _sentences(passage)) for passage in original]


def repeats(text: str, quote: str) -> bool:
    """Whether a text has the words of a quote, as they stand but for white space."""
    return _words(quote) in _words(text)


def _of_any(
    documents: Sequence[Document],
    signatures: NDArray[np.uint32],
    row: int,
    candidates: Sequence[int],
    shingles: Callable[[int], Shingles],
) -> Duplicate | None:
    """What a document is a duplicate of, among some earlier ones; None where it is of none."""
    if not candidates:
        return None
    agreeing = (signatures[list(candidates)] == signatures[row]).sum(axis=1)
    likely = sorted(candidates[place] for place in np.argsort(-agreeing, kind="stable")[:COMPARED])
    alike = [(other, _jaccard(shingles(row), shingles(other))) for other in likely]
    words = _words(documents[row].text)
    for other, likeness in alike:
        if likeness == 1 and words == _words(documents[other].text):
            return Duplicate(documents[other].path, True, 1.0)
    for other, likeness in alike:
        if likeness >= NEARLY:
            return Duplicate(documents[other].path, False, round(likeness, 4))
    return None


def _jaccard(one: Shingles, other: Shingles) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def _shingles(text: str) -> Shingles:
    """The hashes of the runs of words in a text, one at least: a shorter text is a run of its own."""
    words = WORD.findall(unicodedata.normalize("NFKC", text).casefold()) or text.split() or [""]
    hashes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], np.uint64)
    count = max(len(hashes) - SHINGLE + 1, 1)
    runs = np.zeros(count, np.uint64)
    for place in range(min(SHINGLE, len(hashes))):
        runs = (runs + hashes[place : place + count] + np.uint64(1)) * MIXER
        runs ^= runs >> np.uint64(29)
    return runs


def _sentences(passage: Passage) -> set[str]:
    return {_words(passage.slice(sentence)) for sentence in passage.sentences}


def _words(text: str) -> str:
    """A text with single spaces for all white space."""
    return " ".join(text.split())
