"""Hostile files: parsers are given thousands of damaged and malicious ones, and may refuse them with a reason only.

    python tests/attacks/mutate_files.py [--files 10000] [--seed 1] [--only SUFFIX]

Each file is parsed in a child process. It passes if the child answers within `LIMIT` seconds, with a text that UTF-8
can hold and sections that tile it, or with `UnreadableError`; one that is late is tried once more. What fails is
counted and kept in ``--keep FOLDER``. The same seed makes the same files.
"""

from __future__ import annotations

import argparse
import gzip
import io
import multiprocessing
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from dossier.errors import UnreadableError
from dossier.reading.parsing import PARSERS, parse_bytes

FILES = Path(__file__).parents[1] / "files"
LIMIT = 10.0
LETTER = """From: =?utf-8?q?S=C3=B8ren?= <s@lindby.example>\r\nSubject: Mole\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r
MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r\n\r\nThe mole is =C3=A5 ruin. It fell on Friday.\r\n--b\r
Content-Type: text/html; charset=iso-8859-1\r\n\r\n<p>Best <b>wishes</b></p>\r\n--b\r
Content-Disposition: attachment; filename=a.bin\r\n\r\nxyz\r\n--b--\r\n"""
TABLE = 'title,date,text\nFlood,2026-11-02,"It rained, and\nit rained."\nFrost,2026-12-01,It froze.\n'
LINES = '{"title": "Flood", "date": "2026-11-02", "text": "It rained."}\n{"text": "It froze \\u00e5."}\n'
WORDS = "# The mole\n\nThe mole is å ruin. It fell on Friday.\n\n- oak\n- pitch\n" * 5
HOSTILE = [
    b"\0",
    b"\xed\xa0\x80",  # half a surrogate pair
    "\u202e\u2066\ufeff\u200b".encode(),
    b"&#xD800;&#0;&b;",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    b"\\u-10179?\\bin99999999 \\'zz{\\*\\",
    b"]]>-->\"'",
    b"9" * 5_000,
    b"(" * 5_000,
    b"<a>" * 3_000,
    b" " * 50_000,
    b"\xff\xfe",
]


def samples() -> dict[str, bytes]:
    """A sound file of each format, by name."""
    found = {path.name: path.read_bytes() for path in sorted(FILES.iterdir()) if path.suffix in PARSERS}
    found |= {
        "letter.eml": LETTER.encode(),
        "table.csv": TABLE.encode(),
        "table.tsv": TABLE.replace(",", "\t").encode(),
    }
    return found | {"lines.jsonl": LINES.encode(), "words.md": WORDS.encode(), "words.txt": WORDS.encode()}


def bombs() -> Iterator[tuple[str, bytes]]:
    """Files made to exhaust a reader: much from little, nested without end, or one line without end."""
    nested = {
        "odt": b"<a>",
        "html": b"<table><tr><td>",
        "xhtml": b"<span>",
        "rtf": b"{",
        "jsonl": b'{"a":[',
        "md": b"> ",
    }
    for suffix, opening in nested.items():
        for depth in (200, 2_000, 100_000):
            data = {"rtf": b"{\\rtf1 "}.get(suffix, b"") + opening * depth + b"x"
            yield f"deep.{suffix}", packed({"content.xml": data}) if suffix == "odt" else data
    laughs = b'<!DOCTYPE a [<!ENTITY l0 "ha">'
    laughs += b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 12)) + b"]>"
    for name, part in (("a.odt", "content.xml"), ("a.docx", "word/document.xml"), ("a.epub", "META-INF/container.xml")):
        yield name, packed({part: laughs + b"<a><body><text><p>&l11;</p></text></body></a>"})
        yield name, packed({part: b"<a>" + bytes(200 << 20)})
        yield name, packed({f"{at}": b"" for at in range(30_000)})
    yield "words.eml", b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n\r\nhi"
    yield "parts.eml", b"Subject: a\r\nContent-Type: multipart/mixed; boundary=" + b"b;" * 100_000 + b"\r\n\r\nhi"
    yield "nested.eml", b"Subject: a\r\nContent-Type: message/rfc822\r\n\r\n" * 2_000 + b"hi"
    for suffix in PARSERS:
        yield f"line{suffix}", b"word " * 400_000
        yield f"letters{suffix}", b"a" * 2_000_000
        yield f"tag{suffix}", b"<?xml <" + b"a" * 500_000 + b" " * 500_000
        yield f"cells{suffix}", b"<table><tr>" + b"<td>a" * 100_000
        yield f"quotes{suffix}", b'"<{[(' * 100_000
        yield f"zeros{suffix}", bytes(1_000_000)
        yield f"bomb{suffix}.gz", gzip.compress(bytes(600 << 20) if suffix == ".txt" else b"<p>" * (10 << 20), 9)


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip file of some parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


def mutated(chance: random.Random, name: str, data: bytes) -> tuple[str, bytes]:
    """A damaged version of a file, sometimes of a part inside it, sometimes under a wrong name."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {member: package.read(member) for member in package.namelist()}
        texts = [member for member in parts if member.endswith((".xml", ".rels", ".opf", ".xhtml", ".ncx"))]
        for member in chance.sample(texts, min(len(texts), chance.choice((1, 1, 3)))):
            parts[member] = damage(chance, parts[member])
        data = packed(parts)
    else:
        for _ in range(chance.choice((1, 1, 2, 5))):
            data = damage(chance, data)
    if chance.random() < 0.1:
        name = f"renamed{chance.choice(sorted(PARSERS))}"
    if chance.random() < 0.05:
        name, data = f"{name}.gz", gzip.compress(data)
    return name, data


def damage(chance: random.Random, data: bytes) -> bytes:
    """The bytes cut, flipped, doubled, filled or taken for another encoding."""
    at, length = chance.randrange(len(data) + 1), chance.choice((1, 8, 100, 5_000))
    ways: list[Callable[[], bytes]] = [
        lambda: data[:at],
        lambda: data[at:],
        lambda: data[:at] + data[at + length :],
        lambda: data[:at] + data[at : at + length] * chance.choice((2, 3, 200)) + data[at + length :],
        lambda: data[:at] + chance.choice(HOSTILE) + data[at:],
        lambda: data[:at] + chance.randbytes(min(length, 100)) + data[at + length :],
        lambda: data.decode("utf-8", "replace").encode(chance.choice(("utf-16", "cp1251", "shift_jis")), "replace"),
        lambda: data.translate(bytes.maketrans(b"<>0", chance.choice((b"><0", b"<>9", b"<<0")))),
        lambda: bytes(byte ^ (1 << chance.randrange(8)) if chance.random() < 0.001 else byte for byte in data),
    ]
    return chance.choice(ways)()


def verdict(name: str, data: bytes) -> str:
    """``read`` or ``refused``; else what went wrong."""
    try:
        parsed = parse_bytes(name, data)
        parsed.text.encode("utf-8")
        parsed.remark.encode("utf-8")
        "".join(section.title for section in parsed.sections).encode("utf-8")
    except UnreadableError as error:
        return "refused" if str(error).encode("utf-8") else "refused without a reason"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    tiled = "".join(parsed.text[section.start : section.end] for section in parsed.sections)
    starts = [mark.start for mark in parsed.landmarks]
    return "read" if tiled == parsed.text and "\0" not in tiled and starts == sorted(starts) else "its places are wrong"


class Child:
    """A process that parses what it is sent; it is started again when a file has killed it."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._here, there = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()
        there.close()
        self._here.recv()

    def try_file(self, name: str, data: bytes) -> str:
        try:
            self._here.send((name, data))
            if self._here.poll(LIMIT):
                return str(self._here.recv())
            said = f"no answer within {LIMIT:.0f} s"
        except (EOFError, OSError):
            self._process.join(5)
            said = f"the process died ({self._process.exitcode})"
        self.stop()
        self._start()
        return said

    def stop(self) -> None:
        self._process.kill()
        self._process.join()


def _serve(connection: Connection) -> None:
    connection.send("ready")
    while True:
        connection.send(verdict(*connection.recv()))


def attack(
    files: int, seed: int, only: str = "", *, with_bombs: bool = True
) -> Iterator[tuple[str, bytes, str, float]]:
    """Each file's name, its bytes, the verdict and the seconds it took."""
    chance = random.Random(seed)
    child = Child()
    sound = {name: data for name, data in samples().items() if only in name}
    hostile = (bomb for bomb in bombs() if only in bomb[0]) if with_bombs else iter(())
    changed = (mutated(chance, name, sound[name]) for name in (chance.choice(sorted(sound)) for _ in range(files)))
    try:
        for source in (hostile, changed):
            for name, data in source:
                start = time.monotonic()
                said = child.try_file(name, data)
                if said.startswith("no answer"):  # a busy machine may be late once
                    said = child.try_file(name, data)
                yield name, data, said, time.monotonic() - start
    finally:
        child.stop()


def main() -> None:
    """Attack the parsers from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="SUFFIX")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    for number, (name, data, said, seconds) in enumerate(attack(options.files, options.seed, options.only)):
        good = said in ("read", "refused")
        counts[said if good else "failed"] += 1
        slowest = max(slowest, (seconds, name))
        if not good:
            print(f"{number} {name} ({len(data):,} bytes): {said}", flush=True)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{number}-{name}").write_bytes(data)
    print(dict(counts), f"slowest: {slowest[1]}, {slowest[0]:.1f} s")
    sys.exit(counts["failed"] > 0)


if __name__ == "__main__":
    main()
