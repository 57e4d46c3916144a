"""Watching: the folders of an index are looked at until they change and settle, and then it is built again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from dossier.errors import DossierError
from dossier.events import Happening, log
from dossier.reading.describing import DESCRIPTION
from dossier.reading.ignoring import IGNORE_FILES
from dossier.records import Skipped
from dossier.reports import BuildReport

# Edits have settled when nothing has happened for so many milliseconds; after so many it is built in any case.
QUIET, LONGEST = 1_000, 30_000
# How often it is looked whether a folder is still there, in milliseconds.
TICK = 1_000


def keep_up(folders: Sequence[Path], index: Path, build: Callable[[], BuildReport], stop: Event) -> None:
    """Build now, and again whenever files of some folders have changed and settled, until ``stop`` is set.

    What goes wrong with a build is logged, and the next change is waited for: nothing is tried again in a loop.
    """
    skipped: set[Skipped] = set()
    for _ in _settled([folder.absolute() for folder in folders], index.absolute(), stop):
        try:
            report = build()
        except DossierError as error:
            log.error(Happening("build failed", reason=str(error)))  # its place says nothing
        except Exception:
            log.exception(Happening("build failed in a way that it should not have"))
        else:
            _say(report, skipped)
            skipped = set(report.skipped)


def _say(report: BuildReport, skipped: set[Skipped]) -> None:
    """Log what a build has done, and each file that is skipped and was not before."""
    for file in report.skipped:
        if file not in skipped and (file.digest or file.passing):
            log.warning(Happening("skipped", path=file.path, reason=file.reason))
    for fault in report.faults:
        log.warning(Happening("description", fault=fault))
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged", "skipped")}
    sizes = {"passages": report.passages, "embedded": report.embedded, "seconds": report.seconds}
    log.info(Happening("up to date", generation=report.generation, **counts, **sizes))


def _settled(folders: Sequence[Path], index: Path, stop: Event) -> Iterator[None]:
    """Yields at once, and whenever files have changed and settled; a folder that vanishes is waited for."""
    from watchfiles import watch

    while not stop.is_set():
        missing = [folder for folder in folders if _identity(folder) is None]
        if missing:
            log.warning(Happening("waiting for folders", missing=len(missing), folders=len(folders)))
            while any(_identity(folder) is None for folder in missing) and not stop.wait(TICK / 1_000):
                pass
            continue
        known = [_identity(folder) for folder in folders]
        first = True
        for changes in watch(
            *folders,
            watch_filter=lambda _, path: _matters(Path(path), folders, index),
            step=QUIET,
            debounce=LONGEST,
            rust_timeout=TICK,
            yield_on_timeout=True,
            stop_event=stop,
            ignore_permission_denied=True,
        ):
            if [_identity(folder) for folder in folders] != known:
                break  # another folder has taken its place, or a drive was mounted there
            if changes or first:
                first = False
                log.debug(Happening("changes", count=len(changes)))
                yield


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _matters(path: Path, folders: Sequence[Path], index: Path) -> bool:
    """Whether a build might read a file: it is neither hidden nor in the index, or decides what is read and shown."""
    if index in (path, *path.parents):
        return False
    parts = next((path.relative_to(folder).parts for folder in folders if folder in path.parents), ())
    return not any(part.startswith(".") and part not in (*IGNORE_FILES, DESCRIPTION) for part in parts)
