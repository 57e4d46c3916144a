"""Ignoring: what patterns leave out is what git leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dossier.reading.folder import scan
from dossier.records import Corpus

NOWHERE = Path("/nowhere")
GIT = shutil.which("git") or ""
FILES = ["a.txt", "b.txt", "a/a.txt", "a/b.txt", "a/b/a.txt", "b/a/b.txt", "b/c d.txt", "a/b/c/a.txt"]
WRITTEN = (
    "a|b/|/a|a/|!a|!b/|*.txt|!a.txt|a/*|a/**|!a/b|**/b|a/**/a.txt|/*/b.txt|!*/|c d.txt|c\\ d.txt|[ab].txt|# a||!|"
    "a.txt  |\\!a|/b/**|**|*|!/a/b/**|*.*t*|*a*?*x*|*b*/*[a-c]*.t*t|*?*?*?*"
)
PATTERNS = st.lists(st.sampled_from(WRITTEN.split("|")), max_size=5)


def read_by_git(folder: Path) -> list[str]:
    """The files that git does not ignore."""
    environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    subprocess.run([GIT, "init", "-q", folder], check=True, env=environment)
    command = [GIT, "-C", str(folder), "ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"]
    listed = subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout
    return sorted(path for path in listed.split("\0") if path.endswith(".txt"))


@pytest.mark.skipif(not GIT, reason="git is what it is compared with")
@given(PATTERNS, PATTERNS, PATTERNS)
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, outer: list[str], a: list[str], b: list[str]) -> None:
    folder = tmp_path / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)
    for inside, patterns in (("", outer), ("a", a), ("a/b", b)):
        (folder / inside / ".gitignore").write_text("\n".join(patterns) + "\n")
    sources, _ = scan(Corpus.of([folder]), leave_out=NOWHERE)
    assert [source.path for source in sources] == read_by_git(folder)


def test_what_is_left_out_is_said_with_its_pattern_and_a_folder_once(corpus: Path) -> None:
    (corpus / ".gitignore").write_text("# ours\n\nletters/\r\nzoo.*\n")
    sources, skipped = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    reasons = {file.path: file.reason for file in skipped}
    assert [source.path for source in sources] == ["bridge.txt"]
    assert reasons["letters"] == "left out by 'letters/' in .gitignore, line 3"
    assert reasons["zoo.txt"] == "left out by 'zoo.*' in .gitignore, line 4"
    assert "letters/ada.md" not in reasons


def test_our_own_patterns_have_the_last_word(corpus: Path) -> None:
    (corpus / ".gitignore").write_text("*.txt\n")
    (corpus / ".dossierignore").write_text("!zoo.txt\n")
    (corpus / "letters" / ".dossierignore").write_text("*\n")
    sources, _ = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert [source.path for source in sources] == ["zoo.txt"]


def test_a_line_that_is_no_pattern_is_said(corpus: Path) -> None:
    (corpus / ".dossierignore").write_text("zoo.txt\n!\n[z-a].txt\ndraft[9-0]*\n")
    sources, skipped = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert "zoo.txt" not in [source.path for source in sources]
    assert "line 2, 3, 4" in next(file.reason for file in skipped if file.path == ".dossierignore")


def test_many_stars_take_no_time(corpus: Path) -> None:
    (corpus / f"{'a' * 120}.txt").write_text("a")
    (corpus / f"{'ab' * 60}.txt").write_text("b")
    (corpus / ".gitignore").write_text("*a*a*a*a*a*b.txt\n")
    begun = time.process_time()
    sources, _ = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert time.process_time() - begun < 2
    assert [source.path for source in sources if source.path.startswith("a")] == [f"{'a' * 120}.txt"]


def test_a_pattern_fits_a_name_however_its_accents_are_stored(corpus: Path) -> None:
    (corpus / "cafe\u0301.txt").write_text("coffee")
    (corpus / ".gitignore").write_text("caf\u00e9.txt\n", encoding="utf-8")
    sources, _ = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert "cafe\u0301.txt" not in [source.path for source in sources]
