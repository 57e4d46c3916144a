"""Damaged indexes: a random bit of a random file is flipped, or the file is cut short or removed, again and again.

    python tests/endurance/damage_index.py [--times 500] [--seed 1] [--place FOLDER]

Each time `dossier verify` must name the file, and opening the index must refuse it or answer every question as before.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import places

from dossier import Dossier, build, dossier
from dossier.answering.scale import Scale, write_scale
from dossier.errors import DossierError
from dossier.indexing.disk import replace_file, sealed
from dossier.indexing.verifying import verify_index
from dossier.rendering import as_json

QUESTIONS = ["Who saw the flood?", "the mayor and the mill", "harbour frost comet", "Which letter came by train?"]


def answers(index: Path) -> object:
    """What the index answers now, opened anew. Raises `DossierError` where it is refused."""
    dossier._OPENED.clear()
    opened = Dossier.open(index)
    return [as_json(opened.ask(question)) for question in QUESTIONS]


def harm(file: Path, chance: random.Random, *, beside: bool) -> str:
    """Change a file, and say how; what lies beside the generations may well be missing and is not removed."""
    data = bytearray(file.read_bytes())
    act = chance.choice(["flip", "flip", "flip", "cut", "cut" if beside else "remove"])
    if act == "remove":
        file.unlink()
        return "removed"
    if act == "cut":
        file.write_bytes(data[: chance.randrange(len(data))])
        return "cut short"
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    return "flipped"


def attack(times: int, seed: int, place: Path) -> Counter[str]:
    """How often what happened; ``wrong`` counts what must not."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    folder, index = place / "folder", place / "index"
    places.make(folder, chance)
    build(folder, index, settings=places.TOY)
    places.change(folder, chance)
    build(folder, index, settings=places.TOY)
    write_scale(index, Scale("words-1", {"passage": 0.5, "sentence": 0.6}, {"passage": 0.2, "sentence": 0.2}))
    replace_file(index / "seen.json", sealed({"folders": [["", str(folder)]], "files": {"a.txt": [1, 2, 3, "0" * 64]}}))
    before = answers(index)
    files = sorted(path for path in index.rglob("*") if path.is_file() and path.name != ".lock")
    for _ in range(times):
        file = chance.choice(files)
        kept = file.read_bytes()
        what = harm(file, chance, beside=file.parent == index and file.name != "CURRENT")
        if verify_index(index, None).damage:
            found[f"verify found what was {what}"] += 1
        else:
            found[f"wrong: verify passed over {file.name}, {what}"] += 1
        try:
            found["open answered as before" if answers(index) == before else f"wrong: answers of {file.name}"] += 1
        except DossierError:
            found["open refused"] += 1
        file.write_bytes(kept)
    if verify_index(index, None).damage or answers(index) != before:
        found["wrong: it was not mended"] += 1
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Damage the files of an index.")
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    found = attack(options.times, options.seed, options.place or Path(tempfile.mkdtemp()))
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
