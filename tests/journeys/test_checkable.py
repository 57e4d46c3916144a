"""Checkable answers: a citation is saved and checked later, an answer is asked again, and both tell the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dossier import Dossier, ask, build
from dossier.answering.checking import difference
from dossier.cli import main
from dossier.errors import InputError
from dossier.rendering import as_json
from dossier.upkeep import check, replay

ENDURANCE = Path(__file__).parents[1] / "endurance"
QUESTION = "Who built the old bridge?"
QUOTE = "The old bridge was built by Ada Lind in 1871."


@pytest.fixture
def saved(toy_index: Path) -> str:
    """What ``dossier ask --json`` prints."""
    return json.dumps(as_json(ask(QUESTION, index=toy_index)))


def verdicts(saved: str, index: Path) -> dict[str, tuple[str, str]]:
    return {one.citation.quote: (one.verdict.value, one.now) for one in check(saved, index)}


def test_a_quote_stands_while_nobody_touches_its_place(saved: str, corpus: Path, toy_index: Path) -> None:
    assert {verdict for verdict, _ in verdicts(saved, toy_index).values()} == {"stands"}
    with (corpus / "bridge.txt").open("a") as file:
        file.write("\nOne more line at the end.\n")
    assert verdicts(saved, toy_index)[QUOTE] == ("stands", "bridge.txt, line 1")


def test_a_quote_stands_though_its_folder_says_more_of_the_document(corpus: Path, toy_index: Path) -> None:
    (corpus / ".dossier.toml").write_text('[documents."bridge.txt"]\ndate = "1871-05"\n')
    build(corpus, toy_index)
    again = json.dumps(as_json(ask(QUESTION, index=toy_index)))
    assert '"1871-05"' in again
    assert {verdict for verdict, _ in verdicts(again, toy_index).values()} == {"stands"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "cp1252"])
def test_a_saved_answer_may_be_redirected_by_any_shell(
    saved: str, toy_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    file = tmp_path / "answer.json"
    file.write_bytes(json.dumps({"name": "Rød"} | json.loads(saved), ensure_ascii=False).encode(encoding))
    command = [sys.executable, "-m", "dossier", "check", "-", "--index", str(toy_index)]
    piped = subprocess.run(command, input=file.read_bytes(), capture_output=True, check=False)
    readable = encoding != "cp1252"
    assert main(["check", str(file), "--index", str(toy_index)]) == piped.returncode == (not readable)
    assert ("it is neither UTF-8 nor UTF-16" in capsys.readouterr().err) is not readable


def test_a_quote_that_moved_is_found_in_its_file_or_in_another(saved: str, corpus: Path, toy_index: Path) -> None:
    text = (corpus / "bridge.txt").read_text()
    (corpus / "bridge.txt").write_text("A new beginning.\n\n" + text)
    assert verdicts(saved, toy_index)[QUOTE] == ("moved", "bridge.txt, line 3")
    (corpus / "bridge.txt").unlink()
    (corpus / "letters" / "crossings.txt").write_text(text)
    assert verdicts(saved, toy_index)[QUOTE] == ("moved", "letters/crossings.txt, line 1")
    (corpus / "letters" / "crossings.txt").unlink()
    assert verdicts(saved, toy_index)[QUOTE] == ("gone", "")


def test_a_quote_that_changed_is_shown_with_the_difference(
    saved: str, corpus: Path, toy_index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = (corpus / "bridge.txt").read_text()
    (corpus / "bridge.txt").write_text(text.replace("built by Ada Lind", "not built by Ada Lund"))
    (tmp_path / "answer.json").write_text(saved)
    assert main(["check", str(tmp_path / "answer.json"), "--index", str(toy_index)]) == 1
    printed = capsys.readouterr().out
    assert "changed  bridge.txt, line 1, now bridge.txt, line 1" in printed
    assert "was {+not+} built by Ada [-Lind-] {+Lund+} in 1871." in printed
    assert main(["check", str(tmp_path / "answer.json"), "--index", str(toy_index), "--json"]) == 1
    found = {one["citation"]["quote"]: one for one in json.loads(capsys.readouterr().out)}
    assert found[QUOTE]["text"] == "The old bridge was not built by Ada Lund in 1871."


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The old bridge was built by Ada Lind in 1871.", "stands"),
        ("The old bridge was built by Ada Lind in 1871.5 and later.", "changed"),
        ("The old bridge was built by\nAda Lind in 1871.", "changed"),
        ("The old bridge was built by Ada Lind in 1871.It fell in the flood.", "stands"),
        ("\nThe old bridge was built by Ada Lind in 1871.", "moved"),
        ("A zoo was opened here, with one elephant, a train and some bees.", "gone"),
    ],
)
def test_nothing_stands_that_does_not(saved: str, corpus: Path, toy_index: Path, text: str, verdict: str) -> None:
    (corpus / "bridge.txt").write_text(text)
    assert verdicts(saved, toy_index)[QUOTE][0] == verdict


def test_no_edit_makes_a_false_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ENDURANCE))
    import edit_sources

    try:
        found = edit_sources.attack(30, seed=7, place=tmp_path)
    finally:
        for file in ENDURANCE.glob("*.py"):
            sys.modules.pop(file.stem, None)
    assert not [what for what in found if what.startswith("wrong")], found
    assert set(found) == {"stands", "moved", "changed", "gone"}


def test_no_file_outside_of_the_corpus_is_read(saved: str, toy_index: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(QUOTE)
    forged = json.loads(saved)["citations"][0] | {"path": "../secret.txt", "quote": "The old bridge", "end": 14}
    assert [one.now for one in check(json.dumps(forged), toy_index)] == ["bridge.txt, line 1"]
    forged["quote"] = "swordfish"
    assert [one.verdict for one in check(json.dumps(forged), toy_index)] == ["gone"]


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", "{}", '{"citations": [{"path": "a"}]}', "[" * 100_000])
def test_what_is_no_citation_is_refused(toy_index: Path, text: str) -> None:
    with pytest.raises(InputError, match="dossier ask QUESTION --json"):
        assert check(text, toy_index) is None


def test_citations_may_come_one_on_each_line(saved: str, toy_index: Path) -> None:
    lines = "\n".join(json.dumps(citation) for citation in json.loads(saved)["citations"])
    assert [one.verdict for one in check(lines, toy_index)] == [one.verdict for one in check(saved, toy_index)]
    first = json.loads(saved)["citations"][0] | {"section": "two\u2028lines"}
    assert len(check("\n".join([json.dumps(first, ensure_ascii=False)] * 2), toy_index)) == 2


def test_a_difference_is_shown_word_by_word() -> None:
    assert difference("one two  three", "one three four") == "one [-two-] three {+four+}"
    assert difference("one  two", "one\ntwo") == "only white space differs"


def test_the_same_index_gives_the_same_answer_to_the_byte(toy_index: Path) -> None:
    command = [sys.executable, "-m", "dossier", "ask", QUESTION, "--json", "--index", str(toy_index)]
    printed = {
        subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_an_answer_says_how_it_came_to_be(toy: Dossier) -> None:
    answer = toy.ask(QUESTION, k=2, documents=["bridge.txt"])
    provenance = answer.provenance
    assert provenance is not None
    assert (provenance.question, provenance.asked, provenance.k) == (QUESTION, QUESTION, 2)
    assert (provenance.generation, provenance.documents) == (toy.generation, ("bridge.txt",))
    assert (provenance.recipe["embedder"], provenance.recipe["weights"]) == ("words", "words-1")
    assert (provenance.searched, provenance.skipped) == (3, 1)


def test_replay_says_that_nothing_differs_or_what(
    saved: str, corpus: Path, toy_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answer.json"
    file.write_text(saved)
    assert main(["replay", str(file), "--index", str(toy_index)]) == 0
    assert "The answer is the same." in capsys.readouterr().out
    (corpus / "bridge.txt").write_text("The old bridge was built by Otto in 1899.")
    build(corpus, toy_index)
    differences = {one.name: one for one in replay(saved, toy_index).differences}
    assert "Ada Lind" in differences["text"].before
    assert "Otto" in differences["text"].now
    assert {"generation", "sources"} < differences.keys()
    assert main(["replay", str(file), "--index", str(toy_index)]) == 1
    assert main(["replay", str(tmp_path / "nothing"), "--index", str(toy_index)]) == 1
    assert "can't be read" in capsys.readouterr().err
    file.write_text(json.dumps(json.loads(saved) | {"citations": None}))
    assert main(["replay", str(file), "--index", str(toy_index)]) == 1
    assert "is no answer that says how it came to be" in capsys.readouterr().err


def test_a_follow_up_is_replayed_as_it_was_searched_for(toy: Dossier, toy_index: Path) -> None:
    first = toy.ask("Who built the old bridge of Ada Lind?")
    second = toy.ask("And when did it fall?", history=[first])
    assert second.asked != second.question
    assert replay(json.dumps(as_json(second)), toy_index).differences == ()
