"""Replies: what changes on the page while a question is answered, and when somebody will not wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from dossier.errors import DossierError
from dossier.web.chat import LONGEST, Change, Conversation, Session, asked_before, change, conversation, stopped
from dossier.web.inquiry import Inquiry
from dossier.web.opening import Opening
from dossier.web.texts import language_of, say

# For the chat, the session (or Gradio would never forget it), the box, and the questions that a browser keeps.
Update = tuple[Any, Any, Any, Any]
NOTHING: Update = gr.skip(), gr.skip(), gr.skip(), gr.skip()


def replies(
    opening: Opening,
    inquiry: Inquiry | None,
    session: Session,
    before: Conversation,
    request: gr.Request,
    *,
    typed: bool = False,
    anew: bool = False,
) -> Iterator[Update]:
    """What changes while a question is answered; nothing where it is none, or once its run is over.

    ``before`` is what stays of the session's conversation. Only one that was ``typed`` into the box leaves it empty:
    there may be half of another. One that is asked ``anew``, in the place of another, waits for none.
    """
    if inquiry is None:
        yield NOTHING
        return
    left = {"value": ""} if typed else {}
    if not anew and session.put_off(inquiry):
        yield gr.skip(), session, gr.Textbox(**left), gr.skip()
        return
    over, run = session.begin()
    box: Any = gr.Textbox(**left, submit_btn=False, stop_btn=True)
    kept: Any = [*before.questions, inquiry.data]  # at once, so that it is there after a reload that does not await it
    for changes in _changes(opening, inquiry, session, run, before, request):
        yield changes | {"over": over}, session, box, kept
        box = kept = gr.skip()
    yield (gr.skip(), session, _box(), gr.skip()) if session.is_last(run) else NOTHING


def restored(
    opening: Opening, session: Session, wanted: dict[str, Any], request: gr.Request, *, typed: bool = False
) -> Iterator[Update]:
    """What changes while questions that the browser has kept are asked again, and the one that a link wants.

    Those that somebody quick has asked meanwhile come after them. The box is emptied of what was ``typed`` into it.
    """
    shared = asked_before([wanted])
    questions = [*session.kept, *(shared if session.kept[-1:] != shared else [])]
    questions += [turn.inquiry for turn in session.talk.turns]
    over, run = session.begin(Conversation(), questions)
    box: Any = gr.Textbox(value="") if typed else gr.skip()
    kept: Any = [one.data for one in questions]  # at once, as in `replies`: the address names a link's no more
    try:
        while (inquiry := session.next(run)) is not None:
            changed = [inquiry] == shared and not _is_current(opening, wanted)
            note = say(language_of(request.headers), "index_changed") if changed else ""
            for changes in _changes(opening, inquiry, session, run, session.talk, request, note):
                yield changes | {"over": over}, session, box, kept
                box = kept = gr.skip()
    finally:
        session.end(run)
    yield (gr.skip(), session, _box(), session.talk.questions) if session.is_last(run) else NOTHING


def halted(session: Session, request: gr.Request) -> Update:
    """What changes when somebody stops what is under way."""
    language = language_of(request.headers)
    talk = stopped(session.talk, language)
    if talk is session.talk:
        return gr.skip(), session, _box(), gr.skip()
    over, _ = session.begin(talk)
    return change(talk, len(talk.turns) - 1, language) | {"over": over}, session, _box(), talk.questions


def emptied(session: Session, request: gr.Request) -> Update:
    """What changes when somebody clears the conversation."""
    over, _ = session.begin(Conversation())
    return change(session.talk, 0, language_of(request.headers)) | {"over": over}, session, _box(), []


def _changes(
    opening: Opening,
    inquiry: Inquiry,
    session: Session,
    run: str,
    before: Conversation,
    request: gr.Request,
    note: str = "",
) -> Iterator[Change]:
    """What changes in the conversation while a question is answered, as long as its run may change it."""
    language = language_of(request.headers)
    kept = stopped(before, language)
    # A turn whose end nobody awaited is drawn again, as one that was stopped.
    start = len(kept.turns) - (kept is not before) if len(kept.turns) < LONGEST else 0
    for talk in conversation(opening, inquiry, kept, language, note=note, who=str(request.username or "")):
        if not session.keep(run, talk):
            return
        yield change(talk, start, language) | {"run": run}


def _box() -> Any:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _is_current(opening: Opening, wanted: dict[str, Any]) -> bool:
    """Whether the index is the one that a link to a question was made with, if it says so."""
    if "at" not in wanted:
        return True
    try:
        return opening.dossier().generation == str(wanted["at"])
    except DossierError:
        return True
