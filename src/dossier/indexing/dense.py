"""Dense search: the vectors of passages in FAISS, compared with a question's by inner product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dossier.indexing.embedding import Vectors, cosines, unit
from dossier.indexing.ranking import Ranking, Rows, Scores
from dossier.indexing.validating import check_numbers

if TYPE_CHECKING:
    import faiss


# What FAISS begins a flat inner-product index with.
FLAT = b"IxFI"


class Dense:
    """A flat FAISS index of unit vectors; row i is passage i, and a score is a cosine."""

    def __init__(self, vectors: faiss.IndexFlat) -> None:
        self._faiss = vectors

    @classmethod
    def of(cls, vectors: Vectors) -> Dense:
        """The index of (n, dim) unit vectors."""
        import faiss

        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors))
        return cls(flat)

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    @property
    def dim(self) -> int:
        return int(self._faiss.d)

    def rank(self, question: Vectors, n: int, among: Rows | None = None) -> Ranking:
        """The ``n`` passages nearest to a question's vector, of all or ``among`` some rows; all if there are fewer."""
        import faiss

        if among is not None and not len(among):
            return Ranking(among, np.zeros(0, np.float32))
        if among is None:
            scores, rows = self._faiss.search(question[None], min(n, len(self)))
        else:
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]  # its stubs miss it
            scores, rows = self._faiss.search(question[None], min(n, len(among)), params=chosen)
        return Ranking(rows[0], scores[0])

    def scores(self, question: Vectors, rows: Rows) -> Scores:
        """The cosines of a question's vector and the passages of some rows, in their order."""
        return cosines(self._faiss.reconstruct_batch(rows), question)

    def centre(self, rows: Rows) -> Vectors:
        """The mean direction of the passages of some rows, at least one: a unit vector, (dim,)."""
        return unit(self._faiss.reconstruct_batch(rows).mean(axis=0))

    def vectors(self) -> Vectors:
        """All vectors, (n, dim)."""
        return np.asarray(self._faiss.reconstruct_n(0, len(self)), np.float32).reshape(len(self), self.dim)

    def save(self, path: Path) -> None:
        """Write the index as FAISS does; through bytes, since FAISS opens no path that is not ASCII on Windows."""
        import faiss

        path.write_bytes(faiss.serialize_index(self._faiss).tobytes())

    @classmethod
    def load(cls, path: Path) -> Dense:
        """The index that `save` wrote. Raises `ValueError` where it is something else."""
        import faiss

        data = path.read_bytes()
        if data[:4] != FLAT:  # nor is FAISS asked to make anything else of it
            raise ValueError("it is not a flat inner-product index")
        try:
            loaded = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        except RuntimeError as error:
            raise ValueError(f"FAISS can't read it: {error}") from error
        if not isinstance(loaded, faiss.IndexFlat) or loaded.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise ValueError(f"it is a {type(loaded).__name__} and not a flat inner-product index")
        dense = cls(loaded)
        check_numbers(dense.vectors(), "the passages' vectors")
        return dense
