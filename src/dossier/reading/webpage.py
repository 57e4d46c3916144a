"""Web pages: HTML as a person reads it, in paragraphs; menus, asides and buttons are furniture, scripts no text."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from dossier.errors import UnreadableError
from dossier.reading.manuscript import Manuscript
from dossier.reading.parsed import Parsed
from dossier.reading.plaintext import AS_MEANT, MARKS, decode
from dossier.reading.webfacts import first_time, web_facts
from dossier.reading.webfurniture import LISTS, is_bar, is_furniture

if TYPE_CHECKING:
    from lxml.etree import _Element


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEVER_SEEN = _names(
    "script style template head title iframe object embed applet audio video canvas svg map datalist noembed noframes "
    "rp input"
)
NOTE_MARK = re.compile(r"\b(?:noteref|backlink|footnote-ref|footnote-back|sdfootnote\w+|sdendnote\w+)\b")
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
BLOCKS = HEADINGS | _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form header hgroup hr legend li main menu nav ol optgroup option p pre search section select summary table "
    "tbody td tfoot th thead tr ul button textarea noscript"
)
VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
SELF_CLOSED = re.compile(rf"<(?!(?:{VOID})[\s/>])([A-Za-z][^\s/<>]*)(?=[\s/])([^<>]*)/>", re.IGNORECASE)
DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.I
)
# What a browser reads (https://encoding.spec.whatwg.org), by Python's names; what declares UTF-16 is UTF-8 to it.
WEB = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp(866|874|932|949|125\d)|koi8-[ru]|mac-(roman|cyrillic)|tis-620|gb\w+|big5\w*|euc_(jp|kr)"
    r"|iso2022_jp|shift_jis"
)
HEAD = 4096
SPACE = re.compile(r"[ \t\n\r\f]+")
PERMALINKS = frozenset("#¶§🔗")  # of headings, shown under the mouse alone
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse_webpage(data: bytes) -> Parsed:
    """The text of a web page: a section for each heading, its paragraphs counted, and what it says of itself.

    The marks that lead to notes are left out, so that a sentence reads as it was written; the notes are text.
    """
    html, remark = decode_html(data)
    manuscript = Manuscript(count_paragraphs=True)
    manuscript.remark(remark)
    root = html_root(html)
    if root is None:
        return manuscript.parsed()
    facts = web_facts(root, html)
    write_webpage(manuscript, root)
    return manuscript.parsed(title=facts.title, address=facts.address, date=facts.date, publisher=facts.publisher)


def decode_html(data: bytes) -> tuple[str, str]:
    """The text of some HTML and a remark on its encoding: that of a byte order mark, else the declared one, else ours.

    A declared encoding that the bytes do not fit, or that is none of the web, is set aside with a remark.
    """
    if data.startswith((codecs.BOM_UTF8, *(mark for mark, _ in MARKS))):
        return decode(data)
    declared = DECLARED.search(data[:HEAD])
    if declared is None:
        return decode(data)
    name = (declared.group(1) or declared.group(2)).decode("ascii", "replace").lower()
    name = AS_MEANT.get(name, name)
    if b"\0" in data:
        raise UnreadableError("it holds NUL bytes, so it is not a web page")
    try:
        if WEB.fullmatch(codecs.lookup(name).name):
            return data.decode(name), ""
    except (LookupError, ValueError):
        pass
    text, remark = decode(data)
    return text, remark or f"read as UTF-8, though it says {name}"


def html_root(html: str) -> _Element | None:
    """The root of a page, or None where it holds nothing. XHTML's self-closed elements are closed for HTML's parser."""
    from lxml import etree

    if html.lstrip()[:5].lower() == "<?xml" or "http://www.w3.org/1999/xhtml" in html[:HEAD]:
        html = SELF_CLOSED.sub(r"<\1\2></\1>", html)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        if "empty" in str(error) or not html.strip():
            return None
        raise UnreadableError(f"it can't be read as HTML: {error}") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableError("its elements are nested too deep (more than 2,048), so that text would be lost")
    return root


def write_webpage(manuscript: Manuscript, root: _Element) -> None:
    """Write what a person reads on a page; the tree is walked without recursion, however deep it is."""
    from lxml import etree

    page = _Page(manuscript, several=_several_articles(root))
    walk = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walk:
        if event == "start":
            if _unseen(element):
                walk.skip_subtree()
                continue
            page.open(element)
            page.text(element.text)
        elif event == "end":
            if not _unseen(element):
                page.close(element)
            page.text(element.tail)
        else:
            page.text(element.tail)
    page.flush()


class _Page:
    """Where a walk through a page is: the words of the paragraph being read, and what it stands in."""

    def __init__(self, manuscript: Manuscript, *, several: bool) -> None:
        self.manuscript = manuscript
        self.several = several
        self.words: list[str] = []
        self.cells: list[str] | None = None
        self.row: _Element | None = None
        self.furniture: list[_Element] = []
        self.prose = 0
        self.preformatted = 0
        self.joins = ""  # the kind of line that the next paragraph is: of a list or of a table
        self.joined = ""  # what the last one was
        self.dates: list[str] = []
        self.lists = 0
        self.links = 0  # in this paragraph
        self.in_link = 0
        self.beside: list[str] = []  # its words that are in no link

    def open(self, element: _Element) -> None:
        tag = element.tag
        if tag == "a":
            self.links += 1
            self.in_link += 1
        elif tag == "br":
            self.words.append("\n")
        elif self.cells is not None:
            if tag in ("td", "th"):
                self.words = []
            elif tag in BLOCKS:
                self.words.append(" ")
        elif tag in BLOCKS:
            self.flush()
            self._open_block(element)

    def _open_block(self, element: _Element) -> None:
        tag = element.tag
        if tag == "tr" and not _layout(element):
            self.cells, self.row = [], element
        elif tag == "li":
            self.joins = "item"
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "article" and self.several:
            self.dates.append(first_time(element))
            self.manuscript.section(date=self.dates[-1])
        if tag in ("article", "main") or tag in HEADINGS:
            self.prose += 1
        if not self.furniture and is_furniture(element, in_prose=self.prose > 0, in_list=self.lists > 0):
            self.furniture.append(element)
        self.lists += tag in LISTS

    def close(self, element: _Element) -> None:
        tag = element.tag
        self.in_link -= tag == "a"
        if self.cells is not None:
            self._close_in_row(element, self.cells)
        elif tag in BLOCKS:
            self.flush(heading=tag in HEADINGS)
            self.lists -= tag in LISTS
            if tag == "pre":
                self.preformatted -= 1
            elif tag in ("article", "main") or tag in HEADINGS:
                self.prose -= 1
            if tag == "article" and self.several:
                self.dates.pop()
                self.manuscript.section(date=self.dates[-1] if self.dates else "")
            if self.furniture and self.furniture[-1] is element:
                self.furniture.pop()

    def _close_in_row(self, element: _Element, cells: list[str]) -> None:
        if element.tag in ("td", "th"):
            cells.append(" ".join("".join(self.words).split()))
            self.words = []
        elif element is self.row:
            self.words = [" | ".join(cell for cell in [*cells, *self.words] if cell.strip())]
            self.cells, self.row, self.joins = None, None, "row"
            self.flush()

    def text(self, text: str | None) -> None:
        if text:
            self.words.append(text if self.preformatted else SPACE.sub(" ", text))
            if not self.in_link:
                self.beside.append(text)

    def flush(self, *, heading: bool = False) -> None:
        """Write the paragraph that was read, if it holds a word."""
        words, self.words = "".join(self.words), []
        if not self.preformatted:
            words = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", words))
        joins = self.joins
        bar = not self.preformatted and joins != "row" and is_bar(words, self.links, "".join(self.beside))
        furniture = bar or any(not heading or element.tag != "header" for element in self.furniture)
        self.links, self.beside = 0, []
        for paragraph in [words] if self.preformatted else re.split(r"\n{2,}", words):
            if heading and not furniture and paragraph.strip():
                self.manuscript.heading(paragraph, date=self.dates[-1] if self.dates else "")
                self.joined = ""
            elif self.manuscript.write(
                paragraph, glue="\n" if joins and joins == self.joined else "\n\n", furniture=furniture
            ):
                self.joined, self.joins = joins, ""


def _unseen(element: _Element) -> bool:
    """Whether an element is no text: never shown, hidden, a link to the place where it stands, or a note's mark."""
    if element.tag in NEVER_SEEN or "hidden" in element.attrib or HIDDEN.search(element.get("style") or ""):
        return True
    if element.tag != "a":
        return False
    kinds = f"{element.get('role') or ''} {element.get('epub:type') or ''} {element.get('class') or ''}"
    inner, outer = element[0] if len(element) else element, element.getparent()
    raised = inner.tag == "sup" or (outer is not None and outer.tag == "sup")
    return (
        (element is inner and (element.text or "").strip() in PERMALINKS)
        or NOTE_MARK.search(kinds) is not None
        or (raised and "#" in (element.get("href") or ""))
    )


def _layout(row: _Element) -> bool:
    """Whether a row of a table is there to place blocks side by side, not to hold data."""
    blocks = 0
    for inside in row.iterdescendants("table", "p", "div", "ul", "ol", *HEADINGS):
        blocks += inside.tag in ("p", "div")
        if inside.tag not in ("p", "div") or blocks > 2 * len(row):
            return True
    return False


def _several_articles(root: _Element) -> bool:
    articles = root.iter("article")
    return next(articles, None) is not None and next(articles, None) is not None
