"""Counts: numbers, and the words that go with them, in the languages of the page."""

from __future__ import annotations

from dossier.web.texts import LANGUAGES

# One row for each text: for each language, in the order of LANGUAGES, what is said of one and of several.
Forms = tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
COUNTED: dict[str, Forms] = {
    "documents": (
        ("{n} document", "{n} documents"),
        ("{n} document", "{n} documents"),
        ("{n} documento", "{n} documentos"),
    ),
    "passages": (("{n} passage", "{n} passages"), ("{n} passage", "{n} passages"), ("{n} pasaje", "{n} pasajes")),
    "files_skipped": (
        ("{n} file skipped", "{n} files skipped"),
        ("{n} fichier ignoré", "{n} fichiers ignorés"),
        ("{n} archivo omitido", "{n} archivos omitidos"),
    ),
    "quoted": (
        ("{n} quote", "{n} quotes"),
        ("{n} citation", "{n} citations"),
        ("{n} cita", "{n} citas"),
    ),
    "added": (("{n} added", "{n} added"), ("{n} ajouté", "{n} ajoutés"), ("{n} añadido", "{n} añadidos")),
    "changed": (("{n} changed", "{n} changed"), ("{n} modifié", "{n} modifiés"), ("{n} cambiado", "{n} cambiados")),
    "removed": (("{n} removed", "{n} removed"), ("{n} retiré", "{n} retirés"), ("{n} quitado", "{n} quitados")),
    "unchanged": (
        ("{n} unchanged", "{n} unchanged"),
        ("{n} inchangé", "{n} inchangés"),
        ("{n} sin cambios", "{n} sin cambios"),
    ),
    "skipped": (("{n} skipped", "{n} skipped"), ("{n} ignoré", "{n} ignorés"), ("{n} omitido", "{n} omitidos")),
    "embedded": (
        ("{n} passage embedded", "{n} passages embedded"),
        ("{n} passage vectorisé", "{n} passages vectorisés"),
        ("{n} pasaje vectorizado", "{n} pasajes vectorizados"),
    ),
    "changes": (
        ("{n} file has changed since the index was built.", "{n} files have changed since the index was built."),
        (
            "{n} fichier a changé depuis la construction de l’index.",
            "{n} fichiers ont changé depuis la construction de l’index.",
        ),
        (
            "{n} archivo ha cambiado desde que se construyó el índice.",
            "{n} archivos han cambiado desde que se construyó el índice.",
        ),
    ),
    "cut_before": (
        ("{n} character before this is not shown.", "{n} characters before this are not shown."),
        ("{n} caractère précédent n’est pas affiché.", "{n} caractères précédents ne sont pas affichés."),
        ("No se muestra {n} carácter anterior.", "No se muestran {n} caracteres anteriores."),
    ),
    "cut_after": (
        ("{n} character after this is not shown.", "{n} characters after this are not shown."),
        ("{n} caractère suivant n’est pas affiché.", "{n} caractères suivants ne sont pas affichés."),
        ("No se muestra {n} carácter posterior.", "No se muestran {n} caracteres posteriores."),
    ),
    "more_files": (
        ("and {n} more", "and {n} more"),
        ("et {n} autre", "et {n} autres"),
        ("y {n} más", "y {n} más"),
    ),
}
# What stands between thousands and before decimals; French and Spanish have a narrow space that never breaks.
MARKS = {"en": (",", "."), "fr": ("\u202f", ","), "es": ("\u202f", ",")}
UNITS = {"en": ("B", "kB", "MB"), "fr": ("o", "ko", "Mo"), "es": ("B", "kB", "MB")}


def count(language: str, key: str, number: int) -> str:
    """A number with its words, in the form that it asks for: in French, zero is said as one is."""
    one, several = COUNTED[key][LANGUAGES.index(language)]
    single = number in {0, 1} if language == "fr" else number == 1
    return (one if single else several).format(n=figure(language, number))


def figure(language: str, number: float, decimals: int = 0) -> str:
    """A number as it is written; Spanish begins to part thousands at 10,000."""
    thousands, point = MARKS[language]
    if language == "es" and abs(number) < 10_000:
        thousands = ""
    return f"{number:,.{decimals}f}".translate({ord(","): thousands, ord("."): point})


def size_text(language: str, size: int) -> str:
    """So many bytes in words, as far as they matter; empty where the size is not known, and negative."""
    small, middle, large = UNITS[language]
    if size < 0:
        return ""
    if size < 1000:
        return f"{size} {small}"
    if size < 1_000_000:
        return f"{figure(language, size / 1000)} {middle}"
    return f"{figure(language, size / 1e6, 0 if size % 1_000_000 == 0 else 1)} {large}"
