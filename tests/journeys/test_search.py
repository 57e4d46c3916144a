"""Search: what it can be limited to, and that every hit says why it was found."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from dossier import Dossier, Settings, build
from dossier.answering import retrieval
from dossier.errors import InputError
from dossier.indexing import columns
from dossier.indexing.tokens import TokenVectors


def test_an_unknown_way_is_said(toy: Dossier) -> None:
    with pytest.raises(InputError, match=r"no way 'magic'.*dense, lexical, rrf, fused"):
        toy.search("bridge", way="magic")  # type: ignore[arg-type]


def test_the_parts_of_a_score_are_the_score(toy: Dossier, seeds: Dossier) -> None:
    for dossier, question in ((toy, "Who built the old bridge?"), (seeds, "How are peace operations financed?")):
        for hit in dossier.search(question):
            assert sum(asdict(hit.parts).values()) == pytest.approx(hit.score, abs=1e-5)
    assert toy.search("bridge")[0].parts.tokens == 0
    assert seeds.search("bridge")[0].parts.tokens > 0


def test_a_hit_names_the_words_it_shares_with_the_question(toy: Dossier) -> None:
    assert toy.search("Did the ELEPHANTS arrive by train?")[0].shared[:2] == ("ELEPHANTS", "arrive")


@pytest.mark.parametrize("way", ["dense", "lexical", "rrf", "fused"])
def test_each_way_finds_what_is_plainly_there(toy: Dossier, way: str) -> None:
    assert toy.search("An elephant named Olga", way=way)[0].passage.path == "zoo.txt"  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ['who was "named Olga"', "who was “NAMED  olga”", 'the bridge and "named Olga"'])
def test_words_in_quotes_must_occur(toy: Dossier, question: str) -> None:
    assert [hit.passage.path for hit in toy.search(question)] == ["zoo.txt"]


def test_quoted_words_that_are_nowhere_find_nothing(toy: Dossier) -> None:
    answer = toy.ask('the bridge "named Peter"')
    assert (answer.hits, answer.found) == ((), False)


def test_an_apostrophe_is_no_quote(toy: Dossier) -> None:
    assert len(toy.search("the mayor's bridge and Ada's letters")) > 1


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        (["zoo.txt"], {"zoo.txt"}),
        (["letters"], {"letters/ada.md"}),
        (["letters/", "zoo.txt"], {"letters/ada.md", "zoo.txt"}),
        (["./bridge.txt"], {"bridge.txt"}),
    ],
)
def test_a_search_can_be_limited_to_documents(toy: Dossier, documents: list[str], found: set[str]) -> None:
    assert {hit.passage.path for hit in toy.search("the bridge", k=20, documents=documents)} == found


def test_an_unknown_document_is_said(toy: Dossier) -> None:
    with pytest.raises(InputError, match="no document or folder 'nothing'"):
        toy.search("bridge", documents=["nothing"])


def test_a_large_index_is_searched_in_another_way_and_says_the_same(
    seeds: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = ["Who received the Dialogue Prize?", "How are peace operations financed?"]
    before = [seeds.search(question) for question in questions]
    monkeypatch.setattr(columns, "LARGE", 0)
    monkeypatch.setattr(retrieval, "MOST_IN_TURN", 0)
    assert [seeds.search(question) for question in questions] == before


def test_questions_in_a_batch_find_what_each_finds_alone(seeds: Dossier) -> None:
    questions = ["Who attended the summit on peacekeeping?", "helicopters", "Where do women serve in operations?"]
    together = seeds.search_batch(questions, k=3)
    for hits, question in zip(together, questions, strict=True):
        alone = seeds.search(question, k=3)
        assert [(hit.passage, hit.sentence) for hit in hits] == [(hit.passage, hit.sentence) for hit in alone]
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in alone], abs=5e-4)
    assert seeds.search_batch([]) == []
    with pytest.raises(InputError, match="a list"):
        seeds.search_batch("Who came?")
    with pytest.raises(InputError, match="empty"):
        seeds.search_batch(["Who came?", " "])


def test_an_index_can_be_built_without_token_vectors(tmp_path: Path, corpus: Path) -> None:
    build(corpus, tmp_path / "index", settings=Settings(tokens=False))
    dossier = Dossier.open(tmp_path / "index")
    assert dossier.index.tokens is None
    assert dossier.search("Who put up the bridge?")[0].passage.path == "bridge.txt"


def test_token_vectors_keep_their_cosines_in_64_bytes(seeds: Dossier) -> None:
    tokens = seeds.index.tokens
    assert tokens is not None
    asked = seeds.embedder.embed_question_tokens("The ferry carried the mail until the bridge was built.")
    codes = tokens.projection.encode(asked.tokens)
    assert codes.shape == (len(asked.spans), 64)
    alone = TokenVectors(codes, np.array([0, len(codes)]), tokens.projection)
    weights = np.ones(len(codes), np.float32)
    likeness, _ = alone.similarities(alone.project(asked.tokens), weights, np.array([0]), np.array([1]))
    assert likeness[0] == pytest.approx(1, abs=0.06)
