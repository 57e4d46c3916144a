"""Dense search: the vectors of passages in FAISS, compared with a question's by inner product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dossier.indexing.embedding import Vectors, cosines, unit
from dossier.indexing.ranking import Ranking, Rows, Scores
from dossier.indexing.validating import check_numbers
from dossier.settings import AUTO, COMPACT, FLAT

if TYPE_CHECKING:
    import faiss


# What FAISS begins a flat inner-product index with, and one of codes that is refined by vectors.
BEGINNINGS = (b"IxFI", b"IxRF")
# Comparing a question with so many vectors takes about as long as its way through the model. Beyond, codes are
# compared, which takes some hundredth of that, and the vectors of the likeliest alone.
MOST_FLAT = 20_000
# As many numbers of a vector become one code of four bits as leave it so many codes.
TOGETHER, CODES = (4, 2), 96
# FAISS learns sixteen codes from no fewer vectors without a word of warning.
FEWEST_TO_LEARN_FROM = 39 * 16
# So many times as many passages as are wanted are looked up by their vectors. Of a million vectors drawn around real
# ones, 99.1 % of the nearest 64 are then found, and 99.8 % of the nearest ten.
LIKELIEST = 16


class Dense:
    """A FAISS index of unit vectors; row i is passage i, and a score is a cosine, whichever way it was found.

    Product quantization (Jégou et al. 2011) makes the codes, four bits each, which are compared in the processor's
    registers (André et al. 2017). They are learnt on some of the vectors with a fixed seed, so equal vectors make equal
    indexes.
    """

    def __init__(self, searcher: faiss.IndexFlat | faiss.IndexRefine, held: object = None) -> None:
        import faiss

        self._searcher = searcher
        self._held = held  # the memory that the index reads, where it is not its own
        flat = faiss.downcast_index(searcher.refine_index) if isinstance(searcher, faiss.IndexRefine) else searcher
        self._flat = cast("faiss.IndexFlat", flat)

    @classmethod
    def of(cls, vectors: Vectors, wanted: str = AUTO) -> Dense:
        """The index of (n, dim) unit vectors, ``wanted`` flat, compact, or whichever their number asks for."""
        import faiss

        count, dim = vectors.shape
        if not _compact(count, wanted):
            flat = faiss.IndexFlatIP(dim)
            flat.add(np.ascontiguousarray(vectors))
            return cls(flat)
        size = next((size for size in TOGETHER if dim % size == 0 and dim >= size * CODES), 1)
        codes = faiss.IndexPQFastScan(dim, dim // size, 4, faiss.METRIC_INNER_PRODUCT)
        refined = faiss.IndexRefineFlat(codes)
        refined.k_factor = LIKELIEST
        refined.train(np.ascontiguousarray(vectors))
        refined.add(np.ascontiguousarray(vectors))
        return cls(refined, held=codes)

    def __len__(self) -> int:
        return int(self._searcher.ntotal)

    @property
    def dim(self) -> int:
        return int(self._searcher.d)

    def rank(self, question: Vectors, n: int, among: Rows | None = None) -> Ranking:
        """The ``n`` passages nearest to a question's vector, of all or ``among`` some rows; all if there are fewer.

        Among some rows every vector is compared.
        """
        import faiss

        if among is not None and not len(among):
            return Ranking(among, np.zeros(0, np.float32))
        if among is None:
            scores, rows = self._searcher.search(question[None], min(n, len(self)))
        else:
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]  # its stubs miss it
            scores, rows = self._flat.search(question[None], min(n, len(among)), params=chosen)
        return Ranking(rows[0], scores[0])

    def scores(self, question: Vectors, rows: Rows) -> Scores:
        """The cosines of a question's vector and the passages of some rows, in their order."""
        return cosines(self._flat.reconstruct_batch(rows), question)

    def centre(self, rows: Rows) -> Vectors:
        """The mean direction of the passages of some rows, at least one: a unit vector, (dim,)."""
        return unit(self._flat.reconstruct_batch(rows).mean(axis=0))

    def vectors(self, rows: Rows | None = None) -> Vectors:
        """All vectors, or those of some rows, (n, dim)."""
        if rows is not None:
            return np.asarray(self._flat.reconstruct_batch(rows), np.float32)
        return np.asarray(self._flat.reconstruct_n(0, len(self)), np.float32).reshape(len(self), self.dim)

    @property
    def kind(self) -> str:
        """How the vectors are searched: ``flat`` or ``compact``."""
        return FLAT if self._searcher is self._flat else COMPACT

    def save(self, path: Path) -> None:
        """Write the index as FAISS does; through bytes, since FAISS opens no path that is not ASCII on Windows."""
        import faiss

        faiss.serialize_index(self._searcher).tofile(path)

    @classmethod
    def load(cls, path: Path) -> Dense:
        """The index that `save` wrote, its vectors mapped from the file. Raises `ValueError` where it is another."""
        import faiss

        written = np.memmap(path, np.uint8, "r")
        if bytes(written[:4]) not in BEGINNINGS:  # nor is FAISS asked to make anything else of it
            raise ValueError("it is no inner-product index of all vectors")
        try:
            reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(written), written.nbytes)  # type: ignore[attr-defined]  # likewise
            loaded: Any = faiss.read_index(reader)
        except RuntimeError as error:
            raise ValueError(f"FAISS can't read it: {error}") from error
        known = isinstance(loaded, (faiss.IndexFlat, faiss.IndexRefineFlat))
        if not known or loaded.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise ValueError(f"it is a {type(loaded).__name__} and not an inner-product index of all vectors")
        dense = cls(loaded, held=written)
        check_numbers(dense.vectors(), "the passages' vectors")
        return dense


def _compact(count: int, wanted: str) -> bool:
    """Whether so many vectors are to be searched by their codes; too few can't teach any."""
    return count > MOST_FLAT if wanted == AUTO else wanted == COMPACT and count >= FEWEST_TO_LEARN_FROM
