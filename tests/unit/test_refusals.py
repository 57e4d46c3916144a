"""Refusals: what can't be read says why, and nothing but that."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from dossier.errors import UnreadableError
from dossier.reading.parsing import PARSERS, parse_bytes

FILES = Path(__file__).parents[1] / "files"


def packed(**parts: bytes) -> bytes:
    """A zip file of parts that are XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(f"{name}.xml", data)
    return file.getvalue()


LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "' + b"&b;" * 999 + b'">]><a><body><text><p>&c;</p></text></body></a>'
)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"%PDF-1.7\n...", "it is a PDF, named .txt: rename it to .pdf"),
        ("a.pdf", b"Dear all, this is a letter.", "damaged or no PDF"),
        ("a.pdf", (FILES / "tides.pdf").read_bytes()[:4000], "damaged|no text"),
        ("a.docx", (FILES / "harbour.docx").read_bytes()[:4000], "damaged or cut short"),
        ("a.docx", (FILES / "harbour.odt").read_bytes(), "lacks its part 'word/document.xml'"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted or in the format of before 2007"),
        ("a.odt", packed(content=b"\0" * (20 << 20)), "like a zip bomb"),
        ("a.odt", packed(content=b"<a>" * 9_000), "no well-formed XML"),
        ("a.epub", packed(other=b""), "lacks its part 'META-INF/container.xml'"),
        ("a.html", b"<div>" * 9_000 + b"x", "nested too deep"),
        ("a.html", b"<p>\0</p>", "NUL bytes"),
        ("a.rtf", b"no rtf", "does not begin with"),
        ("a.eml", b"no headers at all", "no From, To, Date or Subject"),
        ("a.jsonl", b"[1]\n{}", "no line of it is a JSON object with a text"),
        ("a.txt.gz", b"\x1f\x8bnot gzip", "can't be unpacked"),
        ("a.txt.gz", gzip.compress(b"a" * (40 << 20), mtime=0), "like a bomb"),
        ("a.txt.gz", b"plain", "can't be unpacked"),
        ("a.csv", b"", "no text"),
    ],
)
def test_what_can_not_be_read_says_why(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        parse_bytes(name, data)


def test_entities_are_not_resolved() -> None:
    with suppress(UnreadableError):
        assert "ha" not in parse_bytes("a.odt", packed(content=LAUGHS)).text


@pytest.mark.parametrize("suffix", sorted(PARSERS))
@pytest.mark.parametrize("data", [b"", b"\0", b"{", b"<", b"PK\x03\x04", b"\xff\xfe\x00\xd8", b"\xed\xa0\x80" * 9])
def test_a_parser_raises_nothing_but_the_reason(suffix: str, data: bytes) -> None:
    with suppress(UnreadableError):
        parse_bytes(f"a{suffix}", data).text.encode("utf-8")


def test_halves_of_surrogate_pairs_and_nul_are_replaced_and_said() -> None:
    parsed = parse_bytes("a.jsonl", b'{"text": "half \\ud800 and nul \\u0000."}')
    assert parsed.text == "half \ufffd and nul \ufffd."
    assert parsed.remark.startswith("2 characters that are none")
