"""Furniture: the spans of a page's text that are no prose, such as scripts, menus, share bars and cookie notes.

Found by signs that hold for any site, in seven languages, and with care: to keep some furniture costs little, to lose
prose costs an answer. Headings, lists of names, addresses, figures and verse are prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dossier.reading.page_words import BUTTONS, CONTROLS, HOMES, PLACES, TOPICS
from dossier.reading.scripts import code_spans
from dossier.reading.sentences import stripped
from dossier.records import LINE_END, Span

# What a line of at most so many words may be besides prose.
FEW_WORDS = 4
LONGEST_BAR = 300
LONGEST_CREDIT = 20
LONGEST_NOTE = 60
# A menu is a run of so many short lines, of which so many lead where menus lead.
LEAST_MENU = 4
LEAST_PLACES = 2
PLACES_SHARE = 0.25
LEAST_BAR = 3
SURE_LINKS = PLACES | CONTROLS
LINKS = SURE_LINKS | TOPICS | BUTTONS
# More lines than these about cookies, and the document is about them.
MOST_COOKIE_LINES = 3

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SEPARATOR = re.compile(r"[|•·›»>→‹«]+|\s{3,}")
TRAIL = re.compile(r"[›»>→]|::|\s/\s")
GLUED = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
SENTENCE_SIGN = re.compile(r"[.!?,;:…。！？]")
SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)\]]*$")
CREDIT = re.compile(
    r"(?:photo(?:graph)?s?|images?|pictures?|fotos?|bild(?:er)?|crédits?|foto['’]s)"
    r"(?: (?:credits?|courtesy|photos?|of|de|di|por|von|door|by)){0,2} ?(?::|©|(?<=by)|/) ?\S",
    re.IGNORECASE,
)
# The last line of a page; a licence names its owners in lines of their own.
OWNER = re.compile(
    r"© .{0,120}\b(?:all rights reserved|alle rechten? (?:vorbehalten|voorbehouden)|tous droits réservés"
    r"|todos (?:los derechos|os direitos) reservados|tutti i diritti riservati)",
    re.IGNORECASE,
)
COMMENTS = re.compile(
    r"(?:\d+|no|keine?|pas de|aucun|sin|nessun|sem|nenhum|geen) "
    r"(?:comment|kommentar|commentaire|comentario|commento|commenti|comentário|reactie|response|repl)"
    r"(?:s|e|ies|\(s\)|y)?(?: (?:yet|so far|on|zu|sur))?\W*",
    re.IGNORECASE,
)
SLIDE = re.compile(
    r"(?:slide ?show\W{1,3})?(?:image|photo|slide|bild|foto|diapositive) \d+ (?:of|von|sur|de|di|van) \d+",
    re.IGNORECASE,
)
CLICK = re.compile(
    r"\W{0,3}(?:click here|hier klicken|klicken sie hier|cliquez ici|haga clic aquí|haz clic aquí|clicca qui"
    r"|clique aqui|klik hier)\b|\((?:click|tap) (?:to|for|on)\b[^()]{0,80}\)$",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"(?:share|tweet|follow|like|pin|find|teilen|partager|compartir|condividi|compartilhar|delen)\b.{0,30}"
    r"\b(?:facebook|twitter|linkedin|whatsapp|instagram|pinterest|telegram|reddit|bluesky|mastodon|e-?mail)\b",
    re.IGNORECASE,
)
COOKIE = re.compile(r"\bcookies?\b", re.IGNORECASE)
# A note that asks leave says that cookies are put, and on a site, and asks.
PUT = re.compile(
    r"\b(?:use|uses|using|accept|place|store|set|verwend\w*|nutz\w*|setz\w*|einsatz|utilis\w*|utiliz\w*|usa|usamos"
    r"|usiamo|accept\w*|acept\w*|accett\w*|aceit\w*|gebruik\w*|plaats\w*)\b.{0,60}\bcookies?\b"
    r"|\bcookies?\b.{0,60}\b(?:use|verwende\w*|gebruik\w*|utiliz\w*)",
    re.IGNORECASE,
)
ON_SITE = re.compile(
    r"\b(?:site|website|page|browsing|privacy|experience|policy|webseite|seite|datenschutz\w*|erlebnis|expérience"
    r"|navigation|confidentialité|sitio|web|experiencia|privacidad|sito|esperienza|navigazione|experiência|privacidade"
    r"|ervaring|privacybeleid)\b",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"\b(?:you (?:accept|agree|consent)|agree to|by (?:continuing|using|clicking|browsing)|continue to use"
    r"|accept(?: all)?$|stimmen sie|zustimm\w*|akzeptieren|einverstanden|acceptez|accepter"
    r"|en (?:poursuivant|continuant|cliquant)|aceptas?|aceptar"
    r"|al (?:continuar|navegar)|accett\w+|acconsent\w+|continuando|aceita\w*|concorda|ao continuar"
    r"|akkoord|accepteer\w*)\b",
    re.IGNORECASE,
)


def furniture_spans(text: str) -> tuple[Span, ...]:
    """The spans of a text that are no prose, in order and apart, without white space around them.

    Code that is indented by a tab or four spaces, or stands between fences, is quoted on purpose and kept.
    """
    lines = list(text_lines(text))
    found = list(code_spans(text, lines))
    cookies = [line for line in lines if COOKIE.search(text, *line)]
    if len(cookies) <= MOST_COOKIE_LINES:
        found += [line for line in cookies if _asks_leave(text[slice(*line)])]
    found += [line for line in lines if line[1] - line[0] <= LONGEST_BAR and _control(text[slice(*line)])]
    found += _menus(text, lines)
    return merged(found)


def text_lines(text: str) -> Iterator[Span]:
    """The span of each line that holds anything, without the white space around it."""
    start = 0
    for match in LINE_END.finditer(text):
        yield from stripped(text, start, match.start())
        start = match.end()
    yield from stripped(text, start, len(text))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters in spans that are in order and apart."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return tuple(apart)


def without(text: str, spans: Sequence[Span]) -> str:
    """What is left of a text without some spans that are in order and apart."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _control(line: str) -> bool:
    """Whether a line is a button, a bar of them, a trail of links or a credit, and nothing else."""
    words = WORD.findall(line)
    if not words:
        return False
    phrase = _phrase(line)
    if phrase in CONTROLS or (len(words) <= 2 * FEW_WORDS + 6 and CLICK.match(line)):
        return True
    if SENTENCE_END.search(line):
        return False
    if len(words) <= LONGEST_CREDIT and any(sign.match(line) for sign in (CREDIT, SLIDE, OWNER)):
        return True
    if COMMENTS.fullmatch(line):
        return True
    if len(words) <= 2 * FEW_WORDS and SHARE.match(line):
        return True
    if not SENTENCE_SIGN.search(line) and len(words) > 1 and all(word.casefold() in BUTTONS for word in words):
        return True
    return _bar(line)


def _bar(line: str) -> bool:
    """Whether a line is several links in a row, or glued to each other."""
    trail = [_phrase(part) for part in TRAIL.split(line)]
    if len(trail) > 1 and trail[0] in HOMES:
        return True
    parts = [_phrase(part) for part in SEPARATOR.split(line) if part.strip()]
    leading = sum(part in LINKS for part in parts)
    if len(parts) >= LEAST_BAR and 2 * leading >= len(parts) and any(part in SURE_LINKS for part in parts):
        return True
    glued = [_phrase(part) for part in GLUED.split(line)]
    leading = sum(part in LINKS or part.endswith(" home") for part in glued)
    return len(glued) >= LEAST_BAR and leading >= LEAST_PLACES


def _menus(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Runs of short lines, some of which lead where the links of a menu lead; from the first such line to the last."""
    for short, run in groupby(lines, lambda line: _short(text, line)):
        if not short:
            continue
        menu = list(run)
        phrases = [_phrase(text[slice(*line)]) for line in menu]
        sure = [place for place, phrase in enumerate(phrases) if phrase in SURE_LINKS]
        if len({phrases[place] for place in sure}) < LEAST_PLACES:
            continue
        leading = [place for place, phrase in enumerate(phrases) if phrase in LINKS]
        first, last = leading[0], leading[-1]
        if last - first + 1 >= LEAST_MENU and len(leading) >= PLACES_SHARE * (last - first + 1):
            yield menu[first][0], menu[last][1]


def _short(text: str, line: Span) -> bool:
    start, end = line
    if end - start > LONGEST_BAR:
        return False
    inside = text[start:end]
    return len(inside.split()) <= FEW_WORDS and not SENTENCE_SIGN.search(inside)


def _phrase(text: str) -> str:
    """The words of a line in small letters, parted by spaces, without signs."""
    return " ".join(WORD.findall(text)).replace("'", " ").replace("’", " ").casefold()


def _asks_leave(line: str) -> bool:
    few = len(line) <= 10 * LONGEST_NOTE and len(line.split()) <= LONGEST_NOTE
    return few and all(sign.search(line) is not None for sign in (PUT, ON_SITE, ASKING))
