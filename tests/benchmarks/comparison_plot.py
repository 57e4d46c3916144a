"""The plot of a comparison: time and memory against size, a line for each system, on a white card."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import Any

from comparison_table import rows_of
from environments import DOSSIER, TITLES

# Told apart with most kinds of colour vision (Okabe and Ito); dossier is black and thick.
COLOURS = {
    "dossier": "#000000",
    "langchain": "#0072b2",
    "llamaindex": "#d55e00",
    "chroma": "#009e73",
    "txtai": "#cc79a7",
    "haystack": "#e69f00",
}
# The rows, the size, the figure, and what its axis says.
PANELS = (
    ("files", "files", "build_s", "Files indexed, from the start of the process, s"),
    ("vectors", "vectors", "ask_ms", "Nearest ten vectors found, ms"),
    ("vectors", "vectors", "build_s", "Vectors indexed, s"),
    ("vectors", "vectors", "memory_mb", "Most memory with vectors, MB"),
)
CLOSEST = 0.052  # of the height: names that would stand nearer are moved apart


def plot(found: dict[str, Any], path: str) -> None:
    """Draw a comparison into a file, whose suffix says the format."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    panels = [panel for panel in PANELS if found[panel[0]]]
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 7), facecolor="white", layout="constrained")
    for axis, (kind, size, figure_name, title) in zip(axes.flat, panels, strict=False):
        _panel(axis, found[kind], size, figure_name)
        axis.set_title(title, loc="left", fontweight="bold", fontsize=10)
        axis.set_xlabel(size)
    for axis in list(axes.flat)[len(panels) :]:
        axis.remove()
    figure.savefig(path, dpi=140)


def _panel(axis: Any, rows: list[dict[str, Any]], size: str, figure: str) -> None:
    from matplotlib import ticker

    ends: dict[str, tuple[float, float]] = {}
    for way in dict.fromkeys(row["way"] for row in rows):
        rounds: defaultdict[int, list[float]] = defaultdict(list)
        for row in rows_of(rows, way):
            if figure in row:
                rounds[row[size]].append(row[figure])
        if not rounds:
            continue
        points = [(count, median(values)) for count, values in sorted(rounds.items())]
        ends[way] = points[-1]
        width = 2.6 if way == DOSSIER else 1.4
        axis.plot(*zip(*points, strict=True), marker="o", ms=4, color=COLOURS[way], lw=width, zorder=2)
    axis.set(xscale="log", yscale="log")
    axis.set_xticks(sorted({row[size] for row in rows}))
    low, high = axis.get_ylim()
    axis.yaxis.set_major_locator(ticker.LogLocator(subs=(1,) if high / low > 100 else (1, 2, 5)))
    for side in (axis.xaxis, axis.yaxis):
        side.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,g}"))
        side.set_minor_locator(ticker.NullLocator())
    axis.grid(visible=True, color="#e3e3e3", lw=0.8, zorder=0)
    stopped = {row["way"] for row in rows if "given_up_after_s" in row}
    _name(axis, ends, stopped)


def _name(axis: Any, ends: dict[str, tuple[float, float]], stopped: set[str]) -> None:
    """Write each system's name beside the end of its line, and whether a larger index was given up."""
    axis.figure.canvas.draw()
    to_axes = axis.transData + axis.transAxes.inverted()
    heights = {way: float(to_axes.transform(end)[1]) for way, end in ends.items()}
    ways = sorted(heights, key=heights.__getitem__)
    for way, height in zip(ways, _apart([heights[way] for way in ways]), strict=True):
        name = TITLES[way].strip("*").partition(",")[0] + (", given up" if way in stopped else "")
        weight = "bold" if way == DOSSIER else "normal"
        place = {"transform": axis.transAxes, "va": "center"}
        axis.text(1.02, height, name, color=COLOURS[way], fontweight=weight, **place)


def _apart(heights: list[float]) -> list[float]:
    """Rising heights no nearer to each other than names may stand, with the least movement (isotonic regression)."""
    blocks: list[tuple[float, int]] = []
    for place, height in enumerate(heights):
        mean, count = height - place * CLOSEST, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        blocks.append((mean, count))
    moved = [mean for mean, count in blocks for _ in range(count)]
    return [mean + place * CLOSEST for place, mean in enumerate(moved)]
