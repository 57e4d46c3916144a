"""Settings: how an index is to be built. Read at the doors, from defaults, environment and options, and ended there.

A question needs none of them: the index remembers what it was built with.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dossier.errors import InputError

DEFAULT_MODEL = "minilm"
# The toy of demonstrations, which knows words and nothing else.
TOY_MODEL = "words"
# Readers: the one that comes along, none, or auto, which leaves it to the model.
SHIPPED_READER, NO_READER = "minilm", "none"
# A question has so many characters at most.
LONGEST_QUESTION = 2_000
# How passages' vectors are searched; auto leaves it to their number.
AUTO, FLAT, COMPACT = VECTORS = "auto", "flat", "compact"
DEFAULT_ENCODING = "dossier_16k"
PREFIX = "DOSSIER_"
# What one file may take has an end, in seconds and megabytes.
MOST = 1_000_000


@dataclass(frozen=True)
class Settings:
    """How to divide and embed a folder of documents.

    ``model`` is ``minilm`` (the one that is installed with dossier), ``words`` (a toy for demonstrations), the folder
    of a sentence-transformers model, or its name on the Hugging Face hub. ``max_tokens`` is the size of a passage,
    counted in tokens of the tiktoken ``encoding``; no passage grows beyond what the model can read, whatever is set.
    ``overlap`` is the number of sentences that a passage repeats of the one before. ``tokens`` keeps a vector of every
    token, 64 bytes each: the best passages are told apart with them. ``reader`` reads the
    best passages together with the question: ``minilm`` (the one that comes along), the folder or hub name of a model
    for extractive question answering or of a cross-encoder, ``none``, or ``auto``, which is ``minilm`` but beside the
    toy, where it is ``none``. ``vectors`` is
    ``flat`` (a question is compared with every passage), ``compact`` (with a small code of each, and the likeliest are
    looked up), or ``auto``, which is flat until there are many. A file that
    takes longer than ``seconds_per_file`` or, on Linux, more memory than ``megabytes_per_file`` to read is skipped;
    plain text of moderate size never does. ``kept`` is how many generations of an index remain on disk, to go back to.
    Raises `InputError` where a value makes no sense.
    """

    model: str = DEFAULT_MODEL
    encoding: str = DEFAULT_ENCODING
    max_tokens: int = 180
    overlap: int = 1
    tokens: bool = True
    reader: str = AUTO
    vectors: str = AUTO
    seconds_per_file: float = 60
    megabytes_per_file: int = 2048
    kept: int = 2

    def __post_init__(self) -> None:
        if not isinstance(self.model, str) or not self.model.strip():
            raise InputError(
                "The model's name is empty. Give 'minilm', a model folder, or a name on the Hugging Face hub."
            )
        if not isinstance(self.reader, str) or not self.reader.strip():
            raise InputError(
                "The reader's name is empty. Give 'auto', 'minilm', 'none', a model folder, or a name on the Hugging "
                "Face hub."
            )
        if self.vectors not in VECTORS:
            raise InputError(f"vectors is {self.vectors!r}; give one of: {', '.join(VECTORS)}.")
        if not isinstance(self.max_tokens, int) or self.max_tokens < 16:
            raise InputError(f"max_tokens is {self.max_tokens!r}; a passage needs room for 16 tokens at least.")
        if not isinstance(self.overlap, int) or self.overlap < 0:
            raise InputError(f"overlap is {self.overlap!r}; it is a number of sentences, 0 or more.")
        if not isinstance(self.seconds_per_file, (int, float)) or not 0 < self.seconds_per_file <= MOST:
            raise InputError(
                f"seconds_per_file is {self.seconds_per_file!r}; it is a number above 0, at most {MOST:,}."
            )
        if not isinstance(self.megabytes_per_file, int) or not 0 < self.megabytes_per_file <= MOST:
            raise InputError(f"megabytes_per_file is {self.megabytes_per_file!r}; it is 1 or more, at most {MOST:,}.")
        if not isinstance(self.kept, int) or self.kept < 1:
            raise InputError(f"kept is {self.kept!r}; it is a number of generations, 1 or more.")

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, *, base: Settings | None = None) -> Settings:
        """The settings of ``base``, or the defaults, overridden by the environment.

        Its variables are ``DOSSIER_MODEL``, ``DOSSIER_ENCODING``, ``DOSSIER_MAX_TOKENS``, ``DOSSIER_OVERLAP``,
        ``DOSSIER_TOKENS`` (0 or 1), ``DOSSIER_READER``, ``DOSSIER_VECTORS``, ``DOSSIER_SECONDS_PER_FILE``,
        ``DOSSIER_MEGABYTES_PER_FILE`` and ``DOSSIER_KEPT``.
        """
        return (base or cls()).changed(
            model=environment.get(f"{PREFIX}MODEL"),
            encoding=environment.get(f"{PREFIX}ENCODING"),
            max_tokens=_whole_number(environment, f"{PREFIX}MAX_TOKENS"),
            overlap=_whole_number(environment, f"{PREFIX}OVERLAP"),
            tokens=_switch(environment, f"{PREFIX}TOKENS"),
            reader=environment.get(f"{PREFIX}READER"),
            vectors=environment.get(f"{PREFIX}VECTORS"),
            seconds_per_file=_whole_number(environment, f"{PREFIX}SECONDS_PER_FILE"),
            megabytes_per_file=_whole_number(environment, f"{PREFIX}MEGABYTES_PER_FILE"),
            kept=_whole_number(environment, f"{PREFIX}KEPT"),
        )

    def changed(self, **values: str | float | None) -> Settings:
        """These settings with some values replaced; None leaves one as it is."""
        given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        return replace(self, **given)


def reader_for(reader: str, model: str) -> str:
    """The reader that a setting means beside an embedding model."""
    if reader != AUTO:
        return reader
    return NO_READER if model == TOY_MODEL else SHIPPED_READER


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where what can be made again is kept: ``DOSSIER_CACHE``, or what the system has for that."""
    from platformdirs import user_cache_path

    named = environment.get(f"{PREFIX}CACHE")
    return Path(named).expanduser().absolute() if named else user_cache_path("dossier", appauthor=False)


def _whole_number(environment: Mapping[str, str], name: str) -> int | None:
    value = environment.get(name)
    if value is None:
        return None
    try:
        return int(value)
    except ValueError:
        raise InputError(f"The environment variable {name} is {value!r}; it must be a whole number.") from None


def _switch(environment: Mapping[str, str], name: str) -> bool | None:
    value = environment.get(name)
    if value not in (None, "0", "1"):
        raise InputError(f"The environment variable {name} is {value!r}; it must be 0 or 1.")
    return None if value is None else value == "1"
