"""Metrics: when a passage counts as right, and figures that can be computed by hand."""

from __future__ import annotations

import math

import pytest

from dossier import Hit, Parts, Passage
from dossier.evaluation.gold import Quote, holds, marks
from dossier.evaluation.metrics import auroc, mean, ndcg, recall


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("He said: “ten red boats” — twice.", True),
        ("HE SAID: ten red boats twice.", False),
        ('said: "ten  red\nboats" - tw', True),
        ("ten red boats", False),
    ],
    ids=["as it is", "other letters", "four fifths, typed otherwise", "less than four fifths"],
)
def test_a_passage_holds_a_quote_if_it_has_four_fifths_of_it(text: str, held: bool) -> None:
    passage = Passage("a.txt", text, 0, len(text), 1, 1, ((0, len(text)),))
    assert holds(passage, Quote("a.txt", "said: “ten red boats” — twice")) is held
    assert not holds(passage, Quote("b.txt", text))


def test_the_marked_sentence_is_right_where_it_overlaps_the_evidence() -> None:
    text = "One  bird flew. Two cats sat. One bird flew."
    passage = Passage("a.txt", text, 100, 100 + len(text), 1, 1, ((100, 115), (116, 129), (130, 144)))
    found = [
        marks(Hit(passage, 1, sentence, Parts(1, 0, 0, 0, 0), ()), Quote("a.txt", "One bird flew."))
        for sentence in passage.sentences
    ]
    assert found == [True, False, True]


def test_metrics_by_hand() -> None:
    assert ndcg(["b", "a"], {"a": 1, "c": 1}, 10) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert ndcg(["a", "b"], {"a": 1, "b": 3}, 10) == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))
    assert ndcg([], {"a": 1}, 10) == 0
    assert recall(["a", "b", "c"], {"a": 1, "c": 1, "d": 1}, 2) == pytest.approx(1 / 3)
    assert auroc([0.9, 0.4], [0.4, 0.1]).value == pytest.approx((2 + 1.5) / 4)
    half = mean([0, 1] * 50)
    assert half.value == 0.5
    assert (half.low, half.high) == (pytest.approx(0.4, abs=0.02), pytest.approx(0.6, abs=0.02))
    assert mean([1, 1]) == mean([1, 1])
