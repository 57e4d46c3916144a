"""Opening words: with what paragraphs of English, French, Spanish and German prose begin, as data.

The patterns of all languages are tried on every paragraph; none stands here that means something else in another.
"""

from __future__ import annotations

# Words that lean on what was said before: a paragraph that opens with them goes on with it.
LEANING = {
    "English": (
        r"He|She|It|They|His|Her|Its|Their|This|These|Those|That|Such|Both|Another|Others?|However|Moreover|Furthermore"
        r"|Meanwhile|Nevertheless|Nonetheless|Therefore|Thus|Hence|Consequently|Also|Additionally|Besides|But|And|Or|Yet"
        r"|Still|Instead|Finally|Then|Later|Earlier|Afterwards|Subsequently|Similarly|Likewise|Indeed"
        r"|There(?! (?:is|are|was|were|has|have)\b)|Here|Second(?:ly)?|Third(?:ly)?"
        r"|(?:In|By) (?:addition|contrast|conclusion|response|th[ei]se?|light of)|For (?:example|instance)|As an? \w+,"
        r"|As a result|On the (?:other hand|same day)|At the same time|The (?:latter|former)|To \w+ these"
    ),
    "French": (
        r"Il (?:a|est|était|avait|fut|sera|ne|se|y|faut|[a-zéè]+(?:ait|era))|Il [ns]['’]\w+|Elles?|Ils"
        r"|Ce(?! (?:\w+di|dimanche)\b)(?:t|tte|s|la|ci)?|Celui-ci|Celle-ci|Ceux-ci"
        r"|Ses|Leurs?|Mais|Et|Donc|Ainsi|Alors|Puis|Ensuite|Enfin|Cependant|Toutefois"
        r"|Néanmoins|Pourtant|En (?:effet|outre|revanche|conclusion|conséquence)|De (?:plus|même)"
        r"|Par (?:ailleurs|exemple|conséquent|contre)|Au contraire|Dès lors"
        r"|Dans (?:ce|cette|ces)|Pour (?:conclure|sa part)|Le même jour|Ici|Là"
    ),
    "Spanish": (
        r"Él|Ellas?|Ellos|Es[aeo]s?|Est[aeo]s?(?! (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b)|Sus?"
        r"|Pero|Y|Además|Sin embargo|No obstante"
        r"|Por (?:lo tanto|ejemplo|otra parte|último|su parte|eso|ello)|Asimismo|También|Entonces|Luego|Después"
        r"|Finalmente|Mientras tanto|En (?:cambio|conclusión|consecuencia|est[aeo]s?|es[aeo]s?)|Así|Allí|Aquí"
        r"|Al mismo tiempo|El mismo día|Tras (?:ello|eso)"
    ),
    "German": (
        r"Er|Sie|Es|Dies(?:e[mnrs]?)?|Jene[mnrs]?|Solche[mnrs]?|Ihre?[mnrs]?|Seine?[mnrs]?|Dabei|Damit|Dafür|Dagegen|Danach"
        r"|Dann|Darauf|Darüber|Dazu|Doch|Aber|Und|Oder|Auch|Außerdem|Zudem|Allerdings|Jedoch|Dennoch|Trotzdem|Deshalb"
        r"|Deswegen|Daher|Somit|Schließlich|Hier|Dort|Beide|Zum (?:Beispiel|Schluss)|Im Gegensatz|In dieser|In diesem"
        r"|Am selben Tag|Gleichzeitig|Ebenso|Abschließend"
    ),
}
# The last paragraph of an article may begin so.
CLOSING = {
    "English": r"In conclusion|Finally|To conclude|In closing|Concluding",
    "French": r"En conclusion|Pour conclure|Enfin",
    "Spanish": r"En conclusión|Para concluir|Por último|Finalmente",
    "German": r"Abschließend|Zum (?:Ab)?[Ss]chluss|Schließlich",
}
# What stands before the family name of a person who has been introduced.
TITLES = {
    "English": r"Mr|Mrs|Ms|Mx|Dr|Prof|Sir|Lt|Gen|Col|Amb|Ambassador|General|Professor",
    "French": r"M\.|MM|Mme|Mlle|Monsieur|Madame|Maître",
    "Spanish": r"Sra?|Dra|Señora?|Profesora?",
    "German": r"Herrn?|Frau",
}
# Captions: with a number, or without.
NUMBERED = {
    "English": r"Figure|Fig\.|Table|Photo",
    "French": r"Tableau|Carte",
    "Spanish": r"Figura|Tabla|Cuadro|Foto",
    "German": r"Abbildung|Abb\.|Tabelle|Bild",
}
PICTURED = {
    "English": r"From left|From right|Pictured|Featured above",
    "French": r"De gauche à droite|Ci-dessus",
    "Spanish": r"De izquierda a derecha|De derecha a izquierda",
    "German": r"Von links|Von rechts",
}
# What stands before the day in news ("On October 29th, …"), with a day of the week or without.
NEWS_DAY = {
    "English": r"On (?:[A-Z]\w+day,? )?",
    "French": r"(?:[LC]e (?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?|(?:Lun|Mar|Mercre|Jeu|Vendre|Same)di )",
    "Spanish": r"(?:El|Este) (?:(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo),? )?",
    "German": r"Am (?:\w+(?:tag|woch|abend),? (?:de[mn] )?)?",
}
# Who wrote what follows.
BYLINE = {"English": "By", "French": "Par", "Spanish": "Por", "German": "Von"}


def any_of(table: dict[str, str]) -> str:
    """One pattern that matches what any language's does."""
    return "|".join(table.values())
