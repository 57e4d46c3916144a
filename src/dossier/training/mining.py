"""Mining: each question gets the passages that our own search takes for its answer and that are not.

``python -m dossier.training.mining train.jsonl.gz negatives.jsonl.gz --output groups.jsonl.gz`` indexes all passages,
asks all questions, and writes a group for each: the passage that answers, cut as an index cuts it, and the best hits
that do not hold the answer. A reader learns most from what the search can't tell apart. Questions that were `written`
on passages of those that are ``answered`` come along, and those that were `composed` with their passages.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from dossier.dossier import Dossier, build
from dossier.errors import InputError
from dossier.records import Passage, Span
from dossier.settings import NO_READER, Settings
from dossier.training.examples import Group, Question, read_questions, write_groups
from dossier.training.written import composed, written

SEED = 20_261_121
# So many questions of a source are taken at most, so that none of them sets the tone.
MOST_OF_A_SOURCE = {
    "qamr": 5_000,
    "nqg-squad-sent": 5_000,
    "policyqa": 2_500,
    "squadshifts-amazon": 6_000,
    "squadshifts-reddit": 6_000,
    "covidqa": 1_500,
    "molweni": 2_000,
    "friendsqa": 1_500,
}
# So many of the best hits are looked through, and so many that do not answer are kept.
HITS, KEPT = 8, 3
# So many passages made or marked by hand are kept beside them, unless they are longer than so many characters.
HARD, LONGEST = 2, 1_200
# An answer this short says nothing about a passage that holds the same characters.
SHORTEST_TELLING = 3


def mine(
    answered: Iterable[Question], unanswered: Iterable[Question], settings: Settings | None = None
) -> Iterator[Group]:
    """The groups of some questions; those that are ``unanswered`` come along as what their passages don't answer.

    The search is that of an index built with ``settings``; without, of one that has no reader.
    """
    answered = list(answered)
    questions = _sampled([*answered, *written({question.passage for question in answered})])
    by_hand: defaultdict[str, list[str]] = defaultdict(list)
    for question in unanswered:
        by_hand[question.text].append(question.passage)
    texts = sorted({question.passage for question in questions})
    files = {text: f"{number:06}.txt" for number, text in enumerate(texts)}
    with tempfile.TemporaryDirectory(prefix="dossier-") as place:
        folder = Path(place, "passages")
        folder.mkdir()
        for text, name in files.items():
            (folder / name).write_bytes(text.encode("utf-8", "replace"))
        build(folder, Path(place, "index"), settings=settings or Settings(reader=NO_READER))
        opened = Dossier.open(Path(place, "index"))
        for question in tqdm(questions, unit=" questions"):
            group = _group(question, opened, files[question.passage], by_hand.get(question.text, ()))
            if group is not None:
                yield group


def _group(question: Question, opened: Dossier, path: str, cut: Sequence[str]) -> Group | None:
    """The group of a question; None where the index has no passage for it that is whole, or it can't be asked."""
    own = [opened.index.passages[row] for row in opened.index.passages_of.get(path, ())]
    hard = [text for text in cut if len(text) < LONGEST][:HARD]
    if not question.answers:  # nothing is as hard to tell from an answer as what its author had in view
        near = tuple((text, None) for text in (*(passage.text for passage in own), *hard))
        return Group(question.source, question.text, near, question.kept_out) if near else None
    best = [one for answer in question.answers for one in _holding(own, answer)]
    if not best:
        return None
    try:
        hits = opened.search(question.text, k=HITS)
    except InputError:
        return None
    said = {
        question.passage[start:end].casefold() for start, end in question.answers if end - start >= SHORTEST_TELLING
    }

    def silent(text: str) -> bool:
        return not any(one in text.casefold() for one in said)

    others = [hit.passage.text for hit in hits if not (hit.passage.path == path and _holds(hit.passage, question))]
    kept = [(text, None) for text in dict.fromkeys([*hard, *others]) if silent(text)][: KEPT + len(hard)]
    return Group(question.source, question.text, (*best[:1], *kept), question.kept_out, question.twin)


def _holds(passage: Passage, question: Question) -> bool:
    """Whether a passage of a question's own document holds an answer or a part of one."""
    return any(passage.start < end and start < passage.end for start, end in question.answers)


def _holding(passages: Sequence[Passage], answer: Span) -> list[tuple[str, Span]]:
    """The passages that hold an answer whole, with its span, the one in whose midst it stands first."""
    start, end = answer
    found = [passage for passage in passages if passage.start <= start and end <= passage.end]
    found.sort(key=lambda passage: -min(start - passage.start, passage.end - end))
    return [(passage.text, (start - passage.start, end - passage.start)) for passage in found]


def _sampled(questions: Iterable[Question]) -> list[Question]:
    """The questions in an order of chance, of each source no more than its share."""
    chance = random.Random(SEED)  # noqa: S311  # a sample that can be drawn again, no secret
    by_source: defaultdict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_source[question.source].append(question)
    taken = [
        question
        for source, own in sorted(by_source.items())
        for question in chance.sample(own, min(len(own), MOST_OF_A_SOURCE.get(source, len(own))))
    ]
    chance.shuffle(taken)
    return taken


def main() -> None:
    """Mine as the command line says."""
    parser = argparse.ArgumentParser(description="Make the groups that the reader learns from.")
    parser.add_argument("answered", type=Path)
    parser.add_argument("unanswered", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    answered = [*read_questions(options.answered), *composed()]
    count = write_groups(mine(answered, read_questions(options.unanswered)), options.output)
    sys.stdout.write(f"{count} groups\n")


if __name__ == "__main__":
    main()
