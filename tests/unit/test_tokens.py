"""Tokens: the encoding that comes with dossier, and how it was made."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st
from tiktoken.load import load_tiktoken_bpe

from dossier.errors import InputError
from dossier.reading.tokens import NAME, PATTERN, RANKS, own_encoding_arguments, token_counter
from dossier.reading.train_encoding import train_ranks, write_ranks

SEEDS = Path(__file__).parents[2] / "seeds"


def test_tiktoken_finds_our_encoding_by_name() -> None:
    encoding = tiktoken.get_encoding(NAME)
    assert encoding.n_vocab == 16_384
    assert NAME in tiktoken.list_encoding_names()


def test_our_encoding_is_read_from_its_file_and_no_copy_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    ranks = own_encoding_arguments()["mergeable_ranks"]
    assert not list(tmp_path.iterdir())
    assert ranks == load_tiktoken_bpe(str(files("dossier.reading") / RANKS))


@given(st.text())
def test_any_text_is_encoded_without_loss(text: str) -> None:
    encoding = tiktoken.get_encoding(NAME)
    assert encoding.decode(encoding.encode_ordinary(text)) == text


def test_english_takes_about_four_letters_a_token() -> None:
    text = (SEEDS / "001_7d41f65cd8bedaec.txt").read_text(encoding="utf-8")
    assert 4 < len(text) / token_counter(NAME)([text])[0] < 6


@pytest.mark.parametrize("text", ["a" * 200_000, " " * 200_000, "\n" * 200_000, "!" * 200_000, "你" * 50_000])
def test_a_monotonous_text_is_counted_and_does_not_break_the_counter(text: str) -> None:
    assert 0 < token_counter(NAME)([text])[0] <= len(text.encode())


def test_an_unknown_encoding_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=NAME):
        token_counter("nonsense")


def test_trained_ranks_are_the_bytes_and_then_the_merges(tmp_path: Path) -> None:
    ranks = train_ranks(["low lower lowest low low newer newest"] * 5, 270)
    assert ranks[:256] == [bytes([value]) for value in range(256)]
    assert b" low" in ranks[256:]

    path = tmp_path / "small.tiktoken"
    write_ranks(ranks, path)
    encoding = tiktoken.Encoding(
        "small", pat_str=PATTERN, mergeable_ranks=load_tiktoken_bpe(str(path)), special_tokens={}
    )
    assert encoding.decode_single_token_bytes(encoding.encode(" low")[0]) == b" low"


def test_the_same_texts_train_the_same_ranks() -> None:
    texts = [(SEEDS / "004_f71b631b5db36ea5.txt").read_text(encoding="utf-8")]
    assert train_ranks(texts, 400) == train_ranks(texts, 400)
