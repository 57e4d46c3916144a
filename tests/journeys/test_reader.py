"""A reader reads the best passages with the question: the one that comes along, or one that a person names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dossier import Dossier, Settings, build, search
from dossier.answering.composing import short_answers
from dossier.answering.reader import LEARNT, load_reader
from dossier.answering.spans import best_span
from dossier.answers import Hit, Reading
from dossier.errors import BrokenIndexError, ModelError
from dossier.web.cards import answer_html

WORDS = ["the", "old", "bridge", "was", "built", "by", "a", "zoo", "opened", "who", "olga", "elephant", "stone"]


def tiny_model(folder: Path, kind: str = "BertForSequenceClassification", labels: int = 1) -> Path:
    """A folder with a tiny model that was never trained, and so says something else of every pair."""
    import transformers
    from transformers import BertConfig, BertTokenizerFast, set_seed

    set_seed(7)
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS) + 5,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        num_labels=labels,
        initializer_range=1.0,
    )
    getattr(transformers, kind)(config).save_pretrained(folder)
    BertTokenizerFast(str(vocabulary), model_max_length=32).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("reader") / "tiny")


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("reader") / "answering", "BertForQuestionAnswering", labels=2)


def test_what_it_says_is_a_part_of_the_score_that_orders_the_passages(corpus: Path, tmp_path: Path, tiny: Path) -> None:
    plain, reread = tmp_path / "plain", tmp_path / "reread"
    build(corpus, plain, settings=Settings(model="words"))
    build(corpus, reread, settings=Settings(model="words", reader=str(tiny)))
    question = "who built the old bridge"
    hits = search(question, index=reread)
    said = load_reader(str(tiny)).read([(question, hit.passage.text) for hit in hits])
    assert all(0 < one.probability < 1 and one.span is None for one in said)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert {hit.passage.text for hit in search(question, index=plain)} == {hit.passage.text for hit in hits}
    correlation = np.corrcoef([hit.parts.reader for hit in hits], [one.probability for one in said])
    assert correlation[0, 1] == pytest.approx(1)
    for hit in hits:
        parts = hit.parts
        whole = parts.passage + parts.sentence + parts.words + parts.tokens + parts.company + parts.reader
        assert whole == pytest.approx(hit.score)


def test_a_build_without_saying_so_keeps_it_and_none_takes_it_away(corpus: Path, tmp_path: Path, tiny: Path) -> None:
    index = tmp_path / "index"
    build(corpus, index, settings=Settings(model="words", reader=str(tiny)))
    build(corpus, index)
    assert Dossier.open(index).reader is not None
    report = build(corpus, index, settings=Settings(model="words"))
    assert report.embedded == 0
    assert Dossier.open(index).reader is None


def test_a_model_for_question_answering_names_words_of_the_passage(
    corpus: Path, tmp_path: Path, answering: Path
) -> None:
    build(corpus, tmp_path / "index", settings=Settings(model="words", reader=str(answering)))
    answer = Dossier.open(tmp_path / "index").ask("who built the old bridge")
    assert all(hit.reading is not None for hit in answer.hits)
    text = "the old bridge was built by a zoo"
    (reading,) = load_reader(str(answering)).read([("who built the bridge", text)])
    assert reading.span is not None
    assert text[slice(*reading.span)].strip() == text[slice(*reading.span)] != ""
    assert 0 < reading.certainty < 1


def test_a_passage_that_is_too_long_for_it_is_read_in_windows(tiny: Path, answering: Path) -> None:
    long = "the stone " * 60 + "the elephant olga opened the zoo"
    for model in (tiny, answering):
        reader = load_reader(str(model))
        whole, first, end = reader.read(
            [("who opened the zoo", text) for text in (long, "the stone " * 10, long[-60:])]
        )
        assert whole.probability >= min(first.probability, end.probability)
        if whole.span is not None:
            assert 0 <= whole.span[0] < whole.span[1] <= len(long)
        assert [one.probability for one in reader.read([("who", ""), ("who", " \n")])] == [0.0, 0.0]
        assert reader.read([]) == []


def test_a_question_that_leaves_it_no_room_is_not_read_and_gets_its_answer_from_the_search(
    corpus: Path, tmp_path: Path, tiny: Path
) -> None:
    reader = load_reader(str(tiny))
    assert not reader.can_read("who " * 40)
    with pytest.raises(ModelError, match="The question has 40 tokens"):
        reader.read([("who " * 40, "zoo")])
    build(corpus, tmp_path / "index", settings=Settings(model="words", reader=str(tiny)))
    hits = search("who built the old bridge " * 8, index=tmp_path / "index")
    assert hits
    assert not any(hit.reading for hit in hits)


def test_two_labels_will_do_and_more_or_another_kind_of_model_are_refused(tmp_path: Path) -> None:
    two = load_reader(str(tiny_model(tmp_path / "two", labels=2)))
    assert 0 < two.read([("who", "zoo")])[0].probability < 1
    three = tiny_model(tmp_path / "three", labels=3)
    with pytest.raises(ModelError, match="tells 3 labels apart"):
        load_reader(str(three))
    bare = tiny_model(tmp_path / "bare", "BertModel")
    with pytest.raises(ModelError, match="is a BertModel, which reads no passages"):
        load_reader(str(bare))


def test_other_weights_than_it_was_built_with_are_refused(corpus: Path, tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model")
    build(corpus, tmp_path / "index", settings=Settings(model="words", reader=str(model)))
    config = model / "config.json"
    config.write_text(config.read_text("utf-8") + "\n", encoding="utf-8")
    with pytest.raises(BrokenIndexError, match="other weights"):
        Dossier.open(tmp_path / "index")


def test_the_reader_that_comes_along_finds_the_words_that_answer_and_knows_when_there_are_none() -> None:
    reader = load_reader("minilm")
    assert LEARNT.stat().st_size <= 25_000_000
    bridge = "The old bridge was built by Ada Lind in 1871. A ferry carried the mail until 1910."
    zoo = "The zoo opened in May. An elephant named Olga arrived by train."
    long = "Nobody minded the rain that fell on the market all day. " * 40 + bridge
    asked = "Who built the old bridge?"
    right, wrong, buried = reader.read([(asked, bridge), (asked, zoo), (asked, long)])
    assert right.span is not None
    assert bridge[slice(*right.span)] == "Ada Lind"
    assert right.probability > 0.5 > wrong.probability
    assert buried.span is not None
    assert long[slice(*buried.span)] == "Ada Lind"
    alone = reader.read([(asked, bridge)])[0]
    assert alone == right  # whatever else is read with it


def test_what_was_read_lately_is_not_read_again() -> None:
    reader = load_reader("minilm")
    asked, other = ("Who fell in?", "Ada Lind fell in."), ("Who fell in?", "Nobody was hurt.")
    before = reader.read([asked, other, asked])
    assert before[0] == before[2]
    reader._model.compute = lambda rows: [][: len(rows)]  # type: ignore[attr-defined]
    assert reader.read([other, asked]) == [before[1], before[0]]
    with pytest.raises(ValueError, match="shorter"):
        reader.read([("Who swam?", "Ada Lind fell in.")])


def test_what_is_no_question_in_english_is_not_read() -> None:
    reader = load_reader("minilm")
    assert reader.can_read("how was the bridge paid for")
    assert not reader.can_read("bridge flood 1903")
    assert reader.can_read("Was it paid for by the mayor?")
    assert not reader.can_read("Wer hat die alte Brücke gebaut?")
    assert not reader.can_read("Was will der Bürgermeister?")
    assert not reader.can_read("Quelle est la capitale do Brasil?")
    assert not reader.can_read("who " * 200)


def test_a_short_answer_stands_in_its_quote_and_opens_the_text(seeds: Dossier) -> None:
    question = "How many parallel forces has the Security Council authorized or recognized?"
    *_, before, answer = seeds.stream(question)  # before and after the reader has read
    assert before.short == ()
    assert not any(hit.reading for hit in before.hits)
    assert answer == seeds.ask(question)
    assert [one.text for one in answer.short] == ["more than forty"]
    assert answer.text.startswith("more than forty [1]")
    for one in answer.short:
        assert set(one.numbers) <= set(answer.quoted)
        assert all(one.text in answer.citations[number - 1].quote for number in one.numbers)


def test_nothing_is_said_not_to_be_there_before_it_was_read(seeds: Dossier) -> None:
    grown = list(seeds.stream("How do I bake sourdough bread?"))
    names = [[""] * len(answer.hits) for answer in grown]
    pages = [answer_html(a, n, n, "en", thumbs="", reader=True) for a, n in zip(grown, names, strict=True)]
    assert len(pages) > 1
    assert all("Reading the passages…" in page and "do not seem to say" not in page for page in pages[:-1])
    assert "do not seem to say" in pages[-1]


def test_short_answers_that_say_the_same_are_one_and_others_stand_beside(toy: Dossier) -> None:
    hit = toy.search("Who built the old bridge?")[0]
    text = hit.passage.text

    def said(words: str, certainty: float) -> Hit:
        start = hit.passage.start + text.index(words)
        reading = Reading(1.0, (start, start + len(words)), certainty)
        return Hit(hit.passage, hit.score, hit.sentence, hit.parts, hit.shared, reading)

    three = short_answers({1: said("Ada Lind", 0.9), 2: said("The old bridge", 0.8), 3: said("Ada Lind", 0.7)})
    assert [(one.text, one.numbers) for one in three] == [("Ada Lind", (1, 3)), ("The old bridge", (2,))]
    assert short_answers({1: said("old bridge", 0.9), 2: said("The old bridge", 0.8)})[0].numbers == (1, 2)
    assert [one.text for one in short_answers({1: said("Ada Lind", 0.9), 2: said("1871", 0.1)})] == ["Ada Lind"]
    assert len(short_answers({1: said("1871", 0.9), 2: said("in 1871", 0.8)})) == 2
    assert short_answers({1: said("Ada Lind", 0.01)}) == ()
    for one, other in (("−5 °C", "5 °C"), ("<5", ">5"), (".5", "5"), ("C#", "C"), ("1/5", "1.5")):
        passages = [replace(hit.passage, text=text, start=0) for text in (one, other)]
        read = [replace(hit, passage=p, reading=Reading(1.0, (0, len(p.text)), 0.9)) for p in passages]
        assert len(short_answers(dict(enumerate(read, start=1)))) == 2
    assert short_answers({1: hit}) == ()


def test_a_span_has_whole_words_and_no_stray_signs() -> None:
    text = "built, by Ada Lindgren."
    places = [(0, 5), (5, 6), (7, 9), (10, 13), (14, 18), (18, 22), (22, 23)]
    logits = np.full((len(places), 2), -9.0, np.float32)
    logits[3, 0], logits[4, 1] = 5, 5
    assert best_span(logits, places, text)[0] == (10, 22)
    logits[3, 0], logits[1, 0] = -9, 5
    assert text[slice(*best_span(logits, places, text)[0])] == "by Ada Lindgren"


def test_a_number_in_a_span_is_whole_and_has_its_sign() -> None:
    text = (
        "It cost $1,250.50, a rise of 3.9% a year (p = .05, see fig.7 of 1990-95), at −4 °C or 80%-88% ... 6.-10. Mai"
    )
    for said, whole in (
        ("250", "$1,250.50"),
        ("3", "3.9%"),
        ("3.9", "3.9%"),
        ("rise of 3", "rise of 3.9%"),
        (".05", ".05"),
        ("05", ".05"),
        ("7", "7"),
        ("95", "95"),
        ("4 °C", "−4 °C"),
        ("88", "88%"),
        ("10. M", "10. Mai"),
    ):
        start = text.index(said)
        logits = np.full((2, 2), -9.0, np.float32)
        logits[0] = 5
        (first, last), _ = best_span(logits, [(start, start + len(said)), (0, 2)], text)
        assert text[first:last] == whole
