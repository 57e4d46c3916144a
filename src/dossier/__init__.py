"""Ask a folder of documents a question; get the passages that answer it, quoted exactly and cited."""

from dossier.answers import Answer, Citation, Hit, Parts
from dossier.dossier import Dossier, ask, build, search
from dossier.errors import DossierError
from dossier.records import Document, Passage, Section, Skipped, Source
from dossier.reports import BuildReport, Progress
from dossier.settings import Settings

__all__ = [
    "Answer",
    "BuildReport",
    "Citation",
    "Document",
    "Dossier",
    "DossierError",
    "Hit",
    "Parts",
    "Passage",
    "Progress",
    "Section",
    "Settings",
    "Skipped",
    "Source",
    "ask",
    "build",
    "search",
]
