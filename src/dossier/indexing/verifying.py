"""Verifying: an index is asked questions whose answers are known, and every byte that it keeps is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dossier.errors import BrokenIndexError, NoIndexError
from dossier.indexing.checked import CHECKED, CHECKSUMS, check_file, read_digests
from dossier.indexing.context import passage_contexts
from dossier.indexing.disk import unsealed
from dossier.indexing.embedding import Embedder, cosines
from dossier.indexing.generations import current, folder_of, generations, open_current
from dossier.indexing.index import Index
from dossier.indexing.seen import SEEN
from dossier.records import CURRENT, Passage

# So many passages are asked about, from the first to the last.
ASKED = 5
# A text that is embedded again may come out a little different in other company.
ALIKE = 0.97
# What lies beside the generations with its own digest.
SEALED = (CHECKED, SEEN, "scale.json")


@dataclass(frozen=True)
class Damage:
    """A file or folder of an index that is not as it should be, what is wrong with it, and what mends it."""

    path: Path
    reason: str
    mend: str


@dataclass(frozen=True)
class Verified:
    """What was looked at in an index, in bytes and questions, and the damage that was found; none where it is sound."""

    index: Path
    generation: str
    kept: tuple[str, ...]
    files: int
    size: int
    questions: int
    damage: tuple[Damage, ...]


def check_built(folder: Path, embedder: Embedder) -> None:
    """Load a generation that was just written and ask it what it must know. Raises `BrokenIndexError`."""
    ask_what_it_knows(Index.load_whole(folder), embedder)


def ask_what_it_knows(index: Index, embedder: Embedder) -> int:
    """How many passages were asked about, each of which was found by its own words and its own text.

    Every word of a passage must lead to it, and the vectors of its text, embedded again, must be nearest to those in
    its row. Raises `BrokenIndexError` where a passage is not found.
    """
    rows = sorted({int(row) for row in np.linspace(0, len(index.passages) - 1, ASKED)})
    passages = [index.passages[row] for row in rows]
    company = [row for path in {one.path for one in passages} for row in index.passages_of[path]]
    documents = [index.document_of[path] for path in {one.path for one in passages}]
    found = passage_contexts([index.passages[row] for row in company], documents, embedder)
    context_of = dict(zip(company, found, strict=True))
    texts = [context_of[row] + index.passages[row].text for row in rows]
    moved = [len(context_of[row]) - index.passages[row].start for row in rows]
    spans = [
        [(start + by, end + by) for start, end in passage.sentences]
        for by, passage in zip(moved, passages, strict=True)
    ]
    embedded = embedder.embed_passages(texts, spans)
    borders = np.cumsum([len(passage.sentences) for passage in passages])[:-1]
    for row, passage, vector, sentences in zip(
        rows, passages, embedded.passages, np.split(embedded.sentences, borders), strict=True
    ):
        if row not in index.lexical.holders(passage.text):
            raise _not_found(passage, "its own words do not lead to it")
        if not vector.any():  # a text without words, to some models
            continue
        own, best = index.dense.scores(vector, np.array([row]))[0], index.dense.rank(vector, 1).scores[0]
        kept = index.sentences.of_passage(row)
        nearest = [cosines(kept[place : place + 1], one)[0] for place, one in enumerate(sentences) if one.any()]
        if not (own >= ALIKE and own >= best - (1 - ALIKE) and min(nearest, default=1) >= ALIKE):
            raise _not_found(passage, f"its own text does not lead to it (cosine {own:.3f})")
    return len(rows)


def verify_index(index: Path, embedder: Embedder | None) -> Verified:
    """Look at every byte of every generation that an index keeps, and at what lies beside them.

    Where there is an ``embedder``, the generation that counts is asked what it must know. Raises `NoIndexError` where
    nothing has been built.
    """
    damage: list[Damage] = []
    build, back = f"dossier build --index {index}", f"dossier rollback --index {index}"
    kept = generations(index)
    try:
        counts = current(index)
    except NoIndexError:
        if not kept:
            raise
        damage.append(Damage(index / CURRENT, "it is missing", back))
        counts = ""
    except BrokenIndexError as error:
        damage.append(Damage(index / CURRENT, str(error), back if kept else build))
        counts = ""
    sound = [name for name in kept if not list(_damaged(index, name))]
    for name in kept:
        earlier = any(other < name for other in sound)
        mend = f"delete {folder_of(index, name)}" if name != counts else f"{back}, or {build}" if earlier else build
        damage.extend(Damage(path, reason, mend) for path, reason in _damaged(index, name))
    questions = 0
    if counts and not damage:
        try:
            _, opened = open_current(index, Index.load_whole)
            questions = ask_what_it_knows(opened, embedder) if embedder is not None else 0
        except BrokenIndexError as error:
            folder = folder_of(index, counts)
            damage.append(Damage(folder, str(error), f"delete {folder}, then dossier build FOLDER --index {index}"))
    elif counts and counts not in kept:
        damage.append(Damage(folder_of(index, counts), "it is missing", back if sound else build))
    for name in SEALED:
        reason = _unsealed(index / name)
        if reason:
            mend = build if name in (CHECKED, SEEN) else f"dossier calibrate --index {index}"
            damage.append(Damage(index / name, reason, f"delete it, or {mend}"))
    files = [path for path in index.rglob("*") if path.is_file()]
    return Verified(
        index, counts, tuple(kept), len(files), sum(path.stat().st_size for path in files), questions, tuple(damage)
    )


def _damaged(index: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The files of a generation that are not as they were written, and how."""
    folder = folder_of(index, name)
    try:
        recorded = (folder / CHECKSUMS).read_text(encoding="utf-8")
        digests = read_digests(folder)
        if recorded != json.dumps(json.loads(recorded), indent=1):
            yield folder / CHECKSUMS, "it is not what was written"
    except (OSError, ValueError, BrokenIndexError) as error:
        yield folder / CHECKSUMS, str(error)
        return
    for path, digest in digests.items():
        try:
            check_file(folder / path, digest)
        except BrokenIndexError as error:
            yield folder / path, str(error)
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).as_posix()
        if file.is_file() and inside not in digests and inside != CHECKSUMS:
            yield file, "it is none of the files that were written"


def _unsealed(path: Path) -> str:
    """What is wrong with a file that has its own digest; nothing where it is sound or not there."""
    try:
        unsealed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def _not_found(passage: Passage, reason: str) -> BrokenIndexError:
    return BrokenIndexError(f"The index does not know {passage.location} ({reason}). Build it again.")
