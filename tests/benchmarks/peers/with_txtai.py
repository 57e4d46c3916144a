"""txtai: the embeddings database of its first example, which takes whole texts and keeps their content.

https://neuml.github.io/txtai/embeddings
https://neuml.github.io/txtai/embeddings/configuration/vectors
"""

import os
from pathlib import Path

import txtai
from measuring import MODEL, measure

model = txtai.Embeddings(path=os.environ[MODEL], content=True)


def build(folder, index):
    model.index(file.read_text(encoding="utf-8") for file in sorted(Path(folder).rglob("*.txt")))
    model.save(index)
    return model.count()


def open_index(index):
    model.load(index)
    return lambda question: [found["text"] for found in model.search(question)]


def index_vectors(texts, vectors):
    embeddings = txtai.Embeddings(method="external")
    embeddings.index(zip(texts, vectors, strict=True))
    return lambda vector: [name for name, _ in embeddings.search(vector, 10)]


measure(build, open_index, model.batchtransform, index_vectors)
