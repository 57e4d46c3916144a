"""LlamaIndex: a directory reader, the default splitter and the in-memory index of its starter tutorial.

https://developers.llamaindex.ai/python/framework/getting_started/starter_example_local
https://developers.llamaindex.ai/python/framework/module_guides/storing/save_load
"""

import os
from functools import cache

from llama_index.core import (
    MockEmbedding,
    Settings,
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.schema import QueryBundle, TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from measuring import MODEL, measure


@cache
def embed_model():
    return HuggingFaceEmbedding(model_name=os.environ[MODEL])


def build(folder, index):
    Settings.embed_model = embed_model()
    made = VectorStoreIndex.from_documents(SimpleDirectoryReader(folder).load_data())
    made.storage_context.persist(persist_dir=index)
    return len(made.docstore.docs)


def open_index(index):
    Settings.embed_model = embed_model()
    retriever = load_index_from_storage(StorageContext.from_defaults(persist_dir=index)).as_retriever()
    return lambda question: [found.text for found in retriever.retrieve(question)]


def index_vectors(texts, vectors):
    nodes = [TextNode(text=text, embedding=vector.tolist()) for text, vector in zip(texts, vectors, strict=True)]
    unused = MockEmbedding(embed_dim=len(vectors[0]))
    retriever = VectorStoreIndex(nodes, embed_model=unused).as_retriever(similarity_top_k=10)
    return lambda vector: [found.text for found in retriever.retrieve(QueryBundle("", embedding=vector.tolist()))]


def embed(texts):
    return embed_model().get_text_embedding_batch(texts)


measure(build, open_index, embed, index_vectors)
