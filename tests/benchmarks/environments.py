"""Environments: each peer has a virtual environment of its own, with versions that are pinned.

Making them is the only thing that wants the network, and is done once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from platformdirs import user_cache_path

PEERS = Path(__file__).parent / "peers"
DOSSIER = "dossier"
TORCH = ["torch>=2.6,<2.14", "transformers==5.23.0"]  # the bound keeps pip from a CUDA build of several gigabytes
SENTENCE_TRANSFORMERS = [*TORCH, "sentence-transformers==6.2.0"]
WANTED = {
    "langchain": [
        *SENTENCE_TRANSFORMERS,
        "langchain-community==0.4.2",
        "langchain-huggingface==1.2.3",
        "langchain-text-splitters==1.1.3",
        "faiss-cpu==1.15.1",
    ],
    "llamaindex": [*SENTENCE_TRANSFORMERS, "llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"],
    "chroma": [*TORCH, "chromadb==1.5.9", "onnx==1.23.2"],  # torch and onnx make its model, and are not run
    "txtai": [*TORCH, "txtai==9.14.0"],
    "haystack": [*SENTENCE_TRANSFORMERS, "haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"],
}
# What each is called in the table.
TITLES = {
    "dossier": "**dossier**",
    "langchain": "LangChain, FAISS",
    "llamaindex": "LlamaIndex",
    "chroma": "Chroma",
    "txtai": "txtai",
    "haystack": "Haystack",
}
# Nothing asks the network, and nobody is told of what is done here.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}
READY = "ready.txt"


def default_folder() -> Path:
    """Where the environments are kept: in the cache folder of the person who runs this."""
    return user_cache_path("dossier-benchmarks", appauthor=False)


def python_of(way: str, folder: Path) -> str:
    """The interpreter of a system; dossier's is the one that runs this."""
    if way == DOSSIER:
        return sys.executable
    return str(folder / way / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def variables_of(way: str) -> dict[str, str]:
    """The environment variables of a system; whatever leads to dossier's packages does not lead the others there."""
    kept = {name: value for name, value in os.environ.items() if way == DOSSIER or not name.startswith("PYTHON")}
    return kept | OFFLINE


def prepare(way: str, folder: Path, model: Path) -> None:
    """Make the environment of a peer where it is missing or was made of other versions."""
    wanted = WANTED.get(way, [])
    ready = folder / way / READY
    if not wanted or (ready.exists() and ready.read_text(encoding="utf-8").split("\n") == wanted):
        return
    sys.stderr.write(f"making the environment of {way} in {folder / way}\n")
    shutil.rmtree(folder / way, ignore_errors=True)
    venv.create(folder / way, with_pip=True)
    python, variables = python_of(way, folder), variables_of(way)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], env=variables, check=True)
    maker = PEERS / f"{way}_model.py"
    if maker.exists():
        subprocess.run([python, str(maker), str(model)], env=variables, check=True, capture_output=True)
    ready.write_text("\n".join(wanted), encoding="utf-8")
