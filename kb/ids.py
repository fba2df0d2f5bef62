"""Identifiers and how people write them: `crpd/art33/2` ◄► "art. 33(2)".

An identifier is `<document>/<locator>`. This module knows the grammar of locators, not which documents exist: it reads
what a person typed into kinds and numbers, and writes a locator back as one cites it.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

_INSIDE = r"(?:(?:sub-?)?para(?:graph)?s?\.?|letter|lit\.?|item|§)"
_LETTERS = (rf"(?P<path>(?:\s*[,.]?\s*{_INSIDE}?\s*\(\s*\w{{1,4}}\s*\)"  # (2), paragraph (2)
            rf"|\s*,?\s*{_INSIDE}\s*\(?\w{{1,4}}\b\)?"  # paragraph 2, lit. b
            r"|\.\d{1,2}\b(?:\.[a-z]\b)?"  # 33.2, 33.2.a
            r"|\s+\d{1,2}(?=\s*\())*)")  # 8 2 (a)
_ROMAN = r"(?:III|II|IV|VI|V|I)"
_DIRECTIONS = {"1": "I", "2": "II", "3": "III", "one": "I", "two": "II", "three": "III"}

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(form, flags)) for kind, form, flags in (
    ("article", rf"(?:\barticles?|\bart[íi]culo|\bartikel|\barts?\.?)\s*(?P<n>\d{{1,2}}){_LETTERS}", re.IGNORECASE),
    ("preamble", r"\b(?:preambular|preamble,?|recital)\s*(?:para(?:graph)?\.?)?\s*(?:\(?(?P<path>[a-z])\)?(?!\w))?",
     re.IGNORECASE),
    ("commitment", rf"\bcommitment\s*(?:no\.?\s*)?(?P<n>\d{{1,2}}){_LETTERS}", re.IGNORECASE),
    ("direction", rf"\bpriority\s+direction\s+(?P<n>{_ROMAN}|[123]|one|two|three)\b", re.IGNORECASE),
    ("issue", rf"\bissue\s+(?:(?P<A>{_ROMAN}|[123])[.\-])?(?P<n>\d{{1,2}})\b", re.IGNORECASE),
    ("code", rf"(?<![\w.])(?P<A>[A-Z])\.\s?(?P<n>\d{{1,2}})(?![\w.]){_LETTERS}", 0),
    ("code", rf"(?<![\w.])(?P<A>{_ROMAN})\.\s?(?P<n>\d{{1,2}})(?![\w.]){_LETTERS}", 0),
    ("objective", rf"(?<!strategic )\bobj(?:ective|\.)?\s*(?P<n>\d{{1,2}})\b{_LETTERS}", re.IGNORECASE),
    ("action", r"\baction\s*\(?(?P<path>[a-z])\)?(?!\w)", re.IGNORECASE),
    ("area", r"\b(?:critical\s+)?area(?:\s+(?:of\s+)?concern)?\s+\(?(?P<n>[A-Z])\)?(?!\w)", re.IGNORECASE),
    ("chapter", rf"\b(?:chapter|chap\.?|ch\.?|section|sect\.?)\s*(?P<n>{_ROMAN})(?:[.\s]\s?(?P<A>[A-Z])\b)?(?!\w)",
     re.IGNORECASE),
    ("part", r"\bpart\s+(?P<n>[A-Z])\b", re.IGNORECASE),
    ("recommendation", r"(?:\brecommendation|\brec\.?|\br(?=\d))\s*(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)",
     re.IGNORECASE),
    ("derived", r"\bd(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)", re.IGNORECASE),
    ("paragraph", rf"(?:\bparagraphs?|\bparas?\.?|¶)\s*(?P<n>\d{{1,3}}){_LETTERS}", re.IGNORECASE),
))


@dataclass(frozen=True)
class Locator:
    """One place as typed: what kind of division, its number (with a letter before it in "H.2"), and what is inside it."""

    kind: str
    number: str = ""
    above: str = ""
    path: tuple[str, ...] = field(default=())


def split(id: str) -> tuple[str, str]:
    """Document and locator of an identifier; the locator is empty for a whole document."""
    document, _, locator = id.partition("/")
    return document, locator


def read_locators(text: str) -> tuple[Locator, ...]:
    """The places that a typed citation names, outermost first as typed; what one form has read no other reads again."""
    found: list[tuple[int, Locator]] = []
    rest = text
    for kind, form in _FORMS:
        match = form.search(rest)
        if match and not any(kind == each.kind for _, each in found):
            found.append((match.start(), _locator(kind, match.groupdict())))
            rest = rest[:match.start()] + " " * (match.end() - match.start()) + rest[match.end():]
    return tuple(locator for _, locator in sorted(found, key=lambda pair: pair[0]))


def _locator(kind: str, groups: dict[str, str | None]) -> Locator:
    """A locator from what a form matched; Roman numerals and letters in the case that identifiers use."""
    number, above = (groups.get("n") or "").upper(), (groups.get("A") or "").upper()
    if kind == "direction":
        number = _DIRECTIONS.get(number.lower(), number)
    if kind == "issue":
        above = _DIRECTIONS.get(above, above)
    return Locator(kind, number.lstrip("0"), above, path_of(groups.get("path") or ""))


def path_of(text: str) -> tuple[str, ...]:
    """'(2)(a)', '.2.a' or ', paragraph 2 (a)' as ('2', 'a')."""
    bare = re.sub(r"(?:sub-?)?para(?:graph)?s?\.?|letter|lit\.?|item|§", " ", text, flags=re.IGNORECASE)
    return tuple(each.lower() for each in re.findall(r"\w+", bare))


def cited(locator: str) -> str:
    """A locator as one cites it: 'art33/2/a' is 'art. 33(2)(a)', 'para205/a' 'para. 205(a)', 'preamble/e' 'preamble (e)'."""
    head, *path = locator.split("/")
    letters = "".join(f"({each})" for each in path)
    for form, words in ((r"art(\w+)", "art. {}"), (r"para(\d+)", "para. {}"), (r"c(\d+)", "commitment {} "),
                        (r"r(\d)", "recommendation {}")):
        if match := re.fullmatch(form, head):
            return (words.format(match[1]) + letters).strip()
    if re.fullmatch(r"[IV]+\.\d+", head) and path and path[0].startswith("obj"):
        return f"Issue {head}, Objective {path[0][3:]}" + "".join(f" ({each})" for each in path[1:])
    return f"{head} {letters}".strip()
