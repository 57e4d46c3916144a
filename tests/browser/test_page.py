"""The page, as a person sees it in a real browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from dossier import build

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PATIENCE = 60_000
QUESTION = "Who received Terje Rød-Larsen at Sakhir Palace?"
ANSWER = "His Majesty King Hamad bin Isa Al Khalifa at Sakhir Palace"
HOSTILE = """<script>window.pwned = 1</script> The lion slept. <img src=x onerror="window.pwned = 2">
The lion drank ${window.pwned = 3} {{ window.pwned = 4 }} <a href="javascript:window.pwned=5">water</a>.
The lion ate ![meat](http://evil.example/meat.png) [more](http://evil.example) and $x^2$ \u202eKOOL\u202c.
The lion said </mark></div><iframe src="http://evil.example"></iframe> loudly.
"""


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as ``python app.py`` shows it after a fresh clone: its index is built as it opens."""
    clone = tmp_path_factory.mktemp("clone")
    shutil.copy(ROOT / "app.py", clone)
    shutil.copytree(ROOT / "seeds", clone / "seeds")
    return serve("app.py", folder=clone)


def ask(page: Page, question: str) -> Locator:
    """The reply to a question typed into the page, once it has links."""
    replies = page.locator("#chat [data-testid=bot]")
    before = replies.count()
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")
    reply = replies.nth(before)
    expect(reply.locator("a").first).to_be_visible(timeout=PATIENCE)
    return reply


def test_the_page_opens_at_once_and_shows_how_far_the_index_is(page: Page, address: str) -> None:
    page.goto(address)
    state = page.locator("#state")
    expect(state).to_contain_text(re.compile("Preparing the documents|5 documents"))
    expect(state).to_have_text(re.compile(r"^\s*5 documents, \d+ passages\.\s*$"), timeout=PATIENCE)
    expect(state.locator("progress")).to_have_count(0)


def test_a_citation_opens_its_source_at_the_passage(page: Page, address: str) -> None:
    page.goto(address)
    reply = ask(page, QUESTION)
    expect(reply.locator("blockquote").first).to_contain_text(ANSWER)
    expect(reply).to_contain_text("002_053431964a38b41d.txt, line 14")

    reply.get_by_role("link", name="[1]").first.click()
    source = page.locator("#source")
    expect(source.locator("h2")).to_have_text("002_053431964a38b41d.txt, lines 13–15")
    expect(source.locator("mark strong")).to_contain_text(ANSWER)
    expect(source.locator("mark strong")).to_be_in_viewport()
    expect(source.locator(".document")).to_contain_text("Figure 1. Past and current parallel forces")


def test_another_citation_replaces_the_source_and_the_keyboard_will_do(page: Page, address: str) -> None:
    page.goto(address)
    reply = ask(page, "What did the Secretary-General call the Special Representatives?")
    reply.get_by_role("link", name="[1]").first.focus()
    page.keyboard.press("Enter")
    source = page.locator("#source")
    expect(source.locator("h2")).to_contain_text("003_fb0f098e54f78d26.txt")
    reply.get_by_role("link", name="[5]").first.press("Enter")
    expect(source.locator("h2")).not_to_contain_text("003_fb0f098e54f78d26.txt, lines 9–10")
    expect(source.locator("mark strong")).to_be_in_viewport()


def test_an_example_can_be_clicked(page: Page, address: str) -> None:
    page.goto(address)
    example = page.get_by_role("button", name="Security Council")
    expect(example).to_be_visible(timeout=PATIENCE)
    example.click()
    reply = page.locator("#chat [data-testid=bot]").first
    expect(reply.locator("a").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#chat [data-testid=user]")).to_contain_text("Security Council")


def test_a_second_question_scrolls_to_its_own_answer(page: Page, address: str) -> None:
    page.goto(address)
    for question in ("What about women in peacekeeping?", "Why is financing hard?", QUESTION):
        reply = ask(page, question)
    expect(page.locator("#chat [data-testid=user]").nth(2)).to_be_in_viewport()
    expect(reply.locator("blockquote").first).to_be_in_viewport()
    expect(page.locator("#chat [data-testid=user]").first).not_to_be_in_viewport()


def test_a_follow_up_says_what_was_really_asked_until_the_chat_is_cleared(page: Page, address: str) -> None:
    page.goto(address)
    expect(ask(page, "Who hosted the working dinner at IPI on 29 September 2015?")).not_to_contain_text("Asked:")
    follow_up = "How many ministers and officials came?"
    reply = ask(page, follow_up)
    expect(reply.locator("em").first).to_have_text(f"Asked: {follow_up} (working dinner at IPI on 29 September 2015)")
    expect(reply).to_contain_text("More than 30 foreign ministers")

    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat [data-testid=bot]")).to_have_count(0)
    expect(ask(page, follow_up)).not_to_contain_text("Asked:")


def test_a_narrow_screen_shows_the_source_below(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    ask(page, QUESTION).get_by_role("link", name="[1]").first.click()
    expect(page.locator("#source mark strong")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_question_is_shown_as_it_was_typed(page: Page, address: str) -> None:
    page.goto(address)
    question = "<b>Who</b> *hosted* the <img src=x onerror=alert(1)> dinner? $x$"
    ask(page, question)
    shown = page.locator("#chat [data-testid=user]")
    expect(shown).to_have_text(question)
    expect(shown.locator("b, em, img")).to_have_count(0)


def test_a_hostile_document_is_only_text(page: Page, serve, tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo" / "<img src=x onerror=alert(1)>.txt").write_text(HOSTILE, encoding="utf-8")
    page.goto(serve("-m", "dossier", "serve", "zoo", folder=tmp_path, DOSSIER_MODEL="words"))
    reply = ask(page, "What did the lion do?")
    expect(reply).to_contain_text("lion")
    reply.get_by_role("link", name="[1]").first.click()
    source = page.locator("#source")
    for part in ("<script>window.pwned = 1</script>", "${window.pwned = 3}", "{{ window.pwned = 4 }}", "\\u202eKOOL"):
        expect(source).to_contain_text(part)
    expect(page.locator("#chat img, #source img, #source script, #source iframe, #source a")).to_have_count(0)
    assert page.evaluate("window.pwned") is None


def test_a_source_that_has_changed_is_said_and_an_old_link_too(page: Page, serve, tmp_path: Path) -> None:
    zoo = tmp_path / "zoo"
    zoo.mkdir()
    (zoo / "lion.txt").write_text("The lion slept in the sun.")
    page.goto(serve("-m", "dossier", "serve", "zoo", folder=tmp_path, DOSSIER_MODEL="words"))
    link = ask(page, "What did the lion do?").get_by_role("link", name="[1]").first
    (zoo / "lion.txt").write_text("The lion left.")
    link.click()
    expect(page.locator("#source .warning")).to_contain_text("changed since it was indexed")
    expect(ask(page, "Where did the lion sleep?")).to_contain_text("changed since it was indexed")

    build(zoo, tmp_path / "index")
    link.click()
    expect(page.locator("#source")).to_contain_text("Ask the question once more")
    expect(ask(page, "What did the lion do?")).to_contain_text("The lion left.")


def test_a_page_without_documents_says_what_is_missing(page: Page, serve, tmp_path: Path) -> None:
    page.goto(serve("-m", "dossier", "serve", "nothing", folder=tmp_path, DOSSIER_MODEL="words"))
    expect(page.locator("#state")).to_contain_text(re.compile("There is no folder '.*nothing'"), timeout=PATIENCE)
    page.get_by_label("Question").fill("Anyone?")
    page.get_by_label("Question").press("Enter")
    expect(page.locator("#chat [data-testid=bot]")).to_contain_text(
        re.compile("There is no folder '.*nothing'"), timeout=PATIENCE
    )


def test_every_response_carries_the_safe_headers(page: Page, address: str) -> None:
    response = page.goto(address)
    assert response is not None
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_page_is_asked_for_by_its_own_name_only(address: str) -> None:
    request = Request(address, headers={"Host": "evil.example"})  # noqa: S310  # the address is ours
    with pytest.raises(HTTPError, match="400"):
        urlopen(request, timeout=10)  # noqa: S310
