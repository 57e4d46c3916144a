"""Apart: a call that crashes, hangs or explodes costs itself only."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dossier.errors import UnreadableError
from dossier.reading.apart import Apart
from dossier.reading.documents import read_documents
from dossier.reading.facsimile import facsimile_apart
from dossier.reading.worker import Outcome
from dossier.records import Corpus, Limits

LIMITS = Limits()


def called(function: Callable[..., Any], *calls: tuple[Any, ...], limits: Limits = LIMITS) -> list[Outcome]:
    with Apart(function, limits) as apart:
        futures = [apart.submit(*arguments) for arguments in calls]
        return [future.result() for future in futures]


def test_answers_come_back_in_order() -> None:
    assert called(divmod, (7, 2), (9, 4), (5, 5)) == [("value", (3, 1)), ("value", (2, 1)), ("value", (1, 0))]


def test_what_nobody_foresaw_is_a_reason() -> None:
    assert called(divmod, (1, 0), (4, 2)) == [
        ("reason", "reading it failed (ZeroDivisionError: integer division or modulo by zero)"),
        ("value", (2, 0)),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_crash_costs_one_call() -> None:
    crashed, harmless = called(signal.raise_signal, (signal.SIGSEGV,), (signal.SIGCHLD,))
    assert crashed == ("reason", "the reader crashed on it")
    assert harmless == ("value", None)


def test_a_call_that_hangs_is_ended() -> None:
    late, quick = called(time.sleep, (60,), (0.01,), limits=Limits(seconds=0.5))
    assert late == ("reason", "reading it took more than 0.5 s")
    assert quick == ("value", None)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no limit")
def test_a_call_that_explodes_is_ended() -> None:
    big, small = called(bytearray, (2**40,), (3,), limits=Limits(megabytes=100))
    assert big == ("reason", "reading it needed more than 100 MB")
    assert small == ("value", bytearray(3))


def test_a_compressed_text_is_read_apart_however_small_it_is(tmp_path: Path) -> None:
    (tmp_path / "endless.md.GZ").write_bytes(gzip.compress(b"* a\n" * 100_000))
    (found,) = read_documents(Corpus.of([tmp_path]), ["endless.md.GZ"], Limits(seconds=0.05))
    assert str(found) == "reading it took more than 0.05 s"


def test_a_process_that_can_not_be_started_is_said_and_may_be_passing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("too many processes")

    monkeypatch.setattr(subprocess, "Popen", refused)
    reason = "no process could be started to read it (too many processes)"
    (found,) = read_documents(Corpus.of([tmp_path]), ["a.pdf"], LIMITS)
    assert isinstance(found, UnreadableError)
    assert (str(found), found.passing) == (reason, True)
    with pytest.raises(UnreadableError, match="no process could be started"):
        facsimile_apart(tmp_path / "a.pdf", "", 1, "", LIMITS)


def test_nothing_is_started_where_nothing_is_called() -> None:
    with Apart(divmod, Limits()) as apart:
        assert apart._threads == []


@pytest.mark.skipif(sys.platform == "win32", reason="processes are listed otherwise there")
@pytest.mark.parametrize("end", ["SIGKILL", "SIGINT"])
def test_no_worker_outlives_whoever_started_it(tmp_path: Path, end: str) -> None:
    program = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # whatever the shell told us about it
        "from dossier.reading.apart import Apart\n"
        "from dossier.records import Limits\n"
        "with Apart(subprocess.run, Limits()) as apart:\n"
        f"    future = apart.submit(['sh', '-c', 'echo $PPID > {tmp_path}/worker; exec sleep 30'])\n"
        "    while not future.done():\n"
        "        time.sleep(0.01)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL) as parent:
        try:
            wait_for(lambda: (tmp_path / "worker").exists() and (tmp_path / "worker").read_text().strip())
            worker = int((tmp_path / "worker").read_text())
            parent.send_signal(signal.Signals[end])
            parent.wait(20)
        finally:
            parent.kill()
    wait_for(lambda: not runs(worker))


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return (
        "Z"
        not in subprocess.run(
            [shutil.which("ps") or "ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True
        ).stdout
    )
