"""Refusals: what dossier says no to, in the language of the page; what has no translation is said in English."""

from __future__ import annotations

import re
from functools import cache

from dossier.web.texts import LANGUAGES

# A row for each error: how it reads in English, each {} being anything, then in French and Spanish with the same parts
# by their numbers. What is typed in a terminal is the same in every language.
REFUSALS: tuple[tuple[str, str, str], ...] = (
    (
        "The question has {} characters; at most {} can be asked. Shorten it.",
        "La question a {0} caractères ; {1} au plus peuvent être posés. Raccourcissez-la.",
        "La pregunta tiene {0} caracteres; se admiten {1} como máximo. Acórtela.",
    ),
    (
        "The question holds characters that are not Unicode text. Type it again.",
        "La question contient des caractères qui ne sont pas du texte Unicode. Saisissez-la de nouveau.",
        "La pregunta contiene caracteres que no son texto Unicode. Escríbala de nuevo.",
    ),
    (
        "The question has {} tokens; the model {} reads {}. Shorten it.",
        "La question a {0} unités ; le modèle {1} en lit {2}. Raccourcissez-la.",
        "La pregunta tiene {0} unidades; el modelo {1} lee {2}. Acórtela.",
    ),
    (
        "The index holds no document or folder {}. Its documents are listed by: dossier status",
        "L’index ne contient ni document ni dossier {0}. La bibliothèque montre ce qu’il contient.",
        "El índice no contiene ningún documento ni carpeta {0}. La biblioteca muestra lo que contiene.",
    ),
    (
        "{} is {}; it must be a year, a month or a day, such as 2026, 2026-11 or 2026-11-21.",
        "{1} n’est pas une date ; il faut une année, un mois ou un jour, comme 2026, 2026-11 ou 2026-11-21.",
        "{1} no es una fecha; debe ser un año, un mes o un día, como 2026, 2026-11 o 2026-11-21.",
    ),
    (
        "There is no index in {} yet. Build one: {}",
        "Il n’y a pas encore d’index dans {0}. Construisez-le : {1}",
        "Todavía no hay índice en {0}. Constrúyalo: {1}",
    ),
    (
        "The index is damaged: {} Build it again: {}",
        "L’index est endommagé : {0} Reconstruisez-le : {1}",
        "El índice está dañado: {0} Constrúyalo de nuevo: {1}",
    ),
    (
        "There is no folder {}. Give the folder that holds your documents.",
        "Il n’y a pas de dossier {0}. Indiquez celui qui contient vos documents.",
        "No hay ninguna carpeta {0}. Indique la que contiene sus documentos.",
    ),
    (
        "The note has {} characters; at most {} can be kept. Shorten it.",
        "La note a {0} caractères ; {1} au plus sont conservés. Raccourcissez-la.",
        "La nota tiene {0} caracteres; se guardan {1} como máximo. Acórtela.",
    ),
    (
        "{} has {} bytes, and no more are kept. Move it away, and a new one is begun.",
        "{0} a {1} octets, et rien de plus n’est conservé. Déplacez-le, et un nouveau sera commencé.",
        "{0} tiene {1} bytes, y no se guarda más. Muévalo, y se empezará uno nuevo.",
    ),
    (
        "{} can't be written ({}). Nothing was kept.",
        "Impossible d’écrire {0} ({1}). Rien n’a été conservé.",
        "No se puede escribir {0} ({1}). No se guardó nada.",
    ),
)


def say_refusal(language: str, error: str) -> str:
    """The message of an error in a language; as it is where that is not known."""
    if language == LANGUAGES[0]:
        return error
    for pattern, *translations in _patterns():
        match = pattern.fullmatch(error)
        if match:
            return translations[LANGUAGES.index(language) - 1].format(*match.groups())
    return error


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, str]]:
    return [
        (re.compile(re.escape(english).replace(r"\{\}", "(.+?)"), re.DOTALL), french, spanish)
        for english, french, spanish in REFUSALS
    ]
