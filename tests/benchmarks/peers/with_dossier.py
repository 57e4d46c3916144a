"""dossier as its README says; past the model, its index of passages' vectors alone."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measuring import measure

import dossier
from dossier.indexing.dense import Dense
from dossier.indexing.embedding import load_embedder

embedder = load_embedder("minilm")


def build(folder: str, index: str) -> int:
    return dossier.build(folder, index).passages


def open_index(index: str) -> Callable[[str], list[str]]:
    return lambda question: [hit.passage.text for hit in dossier.ask(question, index=index).hits]


def embed(texts: list[str]) -> np.ndarray:
    return embedder.embed_passages(texts, [[(0, len(text))] for text in texts]).passages


def index_vectors(texts: list[str], vectors: np.ndarray) -> Callable[[np.ndarray], list[str]]:
    kept = Path(tempfile.mkdtemp()) / "dense"
    Dense.of(vectors).save(kept)
    dense = Dense.load(kept)
    return lambda vector: [texts[row] for row in dense.rank(vector, 10).rows]


measure(build, open_index, embed, index_vectors)
