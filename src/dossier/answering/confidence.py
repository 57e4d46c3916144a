"""Confidence: how probable it is that what was asked stands among the hits.

Hits come in, a probability goes out: a logistic regression over a few signs that can be read. It was fitted by
``python -m dossier.evaluation.calibrating`` on questions whose answers are known, never on the seeds, whose gold
questions only cap the threshold of refusal where a reader has read; what it was fitted on, and how well, stands beside
its coefficients in ``confidence.json``.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dossier.answering.fusion import unweighted
from dossier.answering.scale import Scale
from dossier.answers import Hit
from dossier.indexing.index import Index

# Words that say what kind of thing is asked for, and what such a thing looks like in a text.
KINDS = (
    (
        r"how (?:many|much|old|long|far|large|big|high|tall|often)|what (?:number|percent\w*|amount|age)",
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|several|many|half|few)",
    ),
    (
        r"when|(?:what|which|in what) (?:year|date|day|month|century|decade)",
        r"\d|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|century|today|yesterday|year|ago\b)",
    ),
    (
        r"who|whom|whose|where|which (?:person|country|city|state|company)|what (?:country|city|state|company|person)",
        r"(?<=[\w,;] )[A-Z]\w",
    ),
)
NAME = re.compile(r"(?<=[\w,;'’] )[A-Z][\w-]*|\d[\d.,]*")
SHIPPED = Path(__file__).with_suffix(".json")

# What a reader says is never taken for impossible or certain: its odds are those of a probability this far from either.
DOUBT = 0.01

# The signs, and what each is, from 0 to 1 but for the odds. What is written here is digested: whoever changes a sign
# changes its sentence, and fits again.
SIGNS = {
    "passage": "cosine of the question and the best hit's passage",
    "sentence": "cosine of the question and the nearest sentence of the best hit",
    "words": "BM25 of the best hit as a share of what it could be",
    "quote": "share of the question's information that the best hit's sentence holds",
    "held": "share of the question's information that the best hit holds",
    "known": "share of the question's information that stands anywhere in the documents",
    "names": "share of the question's names and numbers that the best hit holds; 1 where there are none",
    "kind": "whether the best hit's sentence has the kind of thing that is asked for; a half where none is",
    "reader": "logarithm of the odds that a hit answers, as the reader says of the one for which they are highest",
}


@dataclass(frozen=True)
class Calibration:
    """What turns signs into a probability: their names, a coefficient for each, and the intercept.

    ``model`` is the digest of the embedding model's weights that it was fitted with, empty where it does not matter
    because no sign of it comes from a model, and ``reader`` that of the reader, empty where there was none. Below
    the ``threshold`` an answer says that the documents do not seem to say; see `dossier.evaluation.calibrating`.
    ``scale`` is where that model's cosines lay.
    """

    model: str
    reader: str
    signs: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float
    threshold: float
    scale: Scale | None

    def probability(self, signs: dict[str, float]) -> float:
        """The probability for some signs, which must be there."""
        pairs = zip(self.signs, self.coefficients, strict=True)
        return 1 / (1 + math.exp(-self.intercept - sum(weight * signs[name] for name, weight in pairs)))


def confidence(question: str, hits: Sequence[Hit], index: Index, reader: str = "", scale: Scale | None = None) -> float:
    """The probability, 0 to 1, that what was asked stands among the hits; 0 where there are none.

    ``reader`` is the digest of the reader that may have read them. ``scale`` says where the model's cosines lie on the
    documents of the index, where that was found out.
    """
    if not hits:
        return 0.0
    signs = read_signs(question, hits, index)
    calibration = _calibration(hits, index, reader, scale)
    if scale is not None and calibration.scale is not None and calibration.model != index.manifest.recipe.weights:
        signs = scale.onto(calibration.scale, signs)
    return calibration.probability(signs)


def threshold(hits: Sequence[Hit], index: Index, reader: str = "", scale: Scale | None = None) -> float:
    """The confidence from which on hits are called an answer; see `confidence`."""
    return _calibration(hits, index, reader, scale).threshold


def _calibration(hits: Sequence[Hit], index: Index, reader: str, scale: Scale | None) -> Calibration:
    """The calibration for some hits, which a reader may have read or not."""
    has_read = any(hit.reading is not None for hit in hits)
    return fitting(index.manifest.recipe.weights, reader if has_read else "", scale)


def fitting(model: str, reader: str = "", scale: Scale | None = None) -> Calibration:
    """The calibration for a model and a reader, by the digests of their weights.

    Where the reader has none, it is as if there were no reader. Where the model has none of its own, the first one if
    there is a ``scale`` from which its cosines can be moved onto that one's, and otherwise that of words alone. One's
    own is the better one: moved onto the scale of each collection, its log loss on collections that were left out rose
    from 0.66 to 0.68.
    """
    known = [one for one in shipped() if one.reader == reader] or [one for one in shipped() if not one.reader]
    if scale is not None and not is_calibrated(model):
        return known[0]
    return next(one for one in known if one.model in (model, ""))


def is_calibrated(model: str) -> bool:
    """Whether a model, by the digest of its weights, has a calibration of its own."""
    return any(one.model == model for one in shipped())


def read_signs(question: str, hits: Sequence[Hit], index: Index) -> dict[str, float]:
    """The signs of some hits, at least one, by name."""
    best = hits[0]
    quote, held = map(float, index.lexical.shares(question, [best.quote, best.passage.text]))
    grains = unweighted(best.parts)
    read = max(hit.reading.probability if hit.reading else 0.0 for hit in hits)
    return {name: grains[name] for name in SIGNS if name in grains} | {
        "quote": quote,
        "held": held,
        "known": index.lexical.known(question),
        "names": _names_held(question, best.passage.text),
        "kind": _kind_there(question, best.quote),
        "reader": math.log((read + DOUBT) / (1 - read + DOUBT)),
    }


@lru_cache(maxsize=1)
def shipped() -> tuple[Calibration, ...]:
    """The calibrations that come along, one for each model, and last the one for any other."""
    data: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(
        Calibration(
            model=one["model"],
            reader=one["reader"],
            signs=tuple(one["coefficients"]),
            coefficients=tuple(one["coefficients"].values()),
            intercept=one["intercept"],
            threshold=one["threshold"],
            scale=Scale(one["model"], **one["scale"]) if one.get("scale") else None,
        )
        for one in data["calibrations"]
    )


def signs_digest() -> str:
    """The SHA-256 of what the signs are: coefficients fitted to other ones mean nothing."""
    return hashlib.sha256(json.dumps(SIGNS).encode()).hexdigest()


def _names_held(question: str, text: str) -> float:
    """The share of a question's names and numbers, by how they are written, that a text holds."""
    names = {name.rstrip(".,") for name in NAME.findall(question)}
    held = text.casefold()
    return sum(name.casefold() in held for name in names) / len(names) if names else 1.0


def _kind_there(question: str, text: str) -> float:
    """1 where a text has the kind of thing that a question asks for, 0 where it has none, ½ where no kind is told."""
    for asked, found in KINDS:
        if re.search(rf"\b(?:{asked})\b", question, re.IGNORECASE):
            return float(re.search(found, text) is not None)
    return 0.5
