"""Doors for programs, and the lock on the front one."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from email.message import Message
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from conftest import Serve
from gradio_client import Client

pytestmark = pytest.mark.filterwarnings("ignore")
QUESTION = {"data": ["Who kept bees?", 5]}


def has_sixth_version() -> bool:
    with socket.socket(socket.AF_INET6) as tried, contextlib.suppress(OSError):
        tried.bind(("::1", 0))
        return True
    return False


class Answer(NamedTuple):
    """What came over HTTP."""

    status: int
    text: str
    headers: Message


def fetched(url: str, data: object = None, **headers: str) -> Answer:
    body = None if data is None else json.dumps(data).encode()
    request = Request(url, body, {"Content-Type": "application/json", **headers})  # noqa: S310
    try:
        answer = urlopen(request, timeout=60)  # noqa: S310
    except HTTPError as refusal:
        answer = refusal
    with answer:
        return Answer(answer.status, answer.read().decode(), answer.headers)


@pytest.fixture
def town(serve: Serve, corpus: Path) -> str:
    return serve("-m", "dossier", "serve", "corpus", folder=corpus.parent, DOSSIER_MODEL="words")


def test_a_program_asks_searches_lists_and_builds(town: str, corpus: Path) -> None:
    client = Client(town, verbose=False)
    answer = client.predict("Who built the old bridge?", api_name="/ask")
    assert "Ada Lind" in answer["text"]
    assert answer["citations"][0]["location"] == "bridge.txt, line 1"
    assert str(corpus) not in json.dumps(answer)
    assert len(client.predict("Who built the old bridge?", 2, api_name="/search")) == 2
    with pytest.raises(Exception, match="The question is empty"):
        client.predict(" ", api_name="/search")

    (corpus / "mill.txt").write_text("The mill burned in 1880.")
    states = {file["file"]: file["state"] for file in client.predict(api_name="/documents")}
    assert states["mill.txt"] == "new"
    assert states["map.png"] == "skipped"
    assert client.predict(api_name="/build")["added"] == ["mill.txt"]
    assert "1880" in client.predict("When did the mill burn?", api_name="/ask")["text"]


def test_plain_http_will_do_for_many_at_once(town: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "endurance"))
    import ask_together

    for _ in range(100):
        health = fetched(f"{town}/healthz")
        if health.status != 503:
            break
        time.sleep(0.2)
    assert json.loads(health.text) == {"ready": True}
    call = json.loads(fetched(f"{town}/gradio_api/call/ask", QUESTION).text)
    assert "ferryman" in fetched(f"{town}/gradio_api/call/ask/{call['event_id']}").text
    found = ask_together.measure(town, people=12, browsers=0, seconds=1, process=None)
    assert (found["errors"], found["reasons"]) == (0, {})
    assert found["answers"] > 12


def test_a_page_with_a_login_shows_nothing_without_it(serve: Serve, corpus: Path) -> None:
    login = {"DOSSIER_USER": "ada", "DOSSIER_PASSWORD": "masons", "DOSSIER_QUESTIONS_PER_MINUTE": "4"}
    town = serve("-m", "dossier", "serve", "corpus", folder=corpus.parent, DOSSIER_MODEL="words", **login)
    assert fetched(f"{town}/gradio_api/call/ask", QUESTION).status == 401
    assert fetched(f"{town}/config").status == 401
    client = Client(town, auth=("ada", "masons"), verbose=False)
    assert "ferryman" in client.predict("Who kept bees?", api_name="/ask")["text"]

    assert fetched(f"{town}/metrics").status == 401
    numbers = fetched(f"{town}/metrics", Authorization=f"Basic {b64encode(b'ada:masons').decode()}").text
    assert 'dossier_questions_total{outcome="found"} 1.0' in numbers
    assert "dossier_passages 5.0" in numbers
    assert 'dossier_stage_seconds_count{stage="embed"}' in numbers

    met = [fetched(f"{town}/gradio_api/call/ask", QUESTION) for _ in range(4)]
    assert [answer.status for answer in met] == [401, 401, 429, 429]
    assert 0 < int(met[-1].headers["Retry-After"]) <= 60
    assert "4 questions a minute" in met[-1].text


@pytest.mark.skipif(not has_sixth_version(), reason="this machine has no address of the sixth version")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_a_page_has_an_address_of_the_sixth_version_too(serve: Serve, corpus: Path, host: str) -> None:
    command = ("-m", "dossier", "serve", "corpus", "--host", host)
    town = serve(*command, folder=corpus.parent, host="[::1]", DOSSIER_MODEL="words", GRADIO_SERVER_NAME="::1")
    assert fetched(f"{town}/config").status == 200
    assert fetched(f"{town}/config", Host="evil.example").status == 400


def test_a_page_stays_on_this_machine_whatever_the_environment_says(serve: Serve, corpus: Path) -> None:
    proxies = {"HTTP_PROXY": "http://192.0.2.1:9", "NO_PROXY": "intranet.example", "no_proxy": ""}
    empty = {"GRADIO_SERVER_NAME": ""}  # as docker-compose hands on what is not set
    town = serve("-m", "dossier", "serve", "corpus", folder=corpus.parent, DOSSIER_MODEL="words", **proxies, **empty)
    assert fetched(f"{town}/config", Host="evil.example").status == 400


@pytest.mark.parametrize(("host", "user"), [("0.0.0.0", ""), ("127.0.0.1", "ada")])  # noqa: S104
def test_a_page_that_others_can_reach_demands_a_login(corpus: Path, host: str, user: str) -> None:
    environment = {**os.environ, "DOSSIER_USER": user, "DOSSIER_PASSWORD": "", "DOSSIER_MODEL": "words"}
    command = [sys.executable, "-m", "dossier", "serve", "corpus", "--host", host]
    found = subprocess.run(
        command, cwd=corpus.parent, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.returncode == 1
    assert "Set both DOSSIER_USER and DOSSIER_PASSWORD" in found.stderr
