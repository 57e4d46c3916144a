"""What the stories share: a small corpus, the toy embedder's index of it, and the real model's index of the seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier import Dossier, Settings, build

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
TOY = Settings(model="words")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of three tiny documents and one that can't be read."""
    folder = tmp_path / "corpus"
    (folder / "letters").mkdir(parents=True)
    (folder / "bridge.txt").write_text(
        "The old bridge was built by Ada Lind in 1871. It fell in the flood of 1903.\n\n"
        "A ferry carried the mail until 1910. The ferryman kept bees.\n",
        encoding="utf-8",
    )
    (folder / "letters" / "ada.md").write_text(
        "# Letters\n\n## To her sister\n\nThe stone came late. I paid the masons myself.\n\n"
        "## To the mayor\n\nPlease send the plans of the mill.\n",
        encoding="utf-8",
    )
    (folder / "zoo.txt").write_text(
        "The zoo opened in May. An elephant named Olga arrived by train.\n", encoding="utf-8"
    )
    (folder / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@pytest.fixture
def toy_index(corpus: Path, tmp_path: Path) -> Path:
    """The index of the small corpus, made with the toy embedder."""
    index = tmp_path / "index"
    build(corpus, index, settings=TOY)
    return index


@pytest.fixture
def toy(toy_index: Path) -> Dossier:
    return Dossier.open(toy_index)


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the shipped seeds, made with the real model."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    build(SEEDS, index)
    return index


@pytest.fixture(scope="session")
def seeds(seeds_index: Path) -> Dossier:
    return Dossier.open(seeds_index)
