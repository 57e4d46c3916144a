"""Follow-ups: a question that leans on the one before it is completed, and a new topic stays alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dossier import Answer, Dossier, ask
from dossier.answering.followup import complete
from dossier.evaluation.evaluating import evaluate
from dossier.rendering import answer_markdown, answer_text

DIALOGUES = Path(__file__).parents[1] / "gold" / "dialogues.jsonl"
BRIDGE = "Who built the old bridge?"


def talk(dossier: Dossier, *questions: str) -> Answer:
    """The last answer of a conversation."""
    history: list[Answer] = []
    for question in questions:
        history.append(dossier.ask(question, history=history))
    return history[-1]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When did it fall?", "When did it fall? (old bridge)"),
        ("And who paid for it?", "And who paid for it? (old bridge)"),
        ("What about the flood?", "What about the flood? (old bridge)"),
        ("Why?", "Why? (old bridge)"),
        ("What was the reason?", "What was the reason? (old bridge)"),
        ("What did she build?", "What did she build? (old bridge, Ada Lind)"),
        ("Who was there?", "Who was there? (old bridge)"),
        ("Were the wood and the stone for it local?", "Were the wood and the stone for it local? (old bridge)"),
        ("Was that in 1871?", "Was that in 1871? (old bridge)"),
        ("What was the reason she gave?", "What was the reason she gave? (old bridge, Ada Lind)"),
    ],
)
def test_a_question_that_leans_is_completed(toy: Dossier, question: str, asked: str) -> None:
    answer = talk(toy, BRIDGE, question)
    assert (answer.question, answer.asked) == (question, asked)


@pytest.mark.parametrize(
    "question",
    [
        "Which elephant arrived by train?",
        "When did the zoo open?",
        "How long did it take to open the zoo?",
        "What did the elephant see from its train?",
        "What did Olga see when she arrived?",
        "And when was the elephant named Olga?",
        "mill plans",
        "What is a ferry?",
        "When was the elephant of the zoo named and who named it?",
        "Do the elephants of a zoo help each other?",
        "Do the elephants of a zoo trust one another?",
        "Wann kam der Elefant an?",
        "¿Qué he de hacer?",
        "和平",
        "?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(toy: Dossier, question: str) -> None:
    assert talk(toy, BRIDGE, question) == toy.ask(question)


def test_the_first_question_leans_on_nothing(toy: Dossier) -> None:
    assert toy.ask("And when did it fall?").asked == "And when did it fall?"


def test_a_topic_lasts_until_there_is_another(toy: Dossier) -> None:
    assert talk(toy, BRIDGE, "When did it fall?", "And why?").asked == "And why? (fall, old bridge)"
    later = talk(toy, BRIDGE, "When did it fall?", "When did the zoo open?", "Who arrived there?")
    assert later.asked == "Who arrived there? (zoo open)"
    assert later.hits[0].passage.path == "zoo.txt"


def test_the_front_door_takes_the_history(toy_index: Path) -> None:
    first = ask(BRIDGE, index=toy_index)
    assert ask("When did it fall?", index=toy_index, history=[first]).asked == "When did it fall? (old bridge)"


def test_a_long_question_is_asked_with_less_or_nothing_added(toy: Dossier) -> None:
    last = talk(toy, "Did the masons, whom Ada Lind paid, send the plans of the mill?")
    whole = complete("Why?", [last], toy.index)
    lengths = {len(complete("Why?", [last], toy.index, fits=lambda text, n=n: len(text) <= n)) for n in range(80)}  # type: ignore[misc]
    assert {len("Why?"), len(whole)} < lengths
    room = toy.embedder.max_tokens
    full = "Why did it fall" + " so" * (room - 4)
    assert talk(toy, BRIDGE, full).asked == full


def test_what_was_really_asked_is_shown_and_is_no_markup(toy: Dossier) -> None:
    answer = talk(toy, BRIDGE, "When did it fall?")
    assert answer_text(answer, 80).startswith("Asked: When did it fall? (old bridge)\n\nPerhaps:\n\n“")
    hostile = dataclasses.replace(answer, asked="Why? (<img src=x>*)")
    assert answer_markdown(hostile).startswith("*Asked: Why? &#40;&#60;img src=x&#62;&#42;&#41;*\n\nPerhaps:\n\n> ")
    assert "Asked" not in answer_text(toy.ask(BRIDGE), 80) + answer_markdown(toy.ask(BRIDGE))


def test_gold_dialogues_find_their_evidence(seeds_index: Path) -> None:
    found = evaluate(DIALOGUES, index=seeds_index)
    assert found.figure("hit@5", "later turns").value >= 0.75
    assert found.figure("hit@5", "first turns").value >= 0.8
