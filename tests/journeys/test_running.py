"""A program that can be left running: it watches, logs, can be stopped at any moment, and says what is wrong."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from dossier import Dossier, Settings, build
from dossier.cli import main
from dossier.indexing.generations import current
from dossier.upkeep import verify, watch
from dossier.web.opening import Opening

TOY = Settings(model="words")


# dossier with a model that falls asleep in the midst of a build, so that it can be stopped there at leisure.
DROWSY = """
import sys, time
from dossier.cli import main
from dossier.indexing.embedding import WordsEmbedder
embed, made = WordsEmbedder.embed_passages, []
def embed_passages(*given):
    made.append(1)
    time.sleep(300 * (len(made) == 3))
    return embed(*given)
WordsEmbedder.embed_passages = embed_passages
WordsEmbedder.embed_question_tokens = lambda *given: time.sleep(300)
sys.exit(main())
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(request: Request | str) -> bytes:
    """What a page answers; nothing while it can't."""
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310  # the address is ours
            return bytes(answer.read())
    except OSError:
        return b""


def eventually(come_true: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if come_true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def watched(corpus: Path, toy_index: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Path]:
    """A folder that is watched."""
    caplog.set_level(logging.INFO, "dossier")
    stop = threading.Event()
    wishes = {"settings": TOY, "stop": stop, "built": lambda _: Dossier.open(toy_index)}
    thread = threading.Thread(
        target=watch,
        args=([corpus], toy_index),
        kwargs=wishes,
    )
    thread.start()
    assert eventually(lambda: "up to date" in caplog.text)
    yield corpus
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_what_is_edited_can_be_asked_soon(watched: Path, toy_index: Path) -> None:
    (watched / "heron.txt").write_text("A heron stood in the reeds.")
    (watched / "zoo.txt").unlink()
    assert eventually(lambda: Dossier.open(toy_index).search("heron")[0].passage.path == "heron.txt")
    assert "zoo.txt" not in Dossier.open(toy_index).index.manifest.digests


def test_a_file_that_fails_is_tried_again_when_it_changes_only(
    watched: Path, toy_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (watched / "heron.txt").write_bytes(b"%PDF-1.7")
    assert eventually(lambda: 'skipped: path="heron.txt" reason="it is a PDF, named .txt' in caplog.text)
    builds = caplog.text.count("up to date")
    (watched / ".hidden.txt").write_text("This is none of ours.")
    time.sleep(2.5)
    assert caplog.text.count("up to date") == builds
    (watched / "heron.txt").write_text("A heron stood in the reeds.")
    assert eventually(lambda: "heron.txt" in Dossier.open(toy_index).index.manifest.digests)
    assert caplog.text.count("skipped: ") == 1


def test_a_folder_that_is_taken_away_is_waited_for(
    watched: Path, toy_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = current(toy_index)
    watched.rename(watched.with_name("away"))
    assert eventually(lambda: "missing=1 folders=1" in caplog.text)
    assert current(toy_index) == before
    shutil.copytree(watched.with_name("away"), watched)
    (watched / "heron.txt").write_text("A heron stood in the reeds.")
    assert eventually(lambda: "heron.txt" in Dossier.open(toy_index).index.manifest.digests)


def test_a_build_that_ends_well_takes_back_that_the_first_one_failed(corpus: Path, tmp_path: Path) -> None:
    opening = Opening(corpus.with_name("town"), tmp_path / "index", TOY)
    opening.start()
    assert opening.wait(60)
    assert "There is no folder" in opening.error
    corpus.rename(corpus.with_name("town"))
    opening.built(build(opening.folder, opening.index, settings=TOY))  # as whoever watches does
    assert opening.error == ""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM there")
def test_a_command_that_is_told_to_stop_in_the_midst_of_work_leaves_the_index_whole(
    corpus: Path, toy_index: Path, tmp_path: Path
) -> None:
    for number in range(100):
        (corpus / f"{number}.txt").write_text(f"Witness {number} saw the comet. " * 40)
    started = []
    for command in ("build", "watch", "serve"):  # side by side, which is quicker
        index = tmp_path / f"of-{command}"
        shutil.copytree(toy_index, index)
        line = [sys.executable, "-c", DROWSY, command, str(corpus), "--index", str(index)]
        port = {"GRADIO_SERVER_PORT": ""} if command != "serve" else {"GRADIO_SERVER_PORT": str(free_port())}
        environment = {name: value for name, value in {**os.environ, **port}.items() if value}
        process = subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment)
        started.append((command, index, process))
    for command, index, process in started:
        assert eventually(lambda index=index: (index / "journal").exists(), 60), command
        if command == "serve":  # it is at work on an answer too
            address = f"http://127.0.0.1:{environment['GRADIO_SERVER_PORT']}"
            question = Request(  # noqa: S310
                f"{address}/gradio_api/call/ask", b'{"data": ["Who saw it?", 5]}', {"Content-Type": "application/json"}
            )
            assert eventually(lambda question=question: answers(question), 60)
            assert eventually(lambda address=address: b"queue_running 1.0" in answers(f"{address}/metrics"))
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
        assert (command, process.returncode) in (("build", 1), ("watch", 0), ("serve", 0))
        assert "the index is " in said or command == "serve"
        assert "Traceback" not in said
        assert verify(index).damage == ()
        assert "0.txt" not in Dossier.open(index).index.manifest.digests
        build(corpus, index)
        assert not list(index.glob("generations/.unfinished-*"))


def test_readers_go_on_with_the_old_generation_while_the_next_is_opened(
    corpus: Path, toy_index: Path, tmp_path: Path
) -> None:
    before = Dossier.open(toy_index)
    (corpus / "heron.txt").write_text("A heron stood in the reeds.")
    build(corpus, toy_index)
    from dossier import dossier

    build(corpus, tmp_path / "another", settings=TOY)
    with dossier._OPENING[toy_index.resolve()]:  # as another thread has it that is at it
        assert Dossier.open(toy_index) is before
        assert "heron.txt" in Dossier.open(tmp_path / "another").index.document_of
    assert Dossier.open(toy_index).generation == current(toy_index)


def test_doctor_says_what_helps_and_names_no_folder(
    corpus: Path, toy_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--index", str(toy_index)]) == 0
    printed = capsys.readouterr().out
    assert "documents 3, skipped 1" in printed
    assert "wrong      nothing was found" in printed
    shutil.rmtree(corpus)
    assert main(["doctor", "--index", str(toy_index), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["wrong"] == ["1 of the 1 folders of the documents can't be found."]
    assert str(tmp_path) not in printed + json.dumps(found)
    assert main(["doctor", "--index", str(tmp_path / "nothing")]) == (0 if found["packages"] else 1)


def test_a_log_says_when_and_how_grave(corpus: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dossier", "watch", str(corpus), "--index", str(tmp_path / "index")],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"DOSSIER_MODEL": "words"},
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    process.terminate()
    process.communicate(timeout=30)
    assert " INFO dossier: up to date: generation=" in line
    assert " added=3 changed=0 removed=0 unchanged=0 skipped=1 passages=5 " in line
