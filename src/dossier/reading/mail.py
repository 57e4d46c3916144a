"""E-mail: a message as a person reads it: who, when, about what, and its text."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage

from dossier.errors import UnreadableError
from dossier.reading.isodate import iso_date
from dossier.reading.manuscript import Manuscript
from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import AS_MEANT, decode
from dossier.reading.webpage import decode_html, html_root, write_webpage

# The standard library takes the square of a header's length to read it; a longer one is left as it is.
LONGEST_HEADER = 20_000
CONTENT_HEADER = re.compile(rb"^content-[\w-]+:(?:[^\r\n]*\r?\n[ \t])*[^\r\n]*", re.IGNORECASE | re.MULTILINE)
SHOWN = ("From", "To", "Cc", "Date", "Subject")


def parse_mail(data: bytes) -> Parsed:
    """The text of a message: its headers as lines, then its body, plain if there is one, else HTML.

    Its subject is the title of the section, its date the section's date. Attachments and messages passed on are named
    in the remark as not read. Quoted lines are left as they are.
    """
    if any(len(header.group()) > LONGEST_HEADER for header in CONTENT_HEADER.finditer(data)):
        raise UnreadableError(f"it says what a part of it holds in more than {LONGEST_HEADER:,} characters")
    message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.default)
    headers = {name: _header(message, name) for name in SHOWN}
    if not any(headers.values()):
        raise UnreadableError("it is no e-mail: it begins with no From, To, Date or Subject")
    manuscript = Manuscript()
    manuscript.section(headers["Subject"], date=iso_date(headers["Date"]))
    for name, value in headers.items():
        if value:
            manuscript.write(f"{name}: {value}", glue="\n")
    attached: list[str] = []
    for part in _bodies(message, attached):
        _write_body(manuscript, part)
    if attached:
        manuscript.remark(f"attachments not read: {', '.join(attached)}")
    return manuscript.parsed(title=headers["Subject"])


def _header(message: EmailMessage, name: str) -> str:
    """A header's value, decoded, on one line; as it is written where the library can't make sense of it."""
    written = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    try:
        value = written if len(written) > LONGEST_HEADER else message.get(name)
    except (MessageError, ValueError, IndexError, AttributeError, TypeError, KeyError):
        value = written
    return " ".join(str(value or "").split())


def _bodies(message: EmailMessage, attached: list[str]) -> Iterator[EmailMessage]:
    """The parts that a reader sees, in order; what else there is is named in ``attached``."""
    waiting = [(message, True)]
    while waiting:
        part, seen = waiting.pop(0)
        kind = part.get_content_type()
        if part.is_attachment() or kind == "message/rfc822":
            attached.append(_name(part, kind))
        elif part.is_multipart():
            inside = [one for one in part.get_payload() if isinstance(one, EmailMessage)]
            best = _best(inside) if kind == "multipart/alternative" else inside
            waiting[:0] = [(one, seen and one in best) for one in inside if one in best or _holds_more(one)]
        elif kind in ("text/plain", "text/html"):
            if seen:
                yield part
        else:
            attached.append(_name(part, kind))


def _best(alternatives: list[EmailMessage]) -> list[EmailMessage]:
    """The one that says the same in the plainest way: plain text, unless it is empty, else the last that is read."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain" and _bytes(part).strip()]
    rich = [part for part in alternatives if part.get_content_type() == "text/html" or part.is_multipart()]
    return plain[:1] or rich[-1:] or alternatives[-1:]


def _holds_more(alternative: EmailMessage) -> bool:
    """Whether there may be attachments in one of some alternatives; Apple Mail puts them beside the HTML."""
    return alternative.is_attachment() or alternative.get_content_type() == "multipart/mixed"


def _name(part: EmailMessage, kind: str) -> str:
    try:
        name = part.get_filename()
    except (MessageError, ValueError, IndexError, AttributeError, TypeError, LookupError):
        name = None
    return " ".join((name or ("a message passed on" if kind == "message/rfc822" else kind)).split())


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _write_body(manuscript: Manuscript, part: EmailMessage) -> None:
    data = _bytes(part)
    if part.get_content_type() == "text/html":
        html, remark = decode_html(data)
        root = html_root(html)
        if root is not None:
            write_webpage(manuscript, root)
    else:
        text, remark = _declared(data, part.get_content_charset() or "")
        manuscript.write(_unwrapped(text) if part.get_param("format") == "flowed" else text)
    manuscript.remark(remark)


def _declared(data: bytes, charset: str) -> tuple[str, str]:
    """The text in the charset that the part declares, else as `decode` reads it.

    What calls itself ASCII is UTF-8 where it can be.
    """
    names = AS_MEANT.get(charset, charset), charset
    for name in ("utf-8", *names) if charset == "us-ascii" else names:
        try:
            return data.decode(name), ""
        except (LookupError, ValueError):
            pass
    return decode(data) if data.strip() else ("", "")


def _unwrapped(text: str) -> str:
    """Lines that end in a space are joined to the next, as ``format=flowed`` means it (RFC 3676)."""
    lines: list[list[str]] = []
    flows = False
    for line in text.splitlines():
        if flows and not line.startswith((">", "-- ")):
            lines[-1].append(line.removeprefix(" "))
        else:
            lines.append([line.removeprefix(" ")])
        flows = line.endswith(" ") and line != "-- "
    return "\n".join("".join(parts) for parts in lines)
