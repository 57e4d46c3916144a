"""Measuring: what one step of one system costs, printed as a line of JSON.

A system runs as `python with_NAME.py STEP GIVEN`, GIVEN being a JSON file. Times count from the moment at which the
process was started, which stands in the environment, so that nobody's imports are free.

- *build*: a folder of text files becomes an index on disk; then given texts are embedded, several times.
- *ask*: the index is opened and asked; the first answer is the cold one.
- *search*: given vectors become an index, which is asked for those next to other vectors.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BEGUN = "BENCHMARK_BEGUN"
MODEL = "BENCHMARK_MODEL"
MOST_SECONDS_ASKING = 5.0
TOGETHER = 48  # texts that are given to be embedded

Build = Callable[[str, str], int]
Open = Callable[[str], Callable[[str], Sequence[str]]]
Embed = Callable[[list[str]], Any]
Index = Callable[[list[str], Any], Callable[[Any], Sequence[str]]]


def measure(build: Build, open_index: Open, embed: Embed, index_vectors: Index) -> None:
    """Take the step that the command line names.

    ``build(folder, index)`` says how many passages it made, ``open_index(index)`` gives what answers a question with
    texts, ``embed(texts)`` the vectors of texts, and ``index_vectors(texts, vectors)`` what names the texts whose
    vectors are next to another.
    """
    step, given = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    if step == "build":
        found = _build(build, embed, **given)
    elif step == "ask":
        found = _ask(open_index, **given)
    else:
        found = _search(index_vectors, **given)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # what a store does when its interpreter ends is not measured, and may take long


def _build(build: Build, embed: Embed, folder: str, index: str, texts: list[str], vectors: str) -> dict[str, Any]:
    passages = build(folder, index)
    found = {"build_s": _since_start(), "build_cpu_s": _processor_seconds(), "passages": passages}
    found |= {"build_mb": most_memory(), "disk_mb": _size(Path(index)) / 1e6}
    import numpy as np

    embed(texts[:8])
    times = []
    for begin in range(0, len(texts), TOGETHER):
        begun = time.perf_counter()
        made = np.asarray(embed(texts[begin : begin + TOGETHER]), np.float32)
        times.append(time.perf_counter() - begun)
        np.save(f"{vectors}{begin:04}.npy", made)
    return found | {"embedded_per_s": TOGETHER / _middle(times)}


def _ask(open_index: Open, index: str, questions: list[str]) -> dict[str, Any]:
    ask = open_index(index)
    answers = ask(questions[0])
    found = {"cold_s": _since_start(), "cold_cpu_s": _processor_seconds(), "answers": len(answers)}
    times = _times(ask, questions[1:])
    return found | {"ask_ms": _middle(times), "ask_p95_ms": _late(times), "ask_mb": most_memory()}


def _search(index_vectors: Index, vectors: str, questions: str) -> dict[str, Any]:
    import numpy as np

    held, asked = np.load(vectors), np.load(questions)
    texts = [str(row) for row in range(len(held))]
    begun, spent = time.perf_counter(), _processor_seconds()
    ask = index_vectors(texts, held)
    found = {"build_s": time.perf_counter() - begun, "build_cpu_s": _processor_seconds() - spent}
    nearest = [[int(text) for text in ask(question)][:10] for question in asked[:1]]
    times = _times(lambda question: nearest.append([int(text) for text in ask(question)][:10]), asked[1:])
    return found | {
        "ask_ms": _middle(times),
        "ask_p95_ms": _late(times),
        "memory_mb": most_memory(),
        "nearest": nearest,
    }


def most_memory() -> float:
    """The most memory that this process has held, in megabytes, files that are mapped among it; 0 except on Linux."""
    return _memory("VmHWM")


def own_memory() -> float:
    """The memory that this process holds now, in megabytes, without files that are mapped; 0 except on Linux."""
    return _memory("RssAnon")


def mapped_memory() -> float:
    """The megabytes of mapped files that lie in memory for this process now, which the system may take back."""
    return _memory("RssFile")


def _memory(what: str) -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    found = re.search(rf"{what}:\s+(\d+) kB", status.read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def _times(ask: Callable[[Any], Any], questions: Sequence[Any]) -> list[float]:
    """The milliseconds of each question, of as many as can be asked in some seconds, in order of length."""
    times: list[float] = []
    begun = time.perf_counter()
    for question in questions:
        asked = time.perf_counter()
        ask(question)
        times.append(1e3 * (time.perf_counter() - asked))
        if time.perf_counter() - begun > MOST_SECONDS_ASKING:
            break
    return sorted(times)


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def _late(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[min(int(0.95 * len(times)), len(times) - 1)]


def _since_start() -> float:
    return time.time() - float(os.environ[BEGUN])


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _size(index: Path) -> int:
    """The bytes of a file, or of all in a folder."""
    return sum(file.stat().st_size for file in [index, *index.rglob("*")] if file.is_file())
