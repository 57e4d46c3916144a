"""Text fragments: a link that opens a web page at a quote (URL Fragment Text Directives, WICG)."""

from __future__ import annotations

from urllib.parse import quote as percent_encoded

LONGEST_WHOLE = 120
WORDS_AT_ENDS = 6
# A language that does not divide its words is cut by characters.
LONGEST_END = 40


def fragment_link(address: str, quote: str) -> str:
    """The address with a text directive that finds a quote, ``…#:~:text=first%20words,last%20words``; empty for none.

    A short quote is given whole, a long one or one of several lines by its first and last words: browsers do not look
    for one text in two blocks. A fragment that the address has is kept. A document that has no address gives none.
    """
    words = quote.split()
    if not address or not words:
        return ""
    whole = " ".join(words)
    if len(whole) <= LONGEST_WHOLE and "\n" not in quote.strip():
        texts = [whole]
    elif len(words) > 2 * WORDS_AT_ENDS:
        texts = [" ".join(words[:WORDS_AT_ENDS]), " ".join(words[-WORDS_AT_ENDS:])]
    elif len(words) > 1:
        texts = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
    else:
        texts = [whole[:LONGEST_END], whole[-LONGEST_END:]]
    directive = ",".join(percent_encoded(text, safe="").replace("-", "%2D") for text in texts)
    base, _, fragment = address.partition("#")
    return f"{base}#{fragment.partition(':~:')[0]}:~:text={directive}"
