"""Full disks: an index is built on a small disk of its own that has less and less room, and on one that is read-only.

    python tests/endurance/full_disk.py [--times 40] [--place FOLDER]

Needs Linux and the right to mount. Each time the build must be refused in one sentence that names the folder and what
to do, the index must be the one that was there, every byte of it, and with room again the next build must come to what
a fresh one does. Where the room was enough after all, the index must be the new one.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import places

from dossier import build
from dossier.errors import StorageError
from dossier.indexing.index import Index
from dossier.indexing.verifying import verify_index

MEGABYTES = 8


def mount(*command: str) -> None:
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise PermissionError("nothing can be mounted here")


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of a few megabytes, mounted at a place. Raises `OSError` where that is not allowed."""
    place.mkdir(parents=True)
    mount("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place))
    try:
        yield place
    finally:
        mount("umount", "-l", str(place))


def fill(file: Path, room: int) -> None:
    """Write to a file until the disk has so many bytes left, to the nearest page."""
    with file.open("wb", buffering=0) as filler:
        try:
            while filler.write(b"\0" * 65_536):
                pass
        except OSError:
            pass
        filler.truncate(max(filler.tell() - room, 0))


def refused(folder: Path, index: Path, before: Index, now: Index, found: Counter[str], what: str) -> None:
    """Build where it should not be possible, and count what comes of it."""
    try:
        build(folder, index)
    except StorageError as error:
        said = str(error)
        clear = str(index) in said and "What was there is as it was" in said and "--index" in said
        found[f"{what}: refused" if clear else f"wrong: {what}: {said}"] += 1
        if not places.same(places.opened(index), before):
            found[f"wrong: {what}: the index is not as it was"] += 1
    else:
        found[f"{what}: there was room"] += 1
        if not places.same(places.opened(index), now):
            found[f"wrong: {what}: the index is not the new one"] += 1
    if verify_index(index, None).damage:
        found[f"wrong: {what}: damage"] += 1


def attack(times: int, seed: int, place: Path) -> Counter[str]:
    """How often what happened; ``wrong`` counts what must not."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    folder = place / "folder"
    places.make(folder, chance)
    with small_disk(place / "disk") as disk:
        index = disk / "index"
        build(folder, index, settings=places.TOY)
        before = places.opened(index)
        size = sum(file.stat().st_size for file in index.rglob("*") if file.is_file())
        for number in range(times):
            places.change(folder, chance)
            now = places.fresh(folder, place / "room" / "fresh")
            fill(disk / "filler", number * 2 * size // times)
            refused(folder, index, before, now, found, "full")
            (disk / "filler").unlink()
            build(folder, index)
            before = places.opened(index)
            if not places.same(before, now):
                found["wrong: the next build differs from a fresh one"] += 1
        places.change(folder, chance)
        for how in ("ro", "rw"):
            mount("mount", "-o", f"remount,{how}", str(disk))
            if how == "ro":
                refused(folder, index, before, before, found, "read-only")
        build(folder, index)
        found["next build was done"] += 1
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Build on disks that are full or read-only.")
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    found = attack(options.times, options.seed, (options.place or Path(tempfile.mkdtemp())).resolve())
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
