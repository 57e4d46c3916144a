"""What everybody must be able to use, in the language they read, in the light they have."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, ask
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
QUESTION = "Who received Terje Rød-Larsen at Sakhir Palace?"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def audit(page: Page) -> list[str]:
    """What axe finds to be a serious or critical barrier, with the elements concerned."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_finds_no_serious_barrier(chromium: Browser, address: str, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".example").first).to_be_visible(timeout=PATIENCE)
    assert audit(page) == []
    ask(page, QUESTION).locator(".card a").first.click()
    expect(page.locator("#source mark strong")).to_be_in_viewport()
    assert audit(page) == []
    ask(page, "What is the boiling point of tungsten?")
    assert audit(page) == []
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#library tbody tr")).to_have_count(5)
    page.locator("#library summary").click()
    assert audit(page) == []
    page.get_by_role("button", name="Leave out").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert audit(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Map").click()
    page.locator("#map summary").first.click(timeout=PATIENCE)
    expect(page.locator("#map details .words").first).to_be_visible()
    assert audit(page) == []
    context.close()


@pytest.mark.parametrize(
    ("locale", "greeting", "place", "library"),
    [
        ("fr-CA", "Que voulez-vous savoir", "ligne 14", "Bibliothèque"),
        ("es-MX", "¿Qué quiere saber?", "línea 14", "Biblioteca"),
        ("de-DE", "What would you like to know?", "line 14", "Library"),
    ],
)
def test_the_page_speaks_the_language_of_the_browser(
    chromium: Browser, address: str, locale: str, greeting: str, place: str, library: str
) -> None:
    context = chromium.new_context(locale=locale)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".greeting")).to_contain_text(greeting)
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .card .where").first).to_contain_text(place, timeout=PATIENCE)
    expect(page.get_by_role("tab", name=library)).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1280, 2200])
def test_nothing_sticks_out_at_any_width(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    ask(page, QUESTION).locator(".card a").first.click()
    expect(page.locator("#source mark strong")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for room, shown in (("Library", "#library table"), ("Map", "#map canvas")):
        page.get_by_role("tab", name=room).click()
        expect(page.locator(shown).first).to_be_visible(timeout=PATIENCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
