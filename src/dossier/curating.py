"""Curating: a document is put into a folder of an index, left out of the index, or taken back; no file is ever lost.

The folder itself says it all: what was added is a file like any other, and what is left out stands in the
``.dossierignore`` beside the documents. Each takes effect with the next build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from dossier.answers import State, file_state
from dossier.errors import InputError, NoIndexError, StorageError, UnreadableError
from dossier.indexing.disk import flush_file, flush_folder, replace_bytes
from dossier.indexing.index import read_current
from dossier.overview import PathLike
from dossier.reading import formats
from dossier.reading.documents import read_documents
from dossier.reading.ignoring import exact_path, exact_pattern, ignored, patterns_on_the_way
from dossier.reading.naming import numbered, safe_name
from dossier.records import Corpus, Limits

LEFT_OUT = ".dossierignore"
# What the names of documents end with.
SUFFIXES = (*formats.SUFFIXES, formats.COMPRESSED)
_WRITING = Lock()


def add(
    name: str, data: bytes, index: PathLike = "index", *, folder: str = "", folders: Sequence[PathLike] = ()
) -> str:
    """Put a document into a folder of an index, and return the path under which it is there now.

    ``folder`` is one of the names that paths begin with, where there are several folders; ``folders`` are where the
    documents of an index are to be that has not been built yet. The name is made harmless, and is given a number where
    it is taken: nothing is overwritten. It is read first as a build would, apart and
    within the limits of the index, so that a file that can't be read leaves nothing behind. Raises `InputError` where
    the name or the folder won't do, or the document is there already, `UnreadableError` with the reason where it can't
    be read, `NoIndexError` and `StorageError`.
    """
    path = Path(index).resolve()
    known: dict[str, str] = {}
    try:
        manifest = read_current(path)[1]
        corpus, limits, known = manifest.corpus(path), manifest.limits, manifest.digests
    except NoIndexError:
        if not folders:
            raise
        corpus, limits = Corpus.of([Path(one).absolute() for one in folders]), Limits()
    place = dict(corpus.folders).get(folder)
    if place is None:
        raise InputError(f"There is no folder {folder!r}. Choose one of: {', '.join(dict(corpus.folders))}.")
    safe = safe_name(name)
    if not safe:
        raise InputError("Its name holds nothing that a file can be called by. Rename it.")
    if reason := formats.unsupported(safe):
        raise UnreadableError(reason)
    _check_that_new(data, known, corpus)
    with _said(place):
        if reason := ignored(safe, patterns_on_the_way(place, safe)):
            raise InputError(f"It would not be read: {reason}. Rename it, or change the pattern.")
    _check_readable(safe, data, limits)
    with _said(place):
        found = _written(place, safe, data)
    return f"{folder}/{found}" if folder else found


def leave_out(document: str, index: PathLike = "index") -> None:
    """Leave a document out of an index from the next build on; its file stays as it is.

    A line in the ``.dossierignore`` of its folder says so. Raises `InputError` where the index has no such document,
    or no other of its folder, where a pattern further in would take it in again, or its name can't stand in a line;
    `NoIndexError` and `StorageError`.
    """
    path = Path(index).resolve()
    manifest = read_current(path)[1]
    corpus = manifest.corpus(path)
    if document not in manifest.digests:
        raise InputError(f"The index holds no document {document!r}. Look at the library again.")
    folder, inside = corpus.folder_of(document), _inside(corpus, document)
    others = {one for one in manifest.digests if one != document and corpus.folder_of(one) == folder}
    if not others - left_out(index):
        raise InputError("It is the last document of its folder, and an index needs one. Add another first.")
    line = exact_pattern(inside)
    if "\n" in line or line.endswith("\r"):
        raise InputError("Its name holds a line end, so that no pattern can name it. Rename the file.")
    with _said(folder), _WRITING:
        before = _lines(folder)
        _write(folder, [*before, line.encode()])
        if not ignored(inside, patterns_on_the_way(folder, inside)):
            _write(folder, before)
            raise InputError("A pattern in a folder further in takes it in again. Change that pattern.")


def take_back(document: str, index: PathLike = "index") -> None:
    """Take a document that was left out by `leave_out` back into an index, from the next build on.

    Its line in the ``.dossierignore`` is taken out, and nothing else of it. Raises `InputError` where there is no such
    line, `NoIndexError` and `StorageError`.
    """
    path = Path(index).resolve()
    corpus = read_current(path)[1].corpus(path)
    if document not in left_out(index):
        raise InputError(f"{document!r} is not left out by a line of its own. Look at the library again.")
    folder, line = corpus.folder_of(document), exact_pattern(_inside(corpus, document)).encode()
    with _said(folder), _WRITING:
        _write(folder, [one for one in _lines(folder) if one.rstrip(b"\r") != line])


def left_out(index: PathLike = "index") -> frozenset[str]:
    """The paths of the files that are left out by a line of their own, as `leave_out` writes it.

    They are among those that the last build found. Raises `NoIndexError`; what can't be opened says nothing.
    """
    path = Path(index).resolve()
    manifest = read_current(path)[1]
    corpus = manifest.corpus(path)
    known = {*manifest.digests, *(file.path for file in manifest.skipped)}
    found = set()
    for name, folder in corpus.folders:
        with suppress(OSError):
            for line in _lines(folder):
                inside = exact_path(line.decode("utf-8", "replace").rstrip("\r"))
                document = f"{name}/{inside}" if name else inside
                if document in known and ignored(inside, patterns_on_the_way(folder, inside)):
                    found.add(document)
    return frozenset(found)


def _check_that_new(data: bytes, digests: Mapping[str, str], corpus: Corpus) -> None:
    """Raise `InputError` where the very bytes are in the index already, and their file is there."""
    digest = hashlib.sha256(data).hexdigest()
    for path, known in digests.items():
        if known == digest and file_state(corpus.file(path), digest) is State.STANDS:
            raise InputError(f"It is here already, as {path!r}.")


def _check_readable(name: str, data: bytes, limits: Limits) -> None:
    """Raise `UnreadableError` where a build could not read a file of this name with these bytes."""
    with TemporaryDirectory(prefix="dossier-") as aside:
        folder = Path(aside)
        with _said(folder):
            (folder / name).write_bytes(data)
        with closing(read_documents(Corpus.of([folder]), [name], limits)) as read:
            if isinstance(found := next(read), UnreadableError):
                raise found


def _written(folder: Path, name: str, data: bytes) -> str:
    """The name under which some bytes are in a folder now: that one or, where it is taken, one with a number.

    The name is reserved by an empty file, which only one of several can do, and which is replaced at one stroke.
    """
    for number in count(1):
        chosen = folder / (name if number == 1 else numbered(name, number))
        try:
            chosen.open("xb").close()
            break
        except FileExistsError:
            continue
    try:
        replace_bytes(chosen, data)
        flush_file(chosen)
        flush_folder(folder)
    except BaseException:
        chosen.unlink(missing_ok=True)
        raise
    return chosen.name


def _inside(corpus: Corpus, document: str) -> str:
    """The path of a document in its own folder."""
    return document if len(corpus.folders) == 1 else document.partition("/")[2]


def _lines(folder: Path) -> list[bytes]:
    """The lines of the ignore file of a folder, as they are; none where there is no such file."""
    try:
        lines = (folder / LEFT_OUT).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return lines if lines[-1] else lines[:-1]


def _write(folder: Path, lines: list[bytes]) -> None:
    """Write the ignore file of a folder anew; one without lines is removed."""
    file = folder / LEFT_OUT
    if file.is_symlink():
        raise InputError(f"The {LEFT_OUT} of the folder is a link, which is not obeyed. Put a file in its place.")
    if lines:
        replace_bytes(file, b"".join(line + b"\n" for line in lines))
    else:
        file.unlink(missing_ok=True)


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """Raise `StorageError` in place of `OSError`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The folder {folder.name!r} can't be written: {error.strerror or error}. What was there is as it was."
        ) from error
