"""Duplicates: what is said twice is found, whatever else there is, and nothing else is."""

from __future__ import annotations

import random

import numpy as np
import pytest

from dossier.indexing.duplicates import find_duplicates, signature
from dossier.records import Document, Duplicate, Section, Source

WORDS = [f"word{number}" for number in range(400)]


def documents(*texts: str) -> list[Document]:
    named = ((f"{number:03}.txt", text) for number, text in enumerate(texts))
    return [Document(Source(path, ""), text, (Section(0, len(text)),)) for path, text in named]


def found(*texts: str) -> dict[str, Duplicate]:
    return find_duplicates(documents(*texts), np.stack([signature(text) for text in texts]))


def words(count: int, seed: int) -> list[str]:
    return random.Random(seed).choices(WORDS, k=count)  # noqa: S311 - a story needs no secrets


def test_white_space_makes_no_difference_and_a_word_does() -> None:
    assert found("One  bee.\n", "One bee.", "Two bees.") == {"001.txt": Duplicate("000.txt", True, 1.0)}


def test_the_first_is_the_original_of_all_and_a_chain_does_not_drift() -> None:
    text = words(200, seed=1)
    drift = [" ".join(["new"] * number + text[number:]) for number in (0, 8, 16, 24, 32)]
    originals = {path: duplicate.original for path, duplicate in found(*drift).items()}
    assert originals == {"001.txt": "000.txt", "003.txt": "002.txt"}


@pytest.mark.parametrize(("changed", "alike"), [(0, True), (1, True), (9, True), (60, False), (500, False)])
def test_likeness_is_the_part_of_the_shingles_that_is_shared(changed: int, alike: bool) -> None:
    text = words(500, seed=2)
    other = text[: 500 - changed] + ["different"] * changed
    likeness = found(" ".join(text), " ".join(other))
    assert bool(likeness) is alike
    if alike:
        distinct = 496 - changed
        assert likeness["001.txt"].likeness == pytest.approx(distinct / (496 + min(changed, 5)), abs=0.002)


def test_signatures_agree_as_often_as_shingles_are_shared() -> None:
    one, other = words(2_000, seed=3), words(1_000, seed=3) + words(1_000, seed=4)
    agreement = float((signature(" ".join(one)) == signature(" ".join(other))).mean())
    assert agreement == pytest.approx(1 / 3, abs=0.2)


def test_texts_without_words_are_told_apart() -> None:
    assert list(found("?!", "—", "", "?!", "。")) == ["003.txt"]


def test_many_letters_of_one_form_are_found_quickly_to_differ() -> None:
    form = words(90, seed=5)
    letters = [" ".join([*form[:45], *words(6, seed=number), *form[45:]]) for number in range(600)]
    assert found(*letters) == {}
