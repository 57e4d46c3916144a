"""The page as a person asks it, in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from conftest import PATIENCE, ask, box
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
QUESTION = "Who received Terje Rød-Larsen at Sakhir Palace?"
ANSWER = "His Majesty King Hamad bin Isa Al Khalifa at Sakhir Palace"
HOSTILE = """<script>window.pwned = 1</script> The lion slept. <img src=x onerror="window.pwned = 2">
The lion drank ${window.pwned = 3} {{ window.pwned = 4 }} <a href="javascript:window.pwned=5">water</a>.
The lion ate ![meat](http://evil.example/meat.png) [more](http://evil.example) and $x^2$ \u202eKOOL\u202c.
The lion said </mark></div><iframe src="http://evil.example"></iframe> loudly.
"""
TITLE = "</title><script>window.pwned = 6</script> ${window.pwned = 7} {{ window.pwned = 8 }}"
DESCRIPTION = f"""title = '{TITLE}'
description = '<img src=x onerror="window.pwned = 9"> [more](http://evil.example)'
questions = ['<img src=x onerror="window.pwned = 10"> Who roared?']
[documents."long.txt"]
publisher = '</p><script>window.pwned = 11</script>'
"""


def test_the_page_opens_at_once_and_shows_how_far_the_index_is(page: Page, address: str) -> None:
    page.goto(address)
    state = page.locator("#state")
    expect(state).to_contain_text(re.compile("Preparing the documents|Bringing the index|5 documents"))
    expect(state).to_have_text(re.compile(r"^\s*5 documents, \d+ passages\.\s*$"), timeout=PATIENCE)
    expect(state.locator("progress")).to_have_count(0)


def test_an_answer_is_quoted_and_its_passages_say_why_they_were_found(page: Page, address: str) -> None:
    page.goto(address)
    turn = ask(page, QUESTION)
    expect(turn.locator("blockquote").first).to_contain_text(ANSWER)
    expect(turn.locator(".confidence")).to_have_text(re.compile(r"evidence is here: \d\d\s%"))
    card = turn.locator(".card").first
    expect(card).to_contain_text("002_053431964a38b41d.txt")
    expect(card.locator(".where")).to_contain_text("line 14")
    expect(card.locator("mark")).to_contain_text(ANSWER)
    expect(card.locator(".shared")).to_contain_text("Sakhir")
    expect(card.locator("dl")).to_be_hidden()
    card.locator("summary").click()
    expect(card.locator("dl")).to_contain_text("words of the question")
    expect(turn.locator(".card")).to_have_count(5)


def test_what_is_not_in_the_documents_is_said_and_is_no_error(page: Page, address: str) -> None:
    page.goto(address)
    turn = ask(page, "What is the boiling point of tungsten?")
    expect(turn.locator(".not-found")).to_contain_text("These documents do not seem to say.")
    expect(turn.locator("blockquote")).to_have_count(0)
    expect(turn.locator("h3")).to_have_text("Nearest passages")
    expect(turn.locator(".card")).to_have_count(5)
    expect(page.locator("#chat .spoken")).to_have_text("These documents do not seem to say.")


def test_the_documents_say_what_they_are(page: Page, address: str) -> None:
    page.goto(address)
    expect(page).to_have_title("The future of UN peace operations – dossier")
    expect(page.locator("#heading h1")).to_have_text("The future of UN peace operations")
    expect(page.locator("#heading p")).to_contain_text("A knowledge desk")
    card = ask(page, "What does UNA-UK hope for?").locator(".card", has_text="sets out new vision").first
    expect(card.locator(".where")).to_contain_text("UNA-UK")
    card.locator("a").click()
    expect(page.locator("#source .where")).to_contain_text("UNA-UK")
    copied = page.get_by_role("button", name="BibTeX")
    expect(copied).to_have_attribute("data-copy", re.compile(r"howpublished = \{UNA-UK\}"))


def test_an_example_can_be_clicked(page: Page, address: str) -> None:
    page.goto(address)
    example = page.get_by_role("button", name="Security Council")
    expect(example).to_be_visible(timeout=PATIENCE)
    example.click()
    expect(page.locator("#chat .card").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#chat .question")).to_contain_text("Security Council")
    expect(page.locator("#chat .welcome")).to_be_hidden()


def test_a_second_question_scrolls_to_its_own_answer_and_nothing_jumps(page: Page, address: str) -> None:
    page.goto(address)
    for question in ("What about women in peacekeeping?", "Why is financing hard?", QUESTION):
        turn = ask(page, question)
    expect(turn.locator(".question")).to_be_in_viewport()
    expect(turn.locator("blockquote").first).to_be_in_viewport()
    expect(page.locator("#chat .question").first).not_to_be_in_viewport()
    expect(box(page)).to_be_in_viewport()
    page.evaluate(
        "window.jumps = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => window.jumps += entry.value)).observe({ type: 'layout-shift', buffered: false })"
    )
    ask(page, "Who hosted the working dinner at IPI on 29 September 2015?")
    page.wait_for_timeout(300)
    assert page.evaluate("window.jumps") < 0.1


def test_a_follow_up_says_what_was_really_asked_until_the_chat_is_cleared(page: Page, address: str) -> None:
    page.goto(address)
    expect(ask(page, "Who hosted the working dinner at IPI on 29 September 2015?")).not_to_contain_text("Asked:")
    follow_up = "How many ministers and officials came?"
    turn = ask(page, follow_up)
    expect(turn.locator(".completed")).to_have_text(f"Asked: {follow_up} (working dinner at IPI on 29 September 2015)")
    expect(turn).to_contain_text("More than 30 foreign ministers")

    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .turn")).to_have_count(0)
    expect(page.locator("#chat .example").first).to_be_visible()
    expect(ask(page, follow_up)).not_to_contain_text("Asked:")


def test_a_question_can_be_edited_and_asked_again(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What about women in peacekeeping?")
    ask(page, "Why is financing hard?")
    first = page.locator("#chat .turn").first
    first.get_by_role("button", name="Edit the question").click()
    field = first.get_by_label("Edit the question")
    expect(field).to_be_focused()
    field.fill(QUESTION)
    field.press("Enter")
    expect(page.locator("#chat .turn")).to_have_count(1, timeout=PATIENCE)
    expect(first.locator("blockquote").first).to_contain_text(ANSWER, timeout=PATIENCE)
    first.get_by_role("button", name="Ask again").click()
    expect(first.locator(".question")).to_have_text(QUESTION)
    expect(first.locator(".card")).to_have_count(5, timeout=PATIENCE)
    first.get_by_role("button", name="Edit the question").click()
    field.press("Escape")
    expect(first.locator(".question")).to_be_visible()


def test_the_browser_remembers_what_was_asked_until_it_is_cleared(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, QUESTION)
    page.reload()
    expect(page.locator("#chat .question")).to_have_text(QUESTION, timeout=PATIENCE)
    expect(page.locator("#chat blockquote").first).to_contain_text(ANSWER, timeout=PATIENCE)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .turn")).to_have_count(0)
    page.reload()
    expect(page.locator("#chat .example").first).to_be_visible(timeout=PATIENCE)


def test_a_question_asked_while_those_before_are_asked_again_comes_after_them(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, QUESTION)
    ask(page, "What happened in Bahrain?")
    page.reload()
    expect(page.locator("#chat .turn").first).to_be_attached(timeout=PATIENCE)
    box(page).fill("Who signed the agreement?")
    box(page).press("Enter")
    expect(page.locator("#chat .turn[data-ended]")).to_have_count(3, timeout=PATIENCE)
    asked = [QUESTION, "What happened in Bahrain?", "Who signed the agreement?"]
    expect(page.locator("#chat .turn .question")).to_have_text(asked)
    page.reload()
    expect(page.locator("#chat .turn[data-ended]")).to_have_count(3, timeout=PATIENCE)
    expect(page.locator("#chat .turn .question")).to_have_text(asked)


def test_a_conversation_is_saved_to_be_read_without_the_page(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(address)
    ask(page, QUESTION)
    ask(page, "What is <b>the boiling point</b> of tungsten?")
    saved = {}
    for form in ("Markdown", "HTML", "JSON"):
        with page.expect_download() as download:
            page.locator("#chat").get_by_role("button", name=form).click()
        saved[form] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[form])
    assert {file.name for file in saved.values()} == {"dossier.md", "dossier.html", "dossier.json"}
    kept = saved["Markdown"].read_text("utf-8")
    assert f"## {QUESTION}\n\nKing Hamad bin Isa Al Khalifa" in kept
    assert "\n\n> “IPI President Terje" in kept
    assert "002&#95;053431964a38b41d.txt, line 14" in kept
    answers = json.loads(saved["JSON"].read_text("utf-8"))["answers"]
    assert [answer["found"] for answer in answers] == [True, False]
    offline = page.context.new_page()
    offline.goto(saved["HTML"].as_uri())
    expect(offline.locator("blockquote").first).to_contain_text(ANSWER)
    expect(offline.locator("h2").last).to_have_text("What is <b>the boiling point</b> of tungsten?")
    expect(offline.locator("li").first).to_contain_text("002_053431964a38b41d.txt, line 14")


def test_waiting_can_be_stopped(page: Page, serve, tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    for number in range(40):
        (tmp_path / "zoo" / f"{number}.txt").write_text("The lion slept. " * 4000 + str(number))
    page.add_init_script("told = []; document.addEventListener('dossier:turns', (event) => told.push(event.detail))")
    page.goto(serve("-m", "dossier", "serve", "zoo", folder=tmp_path, DOSSIER_MODEL="words"))
    box(page).fill("What did the lion do?")
    box(page).press("Enter")
    expect(page.locator("#chat .pending")).to_contain_text("Preparing the documents")
    page.locator("#question .stop-button").click()
    expect(page.locator("#chat .reply")).to_have_text("Stopped.", timeout=PATIENCE)
    # What was on its way to the browser by then changes nothing any more.
    late = "told.filter((one) => one?.turns?.length && !one.turns[0].ended)"
    assert page.evaluate(f"{late}.length") >= 2
    again = "document.dispatchEvent(new CustomEvent('dossier:turns', { detail: one }))"
    page.evaluate(f"{late}.forEach((one) => {again})")
    expect(page.locator("#chat .reply")).to_have_text("Stopped.")
    expect(ask(page, "What did the lion do?")).to_contain_text("The lion slept.")


def test_a_link_to_a_question_asks_it_and_says_when_the_index_has_changed(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    ask(page, QUESTION).get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/?q=Who+received")
    page.evaluate("localStorage.clear()")
    page.goto(link)
    turn = page.locator("#chat .turn")
    expect(turn.locator("blockquote").first).to_contain_text(ANSWER, timeout=PATIENCE)
    expect(turn).not_to_contain_text("indexed again")
    page.goto(f"{address}/?q={quote(QUESTION)}&at=20200101")
    expect(turn.last).to_contain_text("The documents have been indexed again since this link was made")
    assert turn.count() == 1


def test_a_question_is_shown_as_it_was_typed(page: Page, address: str) -> None:
    page.goto(address)
    question = "<b>Who</b> *hosted* the <img src=x onerror=alert(1)> ${alert(2)} {{alert(3)}} dinner? $x$"
    shown = ask(page, question).locator(".question")
    expect(shown).to_have_text(question)
    expect(page.locator("#chat .question b, #chat em, #chat img")).to_have_count(0)


def test_a_hostile_document_is_only_text(page: Page, serve, tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo" / "<img src=x onerror=alert(1)>.txt").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "zoo" / "long.txt").write_text("The lion " + "roared " * 150_000 + "loudly.", encoding="utf-8")
    (tmp_path / "zoo" / ".dossier.toml").write_text(DESCRIPTION, encoding="utf-8")
    page.goto(serve("-m", "dossier", "serve", "zoo", folder=tmp_path, DOSSIER_MODEL="words"))
    expect(page).to_have_title(f"{TITLE} – dossier")
    expect(page.locator("#heading")).to_have_text(re.compile(r"</title><script>.*<img src=x onerror="))
    expect(page.locator(".example").first).to_have_text(re.compile("^<img .*Who roared"), timeout=PATIENCE)
    turn = ask(page, "What did the lion say and drink?")
    expect(turn).to_contain_text("lion")
    source = page.locator("#source")
    page.locator("#chat .card a", has_text="<img").first.click()
    for part in ("<script>window.pwned = 1</script>", "${window.pwned = 3}", "{{ window.pwned = 4 }}", "\\u202eKOOL"):
        expect(source).to_contain_text(part)
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#library")).to_contain_text("<img src=x onerror=alert(1)>.txt")
    page.get_by_role("tab", name="Map").click()
    page.locator("#map summary", has_text="<img src=x onerror=alert(1)>.txt").click(timeout=PATIENCE)
    expect(page.locator("#map details[open] .words").first).to_be_visible()
    hostile = "img, script, iframe, a[href^='javascript'], a[href*='evil']"
    expect(page.locator(f":is(#heading, #chat, #source, #library, #map) :is({hostile})")).to_have_count(0)
    assert page.evaluate("window.pwned") is None


def test_a_page_without_documents_says_what_is_missing(page: Page, serve, tmp_path: Path) -> None:
    page.goto(serve("-m", "dossier", "serve", "nothing", folder=tmp_path, DOSSIER_MODEL="words"))
    expect(page.locator("#state")).to_contain_text(re.compile("There is no folder '.*nothing'"), timeout=PATIENCE)
    expect(ask(page, "Anyone?")).to_contain_text(re.compile("There is no folder '.*nothing'"))


def test_every_response_carries_the_safe_headers(page: Page, address: str) -> None:
    response = page.goto(address)
    assert response is not None
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_page_is_asked_for_by_its_own_name_only(address: str) -> None:
    request = Request(address, headers={"Host": "evil.example"})  # noqa: S310  # the address is ours
    with pytest.raises(HTTPError, match="400") as refused:
        urlopen(request, timeout=10)  # noqa: S310
    refused.value.close()
