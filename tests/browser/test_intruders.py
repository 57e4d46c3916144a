"""What somebody may try who reaches the page with a program of theirs, or with a page on another site."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

from conftest import Serve


class Intruder:
    """Whoever asks the server for what the library's script asks it for."""

    def __init__(self, town: str, cookie: str = "") -> None:
        self.host = urlsplit(town).netloc
        self.headers = {"Cookie": cookie} if cookie else {}
        parts = json.loads(self.ask("GET", "/config")[1])["components"]
        self.library = next(part["id"] for part in parts if part["props"].get("elem_id") == "library")

    def wait(self) -> None:
        """Until there is an index."""
        for _ in range(300):
            if self.ask("GET", "/healthz")[0] == 200:
                return
            time.sleep(0.2)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body or None, self.headers | given)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def call(self, name: str, data: object, **headers: str) -> tuple[int, str]:
        body = {"session_hash": "anybody", "component_id": self.library, "fn_name": name, "data": data}
        return self.ask(
            "POST",
            "/gradio_api/component_server/",
            json.dumps(body).encode(),
            **{"Content_Type": "application/json", **headers},
        )

    def send(self, *files: tuple[str, bytes], folder: str = "", **headers: str) -> tuple[int, str]:
        fields = {"session_hash": "anybody", "component_id": self.library, "fn_name": "add_one", "folder": folder}
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        parts += [f'name="file"; filename="{name}"\r\n\r\n'.encode() + data for name, data in files]
        body = b"".join(b"--boundary\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
        kind = "multipart/form-data; boundary=boundary"
        return self.ask(
            "POST", "/gradio_api/component_server/", body + b"--boundary--\r\n", **{"Content_Type": kind, **headers}
        )


def paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


LOGIN = {"DOSSIER_USER": "ada", "DOSSIER_PASSWORD": "masons", "DOSSIER_MODEL": "words"}


def test_an_intruder_writes_nothing_but_documents_and_those_where_they_belong(serve: Serve, corpus: Path) -> None:
    limit = {"DOSSIER_MEGABYTES_PER_UPLOAD": "1"}
    town = serve("-m", "dossier", "serve", "corpus", "--editable", folder=corpus.parent, **LOGIN, **limit)
    intruder, there = Intruder(town, _logged_in(town)), paths(corpus)
    intruder.wait()

    status, said = intruder.send(("<img src=x onerror=alert(1)>.txt", b"\x00\x01"))
    assert status == 200
    assert "<img" not in said.replace("\\u003c", "<")
    for name, data in (("x.exe", b"MZ"), ("x.pdf", b"not one"), ("..", b"text"), (".", b"text"), ("x.txt", b"")):
        assert json.loads(intruder.send((name, data))[1])["done"] is False
    assert intruder.send(("large.txt", b"x" * 1_000_001))[0] == 413
    assert intruder.send(*((f"{number}.txt", b"x" * 700_000) for number in range(4)))[0] == 413
    assert json.loads(intruder.send(("a.txt", b"one"), ("b.txt", b"two"))[1])["done"] is False
    assert json.loads(intruder.send(("a.txt", b"text"), folder="../..")[1])["done"] is False
    assert intruder.ask("POST", "/gradio_api/upload", b"--boundary--", Content_Type="multipart/form-data")[0] == 404
    for path in ("../secret.txt", "/etc/passwd", "map.png", "", "zoo.txt\n*", None, ["zoo.txt"], {"zoo.txt": 1}):
        assert json.loads(intruder.call("change", {"act": "leave_out", "path": path})[1])["done"] is False
    for asked in (None, [], "go_back", {"act": "delete"}, {"act": "go_back"}):
        assert json.loads(intruder.call("change", asked)[1])["done"] is False
    assert intruder.call("html", {})[0] == 404

    # A page on another site can make a browser send all of this, though it can't read what comes of it.
    for header in (
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "http://evil.example"},
    ):
        assert intruder.send(("evil.txt", b"It comes from elsewhere."), **header)[0] == 403
        assert intruder.call("change", {"act": "leave_out", "path": "zoo.txt"}, **header)[0] == 403
        assert intruder.call("rebuild", "", **header)[0] == 403
    assert paths(corpus) == there

    assert json.loads(intruder.send(("../../up.txt", b"The gate was built by Bo."))[1])["done"] is True
    assert paths(corpus) == sorted([*there, "up.txt"])
    assert not list(corpus.parent.glob("*.txt"))


def test_only_the_owner_says_who_may_change_what_is_served_to_others(serve: Serve, corpus: Path) -> None:
    town = serve("-m", "dossier", "serve", "corpus", folder=corpus.parent, **LOGIN)
    visitor, there = Intruder(town, _logged_in(town)), paths(corpus)
    visitor.wait()
    assert json.loads(visitor.call("files", {})[1])["editable"] is False
    assert "looked at, not changed" in visitor.send(("mill.txt", b"The mill burned in 1880."))[1]
    assert "looked at, not changed" in visitor.call("change", {"act": "leave_out", "path": "zoo.txt"})[1]
    assert "looked at, not changed" in visitor.call("change", {"act": "go_back"})[1]
    visitor.headers = {}
    assert visitor.send(("dam.txt", b"The dam was built."))[0] == 401
    assert paths(corpus) == there


def test_without_a_login_nothing_large_is_taken_and_nobody_guesses_or_ends_one(serve: Serve, corpus: Path) -> None:
    town = serve("-m", "dossier", "serve", "corpus", "--editable", folder=corpus.parent, **LOGIN)
    cookie = _logged_in(town)
    announced = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "50000000"}
    connection = http.client.HTTPConnection(urlsplit(town).netloc, timeout=20)
    connection.request("POST", "/gradio_api/component_server/", headers=announced)
    assert connection.getresponse().status == 401  # and none of it was awaited
    connection.close()
    friend = Intruder(town, cookie)
    assert friend.ask("GET", "/logout")[0] == 404
    assert friend.ask("GET", "/config")[0] == 200
    guesses = [friend.ask("GET", "/metrics", Authorization="Basic YWRhOmJlZXM=")[0] for _ in range(12)]
    assert guesses[0] == 401
    assert guesses[-1] == 429


def _logged_in(town: str) -> str:
    connection = http.client.HTTPConnection(urlsplit(town).netloc, timeout=60)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login", b"username=ada&password=masons", form)
    cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
    connection.close()
    return "; ".join(cookie.partition(";")[0] for cookie in cookies)
