"""The library: what became of every file, and a rebuild during which questions are answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import PATIENCE, ask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SLOWLY = (
    "const ask = fetch; fetch = (...what) => new Promise((go) => setTimeout(go, 400)).then(() => ask(...what)); void 0"
)


@pytest.fixture
def town(serve, corpus: Path) -> str:
    (corpus / "copy.txt").write_text((corpus / "bridge.txt").read_text("utf-8"), encoding="utf-8")
    return serve("-m", "dossier", "serve", "corpus", folder=corpus.parent, DOSSIER_MODEL="words")


def test_every_file_is_listed_and_documents_are_added_left_out_and_taken_back(
    page: Page, town: str, corpus: Path
) -> None:
    page.goto(town)
    page.get_by_role("tab", name="Library").click()
    rows = page.locator("#library tbody tr")
    expect(rows).to_have_count(5, timeout=PATIENCE)
    expect(rows.filter(has_text="map.png")).to_contain_text("skipped.png files are not read")
    expect(rows.filter(has_text=re.compile("duplicate ?the same as (bridge|copy).txt"))).to_have_count(1)
    expect(page.locator("#library .now")).to_have_text("The index is up to date.")
    page.locator("#library summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#library .report")).to_contain_text(re.compile("4 added.*1 skipped.*embedded.* s"))
    expect(page.locator("#library .report ul").last).to_contain_text("map.png – .png files are not read yet")

    page.get_by_label("Search the library").fill("letters ada")
    expect(rows).to_have_count(1)
    page.get_by_label("Search the library").fill("nowhere")
    expect(page.locator("#library .files")).to_contain_text("No file matches.")
    page.get_by_label("Search the library").fill("")
    page.get_by_role("button", name="Size").click()
    page.get_by_role("button", name="Size").click()
    expect(page.locator("#library th[aria-sort=descending]")).to_have_text("Size")
    expect(rows.last).to_contain_text("map.png")

    page.get_by_label("Add documents").set_input_files(
        [
            {"name": "zoo.txt", "mimeType": "text/plain", "buffer": b"The mill was burned by Bo in 1880."},
            {"name": "<img src=x>.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 <b>no</b>"},
            {"name": "tool.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        ]
    )
    told = page.locator("#library .results li")
    expect(told).to_have_count(3, timeout=PATIENCE)
    expect(told.nth(0)).to_have_text("zoo.txt was added as zoo (2).txt.")
    expect(told.nth(1)).to_contain_text("<img src=x>.pdf was not added: it is damaged or no PDF")
    expect(told.nth(2)).to_contain_text("tool.exe was not added: .exe files are not read yet")
    expect(rows).to_have_count(6, timeout=PATIENCE)
    page.evaluate(SLOWLY)  # so that the keyboard is elsewhere before the table comes
    page.get_by_role("button", name="Document", exact=True).click()
    assert sorted(path.name for path in corpus.glob("zoo*")) == ["zoo (2).txt", "zoo.txt"]

    # With the keyboard alone; Escape is a no.
    zoo = rows.filter(has_text="zoo (2).txt")
    zoo.get_by_role("button", name="Leave out zoo (2).txt").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Leave this document out?")).to_contain_text("The file stays where it is")
    page.keyboard.press("Escape")
    expect(zoo.get_by_role("button")).to_be_focused()
    assert not (corpus / ".dossierignore").exists()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(zoo).to_contain_text("left out by '/zoo (2).txt' in .dossierignore, line 1", timeout=PATIENCE)
    expect(zoo.get_by_role("button", name="Take back")).to_be_focused()
    assert (corpus / "zoo (2).txt").exists()
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "Who burned the mill?")).not_to_contain_text("1880")

    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Go back to the index of").click()
    expect(page.get_by_role("dialog")).to_contain_text("5 documents")
    page.get_by_role("button", name="Go back", exact=True).click()
    expect(page.locator("#library .summary")).to_contain_text("The index is at its generation of")
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "Who burned the mill?")).to_contain_text("1880")
    page.get_by_role("tab", name="Library").click()
    zoo.get_by_role("button", name="Take back").click()
    expect(zoo.get_by_role("button", name="Leave out")).to_be_visible(timeout=PATIENCE)
    assert not (corpus / ".dossierignore").exists()


def test_a_rebuild_takes_up_what_has_changed_while_questions_are_answered(page: Page, town: str, corpus: Path) -> None:
    page.goto(town)
    expect(ask(page, "Who built the old bridge?")).to_contain_text("Ada Lind")
    for number in range(40):
        (corpus / f"tale{number}.txt").write_text(
            f"The tower of tale {number} was built by Bo. " * 400 + f"It is tall {number}.", encoding="utf-8"
        )
    (corpus / ".dossier.toml").write_text('title = "The town of Lindby"\ndescripton = "A bridge"', encoding="utf-8")
    page.reload()
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#library .now")).to_have_text("41 files have changed since the index was built.")
    expect(page.locator("#library tbody tr", has_text="tale7.txt")).to_contain_text("new")
    page.get_by_role("button", name="Bring the index up to date").click()
    expect(page.locator("#library progress")).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Questions go on being answered")
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "Who kept bees?")).to_contain_text("The ferryman kept bees")
    expect(page.locator("#state")).to_have_text(re.compile("^\\s*44 documents"), timeout=PATIENCE)
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#library .report")).to_contain_text("40 added")
    expect(page.locator("#heading h1")).to_have_text("The town of Lindby")
    expect(page).to_have_title("The town of Lindby – dossier")
    expect(page.locator("#library .summary")).to_contain_text("did you mean 'description'?")
    expect(page.locator("#library .now")).to_have_text("The index is up to date.")
