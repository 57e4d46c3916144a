"""txtai: the embeddings database of its first example, which takes whole texts and keeps their content.

https://neuml.github.io/txtai/embeddings
https://neuml.github.io/txtai/embeddings/configuration/vectors
"""

import os
from functools import cache
from pathlib import Path

import txtai
from measuring import MODEL, measure


@cache
def database():
    return txtai.Embeddings(path=os.environ[MODEL], content=True)


def build(folder, index):
    database().index(file.read_text(encoding="utf-8") for file in sorted(Path(folder).rglob("*.txt")))
    database().save(index)
    return database().count()


def open_index(index):
    embeddings = txtai.Embeddings()
    embeddings.load(index)
    return lambda question: [found["text"] for found in embeddings.search(question)]


def embed(texts):
    return database().batchtransform(texts)


def index_vectors(texts, vectors):
    embeddings = txtai.Embeddings(method="external")
    embeddings.index(zip(texts, vectors, strict=True))
    return lambda vector: [name for name, _ in embeddings.search(vector, 10)]


measure(build, open_index, embed, index_vectors)
