"""Convert numbers that people write in citations: Roman numerals and numbers in words."""

from __future__ import annotations

import re

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
COUNTED = (*_UNITS, *_TEENS, *(w for ten in _TENS for w in (ten, *(f"{ten}-{unit}" for unit in _UNITS))))
_ORDINAL = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    *(f"{teen}th" for teen in _TEENS[3:]),
)
_TENTHS = tuple(
    word
    for ten in _TENS
    for word in (f"{ten.removesuffix('y')}ieth", *(f"{ten}-{unit}" for unit in _ORDINAL[: len(_UNITS)]))
)
ORDINALS = (*_ORDINAL, *_TENTHS)
NUMBERS = {word: str(at) for words in (COUNTED, ORDINALS) for at, word in enumerate(words, start=1)}


def roman(number: int) -> str:
    """Return a number from 1 to 39 as a lower-case Roman numeral: 'xii' for 12."""
    return "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]


_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}  # values of Roman letters


def arabic(numeral: str) -> str:
    """Return an upper-case Roman numeral in digits: '12' for 'XII'; any other text unchanged."""
    if not re.fullmatch(r"[IVXL]+", numeral):
        return numeral
    values = [_VALUES[each] for each in numeral]
    return str(sum(-value if value < max(values[at:]) else value for at, value in enumerate(values)))
