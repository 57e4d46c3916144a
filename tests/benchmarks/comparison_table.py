"""The table of a comparison: medians over the rounds, and how many times dossier's a peer's figure is."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from environments import DOSSIER, TITLES
from machine import MFLOP_PER_TOKEN

MORE_IS_BETTER = "embedded_per_s"
OF_A_SIZE = ("build_s", "build_cpu_s", "build_mb", "disk_mb")
FIGURES = ("cold_s", "ask_ms", "ask_p95_ms", "ask_mb", MORE_IS_BETTER, *OF_A_SIZE)
LIMITS = ("fp32_gflops", "bf16_gflops", "memory_gb_per_s")


def summary(found: dict[str, Any]) -> dict[str, Any]:
    """For each system the median of each figure, and of its ratios to dossier's in the same round.

    A ratio is how many times better dossier is, below one where it is worse. What depends on the number of files is of
    the largest. Beside them stand the machine's limits, and the share of its bf16 rate that dossier's embedding has.
    """
    rows, largest = found["files"], max(row["files"] for row in found["files"])
    ways: dict[str, Any] = {}
    for way in dict.fromkeys(row["way"] for row in rows):
        last = rows_of(rows, way)[-1]
        ways[way] = {"passages": last["passages"], "worst_cosine": last["worst_cosine"]}
        for figure in FIGURES:
            size = largest if figure in OF_A_SIZE else None
            own, ours = _of(rows, way, figure, size), _of(rows, DOSSIER, figure, size)
            ratios = [a / b if figure != MORE_IS_BETTER else b / a for a, b in zip(own, ours, strict=True)]
            ways[way][figure] = {"median": median(own), "ratio": median(ratios)}
    best = {name: max(one[name] for one in found["machine"]) for name in LIMITS}
    reached = ways[DOSSIER][MORE_IS_BETTER]["median"] * found["tokens_per_text"] * MFLOP_PER_TOKEN / 1e3
    return {"ways": ways, "machine": found["machine"][0] | best, "share_of_bf16": reached / best["bf16_gflops"]}


def table(found: dict[str, Any]) -> str:
    """The comparison in Markdown."""
    told, vectors = found["summary"], found["vectors"]
    files = max(row["files"] for row in found["files"])
    most = max((row["vectors"] for row in vectors), default=0)
    heads = ["", "first answer, cold", "warm question, p50 (p95)", "embedded a second", f"{files:,} files, indexed in"]
    heads += ["memory, building", "on disk", *([f"nearest 10 of {most:,}"] if most else [])]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for way, own in told["ways"].items():
        cells = [
            TITLES[way],
            _cell(own["cold_s"], way, " s", 2),
            _cell(own["ask_ms"], way, f" ({own['ask_p95_ms']['median']:.0f}) ms", 1),
            _cell(own["embedded_per_s"], way, "", 0),
            _cell(own["build_s"], way, " s", 1),
            _cell(own["build_mb"], way, " MB", 0),
            _cell(own["disk_mb"], way, " MB", 1),
        ]
        lines.append(cells + ([_nearest(vectors, way, most)] if most else []))
    limits = told["machine"]
    said = (
        f"{limits['cores']} cores ({limits['processor']}): {limits['fp32_gflops']:.0f} GFLOP/s in fp32 and "
        f"{limits['bf16_gflops']:.0f} in bf16, in matrices of the model's shapes; {limits['memory_gb_per_s']:.0f} GB/s "
        f"of memory. dossier's embedding reaches {100 * told['share_of_bf16']:.0f} % of the bf16 rate"
    )
    cosine = told["ways"][DOSSIER]["worst_cosine"]
    said += f"; the worst cosine of its vectors with those of fp32 is {cosine:.4f}." if cosine else "."
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + f"\n{said}\n"


def rows_of(rows: Sequence[dict[str, Any]], way: str) -> list[dict[str, Any]]:
    """The rows of a system."""
    return [row for row in rows if row["way"] == way]


def _of(rows: Sequence[dict[str, Any]], way: str, figure: str, files: int | None) -> list[float]:
    return [row[figure] for row in rows_of(rows, way) if files in (None, row["files"])]


def _cell(figure: dict[str, float], way: str, unit: str, digits: int) -> str:
    times = "" if way == DOSSIER else f", {figure['ratio']:.1f}×"
    return f"{figure['median']:,.{digits}f}{unit}{times}"


def _nearest(vectors: Sequence[dict[str, Any]], way: str, most: int) -> str:
    """What a question costs among the most vectors, with the recall."""
    own, ours = ({row["vectors"]: row for row in rows_of(vectors, one)}[most] for one in (way, DOSSIER))
    if "ask_ms" not in own:
        return f"over {own['given_up_after_s']:.0f} s to build"
    times = "" if way == DOSSIER or "ask_ms" not in ours else f", {own['ask_ms'] / ours['ask_ms']:.1f}×"
    return f"{own['ask_ms']:,.1f} ms{times} ({100 * own['recall']:.0f} % found)"
