"""Replies: which click may change a conversation, and what comes of the others, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import gradio as gr
import pytest

from dossier.settings import Settings
from dossier.web.chat import Conversation, Session
from dossier.web.inquiry import Inquiry
from dossier.web.opening import Opening
from dossier.web.replies import emptied, halted, replies, restored

REQUEST: Any = gr.Request(username=None, headers={"accept-language": "en"})
MILL, BRIDGE, LETTERS = (
    Inquiry(question) for question in ("Who burned the mill?", "Who built it?", "What of letters?")
)


@pytest.fixture(scope="module")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Opening:
    folder = tmp_path_factory.mktemp("town")
    (folder / "mill.txt").write_text("Bo burned the mill. Ada Lind built the old bridge.", encoding="utf-8")
    opening = Opening(folder, tmp_path_factory.mktemp("built") / "index", Settings(model="words"))
    opening.start()
    assert opening.wait(60)
    return opening


def asked(session: Session) -> list[tuple[str, bool]]:
    """The questions of a conversation, and whether each is done with."""
    return [(turn.inquiry.question, turn.ended) for turn in session.talk.turns]


def drawn(update: tuple[Any, ...]) -> bool:
    """Whether an update changes the conversation."""
    return "turns" in update[0]


def test_a_question_that_is_stopped_changes_nothing_any_more(opening: Opening) -> None:
    session = Session()
    under_way = replies(opening, MILL, session, session.talk, REQUEST)
    first = next(under_way)[0]
    stop = halted(session, REQUEST)[0]
    assert stop["over"] == first["run"]
    assert not any(map(drawn, under_way))
    assert asked(session) == [(MILL.question, True)]
    assert "Stopped." in session.talk.turns[0].reply
    for _ in replies(opening, BRIDGE, session, session.talk, REQUEST):
        pass
    assert asked(session) == [(MILL.question, True), (BRIDGE.question, True)]


def test_a_conversation_that_is_cleared_stays_empty(opening: Opening) -> None:
    session = Session()
    under_way = replies(opening, MILL, session, session.talk, REQUEST)
    next(under_way)
    assert emptied(session, REQUEST)[0]["turns"] == []
    assert not any(map(drawn, under_way))
    assert not session.talk.turns


def test_a_question_in_the_midst_of_another_stops_that_one(opening: Opening) -> None:
    session = Session()
    under_way = replies(opening, MILL, session, session.talk, REQUEST)
    next(under_way)
    changes, *_ = next(replies(opening, BRIDGE, session, session.talk, REQUEST))
    assert changes["start"] == 0
    assert [turn["ended"] for turn in changes["turns"]] == [True, False]
    assert not any(map(drawn, under_way))


def last(updates: Iterator[tuple[Any, ...]]) -> Any:
    """What the browser keeps at the end of some updates."""
    *_, update = updates
    return update[3]


def test_questions_asked_before_and_while_others_are_asked_again_come_after_them(opening: Opening) -> None:
    session = Session()
    session.kept = [MILL]
    quick = replies(opening, BRIDGE, session, session.talk, REQUEST)
    next(quick)
    again = restored(opening, session, {}, REQUEST)
    changes = next(again)[0]
    assert not any(map(drawn, quick))
    assert not any(map(drawn, replies(opening, LETTERS, session, session.talk, REQUEST)))
    assert [one["q"] for one in last(again)] == [MILL.question, BRIDGE.question, LETTERS.question]
    assert asked(session) == [(MILL.question, True), (BRIDGE.question, True), (LETTERS.question, True)]
    assert changes["start"] == 0


def test_a_page_that_the_server_has_forgotten_gets_its_conversation_back(opening: Opening) -> None:
    session = Session()
    assert session.remember([MILL])
    updates = list(restored(opening, session, BRIDGE.data, REQUEST, typed=True))
    assert [one["q"] for one in updates[0][3]] == [MILL.question, BRIDGE.question]  # should the page go away meanwhile
    assert [one["q"] for one in updates[-1][3]] == [MILL.question, BRIDGE.question]
    assert asked(session) == [(MILL.question, True), (BRIDGE.question, True)]
    assert "value" in updates[0][2].constructor_args
    assert not session.remember([MILL])
    assert not Session().remember([])


def test_what_is_asked_anew_takes_its_place_though_others_are_being_asked_again(opening: Opening) -> None:
    session = Session()
    session.kept = [MILL, LETTERS]
    again = restored(opening, session, {}, REQUEST)
    next(again)
    for _ in replies(opening, BRIDGE, session, Conversation(), REQUEST, anew=True):
        pass
    assert not any(map(drawn, again))
    assert asked(session) == [(BRIDGE.question, True)]


def test_only_a_question_that_was_typed_empties_the_box(opening: Opening) -> None:
    for typed in (True, False):
        session = Session()
        boxes = [update[2] for update in replies(opening, MILL, session, session.talk, REQUEST, typed=typed)]
        assert any(isinstance(box, gr.Textbox) and "value" in box.constructor_args for box in boxes) is typed


def test_nobody_waits_for_questions_that_somebody_has_given_up(opening: Opening) -> None:
    session = Session()
    session.kept = [MILL, LETTERS]
    again = restored(opening, session, {}, REQUEST)
    next(again)
    again.close()  # as when a browser goes away
    for _ in replies(opening, BRIDGE, session, session.talk, REQUEST):
        pass
    assert asked(session) == [(MILL.question, True), (BRIDGE.question, True)]


def test_each_page_has_a_session_of_its_own() -> None:
    session = Session()
    session.begin()
    assert deepcopy(session) is not session
