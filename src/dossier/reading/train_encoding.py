"""Trains a byte-level BPE encoding on text and writes it in tiktoken's format; this is how ``dossier_16k`` was made.

    python -m dossier.reading.train_encoding TEXT... --out RANKS.tiktoken

A TEXT is a text file, or a JSON Lines file whose objects have a ``text``. The same texts give the same ranks.
"""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from dossier.reading.tokens import PATTERN


def train_ranks(texts: Iterable[str], size: int) -> list[bytes]:
    """The tokens of an encoding in the order of their ranks: the 256 bytes, then the merges as they were learnt."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)

    letters = _byte_letters()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    ranks = [bytes([value]) for value in range(256)]
    ranks += [bytes(letters[letter] for letter in left + right) for left, right in merges]
    return list(dict.fromkeys(ranks))  # two ways to the same bytes share the earlier rank


def _byte_letters() -> dict[str, int]:
    """Which byte each letter of the byte-level alphabet stands for (the mapping is GPT-2's)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [value for value in range(256) if value not in set(printable)]
    shown = {chr(value): value for value in printable}
    return shown | {chr(0x100 + place): value for place, value in enumerate(others)}


def write_ranks(ranks: Iterable[bytes], path: Path) -> None:
    """Write an encoding as tiktoken reads it: a line a token, its bytes in base64 and its rank."""
    lines = [f"{base64.b64encode(token).decode()} {rank}\n" for rank, token in enumerate(ranks)]
    path.write_text("".join(lines), encoding="ascii", newline="\n")


def _read(path: Path) -> Iterator[str]:
    if path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    else:
        yield path.read_text(encoding="utf-8")


def main() -> None:
    """Train an encoding from the command line."""
    parser = argparse.ArgumentParser(prog="python -m dossier.reading.train_encoding", description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path, metavar="TEXT")
    parser.add_argument("--ranks", type=int, default=16_384, help="size of the encoding (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    options = parser.parse_args()
    write_ranks(train_ranks((text for path in options.texts for text in _read(path)), options.ranks), options.out)


if __name__ == "__main__":
    main()
