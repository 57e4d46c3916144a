"""Quoting: which sentence of a passage answers the question, and which of its words do."""

from __future__ import annotations

import numpy as np

from dossier.answering.fusion import SentenceEvidence
from dossier.answers import Reading
from dossier.indexing.ranking import Scores
from dossier.records import Passage, Span

# Words that a reader is less sure of are not marked.
TELLING = 0.1


def best_sentence(
    passage: Passage, shares: Scores, said: SentenceEvidence, place: int, reading: Reading | None
) -> Span:
    """The span of the sentence of a passage that answers best.

    That is the one nearest to the question by its meaning and its tokens, which is ``said`` of the passage at a
    ``place``, by its ``shares`` of the question's words, and by what a reader found in it.
    """
    read = None
    if reading is not None and reading.span is not None:
        read = np.array([_holds(span, reading.span) * reading.sureness for span in passage.sentences], np.float32)
    return passage.sentences[int(np.argmax(said.scores(place, shares, read)))]


def within(sentence: Span, reading: Reading | None) -> Reading | None:
    """A reading for a sentence that is quoted: without its span where that lies elsewhere, or is hardly sure."""
    if reading is None or reading.span is None:
        return reading
    if _holds(sentence, reading.span) and reading.sureness >= TELLING:
        return reading
    return Reading(reading.probability)


def _holds(sentence: Span, span: Span) -> bool:
    return sentence[0] <= span[0] and span[1] <= sentence[1]
