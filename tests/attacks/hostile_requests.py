"""Hostile requests: a served page is sent thousands of malformed, oversized, misled and misleading ones.

    python tests/attacks/hostile_requests.py [--requests 2500] [--seed 1]

None may be answered with a 5xx status but a full queue's 503, none may be told anything of files, folders, variables
or the program's inside, the memory must not grow with them, and afterwards a plain question must be answered as before.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from hostile_words import AWAY, EVENT, METHODS, ODD, POSTED, RAW, ROUTES, TARGETS, TYPES, UP

SECRET = "the-heron-knows-4711"  # noqa: S105  # it opens nothing
# What the second half may add to the server's memory, in megabytes: the allocator's noise.
NOISE = 25
# Streams that never end are listened to for so many seconds.
PATIENCE = 4
# The log is that of the gravest scrutiny, and of a form in which every line can be checked.
LOGGED = ("--log-level", "debug", "--log-format", "json")


class Target:
    """A served page, and what must never be heard from it."""

    def __init__(self, port: int, process: int, hidden: list[str]) -> None:
        self.port, self.process = port, process
        self._hidden = re.compile("|".join(map(re.escape, hidden)), re.IGNORECASE)
        with self._sent("GET", "/config") as answer:
            self.config = json.loads(answer[1])
        self.components = [part["id"] for part in self.config["components"]]

    @contextmanager
    def _sent(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Iterator[tuple[int, bytes]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read()
            yield answer.status, text if path == "/config" else str(answer.getheaders()).encode() + text
        finally:
            connection.close()

    def send(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> tuple[int, str]:
        """The status and the text that come back; 0 where the connection is closed without a word."""
        headers = {"Content-Type": kind} if kind and body is not None else {}
        try:
            with self._sent(method, path, body, headers) as (status, text):
                return status, text.decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""

    def shout(self, data: str) -> tuple[int, str]:
        """What comes back for bytes that are perhaps no request at all."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            line.settimeout(0.3)
            heard = b""
            try:
                line.sendall(data.encode("latin-1"))
                while part := line.recv(65536):
                    heard += part
            except OSError:
                pass
        found = re.match(rb"HTTP/1\.1 (\d+)", heard)
        return int(found[1]) if found else 0, heard.decode("utf-8", "replace")

    def leaked(self, text: str) -> str:
        """What the text tells that it must not; empty if nothing."""
        found = self._hidden.search(text)
        return found[0] if found else ""

    @property
    def memory(self) -> float:
        """What the server holds in memory, in megabytes; 0 where that is not known."""
        try:
            pages = int(Path(f"/proc/{self.process}/statm").read_text("ascii").split()[1])
        except OSError:
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


Attack = Callable[[Target, random.Random], tuple[str, int, str]]


def traversal(target: Target, chance: random.Random) -> tuple[str, int, str]:
    route, up, file = chance.choice(ROUTES), chance.choice(UP), chance.choice(TARGETS)
    path = f"{route}{up * chance.randint(0, 9)}{file}"
    return f"GET {path}", *target.send(chance.choice(["GET", "GET", "HEAD", "POST"]), path)


def fetching(target: Target, chance: random.Random) -> tuple[str, int, str]:
    away = chance.choice(AWAY)
    path = f"{chance.choice(ROUTES)}{chance.choice([away, quote(away, safe='')])}"
    return f"GET {path}", *target.send("GET", path)


def broken_json(target: Target, chance: random.Random) -> tuple[str, int, str]:
    door = chance.choice(POSTED)
    body = chance.choice(
        [
            b"", b"{", b"null", b"[]", b"5", b"\xff\xfe{\x00", b"\xef\xbb\xbf{}", b'{"data": [NaN, Infinity, 1e999]}',
            b"[" * 50_000, b'{"a":' * 20_000 + b"1" + b"}" * 20_000, b'{"data":' + b"[" * 200 + b"]" * 200 + b"}",
            b'{"data": [' + b"9" * 6_000 + b"]}", b'{"data": ["\\ud800"]}', b'{"data": {}, "data": 5}',
            b'{"data": ["' + b"x" * chance.choice([900_000, 1_100_000, 3_000_000]) + b'", 5]}',
            b'{"data": [], "session_hash": {"a": 1}, "fn_index": "0"}', b'{"data": [], "fn_index": 99999}',
            b'{"data": ["x", 5], "batched": true, "trigger_id": -5, "event_id": "../x"}',
        ]
    )  # fmt: skip
    return f"POST {door} {body[:30]!r}", *target.send("POST", f"/gradio_api/{door}", body, chance.choice(TYPES[:3]))


def odd_types(target: Target, chance: random.Random) -> tuple[str, int, str]:
    door, kind = chance.choice([*POSTED, "../login"]), chance.choice(TYPES)
    body = chance.choice([b"{}", b"a=b", b'{"data": ["x", 5]}', b"--b\r\n\r\nx\r\n--b--", b"\0" * 100])
    path = "/login" if door == "../login" else f"/gradio_api/{door}"
    return f"POST {path} as {kind[:20]}", *target.send("POST", path, body, kind)


def methods(target: Target, chance: random.Random) -> tuple[str, int, str]:
    method, path = (
        chance.choice(METHODS),
        chance.choice([*ROUTES, *(f"/gradio_api/{door}" for door in POSTED), "/metrics"]),
    )
    if path == "/gradio_api/heartbeat/" or "session_hash" in path:
        path += "x"
    return f"{method} {path}", *target.send(method, path, chance.choice([None, b"{}"]))


def raw(target: Target, chance: random.Random) -> tuple[str, int, str]:
    text = chance.choice(RAW).format(
        host=f"127.0.0.1:{target.port}", path=chance.choice(["/", "/gradio_api/queue/join", "/ws"])
    )
    return f"raw {text[:60]!r}", *target.shout(text)


def asking(target: Target, chance: random.Random) -> tuple[str, int, str]:
    """A call of a door with odd arguments, and what it comes to."""
    name = chance.choice(["ask", "search", "documents", "ask", "search"])
    data = [chance.choice([*ODD, "Who kept bees?"]) for _ in range(chance.choice([0, 1, 2, 2, 2, 3, 9]))]
    path = f"/gradio_api/call/{name}"
    status, text = target.send("POST", path, json.dumps({"data": data}).encode())
    event = re.search(r'"event_id":\s*"(\w+)"', text)
    if event:
        status, text = target.send("GET", f"{path}/{event[1]}")
    return f"call {name} {data}"[:150], status, text


def joining(target: Target, chance: random.Random) -> tuple[str, int, str]:
    """A call of any function of the page with odd data, in the queue or beside it; seldom is its answer fetched."""
    function = chance.choice(target.config["dependencies"])
    session = f"s{chance.randint(0, 10**9)}"
    wanted = len(function["inputs"]) if chance.random() < 0.8 else chance.randint(0, 9)
    call = {
        "data": [chance.choice(ODD) for _ in range(wanted)],
        "fn_index": function["id"],
        "session_hash": session,
        "event_data": chance.choice([None, 5, {}, {name: chance.choice(ODD) for name in EVENT}]),
        "trigger_id": chance.choice([None, 1, 5, 10**6, "x"]),
    }
    path = chance.choice(
        ["/gradio_api/queue/join", "/gradio_api/run/predict", f"/gradio_api/run/{function['api_name']}"]
    )
    if function["api_name"] == "build":
        call["data"] = [1]
    status, text = target.send("POST", path, json.dumps(call).encode())
    if status == 200 and "event_id" in text and chance.random() < 0.5:
        status, text = target.send("GET", f"/gradio_api/queue/data?session_hash={session}")
    return f"{path} {json.dumps(call)}"[:200], status, text


def serving(target: Target, chance: random.Random) -> tuple[str, int, str]:
    """A call of a function that a part of the page offers, or does not."""
    call = {
        "component_id": chance.choice([*target.components, -1, 10**9, "1", None]),
        "fn_name": chance.choice(
            [
                "show",
                "draw",
                "look",
                "files",
                "change",
                "suggest",
                "__init__",
                "__class__",
                "load",
                "postprocess",
                "x" * 999,
            ]
        ),
        "session_hash": chance.choice([f"s{chance.randint(0, 10**9)}", "", None, "../x", "x" * 9_999]),
        "data": chance.choice([*ODD, ["x", "y"], {"search": chance.choice(ODD), "sort": chance.choice(ODD)}]),
    }
    return f"component {call}"[:150], *target.send("POST", "/gradio_api/component_server", json.dumps(call).encode())


def uploading(target: Target, chance: random.Random) -> tuple[str, int, str]:
    """To Gradio's own door for files, which is shut, or to that for documents, in a form that is hardly one."""
    name = chance.choice(["../../x.txt", "/etc/cron.d/x", "a\0b", "x" * 5_000, "", "CON", "x.html", "..\\x", "ü.txt"])
    fields = {
        "session_hash": chance.choice(["a", "", "x" * 2_000]),
        "component_id": chance.choice([*target.components, -1, "1e9", "", "0" * 5_000]),
        "fn_name": chance.choice(["add_one", "files", "__class__", ""]),
        chance.choice(["folder", "data", "__proto__", ""]): chance.choice(["..", "\0", "{}", "x" * 2_000]),
    }
    parts = [f'name="{field}"\r\n\r\n{value}' for field, value in fields.items() if chance.random() < 0.9]
    field = chance.choice(["file", "file", "files", "component_id", "x" * 2_000])
    parts.append(f'name="{field}"; filename="{name}"\r\n\r\n' + "x" * chance.choice([0, 10, 2_000]))
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in parts).encode()
    body += chance.choice([b"--b--\r\n", b"", b"--b"])
    kind = chance.choice(
        [*["multipart/form-data; boundary=b"] * 4, "multipart/form-data; boundary=" + "b" * 300, "multipart/mixed"]
    )
    door = chance.choice(["upload", "component_server/", "component_server/", "component_server"])
    return f"upload {name[:30]!r} to {door}", *target.send("POST", f"/gradio_api/{door}", body, kind)


ATTACKS: list[Attack] = [
    *(traversal, traversal, fetching, broken_json, broken_json, odd_types, methods, raw),
    *(asking, joining, joining, serving, serving, uploading, uploading),
]


def attack(target: Target, requests: int, seed: int) -> Counter[str]:
    """How often which status came; ``wrong`` counts what must not come."""
    found: Counter[str] = Counter()
    chance = random.Random(seed)
    memory: list[float] = []
    for number in range(requests):
        act = chance.choice(ATTACKS)
        what, status, text = act(target, chance)
        found[f"{act.__name__}: {status or 'closed'}"] += 1
        if status >= 500 and "Queue is full" not in text:
            found[f"wrong: {status} for {what}"] += 1
        if leak := target.leaked(text):
            found[f"wrong: {leak!r} was told for {what}"] += 1
        if number % max(requests // 20, 1) == 0:
            memory.append(target.memory)
    memory.append(target.memory)
    found["megabytes at half"], found["megabytes at the end"] = round(memory[len(memory) // 2]), round(memory[-1])
    if memory[-1] > memory[len(memory) // 2] + NOISE:
        found[f"wrong: the memory grew: {' '.join(f'{one:.0f}' for one in memory)}"] += 1
    status, text = 0, ""
    for _ in range(20):
        call = target.send("POST", "/gradio_api/call/ask", b'{"data": ["Who kept bees?", 5]}')[1]
        if event := re.search(r'"event_id":\s*"(\w+)"', call):
            status, text = target.send("GET", f"/gradio_api/call/ask/{event[1]}")
            break
        time.sleep(0.5)
    if "ferryman" not in text:
        found[f"wrong: it no longer answers: {status} {text[:200]}"] += 1
    return found


@contextmanager
def served(place: Path) -> Iterator[Target]:
    """A page of two documents, served by a process that has secrets and a file that is nobody's business beside it."""
    (place / "docs").mkdir(parents=True)
    (place / "docs" / "ferry.txt").write_text("A ferry carried the mail until 1910. The ferryman kept bees.\n", "utf-8")
    (place / "docs" / "zoo.txt").write_text("The zoo opened in May. An elephant arrived by train.\n", "utf-8")
    (place / "secret.txt").write_text(SECRET, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DOSSIER_MODEL": "words", "GRADIO_SERVER_PORT": str(port), "SOME_TOKEN": SECRET}
    with (place / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dossier", "serve", "docs", *LOGGED],
            cwd=place,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(2_000):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                with closing(connection), suppress(OSError):
                    connection.request("GET", "/healthz")
                    if connection.getresponse().status == 200:
                        break
                time.sleep(0.1)
            hidden = [
                SECRET,
                str(place),
                str(Path.home()) + "/",
                sys.prefix,
                "Traceback (most",
                "site-packages",
                "root:x:0",
            ]
            yield Target(port, process.pid, hidden)
        finally:
            process.terminate()
            process.wait(20)


def main() -> int:
    parser = argparse.ArgumentParser(description="Send a served page hostile requests.")
    parser.add_argument("--requests", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.perf_counter()
    place = Path(tempfile.mkdtemp()).resolve()
    with served(place) as target:
        found = attack(target, options.requests, options.seed)
    for what, number in sorted(found.items()):
        print(f"{number:6} {what}")
    print(f"{time.perf_counter() - begun:6.0f} s; the server's log: {place / 'log.txt'}")
    return int(any(what.startswith("wrong") for what in found))


if __name__ == "__main__":
    sys.exit(main())
