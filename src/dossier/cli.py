"""The terminal: parse what was typed, call the front door, render what comes back."""

from __future__ import annotations

import argparse
import io
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from dossier.commands import (
    DONE,
    FAILED,
    run_ask,
    run_build,
    run_calibrate,
    run_check,
    run_doctor,
    run_evaluate,
    run_mcp,
    run_replay,
    run_rollback,
    run_search,
    run_serve,
    run_show,
    run_status,
    run_verify,
    run_watch,
    write_no_more,
)
from dossier.errors import DossierError
from dossier.escaping import printable
from dossier.events import FORMATS, LEVELS


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
    except BrokenPipeError:  # whoever read what a running command says has gone
        write_no_more()
        return DONE
    except OSError as error:
        print(f"dossier: {printable(str(error))}", file=sys.stderr)
        write_no_more()
        return FAILED
    except KeyboardInterrupt:
        print("dossier: interrupted; the index is as it was.", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dossier",
        description="Ask a folder of documents a question; get the passages that answer it, quoted and cited.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = _command(commands, run_build)
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
    build.add_argument("--reader", metavar="NAME", help="what reads the best passages: minilm, a model, none, or auto")
    build.add_argument("--vectors", metavar="KIND", help="flat, compact, or auto: how the vectors are searched")
    build.add_argument("--seconds-per-file", type=float, metavar="S", help="a file that takes longer is skipped")
    build.add_argument("--megabytes-per-file", type=int, metavar="N", help="or that needs more memory (on Linux)")
    build.add_argument("--kept", type=int, metavar="N", help="generations that remain on disk, to roll back to")
    build.add_argument("--all", action="store_true", help="list every file, however many there are")
    build.add_argument("--json", action="store_true", help="print the report as JSON")

    for run in (run_search, run_ask):
        asking = _command(commands, run)
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
        asking.add_argument(
            "--after",
            default="",
            metavar="DATE",
            help="search only what may be dated then or later (and nothing undated)",
        )
        asking.add_argument(
            "--before",
            default="",
            metavar="DATE",
            help="search only what may be dated before then (and nothing undated)",
        )
        asking.add_argument("--json", action="store_true", help="print the result as JSON")

    serve = _command(commands, run_serve)
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

    _command(commands, run_mcp)

    watch = _command(commands, run_watch)
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

    doctor = _command(commands, run_doctor)
    doctor.add_argument("--json", action="store_true", help="print it as JSON")

    status = _command(commands, run_status)
    status.add_argument("--all", action="store_true", help="list every file, however many there are")
    status.add_argument("--json", action="store_true", help="print the status as JSON")

    verify = _command(commands, run_verify)
    verify.add_argument("--json", action="store_true", help="print what was found as JSON")

    for again in (run_check, run_replay):
        saved = _command(commands, again)
        saved.add_argument("file", metavar="FILE", help="what 'dossier ask --json' printed; - for what is piped in")
        saved.add_argument("--json", action="store_true", help="print what was found as JSON")

    rollback = _command(commands, run_rollback)
    rollback.add_argument("--generation", metavar="NAME", help="the generation to go to, of those that status lists")
    rollback.add_argument("--json", action="store_true", help="print the generation as JSON")

    calibrate = _command(commands, run_calibrate)
    calibrate.add_argument("--json", action="store_true", help="print what was found as JSON")
    show = _command(commands, run_show)
    show.add_argument("file", metavar="FILE", help="its path in the folder of documents, as in status")
    show.add_argument("--json", action="store_true", help="print the document as JSON")

    evaluate = _command(commands, run_evaluate)
    evaluate.add_argument("path", metavar="PATH", help="gold questions, dialogues, judgments, or a collection")
    evaluate.add_argument("--ways", action="store_true", help="search in each way: dense, lexical, rank fusion, ours")
    evaluate.add_argument("--compare", metavar="FILE", help="list the questions won and lost since that report")
    evaluate.add_argument("--limit", type=int, metavar="N", help="take the first N questions, or dialogues, only")
    evaluate.add_argument("--model", help="for a collection: the model it is indexed with, as for build")
    evaluate.add_argument("--reader", metavar="NAME", help="for a collection: its reader, as for build")
    evaluate.add_argument("--output", metavar="FILE", help="write the report as JSON, for --compare")
    evaluate.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    run: Callable[[argparse.Namespace], int | None],
) -> argparse.ArgumentParser:
    """A command with the name and the purpose of what it runs."""
    purpose = str(run.__doc__)
    name = run.__name__.removeprefix("run_")
    command = commands.add_parser(name, help=f"{purpose[0].lower()}{purpose[1:-1]}", description=purpose)
    command.add_argument(
        "--index", type=_folder_name, default="index", metavar="DIR", help="the index folder (default: %(default)s)"
    )
    command.set_defaults(run=run)
    return command


def _folder_name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of a folder is expected")
    return text


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
