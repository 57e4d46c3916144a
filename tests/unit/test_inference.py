"""Inference: a converted model says what the original says, needs no torch, and is made again when it is damaged."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from dossier.indexing import conversion
from dossier.indexing.conversion import open_encoder
from dossier.indexing.embedding import load_embedder, unit
from dossier.indexing.inference import Encoder, OpenVinoEncoder, TorchEncoder, load_torch
from dossier.indexing.weights import ModelFolder, find_model

FORKED = """
import os, signal
from dossier.indexing.embedding import load_embedder
model = load_embedder("minilm")
before = model.embed_question("Which bank?").tolist()
if child := os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
signal.alarm(60)
os._exit(model.embed_question("Which bank?").tolist() != before)
"""

TEXTS = ["", "river", "The bank of the river flooded; it was rebuilt in stone. " * 40, "Où? 東京 ☂"]

COLD = """
import sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"the network was asked for: {arguments}")

sys.addaudithook(watch)
from dossier.indexing.embedding import load_embedder
model = load_embedder(sys.argv[1])
model.embed_passages(["The bank of the river."], [[(0, 22)]])
model.embed_question_tokens("Which bank?")
heavy = {"torch", "transformers", "sentence_transformers", "sklearn", "scipy", "huggingface_hub"}
print(sorted(heavy & set(sys.modules)), sys.modules.get("openvino_telemetry"))
"""


def folder_of(path: Path) -> ModelFolder:
    return find_model(str(path), download=False)


def agreement(one: Encoder, other: Encoder, texts: list[str]) -> float:
    """The least cosine between what two encoders make of a text."""
    return float(np.min(np.sum(unit(one.encode(texts)) * unit(other.encode(texts)), axis=1)))


def cold(model: str) -> str:
    """What a new process says that embeds with a model and may not reach the network."""
    found = subprocess.run([sys.executable, "-c", COLD, model], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_the_converted_model_says_what_the_original_says() -> None:
    folder = find_model("minilm", download=False)
    converted, original = open_encoder(folder), TorchEncoder(load_torch(folder))
    assert isinstance(converted, OpenVinoEncoder)
    assert converted.card == original.card
    assert converted.count_tokens(TEXTS) == original.count_tokens(TEXTS)
    assert agreement(converted, original, TEXTS) > 0.99
    assert agreement(converted, original, TEXTS[1:]) > 0.997
    for ours, theirs in zip(converted.read(TEXTS), original.read(TEXTS), strict=True):
        assert ours.spans == theirs.spans
        assert len(ours.spans) == len(ours.vectors) <= 256
        assert np.min(np.sum(unit(ours.vectors) * unit(theirs.vectors), axis=1)) > 0.99


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.usefixtures("cache")
def test_a_model_of_ones_own_is_converted_too(tiny: dict[str, Path], pooling: str) -> None:
    converted, original = open_encoder(folder_of(tiny[pooling])), TorchEncoder(load_torch(folder_of(tiny[pooling])))
    assert isinstance(converted, OpenVinoEncoder)
    texts = ["the bank", "it was rebuilt in stone . " * 9]
    assert agreement(converted, original, texts) > 0.999


def test_a_model_that_rounding_would_change_too_much_keeps_its_weights(
    cache: Path, tiny: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_rounded() -> bool:
        assert isinstance(open_encoder(folder_of(tiny["mean"])), OpenVinoEncoder)
        (kept,) = (cache / "models").rglob("model.xml")
        return 'element_type="i8"' in kept.read_text("utf-8")

    assert is_rounded()
    shutil.rmtree(cache)
    monkeypatch.setattr(conversion, "LEAST_ROUNDED", 1.1)
    assert not is_rounded()


def test_a_model_that_cannot_be_converted_runs_in_torch(cache: Path, tiny: dict[str, Path]) -> None:
    assert isinstance(open_encoder(folder_of(tiny["dense"])), TorchEncoder)
    assert not cache.exists()


def test_a_model_once_converted_needs_neither_torch_nor_the_network(cache: Path, tiny: dict[str, Path]) -> None:
    assert "torch" in cold(str(tiny["mean"]))
    assert cold(str(tiny["mean"])) == "[] None"
    assert len(list((cache / "models").iterdir())) == 1


@pytest.mark.parametrize("name", ["model.bin", "sha256"])
def test_a_converted_model_that_is_damaged_is_made_again(cache: Path, tiny: dict[str, Path], name: str) -> None:
    before = load_embedder(str(tiny["mean"])).embed_question("the bank")
    (kept,) = cache.rglob(name)
    damaged = b"{}" + kept.read_bytes()[2:-9]
    kept.write_bytes(damaged)
    assert np.array_equal(load_embedder(str(tiny["mean"])).embed_question("the bank"), before)
    (again,) = cache.rglob(name)
    assert again.read_bytes() != damaged
    assert not list(cache.rglob(".unfinished*"))


def test_where_nothing_can_be_kept_that_is_said_once_and_all_else_works(
    cache: Path, tiny: dict[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("a file where a folder should be", encoding="utf-8")
    with caplog.at_level(logging.WARNING, logger="dossier"):
        model = load_embedder(str(tiny["mean"]))
        assert np.linalg.norm(model.embed_question("the bank")) == pytest.approx(1)
        model.embed_question("the river")
    assert [record.getMessage().split(" (")[0] for record in caplog.records] == [
        f"The converted model can't be kept in {cache / 'models'}"
    ]


def test_two_converters_at_once_keep_one_model(cache: Path, tiny: dict[str, Path]) -> None:
    with ThreadPoolExecutor(2) as threads:
        opened = list(threads.map(lambda _: open_encoder(folder_of(tiny["cls"])), range(2)))
    assert np.array_equal(opened[0].encode(["stone"]), opened[1].encode(["stone"]))
    assert len(list((cache / "models").iterdir())) == 1


def test_threads_that_ask_at_once_get_what_one_gets() -> None:
    model = load_embedder("minilm")
    questions = [f"What happened in {year}?" for year in range(1990, 2006)]
    alone = [model.embed_question(question) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(model.embed_question, questions))
    assert np.array_equal(together, alone)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_can_ask_as_well() -> None:
    subprocess.run([sys.executable, "-c", FORKED], check=True)
