"""What the library says, in English, French and Spanish; `texts` takes it up."""

from __future__ import annotations

LIBRARY: dict[str, tuple[str, str, str]] = {
    "search": ("Search the library", "Chercher dans la bibliothèque", "Buscar en la biblioteca"),
    "document": ("Document", "Document", "Documento"),
    "state": ("State", "État", "Estado"),
    "sections": ("Sections", "Sections", "Secciones"),
    "dates": ("Dates", "Dates", "Fechas"),
    "size": ("Size", "Taille", "Tamaño"),
    "action": ("Action", "Action", "Acción"),
    "read": ("read", "lu", "leído"),
    "skipped": ("skipped", "ignoré", "omitido"),
    "duplicate": ("duplicate", "doublon", "duplicado"),
    "new": ("new", "nouveau", "nuevo"),
    "changed": ("changed", "modifié", "cambiado"),
    "gone": ("gone", "disparu", "desaparecido"),
    "left_out": ("left out", "écarté", "excluido"),
    "sort_by": ("Sort by {column}", "Trier par {column}", "Ordenar por {column}"),
    "shown_of": (
        "{shown} of {total} files shown; search to narrow them down.",
        "{shown} fichiers affichés sur {total} ; cherchez pour préciser.",
        "Se muestran {shown} de {total} archivos; busque para precisar.",
    ),
    "none_match": ("No file matches.", "Aucun fichier ne correspond.", "Ningún archivo coincide."),
    "rebuild": ("Bring the index up to date", "Mettre l’index à jour", "Actualizar el índice"),
    "up_to_date": ("The index is up to date.", "L’index est à jour.", "El índice está al día."),
    "folder_missing": (
        "The folder of the documents is missing; answers come from the index.",
        "Le dossier des documents est introuvable ; les réponses viennent de l’index.",
        "Falta la carpeta de los documentos; las respuestas vienen del índice.",
    ),
    "still_asking": (
        "Questions go on being answered from the index as it was.",
        "Les questions reçoivent leurs réponses de l’index précédent.",
        "Las preguntas se siguen respondiendo con el índice anterior.",
    ),
    "failed": (
        "The index could not be brought up to date, and answers come from what it was before:",
        "L’index n’a pas pu être mis à jour, et les réponses viennent de ce qu’il était :",
        "El índice no se pudo actualizar, y las respuestas vienen de lo que era antes:",
    ),
    "last_build": ("Last build", "Dernière construction", "Última construcción"),
    "in_seconds": ("{seconds} s", "{seconds} s", "{seconds} s"),
    "published": ("Generation of {time}", "Génération du {time}", "Generación del {time}"),
    "set_aside": (
        "Everything was read again, since",
        "Tout a été relu, car",
        "Todo se leyó de nuevo, porque",
    ),
    "report_added": ("Added", "Ajoutés", "Añadidos"),
    "report_changed": ("Changed", "Modifiés", "Cambiados"),
    "report_removed": ("Removed", "Retirés", "Quitados"),
    "report_skipped": ("Skipped, and why", "Ignorés, et pourquoi", "Omitidos, y por qué"),
    "report_nothing": (
        "No document was new, changed or gone.",
        "Aucun document n’était nouveau, modifié ou disparu.",
        "Ningún documento era nuevo, cambiado o desaparecido.",
    ),
    "add": ("Add documents", "Ajouter des documents", "Añadir documentos"),
    "add_hint": (
        "or drop them here; {limit} each at most",
        "ou déposez-les ici ; {limit} chacun au plus",
        "o suéltelos aquí; {limit} cada uno como máximo",
    ),
    "add_to": ("to the folder", "au dossier", "a la carpeta"),
    "adding": ("Adding {name}…", "Ajout de {name}…", "Añadiendo {name}…"),
    "was_added": ("{name} was added.", "{name} a été ajouté.", "{name} se ha añadido."),
    "was_added_as": (
        "{name} was added as {path}.",
        "{name} a été ajouté sous le nom {path}.",
        "{name} se ha añadido como {path}.",
    ),
    "not_added": ("{name} was not added:", "{name} n’a pas été ajouté :", "{name} no se ha añadido:"),
    "too_large": (
        "it is larger than {limit}, the most that is taken here.",
        "il dépasse {limit}, le maximum accepté ici.",
        "pasa de {limit}, lo máximo que se acepta aquí.",
    ),
    "not_sent": (
        "it could not be sent. Is it a folder, or has dossier stopped?",
        "il n’a pas pu être envoyé. Est-ce un dossier de fichiers, ou le programme s’est-il arrêté ?",
        "no se pudo enviar. ¿Es una carpeta, o se ha detenido el programa?",
    ),
    "not_done": ("That could not be done:", "Cela n’a pas pu être fait :", "No se pudo hacer:"),
    "closed": (
        "This library can be looked at, not changed; its owner can allow that (dossier serve --editable).",
        "Cette bibliothèque ne se modifie pas ; son propriétaire peut l’autoriser (dossier serve --editable).",
        "Esta biblioteca se consulta sin cambiarla; su dueño puede permitirlo (dossier serve --editable).",
    ),
    "busy": (
        "The index is being brought up to date. Try again when that is done.",
        "L’index est en cours de mise à jour. Réessayez ensuite.",
        "El índice se está actualizando. Inténtelo después.",
    ),
    "leave_out": ("Leave out", "Écarter", "Excluir"),
    "leave_out_of": ("Leave out {path}", "Écarter {path}", "Excluir {path}"),
    "leave_out_title": (
        "Leave this document out?",
        "Écarter ce document ?",
        "¿Excluir este documento?",
    ),
    "leave_out_means": (
        (
            "It is no longer searched or quoted. The file stays where it is, just as it is: a line in .dossierignore, "
            "beside the documents, leaves it out. You can take it back at any time."
        ),
        (
            "Il n’est plus ni cherché ni cité. Le fichier reste où il est, tel qu’il est : une ligne du "
            ".dossierignore, à côté des documents, l’écarte. Vous pouvez le reprendre à tout moment."
        ),
        (
            "Ya no se busca en él ni se cita. El archivo se queda donde está y como está: una línea de .dossierignore, "
            "junto a los documentos, lo excluye. Puede volver a incluirlo cuando quiera."
        ),
    ),
    "take_back": ("Take back", "Reprendre", "Volver a incluir"),
    "take_back_of": ("Take back {path}", "Reprendre {path}", "Volver a incluir {path}"),
    "back_to": (
        "Go back to the index of {time}",
        "Revenir à l’index du {time}",
        "Volver al índice del {time}",
    ),
    "back_title": ("Go back to the index before?", "Revenir à l’index précédent ?", "¿Volver al índice anterior?"),
    "back_means": (
        (
            "Answers come from the documents as they were then. No file is changed. It stays so until the index is "
            "brought up to date again: here, when dossier starts again, or, with --watch, when a document changes."
        ),
        (
            "Les réponses viennent des documents tels qu’ils étaient alors. Aucun fichier n’est modifié. Cela vaut "
            "jusqu’à la prochaine mise à jour de l’index : ici, au redémarrage de dossier ou, avec --watch, "
            "dès qu’un document change."
        ),
        (
            "Las respuestas vienen de los documentos tal como estaban entonces. No se cambia ningún archivo. Vale "
            "hasta que el índice se actualice: aquí, al reiniciar dossier o, con --watch, cuando cambie un documento."
        ),
    ),
    "go_back": ("Go back", "Revenir", "Volver"),
    "went_back": (
        "The index is at its generation of {time} again.",
        "L’index est revenu à sa génération du {time}.",
        "El índice está de nuevo en su generación del {time}.",
    ),
}
