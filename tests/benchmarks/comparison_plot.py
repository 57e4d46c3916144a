"""The plot of a comparison: time and memory against size, a line for each system, on a white card."""

from __future__ import annotations

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
    ("files", "files", "build_s", "Files to an index, s"),
    ("vectors", "vectors", "ask_ms", "Nearest ten vectors, ms"),
    ("vectors", "vectors", "build_s", "Vectors to an index, s"),
    ("vectors", "vectors", "memory_mb", "Most memory, vectors, MB"),
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
    ends: dict[str, tuple[float, float]] = {}
    for way in dict.fromkeys(row["way"] for row in rows):
        points = sorted((row[size], row[figure]) for row in rows_of(rows, way) if figure in row)
        if not points:
            continue
        ends[way] = points[-1]
        axis.plot(
            *zip(*points, strict=True),
            marker="o",
            ms=4,
            color=COLOURS[way],
            lw=2.6 if way == DOSSIER else 1.4,
            zorder=2,
        )
    axis.set(xscale="log", yscale="log")
    axis.grid(visible=True, which="major", color="#e3e3e3", lw=0.8, zorder=0)
    axis.set_xmargin(0.06)
    axis.figure.canvas.draw()
    _name(axis, ends)


def _name(axis: Any, ends: dict[str, tuple[float, float]]) -> None:
    """Write each system's name beside the end of its line, those that are near each other apart."""
    right = 1.02
    below = -1.0
    to_axes = axis.transData + axis.transAxes.inverted()
    for way, end in sorted(ends.items(), key=lambda item: item[1][1]):
        height = max(to_axes.transform(end)[1], below + CLOSEST)
        below = height
        weight = "bold" if way == DOSSIER else "normal"
        axis.text(
            right,
            height,
            TITLES[way].strip("*").partition(",")[0],
            transform=axis.transAxes,
            color=COLOURS[way],
            va="center",
            fontweight=weight,
        )
