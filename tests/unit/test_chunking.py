"""Chunking: passages are exact slices of whole sentences that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.reading.chunking import Measure, chunk
from dossier.reading.furniture import merged
from dossier.reading.sections import plain_sections
from dossier.reading.tokens import token_counter
from dossier.records import Document, Passage, Section, Source

BUDGET = 20


def measure(texts: Sequence[str]) -> list[float]:
    return [tokens / BUDGET for tokens in token_counter("dossier_16k")(texts)]


def by_words(texts: Sequence[str]) -> list[float]:
    """A passage has room for ten words."""
    return [len(text.split()) / 10 for text in texts]


def document(text: str, *sections: Section) -> Document:
    return Document(Source("a.txt", "0"), text, sections or plain_sections(text))


def passages(text: str, *sections: Section, overlap: int = 1, measure: Measure = measure) -> list[Passage]:
    return chunk(document(text, *sections), measure=measure, overlap=overlap)


def test_sentences_are_packed_until_no_more_fit_and_one_is_repeated() -> None:
    text = "One bird sang. Two birds sang. Three birds sang. Four birds sang. Five flew."
    assert [passage.text for passage in passages(text, measure=by_words)] == [
        "One bird sang. Two birds sang. Three birds sang.",
        "Three birds sang. Four birds sang. Five flew.",
    ]
    assert [passage.text for passage in passages(text, overlap=0, measure=by_words)] == [
        "One bird sang. Two birds sang. Three birds sang.",
        "Four birds sang. Five flew.",
    ]


def test_a_passage_never_crosses_a_section() -> None:
    text = "A short one. Another one."
    both = passages(text, Section(0, 13, "First"), Section(13, 25, "Second"))
    assert [(passage.text, passage.section) for passage in both] == [
        ("A short one.", "First"),
        ("Another one.", "Second"),
    ]


def test_a_sentence_that_is_too_long_is_divided_at_a_clause() -> None:
    text = "The council met in the town hall, and nobody who came spoke of the long war."
    assert [passage.text for passage in passages(text, measure=by_words)] == [
        "The council met in the town hall,",
        "and nobody who came spoke of the long war.",
    ]


@pytest.mark.parametrize("text", ["x" * 3_000, "你好" * 500, "a " * 3_000], ids=["word", "no spaces", "no clauses"])
def test_any_length_is_divided_and_nothing_is_lost(text: str) -> None:
    found = passages(text, overlap=0)
    assert max(measure([passage.text for passage in found])) <= 1
    assert "".join("".join(passage.text.split()) for passage in found) == "".join(text.split())


def test_lines_count_from_one_and_end_as_editors_see_them() -> None:
    text = "First line.\r\nSecond line.\rThird line.\nFourth line is here."
    found = passages(text, Section(0, len(text)))
    assert (found[0].first_line, found[-1].last_line) == (1, 4)


@given(
    st.text(alphabet=st.sampled_from("abcdefg    .,;!\n\n你好é“”(\u200b"), max_size=600),
    st.integers(0, 3),
    st.lists(st.tuples(st.integers(0, 600), st.integers(1, 40)), max_size=4),
)
def test_passages_are_exact_slices_that_cover_all_prose_and_fit(
    text: str, overlap: int, places: list[tuple[int, int]]
) -> None:
    spans = [(start, min(start + length, len(text))) for start, length in places if start < len(text)]
    furniture = merged(spans)
    whole = replace(document(text), furniture=furniture)
    found = chunk(whole, measure=measure, overlap=overlap)
    covered = set()
    for passage in found:
        assert text[passage.start : passage.end] == passage.text
        assert measure([passage.text])[0] <= 1
        assert (passage.sentences[0][0], passage.sentences[-1][1]) == (passage.start, passage.end)
        assert any(section.start <= passage.start and passage.end <= section.end for section in whole.sections)
        for start, end in passage.sentences:
            covered |= set(range(start, end))
    left_out = {place for start, end in furniture for place in range(start, end)}
    assert {place for place, letter in enumerate(text) if not letter.isspace()} - left_out <= covered
    assert not any(set(range(passage.start, passage.end)) & left_out for passage in found)
    assert [passage.start for passage in found] == sorted({passage.start for passage in found})
