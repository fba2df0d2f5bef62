"""Format counts as lists print them: letters or Roman numerals; used for Word, web pages and OpenDocument.

Numbers: values of Roman numerals and Latin letters. Above 3999 Roman numerals need special signs; letters are repeated
up to thirty times, as in Word.
"""

from __future__ import annotations

_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def roman(value: int) -> str:
    """Return `value` as a lower-case Roman numeral; decimal digits outside 1 to 3,999."""
    if not 0 < value < 4000:
        return str(value)
    parts = []
    for n, sign in _ROMAN:
        parts.append(sign * (value // n))
        value %= n
    return "".join(parts)


def letters(value: int) -> str:
    """Return `value` in letters as HTML and CSS count: a … z, aa, ab …; decimal digits below 1."""
    if value < 1:
        return str(value)
    found = ""
    while value:
        value, rest = divmod(value - 1, 26)
        found = chr(97 + rest) + found
    return found


def greek(value: int) -> str:
    """Return `value` in Greek letters as CSS counts: α … ω, then αα (without ς, the form at word ends); decimal digits
    below 1."""
    if value < 1:
        return str(value)
    found = ""
    while value:
        value, rest = divmod(value - 1, len(_GREEK))
        found = _GREEK[rest] + found
    return found


_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
SCRIPTS = {"arabic-indic": 0x0660, "persian": 0x06F0, "devanagari": 0x0966, "thai": 0x0E50}
"""Unicode: the zero of each script, by the name of its digits in CSS."""


def in_script(value: int, script: str) -> str:
    """Return `value` in the digits of a script; decimal digits below 0."""
    return "".join(chr(SCRIPTS[script] + int(c)) for c in str(value)) if value >= 0 else str(value)


def repeated_letters(value: int) -> str:
    """Return `value` in letters as Word and OpenDocument count: a … z, aa, bb …; decimal digits below 1 and above
    780."""
    return chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 780 else str(value)
