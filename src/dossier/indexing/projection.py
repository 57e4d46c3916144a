"""Projection: vectors in two dimensions, so that what was near stays near."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dossier.indexing.embedding import Vectors
from dossier.indexing.ranking import Rows

# As many neighbours as each vector looks to, and steps; measured on three corpora, more steps keep no more neighbours.
PERPLEXITY, STEPS = 30, 500
# The picture is so much wider than high.
WIDER = 4 / 3

Places = NDArray[np.float32]


def project(vectors: Vectors) -> Places:
    """The places of unit vectors, at least four, in a picture: (n, 2) numbers from 0 to 1.

    They are those of t-SNE (van der Maaten and Hinton 2008) in the Barnes-Hut approximation (2014), begun from the
    two principal components, which keeps far things apart (Kobak and Berens 2019), and turned so that the longer side
    of the picture lies. The same vectors have the same places.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    apart = np.random.default_rng(0).normal(scale=1e-6, size=vectors.shape)  # equal vectors must not stand in one place
    begin = PCA(n_components=2, random_state=0).fit_transform(vectors + apart)
    begin *= 1e-4 / begin[:, 0].std()
    perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
    tsne = TSNE(perplexity=perplexity, init=begin.astype(np.float32), max_iter=STEPS, random_state=0)
    # One thread: questions go on being answered by the others, and threads that wait for each other take longer.
    with threadpool_limits(1, user_api="openmp"):
        return _framed(tsne.fit_transform(vectors))


def drawn_evenly(groups: Sequence[Sequence[int]], most: int) -> Rows:
    """At most ``most`` rows, in order: the same number of each group as far as it has so many, from its whole length.

    Where there are more groups than that, one of each of some, from the first to the last.
    """
    groups = [group for group in groups if group]
    if len(groups) > most:
        groups = [groups[at][:1] for at in _spread(len(groups), most)]
    sizes = np.array([len(group) for group in groups])
    each = max(bisect_right(range(1, most + 1), most, key=lambda each: int(np.minimum(sizes, each).sum())), 1)
    return np.array(sorted(group[at] for group in groups for at in _spread(len(group), each)), np.int64)


def _spread(count: int, most: int) -> list[int]:
    """Places from the first of ``count`` to the last, equally far from each other."""
    return sorted({int(at) for at in np.linspace(0, count - 1, min(count, most)).round()})


def _framed(places: Places) -> Places:
    """The same picture with its longer side lying, in a frame from 0 to 1 whose sides are as far apart as it is."""
    centred = places - places.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes *= np.where(axes[np.arange(2), np.abs(axes).argmax(axis=1)] < 0, -1, 1)[:, None]
    lying = centred @ axes.T
    middle = (lying.max(axis=0) + lying.min(axis=0)) / 2
    half = max(float((np.ptp(lying, axis=0) / (WIDER, 1)).max()) / 2, 1e-9)
    framed: Places = np.clip((lying - middle) / (half * np.array([WIDER, 1])) / 2 + 0.5, 0, 1).astype(np.float32)
    return framed
