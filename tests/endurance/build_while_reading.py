"""Builders and readers at once: two processes build one index by turns, eight ask it, for as long as is said.

    python tests/endurance/build_while_reading.py [--seconds 300] [--readers 8] [--place FOLDER]

Each builder has a folder of its own, of the same names: in one every document speaks of amber, in the other of birch.
An index must speak of one only, and so must every answer; no process may meet an error.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.queues import Queue
from pathlib import Path

import places

from dossier import Dossier, build
from dossier.indexing.generations import generations

KINDS = ("amber", "birch")
Found = tuple[str, Counter[str]]


def make(folder: Path, kind: str, turn: int) -> None:
    """A folder whose documents speak of one thing, and one of which is new each time."""
    for number, name in enumerate(places.NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text = f"The {kind} stands in row {number}. " * 30
        (folder / name).write_text(f"{text}This is turn {turn} of {kind}." if not number else text, "utf-8")


def builder(kind: str, place: Path, seconds: float, found: Queue[Found]) -> None:
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            make(place / kind, kind, seen["builds"])
            build(place / kind, place / "index", settings=places.TOY)
            seen["builds"] += 1
    except BaseException as error:
        seen[f"wrong: a builder met {error!r}"[:300]] += 1
    found.put((kind, seen))


def reader(number: int, place: Path, seconds: float, found: Queue[Found]) -> None:
    seen: Counter[str] = Counter()
    generation = ""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            dossier = Dossier.open(place / "index")
            answer = dossier.ask("What stands in row 3?")
            kinds = {kind for kind in KINDS for hit in answer.hits if kind in hit.passage.text}
            held = {kind for kind in KINDS for document in dossier.index.documents if kind in document.text}
            if len(kinds) != 1 or kinds != held:
                seen[f"wrong: a mixture of {kinds} and {held}"] += 1
            seen["questions"] += 1
            seen["moves to another generation"] += generation not in ("", dossier.generation)
            generation = dossier.generation
    except BaseException as error:
        seen[f"wrong: reader {number} met {error!r}"[:300]] += 1
    found.put((f"reader {number}", seen))


def attack(seconds: float, readers: int, place: Path) -> Counter[str]:
    """How often what happened; ``wrong`` counts what must not."""
    make(place / KINDS[0], KINDS[0], 0)
    build(place / KINDS[0], place / "index", settings=places.TOY)
    context = multiprocessing.get_context("spawn")
    found: Queue[Found] = context.Queue()
    processes = [context.Process(target=builder, args=(kind, place, seconds, found)) for kind in KINDS]
    processes += [context.Process(target=reader, args=(number, place, seconds, found)) for number in range(readers)]
    for process in processes:
        process.start()
    total: Counter[str] = Counter()
    for _ in processes:
        total += found.get(timeout=seconds + 120)[1]
    for process in processes:
        process.join()
    if len(generations(place / "index")) > 2 or list(place.glob("index/generations/.unfinished-*")):
        total["wrong: something is left behind"] += 1
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description="Build and ask at once.")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    found = attack(options.seconds, options.readers, options.place or Path(tempfile.mkdtemp()))
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
