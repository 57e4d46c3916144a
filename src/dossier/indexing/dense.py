"""Dense search: the vectors of passages in FAISS, compared with a question's by inner product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dossier.indexing.columns import mapped
from dossier.indexing.embedding import Vectors, cosines, unit
from dossier.indexing.ranking import Ranking, Rows, Scores, best
from dossier.indexing.validating import BLOCK, check_numbers
from dossier.settings import AUTO, COMPACT, FLAT

if TYPE_CHECKING:
    import faiss


VECTORS, COMPACTED = "vectors.npy", "codes.faiss"
# What FAISS begins its codes with.
BEGINNING = b"IPfs"
# Up to so many vectors all are compared, which takes a fifth of a millisecond as long as the processor's cache holds
# them; beyond, codes are, and the vectors of the likeliest alone.
MOST_FLAT = 8_000
# As many numbers of a vector become one code of four bits as leave it so many codes.
TOGETHER, CODES = (4, 2), 96
# FAISS learns sixteen codes from no fewer vectors without a word of warning.
FEWEST_TO_LEARN_FROM = 39 * 16
# More than so many teach it nothing new; they are taken evenly from all.
MOST_TO_LEARN_FROM = 65_536
# So many of the likeliest are looked up by their vectors, or one of so many passages, whichever is more: of the ten
# nearest to a question then 99 % are found among a hundred thousand and among a million vectors drawn around real ones.
LIKELIEST, ONE_OF = 1024, 256
# Codes must find so many of the nearest ten, of those of some points between two passages, or they are not used.
LEAST_FOUND, TRIED = 0.98, 32
# Cosines that differ by less are the same, computed in another order.
ALIKE = 1e-6


class Dense:
    """Unit vectors that FAISS searches; row i is passage i, and a score is a cosine, whichever way it was found.

    Product quantization (Jégou et al. 2011) makes the codes, four bits each, which are compared in the processor's
    registers (André et al. 2017). They are learnt on some of the vectors with a fixed seed, so equal vectors make equal
    indexes.
    """

    def __init__(self, vectors: Vectors, codes: faiss.IndexPQFastScan | None = None) -> None:
        self._vectors, self._codes = vectors, codes

    @classmethod
    def of(cls, vectors: Vectors, wanted: str = AUTO) -> Dense:
        """The index of (n, dim) unit vectors, ``wanted`` flat, compact, or whichever their number asks for.

        In the last case it is flat where codes would find too few of the nearest.
        """
        import faiss

        vectors = np.ascontiguousarray(vectors)
        count, dim = vectors.shape
        if not _compact(count, wanted):
            return cls(vectors)
        size = next((size for size in TOGETHER if dim % size == 0 and dim >= size * CODES), 1)
        codes = faiss.IndexPQFastScan(dim, dim // size, 4, faiss.METRIC_INNER_PRODUCT)
        codes.train(np.ascontiguousarray(vectors[:: -(-count // MOST_TO_LEARN_FROM)]))
        for begin in range(0, count, BLOCK):
            codes.add(vectors[begin : begin + BLOCK])
        made = cls(vectors, codes)
        return made if wanted == COMPACT or made.recall() >= LEAST_FOUND else cls(vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def dim(self) -> int:
        return int(self._vectors.shape[1])

    def rank(self, question: Vectors, n: int, among: Rows | None = None) -> Ranking:
        """The ``n`` passages nearest to a question's vector, of all or ``among`` some rows; all if there are fewer.

        Among some rows every vector is compared.
        """
        import faiss

        if among is None:
            if self._codes is None:
                scores, found = faiss.knn(question[None], self._vectors, min(n, len(self)), faiss.METRIC_INNER_PRODUCT)
                return Ranking(found[0], scores[0])
            likeliest = min(max(n, LIKELIEST, len(self) // ONE_OF), len(self))
            found = self._codes.search(question[None], likeliest)[1][0]
            among = np.sort(found[found >= 0])  # a question without words is like none
        ranking = best(self.scores(question, among), n)
        return Ranking(among[ranking.rows], ranking.scores)

    def recall(self, n: int = 10) -> float:
        """The part of the ``n`` nearest that `rank` finds for points between two passages, evenly drawn from all.

        Texts without words have no direction and are passed over; with none left it is 1.
        """
        import faiss

        drawn = np.linspace(0, len(self) - 1, 2 * TRIED).astype(np.int64)
        questions = unit(self._vectors[drawn[:TRIED]] + self._vectors[drawn[TRIED:]])
        questions = questions[questions.any(axis=1)]
        if not len(questions):
            return 1.0
        least = faiss.knn(questions, self._vectors, min(n, len(self)), faiss.METRIC_INNER_PRODUCT)[0][:, -1]
        found = np.stack([self.rank(question, n).scores for question in questions])
        return float((found >= least[:, None] - ALIKE).mean())

    def scores(self, question: Vectors, rows: Rows) -> Scores:
        """The cosines of a question's vector and the passages of some rows, in their order."""
        blocks = [self._vectors[rows[begin : begin + BLOCK]] for begin in range(0, len(rows), BLOCK)]
        return np.concatenate([np.zeros(0, np.float32), *(cosines(block, question) for block in blocks)])

    def centre(self, rows: Rows) -> Vectors:
        """The mean direction of the passages of some rows, at least one: a unit vector, (dim,)."""
        return unit(self._vectors[rows].mean(axis=0))

    def vectors(self, rows: Rows | None = None) -> Vectors:
        """All vectors, or those of some rows, (n, dim)."""
        return self._vectors if rows is None else self._vectors[rows]

    @property
    def kind(self) -> str:
        """How the vectors are searched: ``flat`` or ``compact``."""
        return FLAT if self._codes is None else COMPACT

    def save(self, folder: Path) -> None:
        """Write the vectors into a folder, unless they lie there already, and the codes as FAISS does.

        These go through bytes, since FAISS opens no path that is not ASCII on Windows.
        """
        import faiss

        folder.mkdir(exist_ok=True)
        if not (folder / VECTORS).exists():
            np.save(folder / VECTORS, self._vectors, allow_pickle=False)
        if self._codes is not None:
            faiss.serialize_index(self._codes).tofile(folder / COMPACTED)

    @classmethod
    def load(cls, folder: Path) -> Dense:
        """The index that `save` wrote, its vectors read where they lie. Raises `ValueError` where it is another."""
        vectors = mapped(folder / VECTORS, np.float32, 2)
        codes = _codes(folder / COMPACTED) if (folder / COMPACTED).exists() else None
        if codes is not None and (codes.ntotal, codes.d) != vectors.shape:
            raise ValueError(f"it has {codes.ntotal} codes of {codes.d} numbers, and vectors of shape {vectors.shape}")
        return cls(vectors, codes)

    def check(self) -> None:
        """Raise `ValueError` where the vectors hold what is no number."""
        check_numbers(self._vectors, "the passages' vectors")


def _codes(path: Path) -> faiss.IndexPQFastScan:
    """The codes that FAISS wrote. Raises `ValueError` where they are something else."""
    import faiss

    written = np.fromfile(path, np.uint8)
    if written[:4].tobytes() != BEGINNING:  # nor is FAISS asked to make anything else of it
        raise ValueError("they are no codes of vectors")
    try:
        codes: Any = faiss.deserialize_index(written)
    except RuntimeError as error:
        raise ValueError(f"FAISS can't read them: {error}") from error
    if not isinstance(codes, faiss.IndexPQFastScan) or codes.metric_type != faiss.METRIC_INNER_PRODUCT:
        raise ValueError(f"they are a {type(codes).__name__} and not codes to be compared by inner product")
    return codes


def _compact(count: int, wanted: str) -> bool:
    """Whether so many vectors are to be searched by their codes; too few can't teach any."""
    return count > MOST_FLAT if wanted == AUTO else wanted == COMPACT and count >= FEWEST_TO_LEARN_FROM
