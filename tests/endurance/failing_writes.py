"""Failing writes: a build is told at each of its system calls that the disk is full, broken or not to be written.

    python tests/endurance/failing_writes.py [--most 400] [--place FOLDER]

Needs Linux and ``strace``. The n-th call of a kind fails, for each n that a build comes to, one build for each. Each
time the index must open and be the old one or the new one, whole; the builder must have ended with one line that says
why, or have done without what failed; and a build that is let alone must then come to what a fresh build does.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import places

from dossier import build
from dossier.indexing.verifying import verify_index

# Calls that change what is on a disk, and how they fail.
FAILURES = {
    "write": "ENOSPC",
    "openat": "ENOSPC",
    "fsync": "EIO",
    "rename": "EROFS",
    "mkdir": "EROFS",
    "flock": "ENOLCK",
}
BUILD = "import sys; from dossier.cli import main; sys.exit(main(['build', sys.argv[1], '--index', sys.argv[2]]))"


def traced_build(folder: Path, index: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A build under ``strace`` that touches nothing but the index from some moment on."""
    command = ["strace", "-f", "-qq", *options, sys.executable, "-B", "-c", BUILD, str(folder), str(index)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )


def calls(folder: Path, index: Path, trace: Path) -> Counter[tuple[str, int]]:
    """The places, among all calls of a kind, of those that a build makes on its index."""
    done = traced_build(folder, index, "-y", "-e", f"trace={','.join(FAILURES)}", "-o", str(trace))
    if done.returncode:
        raise SystemExit(done.stderr)
    seen: Counter[str] = Counter()
    found: Counter[tuple[str, int]] = Counter()
    main = ""
    for line in trace.read_text("utf-8", "replace").splitlines():
        process, _, call = line.partition(" ")
        main = main or process
        name = call.strip().partition("(")[0]
        if process != main or name not in FAILURES:
            continue
        seen[name] += 1
        if str(index) in call and not (name == "openat" and "O_CREAT" not in call):
            found[name, seen[name]] += 1
    return found


def attack(most: int, place: Path) -> Counter[str]:
    """How often what happened; ``wrong`` counts what must not."""
    chance = random.Random(1)
    found: Counter[str] = Counter()
    folder, kept, index = place / "folder", place / "kept", place / "index"
    places.make(folder, chance)
    build(folder, kept, settings=places.TOY)
    before = places.opened(kept)
    places.change(folder, chance)
    now = places.fresh(folder, place / "fresh")
    shutil.copytree(kept, index)
    targets = sorted(calls(folder, index, place / "trace"))
    for name, number in chance.sample(targets, min(most, len(targets))):
        shutil.rmtree(index)
        shutil.copytree(kept, index)
        done = traced_build(
            folder, index, "-o", "/dev/null", "-e", f"trace={name}",
            "-e", f"inject={name}:error={FAILURES[name]}:when={number}",
        )  # fmt: skip
        one_line = done.returncode == 1 and done.stderr.startswith("dossier: ") and done.stderr.count("\n") == 1
        if one_line and str(index) in done.stderr:
            found[f"{name}: refused in one line"] += 1
        elif done.returncode == 0:
            found[f"{name}: done without"] += 1
        else:
            found[f"wrong: {name} {number} ended with {done.returncode}: {done.stderr.splitlines()[-1:]}"] += 1
        there = places.opened(index)
        if done.returncode == 0 and not places.same(there, now):
            found[f"wrong: {name} {number} was done, and it is not the new one"] += 1
        if not places.same(there, now) and not places.same(there, before):
            found[f"wrong: {name} {number} left neither the old nor the new one"] += 1
        if verify_index(index, None).damage:
            found[f"wrong: {name} {number} left damage"] += 1
        build(folder, index)
        if not places.same(places.opened(index), now):
            found[f"wrong: {name} {number}: the next build differs from a fresh one"] += 1
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Let each write of a build fail.")
    parser.add_argument("--most", type=int, default=400, help="try so many calls, chosen at random")
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    found = attack(options.most, (options.place or Path(tempfile.mkdtemp())).resolve())
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
