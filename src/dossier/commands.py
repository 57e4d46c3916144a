"""Commands: what each command of the terminal does with its options; it calls the front door and prints."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from dossier.errors import InputError, StorageError
from dossier.escaping import printable
from dossier.events import keep_log
from dossier.listing import report_text, status_text
from dossier.rendering import answer_text, as_json, checked_text, document_text, hits_text, replayed_text, verified_text
from dossier.reports import Progress
from dossier.settings import Settings

DONE, FAILED = 0, 1
WIDEST = 100


def run_build(options: argparse.Namespace) -> None:
    """Read a folder and bring its index up to date."""
    from dossier.dossier import build
    from dossier.overview import remembered_folders, remembered_settings

    settings = Settings.read(base=remembered_settings(options.index)).changed(
        model=options.model,
        encoding=options.encoding,
        max_tokens=options.max_tokens,
        overlap=options.overlap,
        tokens=options.tokens,
        reader=options.reader,
        vectors=options.vectors,
        seconds_per_file=options.seconds_per_file,
        megabytes_per_file=options.megabytes_per_file,
        kept=options.kept,
    )
    folders = options.folders or remembered_folders(options.index) or ["seeds"]
    report = build(folders, options.index, settings=settings, progress=progress_bars())
    _print(options, report, report_text(report, whole=options.all))


def run_search(options: argparse.Namespace) -> None:
    """Print the passages that best match a question."""
    from dossier.dossier import search

    hits = search(
        options.question,
        k=options.k,
        documents=options.documents,
        after=options.after,
        before=options.before,
        index=options.index,
    )
    _print(options, hits, hits_text(hits, _width()))


def run_ask(options: argparse.Namespace) -> None:
    """Print the sentences that answer a question, with citations."""
    from dossier.dossier import ask

    answer = ask(
        options.question,
        k=options.k,
        documents=options.documents,
        after=options.after,
        before=options.before,
        index=options.index,
    )
    _print(options, answer, answer_text(answer, _width()))


def run_status(options: argparse.Namespace) -> None:
    """Print what the index holds and whether it is up to date."""
    from dossier.overview import status

    found = status(options.index)
    _print(options, found, status_text(found, whole=options.all))


def run_show(options: argparse.Namespace) -> None:
    """Print a document as it was indexed, marking what is no prose."""
    from dossier.overview import show

    document = show(options.file, options.index)
    _print(options, document, document_text(document))


def run_verify(options: argparse.Namespace) -> int:
    """Look at every byte of the index, and say what is wrong and what mends it."""
    from dossier.upkeep import verify

    found = verify(options.index)
    _print(options, found, verified_text(found))
    return FAILED if found.damage else DONE


def run_rollback(options: argparse.Namespace) -> None:
    """Go back to the generation of the index before this one."""
    from dossier.upkeep import rollback

    generation = rollback(options.index, options.generation)
    _print(options, {"generation": generation}, f"The index is at generation {generation} again.")


def run_check(options: argparse.Namespace) -> int:
    """Say of each quote in a saved answer whether it stands, moved, changed or is gone."""
    from dossier.upkeep import check

    found = check(_given(options.file), options.index)
    _print(options, found, checked_text(found, _width()))
    return DONE if all(one.verdict == "stands" for one in found) else FAILED


def run_replay(options: argparse.Namespace) -> int:
    """Ask the question of a saved answer again and say what differs."""
    from dossier.upkeep import replay

    found = replay(_given(options.file), options.index)
    _print(options, found, replayed_text(found, _width()))
    return FAILED if found.differences else DONE


def _given(file: str) -> str:
    """What stands in a file, or is piped in where its name is a dash; Windows PowerShell writes UTF-16."""
    try:
        given = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return given.decode("utf-16" if given.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is neither UTF-8 nor UTF-16"
        raise InputError(
            f"{file!r} can't be read ({reason}). Give a file of JSON, or - for what is piped in."
        ) from None


def run_serve(options: argparse.Namespace) -> None:
    """Open the web page."""
    from dossier.web.serving import serve

    keep_log(options.log_level, options.log_format)
    serve(
        options.folders,
        options.index,
        host=options.host,
        port=options.port,
        watch=options.watch,
        editable=options.editable,
        megabytes_per_upload=options.megabytes_per_upload,
    )


def run_mcp(options: argparse.Namespace) -> None:
    """Answer a desktop assistant, which starts this itself (MCP)."""
    try:
        from dossier.assistant import speak
    except ImportError as error:
        package = str(error.name).partition(".")[0]
        missing = f"The package {package!r}, through which assistants are answered, is not installed or too old."
        raise InputError(f'{missing} Type: pip install "mcp>=2.1,<3"') from None
    if sys.stdin.isatty():
        print("dossier: waiting for an assistant on standard input (stop it with Ctrl+C)", file=sys.stderr)
    speak(Path(options.index).resolve())


def run_watch(options: argparse.Namespace) -> None:
    """Bring the index up to date whenever the documents change."""
    from threading import Event

    from dossier.overview import remembered_folders, remembered_settings
    from dossier.upkeep import watch

    keep_log(options.log_level, options.log_format)
    folders = options.folders or remembered_folders(options.index) or ["seeds"]
    settings = Settings.read(base=remembered_settings(options.index))
    try:
        watch(folders, options.index, settings=settings, stop=Event())
    except KeyboardInterrupt:
        print("dossier: stopped; the index is whole.", file=sys.stderr)


def run_doctor(options: argparse.Namespace) -> int:
    """Print versions, state and what is wrong, to paste where you ask."""
    from dossier.doctor import examine, examined_text

    found = examine(options.index)
    _print(options, found, printable(examined_text(found), lines=True))
    return FAILED if found.wrong else DONE


def run_evaluate(options: argparse.Namespace) -> None:
    """Measure how well questions with known answers are answered."""
    from dossier.evaluation.evaluating import evaluate
    from dossier.evaluation.tables import report_text as evaluation_text

    output = Path(options.output) if options.output else None
    if output is not None and not output.resolve().parent.is_dir():
        raise InputError(f"There is no folder for {str(output)!r}. Make it, or give another file.")
    for name in ("model", "reader"):
        if getattr(options, name) and not Path(options.path).is_dir():
            raise InputError(f"An index names its own {name}. Leave out --{name}, or give a collection to be indexed.")
    found = evaluate(
        options.path,
        index=options.index,
        settings=Settings.read().changed(model=options.model, reader=options.reader),
        ways=options.ways,
        limit=options.limit,
        other=options.compare,
        progress=progress_bars(),
    )
    _print(options, found, evaluation_text(found, _width()))
    if output is not None:
        try:
            output.write_text(_as_json(found) + "\n", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"{str(output)!r} can't be written ({error.strerror}). Give another file.") from None


def run_calibrate(options: argparse.Namespace) -> None:
    """Find out what the model's cosines mean on the documents."""
    from dossier.evaluation.anchoring import calibrate, calibrated_text

    found = calibrate(options.index, progress=progress_bars())
    _print(options, found, calibrated_text(found, _width()))


def write_no_more() -> None:
    """Give up what could not be written: Python would try once more as it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print(options: argparse.Namespace, value: object, text: str) -> None:
    """Say what was found out, which stands even where whoever reads has seen enough."""
    try:
        # At once, or it would fail only as Python ends, with a message of its own.
        print(_as_json(value) if options.json else text, flush=True)
    except BrokenPipeError:
        write_no_more()


def _as_json(value: object) -> str:
    return json.dumps(as_json(value), indent=2)


def progress_bars() -> Callable[[Progress], None]:
    """A progress bar on the error stream, for each stage of a build; nothing where nobody looks at it."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(progress: Progress) -> None:
        if progress.stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[progress.stage] = tqdm(
                total=progress.total, desc=progress.stage, leave=False, disable=None, file=sys.stderr
            )
        bars[progress.stage].update(progress.done - bars[progress.stage].n)

    return show


def _width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)
