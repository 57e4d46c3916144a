"""What the scripts share: folders of documents that change at random, and what makes two indexes the same."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np

from dossier import Settings, build
from dossier.indexing.generations import open_current
from dossier.indexing.index import Index

TOY = Settings(model="words")
NAMES = [f"{folder}{name}" for folder in ("", "letters/", "letters/old/") for name in ("a.txt", "b.md", "c.txt")]
WORDS = "bridge ferry flood mill elephant train mayor stone letter council harbour frost orchard witness comet"


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS.split()) for _ in range(chance.randint(4, 14))]
    return f"{words[0].title()} {' '.join(words[1:])} number {chance.randint(1, 999)}."


def text(chance: random.Random, sentences: int = 40) -> str:
    """A document of so many sentences, with a heading now and then."""
    parts = [f"{sentence(chance)}{chance.choice([' ', ' ', chr(10), chr(10) * 2])}" for _ in range(sentences)]
    return f"# {chance.choice(WORDS.split()).title()}\n\n{''.join(parts)}"


def make(folder: Path, chance: random.Random) -> None:
    """A folder of documents; one of them never changes."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("always.txt", *NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text(chance), encoding="utf-8")


def change(folder: Path, chance: random.Random) -> None:
    """One to three documents written anew, removed or moved."""
    for name in chance.sample(NAMES, chance.randint(1, 3)):
        act = chance.choice(["write", "write", "remove", "move"])
        if act == "remove":
            (folder / name).unlink(missing_ok=True)
        elif act == "move" and (folder / name).exists():
            (folder / name).replace(folder / chance.choice(NAMES))
        else:
            (folder / name).write_text(text(chance, chance.randint(1, 80)), encoding="utf-8")


def opened(index: Path) -> Index:
    """The index as it is on disk, every byte of it checked."""
    return open_current(index, Index.load)[1]


def fresh(folder: Path, index: Path) -> Index:
    """The index that a build from nothing makes of a folder."""
    shutil.rmtree(index, ignore_errors=True)
    build(folder, index, settings=TOY)
    return opened(index)


def same(one: Index, other: Index) -> bool:
    """Whether two indexes hold the same: texts and manifest exactly, vectors to the last digits of a float."""
    question = "the mayor and the flood"
    return (
        one.manifest == other.manifest
        and one.documents == other.documents
        and one.passages == other.passages
        and np.array_equal(one.signatures, other.signatures)
        and np.allclose(one.dense.vectors(), other.dense.vectors())
        and one.lexical.rank(question, 9).rows.tolist() == other.lexical.rank(question, 9).rows.tolist()
    )
