"""Formats: files that other programs made are read as a person reads them, and what can't be read says why."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from dossier.errors import UnreadableError
from dossier.reading.dates import dated
from dossier.reading.formats import SUFFIXES, unsupported
from dossier.reading.isodate import iso_date
from dossier.reading.manuscript import Manuscript
from dossier.reading.parsed import Parsed
from dossier.reading.parsing import PARSERS, parse_bytes, parser_for
from dossier.reading.sentences import sentence_spans

FILES = Path(__file__).parents[1] / "files"
HARBOUR = ["harbour.docx", "harbour.odt", "harbour.rtf", "harbour.html", "harbour.pdf"]
STORM = (
    "On 4 February 1853 the sea broke over the mole and carried off the crane. The harbour master, Ingrid Dahl, had "
    "the boats drawn up to the church\nand counted them twice. Three were lost; no one drowned. The mill lost its "
    "sails, the inn its sign, and the school its roof, which was seen to fly across the market like a hat before it "
    "came down in the orchard of the parsonage."
)


def read(name: str) -> Parsed:
    return parse_bytes(name, (FILES / name).read_bytes())


def titles(parsed: Parsed) -> list[str]:
    return [section.title for section in parsed.sections if section.title]


def place(parsed: Parsed, words: str) -> tuple[str, int]:
    """The last landmark before some words."""
    start = parsed.text.index(words)
    last = [landmark for landmark in parsed.landmarks if landmark.start <= start][-1]
    return last.kind, last.number


def furniture(parsed: Parsed) -> list[str]:
    return [parsed.text[start:end] for start, end in parsed.furniture]


@pytest.mark.parametrize("name", HARBOUR)
def test_a_report_reads_the_same_in_every_format(name: str) -> None:
    parsed = read(name)
    assert titles(parsed) == ["The Harbour of Lindby", "Ships and cargo", "The great storm", "Rebuilding"]
    assert STORM in parsed.text
    assert "Søren Å. Holm" in parsed.text
    assert "that “the quay was still wet with mortar”" in parsed.text
    assert "The log is kept in the town library, shelf nine." in parsed.text
    assert "Is that so?" not in parsed.text
    assert {"Lindby Harbour Board"} < set(furniture(parsed))
    assert "".join(parsed.text[section.start : section.end] for section in parsed.sections) == parsed.text


@pytest.mark.parametrize("name", HARBOUR)
def test_a_section_holds_the_text_below_its_heading(name: str) -> None:
    parsed = read(name)
    (section,) = (section for section in parsed.sections if section.title == "Rebuilding")
    text = parsed.text[section.start : section.end]
    assert text.startswith("Rebuilding\n\nThe new mole was finished in 1859 and cost 112,000 crowns")


@pytest.mark.parametrize("name", HARBOUR[:4])
def test_rows_of_a_table_and_items_of_a_list_are_lines(name: str) -> None:
    text = read(name).text
    assert "Year | Ships | Tons\n1830 | 41 | 3,900\n1840 | 77 | 8,250" in text
    assert "oak for the yards of Hull\n" in text


CLAUSES = """I. The mole

1. The harbour is open to all ships.
2. A ship pays by her tons:
(a) two crowns in summer;
(b) four in winter.
2.b.1. Ice is winter.

The board may change what is due.

3. The Parties shall keep the lamp. They shall share its oil.

II. The ferry

II.1 Fares

• Children go free.
27. A horse is two men."""


@pytest.mark.parametrize("name", ["treaty.docx", "treaty.odt", "treaty.rtf"])
def test_clauses_and_headings_begin_with_the_numbers_that_are_printed(name: str) -> None:
    parsed = read(name)
    assert parsed.text == CLAUSES
    assert titles(parsed) == ["I. The mole", "II. The ferry", "II.1 Fares"]
    sentences = [CLAUSES[start:end] for start, end in sentence_spans(CLAUSES, 0, len(CLAUSES))]
    assert "3. The Parties shall keep the lamp." in sentences
    assert "27. A horse is two men." in sentences


NUMBERS = """<w:numbering xmlns:w="urn:w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/>
<w:numFmt w:val="decimalZero"/><w:lvlText w:val="Article %1:"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:pStyle
w:val="Sub"/><w:numFmt w:val="upperLetter"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl><w:lvl w:ilvl="2"><w:numFmt
w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId
w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId
w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="40"/></w:lvlOverride></w:num>
</w:numbering>"""
STYLES = """<w:styles xmlns:w="urn:w"><w:style w:styleId="Sub"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>
</w:style><w:style w:styleId="Deep"><w:basedOn w:val="Sub"/></w:style></w:styles>"""
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*names: str) -> str:
    listed = "".join(f'<Relationship Id="{name}" Type="{KIND}/{name}" Target="{name}.xml"/>' for name in names)
    return f'<Relationships xmlns="urn:r">{listed}</Relationships>'


def test_word_counts_by_styles_and_begins_anew_where_a_list_says_so() -> None:
    style, first, second = '<w:pStyle w:val="Sub"/>', *(f'<w:numPr><w:numId w:val="{n}"/></w:numPr>' for n in (1, 2))
    deep = '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>'
    places = [first, style, style, first, style, second, first, deep, '<w:numPr><w:numId w:val="0"/></w:numPr>']
    body = "".join(
        f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{letter}</w:t></w:r></w:p>"
        for place, letter in zip(places, "abcdefghi", strict=True)
    )
    parts = {
        "document.xml": f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>',
        "_rels/document.xml.rels": relations("numbering", "styles"),
        "numbering.xml": NUMBERS,
        "styles.xml": STYLES,
    }
    text = parse_bytes("a.docx", packed({f"word/{name}": part.encode() for name, part in parts.items()})).text
    lines = "Article 01: a\n1.1 b\n1.2 c\nArticle 02: d\n2.1 e\nArticle 40: f\nArticle 41: g\n• h\n\ni"
    assert text == lines


@pytest.mark.parametrize("name", ["harbour.docx", "harbour.odt", "harbour.rtf"])
def test_a_note_follows_its_paragraph_and_comments_are_said(name: str) -> None:
    parsed = read(name)
    assert "storms.\n\nThe log is kept" in parsed.text
    assert parsed.remark == "not read: 1 comment"
    assert place(parsed, "The log is kept") == ("paragraph", 3)


def test_pages_of_a_pdf_are_landmarks_and_a_sentence_runs_over_them_whole() -> None:
    parsed = read("harbour.pdf")
    assert place(parsed, "The harbour was dug") == ("page", 1)
    assert "• oak for the yards of Hull" in parsed.text
    assert place(parsed, "and the school its roof") == ("page", 2)
    assert place(parsed, "The new mole") == ("page", 3)
    assert furniture(parsed).count("Lindby Harbour Board") == 3
    assert "Annual report, page 2" in furniture(parsed)
    assert parsed.title == "The Harbour of Lindby"


def test_a_word_divided_at_the_end_of_a_line_is_whole_and_an_empty_page_is_said() -> None:
    parsed = read("tides.pdf")
    assert "the copies were sent to the observatory, where they are still kept" in parsed.text
    assert not {"\xad", "\x02", "\ufffe"} & set(parsed.text)
    assert parsed.remark == "page 2 holds no text (scanned?)"
    assert place(parsed, "The sea rose") == ("page", 3)


def test_columns_of_a_pdf_are_read_through_and_a_line_in_bold_is_a_heading() -> None:
    parsed = read("river.pdf")
    assert titles(parsed) == ["Ice on the river"]
    assert (
        "stayed so until the end of March, when the first boats came up with flour from the coast, with" in parsed.text
    )
    assert parsed.text.endswith("before the frost set in.\n\nIt stands there still.")


def test_raised_figures_rows_and_contents_of_a_pdf_are_told_from_its_sentences() -> None:
    parsed = read("tonnage.pdf")
    assert "The mandate¹² of the board was renewed.³ It covers 40 m² of quay and costs 10⁶ crowns." in parsed.text
    assert "Port | Ships | Tons | Remark\nLindby | 41 | 3,900 | ice in winter\nOby | 7 | 250\n" in parsed.text
    assert "Hull | 177 | 18,250\n\nWithout lines:\n\nYear | Herring | Cod\n1830 | 1,200 | 30" in parsed.text
    sentences = [parsed.text[start:end] for start, end in sentence_spans(parsed.text, 0, len(parsed.text))]
    assert "The mandate¹² of the board was renewed.³" in sentences
    assert furniture(parsed)[:3] == ["1 Fish . . . . . . . 2", "2 Timber . . . . . . . 3", "3 Ships . . . . . . . 4"]
    assert {"2 Herring and cod", "Oak and pitch 3", "4 Brigs and hulls"} < set(furniture(parsed))
    assert "a mill-stone of a market-place" in parsed.text


def test_an_encrypted_pdf_says_what_to_do() -> None:
    with pytest.raises(UnreadableError, match="encrypted; save it without a password"):
        read("locked.pdf")


def test_chapters_of_a_book_are_sections_with_its_date_and_publisher() -> None:
    parsed = read("lamps.epub")
    assert titles(parsed)[-3:] == ["The first keeper", "His dog", "The second keeper"]
    assert {(section.date, section.publisher) for section in parsed.sections} == {("2019-03-02", "Lindby Press")}
    assert parsed.title == "The Lamp Keepers"
    assert "His diaries fill eleven notebooks." in parsed.text
    assert parsed.text.count("The second keeper") == 1  # its table of contents is not among its chapters
    assert "1901 | 212" in parsed.text


def test_a_chapter_that_a_book_names_for_each_of_its_places_is_read_once() -> None:
    parts = unpacked("lamps.epub")
    (package,) = (name for name in parts if name.endswith(".opf"))
    parts[package] = parts[package].replace(b"</spine>", b'<itemref idref="again"/></spine>')
    chapter = re.search(rb'<item id="(ch001[^"]*)" href="([^"]*)"', parts[package])
    assert chapter
    again = b'<item id="again" href="' + chapter[2] + b'#his-dog" media-type="application/xhtml+xml"/></manifest>'
    parts[package] = parts[package].replace(b"</manifest>", again)
    assert parse_bytes("a.epub", packed(parts)).text == read("lamps.epub").text


def test_slides_are_landmarks_with_their_tables_and_notes() -> None:
    parsed = read("talk.pptx")
    assert titles(parsed) == ["Keeping the light", "Why lamps fail", "What it costs"]
    assert "Salt on the lens\nOil that is too old\n\nNotes: Tell them about the winter of 1888" in parsed.text
    assert place(parsed, "1901 | 4,100") == ("slide", 3)


def test_the_sections_of_a_presentation_hold_no_slides_of_their_own() -> None:
    parts = unpacked("talk.pptx")
    main = "ppt/presentation.xml"
    slides = re.sub(rb' r:id="[^"]*"', b"", re.findall(rb"<p:sldIdLst>(.*?)</p:sldIdLst>", parts[main])[0])
    sections = b'<p:extLst><p:ext uri="u"><s:section xmlns:s="urn:s">' + slides.replace(b"p:sldId", b"s:sldId")
    sections += b"</s:section></p:ext></p:extLst></p:presentation>"
    parts[main] = parts[main].replace(b"</p:presentation>", sections)
    assert parse_bytes("a.pptx", packed(parts)) == read("talk.pptx")


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Ada Lind <ada@lindby.example>", "Søren Holm <holm@lindby.example>"
    message["Subject"], message["Date"] = "Die Brücke", "Mon, 02 Nov 2026 23:30:00 -0500"
    message.set_content("The stone came late.\n\n> When did it come?\n")
    message.add_alternative("<p>The stone came <b>late</b>.", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    return message


def test_a_letter_is_its_headers_and_its_plain_text() -> None:
    parsed = parse_bytes("a.eml", letter().as_bytes())
    assert parsed.text.startswith("From: Ada Lind <ada@lindby.example>\nTo: Søren Holm <holm@lindby.example>\n")
    assert parsed.text.endswith("The stone came late.\n\n> When did it come?")
    assert [(section.title, section.date) for section in parsed.sections] == [("Die Brücke", "2026-11-02")]
    assert parsed.remark == "attachments not read: plan.pdf"


def test_a_letter_in_html_alone_is_read_as_a_page() -> None:
    message = EmailMessage()
    message["Subject"] = "Bees"
    message.set_content("<style>p{}</style><p>The bees <i>swarmed</i>.", subtype="html")
    assert parse_bytes("a.eml", message.as_bytes()).text == "Subject: Bees\n\nThe bees swarmed."


@pytest.mark.parametrize("plain", ["", " \n"], ids=["no plain text", "blank plain text"])
def test_the_page_of_an_invitation_is_read_though_a_calendar_follows(plain: str) -> None:
    message = EmailMessage()
    message["Subject"] = "Tea"
    message.make_alternative()
    if plain:
        message.add_alternative(plain)
    message.add_alternative("<p>Tea is at four.", subtype="html")
    message.add_alternative("BEGIN:VCALENDAR", subtype="calendar")
    assert parse_bytes("a.eml", message.as_bytes()).text == "Subject: Tea\n\nTea is at four."


def test_what_is_attached_to_the_page_of_a_letter_is_said_where_its_plain_text_is_read() -> None:
    page = EmailMessage()
    page.set_content("<p>The plan is <b>here</b>.", subtype="html")
    page.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf", disposition="inline")
    message = EmailMessage()
    message["Subject"] = "Plan"
    message.set_content("The plan is here.")
    message.make_alternative()
    message.attach(page)
    parsed = parse_bytes("a.eml", message.as_bytes())
    assert (parsed.text, parsed.remark) == ("Subject: Plan\n\nThe plan is here.", "attachments not read: plan.pdf")


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii"])
def test_a_letter_has_the_quotation_marks_of_windows_whatever_it_declares(charset: str) -> None:
    head = f"Subject: Ice\nContent-Type: text/plain; charset={charset}\n\n".encode()
    parsed = parse_bytes("a.eml", head + "“Café” – €5".encode("cp1252"))
    assert (parsed.text, parsed.remark) == ("Subject: Ice\n\n“Café” – €5", "")


TABLE = (
    'Title;Published;Text\r\nFlood;2026-11-02;"It rained.\r\nAll day; all night."\r\n\r\nFrost;2026-12-01;It froze.\r\n'
)


def test_rows_of_a_table_are_sections_numbered_as_a_spreadsheet_does() -> None:
    parsed = parse_bytes("a.csv", TABLE.encode())
    assert parsed.text == "Flood\n\nIt rained.\nAll day; all night.\n\nFrost\n\nIt froze."
    assert [(section.title, section.date) for section in parsed.sections] == [
        ("Flood", "2026-11-02"),
        ("Frost", "2026-12-01"),
    ]
    assert [(mark.kind, mark.number) for mark in parsed.landmarks] == [("row", 2), ("row", 4)]


def test_a_table_without_a_column_of_text_names_its_values() -> None:
    parsed = parse_bytes("a.tsv", b"ship\ttons\tport\nConstance\t120\t\nHope\t90\tHull\tlate\n")
    assert parsed.text == "ship: Constance; tons: 120\n\nship: Hope; tons: 90; port: Hull; column 4: late"
    assert parsed.remark == "rows with more fields than there are columns: 3"


def test_a_date_that_is_none_to_a_program_stays_in_the_text_of_its_row() -> None:
    parsed = parse_bytes("a.csv", b"title,date,text\nFlood,2 November 2026,It rained.\nFrost,02/03/2026,It froze.\n")
    assert parsed.text == "Flood\n\n2 November 2026\n\nIt rained.\n\nFrost\n\n02/03/2026\n\nIt froze."
    assert [section.date for section in dated(parsed.text, parsed.sections)] == ["2026-11-02", ""]


def test_nothing_beside_the_text_of_a_table_is_lost_without_a_word() -> None:
    parsed = parse_bytes("a.csv", b"Country,Description,GDP\nMalta,,20\nNauru,An island.,1\n")
    assert parsed.text == "Country: Malta; GDP: 20\n\nAn island."
    assert parsed.remark == "columns that are not read: Country, GDP"


def test_lines_of_json_are_sections_and_others_are_said_by_number() -> None:
    lines = ['{"_id": 1, "title": "Flood", "text": "It rained."}', "no json", '{"x": 1}', "", '{"body": ["A.", "B."]}']
    parsed = parse_bytes("a.jsonl", "\n".join(lines).encode())
    assert parsed.text == "Flood\n\nIt rained.\n\nA.\n\nB."
    assert [mark.number for mark in parsed.landmarks] == [1, 5]
    assert parsed.remark == "lines that are not JSON: 2; lines without a text: 3"


@pytest.mark.parametrize("empty", ["", " ", None, []])
def test_an_empty_text_of_a_line_of_json_does_not_hide_its_abstract(empty: object) -> None:
    lines = [{"title": "Frost", "text": empty, "abstract": "It froze."}, {"title": "Thaw", "text": empty}]
    assert parse_bytes("a.jsonl", "\n".join(map(json.dumps, lines)).encode()).text == "Frost\n\nIt froze.\n\nThaw"


def test_what_json_can_write_and_nobody_can_read_is_replaced_and_any_digits_make_a_date() -> None:
    line = json.dumps({"title": "half \ud800 of one", "text": "The bridge fell. \udc00", "date": "２０２６-٠٢"})
    parsed = parse_bytes("a.jsonl", line.encode())
    assert (parsed.sections[0].title, parsed.sections[0].date) == ("half \ufffd of one", "2026-02")
    assert parsed.text.encode()


def test_a_compressed_file_is_read_by_what_is_inside() -> None:
    assert parse_bytes("a.CSV.gz", gzip.compress(TABLE.encode())) == parse_bytes("a.csv", TABLE.encode())
    assert parser_for("a.tar.gz") is None
    assert unsupported("a.tar.gz").startswith(".tar files are not read yet")
    assert tuple(PARSERS) == SUFFIXES


def unpacked(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(FILES / name) as package:
        return {part: package.read(part) for part in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


WORD = """<w:document xmlns:w="urn:w" xmlns:mc="urn:mc"><w:body>
<w:sdt><w:sdtContent><w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Minutes</w:t></w:r></w:p>
</w:sdtContent></w:sdt><w:p><w:r><w:t>The pier </w:t></w:r><w:del><w:r><w:delText>fell</w:delText></w:r></w:del>
<w:ins><w:r><w:t>stands</w:t></w:r>
</w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>.</w:t><w:noBreakHyphen/>
<w:instrText>PAGE</w:instrText></w:r><w:r><mc:AlternateContent><mc:Choice>BOX</mc:Choice><mc:Fallback>BOX</mc:Fallback>
</mc:AlternateContent></w:r></w:p></w:body></w:document>"""
BOX = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"


def test_word_s_insertions_boxes_and_controls_are_text_and_deletions_are_said() -> None:
    parsed = parse_bytes("a.docx", packed({"word/document.xml": WORD.replace("BOX", BOX).encode()}))
    assert parsed.text == "Minutes\n\nThe pier stands.‑\n\nIn a box."
    assert titles(parsed) == ["Minutes"]
    assert parsed.remark == "not read: 1 tracked deletion"


TABLE_IN_WORD = """<w:document xmlns:w="urn:w" xmlns:mc="urn:mc"><w:body><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Ice</w:t>
<w:footnoteReference w:id="2"/><mc:AlternateContent><mc:Choice>BOX</mc:Choice><mc:Fallback>BOX</mc:Fallback>
</mc:AlternateContent></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>4</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body>
</w:document>"""
FOOTNOTES = """<w:footnotes xmlns:w="urn:w"><w:footnote w:id="2"><w:p><w:r><w:t>Until May.</w:t></w:r></w:p>
</w:footnote></w:footnotes>"""


def test_the_notes_and_boxes_of_a_table_in_word_follow_it_once() -> None:
    parts = {
        "document.xml": TABLE_IN_WORD.replace("BOX", BOX),
        "_rels/document.xml.rels": relations("footnotes"),
        "footnotes.xml": FOOTNOTES,
    }
    text = parse_bytes("a.docx", packed({f"word/{name}": part.encode() for name, part in parts.items()})).text
    assert text == "Ice | 4\n\nIn a box.\n\nUntil May."


OPEN = """<o:document xmlns:o="urn:o" xmlns:t="urn:t" xmlns:d="urn:d"><o:body><o:text><t:p>The
<t:span><t:title>pier</t:title></t:span><d:frame><d:title>A picture.</d:title></d:frame><d:custom-shape><t:p>
A shape.</t:p></d:custom-shape> stands.</t:p><t:table><t:table-row><t:table-cell><t:p>Ice<o:annotation><t:p>Sure?</t:p>
</o:annotation><t:note><t:note-citation>1</t:note-citation><t:note-body><t:p>Until May.</t:p></t:note-body></t:note>
<d:frame><d:text-box><t:p>In a box.</t:p></d:text-box></d:frame></t:p></t:table-cell><t:table-cell><t:p>4</t:p>
</t:table-cell></t:table-row></t:table></o:text></o:body></o:document>"""


def test_what_hangs_on_an_opendocument_s_paragraphs_is_no_word_of_theirs_and_follows_once() -> None:
    parsed = parse_bytes("a.odt", packed({"content.xml": OPEN.encode()}))
    assert parsed.text == "The pier stands.\n\nA shape.\n\nIce | 4\n\nUntil May.\n\nIn a box."
    assert parsed.remark == "not read: 1 comment"


def test_the_boxes_of_a_paragraph_in_word_follow_in_order() -> None:
    boxes = "</w:r><w:r>".join(BOX.replace("In a box", word) for word in ("One", "Two", "Three"))
    body = f'<w:document xmlns:w="urn:w"><w:body><w:p><w:r>{boxes}</w:r></w:p></w:body></w:document>'
    assert parse_bytes("a.docx", packed({"word/document.xml": body.encode()})).text == "One.\n\nTwo.\n\nThree."


def test_the_notes_of_an_opendocument_s_paragraph_follow_in_order_however_deep_they_stand() -> None:
    note = "<t:note><t:note-body><t:p>One.</t:p></t:note-body></t:note>"
    paragraph = f"<t:p>Ice<t:span>{note}</t:span> melts{note.replace('One', 'Two')}</t:p>"
    content = f'<o:document xmlns:o="urn:o" xmlns:t="urn:t"><o:body><o:text>{paragraph}</o:text></o:body></o:document>'
    assert parse_bytes("a.odt", packed({"content.xml": content.encode()})).text == "Ice melts\n\nOne.\n\nTwo."


RICH = (
    rb"{\rtf1\ansi\ansicpg1251\uc1{\fonttbl{\f0\fcharset204 Arial;}{\f1\fcharset128 MS Gothic;}}"
    rb"{\stylesheet{\s1 heading 1;}}{\info{\title T}}\pard\s1 \'cc\'ee\'f1\'f2\par"
    rb"\pard\f1 \'8aC\f0 {\v secret}{\*\unknown x}\u-10179?\u-8704? a\~b\line c\par"
    rb"\trowd\pard\intbl one\cell two\cell\row"
    rb"\pard{\field{\*\fldinst HYPERLINK http://a}{\fldrslt link}}.\bin3 }}} end}tail"
)


def test_rich_text_is_read_in_the_encoding_of_each_font() -> None:
    parsed = parse_bytes("a.rtf", RICH)
    assert parsed.text == "Мост\n\n海😀 a\u00a0b\nc\n\none | two\n\nlink. end"
    assert titles(parsed) == ["Мост"]
    assert parsed.remark == ""


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        (rb"{\rtf1\mac caf\'8e}", "café"),
        (rb"{\rtf1\ansi\ansicpg10000 caf\'8e}", "café"),
        (rb"{\rtf1\ansi\deff1{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}\'cc{\f0\'e9\plain\'cc}\f0\'e9}", "МéМé"),
        (rb"{\rtf1\ansi{\fonttbl{\f1\fcharset204 B;}}\'e9\f1\'cc\plain\'cc}", "éММ"),
        (rb"{\rtf1\ansi one\column two}", "one\ntwo"),
        (rb"{\rtf1\ansi{\b caf\u233}{ bar}}", "café bar"),
        (rb"{\rtf1\ansi caf\u233{\b bar}}", "cafébar"),
    ],
    ids=[
        "Macintosh",
        "its code page",
        "font of the file",
        "no font of the file",
        "column",
        "end of a group",
        "begin of a group",
    ],
)
def test_rich_text_of_other_programs_is_read_as_they_wrote_it(rich: bytes, text: str) -> None:
    assert parse_bytes("a.rtf", rich).text == text


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026", "2026"),
        ("2026-11", "2026-11"),
        ("20261121", "2026-11-21"),
        ("2026/11/21", "2026-11-21"),
        ("2026.11.21 22:38", "2026-11-21"),
        ("2026/11", "2026"),
        ("2026/11.21", "2026"),
        ("2026/02/30", ""),
        ("2026-11-21T23:59:59-05:00", "2026-11-21"),
        ("Sat, 21 Nov 2026 22:38:36 +0000", "2026-11-21"),
        ("2026-02-30", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_a_date_is_as_precise_as_it_was_written(written: str, date: str) -> None:
    assert iso_date(written) == date


def test_a_manuscript_keeps_its_places() -> None:
    manuscript = Manuscript(count_paragraphs=True)
    manuscript.write("Menu", furniture=True)
    manuscript.heading("One\r\ntwo")
    manuscript.write("Text.")
    parsed = manuscript.parsed()
    assert parsed.text == "Menu\n\nOne\ntwo\n\nText."
    assert [(section.start, section.title) for section in parsed.sections] == [(0, ""), (6, "One two")]
    assert [(mark.start, mark.number) for mark in parsed.landmarks] == [(6, 1), (15, 2)]
