"""Numerals: the numbers of list items as word processors write them: 7, 07, vii, g, 7th; and the marks of bullets."""

from __future__ import annotations

from collections.abc import Callable

ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v",
         4: "iv", 1: "i"}  # fmt: skip
LARGEST_ROMAN = 3999
LONGEST_LETTERS = 10
PRIVATE = range(0xE000, 0xF900)  # where fonts of symbols have their characters, which mean nothing elsewhere


def roman(number: int) -> str:
    """A number in small Roman letters; in figures where it has none."""
    if not 0 < number <= LARGEST_ROMAN:
        return str(number)
    letters = ""
    for value, sign in ROMAN.items():
        letters += sign * (number // value)
        number %= value
    return letters


def letters(number: int) -> str:
    """``a`` to ``z``, then ``aa``, ``bb``, as Word counts; in figures where that grows long."""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (times + 1) if 0 <= times < LONGEST_LETTERS else str(number)


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


# By the names of Office Open XML (ST_NumberFormat), and those of OpenDocument and HTML.
WRITTEN: dict[str, Callable[[int], str]] = {
    "decimalZero": "{:02}".format,
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "ordinal": ordinal,
    "none": lambda number: "",
}
WRITTEN |= {
    "i": WRITTEN["lowerRoman"],
    "I": WRITTEN["upperRoman"],
    "a": WRITTEN["lowerLetter"],
    "A": WRITTEN["upperLetter"],
    "": WRITTEN["none"],
}


def numeral(number: int, kind: str) -> str:
    """A number in a way of writing it; in figures where that is not known."""
    return WRITTEN.get(kind, str)(number)


def bullet(sign: str) -> str:
    """The mark of an item as a font of letters has it: that of a font of symbols becomes •."""
    if sign == "o":  # Word's hollow bullet
        return "◦"
    return "•" if len(sign) == 1 and ord(sign) in PRIVATE else sign
