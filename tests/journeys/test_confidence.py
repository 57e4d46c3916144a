"""Not in the documents: an answer knows how probable it is, and its words follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dossier import Dossier, Settings, build
from dossier.answering.citing import cite
from dossier.answering.composing import NOT_FOUND, UNSURE, compose
from dossier.answering.confidence import SHIPPED, SIGNS, confidence, fitting, shipped, signs_digest
from dossier.answers import SURE
from dossier.evaluation.calibrating import calibrations, fit, reliability, weights, write
from dossier.evaluation.cases import Case, gather
from dossier.rendering import answer_markdown, answer_text

GOLD = Path(__file__).parents[1] / "gold" / "seeds.jsonl"
OFF_SUBJECT = [
    "How do I bake sourdough bread?",
    "What is the boiling point of mercury?",
    "Who won the tennis final at Wimbledon?",
    "Which enzyme unwinds the double helix of DNA?",
    "How many strings does a cello have?",
    "What causes rust on a bicycle chain?",
    "Who painted the ceiling of the Sistine Chapel?",
    "How is the lift of a swept wing at supersonic speed computed?",
    "What does a Python decorator do?",
    "When did the dinosaurs die out?",
    "Which vitamins are in an orange?",
    "What is the derivative of the sine?",
    "How do bees find their way back to the hive?",
    "Who composed The Magic Flute?",
    "What is the rent of a flat in Lisbon?",
    "How tall is the Eiffel Tower?",
    "Why do cats purr?",
    "What is the best way to prune roses?",
    "How does a heat pump work?",
    "Which planet has the most moons?",
]


def test_the_more_of_a_question_is_there_the_surer_its_answer(toy: Dossier) -> None:
    questions = ["Which comet did Kepler chart?", "Who built the comet?", "Who built the old comet?"]
    said = [toy.ask(question).confidence for question in [*questions, "Who built the old bridge in 1871?"]]
    assert said == sorted(said)
    assert len(set(said)) == len(said)
    assert all(0 <= one <= 1 for one in said)


@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_speaks_against_an_answer(sign: str) -> None:
    none = dict.fromkeys(SIGNS, 0.4)
    for calibration in shipped():
        assert calibration.probability(none | {sign: 0.6}) >= calibration.probability(none)


def test_the_shipped_coefficients_belong_to_these_signs() -> None:
    data = json.loads(SHIPPED.read_text("utf-8"))
    assert data["signs"] == signs_digest()
    assert shipped()[-1].model == ""
    for one in data["calibrations"]:
        assert one["coefficients"].keys() <= SIGNS.keys()
        assert one["reliability"]
        assert one["questions"].keys().isdisjoint({"seeds"})


def test_a_model_that_was_never_calibrated_is_judged_by_words_alone(seeds: Dossier) -> None:
    weights = seeds.index.manifest.recipe.weights
    assert (fitting(weights).model, fitting(weights).reader) == (weights, "")
    assert fitting("another model") == shipped()[-1]
    assert set(shipped()[-1].signs).isdisjoint({"passage", "sentence", "reader"})


def test_a_reader_that_was_calibrated_has_its_say_and_another_has_none(seeds: Dossier) -> None:
    assert seeds.reader is not None
    weights, reader = seeds.index.manifest.recipe.weights, seeds.reader.digest
    assert (fitting(weights, reader).model, fitting(weights, reader).reader) == (weights, reader)
    assert fitting("another model", reader).reader == reader
    assert "reader" in fitting(weights, reader).signs
    assert fitting(weights, "another reader") == fitting(weights)


@pytest.mark.parametrize(
    ("probability", "opening", "found"),
    [(0.0, NOT_FOUND, False), (0.2, UNSURE, True), (SURE, "", True), (1.0, "", True)],
)
def test_the_wording_follows_the_probability(toy: Dossier, probability: float, opening: str, found: bool) -> None:
    hits = toy.search("the old bridge")
    citations = cite(toy.index, toy.corpus, hits)
    for answer in compose("the old bridge", "the old bridge", hits, citations, probability, 0.2):
        assert (answer.opening, answer.found, answer.confidence) == (opening, found, probability)
        assert answer.text.startswith(opening or "“")
        assert answer.quoted
        assert all(f"[{number}]" in answer.text for number in answer.quoted)


def test_an_honest_answer_is_shown_everywhere_and_escaped(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("The <script>alert(1)</script> *mill* grinds.\n", "utf-8")
    build(tmp_path / "texts", tmp_path / "index", settings=Settings(model="words"))
    answer = Dossier.open(tmp_path / "index").ask("Which comet did Kepler chart?")
    assert (answer.found, answer.opening) == (False, NOT_FOUND)
    page = answer_markdown(answer)
    assert page.startswith(f"{NOT_FOUND}\n\n> “The &#60;script")
    assert "<script" not in page
    terminal = answer_text(answer, 80)
    assert terminal.startswith(f"{NOT_FOUND}\n\n“The <script>")
    assert terminal.endswith("[1] a.txt, line 1")


def test_without_a_hit_nothing_is_probable(toy: Dossier) -> None:
    answer = toy.ask('"no such phrase"')
    assert (answer.confidence, answer.found, answer.opening) == (0.0, False, "No passage was found.")
    assert "No passage was found." in answer_markdown(answer)


def test_the_same_question_is_as_probable_again(seeds: Dossier) -> None:
    question = "Who received Terje Rød-Larsen at Sakhir Palace?"
    answer = seeds.ask(question)
    assert answer.confidence == seeds.ask(question).confidence
    assert seeds.reader is not None
    assert answer.confidence == confidence(question, answer.hits, seeds.index, seeds.reader.digest)
    assert (answer.found, answer.opening) == (True, "King Hamad bin Isa Al Khalifa [1]")


def test_questions_off_the_subject_are_refused(seeds: Dossier) -> None:
    answered = [question for question in OFF_SUBJECT if seeds.ask(question).found]
    assert len(answered) <= len(OFF_SUBJECT) // 20


def test_a_near_miss_is_mostly_less_sure_than_an_answer(seeds: Dossier) -> None:
    lines = [line for name in ("seeds", "near") for line in GOLD.with_stem(name).read_text("utf-8").splitlines()]
    known = [json.loads(line) for line in lines]
    near = [one["question"] for one in known if one["type"] == "unanswerable-near"][::3]
    answered = [one["question"] for one in known if one["answerable"]][::3]
    sure, less = ([seeds.ask(question).confidence for question in questions] for questions in (answered, near))
    assert min(len(sure), len(less)) > 20
    assert sum(one > other for one in sure for other in less) > 0.6 * len(sure) * len(less)


def case(collection: str, kind: str, right: bool, passage: float, words: float) -> Case:
    return Case("m", "", collection, kind, "?", right, {"passage": passage, "words": words})


def test_a_sign_that_speaks_against_an_answer_is_left_out() -> None:
    right = [case("a", "answerable", True, 0.8 + n / 100, 0.2) for n in range(10)]
    wrong = [case("a", "far", False, 0.2 + n / 100, 0.7) for n in range(10)]
    coefficients, _ = fit([*right, *wrong], ["passage", "words"])
    assert list(coefficients) == ["passage"]
    assert coefficients["passage"] > 0


def test_kinds_and_collections_count_by_the_prior() -> None:
    kinds = ["answerable"] * 2 + ["near"] * 5 + ["far"]
    cases = [case(name, kind, False, 0, 0) for name, n in (("a", 1), ("b", 3)) for kind in kinds * n]
    counted = weights(cases)
    total = dict.fromkeys({(one.collection, one.kind) for one in cases}, 0.0)
    for one, count in zip(cases, counted, strict=True):
        total[one.collection, one.kind] += count / len(cases)
    assert total["a", "answerable"] == pytest.approx(0.375)
    assert total["b", "near"] == pytest.approx(0.0625)
    assert total["b", "far"] == pytest.approx(0.0625)


def test_a_reliability_table_holds_what_was_said_against_what_was_right() -> None:
    cases = [case("a", "answerable", right, 0, 0) for right in (True, True, False, False)]
    assert reliability(cases, [1.0, 0.95, 0.95, 0.05]) == [
        {"from": 0.0, "questions": 1, "said": 0.05, "right": 0.0},
        {"from": 0.9, "questions": 3, "said": 0.967, "right": 0.667},
    ]


def test_collections_become_a_calibration(tmp_path: Path) -> None:
    for name, noun in (("boats", "boat"), ("trees", "tree")):
        folder = tmp_path / name
        (folder / "qrels").mkdir(parents=True)
        texts = [f"The {noun} number {number} was named after Queen Ada{number}." for number in range(8)]
        asked = [f"After whom was the {noun} number {number} named?" for number in range(8)]
        for file, lines in (("corpus.jsonl", texts), ("queries.jsonl", asked)):
            rows = [json.dumps({"_id": f"{n}", "title": "", "text": line}) for n, line in enumerate(lines)]
            (folder / file).write_text("\n".join(rows), "utf-8")
        judged = "".join(f"{number}\t{number}\t1\n" for number in range(8))
        (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, "utf-8")
    cases, scale = gather([tmp_path / "boats", tmp_path / "trees"], Settings(model="words"), lambda _: None)
    kinds = [one.kind for one in cases if one.collection == "boats"]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"answerable": 4, "absent": 4, "far": 8}
    assert sum(one.right for one in cases) == 8
    write(tmp_path / "fitted.json", calibrations(cases, scale, "words"))
    data = json.loads((tmp_path / "fitted.json").read_text("utf-8"))
    assert [one["model"] for one in data["calibrations"]] == ["words-1", ""]
    assert data["calibrations"][0]["questions"]["trees"] == {"answerable": 4, "near": 0, "absent": 4, "far": 8}
