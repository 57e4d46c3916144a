"""Reports: what is said of a build and of the whole; frozen, like `records`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dossier.records import Duplicate, Skipped


@dataclass(frozen=True)
class Region:
    """A part of a picture of passages: where its middle is, and the words that tell of it, the most telling first."""

    x: float
    y: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """Passages in two dimensions, so that those that mean much the same stand together.

    Passage ``rows[i]`` of the index is at ``places[i]``, from 0 to 1 each way; ``rows`` are in order. ``regions`` are
    in order of their size.
    """

    rows: tuple[int, ...]
    places: tuple[tuple[float, float], ...]
    regions: tuple[Region, ...]


@dataclass(frozen=True)
class BuildReport:
    """What a build found and did. Paths are in order; where there are several folders they begin with a folder's name.

    ``embedded`` counts the distinct texts that had to be embedded anew. ``set_aside`` says why an index that was
    there could not be used; all documents then count as added. ``duplicates`` says of paths which document they
    repeat: they are documents too, but of what is the same only the original is indexed. ``faults`` say what in the
    description of the corpus could not be taken.
    """

    folders: tuple[Path, ...]
    index: Path
    generation: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    remarks: dict[str, str] = field(hash=False)
    duplicates: dict[str, Duplicate] = field(hash=False)
    faults: tuple[str, ...]
    set_aside: str
    passages: int
    embedded: int
    seconds: float

    @property
    def folder(self) -> Path:
        """The folder of the documents, or the first of several."""
        return self.folders[0]

    @property
    def documents(self) -> int:
        return len(self.added) + len(self.changed) + len(self.unchanged)


@dataclass(frozen=True)
class Progress:
    """How far a build has come: ``done`` of ``total`` steps of a ``stage`` such as ``reading`` or ``embedding``."""

    stage: str
    done: int
    total: int
