"""Prints how well the shipped seeds are searched: python tests/gold/measure.py [INDEX]."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path
from statistics import mean
from typing import Any

from dossier import Dossier, Hit

GOLD = Path(__file__).parent / "seeds.jsonl"
DEPTH = 10
ENOUGH = 0.8
STRAIGHT = str.maketrans("‘’“”–—‐‑", "''\"\"----")


def measure(dossier: Dossier) -> dict[str, float]:
    """MRR@10, hit@1 and hit@5 over the answerable questions, and how often the marked sentence touches the evidence.

    A hit is a passage that holds a run of at least 80 % of the characters of an acceptable quote.
    """
    ranks: list[int | None] = []
    marked: list[bool] = []
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if not gold["answerable"]:
            continue
        quotes = gold["evidence"] + gold["also_acceptable"]
        hits = dossier.search(gold["question"], k=DEPTH)
        rank = next((place for place, hit in enumerate(hits) if any(holds(hit, quote) for quote in quotes)), None)
        ranks.append(rank)
        if rank is not None:
            marked.append(any(touches(dossier, hits[rank], quote) for quote in quotes))
    return {
        "MRR@10": mean(0 if rank is None else 1 / (rank + 1) for rank in ranks),
        "hit@1": mean(rank == 0 for rank in ranks),
        "hit@5": mean(rank is not None and rank < 5 for rank in ranks),
        "marked": mean(marked),
    }


def holds(hit: Hit, quote: dict[str, Any]) -> bool:
    """Whether a passage holds a run of most of a quote's characters."""
    text, wanted = plain(hit.passage.text), plain(quote["quote"])
    run = -int(-ENOUGH * len(wanted) // 1)
    starts = range(len(wanted) - run + 1)
    return hit.passage.path == quote["file"] and any(wanted[start : start + run] in text for start in starts)


def touches(dossier: Dossier, hit: Hit, quote: dict[str, Any]) -> bool:
    """Whether the marked sentence of a hit overlaps a quote."""
    start = dossier.index.document_of[hit.passage.path].text.find(quote["quote"])
    inside = start < hit.sentence[1] and hit.sentence[0] < start + len(quote["quote"])
    return hit.passage.path == quote["file"] and start >= 0 and inside


def plain(text: str) -> str:
    """Text after NFKC, with straight quotes and dashes and single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(STRAIGHT)).strip()


if __name__ == "__main__":
    for name, value in measure(Dossier.open(*sys.argv[1:])).items():
        print(f"{name:<8} {value:.3f}")
