"""Doctor: what one needs to know of an installation and an index to say why they do not work, and nothing personal."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from dossier.errors import DossierError, NoIndexError
from dossier.indexing.generations import generations
from dossier.indexing.index import manifest_as_found, read_current
from dossier.indexing.manifest import FORMAT
from dossier.models import embedder_of
from dossier.overview import PathLike, remembered_folders, remembered_settings
from dossier.settings import Settings

# A build on a fuller disk than this is likely to fail.
LEAST_FREE = 200 << 20


@dataclass(frozen=True)
class Examined:
    """An installation and an index: what is installed, what the index holds, and what is wrong with either.

    Sizes are in bytes. Neither folders nor files are named, nor is what stands in them.
    """

    version: str
    python: str
    system: str
    processors: int
    packages: dict[str, str] = field(hash=False)
    settings: dict[str, str] = field(hash=False)
    model: str
    index: dict[str, str | int] = field(hash=False)
    free: int
    wrong: tuple[str, ...]


def examine(index: PathLike = "index") -> Examined:
    """What there is to say of this installation and of an index, which need not be there."""
    path = Path(index).resolve()
    wrong: list[str] = []
    model = _model(path, wrong)
    held = _index(path, wrong)
    free = shutil.disk_usage(next(folder for folder in (path, *path.parents) if folder.exists())).free
    if free < LEAST_FREE:
        wrong.append(
            f"Only {free >> 20} MB are free where the index is. Free some, or choose another folder with --index."
        )
    return Examined(
        version=metadata.version("dossier"),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        processors=os.cpu_count() or 0,
        packages=dict(_packages(wrong)),
        settings={name: "set" for name in sorted(os.environ) if name.startswith(("DOSSIER_", "GRADIO_"))},
        model=model,
        index=held,
        free=free,
        wrong=tuple(wrong),
    )


def examined_text(found: Examined) -> str:
    """What was found, for the terminal and for pasting."""
    rows = {
        "dossier": f"{found.version}, {found.python}, {found.system}, {found.processors} processors",
        "packages": ", ".join(f"{name} {version}" for name, version in found.packages.items()),
        "variables": ", ".join(found.settings) or "none set",
        "model": found.model,
        "index": ", ".join(f"{name} {value}" for name, value in found.index.items()) or "none",
        "free": f"{found.free >> 20:,} MB",
    }
    lines = [f"{name:<10} {value}" for name, value in rows.items()]
    return "\n".join([*lines, *(f"wrong      {reason}" for reason in found.wrong or ("nothing was found",))])


def _packages(wrong: list[str]) -> Iterator[tuple[str, str]]:
    """The versions of what dossier needs; what is not there is wrong."""
    from packaging.requirements import Requirement

    for line in sorted(metadata.requires("dossier") or []):
        needed = Requirement(line)
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        try:
            yield needed.name, metadata.version(needed.name)
        except metadata.PackageNotFoundError:
            yield needed.name, "missing"
            wrong.append(f"{needed.name} is not installed. Type: pip install '{needed.name}{needed.specifier}'")


def _model(index: Path, wrong: list[str]) -> str:
    name = remembered_settings(index).model
    shown = name if name in (Settings().model, "words") else "one of your own"
    try:
        return f"{shown}, SHA-256 {embedder_of(name, download=False).digest[:12]}…"
    except DossierError as error:
        wrong.append(str(error).replace(name, shown))
        return f"{shown}, can't be had"


def _index(index: Path, wrong: list[str]) -> dict[str, str | int]:
    try:
        generation, manifest = read_current(index)
    except NoIndexError:
        return {}
    except DossierError:
        found = manifest_as_found(index).get("recipe")
        other = found.get("format") if isinstance(found, dict) else None
        reason = f"its format is {other} and not {FORMAT}" if other not in (None, FORMAT) else "it can't be read"
        wrong.append(f"The index is not sound: {reason}. Type: dossier verify")
        return {"generations": len(generations(index))}
    missing = sum(not folder.is_dir() for folder in remembered_folders(index))
    if missing:
        wrong.append(f"{missing} of the {len(manifest.folders)} folders of the documents can't be found.")
    if not os.access(index, os.W_OK):
        wrong.append("The index can't be written. Mend its permissions, or choose another folder with --index.")
    return {
        "generation": generation,
        "generations": len(generations(index)),
        "format": manifest.recipe.format,
        "reading": manifest.recipe.reading,
        "folders": len(manifest.folders),
        "documents": len(manifest.digests),
        "skipped": len(manifest.skipped),
        "passages": manifest.passages,
        "bytes": sum(file.stat().st_size for file in index.rglob("*") if file.is_file()),
    }
