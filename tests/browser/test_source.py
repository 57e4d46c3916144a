"""The source panel: what a citation opens."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import PATIENCE, ask
from playwright.sync_api import Page, expect

from dossier import build

pytestmark = pytest.mark.browser
QUESTION = "Who received Terje Rød-Larsen at Sakhir Palace?"
ANSWER = "His Majesty King Hamad bin Isa Al Khalifa at Sakhir Palace"
PILOT = """<html><head><title>The pilots of Lindby</title>
<link rel="canonical" href="https://harbour.example/pilots"></head><body>
<nav><a href="/">Home</a> <a href="/boats">Boats</a> <a href="/contact">Contact</a></nav>
<article><h1>The pilots of Lindby</h1><p>The first pilot was Marta Boyle, who brought in forty brigs in her first year.
She wrote down the depth of every channel.</p></article></body></html>"""
SHELF = Path(__file__).parents[1] / "files"


@pytest.fixture(scope="module")
def shelf(serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page on a PDF and a saved web page."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "shelf").mkdir()
    shutil.copy(SHELF / "tides.pdf", folder / "shelf")
    (folder / "shelf" / "pilot.html").write_text(PILOT, encoding="utf-8")
    return serve("-m", "dossier", "serve", "shelf", folder=folder, DOSSIER_MODEL="words")


def test_a_citation_opens_its_source_at_the_sentence(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, QUESTION).locator("blockquote").get_by_role("link", name="[1]").click()
    source = page.locator("#source")
    expect(source.locator("h2")).to_have_text("002_053431964a38b41d.txt")
    expect(source.locator(".where")).to_have_text("lines 14–15 · International Peace Institute · 29 October")
    expect(source.locator("mark strong")).to_contain_text(ANSWER)
    expect(source.locator("mark strong")).to_be_in_viewport()
    expect(source.locator(".document")).to_contain_text("Figure 1. Past and current parallel forces")
    expect(page.locator("#chat .card").first).to_have_class(re.compile("cited"))


def test_the_passages_of_an_answer_are_stepped_through_with_the_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    turn = ask(page, "What did the Secretary-General call the Special Representatives?")
    turn.locator(".card a").first.focus()
    page.keyboard.press("Enter")
    source = page.locator("#source")
    expect(source.locator(".step")).to_have_text("1 / 5")
    expect(source.locator(".source")).to_be_focused()
    page.keyboard.press("n")
    expect(source.locator(".step")).to_have_text("2 / 5")
    expect(source.get_by_role("button", name="Next passage")).to_be_focused()
    page.keyboard.press("Enter")
    expect(source.locator(".step")).to_have_text("3 / 5")
    expect(source.locator("mark strong").first).to_be_in_viewport()
    source.get_by_role("button", name="Previous passage").click()
    expect(source.locator(".step")).to_have_text("2 / 5")
    page.keyboard.press("Escape")
    expect(turn.locator(".card a").first).to_be_focused()


def test_a_quote_is_copied_with_its_citation(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    ask(page, QUESTION).locator(".card a").first.click()
    copied = {}
    for form in ("Text", "Markdown", "BibTeX", "CSL-JSON"):
        page.locator("#source").get_by_role("button", name=form, exact=True).click()
        copied[form] = page.evaluate("navigator.clipboard.readText()")
        assert ANSWER in copied[form]
        assert "line 14" in copied[form]
    assert copied["Markdown"].startswith("> IPI President")
    assert copied["BibTeX"].startswith("@misc{")
    assert json.loads(copied["CSL-JSON"])[0]["source"] == "002_053431964a38b41d.txt, line 14"


def test_a_link_to_a_citation_opens_it(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    ask(page, QUESTION).locator(".card a").first.click()
    page.locator("#source").get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.evaluate("localStorage.clear()")
    page.goto(link)
    expect(page.locator("#source mark strong")).to_contain_text(ANSWER, timeout=PATIENCE)
    expect(page.locator("#source mark strong")).to_be_in_viewport()
    page.goto(f"{address}/?cite=<img src=x onerror=alert(1)>")
    expect(page.locator("#source")).to_contain_text("This link leads to no passage.", timeout=PATIENCE)


def test_a_page_of_a_pdf_is_shown_with_the_lines_of_the_quote(page: Page, shelf: str) -> None:
    page.goto(shelf)
    turn = ask(page, "Which copies were sent to the observatory and kept in the cellar?")
    turn.locator(".card", has_text="tides.pdf").locator("a.cite").first.click()
    source = page.locator("#source")
    expect(source.locator(".where")).to_contain_text("tides.pdf, p. 1")
    source.get_by_role("button", name="Page", exact=True).click()
    expect(source.locator("figure img")).to_have_attribute("alt", re.compile("Page 1 of tides.pdf"), timeout=PATIENCE)
    expect(source.locator("figure .line").first).to_be_in_viewport()
    source.get_by_role("group").last.get_by_role("button", name="Text").click()
    expect(source.locator("mark strong").first).to_be_visible()


def test_a_web_page_shows_its_furniture_as_such_and_leads_to_the_original(page: Page, shelf: str) -> None:
    page.goto(shelf)
    turn = ask(page, "Who was the first pilot and how many brigs did she bring in?")
    turn.locator(".card", has_text="pilot.html").locator("a.cite").first.click()
    source = page.locator("#source")
    expect(source.locator(".furniture").first).to_be_attached()
    original = source.get_by_role("link", name="Open the original")
    expect(original).to_have_attribute(
        "href", re.compile(r"^https://harbour\.example/pilots#:~:text=The%20first%20pilot")
    )
    expect(original).to_have_attribute("rel", "noopener noreferrer")


def test_a_source_that_has_changed_is_said_and_an_old_link_too(page: Page, serve, tmp_path: Path) -> None:
    zoo = tmp_path / "zoo"
    zoo.mkdir()
    (zoo / "lion.txt").write_text("The lion slept in the sun.")
    page.goto(serve("-m", "dossier", "serve", "zoo", folder=tmp_path, DOSSIER_MODEL="words"))
    link = ask(page, "What did the lion do?").locator(".card a").first
    (zoo / "lion.txt").write_text("The lion left.")
    link.click()
    expect(page.locator("#source .warning")).to_contain_text("changed since it was indexed")
    expect(ask(page, "Where did the lion sleep?")).to_contain_text("changed since it was indexed")

    build(zoo, tmp_path / "index")
    link.click()
    expect(page.locator("#source")).to_contain_text("Ask the question once more")
    expect(ask(page, "What did the lion do?")).to_contain_text("The lion left.")


def test_a_narrow_screen_shows_the_source_below_and_leads_back(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    turn = ask(page, QUESTION)
    turn.locator(".card a").first.click()
    expect(page.locator("#source mark strong")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Back to the answer").click()
    expect(turn.locator(".card a").first).to_be_focused()
    expect(turn.locator(".card a").first).to_be_in_viewport()
