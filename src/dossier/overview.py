"""Overview: what an index holds, from what, and how it was built, without asking it anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import InputError
from dossier.indexing.generations import folder_of, generations
from dossier.indexing.index import manifest_as_found, open_index, read_current
from dossier.indexing.manifest import Manifest
from dossier.indexing.rereading import changes
from dossier.reading.describing import read_description
from dossier.records import Corpus, Description, Document
from dossier.settings import Settings

PathLike = str | Path
Folders = PathLike | Sequence[PathLike]


@dataclass(frozen=True)
class Status:
    """What an index holds, and what has happened to its documents since.

    ``kept`` are the generations on disk, oldest first, and ``size`` is that of the one that counts, in bytes.
    ``changes`` says ``new``, ``changed`` or ``gone`` of
    paths; it is None where a folder of the documents is missing.
    """

    index: Path
    generation: str
    folders: tuple[Path, ...]
    kept: tuple[str, ...]
    size: int
    manifest: Manifest
    changes: dict[str, str] | None

    @property
    def folder(self) -> Path:
        """The folder of the documents, or the first of several."""
        return self.folders[0]


def status(index: PathLike = "index") -> Status:
    """What an index holds and whether it is up to date, without loading it or its model.

    Raises `NoIndexError` where nothing has been built and `BrokenIndexError` where the index can't be read.
    """
    path = Path(index).resolve()
    generation, manifest = read_current(path)
    folders = tuple(folder for _, folder in manifest.corpus(path).folders)
    found = changes(path, manifest) if all(folder.is_dir() for folder in folders) else None
    size = sum(file.stat().st_size for file in folder_of(path, generation).rglob("*") if file.is_file())
    return Status(path, generation, folders, tuple(generations(path)), size, manifest, found)


def show(document: str, index: PathLike = "index") -> Document:
    """A document as it was indexed, by its path in the corpus, with what of it is in no passage.

    Raises `InputError` where the index has no such document, `NoIndexError` and `BrokenIndexError`.
    """
    _, opened = open_index(Path(index).resolve())
    found = opened.document_of.get(document)
    if found is None:
        raise InputError(f"The index holds no document {document!r}. Type: dossier status, to see which it holds.")
    return found


def describe(folder: Folders) -> Description:
    """What a folder of documents, or several, say of themselves in their ``.dossier.toml``; see the README.

    What is said of single documents is told by an index alone.
    """
    return read_description(corpus_of(folder))


def remembered_folders(index: PathLike = "index") -> list[Path]:
    """The folders whose documents an index holds, of whatever format it is; none where there is none to be read."""
    path = Path(index).resolve()
    folders = manifest_as_found(path).get("folders", {})
    places = folders.values() if isinstance(folders, dict) else ()
    return [(path / place).resolve() for place in places if isinstance(place, str) and "\0" not in place]


def remembered_settings(index: PathLike = "index") -> Settings:
    """The settings that an index was built with, of whatever format it is; the defaults where there is none."""
    manifest = manifest_as_found(Path(index).absolute())
    recipe, limits = (part if isinstance(part := manifest.get(name), dict) else {} for name in ("recipe", "limits"))
    try:
        return Settings().changed(
            model=recipe.get("embedder"),
            encoding=recipe.get("encoding"),
            max_tokens=recipe.get("max_tokens"),
            overlap=recipe.get("overlap"),
            tokens=recipe.get("tokens"),
            reader=manifest.get("reader"),
            vectors=manifest.get("vectors"),
            seconds_per_file=limits.get("seconds"),
            megabytes_per_file=limits.get("megabytes"),
            kept=manifest.get("kept"),
        )
    except InputError:
        return Settings()


def corpus_of(folder: Folders) -> Corpus:
    """The corpus of a folder, or of several."""
    return Corpus.of([Path(one).absolute() for one in ([folder] if isinstance(folder, (str, Path)) else folder)])
