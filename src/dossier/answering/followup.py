"""Follow-ups: a question that leans on the ones before it becomes a whole question, without a language model.

A question leans if it points at something that it has not named ("And who moderated it?") or says too little to be
asked alone ("What about elections?"). It is then asked with the topic of the last question in brackets after it. A
question that says enough of its own is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from dossier.answers import Answer
from dossier.indexing.index import Index

# English words that carry no topic. A question in another language shows no sign of leaning and is left alone.
ASKING = frozenset(
    re.findall(
        r"\w+",
        """are can could did do does had has have how is shall should was were what when where which who whom whose why
    will would""",
    )
)
FUNCTION = ASKING | frozenset(
    re.findall(
        r"\w+",
        """
        a about after again all also am an and another any anyone anything as ask asked at away be because
        become been before began being between both but by call called came come doing done during each either
        else ever every exactly few first for from gave get give given go happen happened having he her here
        hers herself him himself his hold i if in into it its itself just kind know last later made make many
        may me mean means might mine more most much must my name named need never next no nor not now of off on
        once one only or other others our out over own part please put s said same say says second see she since
        so some something still such t take tell than that the their theirs them themselves then there these
        they thing things think this those though through to together too took towards under until up upon us
        use used very want wanted way we well went while with within without yes yet you your
        """,
    )
)
PERSONS = frozenset(("he", "him", "his", "himself", "she", "her", "hers", "herself"))
THINGS = frozenset(("it", "its", "itself", "they", "them", "their", "theirs", "themselves"))
OBJECTS = frozenset(("him", "it", "them"))
# "It" that stands for nothing, as in "how long did it take".
EMPTY = re.compile(r"it (?:takes?|costs?|possible|true|means?)\b", re.IGNORECASE)
# The subject of a question, which "he" or "it" may mean later on, but not right after a preposition.
SUBJECT = re.compile(r"\b(?:can|could|did|do|does|had|has|have|should|will|would) (?:the|an?)\b", re.IGNORECASE)
# The subject of the first of two questions in one, which "it" means in the second.
FIRST_SUBJECT = re.compile(
    r"\b(?:are|is|was|were) (?:the|an?)\b.*\band (?:how|wh(?:at|en|ere|ich|o|om|ose|y))\b", re.IGNORECASE
)
PREPOSITION = re.compile(r"\b(?:about|after|against|at|before|by|for|from|in|of|on|to|with)\W*$", re.IGNORECASE)
POINTER = re.compile(
    r"\b(?:the (?:same|others?|former|latter|two)|(?<!\bone )another|(?<!\beach )others?|else|such an?)\b"
    r"|\b(?:this|these|those)\b(?! (?:year|week|month|who|that|which))"
    r"|(?:^|\b(?:about|after|and|at|before|by|did|do|does|during|for|from|in|is|like|of|on|to|under|was|with) )that\b"
    r"|\b(?:from|go|happen\w*|he|it|live\w*|said|say|she|they|went|who|work\w*) there\b|\b(?:that|there)\W*$",
    re.IGNORECASE,
)
OPENER = re.compile(r"(?:and|but|or|so|also|then|plus)\b[\s,]*", re.IGNORECASE)
ELLIPSIS = re.compile(
    r"(?:what|how) about\b|why\W*$|(?:tell me )?more\W*$|(?:how (?:many|much)|which) (?:of|are|were|was|did|do)\b",
    re.IGNORECASE,
)
# A question for a thing itself: what is oxygen, but not: what was decided.
DEFINITION = re.compile(r"(?:what|who) (?:is|are|was|were) (?:an? )?(?!the\b|\w*ed\b)\w+\W*$", re.IGNORECASE)
# A noun with "the" and nothing that would say which one.
DEFINITE = re.compile(r"\bthe (?:[a-z]+ )?([a-z]+)\b(?! (?:of|on|in|for|about|at|that|which|who|to)\b)", re.IGNORECASE)
ASKS_WHO = re.compile(r"\b(?:who|whom|whose|which)\b", re.IGNORECASE)
WHO = re.compile(r"\W*(?:who|what)\s+", re.IGNORECASE)  # what follows, if it is no name, is a verb
WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
# Words in capitals and numbers, one after another or joined as names are.
NAME = re.compile(r"[A-Z\d][\w'’-]*(?:(?: (?:of|for|the|de|la|van|von|bin|al))* [A-Z\d][\w'’-]*)*")
LINK = re.compile(r"(?:\s|['’]s\b|\b(?:of|on|in|at|and|for|to|the|by|with)\b)*", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’]s?$")
# A topic is so many words and names at most, the rarest; names count for more.
MOST = 6
NAME_BONUS = 1.5
# How much of a question's information a passage must hold, next to the one that holds most, to be about it too.
AS_MUCH, HALF = 0.9, 0.5
DEPTH = 10


def complete(
    question: str,
    history: Sequence[Answer],
    index: Index,
    *,
    fits: Callable[[str], bool] = lambda completed: True,
) -> str:
    """The question as it is if it can be asked alone, otherwise with what it leans on in brackets after it.

    ``history`` holds the answers before it, oldest first; the last counts, since its ``asked`` carries what it leaned
    on itself. The addition is shortened until the completed question ``fits``.
    """
    if not history:
        return question
    points = _points(question)
    if not points and not _incomplete(question, history[-1], index):
        return question
    topic = _topic(question, history[-1], index)
    for n in range(len(topic), 0, -1):
        completed = f"{question} ({', '.join(topic[:n])})"
        if fits(completed):
            return completed if points or _keeps(question, completed, index) else question
    return question


def _points(question: str) -> bool:
    """Whether a question holds a word for something that it has not named before."""
    if len(WORD.findall(question)) - len(_content(question)) < 2:  # "he" is a word of Spanish too
        return False
    for word in WORD.finditer(question):
        pronoun, before = word.group().casefold(), question[: word.start()]
        named = _names(before)
        if SUBJECT.search(before) and not (pronoun in OBJECTS and PREPOSITION.search(before)):
            continue
        if pronoun in PERSONS and all(name.isupper() for name in named):  # the UN is no person
            return True
        if (
            pronoun in THINGS
            and not named
            and not FIRST_SUBJECT.search(before)
            and not EMPTY.match(question, word.start())
        ):
            return True
    return POINTER.search(question) is not None


def _incomplete(question: str, last: Answer, index: Index) -> bool:
    """Whether a question says too little to be asked alone, or asks on about the passages that were just shown."""
    opener = OPENER.match(question)
    rest = question[opener.end() :] if opener else question
    words = [word.casefold() for word in WORD.findall(rest)]
    if ELLIPSIS.match(rest) or (opener and ASKING.isdisjoint(words)):
        return True
    if _names(question) or ASKING.isdisjoint(words[:3]) or (DEFINITION.match(rest) and _content(rest)):
        return False
    known = {_stem(word) for word in _content(last.asked + " " + last.text)}
    if opener or len(_content(question)) <= 1 or any(_stem(noun) in known for noun in DEFINITE.findall(question)):
        return True
    best = [index.passages[row].text for row in index.lexical.rank(question, 1).rows]
    shares = index.lexical.shares(question, best + [hit.passage.text for hit in last.hits[:3]])
    return bool(best) and max(shares[1:], default=0) >= AS_MUCH * shares[0]


def _keeps(question: str, completed: str, index: Index) -> bool:
    """Whether the passages for a completed question are still about what it says itself, so far as it says anything."""
    content = _content(question)
    if len(content) <= 2 and not _names(question):
        return True
    own = " ".join(content)
    rows = [*index.lexical.rank(own, 1).rows, *index.lexical.rank(completed, DEPTH).rows]
    alone, *after = index.lexical.shares(own, [index.passages[row].text for row in rows]) if rows else [0]
    return max(after, default=0) >= HALF * alone


def _topic(question: str, last: Answer, index: Index) -> list[str]:
    """What the last question was about, in its own words and order, and the person whom its answer names."""
    text, said = last.asked, {_stem(word) for word in _content(question)}
    verb = WHO.match(text)
    spans = []
    for start, end in _units(text):
        stems = {_stem(word) for word in _content(text[start:end])}
        if not stems <= said and not (verb and verb.end() == start and text[start].islower()):
            spans.append((start, end))
        said |= stems
    units = [text[start:end] for start, end in spans]
    rarity = index.lexical.shares(" ".join(units), units)
    weight = [share * (NAME_BONUS if NAME.match(unit) else 1) for share, unit in zip(rarity, units, strict=True)]
    rarest = sorted(sorted(range(len(units)), key=lambda place: -weight[place])[:MOST])
    return [*_phrases(text, [spans[place] for place in rarest]), *_person(question, last, index)]


def _phrases(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Spans of a text as phrases: those with nothing but small words between them stay together."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and LINK.fullmatch(text, joined[-1][1], start):
            start = joined.pop()[0]
        joined.append((start, end))
    return [POSSESSIVE.sub("", text[start:end]) for start, end in joined]


def _person(question: str, last: Answer, index: Index) -> list[str]:
    """The first full name in the sentence that answered a question for somebody, if "he" or "she" may mean it."""
    pronouns = PERSONS.intersection(word.casefold() for word in WORD.findall(question))
    if not pronouns or not last.citations or not ASKS_WHO.search(last.question):
        return []
    quote, known = last.citations[0].quote, _content(last.asked)
    if index.lexical.shares(" ".join(known), [quote])[0] < HALF:
        return []
    stems = {_stem(word) for word in known}
    names = [quote[start:end] for start, end in _units(quote) if NAME.match(quote, start)]
    full = [name for name in names if " " in name and not re.search(r" (?:of|for|the) |\d|\b[A-Z]{2}", name)]
    return [POSSESSIVE.sub("", name) for name in full if not {_stem(word) for word in _content(name)} <= stems][:1]


def _units(text: str) -> Iterator[tuple[int, int]]:
    """The places of a text's names, each as a whole, and of its other words that carry a topic."""
    end = 0
    while word := WORD.search(text, end):
        end = word.end()
        if word.group().casefold() not in FUNCTION:
            name = NAME.match(text, word.start())
            end = max(end, name.end()) if name else end
            yield word.start(), end


def _content(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word.casefold() not in FUNCTION]


def _names(text: str) -> list[str]:
    """The words of a question that are written as names are, other than its first."""
    return [
        word.group()
        for word in WORD.finditer(text)
        if word.start() and NAME.match(word.group()) and word.group().casefold() not in FUNCTION
    ]


def _stem(word: str) -> str:
    plain = POSSESSIVE.sub("", word.casefold())
    return plain[:-1] if plain.endswith("s") and len(plain) > 3 else plain
