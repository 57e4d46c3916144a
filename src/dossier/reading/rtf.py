"""RTF: the text of a rich text file, with its notes, tables and text boxes (Rich Text Format 1.9.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.numerals import bullet
from dossier.reading.office import counted, not_read, write_row
from dossier.reading.parsed import Parsed
from dossier.reading.rtffonts import SAYING, Fonts

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<end>[\r\n]+)|(?P<text>[^\\{}\r\n]+)|\\"
)
PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
HEADING = re.compile(r"\s*(heading [1-9]|title)\b", re.IGNORECASE)
SPOKEN = {
    "line": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": "\u2003", "enspace": "\u2002", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "nestcell": " ", "softline": " ", "column": "\n",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "‑", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}
# Groups whose words are written after the paragraph they hang on, at the ends of a page, and before an item.
HANGING = frozenset(("footnote", "shptxt"))
ENDS = frozenset(("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"))
LABELS = frozenset(("listtext", "pntext"))
STARRED = frozenset(("shpinst", "shptxt"))
NO_TEXT_WORDS = (
    "annotation atnauthor atnid atndate atnref atntime atrfstart atrfend bkmkstart bkmkend colortbl colorschememapping "
    "datastore do docvar falt fldinst filetbl fontemb formfield generator info latentstyles leveltext levelnumbers "
    "listlevel listoverridetable listtable mmathPr nonesttables objdata objclass passwordhash pict pn "
    "pnseclvl revtbl rsidtbl rxe shprslt sn sp sv tc template themedata ud upr userprops xe xmlnstbl"
)
NOT_TEXT = frozenset(NO_TEXT_WORDS.split())


@dataclass(frozen=True)
class _Group:
    """What holds inside a pair of braces."""

    reads: str = "text"  # or "label", "fonts", "styles", "nothing"
    encoding: str = "cp1252"
    fallback: int = 1  # how many characters stand in for one in Unicode
    hidden: bool = False
    story: int = 0


@dataclass
class _Story:
    """A text of its own: the document's, or a note's: the paragraph being read, the row, what hangs on it."""

    kind: str = ""
    label: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    hanging: list[_Story] = field(default_factory=list)
    style: int = -1
    level: int = 9
    in_table: bool = False

    def taken(self) -> tuple[str, str]:
        """The number or bullet of the paragraph that was read, and its words after it; both are read anew."""
        label, text = bullet(_joined(self.label).strip()), _joined(self.words)
        self.label, self.words = [], []
        return label, f"{label} {text.lstrip()}" if label and text.strip() else text


def parse_rtf(data: bytes) -> Parsed:
    """The text of a rich text file: a section for each heading style, paragraphs counted, rows of tables as lines.

    Items of lists begin with the number or bullet that was saved. Notes and text boxes follow the paragraph they hang
    on; headers and footers are furniture at the end. Hidden and deleted text is left out; comments, embedded objects
    and a missing end are said in the remark.
    """
    if not data.lstrip()[:5].lower() == b"{\\rtf":
        raise UnreadableError("it is no RTF: it does not begin with {\\rtf")
    return _Rtf(data.decode("latin-1")).parsed()


class _Rtf:
    """A file being read, token by token, without recursion."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.manuscript = Manuscript(count_paragraphs=True)
        self.group = _Group()
        self.outer: list[_Group] = []
        self.stories = [_Story()]
        self.ends: list[str] = []
        self.raw = bytearray()
        self.skip = 0
        self.fonts = Fonts()
        self.styles: set[int] = set()
        self.style = -1
        self.counts = dict.fromkeys(("annotation", "objdata", "deleted"), 0)
        self.rows = self.listed = False

    def parsed(self) -> Parsed:
        at, starred = 0, False
        while at < len(self.source) and (match := TOKEN.match(self.source, at)):
            at = match.end()
            if match["brace"]:
                self.skip = 0
                self._flush()
                if match["brace"] == "{":
                    self.outer.append(self.group)
                elif self._close():
                    break
            elif match["word"]:
                number = int(match["number"]) if match["number"] else None
                if match["word"] == "bin" and number:
                    at += max(number, 0)
                self._word(match["word"], number, starred=starred)
            elif match["hex"]:
                self._character(bytes.fromhex(match["hex"]))
            elif match["symbol"]:
                self._symbol(match["symbol"])
            elif match["text"]:
                self._text(match["text"])
            starred = match["symbol"] == "*" or (starred and match["end"] is not None)
        else:
            self.manuscript.remark("it ends before its last brace is closed: something may be missing")
        self._flush()
        while len(self.stories) > 1:
            self._end_story()
        self._paragraph()
        for end in dict.fromkeys(self.ends):
            self.manuscript.write(end, furniture=True)
        not_read(
            self.manuscript,
            counted(self.counts["annotation"], "comment"),
            counted(self.counts["deleted"], "tracked deletion"),
            counted(self.counts["objdata"], "embedded object"),
        )
        return self.manuscript.parsed()

    def _close(self) -> bool:
        """Leave a group; whether it was the outermost."""
        inner = self.group
        self.group = self.outer.pop() if self.outer else _Group()
        if inner.reads == "fonts" != self.group.reads:
            self.group = replace(self.group, encoding=self.fonts.default or self.group.encoding)
        if inner.story != self.group.story:
            self._end_story()
        return not self.outer

    def _word(self, word: str, number: int | None, *, starred: bool) -> None:
        if word in self.counts:
            self.counts[word] += 1
        if word == "u" and number is not None:
            self._flush()
            self._put(chr(number & 0xFFFF))
            self.skip = self.group.fallback
            return
        self.skip = 0
        self._flush()
        if word in HANGING or word in ENDS:
            if self.group.reads == "text":
                self.stories.append(_Story(word))
                self.group = replace(self.group, story=len(self.stories) - 1)
        elif word in LABELS and self.group.reads == "text":
            self.group = replace(self.group, reads="label")
        elif word in NOT_TEXT or (starred and word not in STARRED):
            self.group = replace(self.group, reads="nothing")
        elif word in ("fonttbl", "stylesheet"):
            self.group = replace(self.group, reads={"fonttbl": "fonts"}.get(word, "styles"))
        elif word in SPOKEN:
            self._put(SPOKEN[word])
        elif word in ("par", "sect", "page", "cell", "row"):
            self._divide(word)
        else:
            self._format(word, number)

    def _format(self, word: str, number: int | None) -> None:
        """What a word says of the text after it: its encoding, its style, whether it is seen."""
        if word in SAYING and (encoding := self.fonts.said(word, number)):
            self.group = replace(self.group, encoding=encoding)
        if word == "uc" and number is not None:
            self.group = replace(self.group, fallback=max(number, 0))
        elif word in ("v", "deleted", "plain"):
            self.group = replace(self.group, hidden=word != "plain" and number != 0)
        elif self.group.reads == "styles":
            if word == "s":
                self.style = -1 if number is None else number
            elif word == "outlinelevel" and (number or 0) < 9:
                self.styles.add(self.style)
        elif self.group.reads == "text":
            story = self.stories[-1]
            if word == "pard":
                story.style, story.level, story.in_table = -1, 9, False
            elif word == "s" and number is not None:
                story.style = number
            elif word == "outlinelevel" and number is not None:
                story.level = number
            elif word == "intbl":
                story.in_table = True

    def _symbol(self, symbol: str) -> None:
        self.skip = 0
        if symbol in "\r\n":
            self._flush()
            self._divide("par")
        elif symbol in SYMBOLS:
            self._flush()
            self._put(SYMBOLS[symbol])

    def _character(self, raw: bytes) -> None:
        if self.skip:
            self.skip -= 1
        else:
            self.raw += raw

    def _text(self, text: str) -> None:
        skipped = min(self.skip, len(text))
        self.skip -= skipped
        if self.group.reads == "styles" and HEADING.match(text):
            self.styles.add(self.style)
        self.raw += text[skipped:].encode("latin-1")

    def _flush(self) -> None:
        """Read the bytes that stand alone; two of them may be one character."""
        if self.raw:
            self._put(self.raw.decode(self.group.encoding, "replace"))
            self.raw = bytearray()

    def _put(self, text: str) -> None:
        if self.group.reads == "text" and not self.group.hidden:
            self.stories[-1].words.append(text)
        elif self.group.reads == "label" and not self.group.hidden:
            self.stories[-1].label.append(text)

    def _divide(self, word: str) -> None:
        if self.group.reads != "text":
            return
        story = self.stories[-1]
        if word == "cell":
            story.cells.append(story.taken()[1])
        elif word == "row" or not story.in_table:
            self._paragraph()
        else:
            story.words.append(" ")

    def _paragraph(self) -> None:
        """Write the paragraph or the row of the document that was read, then what hangs on it."""
        story = self.stories[-1]
        heading = story.style in self.styles or story.level < 9
        label, text = story.taken()
        if len(self.stories) > 1:
            story.paragraphs.append(" | ".join([*story.cells, text]))
        elif story.cells:
            self.rows = write_row(self.manuscript, [*story.cells, text], first=not self.rows) or self.rows
            self.listed = False
        elif heading and text.strip():
            self.manuscript.heading(text)
            self.rows = self.listed = False
        elif self.manuscript.write(text, glue="\n" if label and self.listed else "\n\n"):
            self.rows, self.listed = False, bool(label)
        story.cells = []
        if len(self.stories) == 1:
            for paragraph in (paragraph for hung in story.hanging for paragraph in hung.paragraphs):
                self.manuscript.write(paragraph)
            story.hanging = []

    def _end_story(self) -> None:
        self._paragraph()
        story = self.stories.pop()
        if story.kind in ENDS:
            self.ends.extend(text for text in story.paragraphs if text.strip())
        else:
            self.stories[0].hanging.append(story)
            self.stories[0].hanging.extend(story.hanging)


def _joined(words: list[str]) -> str:
    """The words as one text, halves of surrogate pairs made whole."""
    return PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), "".join(words))
