"""What the page says of limits and thumbs, and the names of months; `texts` takes them up."""

from __future__ import annotations

ASKING: dict[str, tuple[str, str, str]] = {
    "limit": ("Limit to…", "Limiter à…", "Limitar a…"),
    "limit_documents": ("Documents or folders", "Documents ou dossiers", "Documentos o carpetas"),
    "limit_hint": ("part of a name", "partie d’un nom", "parte de un nombre"),
    "limit_unknown": (
        "No document or folder has this name.",
        "Aucun document ni dossier ne porte ce nom.",
        "Ningún documento ni carpeta tiene este nombre.",
    ),
    "limit_after": ("Dated from", "Daté à partir de", "Con fecha desde"),
    "limit_before": ("Dated before", "Daté d’avant", "Con fecha anterior a"),
    "limit_date": (
        "A year, a month or a day: 2026, 2026-11 or 2026-11-21",
        "Une année, un mois ou un jour : 2026, 2026-11 ou 2026-11-21",
        "Un año, un mes o un día: 2026, 2026-11 o 2026-11-21",
    ),
    "limit_done": ("Done", "Terminé", "Listo"),
    "limit_remove": ("Remove: {limit}", "Retirer : {limit}", "Quitar: {limit}"),
    "limited": ("Limited to: {limits}", "Limité à : {limits}", "Limitado a: {limits}"),
    "dated_after": ("from {date}", "à partir de {date}", "desde {date}"),
    "dated_before": ("before {date}", "avant {date}", "antes de {date}"),
    "dated_after_day": ("from {date}", "à partir du {date}", "desde el {date}"),
    "dated_before_day": ("before {date}", "avant le {date}", "antes del {date}"),
    "thumbs": ("Is this a good answer?", "Est-ce une bonne réponse ?", "¿Es una buena respuesta?"),
    "thumb_up": ("Good answer", "Bonne réponse", "Buena respuesta"),
    "thumb_down": ("Poor answer", "Mauvaise réponse", "Mala respuesta"),
    "thumb_note": ("A note, if you like", "Une note, si vous voulez", "Una nota, si quiere"),
    "thumb_keep": ("Keep", "Conserver", "Guardar"),
    "thumb_kept": (
        "Kept beside the index, sent nowhere.",
        "Conservé à côté de l’index, envoyé nulle part.",
        "Guardado junto al índice, sin enviarse a nadie.",
    ),
    "thumb_taken_back": ("Taken back.", "Retiré.", "Retirado."),
    "waiting for another build": (
        "waiting for another build",
        "attente d’une autre construction",
        "en espera de otra construcción",
    ),
}
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
