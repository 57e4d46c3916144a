"""Opening: the index is brought up to date in the background, and whoever asks can see how far it has come."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TypeVar

from dossier.answers import Answer
from dossier.dossier import Dossier, build
from dossier.errors import DossierError, InputError, LateError
from dossier.events import Happening, log
from dossier.overview import Folders, describe
from dossier.records import Description
from dossier.reports import BuildReport, Progress
from dossier.settings import Settings
from dossier.stages import Watch, watched
from dossier.web.counts import figure
from dossier.web.metrics import Metrics
from dossier.web.texts import TEXTS, say

Found = TypeVar("Found")


class Opening:
    """The documents that a page is about, from the moment it starts until they can be asked, and at every rebuild.

    ``progress`` is the last step of the build, ``error`` what went wrong with it and ``report`` what the last one that
    ended well did. An index that is being brought up to date, or could not be, still answers. An answer that takes
    longer than ``seconds_per_answer`` is given up; None lets it take its time.
    """

    def __init__(
        self, folder: Folders, index: Path, settings: Settings, *, seconds_per_answer: float | None = None
    ) -> None:
        self.folder = folder
        self.index = index
        self.settings = settings
        self.progress = Progress("reading", 0, 1)
        self.error = ""
        self.report: BuildReport | None = None
        self.metrics = Metrics()
        self._seconds_per_answer = seconds_per_answer
        self._examples: tuple[str, list[str]] = ("", [])
        self._ready = Event()
        self._done = Event()
        self._starting = Lock()
        self._again = False

    def start(self) -> None:
        """Begin to build, in a thread of its own."""
        Thread(target=self._open, name="opening", daemon=True).start()

    def rebuild(self) -> bool:
        """Begin to build again, or do it once more after the build that is under way; whether one began."""
        with self._starting:
            if not self._done.is_set():
                self._again = True
                return False
            self._done.clear()
        self.error, self.progress = "", Progress("reading", 0, 1)
        self.start()
        return True

    def ready(self, seconds: float = 0) -> bool:
        """Whether questions can be asked, or never will be, after waiting for it so long at most."""
        return self._ready.wait(seconds)

    def wait(self, seconds: float) -> bool:
        """Whether the build has ended, after waiting for it so long at most."""
        return self._done.wait(seconds)

    @property
    def folders(self) -> list[Path]:
        """The folders of the documents, one or several."""
        return [Path(one) for one in ([self.folder] if isinstance(self.folder, (str, Path)) else self.folder)]

    def dossier(self) -> Dossier:
        """The dossier at its current generation. Raises `DossierError` where there is none."""
        try:
            return Dossier.open(self.index)
        except DossierError as error:
            raise DossierError(self.error or str(error)) from error

    def answered(self, question: object, ask: Callable[[], Found]) -> Found:
        """What comes of asking, timed and counted. Raises what ``ask`` does, and `LateError` if it takes too long."""
        (found,) = self.growing(question, lambda: iter((ask(),)))
        return found

    def growing(self, question: object, begin: Callable[[], Iterator[Found]]) -> Iterator[Found]:
        """What comes of asking, step by step; the time that passes between the steps counts too. See `answered`."""
        log.debug(Happening("asked", question=question))
        outcome, watch = "failed", Watch(self._seconds_per_answer)
        try:
            with watched(watch):
                steps = begin()
            while True:
                with watched(watch):  # each step may be asked for by another thread
                    found = next(steps, None)
                if found is None:
                    break
                outcome = _outcome(found)
                yield found
        except (InputError, LateError) as error:
            outcome = "late" if isinstance(error, LateError) else "refused"
            raise
        finally:
            self.metrics.asked(outcome, watch.elapsed, watch.stages)
            log.info(Happening("answered", outcome=outcome, seconds=watch.elapsed, **watch.stages))

    def built(self, report: BuildReport | None) -> None:
        """Take note of a build, of which there is no report if it failed, and open what it made."""
        self.metrics.built(report)
        if report is not None:
            self.report, self.error = report, ""
            with contextlib.suppress(DossierError):
                self.metrics.opened(Dossier.open(self.index))

    def examples(self) -> list[str]:
        """Questions to begin with, found once for each generation. Raises `DossierError` where there is no index."""
        dossier = self.dossier()
        if self._examples[0] != dossier.generation:
            self._examples = (dossier.generation, dossier.examples())
        return self._examples[1]

    def description(self) -> Description:
        """What the documents are: as they were indexed, or as their folders say while there is no index."""
        if self.ready():
            with contextlib.suppress(DossierError):
                return self.dossier().description
        return describe(self.folder)

    def _open(self) -> None:
        again = True
        while again:
            self._bring_up_to_date()
            self._ready.set()
            with self._starting:
                again, self._again = self._again, False
                if not again:
                    self._done.set()

    def _bring_up_to_date(self) -> None:
        self.error = ""
        try:
            self._answer_meanwhile()
            self._build()
            self._note(Progress("loading the model", 0, 1))
            Dossier.open(self.index).search("Is everything loaded?", k=1)  # so that the first question need not wait
        except DossierError as error:
            self.error = self.error or str(error)
        except Exception as error:
            self.error = f"Something went wrong that should not have ({type(error).__name__}: {error})."
            log.exception(Happening("build failed in a way that it should not have"))

    def _answer_meanwhile(self) -> None:
        """Let the index that is there answer while it is brought up to date."""
        with contextlib.suppress(DossierError):
            self.metrics.opened(Dossier.open(self.index))
            self._ready.set()

    def _build(self) -> None:
        report = None
        try:
            report = build(self.folder, self.index, settings=self.settings, progress=self._note)
        except DossierError as error:
            self.error = str(error)
            log.error(Happening("build failed", reason=str(error)))  # its place says nothing
        finally:
            self.built(report)

    def _note(self, progress: Progress) -> None:
        self.progress = progress


def _outcome(found: object) -> str:
    """What has become of a question: an answer, or passages."""
    return "not_found" if (isinstance(found, Answer) and not found.found) or found == [] else "found"


def stage_text(progress: Progress, language: str) -> str:
    """What a build is doing, in words."""
    done, total = figure(language, progress.done), figure(language, progress.total)
    part = f" ({done} / {total})" if progress.total > 1 else ""
    return (say(language, progress.stage) if progress.stage in TEXTS else progress.stage) + part
