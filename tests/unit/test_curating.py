"""Curating: documents come in, are left out and come back, and no file of anybody's is touched."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier import Settings, build
from dossier.curating import add, leave_out, left_out, take_back
from dossier.errors import DossierError, InputError, NoIndexError, UnreadableError
from dossier.indexing.index import read_current
from dossier.reading.ignoring import exact_path, exact_pattern, ignored, read_patterns
from dossier.reading.naming import DEVICES, UNSEEN, safe_name
from dossier.upkeep import before, rollback

TOY = Settings(model="words")
FILES = Path(__file__).parents[1] / "files"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\notes.md", "notes.md"),
        ("/", ""),
        ("..", ""),
        (".hidden.txt", "hidden.txt"),
        ("a\x00b\u202etxt.\u200bpdf", "abtxt.pdf"),
        ("<script>alert('x').txt", "_script_alert('x').txt"),
        ("cafe\u0301.txt", "café.txt"),
        ("CON.txt", "_CON.txt"),
        ("com¹ .tar.txt", "_com¹ .tar.txt"),
        ("report.txt. .", "report.txt"),
        ("é" * 300 + ".txt.gz", "é" * 96 + ".txt.gz"),
        ("x" * 300, "x" * 200),
        ("\udc80.txt", "txt"),
    ],
)
def test_a_name_becomes_harmless(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_name_leads_anywhere_or_means_another_thing_on_another_system(name: str) -> None:
    safe = safe_name(name)
    assert not set(safe) & set('<>:"/\\|?*')
    assert not {unicodedata.category(letter) for letter in safe} & UNSEEN
    assert safe == safe.strip(" .")
    assert safe.partition(".")[0].rstrip().casefold() not in DEVICES
    assert safe_name(safe) == safe


def test_an_exact_pattern_leaves_out_that_path_and_no_other(tmp_path: Path) -> None:
    paths = ["a.txt", "b/a.txt", "a[1].txt", "a1.txt", "a*.txt", "ab.txt", "a?.txt", "!a.txt", "#a.txt", "a\\b.txt"]
    paths += ["a .txt ", "a .txt", " a.txt", "é.txt", "[a].txt", "**"]
    for path in paths:
        line = exact_pattern(path)
        assert exact_path(line) == path
        (tmp_path / ".dossierignore").write_text(f"{line}\n", encoding="utf-8")
        rules = [read_patterns(tmp_path, ".dossierignore")]
        assert [other for other in paths if ignored(other, rules)] == [path]


def test_a_document_is_put_into_the_folder_under_a_name_of_its_own(corpus: Path, toy_index: Path) -> None:
    assert add("../zoo.txt", b"The zoo closed in 1950.", toy_index) == "zoo (2).txt"
    assert add("harbour.docx", (FILES / "harbour.docx").read_bytes(), toy_index) == "harbour.docx"
    assert "Olga" in (corpus / "zoo.txt").read_text("utf-8")
    report = build(corpus, toy_index, settings=TOY)
    assert report.added == ("harbour.docx", "zoo (2).txt")
    with pytest.raises(InputError, match=r"here already, as 'zoo \(2\).txt'"):
        add("again.txt", b"The zoo closed in 1950.", toy_index)


def test_the_first_document_is_put_into_an_empty_folder(tmp_path: Path) -> None:
    empty, index = tmp_path / "empty", tmp_path / "index"
    empty.mkdir()
    with pytest.raises(NoIndexError):
        add("mill.txt", b"The mill burned in 1880.", index)
    assert add("mill.txt", b"The mill burned in 1880.", index, folders=[empty]) == "mill.txt"
    assert build(empty, index, settings=TOY).added == ("mill.txt",)


def test_what_can_not_be_read_leaves_nothing_behind(corpus: Path, toy_index: Path) -> None:
    (corpus / ".gitignore").write_text("draft*\n", encoding="utf-8")
    there = sorted(corpus.rglob("*"))
    for name, data, reason in (
        ("map.png", b"\x89PNG", ".png files are not read yet"),
        ("no_suffix", b"text", "without a suffix"),
        ("empty.txt", b" \n", "it holds no text"),
        ("locked.pdf", (FILES / "locked.pdf").read_bytes(), "encrypted"),
        ("talk.txt", (FILES / "talk.pptx").read_bytes(), "it is a zip file"),
        ("...", b"text", "holds nothing that a file can be called by"),
        ("draft.txt", b"text", "left out by 'draft"),
    ):
        with pytest.raises((UnreadableError, InputError), match=reason):
            add(name, data, toy_index)
    assert sorted(corpus.rglob("*")) == there


def test_a_document_is_left_out_and_taken_back(corpus: Path, toy_index: Path) -> None:
    ignoring = corpus / ".dossierignore"
    ignoring.write_bytes(b"# mine\r\n*.bak")
    leave_out("letters/ada.md", toy_index)
    assert ignoring.read_bytes() == b"# mine\r\n*.bak\n/letters/ada.md\n"
    assert left_out(toy_index) == {"letters/ada.md"}
    assert build(corpus, toy_index, settings=TOY).removed == ("letters/ada.md",)
    assert left_out(toy_index) == {"letters/ada.md"}
    take_back("letters/ada.md", toy_index)
    assert ignoring.read_bytes() == b"# mine\r\n*.bak\n"
    assert build(corpus, toy_index, settings=TOY).added == ("letters/ada.md",)


def test_what_can_not_be_left_out_is_said_and_changes_nothing(corpus: Path, toy_index: Path) -> None:
    for other in ("../outside.txt", "nowhere.txt", "map.png", ""):
        with pytest.raises(InputError, match="holds no document"):
            leave_out(other, toy_index)
    (corpus / "letters" / ".dossierignore").write_text("!ada.md\n", encoding="utf-8")
    with pytest.raises(InputError, match="takes it in again"):
        leave_out("letters/ada.md", toy_index)
    assert not (corpus / ".dossierignore").exists()
    leave_out("zoo.txt", toy_index)
    leave_out("bridge.txt", toy_index)
    (corpus / "letters" / ".dossierignore").unlink()
    with pytest.raises(InputError, match="last document"):
        leave_out("letters/ada.md", toy_index)
    with pytest.raises(InputError, match="not left out by a line of its own"):
        take_back("letters/ada.md", toy_index)
    (corpus / ".dossierignore").rename(corpus / "elsewhere")
    (corpus / ".dossierignore").symlink_to("elsewhere")
    with pytest.raises(DossierError, match="is a link"):
        leave_out("zoo.txt", toy_index)


def test_of_several_folders_one_is_chosen(corpus: Path, tmp_path: Path) -> None:
    other, index = tmp_path / "other", tmp_path / "both"
    other.mkdir()
    (other / "mill.txt").write_text("The mill burned in 1880.", encoding="utf-8")
    build([corpus, other], index, settings=TOY)
    assert add("dam.txt", b"The dam was built by Bo in 1902.", index, folder="other") == "other/dam.txt"
    assert (other / "dam.txt").exists()
    with pytest.raises(InputError, match="Choose one of: corpus, other"):
        add("dam.txt", b"The dam was built.", index, folder="../corpus")
    with pytest.raises(InputError, match="last document of its folder"):
        leave_out("other/mill.txt", index)
    leave_out("corpus/zoo.txt", index)
    assert left_out(index) == {"corpus/zoo.txt"}
    assert (corpus / ".dossierignore").read_text("utf-8") == "/zoo.txt\n"


def test_it_can_be_said_where_a_rollback_would_lead(corpus: Path, toy_index: Path) -> None:
    first = read_current(toy_index)[0]
    assert before(toy_index) is None
    (corpus / "mill.txt").write_text("The mill burned in 1880.", encoding="utf-8")
    build(corpus, toy_index, settings=TOY)
    found = before(toy_index)
    assert found is not None
    assert (found[0], len(found[1].digests)) == (first, 3)
    assert rollback(toy_index) == first
    assert before(toy_index) is None
