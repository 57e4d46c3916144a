"""The map: passages as a picture and as a list, the hits of the last question lit, and the timeline."""

from __future__ import annotations

import re

import pytest
from conftest import PATIENCE, ask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ANSWER = "His Majesty King Hamad bin Isa Al Khalifa at Sakhir Palace"


def test_the_hits_of_the_last_question_are_lit_and_what_is_chosen_opens(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "Who received Terje Rød-Larsen at Sakhir Palace?")
    page.get_by_role("tab", name="Map").click()
    canvas, tip = page.locator("#map .sky canvas"), page.locator("#map .tip")
    expect(page.locator("#map .hits .number")).to_have_text(["1", "2", "3", "4", "5"], timeout=PATIENCE)
    canvas.focus()
    page.keyboard.press("1")
    expect(tip).to_contain_text("[1] 002_053431964a38b41d.txt")
    page.keyboard.press("Enter")
    marked = page.locator("#source mark strong")
    expect(marked).to_contain_text(ANSWER)
    expect(marked).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(canvas).to_be_focused()
    before = tip.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(tip).not_to_have_text(before)
    expect(page.locator("#map .spoken")).to_contain_text(".txt")

    document = page.locator("#map details", has_text="IPI Hosts Foreign Ministers").first
    document.locator("summary").click()
    expect(document.locator("ol a")).to_have_count(4)
    document.locator("ol a").nth(1).click()
    expect(page.locator("#source h2")).to_contain_text("IPI Hosts Foreign Ministers")
    expect(page.locator("#source .step")).to_have_text("2 / 4")

    marks = page.locator("#map .marks a")
    assert marks.count() > 10
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    expect(marks.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#source .where")).to_contain_text("19 June 2009")
    page.locator("#map .yearless a", has_text=re.compile("^ ?30 October")).click()
    expect(page.locator("#source .where")).to_contain_text("30 October")
