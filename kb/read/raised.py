"""Convert superscript and subscript characters to Unicode forms, so that a superscript never joins the number before
it.

Digits and signs have superscript and subscript forms in Unicode; so have most letters as superscripts. Ordinals and
abbreviations (`1st`, `2e`, `n°`, `Mme`) keep their plain letters; a single a or o after a digit becomes an ordinal
indicator, so that "12ª" is not read as section 12a.

Numbers: letters of a word before a superscript, chosen by eye on ordinals and footnote marks of Spanish, French and
English laws.
"""

from __future__ import annotations

import re

_UP = str.maketrans("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_UP_SIGNS = {key: value for key, value in _UP.items() if not chr(key).isalpha()}
_DOWN = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_DOWN_LETTERS = str.maketrans("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_ORDINAL = str.maketrans("ao", "ªº")
_INDEX = re.compile(r"[aehijklmnoprstuvx]{1,3}(?:[+\-−]\d)?")
"""Matches an index of at most three letters that have a subscript form: `i`, `max`, `n+1`; longer ones are words."""
_LETTER = re.compile(r"\s*[(\[]?[a-z][)\]]?\s*")


def raised(text: str, before: str = "", call: bool = False) -> str:
    """Return `text` as superscript characters, given the text `before` it; `call` means that it is known to refer to a
    note."""
    if call:
        # letters, by eye: a longer word is no ordinal
        return text.lower().translate(_UP) if len(text) < 6 else text.translate(_UP_SIGNS)
    if any(c.isdigit() for c in text):
        return text.translate(_UP_SIGNS)
    if _LETTER.fullmatch(text) and not _is_ordinal(text.strip(), before):
        return text.translate(_UP)
    if before[-1:].isdigit() and text.strip() in ("a", "o"):  # "3ª edición"; "12a" would be another number
        return text.translate(_ORDINAL)
    return text


def lowered(text: str) -> str:
    """Return `text` as subscript characters: digits and signs, and the letters of a short index; other words are
    unchanged."""
    short = _INDEX.fullmatch(text.strip())
    return text.translate(_DOWN | _DOWN_LETTERS if short else _DOWN)


def _is_ordinal(letter: str, before: str) -> bool:
    """Return whether a single superscript letter belongs to the word before it (`1a`, `2e`, `no`, `Dr`) and is not the
    note mark of a year or a word."""
    word = re.search(r"[^\W_]*$", before)
    last = word.group() if word else ""
    if not last or len(letter) != 1:
        return not last
    if last[-1].isdigit():
        return letter in "aoe" and len(last) < 4  # letters, by eye: of the figure before it
    return letter in "oer" and len(last) < 6  # letters, by eye: of the word before it
