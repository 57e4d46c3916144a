"""Many people at once: each asks the served page's door for programs, one question after another.

    python tests/endurance/ask_together.py [--people 30] [--seconds 120] [--folder seeds] [--browsers 0] [--address URL]

The page is started on a fresh index of the folder, unless the address of one that is running already is given. Prints
JSON: the questions, the errors with their reasons, percentiles of the seconds that an answer took, and what the server
holds in memory before and after (in megabytes, on Linux). Ends with 1 where there was an error. With ``--browsers`` so
many of the people sit at real ones.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.request import ProxyHandler, Request, build_opener

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "gold" / "seeds.jsonl"
BEGIN = 600.0  # seconds that the page may take to be ready
PATIENCE = 60.0  # seconds that an answer may take
OPEN = build_opener(ProxyHandler({}))


@dataclass
class Heard:
    """What one person waited for each answer, in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def call(url: str, data: object = None) -> str:
    body = None if data is None else json.dumps(data).encode()
    with OPEN.open(Request(url, body, {"Content-Type": "application/json"}), timeout=PATIENCE) as answer:  # noqa: S310
        text: str = answer.read().decode()
    return text


def asked(address: str, question: str) -> None:
    """An answer over HTTP. Raises `ValueError` where it is none."""
    event = json.loads(call(f"{address}/gradio_api/call/ask", {"data": [question, 5]}))["event_id"]
    stream = call(f"{address}/gradio_api/call/ask/{event}")
    if "event: complete" not in stream or '"citations"' not in stream:
        raise ValueError(stream[:200])


def person(address: str, questions: list[str], number: int, until: float) -> Heard:
    """Somebody who asks until the time is over, each question as soon as the one before is answered."""
    heard, chance = Heard(), random.Random(number)
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            asked(address, chance.choice(questions))
        except Exception as error:
            heard.errors.append(f"{type(error).__name__}: {error}"[:200])
            time.sleep(0.1)
        else:
            heard.seconds.append(time.perf_counter() - begun)
    return heard


def sitter(address: str, questions: list[str], number: int, until: float) -> Heard:
    """Somebody at a real browser, who sees each answer before asking on."""
    from playwright.sync_api import sync_playwright

    heard, chance = Heard(), random.Random(number)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        page = browser.new_page()
        page.goto(address)
        box = page.get_by_label("Question", exact=True)
        box.wait_for()
        for turn in itertools.count():
            if time.monotonic() >= until:
                break
            begun = time.perf_counter()
            try:
                box.fill(chance.choice(questions))
                box.press("Enter")
                page.locator("#chat .turn").nth(turn % 50).and_(page.locator("[data-ended]")).wait_for(
                    timeout=1000 * PATIENCE
                )
            except Exception as error:
                heard.errors.append(f"browser: {error}"[:200])
                break
            heard.seconds.append(time.perf_counter() - begun)
        browser.close()
    return heard


def memory(process: int) -> float | None:
    """What a process holds in memory, in megabytes; None where that can't be read."""
    with suppress(OSError):
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    return None


def started(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The page on a fresh index of a folder, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tempfile.mkdtemp()
    command = [sys.executable, "-m", "dossier", "serve", folder.resolve(), "--index", place, "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL), f"http://127.0.0.1:{port}"


def ready(address: str) -> None:
    """Wait until the page can be asked."""
    for _ in range(int(BEGIN / 0.2)):
        with suppress(OSError):
            if json.loads(call(f"{address}/healthz"))["ready"]:
                return
        time.sleep(0.2)
    raise SystemExit(f"{address} was not ready within {BEGIN:.0f} s")


def measure(address: str, people: int, browsers: int, seconds: float, process: int | None) -> dict[str, object]:
    """What became of all that was asked."""
    questions = [json.loads(line)["question"] for line in GOLD.read_text("utf-8").splitlines()]
    for question in questions[:5]:
        asked(address, question)
    before = memory(process) if process else None
    begun, until = time.monotonic(), time.monotonic() + seconds
    peaks: list[float] = []
    with ThreadPoolExecutor(people) as pool:
        someone = [sitter] * browsers + [person] * (people - browsers)
        waiting = [pool.submit(one, address, questions, number, until) for number, one in enumerate(someone)]
        while process and not all(one.done() for one in waiting):
            peaks.append(memory(process) or 0.0)
            time.sleep(1)
        heard = [one.result() for one in waiting]
    took = sorted(second for one in heard for second in one.seconds)
    errors = Counter(error for one in heard for error in one.errors)
    cuts = quantiles(took, n=100, method="inclusive") if len(took) > 1 else [0.0] * 99
    after = memory(process) if process else None
    return {
        "people": people,
        "browsers": browsers,
        "seconds": round(time.monotonic() - begun, 1),
        "answers": len(took),
        "answers_per_second": round(len(took) / seconds, 1),
        "errors": sum(errors.values()),
        "reasons": dict(errors.most_common(5)),
        "p50": round(cuts[49], 3),
        "p95": round(cuts[94], 3),
        "longest": round(took[-1], 3) if took else None,
        "megabytes": {"before": before, "peak": max(peaks, default=None), "after": after},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Let many people ask at once.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--folder", type=Path, default=ROOT / "seeds")
    parser.add_argument("--browsers", type=int, default=0)
    parser.add_argument("--address", help="of a page that is running already")
    options = parser.parse_args()
    server, address = (None, options.address) if options.address else started(options.folder)
    try:
        ready(address)
        found = measure(address, options.people, options.browsers, options.seconds, server.pid if server else None)
        print(json.dumps(found, indent=2), flush=True)
    finally:
        if server is not None:
            server.terminate()
            server.wait(60)
    return int(bool(found["errors"]) or not found["answers"])


if __name__ == "__main__":
    sys.exit(main())
