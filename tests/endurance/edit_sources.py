"""Edited sources: saved citations are checked after random edits of their files, again and again.

    python tests/endurance/edit_sources.py [--times 300] [--seed 1] [--place FOLDER]

None may be said to stand that does not, to the letter and the line; what is said to have moved must be there, and what
is gone must be nowhere. What the files hold is found out here in the plainest way.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import places

from dossier import Dossier, build
from dossier.answering.checking import Checked
from dossier.rendering import as_json
from dossier.upkeep import check

QUESTIONS = ["Who saw the flood?", "the mayor and the mill", "harbour frost comet", "a letter", "stone train orchard"]


def edit(folder: Path, chance: random.Random) -> None:
    """One edit of one document: a letter, a word or a line put in, taken or changed; or a larger one."""
    files = sorted(path for path in folder.rglob("*.*") if path.is_file())
    file = chance.choice(files)
    text = file.read_text("utf-8")
    place = chance.randrange(len(text) + 1)
    act = chance.choice(["letter", "letter", "take", "take", "line", "word", "move", "remove", "write", "swap", "wrap"])
    if act == "letter":
        text = text[:place] + chance.choice("aX .\n") + text[place:]
    elif act == "take":
        text = text[:place] + text[place + chance.choice([1, 1, 3, 30, 300]) :]
    elif act == "line":
        text = text[:place] + "\n\nA new line was put in here.\n\n" + text[place:]
    elif act == "word":
        text = text[:place] + " not " + text[place:]
    elif act == "swap":
        other = chance.choice(places.WORDS.split())
        text = text.replace(chance.choice(places.WORDS.split()), other, chance.choice([1, 3]))
    elif act == "wrap":
        text = text[:place] + re.sub(" ", "\n", text[place:], count=2)
    elif act == "write":
        text = places.text(chance)
    elif act == "move":
        file.replace(folder / chance.choice(places.NAMES))
        return
    if act == "remove" and len(files) > 3:
        file.unlink()
    else:
        file.write_text(text if text.strip() else "Nothing is left.", "utf-8")


def false(folder: Path, one: Checked, texts: dict[str, str]) -> str:
    """What is false in what was said of a citation; empty if nothing is."""
    saved, text = one.citation, texts.get(one.citation.path, "")
    whole = re.compile(rf"(?<![^\W_]){re.escape(saved.quote)}(?![^\W_])")
    if one.verdict == "stands":
        lines = text.count("\n", 0, saved.start) + 1, text.count("\n", 0, saved.end) + 1
        there = text[saved.start : saved.end] == saved.quote and lines == (saved.first_line, saved.last_line)
        return "" if there else "it does not stand"
    if one.verdict == "moved":
        path, _, line = one.now.partition(" · ")[0].rpartition(", line")
        first = int(re.search(r"\d+", line)[0])  # type: ignore[index]
        found = (texts[path].count("\n", 0, match.start()) + 1 for match in whole.finditer(texts[path]))
        return "" if first in found else "it is not where it is said to be"
    if one.verdict == "changed":
        return "" if one.text in text and one.text != saved.quote else "what is shown is not there"
    return "it is there" if any(whole.search(text) for text in texts.values()) else ""


def attack(times: int, seed: int, place: Path) -> Counter[str]:
    """How often what happened; ``wrong`` counts what must not."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    folder, index = place / "folder", place / "index"
    saved = ""
    for number in range(times):
        if number % 10 == 0:
            places.make(folder, chance)
            build(folder, index, settings=places.TOY)
            saved = json.dumps([as_json(Dossier.open(index).ask(question)) for question in QUESTIONS])
        edit(folder, chance)
        files = (path for path in folder.rglob("*.*") if path.is_file())
        texts = {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in files}
        for one in check(saved, index):
            wrong = false(folder, one, texts)
            found[f"wrong: {one.verdict.value}, and {wrong}" if wrong else one.verdict.value] += 1
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Check citations after random edits.")
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path)
    options = parser.parse_args()
    found = attack(options.times, options.seed, options.place or Path(tempfile.mkdtemp()))
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
