"""Running: rows of numbers go through a converted model, a few of like length together, and each core takes a few.

A row is filled up to a length that depends on it alone, so what comes of it does not depend on what else is computed,
even where the processor computes in bfloat16.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model

# So many rows go through a model together; lengths are like up to the next multiple.
TOGETHER, STEP = 4, 16
# Where weights are in int8, what they are multiplied with is rounded too, so many numbers on a scale of their own: with
# fewer it is more exact and slower.
GROUP = 128
# What there is of each token of a text: its id, and whatever else the model wants of it.
Row = Sequence[Sequence[int]]
Requests: TypeAlias = "deque[InferRequest]"
# What a model gives for one row, an array for each of its outputs.
Computed = tuple[npt.NDArray[np.float32], ...]


class Runner:
    """A converted model, ready for whoever comes; it may be shared between threads.

    It wants the ids, the mask that this adds, and the rest of a row, each (n, tokens). No row has more than ``window``
    tokens.
    """

    def __init__(self, model: Path | Model, window: int) -> None:
        self.model = model
        self.window = window
        self._compiling = Lock()
        # By hint, and by process: a fork has none of the threads it would wait for.
        self._compiled: dict[tuple[str, int], tuple[CompiledModel, Requests]] = {}

    def compute(self, rows: Iterable[Row]) -> list[Computed]:
        """What comes of each row, in their order; of what is given for each token, as much as the row has tokens.

        A row is taken while the ones before it are computed.
        """
        compiled, idle = self._ready("THROUGHPUT")  # a stream to each core, none waits for another
        ahead = 2 * int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))  # so that no core ever waits
        taken: list[Row] = []
        done: dict[int, Computed] = {}
        gathering: defaultdict[int, list[int]] = defaultdict(list)
        running: deque[tuple[InferRequest, list[int], int]] = deque()

        def start(places: list[int], length: int) -> None:
            request = _request(compiled, idle) if len(running) < ahead else finish()
            request.start_async(_filled([taken[place] for place in places], length))
            running.append((request, places, length))

        def finish() -> InferRequest:
            request, places, length = running.popleft()
            request.wait()
            for row, place in enumerate(places):
                done[place] = _computed(request, row, len(taken[place][0]), length)
            return request

        for place, one in enumerate(rows):
            taken.append(one)
            length = self._length(one)
            gathering[length].append(place)
            if len(gathering[length]) == TOGETHER:
                start(gathering.pop(length), length)
        for length, places in gathering.items():
            start(places, length)
        while running:
            idle.append(finish())
        return [done[place] for place in range(len(taken))]

    def compute_one(self, row: Row) -> Computed:
        """What comes of one row that somebody waits for: all cores work on it, so its last digits may differ."""
        compiled, idle = self._ready("LATENCY")
        request, length = _request(compiled, idle), self._length(row)
        request.infer(_filled([row], length))
        computed = _computed(request, 0, len(row[0]), length)
        idle.append(request)
        return computed

    def _length(self, row: Row) -> int:
        return min(-(-max(len(row[0]), 1) // STEP) * STEP, self.window)

    def _ready(self, hint: str) -> tuple[CompiledModel, Requests]:
        """The model compiled for a purpose, and the requests to it that wait to be used again."""
        key = hint, os.getpid()
        with self._compiling:
            if key not in self._compiled:
                options = {"PERFORMANCE_HINT": hint, "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(GROUP)}
                compiled = openvino().Core().compile_model(self.model, "CPU", options)
                self._compiled[key] = compiled, deque()
            return self._compiled[key]


def _request(compiled: CompiledModel, idle: Requests) -> InferRequest:
    """A request that nobody uses; to make one takes as long as to compute a row or two."""
    try:
        return idle.pop()
    except IndexError:
        return compiled.create_infer_request()


def openvino() -> Any:
    """The OpenVINO library, which reports to nobody. Raises `ImportError` where this platform has none.

    Its telemetry would count every import over the network; without that package it falls back to a stub of its own.
    """
    sys.modules.setdefault("openvino_telemetry", cast("Any", None))  # Python's way to say: not installed
    import openvino

    return openvino


def _computed(request: InferRequest, row: int, size: int, length: int) -> Computed:
    """What a request gave for one of its rows, which has a ``size`` and was filled up to a ``length``."""
    outputs = [tensor.data for tensor in request.output_tensors]
    return tuple(
        np.array(output[row, :size] if output.shape[1:2] == (length,) else output[row], np.float32)
        for output in outputs
    )


def _filled(rows: Sequence[Row], length: int) -> list[npt.NDArray[np.int64]]:
    """The ids, the mask and the rest of some rows, each filled up, (n, length)."""
    parts = len(rows[0])
    filled = np.zeros((parts + 1, len(rows), length), np.int64)
    for place, row in enumerate(rows):
        size = len(row[0])
        filled[0, place, :size] = row[0]
        filled[1, place, :size] = 1
        for part in range(1, parts):
            filled[part + 1, place, :size] = row[part]
    return list(filled)
