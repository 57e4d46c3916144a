"""Journal: the vectors that a build has made so far, so that one that is interrupted need not make them again.

It lies beside the generations and is no part of them: without it a build takes longer and comes out the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dossier.indexing.disk import replace_bytes
from dossier.indexing.embedding import Vectors
from dossier.indexing.manifest import Recipe
from dossier.indexing.sentences import Compact
from dossier.indexing.tokens import Codes, Projection
from dossier.records import Span

JOURNAL = "journal"
# What a passage's vectors depend on: its context, its text, and the spans of its sentences in it.
Content = tuple[str, str, tuple[Span, ...]]
# So many batches stay in memory once they were read: they are asked for in the order in which they were kept.
HELD = 4


class Grains(NamedTuple):
    """What is kept of one text: its vector, (dim,), its sentences', (n, dim), and the codes of their tokens."""

    passage: Vectors
    sentences: Compact
    tokens: Sequence[Codes]


class Journal:
    """Batches of grains in a folder of an index, one file each, for builds with one recipe and one projection.

    A file is named by the SHA-256 of its bytes, so one that was cut short is known as such and passed over.
    """

    def __init__(self, index: Path, recipe: Recipe, projection: Projection | None) -> None:
        key = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
        if projection is not None:
            key.update(projection.matrix.tobytes() + projection.steps.tobytes())
        self._folder = index / JOURNAL / key.hexdigest()[:16]

        # What an earlier build left; what this one adds it holds already.
        self._files = {key: file for file in sorted(self._folder.glob("*.npz")) for key in _read(file)}
        self._opened = lru_cache(maxsize=HELD)(_read)

    def recall(self, key: bytes) -> Grains | None:
        """The grains that an interrupted build kept under a key; None where there are none."""
        file = self._files.get(key)
        return self._opened(file).get(key) if file is not None else None

    def keep(self, batch: Mapping[bytes, Grains]) -> None:
        """Add some grains by the keys of their contents. A journal that can't be written is done without."""
        keys = np.frombuffer(b"".join(batch), np.uint8).reshape(len(batch), -1)
        codes = [part for grains in batch.values() for part in grains.tokens]
        parts = {
            "keys": keys,
            "passages": np.stack([grains.passage for grains in batch.values()]),
            "sentences": np.concatenate([grains.sentences for grains in batch.values()]),
            "counts": np.array([len(grains.sentences) for grains in batch.values()], np.int64),
        }
        if codes:
            parts |= {"codes": np.concatenate(codes), "lengths": np.array([len(part) for part in codes], np.int64)}
        written = io.BytesIO()
        try:
            np.savez(written, **parts)  # type: ignore[arg-type]  # its stubs take the names for options
        except ValueError as error:  # in place of what stopped it, the archive says that it can't be closed
            raise (error.__context__ or error) from None
        data = written.getvalue()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_bytes(self._folder / f"{hashlib.sha256(data).hexdigest()}.npz", data)
        except OSError:
            return


def remove_journal(index: Path) -> None:
    """Remove the journals of an index, of whatever recipe, once a build needs them no longer."""
    shutil.rmtree(index / JOURNAL, ignore_errors=True)


def key_of(content: Content) -> bytes:
    """The SHA-256 of a content, by which its grains are known."""
    return hashlib.sha256(json.dumps(content).encode()).digest()


def _read(file: Path) -> dict[bytes, Grains]:
    """The grains in a file by the keys of their contents; none where it is not what was written."""
    try:
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != file.stem:
            return {}
        with np.load(io.BytesIO(data), allow_pickle=False) as parts:
            borders = np.cumsum([0, *parts["counts"]])
            passages, sentences = parts["passages"], parts["sentences"]
            codes: list[Codes] = []
            if "codes" in parts:
                codes = np.split(parts["codes"], np.cumsum(parts["lengths"])[:-1])
            keys = [key.tobytes() for key in parts["keys"]]
        rows = zip(keys, passages, pairwise(borders), strict=True)
        return {key: Grains(passage, sentences[first:last], codes[first:last]) for key, passage, (first, last) in rows}
    except (OSError, ValueError, LookupError, TypeError, EOFError):
        return {}
