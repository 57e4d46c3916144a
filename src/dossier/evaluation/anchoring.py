"""Anchoring: questions made from the documents themselves tell what a model's cosines mean on them.

A question is made of some of a sentence's rarer words, and ought to find it; one of words at random ought to find
nothing. Nothing is learnt from them but where the two anchors of a `Scale` lie, since made questions repeat words that
people would say otherwise: what else tells an answer was learnt from questions of people.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from dossier.answering.confidence import confidence, is_calibrated, read_signs, threshold
from dossier.answering.scale import COSINES, LEAST_APART, Scale, write_scale
from dossier.answers import Hit
from dossier.dossier import Dossier
from dossier.errors import InputError, StorageError
from dossier.escaping import printable
from dossier.indexing.index import Index
from dossier.reading.tokens import vocabulary_texts
from dossier.records import Passage, Span
from dossier.reports import Progress

SEED = 20_261_121
# So many questions of either kind are asked, and there must be so many sentences to make them of.
QUESTIONS, FEWEST = 150, 20
# A question has so many words, half of those that tell a sentence apart.
FEWEST_WORDS, MOST_WORDS = 3, 7
WORD = re.compile(r"\w{3,}")
# Words at random are drawn from so many lines of so many words.
VOCABULARY = (60, 80)

Watch = Callable[[Progress], None]


@dataclass(frozen=True)
class Calibrated:
    """What calibrating on the documents of an index found.

    Of ``questions`` made of their sentences, ``found`` found theirs and ``refused`` were answered with the words that
    the documents do not say; so were ``strange_refused`` of ``strange`` questions, made of words at random.
    """

    file: Path
    model: str
    questions: int
    found: int
    refused: int
    strange: int
    strange_refused: int


@dataclass(frozen=True)
class Asked:
    """A made question, what it found, and whether that holds the sentence it was made of."""

    question: str
    hits: list[Hit]
    found: bool


def calibrate(index: str | Path = "index", *, progress: Callable[[Progress], None] | None = None) -> Calibrated:
    """Find out what the cosines of an index's model mean on its documents, and keep it in the index folder.

    Answers are judged by it from then on. Raises `InputError` where the model has a calibration of its own, there are
    too few sentences or the model can't tell them from anything else, `StorageError` where it can't be kept, and what
    `Dossier.open` raises.
    """
    dossier, watch = Dossier.open(index), progress or (lambda _: None)
    if is_calibrated(dossier.embedder.digest):
        raise InputError(
            f"The model {dossier.embedder.name!r} is calibrated already, on questions that people asked. Questions "
            "made of the documents are for models that are not."
        )
    chance = random.Random(SEED)  # noqa: S311  # a sample that can be drawn again, no secret
    made = _on_the_documents(dossier, chance, watch)
    if len(made) < FEWEST:
        raise InputError(
            f"The documents have {len(made)} sentences of which a question can be made; {FEWEST} are needed. "
            "Answers go on being judged as before."
        )
    strange = _on_nothing(dossier, chance, len(made), watch)
    scale = Scale(dossier.embedder.digest, _means(dossier, made), _means(dossier, strange))
    if scale.apart < LEAST_APART:
        raise InputError(
            f"The model {dossier.embedder.name!r} can't tell questions on these documents from words at random: their "
            f"cosines differ by {scale.apart:.2f}. Answers go on being judged as before; build with another model."
        )
    try:
        file = write_scale(Path(index), scale)
    except OSError as error:
        raise StorageError(f"The scale can't be written into {str(index)!r} ({error.strerror}).") from None

    reader = dossier.reader.digest if dossier.reader is not None else ""

    def refused(asked: Asked) -> bool:
        where = asked.hits, dossier.index, reader, scale
        return confidence(asked.question, *where) < threshold(*where)

    return Calibrated(
        file=file,
        model=dossier.embedder.name,
        questions=len(made),
        found=sum(asked.found for asked in made),
        refused=sum(map(refused, made)),
        strange=len(strange),
        strange_refused=sum(map(refused, strange)),
    )


def measure_scale(dossier: Dossier, chance: random.Random) -> Scale:
    """The scale of a model on the documents of an index, which must have enough sentences."""
    made = _on_the_documents(dossier, chance, lambda _: None)
    strange = _on_nothing(dossier, chance, len(made), lambda _: None)
    return Scale(dossier.embedder.digest, _means(dossier, made), _means(dossier, strange))


def _on_the_documents(dossier: Dossier, chance: random.Random, watch: Watch) -> list[Asked]:
    """Questions made of sentences from all over the documents, and what each finds."""
    index = dossier.index
    sentences = list(dict.fromkeys((p.path, span, p.slice(span)) for p in index.passages for span in p.sentences))
    chance.shuffle(sentences)
    asked: list[Asked] = []
    for path, span, text in sentences:
        if len(asked) == QUESTIONS:
            break
        words = _telling(index, text)
        if len(words) < 2 * FEWEST_WORDS:
            continue
        watch(Progress("asking about the documents", len(asked), QUESTIONS))
        some = chance.sample(range(len(words)), min(len(words) // 2, MOST_WORDS))
        question = " ".join(words[place] for place in sorted(some))
        hits = dossier.search(question)
        asked.append(Asked(question, hits, any(_holds(hit.passage, path, span) for hit in hits)))
    return asked


def _on_nothing(dossier: Dossier, chance: random.Random, n: int, watch: Watch) -> list[Asked]:
    """Questions made of words at random, and what each finds."""
    words = " ".join(vocabulary_texts(*VOCABULARY)).split()
    asked = []
    for done in range(n):
        watch(Progress("asking about nothing", done, n))
        question = " ".join(chance.sample(words, chance.randint(FEWEST_WORDS, MOST_WORDS)))
        asked.append(Asked(question, dossier.search(question), found=False))
    return asked


def _telling(index: Index, text: str) -> list[str]:
    """The rarer half of a text's words, in their order."""
    words = WORD.findall(text)
    rarities = index.lexical.rarities(" ".join(words), list(_places(words)))
    middle = sorted(rarities)[len(words) // 2] if words else 0
    return [word for word, rarity in zip(words, rarities, strict=True) if rarity >= middle]


def _places(words: Sequence[str]) -> Iterator[Span]:
    """Where words stand when they are joined by spaces."""
    start = 0
    for word in words:
        yield start, start + len(word)
        start += len(word) + 1


def _holds(passage: Passage, path: str, span: Span) -> bool:
    return passage.path == path and passage.start <= span[0] and span[1] <= passage.end


def _means(dossier: Dossier, asked: Sequence[Asked]) -> dict[str, float]:
    """The mean of each sign that is a cosine, where something was found."""
    signs = [read_signs(one.question, one.hits, dossier.index) for one in asked if one.hits]
    return {name: round(fmean(one[name] for one in signs), 4) if signs else 0.0 for name in COSINES}


def calibrated_text(found: Calibrated, width: int) -> str:
    """What calibrating found, for the terminal."""
    text = (
        f"{found.questions} questions were made of the documents' own sentences: {found.found} found theirs, and "
        f"{found.refused} would be refused. {found.strange} questions were made of words at random: "
        f"{found.strange_refused} would be refused. What the cosines of {found.model} mean on these documents is kept "
        f"in {found.file}."
    )
    return textwrap.fill(printable(text), width)
