"""Reading: which files there are, how bytes become text, and where its sections and sentences are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import InputError, UnreadableError
from dossier.indexing.validating import check_path
from dossier.reading.folder import scan
from dossier.reading.markdown import parse_markdown
from dossier.reading.parsing import parse
from dossier.reading.plaintext import decode
from dossier.reading.sections import plain_sections
from dossier.reading.sentences import sentence_spans
from dossier.records import Corpus

NOWHERE = Path("/nowhere")


def test_a_scan_lists_every_file_once_in_order_of_paths(corpus: Path) -> None:
    (corpus / ".hidden.txt").write_text("secret")
    (corpus / "LOUD.TXT").write_text("loud")
    sources, skipped = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert [source.path for source in sources] == ["LOUD.TXT", "bridge.txt", "letters/ada.md", "zoo.txt"]
    assert [file.path for file in skipped] == [".hidden.txt", "map.png"]
    assert "png" in skipped[1].reason


def test_a_scan_leaves_the_index_out_and_says_so(corpus: Path) -> None:
    (corpus / "index").mkdir()
    (corpus / "index" / "notes.txt").write_text("not a document")
    sources, skipped = scan(Corpus.of([corpus]), leave_out=corpus / "index")
    assert "index/notes.txt" not in [source.path for source in sources]
    assert "index" in [file.path for file in skipped]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_can_not_trap_a_scan(corpus: Path) -> None:
    (corpus / "loop").symlink_to(corpus, target_is_directory=True)
    (corpus / "gone.txt").symlink_to(corpus / "nothing")
    (corpus / "same.txt").symlink_to(corpus / "zoo.txt")
    sources, skipped = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert "same.txt" in [source.path for source in sources]
    assert {"loop", "gone.txt"} <= {file.path for file in skipped}


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a name be any bytes")
def test_a_name_that_is_not_unicode_is_said_and_skipped(corpus: Path) -> None:
    (Path(os.fsdecode(os.fsencode(corpus) + b"/caf\xe9.txt"))).write_text("coffee")
    _, skipped = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    assert "caf\\xe9.txt" in [file.path for file in skipped]


@pytest.mark.skipif(sys.platform == "win32", reason="there no name holds a colon")
def test_a_name_that_would_be_a_drive_is_said_and_skipped(corpus: Path) -> None:
    (corpus / "c:").mkdir()
    (corpus / "c:" / "x.txt").write_text("Coal.")
    (corpus / "C:\\docs\\a.txt").write_text("Coke.")
    (corpus / "10:30.txt").write_text("Tea.")
    sources, skipped = scan(Corpus.of([corpus]), leave_out=NOWHERE)
    for source in sources:
        check_path(source.path, windows=False)
    assert "10:30.txt" in [source.path for source in sources]
    assert {file.path for file in skipped if "drive" in file.reason} == {"c:", "C:\\docs\\a.txt"}
    with pytest.raises(InputError, match="Rename it"):
        scan(Corpus.of([corpus, corpus / "c:"]), leave_out=NOWHERE)


@pytest.mark.parametrize(("name", "found"), [("nothing", "no folder"), ("zoo.txt", "a file, not a folder")])
def test_what_is_not_a_folder_can_not_be_scanned(corpus: Path, name: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        scan(Corpus.of([corpus / name]), leave_out=NOWHERE)


@pytest.mark.parametrize(
    "data",
    ["Søreide said “no”".encode(), "Søreide said “no”".encode("utf-8-sig"), "Søreide said “no”".encode("utf-16")],
    ids=["utf-8", "utf-8 with a mark", "utf-16 with a mark"],
)
def test_a_certain_encoding_needs_no_remark(data: bytes) -> None:
    assert decode(data) == ("Søreide said “no”", "")


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("cp1252", "Le général a été reçu à l’hôtel de ville, où l’on a fêté sa venue jusqu’à l’aube."),
        ("cp1252", "Die Straße über den Fluß war größer, als wir dachten – „schön“ sagte er."),
        ("cp1250", "Żółta łódź płynęła przez rzekę, a w środku siedział człowiek z książką."),
        ("cp1251", "Совет Безопасности принял резолюцию о миротворческих операциях."),
        ("shift_jis", "安全保障理事会は決議を採択した。平和維持活動について議論した。"),
    ],
    ids=["French", "German", "Polish", "Russian", "Japanese"],
)
def test_another_encoding_is_guessed_and_said(encoding: str, written: str) -> None:
    text, remark = decode(written.encode(encoding))
    assert text == written
    assert "a guess" in remark


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(1, 256)) * 4, b"\xff\xfeodd"],
    ids=["png", "noise", "half utf-16"],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(data)


@pytest.mark.parametrize(("name", "data"), [("empty.txt", b""), ("blank.md", b" \n\n\t"), ("data.bin", b"x")])
def test_a_file_without_text_is_refused_with_the_reason(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableError, match=r"no text|not read yet"):
        parse(tmp_path, name)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
def test_a_heading_of_markdown_begins_a_section(end: str) -> None:
    lines = ["Before.", "", "# One", "", "Text.", "```", "# not a heading", "```", "Two", "---", "More."]
    parsed = parse_markdown(end.join(lines).encode())
    text, sections = parsed.text, parsed.sections
    assert [section.title for section in sections] == ["", "One", "Two"]
    assert text[sections[1].start :].startswith("# One")
    assert "".join(text[section.start : section.end] for section in sections) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CR LF"])
def test_front_matter_is_text_and_no_heading(end: str) -> None:
    lines = ["---", "title: My note", "# tags:", "date: 2024-05-03", "---", "", "Frost in", "the valley", "===", "Ice."]
    parsed = parse_markdown(end.join(lines).encode())
    assert [section.title for section in parsed.sections] == ["", "Frost in the valley"]
    assert parsed.text == end.join(lines)
    assert parsed.text[parsed.sections[1].start :].startswith("Frost in")


def test_a_line_between_rules_is_a_heading() -> None:
    parsed = parse_markdown(b"---\n\nIce\n---\nIt froze.\n")
    assert [section.title for section in parsed.sections] == ["", "Ice"]


def test_a_line_alone_that_is_no_sentence_is_a_heading() -> None:
    text = "Some words to begin with.\n\nRecent Events\n\nThe zoo opened. It was May.\n\n- a list\n\nHe said so.\n"
    assert [section.title for section in plain_sections(text)] == ["", "Recent Events"]


def test_an_underlined_line_is_a_heading() -> None:
    assert [section.title for section in plain_sections("Title\n=====\nText.\nMore text.\n")] == ["Title"]


def test_a_wider_gap_than_between_paragraphs_begins_a_section() -> None:
    wrapped = "One paragraph.\n\nAnother.\n\n\n\nFar below.\n"
    assert [wrapped[section.start :][:3] for section in plain_sections(wrapped)] == ["One", "Far"]
    long = ("This line is a whole paragraph, as in many texts from the web. " * 3 + "\n") * 3
    assert len(plain_sections(long + "\n" + long)) == 2


@given(st.text(alphabet="Ab.# \n\r=-"))
def test_sections_tile_any_text(text: str) -> None:
    sections = plain_sections(text)
    assert "".join(text[section.start : section.end] for section in sections) == text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ms. Tapesh spoke. Lt. Col. Ratih agreed.", ["Ms. Tapesh spoke.", "Lt. Col. Ratih agreed."]),
        ("In the end, Ms. Pierce left.", ["In the end, Ms. Pierce left."]),
        ("“It works,” he said. Really?  Yes!", ["“It works,” he said.", "Really?", "Yes!"]),
        ("Speakers\nMr. A. Kim, Minister\nMs. Helen Clark", ["Speakers", "Mr. A. Kim, Minister", "Ms. Helen Clark"]),
        (
            "Moderator:\nMs. A. Kim, Minister\nSpeakers:\n\nMs. Helen Clark",
            ["Moderator:\nMs. A. Kim, Minister", "Speakers:", "Ms. Helen Clark"],
        ),
        ("Agenda:\r\n1. The Council met.", ["Agenda:\r\n1. The Council met."]),
        (
            "Name:\nAge:\n**Moderator:**\nMs. A. Kim\nMr. Annan:\nWe met.",
            ["Name:", "Age:", "**Moderator:**\nMs. A. Kim", "Mr. Annan:\nWe met."],
        ),
        (
            "This text was wrapped at a width of about fifty\ncharacters, so that a line end says nothing. The\nend.",
            [
                "This text was wrapped at a width of about fifty\ncharacters, so that a line end says nothing.",
                "The\nend.",
            ],
        ),
        ("No stop\n\nbetween blocks", ["No stop", "between blocks"]),
        ("(1) (1) (1)", None),
    ],
    ids=[
        "titles",
        "title inside",
        "quotes",
        "list",
        "labels",
        "label of a number",
        "labels alone",
        "wrapped",
        "blocks",
        "odd",
    ],
)
def test_sentences_are_found_where_a_reader_sees_them(text: str, sentences: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentence_spans(text, 0, len(text))]
    if sentences is None:
        assert "".join(found).replace(" ", "") == text.replace(" ", "")
    else:
        assert found == sentences


@given(st.text(alphabet=st.sampled_from("aB .:!?\n\r\t“”(1)–你。\u2028é"), max_size=300))
def test_sentences_hold_everything_but_the_space_between_them(text: str) -> None:
    spans = sentence_spans(text, 0, len(text))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert [a for span in spans for a in span] == sorted(a for span in spans for a in span)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


def test_a_sentence_longer_than_anyone_reads_is_cut_between_words() -> None:
    text = "bridge mayor water, council river " * 400
    found = [text[start:end] for start, end in sentence_spans(text, 0, len(text))]
    assert len(found) > 1
    assert " ".join(found).split() == text.split()


def test_a_very_long_line_takes_no_longer_than_many_short_ones() -> None:
    text = "你好。" * 20_000
    assert len(sentence_spans(text, 0, len(text))) >= 20_000
