"""Packages: the zip files of XML that office documents and e-books are, opened without trust."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from dossier.errors import UnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_BYTES = 512 << 20
MOST_FILES = 20_000
# Deflate can't do better than 1032 to 1; XML of real documents stays below 100 to 1.
HIGHEST_RATIO = 300
SMALL = 16 << 20
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Package:
    """A zip file, its members read by name, up to a limit of bytes in all."""

    def __init__(self, data: bytes) -> None:
        """Open the package. Raises `UnreadableError` where it is none, is encrypted, or would swell beyond measure."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableError(f"it is damaged or cut short: {error}") from error
        members = self._zip.infolist()
        swollen = sum(member.file_size for member in members)
        if len(members) > MOST_FILES or swollen > MOST_BYTES or swollen > max(SMALL, HIGHEST_RATIO * len(data)):
            raise UnreadableError(
                f"{len(data):,} bytes would unpack to {swollen:,} in {len(members):,} files, like a zip bomb"
            )
        if any(member.flag_bits & 1 for member in members):
            raise UnreadableError("it is encrypted; save it without a password")
        self.names = [member.filename for member in members]
        self._present = set(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._present

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises `UnreadableError` where there is none, or it is damaged."""
        try:
            with self._zip.open(name) as member:
                data = member.read(MOST_BYTES + 1)
        except KeyError:
            raise UnreadableError(f"it lacks its part {name!r}, so it is not such a file or is damaged") from None
        except Exception as error:  # zipfile lets those of zlib, lzma and bz2 through
            raise UnreadableError(f"its part {name!r} is damaged: {error}") from error
        if len(data) > MOST_BYTES:
            raise UnreadableError(f"its part {name!r} unpacks to more than {MOST_BYTES:,} bytes")
        return data

    def xml(self, name: str) -> _Element:
        """The root of a member that is XML. Raises `UnreadableError` where it is not."""
        return parse_xml(self.read(name), name)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part of an Office file refers to: from an id to the last word of the kind, and the part's name."""
        folder, file = posixpath.split(name)
        listing = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if listing not in self:
            return {}
        found = {}
        for relation in self.xml(listing):
            if relation.get("TargetMode") == "External":
                continue
            kind = (relation.get("Type") or "").rpartition("/")[2]
            found[relation.get("Id") or ""] = kind, resolved(folder, relation.get("Target") or "")
        return found

    def named(self, start: str) -> list[str]:
        """The members whose name begins so, in order."""
        return sorted(name for name in self.names if name.startswith(start) and not name.endswith("/"))


def parse_xml(data: bytes, name: str) -> _Element:
    """The root of an XML document; entities are not resolved, no DTD is read and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"its part {name!r} is no well-formed XML: {error}") from error


def resolved(folder: str, target: str) -> str:
    """The name of a member that another in ``folder`` refers to."""
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


def tag_of(element: Any) -> str:
    """The name of an element without its namespace; empty for an entity that was not resolved."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
