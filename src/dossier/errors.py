"""The errors dossier raises, one kind for each thing a person can do about them. Each message names that thing."""


class DossierError(Exception):
    """The base of them all: catching it catches everything dossier says no to."""


class InputError(DossierError, ValueError):
    """A question, folder, setting or number can't be used as given: give another."""


class UnreadableError(DossierError):
    """One file can't be read as text. A build lists it as skipped and goes on.

    Where it is ``passing`` it lies with the machine, not with the file, and the next build tries again.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class NoIndexError(DossierError):
    """There is no index in the folder yet: build one."""


class BrokenIndexError(DossierError):
    """The index is damaged, or was made by something that does not fit what is installed: build it again."""


class ModelError(DossierError):
    """The embedding model can't be had or is not the expected one: install it or name another."""


class StorageError(DossierError):
    """The index can't be written: free some space or choose another folder."""


class LateError(DossierError):
    """An answer took longer than it may: ask again, or something simpler."""
