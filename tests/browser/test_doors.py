"""Doors for programs, and the lock on the front one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from conftest import Serve
from gradio_client import Client

pytestmark = pytest.mark.filterwarnings("ignore")


def fetched(url: str, data: object = None) -> str:
    body = None if data is None else json.dumps(data).encode()
    with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=60) as answer:  # noqa: S310
        text: str = answer.read().decode()
    return text


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
        try:
            assert json.loads(fetched(f"{town}/healthz")) == {"ready": True}
            break
        except HTTPError as error:
            assert error.code == 503  # noqa: PT017
            time.sleep(0.2)
    call = json.loads(fetched(f"{town}/gradio_api/call/ask", {"data": ["Who kept bees?", 5]}))
    assert "ferryman" in fetched(f"{town}/gradio_api/call/ask/{call['event_id']}")
    found = ask_together.measure(town, people=12, browsers=0, seconds=1, process=None)
    assert (found["errors"], found["reasons"]) == (0, {})
    assert found["answers"] > 12


def test_a_page_with_a_login_shows_nothing_without_it(serve: Serve, corpus: Path) -> None:
    login = {"DOSSIER_USER": "ada", "DOSSIER_PASSWORD": "masons", "DOSSIER_QUESTIONS_PER_MINUTE": "4"}
    town = serve("-m", "dossier", "serve", "corpus", folder=corpus.parent, DOSSIER_MODEL="words", **login)
    with pytest.raises(HTTPError, match="401"):
        fetched(f"{town}/gradio_api/call/ask", {"data": ["Who kept bees?", 5]})
    with pytest.raises(HTTPError, match="401"):
        fetched(f"{town}/config")
    client = Client(town, auth=("ada", "masons"), verbose=False)
    assert "ferryman" in client.predict("Who kept bees?", api_name="/ask")["text"]

    with pytest.raises(HTTPError, match="401"):
        fetched(f"{town}/metrics")
    basic = {"Authorization": f"Basic {b64encode(b'ada:masons').decode()}"}
    with urlopen(Request(f"{town}/metrics", headers=basic), timeout=60) as answer:  # noqa: S310
        numbers = answer.read().decode()
    assert 'dossier_questions_total{outcome="found"} 1.0' in numbers
    assert "dossier_passages 5.0" in numbers
    assert 'dossier_stage_seconds_count{stage="embed"}' in numbers

    met = [refusal(f"{town}/gradio_api/call/ask") for _ in range(4)]
    assert [error.code for error in met] == [401, 401, 429, 429]
    assert 0 < int(met[-1].headers["Retry-After"]) <= 60
    assert "4 questions a minute" in met[-1].read().decode()


def refusal(url: str) -> HTTPError:
    """What a question is refused with."""
    with pytest.raises(HTTPError) as refused:
        fetched(url, {"data": ["Who kept bees?", 5]})
    return refused.value


@pytest.mark.parametrize(("host", "user"), [("0.0.0.0", ""), ("127.0.0.1", "ada")])  # noqa: S104
def test_a_page_that_others_can_reach_demands_a_login(corpus: Path, host: str, user: str) -> None:
    environment = {**os.environ, "DOSSIER_USER": user, "DOSSIER_PASSWORD": "", "DOSSIER_MODEL": "words"}
    command = [sys.executable, "-m", "dossier", "serve", "corpus", "--host", host]
    found = subprocess.run(
        command, cwd=corpus.parent, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.returncode == 1
    assert "Set both DOSSIER_USER and DOSSIER_PASSWORD" in found.stderr
