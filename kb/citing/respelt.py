"""Replace abbreviations of places, and Portuguese words for places, with the words that the parser recognises."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys("\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "–")
"""Signs that people type for a range, and the minus sign; the hyphen stays."""
_AND = r"(?:,?\s*(?:\band|\by|\bet|\be|&)\b\s*|,\s*)"
_FOLLOWING = re.compile(
    r"(?<=[\d)])\s*,?\s*(?:\b(?:y|et|e|and)\s+(?:the\s+)?|(?=ff))(?P<word>ff\.?|"
    r"siguientes?|sig(?:s|ts)?\.|ss\.?|sgtes?\.?|suivante?s?"
    r"|suiv\.?|s\.(?=\s*(?:$|[,;)]|d))|seguintes?|segs?\.|following|seqq?\.?)(?![\w-])",
    re.IGNORECASE,
)
"""'And following': the "y" or "e" before it is no letter of the place."""
_OBJECTIVES = re.compile(
    r"\bstrategic\s+objectives?\s+(?:[A-L]\.?\s?\d(?!\w)(?:\s*(?:,|[-–]|&|\b(?:and|to)\b)\s*)*){2,}", re.IGNORECASE
)
"""A list of objectives, whose codes may be without points: "strategic objectives D1–D3"."""
_LETTERED = r"\(?[a-z]\)?(?![\w)])"
_NUMBERED = r"\(?\d{1,2}\)?(?![\w)])"
_PROVISION = r"(?:articles?|art[íi]culos?|artigos?|arts?|paragraphe?s?|paras?)"
_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = (
    # "pmbl. (e)", "Pmbl., para. (v)"; "PP (e)", "PP5" as resolutions count preambular paragraphs; not "pp. 5", pages
    (re.compile(r"\bpmbl\b[.,\s]*", re.IGNORECASE), "preamble "),
    (re.compile(r"\bpre(?:amb|âmbulo)\b\.?", re.IGNORECASE), "preamble"),
    (re.compile(rf"\bPPs?\s*(?=(?:{_LETTERED}|{_NUMBERED})(?:$|[\s,;)]))"), "preamble "),
    # "Articles: 5, 6", "art.: 5"
    (re.compile(rf"\b({_PROVISION}\.?)\s*:\s*(?=\d)", re.IGNORECASE), r"\1 "),
    # "Critical Area of Concern: L. The girl child", "Commitment: 4"
    (
        re.compile(
            r"\b(areas?(?:\s+of\s+concern)?|commitments?|objectives?|issues?)\s*:\s*(?=(?:[A-L]|[IVX]+|\d{1,2})(?!\w))",
            re.IGNORECASE,
        ),
        r"\1 ",
    ),
    # "Area 'B'", "Article '12'"
    (re.compile(r"(?<!\w)([\"'])([A-L]|\d{1,3})\1(?!\w)"), r"\2"),
    # "MIPAA par 48", without its point
    (re.compile(r"\bpar\s+(?=\(?\d{1,3}(?!\d))", re.IGNORECASE), "par. "),
    # "Article 25 – (f)", "art. 25: point (f)"
    (re.compile(r"(?<=\d)\s*(?:\s[-–]|:)\s*(?=\([a-z]\)|(?:point|lit|let|subparagraph)\b)", re.IGNORECASE), ", "),
    # "art. 9(2)g", "para 106(e)i)"
    (re.compile(r"(?<=\(\d\))([a-z])(?=\s|$|[,;])"), r"(\1)"),
    # Russian and Arabic words for a place, behind or before a name in another language
    (
        re.compile(r"\b(?:стать[яиюе]|статей|ст\.)\s*(?=\d)|(?:ال)?(?:مادة|مادتان|مواد)\s*(?=\d)", re.IGNORECASE),
        "art. ",
    ),
    (re.compile(r"\b(?:пункт\w{0,2}|п\.)\s*(?=\d)|(?:ال)?(?:فقرة|فقرات)\s*(?=\d)", re.IGNORECASE), "para. "),
    # Portuguese
    (re.compile(r"\bpar[áa]grafo(s?)\b", re.IGNORECASE), r"párrafo\1"),
    (re.compile(r"\b(?:par[áa]gr?s?|§\s*único)\.", re.IGNORECASE), "párr."),
    (re.compile(r"\bcompromissos?\b", re.IGNORECASE), "compromiso"),
    (re.compile(r"\bse[cç][çc]?[ãa]o\s+(?=[A-L]\b)", re.IGNORECASE), "sección "),
    (re.compile(r"\borienta[çc][ãa]o\s+priorit[áa]ria\b", re.IGNORECASE), "orientación prioritaria"),
    (re.compile(r"\bquest[ãa]o\s+(?=\d|[IV])", re.IGNORECASE), "cuestión "),
    (re.compile(r"\bobjetivo\s+estrat[ée]gico\b", re.IGNORECASE), "objetivo estratégico"),
    # "Article No. 12", "artículo núm. 12", "art. nº 12"
    (re.compile(rf"\b({_PROVISION}\.?)\s*(?:no|n[º°o]|n[úu]m|nr)\.?\s*(?=\d)", re.IGNORECASE), r"\1 "),
    # "art. 24-2-b"
    (re.compile(r"(?<![\w-])(\d{1,2})-(\d{1,2})-([a-z])(?![\w-])"), r"\1(\2)(\3)"),
    # a colon behind a blank, as French sets it
    (re.compile(r"(?<=\w)\s+:\s"), ": "),
    # an objective's short mark, as shadow reports write it: "SO A.1"
    (re.compile(r"\bS\.?O\.?\s+(?=[A-L]\.\s?\d)"), "strategic objective "),
    # "n.º 2", "n° 2", "nº 2" behind an article
    (re.compile(r"(?<=[\dº°])(\s*,)?\s*n\.?\s?[º°]s?\s*(?=\d{1,2}(?:\D|$))", re.IGNORECASE), r", numeral "),
)
_ORDINAL_SIGNS = re.compile(r"(?<=\d)\.?[ºª°](?![\w°])")
_WORDS = re.compile(r"\bart(?:igo|[íi]culo|s)?s?\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\((?P<inner>\w{1,4})\s*$")


def in_common_signs(text: str) -> str:
    r"""Return the text with all dashes and all blanks each replaced by one common character, and without invisible
    characters.

    >>> in_common_signs("arts. 5\u22127")
    'arts. 5–7'
    """
    found = []
    for character in text:
        category = unicodedata.category(character)
        found.append(_DASHES.get(character, " " if category == "Zs" else "" if category == "Cf" else character))
    return "".join(found)


def respelt(text: str) -> str:
    """Return the citation with short marks and Portuguese words for places replaced, and with a bracket that is open at
    its end closed."""
    tails = [match["word"] for match in _FOLLOWING.finditer(text)]
    text = ", ".join((_FOLLOWING.sub("", text), *tails))
    for pattern, words in _REWRITTEN:
        text = pattern.sub(words, text)
    text = _OBJECTIVES.sub(lambda match: re.sub(r"(?<![\w])([A-La-l])(\d)", r"\1.\2", match[0]), text)
    if _WORDS.search(text):
        text = _ORDINAL_SIGNS.sub("", text)
    if text.count("(") > text.count(")") and (end := _OPEN_END.search(text)):
        text = f"{text[: end.start()]}({end['inner']})"
    return text
