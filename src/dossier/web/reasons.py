"""Reasons: why a file was skipped or something refused, said in the language of the page where it knows how.

What it does not know stays in English and is marked as that: a message of a library is better whole than guessed at.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from dossier.escaping import printable
from dossier.records import Duplicate
from dossier.web.counts import figure
from dossier.web.texts import LANGUAGES

# What is said in English, as a pattern, and the same in French and in Spanish.
REASONS: tuple[tuple[str, str, str], ...] = (
    ("hidden", "caché", "oculto"),
    ("the index itself", "l’index lui-même", "el propio índice"),
    ("the folder is empty", "le dossier est vide", "la carpeta está vacía"),
    (
        r"left out by (.+) in (.+), line (\d+)",
        "écarté par {0} dans {1}, ligne {2}",
        "excluido por {0} en {1}, línea {2}",
    ),
    (
        r"(\.\S+) files are not read yet; dossier reads (.+), and each of them compressed as \.gz",
        "les fichiers {0} ne sont pas encore lus ; dossier lit {1}, et chacun d’eux compressé en .gz",
        "los archivos {0} aún no se leen; dossier lee {1}, y cada uno de ellos comprimido en .gz",
    ),
    (
        r"a file without a suffix is not read; dossier reads (.+), and each of them compressed as \.gz",
        "un fichier sans suffixe n’est pas lu ; dossier lit {0}, et chacun d’eux compressé en .gz",
        "un archivo sin sufijo no se lee; dossier lee {0}, y cada uno de ellos comprimido en .gz",
    ),
    (r"it holds no text", "il ne contient pas de texte", "no contiene texto"),
    (
        r"it holds no prose, only what pages put around it: menus, buttons, scripts",
        "il ne contient pas de prose, seulement ce qui l’entoure : menus, boutons, scripts",
        "no contiene prosa, solo lo que la rodea: menús, botones, guiones",
    ),
    (
        r"it holds NUL bytes, so it is not text",
        "il contient des octets nuls : ce n’est pas du texte",
        "contiene bytes nulos: no es texto",
    ),
    (
        r"it is encrypted; save it without a password",
        "il est chiffré ; enregistrez-le sans mot de passe",
        "está cifrado; guárdelo sin contraseña",
    ),
    (
        r"it is (?:a|an) (.+), named (\.\S+): rename it to (.+)",
        "son contenu ne répond pas à son nom en {1} : renommez-le en {2}",
        "su contenido no corresponde a su nombre en {1}: cámbielo a {2}",
    ),
    (
        r"it is damaged or no PDF: (.+)",
        "il est endommagé ou n’est pas un PDF ({0})",
        "está dañado o no es un PDF ({0})",
    ),
    (r"it can't be opened: (.+)", "il ne peut être ouvert ({0})", "no se puede abrir ({0})"),
    (
        r"reading it took more than (\S+) s",
        "sa lecture a pris plus de {0} s",
        "su lectura tardó más de {0} s",
    ),
    (
        r"reading it needed more than (.+)",
        "sa lecture demandait plus de {0} de mémoire",
        "su lectura necesitaba más de {0} de memoria",
    ),
    ("the reader crashed on it", "son lecteur s’est arrêté net", "su lector se detuvo de golpe"),
    (
        r"It is here already, as '(.+)'\.",
        "Il est déjà là, sous le nom {0}.",
        "Ya está aquí, con el nombre {0}.",
    ),
    (
        r"It would not be read: left out by (.+) in (.+), line (\d+)\. Rename it, or change the pattern\.",
        "Il ne serait pas lu : {0} dans {1}, ligne {2}, l’écarte. Renommez-le ou changez le motif.",
        "No se leería: {0} en {1}, línea {2}, lo excluye. Cámbiele el nombre o cambie el patrón.",
    ),
    (
        r"Its name holds nothing that a file can be called by\. Rename it\.",
        "Son nom n’a rien qui puisse nommer un fichier. Renommez-le.",
        "Su nombre no tiene nada que pueda nombrar un archivo. Cámbielo.",
    ),
    (
        r"It is the last document of its folder, and an index needs one\. Add another first\.",
        "C’est le dernier document de son dossier, et il en faut un à l’index. Ajoutez-en d’abord un autre.",
        "Es el último documento de su carpeta, y el índice necesita uno. Añada antes otro.",
    ),
    # What can't be asked, kept or opened. What is typed in a terminal is the same in every language.
    (
        r"The question has (.+?) characters; at most (.+?) can be asked\. Shorten it\.",
        "La question a {0} caractères ; {1} au plus peuvent être posés. Raccourcissez-la.",
        "La pregunta tiene {0} caracteres; se admiten {1} como máximo. Acórtela.",
    ),
    (
        r"The question holds characters that are not Unicode text\. Type it again\.",
        "La question contient des caractères qui ne sont pas du texte Unicode. Saisissez-la de nouveau.",
        "La pregunta contiene caracteres que no son texto Unicode. Escríbala de nuevo.",
    ),
    (
        r"The question has (.+?) tokens; the model (.+?) reads (.+?)\. Shorten it\.",
        "La question a {0} unités ; le modèle {1} en lit {2}. Raccourcissez-la.",
        "La pregunta tiene {0} unidades; el modelo {1} lee {2}. Acórtela.",
    ),
    (
        r"The index holds no document or folder (.+?)\. Its documents are listed by: dossier status",
        "L’index ne contient ni document ni dossier {0}. La bibliothèque montre ce qu’il contient.",
        "El índice no contiene ningún documento ni carpeta {0}. La biblioteca muestra lo que contiene.",
    ),
    (
        r"(.+?) is (.+?); it must be a year, a month or a day, such as 2026, 2026-11 or 2026-11-21\.",
        "{1} n’est pas une date ; il faut une année, un mois ou un jour, comme 2026, 2026-11 ou 2026-11-21.",
        "{1} no es una fecha; debe ser un año, un mes o un día, como 2026, 2026-11 o 2026-11-21.",
    ),
    (
        r"There is no index in (.+?) yet\. Build one: (.+?)",
        "Il n’y a pas encore d’index dans {0}. Construisez-le : {1}",
        "Todavía no hay índice en {0}. Constrúyalo: {1}",
    ),
    (
        r"The index is damaged: (.+?) Build it again: (.+?)",
        "L’index est endommagé : {0} Reconstruisez-le : {1}",
        "El índice está dañado: {0} Constrúyalo de nuevo: {1}",
    ),
    (
        r"There is no folder (.+?)\. Give the folder that holds your documents\.",
        "Il n’y a pas de dossier {0}. Indiquez celui qui contient vos documents.",
        "No hay ninguna carpeta {0}. Indique la que contiene sus documentos.",
    ),
    (
        r"The note has (.+?) characters; at most (.+?) can be kept\. Shorten it\.",
        "La note a {0} caractères ; {1} au plus sont conservés. Raccourcissez-la.",
        "La nota tiene {0} caracteres; se guardan {1} como máximo. Acórtela.",
    ),
    (
        r"(.+?) has (.+?) bytes, and no more are kept\. Move it away, and a new one is begun\.",
        "{0} a {1} octets, et rien de plus n’est conservé. Déplacez-le, et un nouveau sera commencé.",
        "{0} tiene {1} bytes, y no se guarda más. Muévalo, y se empezará uno nuevo.",
    ),
    (
        r"(.+?) can't be written \((.+?)\)\. Nothing was kept\.",
        "Impossible d’écrire {0} ({1}). Rien n’a été conservé.",
        "No se puede escribir {0} ({1}). No se guardó nada.",
    ),
)
_PATTERNS = [(re.compile(english), (french, spanish)) for english, french, spanish in REASONS]


def reason_html(language: str, english: str) -> str:
    """A reason as HTML in a language; in English, and marked as that, where the page does not know it."""
    said = reason_text(language, english)
    if said is None:
        return f'<span lang="en">{html.escape(printable(" ".join(english.split())))}</span>'
    return html.escape(printable(said))


def say_reason(language: str, english: str) -> str:
    """A reason in a language; in English where the page does not know it."""
    return reason_text(language, english) or english


@lru_cache(maxsize=4096)
def reason_text(language: str, english: str) -> str | None:
    """A reason in a language; None where the page does not know it."""
    said = " ".join(english.split())
    if language == LANGUAGES[0]:
        return said
    for pattern, others in _PATTERNS:
        if match := pattern.fullmatch(said):
            return others[LANGUAGES.index(language) - 1].format(*match.groups())
    return None


def duplicate_text(language: str, duplicate: Duplicate) -> str:
    """What a document repeats, in a language."""
    if language == LANGUAGES[0]:
        return duplicate.description
    percent = figure(language, min(int(100 * duplicate.likeness), 99))
    if language == "fr":
        nearly = f"presque le même ({percent} %)"
        return f"{'le même' if duplicate.same else nearly} que {duplicate.original}"
    nearly = f"casi igual ({percent} %)"
    return f"{'igual' if duplicate.same else nearly} que {duplicate.original}"
