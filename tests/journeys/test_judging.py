"""Judging: thumbs and notes are kept, taken back and found again, and become questions whose answers are known."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dossier import Dossier, build
from dossier.errors import InputError, StorageError
from dossier.evaluation.evaluating import evaluate
from dossier.evaluation.tables import report_text
from dossier.judging import JUDGMENTS, Judgment, judge, judgment_of

MASON, BEES, NOTHING = "Who built the old bridge?", "Who kept bees?", "Where do purple whales sing?"


def test_a_thumb_is_kept_replaced_taken_back_and_outlives_a_rebuild(corpus: Path, toy_index: Path) -> None:
    answer = Dossier.open(toy_index).ask(MASON)
    assert judgment_of(toy_index, answer) is None
    judge(toy_index, answer, "down", note=" Which\nyear? \u2028\ud800 ")
    judge(toy_index, answer, "up", who="ada")
    assert judgment_of(toy_index, answer) == Judgment("down", "Which\nyear? \u2028?")
    (corpus / "mill.txt").write_text("The mill burned in 1880.")
    build(corpus, toy_index)
    again = Dossier.open(toy_index).ask(MASON)
    assert judgment_of(toy_index, again, "ada") == Judgment("up", "")

    judge(toy_index, again, "up", note="1871")
    lines = [json.loads(line) for line in (toy_index / JUDGMENTS).read_bytes().decode().split("\n")[:-1]]
    assert [(line["who"], line["verdict"], line["note"]) for line in lines] == [("ada", "up", ""), ("", "up", "1871")]
    assert lines[1]["citations"][0]["quote"] == answer.citations[0].quote
    judge(toy_index, again, "")
    assert judgment_of(toy_index, again) is None
    assert judgment_of(toy_index, Dossier.open(toy_index).ask(MASON, documents=["bridge.txt"]), "ada") is None


def test_what_can_not_be_kept_is_refused_and_nothing_is_lost(
    toy_index: Path, toy: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    (toy_index / JUDGMENTS).write_bytes(b"written by h\xe4nd\n")
    judge(toy_index, toy.ask(BEES), "up")
    before = (toy_index / JUDGMENTS).read_bytes()
    assert before.startswith(b"written by h\xe4nd\n{")
    with pytest.raises(InputError, match="'up' or 'down'"):
        judge(toy_index, toy.ask(MASON), "<b>")
    with pytest.raises(InputError, match="at most 1,000"):
        judge(toy_index, toy.ask(MASON), "up", note="a" * 1001)
    monkeypatch.setattr("dossier.judging.LARGEST", 1_000)
    with pytest.raises(StorageError, match="Move it away"):
        judge(toy_index, toy.ask(MASON), "up", note="a" * 1000)
    assert (toy_index / JUDGMENTS).read_bytes() == before


def test_writers_at_the_same_time_lose_nothing(toy_index: Path, toy: Dossier) -> None:
    answer = toy.ask(BEES)
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda number: judge(toy_index, answer, "up", who=str(number)), range(40)))
    assert len((toy_index / JUDGMENTS).read_text("utf-8").splitlines()) == 40


def test_thumbs_are_gold(toy_index: Path, toy: Dossier) -> None:
    judge(toy_index, replace(toy.ask(MASON), found=False), "up", who="before the bridge was added")
    for question, verdict, who in (
        (MASON, "up", "ada"),
        (MASON, "up", "ben"),
        (BEES, "up", "ada"),
        (BEES, "down", "ben"),
        ("When did the zoo open?", "down", ""),
    ):
        judge(toy_index, toy.ask(question), verdict, note="wrong zoo" if not who else "", who=who)
    judge(toy_index, toy.ask(MASON, documents=["bridge.txt"]), "up")
    judge(toy_index, replace(toy.ask(MASON), provenance=toy.ask(MASON, before="2000").provenance), "down")
    judge(toy_index, replace(toy.ask(NOTHING), found=False), "up")
    report = evaluate(toy_index / JUDGMENTS, index=toy_index)
    assert report.counted == "9 judged answers: 6 up, 3 down. 3 can be used, as 2 gold questions."
    assert report.figure("hit@1").value == 1.0
    assert {outcome.question for outcome in report.outcomes} == {MASON, NOTHING}
    said = report_text(report, 100)
    assert "6 up, 3 down. 3 can be used" in " ".join(said.split())
    assert f"“{MASON}”: refused once, and answered since" in said
    assert "“When did the zoo open?”: thumb down: wrong zoo" in said
    assert f"“{BEES}”: thumbs up and down for the same answer" in said
    assert "only a part of the documents was asked" in said
    (toy_index / JUDGMENTS).write_text('{"verdict": "sideways", "asked": "?"}\n')
    with pytest.raises(InputError, match=r"line 1: 'verdict' is 'sideways'"):
        evaluate(toy_index / JUDGMENTS, index=toy_index)
