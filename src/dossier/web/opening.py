"""Opening: the index is brought up to date in the background, and whoever asks can see how far it has come."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

from dossier.dossier import Dossier, Folders, build
from dossier.errors import DossierError
from dossier.records import Progress
from dossier.settings import Settings


class Opening:
    """The documents that a page is about, from the moment it starts until they can be asked.

    ``progress`` is the last step of the build, ``error`` what went wrong with it. An index that could not be brought
    up to date still answers.
    """

    def __init__(self, folder: Folders, index: Path, settings: Settings) -> None:
        self.folder = folder
        self.index = index
        self.settings = settings
        self.progress = Progress("reading", 0, 1)
        self.error = ""
        self._done = Event()

    def start(self) -> None:
        """Begin to build, in a thread of its own."""
        Thread(target=self._open, name="opening", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether the build has ended, after waiting for it so long at most."""
        return self._done.wait(seconds)

    def dossier(self) -> Dossier:
        """The dossier at its current generation. Raises `DossierError` where there is none."""
        try:
            return Dossier.open(self.index)
        except DossierError as error:
            raise DossierError(self.error or str(error)) from error

    def _open(self) -> None:
        try:
            self._build()
            self._note(Progress("loading the model", 0, 1))
            Dossier.open(self.index).search("Is everything loaded?", k=1)  # so that the first question need not wait
        except DossierError as error:
            self.error = self.error or str(error)
        except Exception as error:
            self.error = f"Something went wrong that should not have ({type(error).__name__}: {error})."
            raise
        finally:
            self._done.set()

    def _build(self) -> None:
        try:
            build(self.folder, self.index, settings=self.settings, progress=self._note)
        except DossierError as error:
            self.error = str(error)

    def _note(self, progress: Progress) -> None:
        self.progress = progress
