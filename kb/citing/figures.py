"""Normalise names, numbers and dates in a citation: digits of any script, and ordinals in words or with an ending."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from kb.errors import NotFound

PLACE_WORD = (
    r"(?:preambular\s+para(?:graph)?|article|art[íi]culo|paragraphe?|p[áa]rrafo|commitment|compromiso|engagement"
    r"|recital|alin[ée]a"
    r"|apartado|considérant|recommendation|chapter|cap[íi]tulo|chapitre|issue|objective|objetivo|objectif)"
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    r"|diciembre"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\.?"
)
DATE = re.compile(
    rf"\b(?:(?:from\s+)?\d{{1,2}}(?:\s*(?:-|–|to|and|al|au)\s*\d{{1,2}})?\s+(?:de\s+|du\s+)?(?:{_MONTH})"
    rf"(?:\s+de(?:l)?)?,?\s+"
    rf"(\d{{4}})|(?:{_MONTH})\s+\d{{1,2}}(?:\s*[-–]\s*\d{{1,2}})?,?\s+(\d{{4}}))\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\w./+-])(1[89]\d\d|20\d\d)(?![\w/]|\.\d)")
_RAISED = re.compile(r"[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")


def without_raised(text: str) -> str:
    """Replace superscript digits, which are marks of notes ("12³" becomes "12 n. 3"), and write "(a–c)" as
    "(a)–(c)"."""
    text = _RAISED.sub(lambda m: f" n. {unicodedata.normalize('NFKC', m[0])}", text)
    return re.sub(r"\(\s*(\w{1,4})\s*[-–—]\s*(\w{1,4})\s*\)", r"(\1)–(\2)", text)


def in_figures(text: str, ordinals: Mapping[str, int], tens: Mapping[str, int] | None = None) -> str:
    """Write digits of any script as 0-9, and ordinals before the name of a place as a number after it.

    "CRPD art. ٢٧" becomes "CRPD art. 27"; "tenth preambular paragraph" and "10th preambular paragraph" become
    "preambular paragraph 10". `ordinals` maps words to numbers; with the words in `tens`, "thirty-third article"
    becomes "article 33", not article 3.
    """
    text = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)
    if not ordinals:
        return text
    ordinals, tens = _unaccented(ordinals), _unaccented(tens or {})
    words = "|".join(sorted(map(re.escape, ordinals), key=len, reverse=True))
    groups = _before(tens, "h", 100, 1000) + _before(tens, "t", 1, 100)
    words = rf"{groups}(?P<w>{words})"
    number = rf"(?:(?P<n>\d{{1,2}})(?:st|nd|rd|th|\.?[ºª°]|[eè]re?|er|[eè]me|e)|{words})"

    def counted(match: re.Match[str]) -> str:
        """Return the name of the place with its number in digits after it."""
        above = (re.sub(r"[\s-]+", " ", (match[name] or "").lower()) for name in ("h", "t"))
        ten = sum(tens.get(each, 0) for each in above)
        return f"{match['kind']} {match['n'] or ten + ordinals[match['w'].lower()]}"

    text = re.sub(rf"(?<![\w-]){number}\s+(?P<kind>{PLACE_WORD})(?!\w)", counted, text, flags=re.IGNORECASE)
    return re.sub(rf"(?<!\w)(?P<kind>{PLACE_WORD}|art\.?)\s+{number}(?![\w-])", counted, text, flags=re.IGNORECASE)


def spelt(name: str, spellings: Mapping[str, Sequence[str]]) -> str:
    """Build a pattern for a name: spaces match any white space, points and accents are optional, and a word may have
    any of its `spellings`."""
    return r"\s+".join(
        "(?:" + "|".join(_loosely(each) for each in (word, *spellings.get(word, ()))) + ")" for word in name.split()
    )


def _loosely(word: str) -> str:
    """Build a pattern for a word in which accents and points are optional."""
    plain = [(letter, unicodedata.normalize("NFD", letter)[0]) for letter in word]
    found = "".join(re.escape(a) if a == b else f"[{a}{b}]" for a, b in plain)
    return found.replace(r"\.", r"\.?")


def glued(names: Iterable[str]) -> re.Pattern[str]:
    """Build a pattern for short names typed together with their place, without a blank: "crpdart12", "art.12crpd".

    Only names of four to eight letters are included, because a shorter one may be part of a word.
    """
    short = (
        "|".join(sorted((re.escape(each) for each in names if re.fullmatch(r"[A-Za-z]{4,8}", each)), key=len)) or r"\0"
    )
    return re.compile(
        rf"(?<![\w/.-])(?:{short})(?=(?:art|para|{PLACE_WORD})s?\.?\s?\d)|(?<=[\d)])(?:{short})(?!\w)", re.IGNORECASE
    )


def _unaccented(words: Mapping[str, int]) -> dict[str, int]:
    """Return the words, and each also without accents, because people type "septimo" for "séptimo"."""
    bare = {
        "".join(c for c in unicodedata.normalize("NFD", w) if not unicodedata.combining(c)): n for w, n in words.items()
    }
    return {**bare, **words}


def _before(tens: Mapping[str, int], name: str, least: int, under: int) -> str:
    """Build a pattern, as the group `name`, for words of tens or hundreds (values from `least` to below `under`) that
    may come before an ordinal."""
    words = [re.escape(word).replace(r"\ ", r"[\s-]+") for word, value in tens.items() if least <= value < under]
    alternatives = "|".join(sorted(words, key=len, reverse=True)) or r"\0"
    return rf"(?:(?P<{name}>{alternatives})[\s-]+(?:y\s+|et[\s-]+)?)?"


_ROWS = re.compile(r"[RD]\d(?:\s*(?:,|;|&|-|–|—|,?\s*\b(?:and|y|e|et|to|a|à)\b)\s*[RD]\d)+", re.IGNORECASE)
"""A list or a range of the recommendations, by their letters."""


def recommendations(text: str) -> list[str]:
    """Split a text that consists only of recommendations: 'R1, R5' or 'R1-R6'; [] for any other text.

    Raises NotFound for a range that runs backwards or from R to D.
    """
    if not _ROWS.fullmatch(text):
        return []
    found: list[str] = []
    for start, end in re.findall(r"([RD]\d)(?:\s*(?:-|–|—|to|a|à)\s*([RD]\d))?", text, re.IGNORECASE):
        if not end:
            found.append(start.upper())
        elif start[0].upper() == end[0].upper() and int(start[1]) < int(end[1]):
            found += [f"{start[0].upper()}{number}" for number in range(int(start[1]), int(end[1]) + 1)]
        else:
            raise NotFound(
                f"the range {start.upper()}–{end.upper()} runs backwards, or from one list into another.",
                do="Name the recommendations one by one.",
            )
    return list(dict.fromkeys(found))
