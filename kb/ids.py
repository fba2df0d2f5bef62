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
            r"|\s*\b\w{1,4}\)"  # b)
            r"|\s+(?:[a-z]|[ivx]{1,4})(?![\w.'])"  # 29 a iii
            r"|\s+\d{1,2}(?=\s*\())*)")  # 8 2 (a)
_ROMAN = r"(?:III|II|IV|VI|V|I)"
_DIRECTIONS = {"1": "I", "2": "II", "3": "III", "one": "I", "two": "II", "three": "III"}

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(form, flags)) for kind, form, flags in (
    ("article", rf"(?:\barticles?|\bart[íi]culo|\bartikel|\barts?\.?)\s*(?P<n>\d{{1,2}}){_LETTERS}", re.IGNORECASE),
    ("preamble", rf"\b(?:preambular|preamble|recital)[\s,]*{_INSIDE}?\s*(?:\(?(?P<path>[a-z])\)?(?!\w))?", re.IGNORECASE),
    ("commitment", rf"\bcommitment\s*(?:no\.?\s*)?(?P<n>\d{{1,2}}){_LETTERS}", re.IGNORECASE),
    ("direction", rf"\b(?:priority\s+direction|PD)\s+(?P<n>{_ROMAN}|[123]|one|two|three)\b", re.IGNORECASE),
    ("issue", rf"\bissue\s+(?:(?P<A>{_ROMAN}|[123])[.\-])?(?P<n>\d{{1,2}})\b", re.IGNORECASE),
    ("code", rf"\bstrategic\s+objective\s+(?P<A>[A-Z])[\s.–-]?\s?(?P<n>\d{{1,2}})(?![\w.]){_LETTERS}", re.IGNORECASE),
    ("code", rf"(?<![\w.])(?P<A>[A-Z])\.\s?(?P<n>\d{{1,2}})(?![\w.]){_LETTERS}", 0),
    ("code", rf"(?<![\w.])(?P<A>{_ROMAN})\.\s?(?P<n>\d{{1,2}})(?![\w.]){_LETTERS}", 0),
    ("objective", rf"(?<!strategic )\bobj(?:ective|\.)?\s*(?P<n>\d{{1,2}})\b{_LETTERS}", re.IGNORECASE),
    ("action", r"\baction\s*\(?(?P<path>[a-z])\)?(?!\w)", re.IGNORECASE),
    ("area", r"\b(?:critical\s+)?area(?:\s+(?:of\s+)?concern)?\s+\(?(?P<n>[A-Z])\)?(?!\w)", re.IGNORECASE),
    ("chapter", (rf"\b(?:chapter|chap\.?|ch\.?|section|sect\.?)\s*(?P<n>{_ROMAN})"
                 r"(?:(?:[.\s]|,?\s*(?:section|sect?\.?)\s)\s?(?P<A>[A-Z])\b)?(?!\w)"), re.IGNORECASE),
    ("part", r"\bpart\s+(?P<n>[A-Z])\b", re.IGNORECASE),
    ("recommendation", r"(?:\brecommendation|\brec\.?|\br(?=\d))\s*(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)",
     re.IGNORECASE),
    ("derived", r"\bd(?P<n>\d)(?!\d)(?P<path>(?:\s*\(\s*\w\s*\))*)", re.IGNORECASE),
    ("paragraph", rf"(?:\bparagraphs?|\bparas?\.?|¶|§)\s*(?P<n>\d{{1,3}}){_LETTERS}", re.IGNORECASE),
))


@dataclass(frozen=True)
class Locator:
    """One place as typed: what kind of division, its number (with a letter before it in "H.2"), and what is inside it."""

    kind: str
    number: str = ""
    above: str = ""
    path: tuple[str, ...] = field(default=())


_KINDS = r"(?:article|art|commitment|recommendation|paragraph|para|chapter|issue|objective)"
_PIECE = rf"{_INSIDE}\s*\(?\w{{1,4}}\)?(?:\s*\(\w{{1,4}}\))*"
_INNERMOST_FIRST = re.compile(rf"({_PIECE}(?:,?\s+of\s+{_PIECE})*),?\s+(?:of|to|in)\s+(?:the\s+)?"
                              rf"({_KINDS}\.?\s*\d+(?:\s*\(\w+\))*)", re.IGNORECASE)
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINAL = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
            "twelfth")
_NUMBERS = {word: str(at) for words in (_COUNTED, _ORDINAL) for at, word in enumerate(words, start=1)}


def plainly(text: str) -> str:
    """A typed citation with its numbers in figures behind their kind and its places outermost first.

    "Article Nine" is "Article 9", "4th commitment" "commitment 4", "paragraph 2 of article 33" "article 33, paragraph 2".
    """
    text = re.sub(rf"\b({_KINDS}\.?)\s+({'|'.join(_COUNTED)})\b", lambda m: f"{m[1]} {_NUMBERS[m[2].lower()]}", text,
                  flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)|({'|'.join(_ORDINAL)}))\s+({_KINDS})\b",
                  lambda m: f"{m[3]} {m[1] or _NUMBERS[m[2].lower()]}", text, flags=re.IGNORECASE)
    return _INNERMOST_FIRST.sub(_outermost_first, text)


def _outermost_first(match: re.Match[str]) -> str:
    """'paragraph 2' of 'article 33' as 'article 33, paragraph 2'."""
    return ", ".join((match[2], *reversed(re.split(r",?\s+of\s+", match[1]))))


def split(id: str) -> tuple[str, str]:
    """Document and locator of an identifier; the locator is empty for a whole document."""
    document, _, locator = id.partition("/")
    return document, locator


def read_locators(text: str) -> tuple[Locator, ...]:
    """The places that a typed citation names, outermost first as typed; what one form has read no other reads again."""
    return read_all(text)[0]


def read_all(text: str) -> tuple[tuple[Locator, ...], str]:
    """The places that a typed citation names, and what of it was not understood."""
    found: list[tuple[int, Locator]] = []
    rest = text
    for kind, form in _FORMS:
        match = form.search(rest)
        if match and not any(kind == each.kind for _, each in found):
            found.append((match.start(), _locator(kind, match.groupdict())))
            rest = rest[:match.start()] + " " * (match.end() - match.start()) + rest[match.end():]
    return tuple(locator for _, locator in sorted(found, key=lambda pair: pair[0])), " ".join(rest.split())


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
