"""What a corpus says of itself: all that can be taken is, and of the rest is said what was expected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dossier.reading.describing import DESCRIPTION, LARGEST, describe, read_description
from dossier.reading.documents import read_document
from dossier.records import Corpus, Description, Facts, Source

SOURCES = [Source("bridge.txt", ""), Source("caf\u00e9.txt", ""), Source("letters/ada.md", "")]


def said(corpus: Path, text: str | bytes) -> Description:
    (corpus / DESCRIPTION).write_bytes(text.encode() if isinstance(text, str) else text)
    return read_description(Corpus.of([corpus]), SOURCES)


def test_a_corpus_says_what_it_is_and_whose_its_documents_are(corpus: Path) -> None:
    found = said(
        corpus,
        '\ufefftitle = "Lindby"\r\ndescription = """\r\nA town\r\nby a river."""\r\n'
        'questions = ["Who built it?", ""]\r\n'
        '[documents."letters/ada.md"]\r\nauthor = "Ada Lind"\r\ndate = 1871-05-02\r\n'
        '[documents."cafe\u0301.txt"]\r\ndate = "1903-04"\r\npublisher = "Café"\r\naddress = "https://lindby.example/a"',
    )
    assert (found.title, found.text, found.questions) == ("Lindby", "A town by a river.", ("Who built it?",))
    assert found.documents == {
        "letters/ada.md": Facts(author="Ada Lind", date="1871-05-02"),
        "caf\u00e9.txt": Facts(publisher="Café", date="1903-04", address="https://lindby.example/a"),
    }
    assert found.faults == ()
    assert list(found.files) == [DESCRIPTION]


def test_a_date_is_taken_in_any_digits(corpus: Path) -> None:
    found = said(corpus, "[documents.'bridge.txt']\ndate = '２０２６-٠٢'")
    assert (found.documents["bridge.txt"].date, found.faults) == ("2026-02", ())


def test_the_example_in_the_readme_can_be_taken(corpus: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    found = said(corpus, readme.partition("```toml\n")[2].partition("```")[0])
    assert (found.faults, found.documents["letters/ada.md"].author) == ((), "Ada Lind")


def test_what_is_said_wins_and_what_is_not_stays(corpus: Path) -> None:
    (corpus / "page.html").write_text(
        "<html><head><title>The fair</title><meta name='date' content='1901-02-03'>"
        "<link rel='canonical' href='https://old.example/'></head><body><p>Olga brought pears to the fair.</p></body>"
    )
    document = read_document(Corpus.of([corpus]), "page.html")
    found = describe(document, Facts(title="At the fair", publisher="The town", date="1902"))
    assert (found.title, found.address) == ("At the fair", "https://old.example/")
    assert {(one.publisher, one.date) for one in found.sections} == {("The town", "1902")}
    assert describe(document, None) is document


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("titel = 'Lindby'", ".dossier.toml: the key 'titel' means nothing; did you mean 'title'?"),
        ("title = 7", 'the title is a number; write a text: "…".'),
        (f"title = '{'x' * 301}'", "the title has 301 characters; shorten it to 300."),
        ("questions = 'Who?'", 'questions is a text; write a list of texts: ["…?", "…?"].'),
        ("questions = ['Who?', 1871-05-02]", 'the question is a date or a time; write a text: "…".'),
        ("questions = [" + "'Who?', " * 9 + "]", "of 9 questions the first 8 are shown."),
        ("documents = ['bridge.txt']", 'documents is a list; write a table: [documents."report.txt"].'),
        ("[documents]\n'bridge.txt' = true", '[documents."bridge.txt"] is true or false; write a table with title,'),
        ("[documents.'b.txt']", '[documents."b.txt"]: there is no such document. Write its path below this folder'),
        ("[documents.'../bridge.txt']", "there is no such document"),
        ("[documents.'letters\\ada.md']", "as status does, with forward slashes."),
        ("[documents.'bridge.txt']\nadress = 'https://a.example'", "did you mean 'address'?"),
        ("[documents.'bridge.txt']\naddress = 'javascript:alert(1)'", "begins with https://"),
        ("[documents.'bridge.txt']\ndate = '2026-13'", "the date '2026-13' is none; write \"2026-11-21\""),
        ("[documents.'bridge.txt']\ndate = 12:30:00", "is none; write"),
        ("title =", ".dossier.toml is not used: it is not TOML: Invalid value (at"),
        (b"title = '\xe9'", "it is not in UTF-8; save it so."),
        ("x = " + "[\n" * 20_000, "it nests too deep"),
        ("x = '" + "x" * 2_000, "line 1 has 2,005 characters; break it at 2,000 or before."),
        ("a." * 51 + "a = 1", "line 1 has 51 dots where a key is expected"),
        (b"#" * (LARGEST + 1), "is larger than 1,000,000 bytes, and is not read."),
        ("".join(f"key{number} = 1\n" for number in range(25)), ".dossier.toml: 5 more of the kind."),
    ],
)
def test_what_can_not_be_taken_is_named_with_what_was_expected(corpus: Path, text: str | bytes, fault: str) -> None:
    found = said(corpus, text)
    assert fault in "\n".join(found.faults)
    assert (found.title, found.documents.get("bridge.txt", Facts())) == ("", Facts())


def test_one_mistake_costs_itself_only(corpus: Path) -> None:
    found = said(corpus, "title = 'Lindby'\nquestions = 1\n[documents.'bridge.txt']\ndate = 'soon'\nauthor = 'Ada'")
    assert (found.title, found.documents, len(found.faults)) == ("Lindby", {"bridge.txt": Facts(author="Ada")}, 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes there")
def test_neither_a_link_nor_a_pipe_is_followed(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("title = 'swordfish'")
    (corpus / DESCRIPTION).symlink_to(tmp_path / "secret.toml")
    linked = read_description(Corpus.of([corpus]))
    (corpus / DESCRIPTION).unlink()
    os.mkfifo(corpus / DESCRIPTION)
    for found in (linked, read_description(Corpus.of([corpus]))):
        assert found == Description(
            faults=(".dossier.toml is a link or no file, and is not read. Put the file itself there.",)
        )
