"""Columns: arrays that grow row by row on the disk while an index is built, and are read where they lie once it is."""

from __future__ import annotations

import io
import mmap
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
# The system may not have all of so many bytes in memory.
LARGE = 1 << 30


class Column:
    """A file in NumPy's format that takes rows, each of the given ``width``, until the block that it is used in ends.

    What it is given is written at once.
    """

    def __init__(self, path: Path, kind: npt.DTypeLike, *width: int) -> None:
        self._path, self._kind, self._width, self._rows = path, np.dtype(kind), width, 0

    def __enter__(self) -> Column:
        self._path.parent.mkdir(exist_ok=True)
        with ExitStack() as opened:
            self._file = opened.enter_context(self._path.open("w+b", buffering=0))
            self._begin = self._write_head()
            opened.pop_all()
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if error is None:
                self._file.seek(0)
                if self._write_head() != self._begin:
                    raise ValueError(f"the head of {self._path.name} grew over its rows")

    def __len__(self) -> int:
        return self._rows

    def add(self, rows: npt.ArrayLike) -> None:
        """Append some rows, (n, *width)."""
        added = np.ascontiguousarray(rows, self._kind).reshape(-1, *self._width)
        self._write(added.tobytes())
        self._rows += len(added)

    def read(self, first: int, last: int) -> Array:
        """The rows from ``first`` to before ``last`` again."""
        size = self._kind.itemsize * int(np.prod(self._width, dtype=np.int64))
        self._file.seek(self._begin + first * size)
        found = np.frombuffer(self._file.read((last - first) * size), self._kind)
        self._file.seek(0, 2)
        return found.reshape(-1, *self._width)

    def _write_head(self) -> int:
        """Where the rows begin. NumPy leaves room in a head for the number of rows to grow."""
        head = io.BytesIO()
        shape = (self._rows, *self._width)
        np.lib.format.write_array_header_1_0(head, {"descr": self._kind.str, "fortran_order": False, "shape": shape})
        self._write(head.getvalue())
        return self._file.tell()

    def _write(self, data: bytes) -> None:
        """Write all of some bytes, of which the system may take a part at a time."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]


def mapped(path: Path, kind: npt.DTypeLike, dimensions: int) -> Array:
    """The array in a file, read where it lies. Raises `ValueError` where it is of another kind, and `OSError`."""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if array.dtype != np.dtype(kind) or array.ndim != dimensions:
        expected = f"{np.dtype(kind)} of {dimensions}"
        raise ValueError(f"{path.name} holds {array.dtype} of {array.ndim} dimensions and not {expected}")
    return np.asarray(array)  # a view, without what each slice of a map costs


def expect(array: Array, firsts: npt.NDArray[np.int64], lasts: npt.NDArray[np.int64]) -> None:
    """Say that some runs of rows of a mapped array, from ``firsts`` to before ``lasts``, are read soon.

    The system then fetches all of them from the disk at once, where it can, and not one after another. Of a small
    array, which it holds in memory anyway, nothing is said.
    """
    owner = array.base
    if array.nbytes < LARGE or not isinstance(owner, np.memmap) or not hasattr(mmap, "MADV_WILLNEED"):
        return
    file: Any = owner.base
    begins, ends = (owner.offset + rows * array.strides[0] for rows in (firsts, lasts))
    begins -= begins % mmap.PAGESIZE
    for begin, size in zip(begins.tolist(), (ends - begins).tolist(), strict=True):
        file.madvise(mmap.MADV_WILLNEED, begin, size)


def mapped_bytes(path: Path) -> npt.NDArray[np.uint8]:
    """The bytes of a file, read where it lies. Raises `OSError`."""
    return np.asarray(np.memmap(path, np.uint8, "r")) if path.stat().st_size else np.zeros(0, np.uint8)
