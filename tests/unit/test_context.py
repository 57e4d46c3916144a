"""Context: what a passage does not say of itself is put before it where it is searched, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from dossier import Dossier, Settings, build
from dossier.indexing.context import passage_contexts
from dossier.indexing.embedding import WordsEmbedder
from dossier.records import Document, Passage, Section, Source


def passage(text: str, section: str = "", date: str = "", start: int = 0) -> Passage:
    end = start + len(text)
    return Passage("a.txt", text, start, end, 1, 1, ((start, end),), section, date)


def contexts(title: str, *passages: Passage) -> list[str]:
    document = Document(Source("a.txt", "0"), "", (Section(0, 1_000),), title=title)
    return passage_contexts(passages, [document], WordsEmbedder())


def test_titles_and_date_stand_before_a_passage_that_lacks_them() -> None:
    assert contexts("The Mill", passage("It burnt.", "Fire", "1903-05-02")) == ["The Mill\nFire\n2 May 1903\n"]
    assert contexts("The Mill", passage("The Mill burnt.", "The Mill", "1903-05")) == ["May 1903\n"]
    assert contexts("The Mill", passage("The Mill burnt.", date="--05-02")) == ["2 May\n"]
    assert contexts("", passage("It burnt.")) == [""]


def test_a_section_without_a_title_is_known_by_its_first_sentence() -> None:
    first, second = passage("The mill burnt."), passage("Nobody was hurt.", start=20)
    assert contexts("", first, second) == ["", "The mill burnt.\n"]
    many = [passage(f"Line {number} of a long list.", start=30 * number) for number in range(30)]
    assert contexts("", *many) == [""] * 30


def test_a_passage_that_fills_the_model_stands_alone() -> None:
    assert contexts("The Mill", passage("stone " * WordsEmbedder.max_tokens)) == [""]


def test_a_word_of_the_heading_finds_a_passage_further_down_and_is_not_quoted(tmp_path: Path) -> None:
    parts = ("roof", "door", "floor", "wall", "gate")
    body = " ".join(f"The {word} was repaired with oak and slate." for word in parts)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(f"# Watermill\n\n{body}\n\n# Town hall\n\nNothing.\n", encoding="utf-8")
    build(tmp_path / "docs", tmp_path / "index", settings=Settings(model="words", max_tokens=16, overlap=0))
    hits = Dossier.open(tmp_path / "index").search("the gate of the watermill")
    assert hits[0].passage.text == "The gate was repaired with oak and slate."
    assert hits[0].quote == hits[0].passage.text
