"""The machine's limits: how fast it multiplies matrices of the model's shapes, and how fast it moves memory."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

# all-MiniLM-L6-v2: a layer multiplies each token by four square matrices, and to four times its width and back.
WIDTH, WIDE, SQUARES = 384, 1536, 4
MFLOP_PER_TOKEN = 22  # of its six layers, attention with it
ROWS = (512, 2048, 8192)  # tokens at a time; the best number counts


def limits() -> dict[str, Any]:
    """What the processor is called and its rates: GFLOP/s of all cores, GB/s that are read and written in copying."""
    import torch

    block = np.ones(1 << 26, np.float32)
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "fp32_gflops": max(_matrix_rate(torch.float32, rows) for rows in ROWS),
        "bf16_gflops": max(_matrix_rate(torch.bfloat16, rows) for rows in ROWS),
        "memory_gb_per_s": 2 * block.nbytes / _seconds(lambda: block.copy()) / 1e9,
    }


def _matrix_rate(kind: Any, rows: int) -> float:
    import torch

    tokens, wide = torch.randn(rows, WIDTH).to(kind), torch.randn(rows, WIDE).to(kind)
    square, outward, back = (torch.randn(shape).to(kind) for shape in ((WIDTH, WIDTH), (WIDTH, WIDE), (WIDE, WIDTH)))

    def layer() -> None:
        for _ in range(SQUARES):
            tokens @ square
        tokens @ outward
        wide @ back

    return 2 * rows * (SQUARES * WIDTH**2 + 2 * WIDTH * WIDE) / _seconds(layer) / 1e9


def _seconds(work: Callable[[], Any]) -> float:
    """The seconds of the quickest of many runs."""
    times = []
    begun = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - begun < 1:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
