"""The terminal: every command as a person types it, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dossier.cli import main
from dossier.escaping import printable


def dossier(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of the real program in a process of its own."""
    command = [sys.executable, "-m", "dossier", *map(str, arguments)]
    variables = os.environ | {"COLUMNS": "80"} | environment
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=variables)


def test_the_program_builds_and_answers_and_ends_well(corpus: Path, tmp_path: Path) -> None:
    built = dossier("build", corpus, "--index", tmp_path / "index", "--model", "words")
    assert (built.returncode, built.stderr) == (0, "")
    assert "added     letters/ada.md" in built.stdout
    assert "skipped   map.png: .png files are not read yet" in built.stdout
    assert "3 documents, 5 passages" in built.stdout

    asked = dossier("ask", "Who built the old bridge?", "--index", tmp_path / "index")
    assert asked.returncode == 0
    assert asked.stdout.startswith("“The old bridge was built by Ada Lind in 1871.” [1]\n\n[1] bridge.txt, line 1\n")
    assert max(map(len, asked.stdout.splitlines())) <= 80


def test_two_fresh_builds_are_the_same_to_the_byte(corpus: Path, tmp_path: Path) -> None:
    checksums = set()
    for seed in ("1", "2"):
        index = tmp_path / "index"
        assert dossier("build", corpus, "--index", index, "--model", "words", PYTHONHASHSEED=seed).returncode == 0
        checksums.add(next(index.glob("generations/*/checksums.json")).read_text("utf-8"))
        shutil.rmtree(index)
    assert len(checksums) == 1


def test_search_prints_whole_passages_with_their_places(toy_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "elephant", "-k", "1", "--index", str(toy_index)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("[1] zoo.txt, line 1\n    score 0.")
    assert "; it has: elephant\n" in printed
    assert "An elephant named Olga arrived by train." in printed


@pytest.mark.parametrize("command", ["search", "ask"])
def test_results_can_be_had_as_json(toy_index: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "Who built the old bridge?", "--json", "--index", str(toy_index)]) == 0
    found = json.loads(capsys.readouterr().out)
    first = found[0] if command == "search" else found["hits"][0]
    assert first["passage"]["location"] == "bridge.txt, lines 1–3"
    assert first["quote"] == "The old bridge was built by Ada Lind in 1871."
    if command == "ask":
        assert found["citations"][0]["state"] == "stands"


def test_a_document_is_shown_as_it_was_indexed(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "Home\nAbout us\nContact\nLog in\nThe mill\n\nThe mill was built on 3 May 1890.\nRead more\n"
    (corpus / "mill.txt").write_text(page, encoding="utf-8")
    index = str(tmp_path / "index")
    assert main(["build", str(corpus), "--index", index, "--model", "words"]) == 0
    capsys.readouterr()
    assert main(["show", "mill.txt", "--index", index]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line[:8] for line in shown if "~" in line] == ["     1 ~", "     2 ~", "     3 ~", "     4 ~", "     8 ~"]
    assert "     7   The mill was built on 3 May 1890." in shown
    assert any(line.startswith("─") and "3 May 1890" in line for line in shown)
    assert main(["show", "mill.txt", "--index", index, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [document["text"][start:end].split("\n")[0] for start, end in document["furniture"]] == ["Home", "Read more"]
    assert main(["search", "mill", "--index", index]) == 0
    assert "Read more" not in capsys.readouterr().out


def test_build_can_report_as_json(corpus: Path, toy_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "new.txt").write_text("New.")
    assert main(["build", str(corpus), "--index", str(toy_index), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["added"], report["embedded"]) == (["new.txt"], 1)
    assert report["skipped"][0]["path"] == "map.png"


def test_status_says_what_a_build_would_change(
    corpus: Path, toy_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--index", str(toy_index)]) == 0
    assert "The index is up to date." in capsys.readouterr().out
    (corpus / "zoo.txt").unlink()
    (corpus / "new.txt").write_text("New.")
    (corpus / "bridge.txt").write_text("Changed.")
    assert main(["status", "--index", str(toy_index), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == {
        "bridge.txt": "changed",
        "new.txt": "new",
        "zoo.txt": "gone",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "{tmp}/nothing"], "There is no folder"),
        (["build", "{tmp}/empty"], "is empty. Put documents in it"),
        (["ask", "x", "--index", "{tmp}/nothing"], "dossier build FOLDER --index"),
        (["search", "", "--index", "{index}"], "The question is empty"),
        (["ask", "x", "-k", "0", "--index", "{index}"], "k is 0"),
        (["build", "{tmp}/corpus", "--index", "{tmp}/corpus/zoo.txt"], "can't be written"),
        (["build", "{tmp}/corpus", "--index", "{tmp}/i", "--encoding", "none"], "tiktoken knows no encoding 'none'"),
        (["build", "{tmp}/corpus", "--index", "{tmp}/i", "--max-tokens", "2"], "max_tokens is 2"),
        (["serve", "{tmp}/corpus", "--index", "{index}", "--port", "99999"], "The port is 99999"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(
    toy_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    given = [part.format(tmp=tmp_path, index=toy_index) for part in arguments]
    given += ["--model", "words"] if given[0] == "build" else []
    assert main(given) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("dossier: ")
    assert message in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_nobody_takes_is_given_up_and_a_full_disk_is_said(toy_index: Path) -> None:
    lines = {"first_line": 1, "last_line": 1, "place": "line 1"}
    false = {"path": "bridge.txt", "start": 0, "end": 7, "quote": "No such", **lines}
    (toy_index / "false.json").write_text(json.dumps(false))
    search, check = ["search", "bridge"], ["check", str(toy_index / "false.json")]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reader, closed = os.pipe()
    os.close(reader)
    full = os.open("/dev/full", os.O_WRONLY)
    ends = []
    for words, output in ((search, closed), (check, closed), (search, full)):
        command = [sys.executable, "-m", "dossier", *words, "--index", str(toy_index)]
        found = subprocess.run(
            command, stdout=output, stderr=subprocess.PIPE, encoding="utf-8", check=False, env=variables
        )
        ends.append((found.returncode, found.stderr))
    assert ends == [(0, ""), (1, ""), (1, "dossier: [Errno 28] No space left on device\n")]
    os.close(closed)
    os.close(full)


def test_a_package_of_assistants_that_is_too_old_is_said_in_one_line(
    toy_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "dossier.assistant", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server", ModuleType("mcp.server"))
    assert main(["mcp", "--index", str(toy_index)]) == 1
    said, wanted, _ = capsys.readouterr().err.split('"')
    assert said.endswith("is not installed or too old. Type: pip install ")
    assert f'mcp = ["{wanted}"]' in (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["ask"], ["build", "--max-tokens", "many"]])
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


@pytest.mark.parametrize("command", ["build", "search", "ask", "serve", "show", "status", "evaluate"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert "--index DIR" in capsys.readouterr().out


def test_a_document_gives_the_terminal_no_orders(corpus: Path, toy_index: Path) -> None:
    (corpus / "evil\x1b[2Jname.txt").write_text("A \x1b[31mred\x07 elephant \u202etxt.exe\u202c danced\x9b1m.")
    built = dossier("build", corpus, "--index", toy_index)
    found = dossier("search", "red elephant danced", "--index", toy_index)
    asked = dossier("ask", "red elephant danced", "--index", toy_index)
    for run in (built, found, asked):
        assert run.returncode == 0
        assert "evil\\u001b[2Jname.txt" in run.stdout
        assert not set("\x1b\x07\x9b\u202e\u202c") & set(run.stdout)


def test_printable_text_keeps_every_ordinary_letter() -> None:
    text = "Ærø, 你好, نص, e\u0301, 👩\u200d🔬"
    assert printable(text) == text
    assert printable("a\tb\n", lines=True) == "a\tb\n"
    assert printable("a\rb\n") == "a\\u000db\\u000a"
