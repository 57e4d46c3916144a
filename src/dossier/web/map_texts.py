"""What the map and the timeline say, in English, French and Spanish, as in `dossier.web.texts`."""

from __future__ import annotations

MAP_TEXTS: dict[str, tuple[str, str, str]] = {
    "map": ("Map", "Carte", "Mapa"),
    "documents": ("Documents", "Documents", "Documentos"),
    "map_canvas": (
        "Map of the passages; those that mean much the same are near each other",
        "Carte des passages ; ceux de sens proche sont voisins",
        "Mapa de los pasajes; los de sentido parecido están cerca",
    ),
    "map_help": (
        "Passages that mean much the same are near each other. Arrow keys go from one to the next, Enter opens it.",
        "Les passages de sens proche sont voisins. Les flèches vont de l’un à l’autre, Entrée ouvre.",
        "Los pasajes de sentido parecido están cerca. Las flechas van de uno a otro, Intro lo abre.",
    ),
    "map_drawing": ("Drawing the map…", "Dessin de la carte…", "Dibujando el mapa…"),
    "map_failed": (
        "The map could not be drawn.",
        "La carte n’a pas pu être dessinée.",
        "No se pudo dibujar el mapa.",
    ),
    "map_few": (
        "Passages: {count}. So few are sooner read than looked at; choose a document to open them.",
        "Passages : {count}. Si peu se lisent plus vite qu’ils ne se regardent ; choisissez un document.",
        "Pasajes: {count}. Tan pocos se leen antes que se miran; elija un documento para abrirlos.",
    ),
    "map_drawn": (
        "{shown} of {total} passages are shown, drawn evenly from the documents; hits are shown wherever they are.",
        "{shown} passages sur {total}, tirés également des documents ; les résultats sont tous montrés.",
        "Se muestran {shown} de {total} pasajes, tomados por igual de los documentos; los resultados, todos.",
    ),
    "map_hits": ("Passages of the last answer", "Passages de la dernière réponse", "Pasajes de la última respuesta"),
    "map_alone": (
        "Open a document to see it alone.",
        "Ouvrez un document pour le voir seul.",
        "Abra un documento para verlo solo.",
    ),
    "map_search": ("Search the documents", "Chercher un document", "Buscar un documento"),
    "zoom_in": ("Nearer", "Rapprocher", "Acercar"),
    "zoom_out": ("Farther", "Éloigner", "Alejar"),
    "zoom_fit": ("The whole map", "Toute la carte", "Todo el mapa"),
    "timeline": ("Timeline", "Chronologie", "Cronología"),
    "timeline_help": (
        "A dot is a section dated to the day; an open bar is one of which only the month or the year is known.",
        "Un point : une section datée au jour ; une barre vide : on n’en connaît que le mois ou l’année.",
        "Un punto es una sección con día; una barra vacía, una de la que solo se sabe el mes o el año.",
    ),
    "timeline_shown": (
        "{shown} of {total} dated sections are shown, evenly.",
        "{shown} sections datées sur {total}, tirées également.",
        "Se muestran {shown} de {total} secciones con fecha, por igual.",
    ),
    "yearless": ("Without a year", "Sans année", "Sin año"),
    "undated": (
        "Sections without a date: {count}.",
        "Sections sans date : {count}.",
        "Secciones sin fecha: {count}.",
    ),
}
