"""Questions without end: one process asks thousands of questions, while the index is built again now and then.

    python tests/endurance/ask_for_long.py [--questions 50000] [--seed 1] [--place FOLDER]

Memory and open files are looked at every twentieth part of the way; after the first half neither may grow. Needs Linux.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import places

from dossier import Dossier, build

# What the second half may add to what is in memory, in megabytes: the noise of the allocator.
NOISE = 8


def memory() -> float:
    """What this process holds in memory, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def attack(questions: int, seed: int, place: Path) -> list[tuple[int, float, int]]:
    """The questions asked so far, the megabytes and the open files, at each part of the way."""
    chance = random.Random(seed)
    folder, index = place / "folder", place / "index"
    places.make(folder, chance)
    build(folder, index, settings=places.TOY)
    seen: list[tuple[int, float, int]] = []
    for number in range(1, questions + 1):
        words = " ".join(chance.choice(places.WORDS.split()) for _ in range(chance.randint(1, 8)))
        answer = Dossier.open(index).ask(f"{words} {number}?", k=chance.choice([1, 5, 20]))
        assert answer.hits
        if number % max(questions // 100, 10) == 0:
            places.change(folder, chance)
            build(folder, index)
        if number % max(questions // 20, 1) == 0:
            gc.collect()
            seen.append((number, memory(), handles()))
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask thousands of questions.")
    parser.add_argument("--questions", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    begun = time.perf_counter()
    seen = attack(options.questions, options.seed, options.place or Path(tempfile.mkdtemp()))
    for number, megabytes, files in seen:
        print(f"{number:7} questions {megabytes:8.1f} MB {files:4} open files")
    print(f"{time.perf_counter() - begun:.0f} s")
    middle = seen[len(seen) // 2]
    return int(seen[-1][1] > middle[1] + NOISE or seen[-1][2] > middle[2])


if __name__ == "__main__":
    sys.exit(main())
