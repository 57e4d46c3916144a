"""The terminal: parse what was typed, call the front door, render what comes back."""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dossier.errors import DossierError, InputError, StorageError
from dossier.events import FORMATS, LEVELS, keep_log
from dossier.records import Progress
from dossier.rendering import (
    answer_text,
    as_json,
    checked_text,
    document_text,
    hits_text,
    printable,
    replayed_text,
    report_text,
    status_text,
    verified_text,
)
from dossier.settings import Settings

DONE, FAILED = 0, 1
WIDEST = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 could not be done, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    _speak_unicode()
    try:
        with _stopped_when_told():
            return options.run(options) or DONE
    except DossierError as error:
        print(f"dossier: {printable(str(error))}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"dossier: {printable(str(error))}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("dossier: interrupted; the index is as it was.", file=sys.stderr)
        return FAILED
    return DONE


def _build(options: argparse.Namespace) -> None:
    from dossier.dossier import build, remembered_folders, remembered_settings

    settings = Settings.read(base=remembered_settings(options.index)).changed(
        model=options.model,
        encoding=options.encoding,
        max_tokens=options.max_tokens,
        overlap=options.overlap,
        tokens=options.tokens,
        reranker=options.reranker,
        vectors=options.vectors,
        seconds_per_file=options.seconds_per_file,
        megabytes_per_file=options.megabytes_per_file,
        kept=options.kept,
    )
    folders = options.folders or remembered_folders(options.index) or ["seeds"]
    report = build(folders, options.index, settings=settings, progress=progress_bars())
    _print(options, report, report_text(report, whole=options.all))


def _search(options: argparse.Namespace) -> None:
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


def _ask(options: argparse.Namespace) -> None:
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


def _status(options: argparse.Namespace) -> None:
    from dossier.dossier import status

    found = status(options.index)
    _print(options, found, status_text(found, whole=options.all))


def _show(options: argparse.Namespace) -> None:
    from dossier.dossier import show

    document = show(options.file, options.index)
    _print(options, document, document_text(document))


def _verify(options: argparse.Namespace) -> int:
    from dossier.upkeep import verify

    found = verify(options.index)
    _print(options, found, verified_text(found))
    return FAILED if found.damage else DONE


def _rollback(options: argparse.Namespace) -> None:
    from dossier.upkeep import rollback

    generation = rollback(options.index, options.generation)
    _print(options, {"generation": generation}, f"The index is at generation {generation} again.")


def _check(options: argparse.Namespace) -> int:
    from dossier.upkeep import check

    found = check(_given(options.file), options.index)
    _print(options, found, checked_text(found, _width()))
    return DONE if all(one.verdict == "stands" for one in found) else FAILED


def _replay(options: argparse.Namespace) -> int:
    from dossier.upkeep import replay

    found = replay(_given(options.file), options.index)
    _print(options, found, replayed_text(found, _width()))
    return FAILED if found.differences else DONE


def _given(file: str) -> str:
    """What stands in a file, or is piped in where its name is a dash."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(
            f"{file!r} can't be read ({reason}). Give a file of JSON, or - for what is piped in."
        ) from None


def _serve(options: argparse.Namespace) -> None:
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


def _mcp(options: argparse.Namespace) -> None:
    try:
        from dossier.assistant import speak
    except ModuleNotFoundError as error:
        missing = f"The package {error.name!r}, through which assistants are answered, is not installed."
        raise InputError(f"{missing} Type: pip install mcp") from None
    if sys.stdin.isatty():
        print("dossier: waiting for an assistant on standard input (stop it with Ctrl+C)", file=sys.stderr)
    speak(Path(options.index).resolve())


def _watch(options: argparse.Namespace) -> None:
    from threading import Event

    from dossier.dossier import remembered_folders, remembered_settings
    from dossier.upkeep import watch

    keep_log(options.log_level, options.log_format)
    folders = options.folders or remembered_folders(options.index) or ["seeds"]
    settings = Settings.read(base=remembered_settings(options.index))
    try:
        watch(folders, options.index, settings=settings, stop=Event())
    except KeyboardInterrupt:
        print("dossier: stopped; the index is whole.", file=sys.stderr)


def _doctor(options: argparse.Namespace) -> int:
    from dossier.doctor import examine, examined_text

    found = examine(options.index)
    _print(options, found, printable(examined_text(found), lines=True))
    return FAILED if found.wrong else DONE


def _evaluate(options: argparse.Namespace) -> None:
    from dossier.evaluation.evaluating import evaluate
    from dossier.evaluation.tables import report_text as evaluation_text

    output = Path(options.output) if options.output else None
    if output is not None and not output.resolve().parent.is_dir():
        raise InputError(f"There is no folder for {str(output)!r}. Make it, or give another file.")
    for name in ("model", "reranker"):
        if getattr(options, name) and not Path(options.path).is_dir():
            raise InputError(f"An index names its own {name}. Leave out --{name}, or give a collection to be indexed.")
    found = evaluate(
        options.path,
        index=options.index,
        settings=Settings.read().changed(model=options.model, reranker=options.reranker),
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


def _calibrate(options: argparse.Namespace) -> None:
    from dossier.evaluation.anchoring import calibrate, calibrated_text

    found = calibrate(options.index, progress=progress_bars())
    _print(options, found, calibrated_text(found, _width()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dossier",
        description="Ask a folder of documents a question; get the passages that answer it, quoted and cited.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = _command(commands, "build", _build, "read a folder and bring its index up to date")
    build.add_argument(
        "folders", nargs="*", metavar="FOLDER", help="the documents (default: those of the index, or seeds)"
    )
    build.add_argument("--model", help="minilm, a model folder, or a name on the Hugging Face hub")
    build.add_argument("--encoding", help="tiktoken encoding that passages are measured with")
    build.add_argument("--max-tokens", type=int, metavar="N", help="size of a passage in tokens")
    build.add_argument("--overlap", type=int, metavar="N", help="sentences a passage repeats of the one before")
    build.add_argument(
        "--tokens", action=argparse.BooleanOptionalAction, default=None, help="keep token vectors (64 bytes a token)"
    )
    build.add_argument("--reranker", metavar="NAME", help="a cross-encoder that reads the best passages again, or none")
    build.add_argument("--vectors", metavar="KIND", help="flat, compact, or auto: how the vectors are searched")
    build.add_argument("--seconds-per-file", type=float, metavar="S", help="a file that takes longer is skipped")
    build.add_argument("--megabytes-per-file", type=int, metavar="N", help="or that needs more memory (on Linux)")
    build.add_argument("--kept", type=int, metavar="N", help="generations that remain on disk, to roll back to")
    build.add_argument("--all", action="store_true", help="list every file, however many there are")
    build.add_argument("--json", action="store_true", help="print the report as JSON")

    for name, run, purpose in (
        ("search", _search, "print the passages that best match a question"),
        ("ask", _ask, "print the sentences that answer a question, with citations"),
    ):
        asking = _command(commands, name, run, purpose)
        asking.add_argument("question", metavar="QUESTION")
        asking.add_argument("-k", type=int, default=5, metavar="N", help="number of passages (default: %(default)s)")
        asking.add_argument(
            "--in",
            dest="documents",
            action="append",
            default=[],
            metavar="PATH",
            help="search only this file or folder of the corpus (may be given again)",
        )
        asking.add_argument("--after", default="", metavar="DATE", help="search only what may be dated then or later")
        asking.add_argument("--before", default="", metavar="DATE", help="search only what may be dated before then")
        asking.add_argument("--json", action="store_true", help="print the result as JSON")

    serve = _command(commands, "serve", _serve, "open the web page")
    serve.add_argument(
        "folders", nargs="*", metavar="FOLDER", help="the documents (default: those of the index, or seeds)"
    )
    serve.add_argument("--host", help="address to listen on (default: GRADIO_SERVER_NAME or 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: GRADIO_SERVER_PORT or 7860)")
    serve.add_argument(
        "--editable",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="let whoever reaches the page add documents, leave some out and roll back (default: on this machine only, "
        "and without a login)",
    )
    serve.add_argument(
        "--megabytes-per-upload",
        type=int,
        metavar="N",
        help="how large a document is that is added there (default: 100)",
    )
    serve.add_argument("--watch", action="store_true", help="bring the index up to date whenever the documents change")

    _command(commands, "mcp", _mcp, "answer a desktop assistant, which starts this itself (MCP)")

    watch = _command(commands, "watch", _watch, "bring the index up to date whenever the documents change")
    watch.add_argument(
        "folders", nargs="*", metavar="FOLDER", help="the documents (default: those of the index, or seeds)"
    )
    for running in (serve, watch):
        running.add_argument(
            "--log-level", choices=LEVELS, default="info", help="log what is so grave, or graver (default: %(default)s)"
        )
        running.add_argument(
            "--log-format", choices=FORMATS, default="text", help="a line of text for each event, or of JSON"
        )

    doctor = _command(commands, "doctor", _doctor, "print versions, state and what is wrong, to paste where you ask")
    doctor.add_argument("--json", action="store_true", help="print it as JSON")

    status = _command(commands, "status", _status, "print what the index holds and whether it is up to date")
    status.add_argument("--all", action="store_true", help="list every file, however many there are")
    status.add_argument("--json", action="store_true", help="print the status as JSON")

    verify = _command(
        commands, "verify", _verify, "look at every byte of the index, and say what is wrong and what mends it"
    )
    verify.add_argument("--json", action="store_true", help="print what was found as JSON")

    for name, again, purpose in (
        ("check", _check, "say of each quote in a saved answer whether it stands, moved, changed or is gone"),
        ("replay", _replay, "ask the question of a saved answer again and say what differs"),
    ):
        saved = _command(commands, name, again, purpose)
        saved.add_argument("file", metavar="FILE", help="what 'dossier ask --json' printed; - for what is piped in")
        saved.add_argument("--json", action="store_true", help="print what was found as JSON")

    rollback = _command(commands, "rollback", _rollback, "go back to the generation of the index before this one")
    rollback.add_argument("--generation", metavar="NAME", help="the generation to go to, of those that status lists")
    rollback.add_argument("--json", action="store_true", help="print the generation as JSON")

    calibrate = _command(commands, "calibrate", _calibrate, "find out what the model's cosines mean on the documents")
    calibrate.add_argument("--json", action="store_true", help="print what was found as JSON")
    show = _command(commands, "show", _show, "print a document as it was indexed, marking what is no prose")
    show.add_argument("file", metavar="FILE", help="its path in the folder of documents, as in status")
    show.add_argument("--json", action="store_true", help="print the document as JSON")

    evaluate = _command(commands, "evaluate", _evaluate, "measure how well questions with known answers are answered")
    evaluate.add_argument("path", metavar="PATH", help="gold questions, dialogues, judgments, or a collection")
    evaluate.add_argument("--ways", action="store_true", help="search in each way: dense, lexical, rank fusion, ours")
    evaluate.add_argument("--compare", metavar="FILE", help="list the questions won and lost since that report")
    evaluate.add_argument("--limit", type=int, metavar="N", help="take the first N questions, or dialogues, only")
    evaluate.add_argument("--model", help="for a collection: the model it is indexed with, as for build")
    evaluate.add_argument("--reranker", metavar="NAME", help="for a collection: its cross-encoder, as for build")
    evaluate.add_argument("--output", metavar="FILE", help="write the report as JSON, for --compare")
    evaluate.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int | None],
    purpose: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    command.add_argument(
        "--index", type=_folder_name, default="index", metavar="DIR", help="the index folder (default: %(default)s)"
    )
    command.set_defaults(run=run)
    return command


def _folder_name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of a folder is expected")
    return text


def _print(options: argparse.Namespace, value: object, text: str) -> None:
    print(_as_json(value) if options.json else text)


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


@contextmanager
def _stopped_when_told() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl+C does: everything it began is taken back."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _speak_unicode() -> None:
    """Let no character stop the output: one that the terminal can't show is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
