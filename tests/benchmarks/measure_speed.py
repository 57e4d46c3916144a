"""Speed: time and memory against size, beside the machine's own limits, all measured in one run.

    python tests/benchmarks/measure_speed.py [--sizes 1000 10000 100000] [--files 300] [--documents seeds] [--peer]
                                             [--seed 1] [--place FOLDER] [--output speed.json] [--plot speed.png]

Four tables, printed and kept as JSON with ``--output``:

- *machine*: the fp32 matrix rate of one thread pool and the rate at which memory is read and written.
- *embedding*: passages of resampled sentences go through the model. With ``--peer`` the same texts go through the
  default ``encode`` of sentence-transformers in turns, so that ratios hold on a busy machine too.
- *sizes*: whole indexes, each built, opened and asked in processes of its own, from folders of small files of resampled
  sentences. Vectors are drawn around real ones (`drawn.py`), so that the index is measured and not the model, which
  embeds the questions alone. A question is timed as a whole, for the first time and again, without the reader, which
  takes as long at any size.
  Beside the nearest vectors stands brute force, one product of all in NumPy; recall is that of the nearest ten.
- *journey*: a folder of small files is built with the model, built again with nothing and with one file changed, and
  asked.

The same seed makes the same texts and vectors. ``--plot`` wants matplotlib.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
from corpora import SEEDS, questions_of, sentences_of, texts_of
from drawn import Drawn
from peers.measuring import mapped_memory, own_memory

from dossier import BuildReport, Dossier, Settings, build
from dossier.indexing.building import build_index
from dossier.indexing.embedding import Embedder, load_embedder
from dossier.indexing.generations import one_builder
from dossier.records import Limits
from dossier.settings import NO_READER

# Vectors are drawn around so many; a file has so many paragraphs, each of about a passage's length.
REAL, QUESTIONS, PARAGRAPHS = 256, 30, 20


def main() -> None:
    options = _parser().parse_args()
    sentences = sentences_of(options.documents)
    embedder = load_embedder(Settings().model)
    found: dict[str, Any] = {"machine": _machine(), "embedding": _embedding(embedder, sentences, options)}
    asked = questions_of(sentences, QUESTIONS, options.seed + 2)
    found["sizes"] = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=options.place) as name:
            _write(Path(name) / "folder", texts_of(sentences, size, options.seed))
            around, row = texts_of(sentences, REAL, options.seed + 1), {}
            for step in ("build", "nothing_changed", "one_changed"):
                if step == "one_changed":
                    next((Path(name) / "folder").rglob("*.txt")).write_text("The ferryman kept bees.", encoding="utf-8")
                row |= _alone(_build, Path(name), around, step)
            found["sizes"].append(row | _alone(_ask, Path(name), asked))
    found["journey"] = _journey(sentences, asked, options)
    _show(found)
    if options.output:
        Path(options.output).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        _plot(found["sizes"], options.plot)


def _alone(work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """What comes of some work in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *given).result()


def _machine() -> dict[str, Any]:
    matrix = np.random.default_rng(0).standard_normal((2048, 2048)).astype(np.float32)
    block = np.ones(1 << 26, np.float32)
    product, copy = _median(lambda: matrix @ matrix, 5), _median(lambda: block.copy(), 5)
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "fp32_matrix_gflops": round(2 * 2048**3 / product / 1e9, 1),
        "memory_copy_gb_per_s": round(2 * block.nbytes / copy / 1e9, 2),
    }


def _embedding(embedder: Embedder, sentences: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """Passages a second, in batches that alternate between the ways."""
    ways: dict[str, Callable[[list[str]], Any]] = {"dossier": lambda texts: _embed(embedder, texts)}
    if options.peer:
        from sentence_transformers import SentenceTransformer

        from dossier.indexing.weights import find_model

        ways["sentence_transformers_encode"] = SentenceTransformer(str(find_model(Settings().model, False).path)).encode
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for run in range(5):
        texts = texts_of(sentences, 64, options.seed + 10 + run)
        for way, embed in ways.items():
            spent[way].append(_seconds(partial(embed, texts)))
    found = {f"{way}_passages_per_s": round(64 / float(np.median(times[1:])), 1) for way, times in spent.items()}
    if options.peer:
        ratios = np.divide(spent["sentence_transformers_encode"][1:], spent["dossier"][1:])
        found["ratio"] = round(float(np.median(ratios)), 2)
    return found


def _write(folder: Path, texts: Sequence[str]) -> None:
    """Some texts as paragraphs of files in folders of a thousand."""
    for number, begin in enumerate(range(0, len(texts), PARAGRAPHS)):
        file = folder / f"{number // 1000:04}" / f"{number:06}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n\n".join(texts[begin : begin + PARAGRAPHS]), encoding="utf-8")


def _build(place: Path, texts: Sequence[str], step: str) -> dict[str, Any]:
    """What it takes to bring the index of a folder up to date; most memory is that of the process itself."""
    embedder = Drawn(load_embedder(Settings().model), texts)
    begun, spent, most, done = time.perf_counter(), time.process_time(), [own_memory()], Event()

    def watch() -> None:
        while not done.wait(0.1):
            most.append(max(own_memory(), most.pop()))

    watching = Thread(target=watch)
    watching.start()
    report = _built(place, embedder)
    took, worked = time.perf_counter() - begun, time.process_time() - spent
    done.set()
    watching.join()
    newest = max((place / "index" / "generations").iterdir())
    written = sum(file.stat().st_size for file in newest.rglob("*") if file.is_file())
    found = {f"{step}_s": round(took, 2), f"{step}_cpu_s": round(worked, 2), f"{step}_mb": round(most[0])}
    return {"passages": report.passages, "bytes_per_passage": round(written / report.passages), **found}


def _built(place: Path, embedder: Drawn) -> BuildReport:
    settings = Settings()
    with one_builder(place / "index"):
        return build_index(
            [place / "folder"],
            place / "index",
            embedder=embedder,
            encoding=settings.encoding,
            max_tokens=settings.max_tokens,
            overlap=settings.overlap,
            tokens=settings.tokens,
            reader=NO_READER,
            reader_weights="",
            vectors=settings.vectors,
            limits=Limits(settings.seconds_per_file, settings.megabytes_per_file),
            kept=1,
        )


def _ask(place: Path, asked: Sequence[str]) -> dict[str, Any]:
    """What a question costs; brute force comes last, since the threads it wakes stand in the way of all others."""
    begun = time.perf_counter()
    dossier = Dossier.open(place / "index")
    opened = time.perf_counter() - begun
    dossier.search(asked[0])
    whole, again = ([_seconds(partial(dossier.search, text)) for text in asked] for _ in range(2))
    held = {"own_mb": round(own_memory()), "mapped_mb": round(mapped_memory())}
    dense, lexical = dossier.index.dense, dossier.index.lexical
    questions = [dossier.embedder.embed_question(text) for text in asked]
    embed_times = [_seconds(partial(dossier.embedder.embed_question, text)) for text in asked]
    rankings = [dense.rank(question, 64) for question in questions]
    dense_times = [_seconds(partial(dense.rank, question, 64)) for question in questions]
    lexical_times = [_seconds(partial(lexical.rank, text, 64)) for text in asked]
    vectors = dense.vectors()
    brute_times = [_seconds(partial(_brute_force, vectors, question)) for question in questions]
    nearest = [_brute_force(vectors, question) for question in questions]
    shared = [len(np.intersect1d(one.rows[:10], best)) / 10 for one, best in zip(rankings, nearest, strict=True)]
    times = {
        "search": whole,
        "again": again,
        "embed": embed_times,
        "dense": dense_times,
        "lexical": lexical_times,
        "brute": brute_times,
    }
    return {
        "kind": dense.kind,
        "open_s": round(opened, 3),
        **{f"{name}_ms": round(1e3 * float(np.median(each)), 3) for name, each in times.items()},
        "search_p95_ms": round(1e3 * float(np.quantile(whole, 0.95)), 3),
        "recall_at_10": round(float(np.mean(shared)), 4),
        **held,
    }


def _brute_force(vectors: np.ndarray, question: np.ndarray) -> np.ndarray:
    """The ten nearest of all vectors."""
    return np.argpartition(-(vectors @ question), 10)[:10]


def _journey(sentences: Sequence[str], asked: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of the processor for each build, and the milliseconds of a warm question."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, index = Path(name) / "folder", Path(name) / "index"
        folder.mkdir()
        for number, text in enumerate(texts_of(sentences, options.files, options.seed + 3)):
            (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
        found: dict[str, Any] = {"files": options.files}
        for step in ("fresh", "nothing_changed", "one_changed"):
            if step == "one_changed":
                (folder / "000000.txt").write_text("The ferryman kept bees and wrote it down.", encoding="utf-8")
            begun = time.process_time()
            found["passages"] = build(folder, index).passages
            found[f"{step}_cpu_s"] = round(time.process_time() - begun, 2)
        dossier = Dossier.open(index)
        dossier.ask(asked[0])
        found["ask_ms"] = round(1e3 * float(np.median([_seconds(partial(dossier.ask, q)) for q in asked])), 2)
        return found


def _embed(embedder: Embedder, texts: list[str]) -> np.ndarray:
    return embedder.embed_passages(texts, [[(0, len(text))] for text in texts]).passages


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _median(work: Callable[[], Any], times: int) -> float:
    return float(np.median([_seconds(work) for _ in range(times)]))


def _show(found: dict[str, Any]) -> None:
    for table in ("machine", "embedding", "journey"):
        _line(f"{table}: " + ", ".join(f"{name} {value}" for name, value in found[table].items()))
    for row in found["sizes"]:
        _line("sizes: " + ", ".join(f"{name} {value}" for name, value in row.items()))


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _plot(rows: Sequence[dict[str, Any]], path: str) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    sizes = [row["passages"] for row in rows]
    figure, (time_axis, memory_axis) = pyplot.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
    for name in ("search_ms", "dense_ms", "lexical_ms", "brute_ms"):
        time_axis.loglog(sizes, [row[name] for row in rows], marker="o", label=name.removesuffix("_ms"))
    time_axis.set(xlabel="passages", ylabel="one question, ms")
    time_axis.legend()
    for name in ("build_mb", "own_mb", "mapped_mb"):
        memory_axis.loglog(sizes, [row[name] for row in rows], marker="o", label=name.replace("_", " "))
    memory_axis.set(xlabel="passages", ylabel="most memory, MB")
    memory_axis.legend()
    figure.savefig(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure time and memory against size; see the top of this file.")
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--place", metavar="FOLDER", help="where indexes are built; a million passages want 40 GB")
    parser.add_argument("--documents", default=str(SEEDS))
    parser.add_argument("--peer", action="store_true", help="embed with sentence-transformers' encode as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", metavar="FILE")
    parser.add_argument("--plot", metavar="FILE")
    return parser


if __name__ == "__main__":
    main()
