"""Chroma: a persistent client, and a collection with the embedding function that it has by default.

That is all-MiniLM-L6-v2 in ONNX, made of the very weights that all others run. Its quickstart has no splitter.

https://docs.trychroma.com/docs/overview/getting-started
https://docs.trychroma.com/docs/embeddings/embedding-functions
"""

import sys
import tempfile
from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import DefaultEmbeddingFunction, ONNXMiniLM_L6_V2
from measuring import measure

ONNXMiniLM_L6_V2.DOWNLOAD_PATH = Path(sys.prefix) / "all-MiniLM-L6-v2"  # as chroma_model.py left it
embed = DefaultEmbeddingFunction()


def build(folder, index):
    collection = chromadb.PersistentClient(path=index).create_collection(name="my_collection")
    files = sorted(Path(folder).rglob("*.txt"))
    collection.add(ids=[file.name for file in files], documents=[file.read_text(encoding="utf-8") for file in files])
    return collection.count()


def open_index(index):
    collection = chromadb.PersistentClient(path=index).get_collection(name="my_collection")
    return lambda question: collection.query(query_texts=[question])["documents"][0]


def index_vectors(texts, vectors):
    client = chromadb.PersistentClient(path=tempfile.mkdtemp())
    collection = client.create_collection(name="my_collection")
    most = client.get_max_batch_size()
    for begin in range(0, len(texts), most):
        collection.add(ids=texts[begin : begin + most], embeddings=vectors[begin : begin + most])
    return lambda vector: collection.query(query_embeddings=[vector])["ids"][0]


measure(build, open_index, embed, index_vectors)
