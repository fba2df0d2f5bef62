"""Expand one place that is cited for several instruments ("CEDAW/CRPD art. 12"), and normalise letters and digits of
unusual width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

_JOIN = (
    r"\s*(?:[/,;&+]|\b(?:and|y|e|et|und|or|o|ou|as well as|together with)\b)+\s*"
    r"(?:\b(?:of|to|in|de|del|du|des|von)\b\s*)?(?:\b(?:the|la|le|el|les|los)\b\s*|\bl['’]\s*)?"
)
"""What joins names that share a place."""
_FOLDED = ("<wide>", "<narrow>", "<font>")
"""Variants of a character that differ only in width or typeface: full width, half width, mathematical."""


def folded(text: str) -> str:
    """Replace letters and digits of another width or typeface by common ones: "ＣＲＰＤ　Ⅻ" becomes "CRPD XII".

    Superscript digits, which are marks of notes, are kept; so is the sign in "5.º".
    """
    return text if text.isascii() else "".join(map(_folded, text))


def _folded(character: str) -> str:
    """Return the common form of a character (full-width letters, ligatures and the like); any other unchanged."""
    form, _, _ = unicodedata.decomposition(character).partition(" ")
    letter = form == "<compat>" and unicodedata.category(character)[0] in "LN"
    return unicodedata.normalize("NFKC", character) if form in _FOLDED or letter else character


def apart(names: Iterable[str], text: str) -> str:
    """Add blanks around a slash between two names or places, so that each is found: "CRPD art. 5/CEDAW" becomes "CRPD
    art. 5 / CEDAW". `names` are regular expressions."""
    if "/" not in text:
        return text
    known = re.compile(rf"(?<![\w/])(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)
    at = 0
    while stroke := re.compile(r"(?<=[\w)])\s?/\s?(?=\w)").search(text, at):
        before, behind, at = text[: stroke.start()], text[stroke.end() :], stroke.end()
        ends = re.search(r"\d\w?\)?$", before) or any(each.end() == len(before) for each in known.finditer(before))
        if ends and known.match(behind):
            text, at = f"{before} / {behind}", len(before) + 3  # the offset after the slash and its blanks
    return text


def each_alone(piece: str, marked: str, instrument_of: Callable[[str], str | None]) -> list[str]:
    """Repeat a piece of text once for each instrument when several names are joined before or after one place.

    `marked` is the class of characters that represent names; `instrument_of` returns the instrument of such a
    character, None for a generic name. A piece that names one instrument is returned unchanged.
    """
    run = re.search(rf"[{marked}](?:{_JOIN}[{marked}])+", piece, re.IGNORECASE)
    if run is None:
        return [piece]
    marks = re.findall(f"[{marked}]", run[0])
    instruments = [instrument_of(each) for each in marks]
    if None in instruments or len(set(instruments)) < 2:
        return [piece]
    return [
        piece[: run.start()]
        + " ".join(mark for mark, its in zip(marks, instruments, strict=True) if its == instrument)
        + piece[run.end() :]
        for instrument in dict.fromkeys(instruments)
    ]


_JOINT = r"(?:and|or|y|o|et|ou|und|&)"
_POINT_BEHIND = re.compile(
    rf"((?<=[\d)])\s?\b[a-eg-x]|(?<=\d\.)[a-z]|\([a-z]|\b[a-x](?:,|\s{_JOINT})\s[a-x])\.(?=\s*$|\s*[,;)]|\s+{_JOINT}\s)"
)


def without_points(text: str) -> str:
    """Remove points after the letter of a place: "art. 25 b.", "25 a. and b.".

    "58 f.", which means "and the following", and points without a number before them are kept.
    """
    for _ in range(3):  # each pass reaches one letter further into "a., b. and c."
        text = _POINT_BEHIND.sub(r"\1", text)
    return text
