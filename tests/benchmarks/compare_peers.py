"""dossier beside LangChain, LlamaIndex, Chroma, txtai and Haystack: one model, one machine, one run.

    python tests/benchmarks/compare_peers.py [--sizes 250 750] [--vectors 1000 10000 100000] [--rounds 1]
                                             [--only NAME ...] [--environments DIR] [--seed 1] [--seconds 120]
                                             [--output peers.json] [--plot speed.png]

Each system runs as its documented quickstart does (`peers/with_NAME.py`), with the defaults of that but for the model,
which is the one that comes with dossier, in processes and an environment of its own; what is missing of those is made
first, and wants the network. The systems take turns in each step, so that ratios hold on a busy machine too:

- *files*: for each of the ``--sizes``, a folder of so many files of four resampled sentences becomes an index on disk,
  and the same given texts are embedded. Then another process opens that index and asks it.
- *vectors*: for each of the ``--vectors``, so many vectors around real ones are indexed and asked for the nearest ten,
  so that the index is measured and not the model. What takes more than ``--seconds`` is given up.

The machine's own limits are measured before and after, and the better of both counts. The figures are kept by
``--output`` and drawn by ``--plot``, which wants matplotlib; the table is printed as Markdown. On two quiet cores it
takes about twelve minutes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from comparison_table import summary, table
from corpora import SEEDS, sentences_of, texts_of, vectors_around
from environments import DOSSIER, PEERS, WANTED, default_folder, prepare, python_of, variables_of
from machine import limits
from peers.measuring import BEGUN, MODEL, TOGETHER

from dossier.indexing.embedding import load_embedder
from dossier.indexing.weights import find_model

EACH, TEXTS, QUESTIONS, REAL = 4, 3 * TOGETHER, 41, 256
WARM_UP = 20  # files of a folder that nobody's time is taken for: libraries are compiled, models converted
NEAREST = 10


def main() -> None:
    parser = _parser()
    options = parser.parse_args()
    if options.plot and find_spec("matplotlib") is None:
        parser.error("--plot wants matplotlib. Type: pip install matplotlib")
    ways = [DOSSIER, *(options.only or WANTED)]
    model = find_model("minilm", False).path
    for way in ways:
        prepare(way, options.environments, model)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        comparison = Comparison(Path(name), options, ways, model)
        found = {"machine": [_limits()], "files": comparison.files(), "vectors": comparison.vectors()}
        found["machine"].append(_limits())
    found |= {"tokens_per_text": comparison.tokens_per_text, "packages": {way: WANTED.get(way) for way in ways}}
    found["summary"] = summary(found)
    sys.stdout.write(table(found))
    if options.output:
        Path(options.output).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        from comparison_plot import plot

        plot(found, options.plot)


class Comparison:
    """Some systems on the same texts and vectors, which are kept in a folder as long as it lasts."""

    def __init__(self, folder: Path, options: argparse.Namespace, ways: list[str], model: Path) -> None:
        self.folder, self.options, self.ways, self.model = folder, options, ways, model
        seed = options.seed
        sentences = sentences_of(str(SEEDS))
        self.sizes = {size: texts_of(sentences, size, seed, EACH) for size in [WARM_UP, *options.sizes]}
        self.texts = texts_of(sentences, TEXTS, seed + 1, EACH)
        self.questions = texts_of(sentences, QUESTIONS, seed + 2, 1)
        self.real = texts_of(sentences, REAL, seed + 3, EACH)
        embedder = load_embedder("minilm")
        self.tokens_per_text = sum(embedder.count_tokens(self.texts)) / TEXTS + 2  # with those that the model adds

    def files(self) -> list[dict[str, Any]]:
        """A row for each round, size and system; the vectors' worst cosine with those of LangChain is among it."""
        for way in self.ways:
            self._from_files(way, WARM_UP, self.texts[:WARM_UP])
        rounds = [(turn, size) for turn in range(self.options.rounds) for size in self.options.sizes]
        rows = []
        for number, (_, size) in enumerate(rounds):
            rows += [{"round": number, **self._from_files(way, size, self.texts)} for way in self.ways]
        cosines = {way: self._worst_cosine(way) for way in self.ways}
        return [row | {"worst_cosine": cosines[row["way"]]} for row in rows]

    def vectors(self) -> list[dict[str, Any]]:
        """A row for each number of vectors and each system; what is given up has no figures."""
        embedder = load_embedder("minilm")
        real = embedder.embed_passages(self.real, [[(0, len(text))] for text in self.real]).passages
        asked = vectors_around(real, QUESTIONS, self.options.seed + 5)
        np.save(self.folder / "asked.npy", asked)
        rows = []
        for size in self.options.vectors:
            vectors = vectors_around(real, size, self.options.seed + 4)
            np.save(self.folder / "held.npy", vectors)
            nearest = np.argsort(-(asked @ vectors.T), axis=1)[:, :NEAREST]
            given = {"vectors": str(self.folder / "held.npy"), "questions": str(self.folder / "asked.npy")}
            for way in self.ways:
                found = self._step(way, "search", given)
                pairs = zip(found.pop("nearest", []), nearest, strict=False)
                shared = [len(np.intersect1d(one, best)) / NEAREST for one, best in pairs]
                rows.append({"way": way, "vectors": size, **found, "recall": _mean(shared)})
        return rows

    def _from_files(self, way: str, size: int, texts: list[str]) -> dict[str, Any]:
        folder = self.folder / f"files-{size}"
        if not folder.exists():
            folder.mkdir()
            for number, text in enumerate(self.sizes[size]):
                (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
        with tempfile.TemporaryDirectory(dir=self.folder, ignore_cleanup_errors=True) as name:
            index = str(Path(name) / "index")
            given = {"folder": str(folder), "index": index, "texts": texts, "vectors": str(self.folder / f"{way}-")}
            built = self._step(way, "build", given)
            asked = self._step(way, "ask", {"index": index, "questions": self.questions})
        return {"way": way, "files": size, **built, **asked}

    def _step(self, way: str, step: str, given: dict[str, Any]) -> dict[str, Any]:
        """What a step of a system says of itself; how long it was waited for, where that was too long."""
        (self.folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
        command = [python_of(way, self.options.environments), str(PEERS / f"with_{way}.py"), step]
        variables = variables_of(way) | {MODEL: str(self.model), BEGUN: repr(time.time())}
        variables |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder))  # so that what they leave goes with it
        limit = self.options.seconds if step == "search" else None
        try:
            done = subprocess.run(
                [*command, str(self.folder / "given.json")],
                env=variables,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"given_up_after_s": limit}
        if done.returncode:
            raise SystemExit(f"{way} could not {step}:\n{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        size = given.get("folder", given.get("index", given.get("vectors")))
        figures = {name: round(value, 3) for name, value in found.items() if isinstance(value, (int, float))}
        sys.stderr.write(f"{way} {step} {Path(size).name}: {figures}\n")
        return found

    def _worst_cosine(self, way: str) -> float | None:
        """The least cosine of a system's vector of a text and that of the reference, fp32 in sentence-transformers."""
        parts = [sorted(self.folder.glob(f"{one}-[0-9]*.npy")) for one in (way, "langchain")]
        if not all(parts):
            return None
        one, other = (np.concatenate([np.load(file) for file in files]) for files in parts)
        lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
        return float(np.min(np.sum(one * other, axis=1) / lengths))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _limits() -> dict[str, Any]:
    """The machine's limits, measured in a process of its own, whose threads end with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(limits).result()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Compare dossier with its peers; see the top of this file.")
    parser.add_argument("--sizes", nargs="+", type=int, default=[250, 750], help="files that are built and asked")
    parser.add_argument("--vectors", nargs="*", type=int, default=[1_000, 10_000, 100_000], help="sizes of the index")
    parser.add_argument("--rounds", type=int, default=1, help="how often each size is built")
    parser.add_argument("--only", nargs="+", choices=WANTED, metavar="NAME", help=f"of {', '.join(WANTED)}")
    parser.add_argument("--environments", type=Path, default=default_folder(), metavar="DIR")
    parser.add_argument("--seconds", type=float, default=120, help="an index of vectors that takes longer is given up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", metavar="FILE")
    parser.add_argument("--plot", metavar="FILE")
    return parser


if __name__ == "__main__":
    main()
