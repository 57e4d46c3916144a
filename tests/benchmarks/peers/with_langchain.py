"""LangChain: files, splitter, Hugging Face embeddings and FAISS, as its semantic search tutorial puts them together.

https://docs.langchain.com/oss/python/langchain/knowledge-base
https://docs.langchain.com/oss/python/integrations/vectorstores/faiss
"""

import os
from functools import cache

from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from measuring import MODEL, measure


@cache
def embeddings():
    return HuggingFaceEmbeddings(model_name=os.environ[MODEL])


def build(folder, index):
    docs = DirectoryLoader(folder, glob="**/*.txt", loader_cls=TextLoader).load()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    all_splits = splitter.split_documents(docs)
    FAISS.from_documents(all_splits, embeddings()).save_local(index)
    return len(all_splits)


def open_index(index):
    store = FAISS.load_local(index, embeddings(), allow_dangerous_deserialization=True)
    return lambda question: [found.page_content for found in store.similarity_search(question)]


def index_vectors(texts, vectors):
    unused = DeterministicFakeEmbedding(size=len(vectors[0]))
    store = FAISS.from_embeddings(zip(texts, vectors.tolist(), strict=True), unused)
    return lambda vector: [found.page_content for found in store.similarity_search_by_vector(vector.tolist(), k=10)]


def embed(texts):
    return embeddings().embed_documents(texts)


measure(build, open_index, embed, index_vectors)
