"""Ask a folder of documents a question; get the passages that answer it, quoted exactly and cited."""

from dossier.dossier import Dossier, ask, build, search
from dossier.errors import DossierError
from dossier.records import (
    Answer,
    BuildReport,
    Citation,
    Document,
    Hit,
    Parts,
    Passage,
    Progress,
    Section,
    Skipped,
    Source,
)
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
