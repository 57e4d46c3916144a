"""Training: questions with known answers become groups, pairs and weights, and can be stopped at any moment."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from dossier import Settings
from dossier.answering.network import SHARED
from dossier.answers import Reading
from dossier.errors import InputError
from dossier.evaluation.collection import read_queries
from dossier.evaluation.lines import json_lines
from dossier.indexing.weights import find_model
from dossier.training import learning
from dossier.training import written as writing
from dossier.training.averaging import average
from dossier.training.changing import Pool, changed, telling
from dossier.training.examples import Group, Question, read_groups, read_questions, write_groups
from dossier.training.keeping_out import keep_out
from dossier.training.learning import learn
from dossier.training.mining import mine
from dossier.training.pairs import Piece, pairs
from dossier.training.plan import Plan
from dossier.training.scoring import score
from dossier.training.written import composed, digest, written

# Words that are more frequent than any other.
COMMON = [first + second + "ing" for first in "bcdfghklmnp" for second in "aeiouyrlwst"]
BRIDGE = "The old bridge was built by Ada Lind in 1871. It fell in the flood of 1903, and nobody was hurt."
ZOO = "The zoo opened in May. An elephant named Olga arrived by train, and the town bridge was closed."

MINUTES = "The budget was put off until the treasurer is back."


def question(text: str, passage: str, answer: str) -> Question:
    start = passage.index(answer)
    return Question("tales", text, passage, ((start, start + len(answer)),))


def test_a_question_is_changed_so_that_its_passage_no_longer_answers_it() -> None:
    chance = random.Random(1)  # noqa: S311
    pool = Pool(["Olga", "Berlin", "1950", "Anna Berg"], {})
    asked = "Who built what Ada Lind drew before 1871?"
    found = {changed(asked, BRIDGE, pool, chance) for _ in range(60)}
    assert asked not in found
    assert "Who built what Anna Berg drew before 1871?" in found
    assert "Who built what Ada Lind drew before 1950?" in found
    assert "Who built what Ada Lind drew after 1871?" in found
    assert changed("why", BRIDGE, pool, chance) is None
    asked = "who drew the plan of the first bridge"
    many = [f"what {word} the {word} of {number}" for number, word in enumerate(COMMON)]
    pool = Pool.of([asked, "who crossed the flood of the year", *many])
    found = {changed(asked, BRIDGE, pool, chance) for _ in range(60)}
    assert {"who drew the plan of the last bridge", "who drew the flood of the first bridge"} <= found
    assert telling("What did Terje Rød-Larsen say in 1903?") == ["Terje Rød-Larsen", "1903"]


def test_a_window_of_a_passage_holds_the_answer_wherever_that_stands() -> None:
    tokenizer = Tokenizer.from_file(str(find_model("minilm", download=False).path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    chance = random.Random(2)  # noqa: S311
    text = "It rained. " * 30 + BRIDGE + " It rained again." * 30
    start = text.index("Ada Lind")
    piece = Piece("Who built it?", text, (start, start + len("Ada Lind")))
    for pair in pairs(tokenizer, [piece] * 20, [24] * 20, chance):
        assert pair.answer is not None
        first, last = pair.answer
        assert pair.first <= first
        assert tokenizer.decode(pair.ids[first : last + 1]) == "ada lind"
        assert len(pair.ids) == pair.first + 24 + 1
    (nothing,) = pairs(tokenizer, [Piece("Who?", text, None)], [24], chance)
    assert nothing.answer is None
    for pair in pairs(tokenizer, [Piece("Who drew it?", text, None, lure=piece.answer)] * 20, [24] * 20, chance):
        assert pair.answer is None
        assert "ada lind" in tokenizer.decode(pair.ids)


def test_questions_are_mined_for_what_the_search_takes_for_an_answer(tmp_path: Path) -> None:
    asked = [question("Who built the bridge of the town?", BRIDGE, "Ada Lind"), question("Who came?", ZOO, "Olga")]
    short = [question("Who built the old bridge, and who lives in it?", f"{BRIDGE} By 2.", "2")]
    by_hand = [Question("tales", "Who came?", "A mayor came, they say.", ())]
    (first, second) = sorted(mine(asked, by_hand, Settings(model="words")), key=lambda group: -len(group.question))
    assert [(text[slice(*span)], text) for text, span in first.passages if span] == [("Ada Lind", BRIDGE)]
    assert [text for text, span in first.passages if span is None] == [ZOO]
    assert "A mayor came, they say." in [text for text, span in second.passages if span is None]
    (group,) = mine(short, [], Settings(model="words"))
    assert [span for text, span in group.passages if "By 2." in text] == [(len(BRIDGE) + 4, len(BRIDGE) + 5)]
    write_groups([first, second], tmp_path / "groups.jsonl.gz")
    assert read_groups(tmp_path / "groups.jsonl.gz") == [first, second]


def test_questions_that_were_written_come_with_their_passages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = BRIDGE.index("1903")
    asked: list[tuple[object, ...]] = [
        ("Who fell in the flood?", None),
        ("When did it fall?", [start, start + 4], "When did it close?"),
    ]
    lines = [
        {"passage": digest(BRIDGE), "questions": asked},
        {"passage": digest("of another collection"), "questions": [("Why?", None)]},
        {"text": MINUTES, "source": "composed", "questions": [("What was put off?", [4, 10], "What was refused?")]},
    ]
    file = tmp_path / "written.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    monkeypatch.setattr(writing, "SHIPPED", file)
    nobody, when = written([ZOO, BRIDGE])
    assert (nobody.text, nobody.answers, nobody.source) == ("Who fell in the flood?", (), "written")
    assert (when.twin, when.source) == ("When did it close?", "twins")
    assert [when.passage[slice(*answer)] for answer in when.answers] == ["1903"]
    groups = list(mine([question("Who came?", ZOO, "Olga"), question("Who built it?", BRIDGE, "Ada Lind")], []))
    (near,) = [group for group in groups if group.question == nobody.text]
    assert near.passages == ((BRIDGE, None),)
    (pair,) = [group for group in groups if group.twin]
    assert (pair.question, pair.twin) == (when.text, when.twin)
    (own,) = composed()
    assert (own.passage, own.twin, own.source) == (MINUTES, "What was refused?", "composed")
    write_groups(groups, tmp_path / "groups.jsonl.gz")
    assert read_groups(tmp_path / "groups.jsonl.gz") == groups


def test_what_is_kept_out_of_training_becomes_a_collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mills = [question("Who built it?", f"The mill number {n} was built by Ada Lind.", "Ada Lind") for n in range(200)]
    (kept, *others), learnt = ([one for one in mills if one.kept_out is out] for out in (True, False))
    asked = [("Who built the mill?", [*kept.answers[0]], "Who sold the mill?"), ("When was it built?", None)]
    file = tmp_path / "written.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        for one in (kept, learnt[0]):
            stream.write(json.dumps({"passage": digest(one.passage), "questions": asked}) + "\n")
    monkeypatch.setattr(writing, "SHIPPED", file)
    counts = keep_out(mills, tmp_path / "kept")
    assert counts == {
        "corpus.jsonl": 1 + len(others),
        "queries.jsonl": 1,
        "answers.jsonl": 1,
        "unanswerable.jsonl": 2,
    }
    (query,) = read_queries(tmp_path / "kept")
    texts = {line.text("_id"): line.text("text") for line in json_lines(tmp_path / "kept" / "corpus.jsonl")}
    assert (query.text, [texts[name] for name in query.judged]) == ("Who built the mill?", [kept.passage])
    (answer,) = json_lines(tmp_path / "kept" / "answers.jsonl")
    assert (answer.text("_id"), answer.text("answer")) == (query.id, "Ada Lind")
    near = list(json_lines(tmp_path / "kept" / "unanswerable.jsonl"))
    assert {line.text("text") for line in near} == {"Who sold the mill?", "When was it built?"}
    assert {texts[line.text("near")] for line in near} == {kept.passage}


def test_a_twin_is_asked_of_the_passage_that_answers_its_brother() -> None:
    twins = Group(
        "twins", "When did it fall?", ((BRIDGE, (57, 61)), (ZOO, None)), kept_out=False, twin="When did it close?"
    )
    pool, plan = Pool([], {}), Plan(changed=0.0)
    seen = [learning._chosen(twins, pool, random.Random(number), plan) for number in range(40)]  # noqa: S311
    assert {tuple(piece.question for piece in pieces) for pieces in seen} == {
        ("When did it fall?", "When did it fall?", "When did it close?"),
        ("when did it fall?", "when did it fall?", "when did it close?"),
    }
    for right, wrong, twin in seen:
        assert (right.text, wrong.text, twin.text) == (BRIDGE, ZOO, BRIDGE)
        assert (right.answer, wrong.answer, twin.answer) == ((57, 61), None, None)
        assert twin.lure == right.answer


def test_the_shipped_questions_are_whole_and_mostly_have_no_answer() -> None:
    with gzip.open(writing.SHIPPED, "rt", encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    assert len({(line.get("passage", line.get("text")), line.get("source")) for line in lines}) == len(lines) > 2_000
    asked = [one for line in lines for one in line["questions"]]
    assert all(one.passage[slice(*answer)].strip() for one in composed() for answer in one.answers)
    assert len({one.passage for one in composed()}) > 600
    reworded = [one for line in lines if "source" in line for one in line["questions"]]
    texts = [text for text, _, *twin in asked for text in (text, *twin)]
    assert all(text.strip() == text for text in texts)
    whole = [one for line in lines if "source" not in line for one in line["questions"]]
    assert all(text.endswith("?") for text, _, *twin in whole for text in (text, *twin))
    assert len(reworded) > 4_000
    assert all(answer and twin != text for text, answer, twin in reworded)
    answers = [answer for _, answer, *_ in asked if answer is not None]
    assert all(0 <= start < end for start, end in answers)
    assert 0.5 < 1 - len(answers) / len(texts) < 0.7


def test_an_answer_that_does_not_stand_where_it_is_said_to_is_refused(tmp_path: Path) -> None:
    line = {"source": "s", "question": "q", "passage": "abc", "answers": [{"text": "b", "start": 0}]}
    file = tmp_path / "questions.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
    with pytest.raises(InputError, match=r"line 1: an answer does not stand where it is said to"):
        list(read_questions(file))


def test_training_that_was_stopped_comes_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [
        Group("tales", f"Who built bridge {number}?", ((BRIDGE, (28, 36)), (ZOO, None)), kept_out=False)
        for number in range(3)
    ]
    plan = Plan(steps=3, groups=2, rising=1)
    learn(groups, tmp_path / "whole", plan)

    monkeypatch.setattr(learning, "CHECKPOINT_SECONDS", -1)
    drawn, calls = learning._drawn, []

    def stopping(*given: object) -> object:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return drawn(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(learning, "_drawn", stopping)
        with pytest.raises(KeyboardInterrupt):
            learn(groups, tmp_path / "stopped", plan)
    learn(groups, tmp_path / "stopped", plan)
    whole, stopped = (load_file(tmp_path / name / "reader.safetensors") for name in ("whole", "stopped"))
    assert whole.keys() == stopped.keys()
    assert not set(SHARED) & whole.keys()
    assert all(bool((whole[name] == stopped[name]).all()) for name in whole)
    learn(groups, tmp_path / "other", replace(plan, changed=0.0), tmp_path / "whole" / "checkpoint.pt")
    other = load_file(tmp_path / "other" / "reader.safetensors")
    assert all(bool((whole[name] == other[name]).all()) for name in whole)  # it began where there was no step left
    learn(groups, tmp_path / "on", replace(plan, steps=0), tmp_path / "whole" / "reader.safetensors")
    again = load_file(tmp_path / "on" / "reader.safetensors")
    assert all(bool((whole[name] == again[name]).all()) for name in whole)  # a reader learns on from its weights
    save_file({"span.bias": whole["span.bias"]}, tmp_path / "others.safetensors")
    with pytest.raises(InputError, match="other parameters than this network has"):
        learn(groups, tmp_path / "others", plan, tmp_path / "others.safetensors")
    with pytest.raises(InputError, match="of another plan"):
        learn(groups, tmp_path / "whole", replace(plan, changed=0.0))
    with pytest.raises(InputError, match="has come further than 1 steps"):
        learn(groups, tmp_path / "whole", replace(plan, steps=1))
    card = json.loads((tmp_path / "whole" / "reader.json").read_text("utf-8"))
    assert (card["groups"], card["plan"]["steps"]) == ({"tales": 3}, 3)


def test_two_readers_are_averaged_by_a_share() -> None:
    first, second = {"a": torch.tensor([0.0, 1.0])}, {"a": torch.tensor([1.0, 1.0])}
    assert average(first, second, 0.75)["a"].tolist() == [0.75, 1.0]
    with pytest.raises(InputError, match="different networks"):
        average(first, {"b": torch.zeros(2)}, 0.5)
    with pytest.raises(InputError, match="from 0 to 1"):
        average(first, second, 60)


class FirstWord:
    """A reader that takes the first word of everything for the answer."""

    name = digest = "first word"

    def prepare(self, _: str) -> None:
        """It has nothing to load."""

    def can_read(self, _: str) -> bool:
        return True

    def read(self, given: Sequence[tuple[str, str]]) -> list[Reading]:
        return [Reading(0.9 if "bridge" in text else 0.1, (0, len(text.split()[0])), 1.0) for _, text in given]


def test_scores_are_those_of_squad() -> None:
    asked = [
        question("Which?", "The bridge fell.", "The bridge"),  # articles do not count, so F1 is 0
        question("What?", "Bridges, and one bridge.", "Bridges, and"),
        Question("tales", "Who?", "Olga came.", ()),
        Question("tales", "Who?", "Ada drew a bridge.", ()),
    ]
    found = score(FirstWord(), asked)
    assert found["f1_with_answer"] == pytest.approx((0 + 2 / 3) / 2, abs=1e-4)
    assert found["exact_with_answer"] == 0
    assert found["f1_all"] == pytest.approx((0 + 2 / 3 + 1 + 0) / 4, abs=1e-4)
    assert found["auroc"] == 0.75
