"""The second journey: a question becomes hits, and an answer whose every quote can be checked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from dossier import Answer, Dossier, Settings, ask, build, search
from dossier.errors import InputError, NoIndexError
from dossier.evaluation.evaluating import evaluate
from dossier.indexing.weights import find_model

GOLD = Path(__file__).parents[1] / "gold" / "seeds.jsonl"


def check(answer: Answer, dossier: Dossier) -> None:
    """Every [n] has its citation, every citation its hit, and every quote stands in the file where it says."""
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.hits) + 1))
    for citation, hit in zip(answer.citations, answer.hits, strict=True):
        text = (dossier.folder / citation.path).read_bytes().decode("utf-8-sig")
        assert text[citation.start : citation.end] == citation.quote == hit.quote
        assert hit.passage.start <= citation.start < citation.end <= hit.passage.end
        assert citation.first_line == text.count("\n", 0, citation.start) + 1
        assert citation.check() == citation.state
    quoted = [citation for citation in answer.citations if f"[{citation.number}]" in answer.text]
    assert quoted
    assert all(" ".join(citation.quote.split()) in answer.text for citation in quoted)


def test_the_passage_that_shares_most_comes_first(toy: Dossier) -> None:
    hits = toy.search("Who built the old bridge?")
    assert hits[0].quote == "The old bridge was built by Ada Lind in 1871."
    assert hits[0].passage.location == "bridge.txt, lines 1–3"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_an_answer_quotes_and_cites(toy: Dossier) -> None:
    answer = toy.ask("  Who built the old bridge?\n")
    assert (answer.question, answer.found) == ("Who built the old bridge?", True)
    assert answer.text.startswith("“The old bridge was built by Ada Lind in 1871.” [1]")
    assert answer.citations[0].location == "bridge.txt, line 1"
    assert 0.5 < answer.confidence < 1
    check(answer, toy)


def test_an_answer_grows_and_is_whole_at_every_step(toy: Dossier) -> None:
    steps = list(toy.stream("the elephant, the bridge and the mill"))
    assert steps[-1] == toy.ask("the elephant, the bridge and the mill")
    for step, after in pairwise(steps):
        assert after.text.startswith(step.text)
        check(step, toy)


def test_a_heading_is_told_with_a_citation(toy: Dossier) -> None:
    assert toy.ask("Who paid the masons?").citations[0].section == "To her sister"


def test_the_same_question_has_the_same_answer(toy: Dossier) -> None:
    assert toy.ask("flood") == toy.ask("flood")


def test_no_two_hits_overlap_or_say_the_same(corpus: Path, tmp_path: Path) -> None:
    sentences = [f"Bridge number {number} crosses the river near the {number}th mill." for number in range(40)]
    (corpus / "many.txt").write_text(" ".join(sentences), encoding="utf-8")
    (corpus / "copy.txt").write_text(" ".join(sentences), encoding="utf-8")
    build(corpus, tmp_path / "index", settings=Settings(model="words"))
    hits = Dossier.open(tmp_path / "index").search("Which bridge crosses the river?", k=12)
    assert len(hits) > 5
    assert len({hit.quote for hit in hits}) == len(hits)
    for one in hits:
        others = [hit.passage for hit in hits if hit is not one and hit.passage.path == one.passage.path]
        assert not any(one.passage.start < other.end and other.start < one.passage.end for other in others)


def test_a_citation_says_what_has_become_of_its_file(corpus: Path, toy: Dossier) -> None:
    question = "Which elephant arrived by train?"
    first = toy.ask(question).citations[0]
    assert first.state == "stands"
    (corpus / "zoo.txt").write_text("Nothing left.")
    assert first.check() == "changed"
    assert toy.ask(question).citations[0].state == "changed"
    (corpus / "zoo.txt").unlink()
    assert toy.ask(question).citations[0].state == "missing"


def test_k_is_the_number_of_passages(toy: Dossier) -> None:
    assert [len(toy.search("the", k=k)) for k in (1, 2, 3)] == [1, 2, 3]
    assert len(toy.search("the", k=1000)) == len(toy.index.passages)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("why " * 25_000, "100,000 characters|99,999 characters"),
        ("你" * 1_999 + "?", "tokens"),
        ("caf\udce9", "not Unicode"),
    ],
    ids=["empty", "blank", "100,000 characters", "more than the model reads", "broken text"],
)
def test_a_question_that_can_not_be_asked_is_said(seeds: Dossier, question: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        seeds.search(question)


@pytest.mark.parametrize("k", [0, -1])
def test_k_is_one_or_more(toy: Dossier, k: int) -> None:
    with pytest.raises(InputError, match=f"k is {k}"):
        toy.ask("bridge", k=k)


@pytest.mark.parametrize("question", ["?", "…", "x", "和平", "the", "<script>alert(1)</script>", "[1](#cite-x)"])
def test_an_odd_question_has_an_answer(toy: Dossier, question: str) -> None:
    check(toy.ask(question), toy)


def test_without_an_index_there_is_nothing_to_ask(tmp_path: Path) -> None:
    for call in (search, ask):
        with pytest.raises(NoIndexError, match="dossier build"):
            call("anything", index=tmp_path)


def test_many_threads_may_ask_at_once(toy_index: Path) -> None:
    questions = ["bridge", "elephant", "mill", "ferry"] * 16
    alone = [search(question, index=toy_index) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: search(question, index=toy_index), questions)) == alone


def test_example_questions_are_made_from_the_corpus(seeds: Dossier) -> None:
    examples = seeds.examples()
    assert len(examples) == 4
    assert any("Security Council" in question for question in examples)


def test_the_seeds_answer_with_citations(seeds: Dossier) -> None:
    answer = seeds.ask("Who received Terje Rød-Larsen at Sakhir Palace?")
    assert "King Hamad bin Isa Al Khalifa" in answer.citations[0].quote
    check(answer, seeds)


def test_no_passage_of_the_seeds_outgrows_the_window(seeds: Dossier) -> None:
    tokenizer = Tokenizer.from_file(str(find_model("minilm", download=False).path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    assert max(len(tokenizer.encode(passage.text).ids) for passage in seeds.index.passages) <= 256


def test_gold_questions_find_their_evidence_and_those_off_the_subject_are_refused(seeds_index: Path) -> None:
    found = evaluate(GOLD, index=seeds_index)
    assert found.notes == ()
    assert found.figure("MRR@10").value >= 0.80
    assert found.figure("hit@5").value >= 0.92
    assert found.figure("marked").value >= 0.80
    refusals = {one.type: one for one in found.refusals}
    near, far = refusals["unanswerable-near"], refusals["unanswerable-far"]
    assert refusals["answerable"].share.value <= 0.05
    assert far.refused == far.questions
    assert far.auroc is not None
    assert far.auroc.value >= 0.95
    assert near.auroc is not None
    assert near.auroc.value >= 0.7
    assert found.figure("short").value >= 0.85
