"""Scale: where a model's cosines lie on some documents, so that what they mean can be told.

The same cosine is much for one model and little for another. Two anchors say what it means: how high the cosines are
for questions on what stands in the documents, and how high for questions on nothing in them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dossier.errors import BrokenIndexError
from dossier.indexing.disk import replace_file, sealed, unsealed

# The file in an index folder that keeps its scale.
FILE = "scale.json"
# The signs that are cosines.
COSINES = ("passage", "sentence")
# Anchors that lie closer together tell nothing.
LEAST_APART = 0.05


@dataclass(frozen=True)
class Scale:
    """The mean cosines of a model, by its digest, ``there`` for questions on the documents and ``absent`` for others.

    Both have the names of the signs that are cosines.
    """

    model: str
    there: dict[str, float] = field(hash=False)
    absent: dict[str, float] = field(hash=False)

    @property
    def apart(self) -> float:
        """How far apart the anchors are, where they are closest."""
        return min(self.there[name] - self.absent[name] for name in COSINES)

    def onto(self, other: Scale, signs: dict[str, float]) -> dict[str, float]:
        """Signs whose cosines are moved from this scale onto another, anchor onto anchor; the rest as they are."""
        moved = {}
        for name in COSINES:
            share = (signs[name] - self.absent[name]) / (self.there[name] - self.absent[name])
            moved[name] = other.absent[name] + share * (other.there[name] - other.absent[name])
        return signs | moved


def read_scale(index: Path, model: str) -> Scale | None:
    """The scale that is kept with an index for a model; None where there is none, or it is another model's.

    Raises `BrokenIndexError` where it can't be read.
    """
    path = index / FILE
    try:
        scale = _parsed(unsealed(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BrokenIndexError(
            f"{path} can't be read ({type(error).__name__}: {error}). Delete it, or type: dossier calibrate"
        ) from error
    return scale if scale.model == model else None


def _parsed(data: dict[str, Any]) -> Scale:
    there, absent = ({name: float(data[anchor][name]) for name in COSINES} for anchor in ("there", "absent"))
    scale = Scale(str(data["model"]), there, absent)
    if not scale.apart >= LEAST_APART:  # nor is it where one is no number
        raise ValueError("its anchors are not apart")
    return scale


def write_scale(index: Path, scale: Scale) -> Path:
    """The file in an index folder into which a scale was written. Raises `OSError`."""
    path = index / FILE
    replace_file(path, sealed(asdict(scale)))
    return path
