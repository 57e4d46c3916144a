"""A real Chromium, and the page served as a person serves it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
expect.set_options(timeout=20_000)
Serve = Callable[..., str]
ROOT = Path(__file__).parents[2]
PATIENCE = 180_000  # milliseconds, for a machine that has much else to do


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        bundled = Path(playwright.chromium.executable_path)
        if found is None and not bundled.exists():
            reason = "no Chromium was found: install one, for example Debian's package chromium"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        browser = playwright.chromium.launch(executable_path=found or bundled, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that fails its story if a script on it fails, a dialog opens, or another host is asked for anything."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: local(request.url) or faults.append(f"request: {request.url}"))
    yield page
    context.close()
    assert faults == []


def local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


@contextmanager
def serving(log: Path) -> Iterator[Serve]:
    """Start commands that serve the page, wait until each answers, and give its address; all end with the body."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*command: str | Path, folder: Path, host: str = "127.0.0.1", **environment: str) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        variables = {**os.environ, **environment, "GRADIO_SERVER_PORT": port}
        with log.open("ab") as output:
            running.append(
                subprocess.Popen([sys.executable, *command], cwd=folder, env=variables, stdout=output, stderr=output)
            )
        address = f"http://{host}:{port}"
        for _ in range(300):
            try:
                urlopen(address, timeout=5).close()  # the address is ours
            except OSError:
                if running[-1].poll() is not None:
                    break
                time.sleep(0.2)
            else:
                return address
        raise AssertionError(f"the page did not start:\n{log.read_text()}")

    try:
        yield start
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve pages for the stories of one file."""
    with serving(tmp_path_factory.mktemp("log") / "server.txt") as start:
        yield start


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as ``python app.py`` shows it after a fresh clone: its index is built as it opens."""
    clone = tmp_path_factory.mktemp("clone")
    shutil.copy(ROOT / "app.py", clone)
    shutil.copytree(ROOT / "seeds", clone / "seeds")
    with serving(tmp_path_factory.mktemp("log") / "server.txt") as start:
        yield start("app.py", folder=clone)


def box(page: Page) -> Locator:
    """Where questions are typed."""
    return page.get_by_label("Question", exact=True)


def ask(page: Page, question: str) -> Locator:
    """The turn of a question typed into the page, once it is answered."""
    before = page.locator("#chat .turn").count()
    box(page).fill(question)
    box(page).press("Enter")
    turn = page.locator("#chat .turn").nth(before)
    expect(turn).to_have_attribute("data-ended", "", timeout=PATIENCE)
    return turn
