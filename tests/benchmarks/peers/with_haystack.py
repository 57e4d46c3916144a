"""Haystack: the indexing and the query pipeline of its introduction, on the in-memory document store.

https://docs.haystack.deepset.ai/docs/documentsplitter
https://docs.haystack.deepset.ai/docs/inmemoryembeddingretriever
"""

import os
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from measuring import MODEL, measure


def build(folder, index):
    store = InMemoryDocumentStore()
    pipeline = Pipeline()
    pipeline.add_component("converter", TextFileToDocument())
    pipeline.add_component("splitter", DocumentSplitter())
    pipeline.add_component("embedder", SentenceTransformersDocumentEmbedder(model=os.environ[MODEL]))
    pipeline.add_component("writer", DocumentWriter(document_store=store))
    pipeline.connect("converter", "splitter")
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    pipeline.run({"converter": {"sources": sorted(Path(folder).rglob("*.txt"))}})
    store.save_to_disk(index)
    return store.count_documents()


def open_index(index):
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=os.environ[MODEL]))
    store = InMemoryDocumentStore.load_from_disk(index)
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(document_store=store))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def ask(question):
        found = pipeline.run({"embedder": {"text": question}})
        return [document.content for document in found["retriever"]["documents"]]

    return ask


embedder = SentenceTransformersDocumentEmbedder(model=os.environ[MODEL])


def embed(texts):
    return [found.embedding for found in embedder.run([Document(content=text) for text in texts])["documents"]]


def index_vectors(texts, vectors):
    store = InMemoryDocumentStore()
    pairs = zip(texts, vectors, strict=True)
    store.write_documents([Document(content=text, embedding=vector.tolist()) for text, vector in pairs])
    retriever = InMemoryEmbeddingRetriever(document_store=store)
    return lambda vector: [found.content for found in retriever.run(vector.tolist())["documents"]]


measure(build, open_index, embed, index_vectors)
