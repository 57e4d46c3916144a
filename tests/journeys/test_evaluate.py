"""Evaluation: figures that can be computed by hand, what is said of bad input, and what changed since the last time."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from dossier import Dossier, Settings, build
from dossier.cli import main
from dossier.errors import InputError
from dossier.evaluation.asking import ask_dialogue
from dossier.evaluation.evaluating import evaluate
from dossier.evaluation.gold import read_dialogues
from dossier.evaluation.tables import report_text

TOY = Settings(model="words")
# "Red boats sail" finds them in the order b, a, c: b shares three words, a and c one, and c is longer.
TEXTS = {"a": "Red apples grow.", "b": "Red boats sail.", "c": "Green boats sink slowly."}


def gold(name: str, letter: str, kind: str = "hard", **more: Any) -> dict[str, Any]:
    evidence = [{"file": f"{letter}.txt", "quote": TEXTS[letter]}]
    return {"id": name, "question": "Red boats sail", "type": kind, "answerable": True, "evidence": evidence} | more


UNANSWERABLE = {"id": "u", "question": "purple whales", "type": "far", "answerable": False, "evidence": []}
QUESTIONS = [gold("one", "b", "easy"), gold("two", "a"), gold("three", "c"), UNANSWERABLE]


def written(path: Path, *lines: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    for letter, text in TEXTS.items():
        written(tmp_path / "texts" / f"{letter}.txt", text)
    build(tmp_path / "texts", tmp_path / "index", settings=TOY)
    return tmp_path / "index"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """The texts as a collection whose ids are no file names, with a document that is only a title and an empty one."""
    folder = tmp_path / "collection"
    documents = [{"_id": f"../{letter}?", "title": "", "text": text} for letter, text in TEXTS.items()]
    more = [{"_id": "t", "title": "Whales", "text": ""}, {"_id": "e", "title": None, "text": ""}]
    written(folder / "corpus.jsonl", *documents, *more)
    queries = {"one": "Red boats sail", "two": "Red boats sail", "three": "whales", "unjudged": "apples"}
    written(folder / "queries.jsonl", *({"_id": name, "text": text} for name, text in queries.items()))
    judgments = ["one\t../b?\t1", "one\t../a?\t0", "two\t../a?\t1", "two\t../c?\t1", "three\tt\t2"]
    written(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore", *judgments)
    return folder


def test_ranks_become_figures_by_type(index: Path, tmp_path: Path) -> None:
    report = evaluate(written(tmp_path / "gold.jsonl", *QUESTIONS), index=index)
    assert {outcome.id: outcome.rank for outcome in report.outcomes} == {"one": 1, "two": 2, "three": 3, "u": None}
    assert [(row.name, row.questions) for row in report.rows] == [("all", 3), ("easy", 1), ("hard", 2)]
    assert report.figure("hit@1").value == pytest.approx(1 / 3)
    assert report.figure("hit@3").value == report.figure("hit@5").value == report.figure("hit@600w").value == 1
    assert report.figure("MRR@10").value == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert report.figure("MRR@10", "hard").value == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert report.figure("marked").value == 1
    assert report.figure("words@5").value == 3 + 3 + 4
    assert all(outcome.milliseconds > 0 for outcome in report.outcomes)


def test_what_lies_behind_600_words_is_not_read(tmp_path: Path) -> None:
    for letter in "abcd":
        filler = " ".join(["The", *["the"] * 193])
        written(tmp_path / "texts" / f"{letter}.txt", f"Red boats sail to port {letter * 4}. {filler}.")
    written(tmp_path / "texts" / "last.txt", TEXTS["a"])
    build(tmp_path / "texts", tmp_path / "index", settings=Settings(model="words", max_tokens=450))
    question = gold("one", "a") | {"evidence": [{"file": "last.txt", "quote": TEXTS["a"]}]}
    report = evaluate(written(tmp_path / "gold.jsonl", question), index=tmp_path / "index")
    assert [outcome.rank for outcome in report.outcomes] == [5]
    assert report.figure("words@5").value == 4 * 200 + 3
    assert (report.figure("hit@5").value, report.figure("hit@600w").value) == (1, 0)


def test_a_question_that_needs_all_its_evidence_is_scored_by_parts(index: Path, tmp_path: Path) -> None:
    both = gold("one", "a", "multi")["evidence"] + gold("one", "b")["evidence"]
    report = evaluate(written(tmp_path / "gold.jsonl", gold("one", "a", "multi", evidence=both)), index=index)
    assert report.figure("evidence@5").value == 1
    assert report.outcomes[0].rank == 1


def test_refusals_are_counted_and_told_from_confidence(index: Path, tmp_path: Path) -> None:
    report = evaluate(written(tmp_path / "gold.jsonl", *QUESTIONS), index=index)
    answerable, far = report.refusals
    assert (answerable.type, answerable.questions, answerable.refused, answerable.auroc) == ("answerable", 3, 0, None)
    refused = sum(outcome.found is False for outcome in report.outcomes if not outcome.answerable)
    assert (far.type, far.questions, far.refused) == ("far", 1, refused)
    assert far.auroc is not None
    assert far.auroc.value == 1


def test_a_quote_that_is_not_in_the_corpus_is_reported_and_not_a_miss(index: Path, tmp_path: Path) -> None:
    wrong = gold("wrong", "a", evidence=[{"file": "a.txt", "quote": "Blue apples."}, {"file": "x.txt", "quote": "x"}])
    half = gold("half", "b", evidence=[{"file": "a.txt", "quote": "Blue apples."}, *gold("", "b")["evidence"]])
    report = evaluate(written(tmp_path / "gold.jsonl", wrong, half), index=index)
    assert [(note.id, note.reason) for note in report.notes] == [
        ("wrong", "'a.txt' does not hold “Blue apples.”"),
        ("wrong", "'x.txt' is not in the index"),
        ("half", "'a.txt' does not hold “Blue apples.”"),
    ]
    assert [outcome.id for outcome in report.outcomes] == ["half"]
    assert report.figure("hit@1").value == 1
    assert "'x.txt' is not in the index" in report_text(report, 80)


def test_a_question_that_can_not_be_asked_is_reported(index: Path, tmp_path: Path) -> None:
    long = gold("long", "a", question="why " * 600)
    report = evaluate(written(tmp_path / "gold.jsonl", long, gold("one", "b")), index=index)
    assert [note.id for note in report.notes] == ["long"]
    assert "can't be asked: The question has" in report.notes[0].reason
    assert [outcome.id for outcome in report.outcomes] == ["one"]


def test_a_collection_is_ranked_by_its_documents(collection: Path) -> None:
    report = evaluate(collection, settings=TOY)
    assert {outcome.id: outcome.rank for outcome in report.outcomes} == {"one": 1, "two": 2, "three": 1}
    second_and_third = (1 / math.log2(3) + 1 / math.log2(4)) / (1 + 1 / math.log2(3))
    assert report.figure("nDCG@10").value == pytest.approx((1 + second_and_third + 1) / 3)
    assert report.figure("recall@10").value == 1
    assert (report.passages, report.notes, report.model) == (4, (), "words")


def test_a_judged_document_that_is_not_there_is_reported_and_not_a_miss(collection: Path) -> None:
    written(collection / "qrels" / "test.tsv", "one\tgone\t1", "two\t../a?\t1", "two\tgone\t1", "three\tt\t0")
    report = evaluate(collection, settings=TOY)
    assert [(note.id, note.reason) for note in report.notes] == [
        ("one", "the document 'gone' is not in the corpus"),
        ("two", "the document 'gone' is not in the corpus"),
        ("three", "no document was judged relevant to it"),
    ]
    assert [(outcome.id, outcome.scores["recall@10"]) for outcome in report.outcomes] == [("two", 1)]


def test_each_way_has_a_row_and_ours_is_the_product(collection: Path, index: Path, tmp_path: Path) -> None:
    for path in (collection, written(tmp_path / "gold.jsonl", *QUESTIONS)):
        report = evaluate(path, index=index, settings=TOY, ways=True)
        assert [row.name for row in report.ways] == ["dense", "lexical", "rank fusion", "ours"]
        assert all(row.questions == 3 for row in report.ways)
        assert report.ways[-1].figures == report.rows[0].figures
        assert report.figure("hit@1", "dense").value >= 1 / 3


def test_the_limit_takes_the_first(collection: Path, index: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "gold.jsonl", *QUESTIONS)
    assert [outcome.id for outcome in evaluate(path, index=index, limit=2).outcomes] == ["one", "two"]
    assert [outcome.id for outcome in evaluate(collection, settings=TOY, limit=1).outcomes] == ["one"]
    with pytest.raises(InputError, match="limit is 0"):
        evaluate(path, index=index, limit=0)


def test_dialogues_are_reported_by_turn(index: Path, tmp_path: Path) -> None:
    turns = [gold("", "b"), gold("", "c", question="Which green boats sink slowly?", standalone="Green boats sink?")]
    path = written(tmp_path / "dialogues.jsonl", {"id": "talk", "turns": turns})
    report = evaluate(path, index=index)
    assert [(outcome.id, outcome.rank) for outcome in report.outcomes] == [
        ("talk/1", 1),
        ("talk/2", 1),
        ("talk/2 in full", 1),
    ]
    assert [row.name for row in report.rows] == ["first turns", "later turns", "later, in full"]
    assert report.figure("MRR@10", "later turns").value == 1
    with pytest.raises(InputError, match="one way only"):
        evaluate(path, index=index, ways=True)


def test_a_later_turn_is_asked_with_the_answers_before_it(index: Path, tmp_path: Path) -> None:
    asked: list[tuple[str, list[str]]] = []

    class Listener:
        def ask(self, question: str, *, k: int, history: tuple[Any, ...] = ()) -> Any:
            asked.append((question, [answer.question for answer in history]))
            return Dossier.open(index).ask(question, k=k)

    turns = [gold("", "a", question=question) for question in ("apples?", "boats?", "red?")]
    (talk,) = read_dialogues(written(tmp_path / "dialogues.jsonl", {"id": "talk", "turns": turns}))
    ask_dialogue(Listener(), talk, {})  # type: ignore[arg-type]
    assert asked == [("apples?", []), ("boats?", ["apples?"]), ("red?", ["apples?", "boats?"])]


def test_questions_won_and_lost_are_listed(index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = written(tmp_path / "before.jsonl", *QUESTIONS)
    now = written(tmp_path / "now.jsonl", gold("one", "c"), gold("two", "a"), gold("three", "b"), UNANSWERABLE)
    saved = str(tmp_path / "before.json")
    assert main(["evaluate", str(before), "--index", str(index), "--output", saved]) == 0
    assert main(["evaluate", str(now), "--index", str(index), "--compare", saved]) == 0
    printed = capsys.readouterr().out
    assert "1 won, 1 lost, 2 as before; MRR@10 +0.000" in " ".join(printed.split())
    assert "Won\n  three: 3 → 1, Red boats sail\nLost\n  one: 1 → 3, Red boats sail\n" in printed


def test_the_terminal_shows_a_table_of_80_columns_and_writes_json(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)  # a path may be longer than a line
    path = written(tmp_path / "gold.jsonl", *QUESTIONS).name
    assert main(["evaluate", str(path), "--index", str(index), "--ways", "--output", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert "all                  3   0.333   1.000   1.000   0.611    1.000   1.000" in printed
    saved = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert saved["rows"][0]["figures"]["hit@1"]["value"] == pytest.approx(1 / 3)
    assert saved["outcomes"][1]["rank"] == 2
    assert {"id", "rank", "milliseconds", "confidence"} <= saved["outcomes"][1].keys()
    assert main(["evaluate", str(path), "--index", str(index), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "gold"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "it is not JSON"),
        ("[1]", "not a JSON object"),
        ({"id": "x"}, "'evidence'|needs evidence"),
        (gold("x", "a", question=" "), "'question' is ' '; it must be a text"),
        (gold("x", "a", evidence="a.txt"), "'evidence' is 'a.txt'; it must be a list of objects"),
        (gold("x", "a", evidence=[{"file": "a.txt"}]), "'quote' is None"),
        (gold("x", "a", evidence=[]), "an answerable question needs evidence"),
        (gold("x", "a", answerable="yes"), "'answerable' is 'yes'; it must be true or false"),
        (gold("one", "a"), "the id 'one' is that of line 1 already"),
    ],
)
def test_a_malformed_gold_line_is_named(index: Path, tmp_path: Path, line: object, message: str) -> None:
    path = written(tmp_path / "gold.jsonl", gold("one", "b"), "", line)
    with pytest.raises(InputError, match=rf"gold\.jsonl, line 3: .*({message})"):
        evaluate(path, index=index)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("qrels/test.tsv", "one\tb", "it is not 'query-id, corpus-id, score' between tabs"),
        ("qrels/test.tsv", "one\tb\tmuch", "it is not 'query-id, corpus-id, score' between tabs"),
        ("qrels/test.tsv", "one\tb\tnan", "the score is nan"),
        ("qrels/test.tsv", "who\tb\t1", "the question 'who' is not in queries.jsonl"),
        ("queries.jsonl", {"_id": "x"}, "'text' is None"),
        ("queries.jsonl", {"_id": "one", "text": "again"}, "the id 'one' is that of line 1 already"),
        ("corpus.jsonl", {"text": "x"}, "'_id' is None"),
        ("corpus.jsonl", {"_id": "x", "text": 7}, "'text' is 7"),
        ("corpus.jsonl", {"_id": "t", "text": "again"}, "the id 't' stands in another line already"),
    ],
)
def test_a_malformed_line_of_a_collection_is_named(collection: Path, name: str, line: object, message: str) -> None:
    lines = (collection / name).read_text("utf-8").splitlines()
    written(collection / name, *lines, line)
    with pytest.raises(InputError, match=rf"{Path(name).name}, line {len(lines) + 1}: .*{message}"):
        evaluate(collection, settings=TOY)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/nothing"], "There is no"),
        (["{tmp}/texts"], "has no corpus.jsonl"),
        (["{tmp}/empty.jsonl"], "line 1: there is no question in this file"),
        (["{tmp}/latin.jsonl"], "line 1: it is not UTF-8 text"),
        (["{tmp}/gold.jsonl", "--compare", "{tmp}/gold.jsonl"], "is no report that 'dossier evaluate' has written"),
        (["{tmp}/gold.jsonl", "--compare", "{tmp}/none.json"], "can't be read"),
        (["{tmp}/gold.jsonl", "--compare", "{tmp}/other.json"], "has no question in common"),
        (["{tmp}/gold.jsonl", "--model", "words"], "An index names its own model"),
        (["{tmp}/gold.jsonl", "--output", "{tmp}/nowhere/out.json"], "There is no folder for"),
    ],
)
def test_what_can_not_be_used_is_said_in_one_line(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    written(tmp_path / "gold.jsonl", gold("one", "b"))
    written(tmp_path / "empty.jsonl")
    written(tmp_path / "other.json", {"outcomes": [{"id": "x", "answerable": True, "rank": 1}]})
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "caf\xe9"}')
    given = [part.format(tmp=tmp_path) for part in arguments]
    assert main(["evaluate", *given, "--index", str(index)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.count("\n") == 1
