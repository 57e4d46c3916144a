"""Asking within limits, and judging what is answered, as a person does in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import PATIENCE, Serve, ask, box
from playwright.sync_api import Browser, Page, expect
from test_craft import audit

pytestmark = pytest.mark.browser
QUESTION = "Who built the old bridge?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the town's documents are, and their index beside them."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "town" / "letters").mkdir(parents=True)
    (folder / "town" / "bridge.txt").write_text("The old bridge was built by Ada Lind in 1871. It fell in 1903.")
    (folder / "town" / "letters" / "mayor.md").write_text("# 3 May 1870\n\nThe mayor asked for a bridge of stone.\n")
    return folder


@pytest.fixture(scope="module")
def town(serve: Serve, folder: Path) -> str:
    return serve("-m", "dossier", "serve", "town", folder=folder, DOSSIER_MODEL="words")


def test_a_question_is_limited_by_keyboard_and_its_link_says_so(page: Page, town: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(town)
    expect(ask(page, QUESTION).locator(".card .title")).to_have_text(["bridge.txt", "3 May 1870"])

    toggle = page.get_by_role("button", name="Limit to…")
    toggle.press("Enter")
    documents = page.get_by_label("Documents or folders")
    expect(documents).to_be_focused()
    expect(page.locator("#limits-places option[value='letters/']")).to_have_count(1)
    documents.fill("nowhere")
    documents.press("Enter")
    expect(documents).to_have_attribute("aria-invalid", "true")
    expect(documents).to_be_focused()
    said = page.locator("#limits").get_by_role("status")
    expect(said).to_have_text("nowhere: No document or folder has this name.")
    documents.fill("letters/")
    documents.press("Tab")
    expect(page.get_by_role("button", name="Remove: letters/")).to_be_visible()
    expect(said).to_be_empty()
    documents.press_sequentially("somewhere")
    documents.press("Tab")
    expect(said).to_have_text("somewhere: No document or folder has this name.")
    expect(page.get_by_label("Dated from")).to_be_focused()
    documents.fill("bridge.txt")
    page.get_by_role("button", name="Done").click()
    expect(documents).to_be_hidden()
    page.get_by_role("button", name="Remove: bridge.txt").press("Enter")
    toggle.press("Enter")
    page.get_by_label("Dated before").fill("soon")
    page.get_by_label("Dated from").fill("1870-05")
    page.get_by_label("Dated from").press("Tab")
    expect(page.get_by_label("Dated before")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Dated before").fill("")
    assert audit(page) == []
    page.get_by_label("Dated before").press("Escape")
    expect(documents).to_be_hidden()
    expect(toggle).to_be_focused()

    turn = ask(page, QUESTION)
    expect(turn.locator(".limited")).to_have_text("Limited to: letters/ · from May 1870")
    expect(turn.locator(".card .title")).to_have_text(["3 May 1870"])
    turn.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(link).query)["in"] == ["letters/"]

    page.evaluate("localStorage.clear()")
    page.goto(link)
    turn = page.locator("#chat .turn")
    expect(turn.locator(".limited")).to_have_text("Limited to: letters/ · from May 1870", timeout=PATIENCE)
    expect(turn.locator(".card")).to_have_count(1)
    page.get_by_role("button", name="Remove: letters/").press("Enter")
    page.get_by_role("button", name="Remove: Dated from 1870-05").press("Enter")
    expect(ask(page, QUESTION).locator(".limited")).to_have_count(0)


def test_of_two_turns_that_are_alike_the_one_that_was_clicked_changes(page: Page, town: str) -> None:
    page.goto(town)
    ask(page, QUESTION)
    second = ask(page, QUESTION)
    second.get_by_role("button", name="Edit the question").click()
    field = second.get_by_label("Edit the question")
    field.fill("Who asked for a bridge?")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})  # as an input method has it
    expect(field).to_be_visible()
    box(page).fill("Who")
    field.press("Enter")
    expect(page.locator("#chat .question")).to_have_text([QUESTION, "Who asked for a bridge?"])
    expect(second).to_have_attribute("data-ended", "")
    expect(second).to_be_focused()
    second.press("Tab")
    expect(second.get_by_role("button", name="Edit the question")).to_be_focused()
    expect(box(page)).to_have_value("Who")


def test_a_thumb_and_a_note_are_kept_shown_again_and_taken_back(page: Page, town: str, folder: Path) -> None:
    page.goto(town)
    thumbs = ask(page, QUESTION).locator(".thumbs")
    down, up = thumbs.get_by_role("button", name="Poor answer"), thumbs.get_by_role("button", name="Good answer")
    down.press("Enter")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(down).to_be_focused()
    expect(page.locator("#chat .spoken")).to_have_text("Kept beside the index, sent nowhere.")
    note = thumbs.get_by_label("A note, if you like")
    note.fill('<img src=x> "which" year?')
    note.evaluate("one => { one.dataset.old = 1; }")
    note.press("Enter")
    expect(page.locator("#chat [data-old]")).to_have_count(0)
    expect(note).to_be_focused()
    assert audit(page) == []
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(down).to_have_attribute("aria-pressed", "false")
    kept = folder / "index" / "judgments.jsonl"
    (line,) = kept.read_text("utf-8").splitlines()
    told = json.loads(line)
    assert (told["verdict"], told["note"], told["question"]) == ("up", '<img src=x> "which" year?', QUESTION)
    assert told["citations"][0]["file"] == "bridge.txt"

    page.reload()
    expect(up).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(note).to_have_value('<img src=x> "which" year?')
    up.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    expect(note).to_have_count(0)
    assert kept.read_text("utf-8") == ""


def test_what_goes_wrong_is_said_in_the_language_of_the_page(chromium: Browser, town: str) -> None:
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{town}/?q=Qui+%3F&in=nulle+part")
    reply = page.locator("#chat .reply")
    said = "L’index ne contient ni document ni dossier 'nulle part'. La bibliothèque montre ce qu’il contient."
    expect(reply).to_have_text(said, timeout=PATIENCE)
    page.goto(f"{town}/?q=bridge&after=1870-05")
    expect(page.locator("#chat .limited").last).to_have_text("Limité à : à partir de mai 1870", timeout=PATIENCE)
    expect(page.locator("#chat .card .where").last).to_contain_text("3 mai 1870")
    context.close()
