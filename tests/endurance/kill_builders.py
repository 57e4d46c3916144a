"""Killed builders: a build is killed by SIGKILL at a random moment, again and again.

    python tests/endurance/kill_builders.py [--times 500] [--seed 1] [--place FOLDER]

After each time the index must open and be, to the last passage, the one that was there before or the one of the
documents as they are now; and every few times a build that is let alone must come to what a fresh build does. Needs
a system that can fork. The same seed changes the documents in the same way; the moments differ.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import places

from dossier import build
from dossier.errors import NoIndexError
from dossier.indexing import embedding
from dossier.indexing.index import Index
from dossier.indexing.journal import JOURNAL
from dossier.indexing.verifying import verify_index

# A model of the size that people use takes so long for a batch; the toy would leave no moment to be killed in.
SECONDS_PER_BATCH = 0.004


def slowly() -> None:
    """Let the toy take a while to embed."""
    made = embedding.WordsEmbedder.embed_passages

    def embed(self: embedding.WordsEmbedder, *given: object) -> embedding.Embedded:
        time.sleep(SECONDS_PER_BATCH)
        return made(self, *given)  # type: ignore[arg-type]

    embedding.WordsEmbedder.embed_passages = embed  # type: ignore[method-assign]


def killed_build(folder: Path, index: Path, after: float) -> bool:
    """Whether a build in a process of its own was killed, so many seconds after it began; it may end before."""
    child = os.fork()
    if not child:
        try:
            build(folder, index, settings=places.TOY)
            os._exit(0)
        except BaseException as error:
            print(f"the builder failed: {error!r}", file=sys.stderr)
            os._exit(3)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a build failed that nobody had killed")
    return os.WIFSIGNALED(status)


def finished(folder: Path, index: Path, now: Index, found: Counter[str]) -> Index:
    """The index after a build that is let alone; it must be the one that a fresh build makes."""
    build(folder, index, settings=places.TOY)
    there = places.opened(index)
    found["next build equals a fresh one" if places.same(there, now) else "wrong: it differs from a fresh one"] += 1
    left = [*index.glob("generations/.unfinished-*"), *index.glob(JOURNAL)]
    found["wrong: something is left behind"] += bool(left)
    return there


def attack(times: int, seed: int, place: Path) -> Counter[str]:
    """How often what happened; ``wrong`` counts what must not."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    folder, index = place / "folder", place / "index"
    places.make(folder, chance)
    begun = time.perf_counter()
    places.fresh(folder, place / "fresh")
    usual = time.perf_counter() - begun
    before = None
    number = 0
    while found["killed"] < times:
        number += 1
        places.change(folder, chance)
        now = places.fresh(folder, place / "fresh")
        found["killed" if killed_build(folder, index, chance.uniform(0, 0.5 * usual)) else "ended before"] += 1
        found["left a journal"] += (index / JOURNAL).is_dir()
        try:
            there = places.opened(index)
        except NoIndexError:
            found["nothing yet" if before is None else "wrong: the index is gone"] += 1
            continue
        if places.same(there, now):
            found["the new one, whole"] += 1
        elif before is not None and places.same(there, before):
            found["the old one, whole"] += 1
        else:
            found["wrong: neither the old nor the new one"] += 1
        if verify_index(index, None).damage:
            found["wrong: damage"] += 1
        if number % 3 == 0:
            there = finished(folder, index, now, found)
        before = there
    finished(folder, index, now, found)
    return +found


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill builders at random moments.")
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    slowly()
    place = options.place or Path(tempfile.mkdtemp())
    begun = time.perf_counter()
    found = attack(options.times, options.seed, place)
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    print(f"{time.perf_counter() - begun:6.0f} s")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
