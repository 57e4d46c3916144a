"""Calls: what programs are told, as plain data that names nothing of the machine that answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dossier.overview import PathLike, status

Json = dict[str, Any]
# What only means something on the machine that answers.
PRIVATE = {"file", "folder", "folders", "index"}
# What may be a folder of that machine; then its own name is told, and not where it is.
MODELS = {"embedder", "reader"}


def files(index: PathLike) -> list[Json]:
    """Every file of the documents: its path, its state, and the reason where it was not read.

    The state is ``read`` or ``skipped``, or ``new``, ``changed`` or ``gone`` since the index was built. Raises what
    `status` does.
    """
    found = status(index)
    changes, skipped = found.changes or {}, {file.path: file.reason for file in found.manifest.skipped}
    return [
        {
            "path": path,
            "state": changes.get(path, "skipped" if path in skipped else "read"),
            "reason": skipped.get(path, ""),
            "duplicate_of": duplicate.original if (duplicate := found.manifest.duplicates.get(path)) else "",
        }
        for path in sorted({*found.manifest.digests, *skipped, *changes})
    ]


def public(value: Any) -> Any:
    """The same data without what belongs to this machine alone.

    A document's path is called ``file``, as in gold questions: Gradio would take a ``path`` for a file to download.
    """
    if isinstance(value, dict):
        kept = {
            name: _unplaced(item) if name in MODELS else public(item)
            for name, item in value.items()
            if name not in PRIVATE
        }
        return {"file" if name == "path" else name: item for name, item in kept.items()}
    return [public(item) for item in value] if isinstance(value, list) else value


def _unplaced(name: Any) -> Any:
    """The name of a model; of one in a folder, that folder's own name."""
    return Path(name).name if isinstance(name, str) and Path(name).is_absolute() else name
