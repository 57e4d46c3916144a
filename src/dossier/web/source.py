"""The source panel: the document behind a citation, with the passage marked and the sentence that answers.

Everything that comes from a document or from the browser is escaped or checked here.
"""

from __future__ import annotations

import html
import re

from dossier.dossier import Dossier
from dossier.errors import DossierError
from dossier.records import Document, Hit, Span, State, file_state, landmarks_in, place_of, text_lines
from dossier.rendering import printable
from dossier.web.opening import Opening

ADDRESS = re.compile(r"#cite-([\w-]{1,64})\.(\d{1,9})\.(\d{1,12})\.(\d{1,12})\.(\d{1,12})\.(\d{1,12})")
# Of a very long document so many characters on each side of the passage are shown.
AROUND = 100_000

EMPTY = (
    '<div class="source-empty"><h2>Sources</h2>'
    "<p>Choose a number such as [1] in an answer, and the document opens here at the passage it stands for.</p></div>"
)


def address(dossier: Dossier, hit: Hit) -> str:
    """A link to a hit: the generation, the number of its document, and the spans of its passage and its sentence."""
    number = dossier.index.documents.index(dossier.index.document_of[hit.passage.path])
    places = (number, hit.passage.start, hit.passage.end, *hit.sentence)
    return f"#cite-{dossier.generation}.{'.'.join(map(str, places))}"


def source(opening: Opening, link: object) -> str:
    """The document that a link stands for, as HTML; a plain sentence where it stands for nothing."""
    match = ADDRESS.fullmatch(link) if isinstance(link, str) else None
    if match is None:
        return _notice("This link leads to no passage.")
    try:
        dossier = opening.dossier()
    except DossierError as error:
        return _notice(str(error))
    if match[1] != dossier.generation:
        return _notice("The documents have been indexed again since this answer. Ask the question once more.")
    number, start, end, first, last = map(int, match.groups()[1:])
    documents = dossier.index.documents
    if number >= len(documents) or not start <= first < last <= end <= len(documents[number].text):
        return _notice("This link leads to no passage.")
    document = documents[number]
    return _shown(
        document, (start, end), (first, last), file_state(dossier.corpus.file(document.path), document.source.digest)
    )


def _shown(document: Document, passage: Span, sentence: Span, state: State) -> str:
    text = document.text
    start, end = max(0, passage[0] - AROUND), min(len(text), passage[1] + AROUND)
    first_line = text_lines(text, 0, passage[0])
    landmarks = landmarks_in(document.landmarks, passage)
    words = place_of(landmarks, first_line, first_line + text_lines(text, *passage) - 1)
    place = f"{document.path}, {words}"
    title = next(section.title for section in document.sections if passage[0] < section.end)
    warning = f"This file has {'changed' if state is State.CHANGED else 'disappeared'} since it was indexed."
    return "".join(
        (
            f'<article class="source" tabindex="-1" aria-label="Source: {_safe(place)}"><header>',
            f"<h2>{_safe(place)}</h2>",
            f"<p>{_safe(title)}</p>" if title else "",
            f'<p class="warning">{warning} What you see is what was read then.</p>'
            if state is not State.STANDS
            else "",
            '</header><div class="document">',
            f'<p class="cut">{start:,} characters before this are not shown.</p>' if start else "",
            _safe(text[start : passage[0]]),
            f"<mark>{_safe(text[passage[0] : sentence[0]])}",
            f"<strong>{_safe(text[slice(*sentence)])}</strong>",
            f"{_safe(text[sentence[1] : passage[1]])}</mark>",
            _safe(text[passage[1] : end]),
            f'<p class="cut">{len(text) - end:,} characters after this are not shown.</p>' if end < len(text) else "",
            "</div></article>",
        )
    )


def _notice(sentence: str) -> str:
    return f'<p class="source-notice" role="status">{_safe(sentence)}</p>'


def _safe(text: str) -> str:
    return html.escape(printable(text, lines=True))
