"""Texts: what the page itself says, in English, French and Spanish. Quotes stay in the language they are in."""

from __future__ import annotations

from collections.abc import Mapping

from dossier.records import spoken_date
from dossier.web.asking_texts import ASKING, MONTHS
from dossier.web.library_texts import LIBRARY
from dossier.web.map_texts import MAP_TEXTS

LANGUAGES = ("en", "fr", "es")
# One row for each text, in the order of LANGUAGES; {names} are filled in.
TEXTS: dict[str, tuple[str, str, str]] = {
    "tagline": (
        "Ask these documents. Every answer is quoted and shows where it stands.",
        "Interrogez ces documents. Chaque réponse est citée et montre où elle se trouve.",
        "Pregunte a estos documentos. Cada respuesta se cita y muestra dónde está.",
    ),
    "ask": ("Ask", "Demander", "Preguntar"),
    "library": ("Library", "Bibliothèque", "Biblioteca"),
    "question": ("Question", "Question", "Pregunta"),
    "placeholder": ("Ask a question…", "Posez une question…", "Haga una pregunta…"),
    **ASKING,
    "welcome": ("What would you like to know?", "Que voulez-vous savoir ?", "¿Qué quiere saber?"),
    "examples": ("For example", "Par exemple", "Por ejemplo"),
    "conversation": ("Conversation", "Conversation", "Conversación"),
    "keep": ("Save as", "Enregistrer en", "Guardar como"),
    "clear": ("Clear the conversation", "Effacer la conversation", "Borrar la conversación"),
    "looking": ("Looking it up…", "Recherche en cours…", "Buscando…"),
    "stop": ("Stop", "Arrêter", "Detener"),
    "stopped": ("Stopped.", "Arrêté.", "Detenido."),
    "asked": ("Asked: {question}", "Question complétée : {question}", "Pregunta completa: {question}"),
    "perhaps": ("Perhaps:", "Peut-être :", "Quizá:"),
    "not_found": (
        "These documents do not seem to say.",
        "Ces documents ne semblent pas le dire.",
        "Estos documentos no parecen decirlo.",
    ),
    "not_found_hint": (
        "The passages below come nearest. Other words for the same thing may help.",
        "Les passages ci-dessous s’en approchent le plus. D’autres mots pour la même chose peuvent aider.",
        "Los pasajes siguientes son los más cercanos. Otras palabras para lo mismo pueden ayudar.",
    ),
    "nothing": ("No passage was found.", "Aucun passage trouvé.", "No se encontró ningún pasaje."),
    "being_read": ("Reading the passages…", "Lecture des passages…", "Leyendo los pasajes…"),
    "no_short": (
        "No short answer. What comes nearest:",
        "Pas de réponse courte. Le plus proche :",
        "Sin respuesta corta. Lo más cercano:",
    ),
    "not_read": (
        "Found by search alone: it is no question that the reader can read.",
        "Trouvé par la recherche seule : ce n’est pas une question que le lecteur sait lire.",
        "Hallado solo por la búsqueda: no es una pregunta que el lector sepa leer.",
    ),
    "agree": ("which agree", "qui concordent", "que coinciden"),
    "or": ("or", "ou", "o"),
    "confidence": (
        "Probability that the evidence is here: {percent}\u00a0%",
        "Probabilité que la preuve soit ici : {percent}\u00a0%",
        "Probabilidad de que la prueba esté aquí: {percent}\u00a0%",
    ),
    "passages": ("Passages", "Passages", "Pasajes"),
    "nearest": ("Nearest passages", "Passages les plus proches", "Pasajes más cercanos"),
    "score": ("score {score}", "score {score}", "puntuación {score}"),
    "shares": ("shares: {words}", "mots communs : {words}", "en común: {words}"),
    "by_meaning": ("found by its meaning", "trouvé par son sens", "encontrado por su sentido"),
    "why": ("Why it was found", "Pourquoi il a été trouvé", "Por qué se encontró"),
    "part_passage": ("the passage means much the same", "le sens du passage", "el sentido del pasaje"),
    "part_sentence": ("its nearest sentence does", "le sens de sa phrase la plus proche", "el sentido de su frase"),
    "part_words": ("words of the question", "mots de la question", "palabras de la pregunta"),
    "part_tokens": ("word by word", "mot à mot", "palabra por palabra"),
    "part_company": ("likeness to the best passages", "proximité des meilleurs", "parecido con los mejores"),
    "part_reader": ("read together with the question", "lu avec la question", "leído con la pregunta"),
    "also": ("also in {paths}", "aussi dans {paths}", "también en {paths}"),
    "edit": ("Edit the question", "Modifier la question", "Editar la pregunta"),
    "retry": ("Ask again", "Redemander", "Preguntar de nuevo"),
    "cancel": ("Cancel", "Annuler", "Cancelar"),
    "link": ("Copy link", "Copier le lien", "Copiar enlace"),
    "copied": ("Copied", "Copié", "Copiado"),
    "quotes_found": (
        "Answer: {quotes}, {passages}.",
        "Réponse : {quotes}, {passages}.",
        "Respuesta: {quotes}, {passages}.",
    ),
    "index_changed": (
        "The documents have been indexed again since this link was made; the answer may differ.",
        "Les documents ont été réindexés depuis la création de ce lien ; la réponse peut différer.",
        "Los documentos se han indexado de nuevo desde que se hizo este enlace; la respuesta puede ser otra.",
    ),
    "preparing": ("Preparing the documents", "Préparation des documents", "Preparando los documentos"),
    "updating": ("Bringing the index up to date", "Mise à jour de l’index", "Actualizando el índice"),
    "reading": ("reading", "lecture", "lectura"),
    "loading the model": ("loading the model", "chargement du modèle", "carga del modelo"),
    "dividing": ("dividing", "découpage", "división"),
    "embedding": ("embedding", "vectorisation", "vectorización"),
    "writing": ("writing", "écriture", "escritura"),
    "sources": ("Sources", "Sources", "Fuentes"),
    "sources_hint": (
        "Choose a number such as [1] or a passage, and the document opens here at the very sentence.",
        "Choisissez un numéro comme [1] ou un passage : le document s’ouvre ici, à la phrase même.",
        "Elija un número como [1] o un pasaje, y el documento se abre aquí en la misma frase.",
    ),
    "source_of": ("Source: {place}", "Source : {place}", "Fuente: {place}"),
    "no_passage": (
        "This link leads to no passage.",
        "Ce lien ne mène à aucun passage.",
        "Este enlace no lleva a ningún pasaje.",
    ),
    "link_changed": (
        (
            "The documents have changed since this link was made, and this passage is not among them as it was. "
            "Ask the question once more."
        ),
        (
            "Les documents ont changé depuis la création de ce lien, et ce passage n’y est plus tel quel. "
            "Posez la question de nouveau."
        ),
        (
            "Los documentos han cambiado desde que se hizo este enlace y este pasaje ya no está como estaba. "
            "Haga la pregunta otra vez."
        ),
    ),
    "file_changed": (
        "This file has changed since it was indexed. What you see is what was read then.",
        "Ce fichier a changé depuis son indexation. Vous voyez ce qui avait été lu alors.",
        "Este archivo ha cambiado desde que se indexó. Lo que ve es lo que se leyó entonces.",
    ),
    "file_missing": (
        "This file has disappeared since it was indexed. What you see is what was read then.",
        "Ce fichier a disparu depuis son indexation. Vous voyez ce qui avait été lu alors.",
        "Este archivo ha desaparecido desde que se indexó. Lo que ve es lo que se leyó entonces.",
    ),
    "state_changed": (
        "changed since it was indexed",
        "modifié depuis son indexation",
        "cambiado desde que se indexó",
    ),
    "state_missing": ("no longer there", "n’existe plus", "ya no está"),
    "previous": ("Previous passage", "Passage précédent", "Pasaje anterior"),
    "next": ("Next passage", "Passage suivant", "Pasaje siguiente"),
    "back": ("Back to the answer", "Revenir à la réponse", "Volver a la respuesta"),
    "copy_quote": ("Copy quote as", "Copier la citation", "Copiar la cita"),
    "plain": ("Text", "Texte", "Texto"),
    "original": ("Open the original", "Ouvrir l’original", "Abrir el original"),
    "as_text": ("Text", "Texte", "Texto"),
    "as_page": ("Page", "Page", "Página"),
    "drawing": ("Drawing the page…", "Dessin de la page…", "Dibujando la página…"),
    "many_pages": (
        "Many pages are being drawn at the moment. Try again.",
        "Beaucoup de pages sont en cours de dessin. Réessayez.",
        "Se están dibujando muchas páginas. Inténtelo de nuevo.",
    ),
    "page_alt": (
        "Page {page} of {path}, with the quote marked",
        "Page {page} de {path}, citation marquée",
        "Página {page} de {path}, con la cita marcada",
    ),
    "not_marked": (
        "The quote was not found on this picture; the text has it.",
        "La citation n’a pas été retrouvée sur cette image ; le texte la contient.",
        "La cita no se encontró en esta imagen; el texto la tiene.",
    ),
    **LIBRARY,
    **MAP_TEXTS,
}
# The words of a place, as citations write it in English.
UNITS: dict[str, tuple[str, str, str]] = {
    "line": ("line", "ligne", "línea"),
    "lines": ("lines", "lignes", "líneas"),
    "p.": ("p.", "p.", "p."),
    "pp.": ("pp.", "p.", "págs."),
    "slide": ("slide", "diapositive", "diapositiva"),
    "slides": ("slides", "diapositives", "diapositivas"),
    "row": ("row", "rangée", "fila"),
    "rows": ("rows", "rangées", "filas"),
    "paragraph": ("paragraph", "paragraphe", "párrafo"),
    "paragraphs": ("paragraphs", "paragraphes", "párrafos"),
    "page": ("page", "page", "página"),
}


def say(language: str, key: str, **values: object) -> str:
    """A text of the page in a language, with its names filled in."""
    text = TEXTS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def say_place(language: str, place: str) -> str:
    """A place such as ``lines 3–5`` in a language."""
    unit, _, number = place.partition(" ")
    return f"{UNITS[unit][LANGUAGES.index(language)]} {number}" if unit in UNITS else place


def say_date(language: str, dated: str) -> str:
    """A date in words in a language, or what of it is known; empty where nothing is."""
    if language == LANGUAGES[0]:
        return spoken_date(dated)
    year, month, day = [*dated.removeprefix("-").split("-"), "", ""][:3]
    day = "1er" if language == "fr" and day == "01" else day.lstrip("0")
    parts = [day, MONTHS[language].split()[int(month) - 1] if month else "", year]
    return (" de " if language == "es" else " ").join(part for part in parts if part)


def language_of(headers: Mapping[str, str]) -> str:
    """The language that a browser prefers (its header Accept-Language) if the page speaks it; English otherwise.

    What the browser itself puts in a language is in that one too: it does not look at the next.
    """
    weighed: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "").split(",")[:20]:
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag.strip().lower().split("-")[0]))
        except ValueError:
            continue
    _, preferred = min(weighed, key=lambda item: item[0], default=(0, ""))
    return preferred if preferred in LANGUAGES else LANGUAGES[0]
