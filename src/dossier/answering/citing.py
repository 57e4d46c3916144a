"""Citing: a hit becomes a Citation, looked up in the file it was read from before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dossier.answers import Citation, Hit
from dossier.indexing.duplicates import repeats
from dossier.indexing.index import Index
from dossier.records import Corpus, landmarks_in, page_of, place_of


def cite(index: Index, corpus: Corpus, hits: Sequence[Hit]) -> list[Citation]:
    """The citations of the best sentences of some hits, numbered from 1, with what their files are like at this moment.

    A file whose bytes are the indexed ones holds the quote at its place, since that is where the quote was cut out;
    any other file is marked as changed or missing.
    """
    citations = [_citation(index, corpus, hit, number) for number, hit in enumerate(hits, start=1)]
    states = {path: one.check() for path, one in {one.path: one for one in citations}.items()}
    return [replace(one, state=states[one.path]) for one in citations]


def _citation(index: Index, corpus: Corpus, hit: Hit, number: int) -> Citation:
    passage = hit.passage
    first_line, last_line = passage.lines(hit.sentence)
    landmarks = landmarks_in(passage.landmarks, hit.sentence)
    document = index.document_of[passage.path]
    section = next(one for one in document.sections if hit.sentence[0] < one.end)
    duplicates = index.duplicates_of.get(passage.path, [])
    return Citation(
        number=number,
        path=passage.path,
        quote=hit.quote,
        start=hit.sentence[0],
        end=hit.sentence[1],
        first_line=first_line,
        last_line=last_line,
        page=page_of(landmarks),
        place=place_of(landmarks, first_line, last_line),
        section=passage.section,
        date=passage.date,
        event=passage.event,
        venue=passage.venue,
        file=corpus.file(passage.path),
        digest=document.source.digest,
        also=tuple(path for path in duplicates if repeats(index.document_of[path].text, hit.quote)),
        title=document.title,
        author=document.author,
        publisher=section.publisher,
        address=document.address,
    )
