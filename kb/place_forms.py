"""Regular expressions for the ways people write each kind of place in a citation ("art. 33(2)", "párrs. 58 a 60",
"H.3"), and how lists of them continue. Used by `kb.ids`."""

from __future__ import annotations

import re

from kb.places import INSIDE

LETTERS = (
    rf"(?P<path>(?:\s*[,.]?\s*\(\s*{INSIDE}\s*\(?\w{{1,4}}\)?\s*\)"  # (paragraph 3), (§3)
    rf"|\s*\.?\s*{INSIDE}?\s*\(\s*\w{{1,4}}\s*\)|\s*,\s*{INSIDE}\s*\(\s*\w{{1,4}}\s*\)"  # (2), paragraph (2)
    r"|(?<!\))\s*,\s*\(\s*\w{1,4}\s*\)"  # 205, (a); but "(b), (c)" are two places
    r"|(?<=\d),\s*[a-z]\)"  # § 1, g)
    rf"|\s*,?\s*{INSIDE}\s*\(?\w{{1,4}}\b\)?"  # paragraph 2, lit. b
    r"|\.\d{1,2}\b(?:\.[a-z]\b)?"  # 33.2, 33.2.a
    r"|(?<=\d)[.-][a-z]\b(?![.\w])"  # 58-a, 58.a
    r"|\s*\b\w{1,4}\)"  # b)
    r"|\s+(?:[a-z]|[ivx]{1,4})(?![\w.'])(?!\s+(?:\d|au\b|art|p[áa]r|\(?\w\)))"
    # 29 a iii; not "12 a 14" (from 12 to 14), "f) y g)"
    r"|\s+\d{1,2}(?=\s*\())*)"
)  # 8 2 (a)
ITEMS = r"(?P<path>(?:\s*\(\s*[a-z]{1,2}\s*\))*)"  # H.3 (f); a number behind an objective is a paragraph of its own
ROMAN = r"(?:III|II|IV|VI|V|I)"
# 12 bis, 12A, 4º, XII
NUMERAL = r"(?:\d+(?:\s?-?(?:bis|ter|qu[aá]ter|quinquies)\b|[A-Za-z](?![\w)])|\.?[ºª°])?|[IVXL]{1,6}(?!\w))"
TO = r"to|through|hasta|jusqu['’][àa]|au|[aà]|[-–—]"
NEXT = (
    rf"\s*(?P<sep>,\s*(?:and|y|et|or|&)?(?!\w)|;|&|/(?=\s*\d)|(?:and|or|y|e|et|ou|as\s+well\s+as|{TO})(?![^\W\d_])"
    r"|[-–—](?=\s*(?:[A-Z]\.\s?\d|[IVXL]+(?!\w)|\(?[A-Z]\)?(?!\w))))\s*"
)
"""The separators between two places of one list: 'articles 5, 6 and 7', 'paras 58–60', 'artículos 12 a 14'."""

FORMS: tuple[tuple[str, str, int], ...] = (
    (
        "article",
        rf"(?:\barticles?|\bart[íi]culos?|\bartigos?|\bartikel|\barts?\.?)\s*(?P<n>{NUMERAL}){LETTERS}",
        re.IGNORECASE,
    ),
    (
        "preamble",
        (
            rf"\b(?:preambular|preamble|recital|pre[áa]mbulo|pr[ée]ambule)(?:\s+para(?:graph)?s?\.?)?[\s,]*"
            rf"(?:{INSIDE}|recitals?|considérants?|considerandos?)?\s*"
            r"(?:\(?(?P<path>[a-z]|\d{1,2})\)?(?!\w))?"
        ),
        re.IGNORECASE,
    ),
    (
        "commitment",
        (rf"\b(?:commitments?|compromisos?|engagements?)\s*(?:(?:no|n[º°o]|n[úu]m)\.?\s*)?(?P<n>{NUMERAL}){LETTERS}"),
        re.IGNORECASE,
    ),
    (
        "direction",
        (
            r"\b(?:priority\s+directions?|orientaci(?:[óo]n|ones)\s+prioritarias?|orientations?\s+prioritaires?|PD)\s+"
            rf"(?P<n>{ROMAN}|[123]|one|two|three)\b"
        ),
        re.IGNORECASE,
    ),
    (
        "issue",
        rf"\b(?:(?:issue|question|tema|th[èe]me)s?|cuesti[óo]n(?:es)?)\s+(?:(?P<A>{ROMAN}|[123])[./-])?(?P<n>\d\d?)\b",
        re.IGNORECASE,
    ),
    (
        "code",
        (
            r"\b(?:strat(?:egic|\.)\s+(?:objectives?|obj\.)|(?:objetivos?|obj\.)\s+estrat[ée]gicos?|"
            r"(?:objectifs?|obj\.)\s+strat[ée]giques?)\s+"
            rf"(?P<A>[A-Z])[\s.–-]?\s?(?P<n>\d{{1,2}})(?!\w|\.\w){ITEMS}"
        ),
        re.IGNORECASE,
    ),
    ("code", rf"(?<![\w.])(?P<A>[A-Z])\.\s?(?P<n>\d{{1,2}})(?!\w|\.\w){ITEMS}", 0),
    ("code", rf"(?<![\w.])(?P<A>{ROMAN})\.\s?(?P<n>\d{{1,2}})(?!\w|\.\w){ITEMS}", 0),
    (
        "objective",
        (
            r"(?<!strategic )\b(?:obj(?:ectives?|\.)?|objetivos?|objectifs?)\s*(?!estrat|strat)"
            rf"(?P<n>\d{{1,2}})\b{LETTERS}"
        ),
        re.IGNORECASE,
    ),
    ("action", r"\b(?:action|medida|mesure)\s*\(?(?P<path>[a-z])\)?(?!\w)", re.IGNORECASE),
    (
        "area",
        (
            r"\b(?:(?:critical\s+)?areas?(?:\s+(?:of\s+)?concern)?|(?:esferas?|[áa]reas?)(?:\s+de\s+especial\s+"
            r"preocupaci[óo]n|\s+cr[íi]ticas?(?:\s+de\s+preocupaci[óo]n)?)?|domaines?\s+(?:critiques?|d['’]action"
            r"(?:\s+prioritaires?)?|de\s+pr[ée]occupation))\s+\(?(?P<n>[A-Z])\)?(?!\w)"
        ),
        re.IGNORECASE,
    ),
    (
        "chapter",
        (
            rf"\b(?:chapters?|chaps?\.?|ch\.?|section|sect\.?|cap[íi]tulos?|caps?\.?|chapitres?|secci[óo]n)\s*"
            rf"(?P<n>{ROMAN}|[1-6])(?![\d])"
            r"(?:(?:[.\s]|,?\s*(?:section|sect?\.?|secci[óo]n|secc\.)\s)\s?(?P<A>[A-Z])\b(?!\.\s?\d))?(?!\w)"
        ),
        re.IGNORECASE,
    ),
    ("part", r"\bpart\s+(?P<n>[IVX]{1,4}|[A-Z])\b", re.IGNORECASE),
    (
        "recommendation",
        r"(?:\brecommendations?|\brecs?\.?|\br(?=\d))\s*(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)",
        re.IGNORECASE,
    ),
    ("derived", r"\bd(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)", re.IGNORECASE),
    (
        "paragraph",
        (
            r"(?:\bparagraphe?s?|\bparas?\.?|\bpars?\.|¶{1,2}|§{1,2}|\bp[áa]rrafos?|\bp[áa]rrs?\.?)\s*"
            rf"(?P<n>\d+(?:\s?(?:bis|ter)\b|[A-Za-z](?![\w)]))?){LETTERS}"
        ),
        re.IGNORECASE,
    ),
)


LISTED: dict[str, str] = {
    **dict.fromkeys(("article", "commitment", "paragraph"), rf"(?P<n>{NUMERAL})(?!\d){LETTERS}"),
    "code": rf"(?P<A>[A-Z])\.\s?(?P<n>\d{{1,2}})(?!\w|\.\w){ITEMS}",
    "preamble": r"(?!)",  # letters alone are listed: "preamble (e) and (k)"
    "issue": rf"(?:(?P<A>{ROMAN}|[123])[.\-])?(?P<n>\d{{1,2}})(?!\w|\.\w)",
    "objective": rf"(?P<n>\d{{1,2}})(?!\w|\.\w){LETTERS}",
    "direction": rf"(?P<n>{ROMAN}|[123])(?!\w|\.\w)",
    "chapter": rf"(?P<n>{ROMAN}|[1-6])(?!\w|\.\w)",
    "area": r"\(?(?P<n>[A-Z])\)?(?!\w|\.\w)",
    "recommendation": r"(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)",
}
"""Kind of place that people list ("articles 5, 6 and 7") to the pattern of a further member of the list."""
PLURAL = re.compile(
    r"(?:critical\s+|strategic\s+|priority\s+)?(?:articles|art[íi]culos|artigos|arts|paragraphe?s|paras"
    r"|p[áa]rrafos|p[áa]rrs|commitments|compromisos|engagements|objectives|objetivos|objectifs|pars|§§|¶¶"
    r"|issues|cuestiones|questions|temas|th[èe]mes|directions|areas"
    r"|orientaci?ones|orientations|chapters|chaps|cap[íi]tulos|caps|chapitres|recommendations|recs)",
    re.IGNORECASE,
)
PLURAL_INSIDE = re.compile(
    r"(?:paragraphe?s|paras|pars|letters|items|p[áa]rrafos|p[áa]rrs|apartados|incisos|"
    r"incs|letras|al[ií]n[ée]as|lettres|§§)",
    re.IGNORECASE,
)
SHORT = re.compile(r"p[áa]rr?\.", re.IGNORECASE)  # also used for several: "párr. 58 a 60"; "art. 12 a 14" is ambiguous
ENDS_INSIDE = re.compile(
    r"(?:\b(?:par|para|paragraphe?|p[áa]rr|p[áa]rrafo)\b\.?|§)\s*\d{1,2}(?:\s*\(?\s*[a-z]\s*\))*$", re.IGNORECASE
)
AFTER_SLASH = re.compile(r"\s*/\s*(\d{1,3})(?![\w(])")
OPEN_RANGE = re.compile(r"\s*(?:[-–—]|\b(?:to|through|hasta|jusqu['’][àa]|au)\b)\s*(?=$|[;,)])", re.IGNORECASE)
"""Matches a range whose end was not typed: "art. 12–"."""
