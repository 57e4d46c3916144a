"""Tokens: how long a text is, counted with tiktoken.

tiktoken downloads its own encodings at first use, so dossier brings one: ``dossier_16k``, byte-level BPE with 16,384
ranks, which `dossier.reading.train_encoding` made and ``tiktoken.get_encoding`` finds through the ``tiktoken_ext``
namespace.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import tiktoken

from dossier.errors import InputError

NAME = "dossier_16k"
RANKS = f"{NAME}.tiktoken"
# Words with the space before them, numbers by three digits, runs of signs, white space: cut so before any merge.
PATTERN = r" ?\p{L}[\p{L}\p{M}]*|['’]\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+"
# Longer texts are counted in slices: the patterns of tiktoken's own encodings panic on a very long run of white space.
SLICE = 4096


def own_encoding_arguments() -> dict[str, Any]:
    """The arguments of ``tiktoken.Encoding`` for ``dossier_16k``.

    tiktoken's own loader would keep a copy by the file's name in the folder for temporary files, and read that one ever
    after, whatever becomes of the file.
    """
    lines = (files("dossier.reading") / RANKS).read_bytes().splitlines()
    return {
        "name": NAME,
        "pat_str": PATTERN,
        "mergeable_ranks": {b64decode(token): int(rank) for token, rank in map(bytes.split, lines)},
        "special_tokens": {},
    }


def vocabulary_texts(texts: int, words: int) -> list[str]:
    """Texts of so many common English words each, in no order that means anything; always the same.

    A model shows on them what its token vectors are like, whatever corpus they will come from.
    """
    encoding = tiktoken.get_encoding(NAME)
    tokens = (encoding.decode_single_token_bytes(rank) for rank in range(256, encoding.n_vocab))
    common = [token[1:].decode() for token in tokens if token[:1] == b" " and token[1:].isalpha() and token.isascii()]
    spread = 7919  # a prime, so that neighbours come from all over the list
    return [
        " ".join(common[(text * words + word) * spread % len(common)] for word in range(words)) for text in range(texts)
    ]


@cache
def token_counter(encoding: str) -> Callable[[Sequence[str]], list[int]]:
    """A function from texts to their numbers of tokens in a tiktoken encoding.

    Raises `InputError` where tiktoken knows no such encoding, or can't download one of its own.
    """
    try:
        found = tiktoken.get_encoding(encoding)
    except ValueError:
        names = ", ".join(tiktoken.list_encoding_names())
        raise InputError(f"tiktoken knows no encoding {encoding!r}. Give one of: {names}.") from None
    except OSError as error:  # requests' errors are such
        raise InputError(
            f"tiktoken could not download its encoding {encoding!r} ({type(error).__name__}). "
            f"Connect to the network once, or use {NAME!r}, which needs none."
        ) from error

    def count_one(text: str) -> int:
        return sum(len(found.encode_ordinary(text[at : at + SLICE])) for at in range(0, len(text), SLICE))

    def count(texts: Sequence[str]) -> list[int]:
        return [count_one(text) for text in texts]

    return count
