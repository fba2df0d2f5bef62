"""Identifiers and how people write them: `crpd/art33/2` ◄► "art. 33(2)".

An identifier is `<document>/<locator>`. This module defines the grammar of locators, without knowledge of which
documents exist: it parses what a person typed into kinds and numbers, and formats a locator as it is cited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from string import ascii_lowercase

from kb.numerals import arabic, roman
from kb.place_forms import (
    AFTER_SLASH,
    ENDS_INSIDE,
    FORMS,
    LISTED,
    NEXT,
    OPEN_RANGE,
    PLURAL,
    PLURAL_INSIDE,
    SHORT,
    TO,
)
from kb.places import INSIDE

_DIRECTIONS = {"1": "I", "2": "II", "3": "III", "one": "I", "two": "II", "three": "III"}
LONGEST_RANGE = 60  # places; "paras 1–361" is better asked for as the whole instrument


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (kind, compiled pattern) of each form of citation. They are compiled when first needed, so that a search
    without an identifier does not wait for them."""
    return tuple((kind, re.compile(form, flags)) for kind, form, flags in FORMS)


@dataclass(frozen=True)
class Locator:
    """One place as it was typed: the `kind` of division, its `number`, what is printed before the number (`above`: the
    H of "H.2"), and the `path` to a part inside it."""

    kind: str
    number: str = ""
    above: str = ""
    path: tuple[str, ...] = field(default=())
    fault: str = ""
    """Why the place cannot be answered ('' when it can): its range runs backwards, is too long, has no end, or runs
    between parts of two places."""


def split(id: str) -> tuple[str, str]:
    """Split an identifier into document and locator; the locator is '' for a whole document.

    >>> split("crpd/art33/2")
    ('crpd', 'art33/2')
    """
    document, _, locator = id.partition("/")
    return document, locator


def read_all(text: str) -> tuple[tuple[Locator, ...], str]:
    """Return the places that a typed citation names, in order, and the text that was not parsed.

    Lists and ranges give every place: "arts. 4(3) and 33(3)" gives two, "paras 58–60" three.
    """
    found: list[tuple[int, list[Locator]]] = []
    rest, kinds = text, set[str]()
    for kind, form in _forms():
        while (match := form.search(rest)) and (kind not in kinds or kind in LISTED):
            kinds.add(kind)
            first = _locator(kind, match.groupdict())
            places, end = _listed(kind, first, rest, match) if kind in LISTED else ([first], match.end())
            found.append((match.start(), places))
            rest = rest[: match.start()] + " " * (end - match.start()) + rest[end:]
    ordered = [place for _, places in sorted(found, key=lambda pair: pair[0]) for place in places]
    return tuple(dict.fromkeys(ordered)), " ".join(rest.split())


def _listed(kind: str, first: Locator, text: str, match: re.Match[str]) -> tuple[list[Locator], int]:
    """Return the place `first` and those that follow it in a list or range, and the position at which the list ends."""
    places, end = [first], match.end()
    plural = bool(PLURAL.match(match[0]))
    again = re.compile(NEXT + LISTED[kind], 0 if kind in ("code", "area") else re.IGNORECASE)
    inside = rf"(?:{INSIDE}\s*)?\(?\s*(?P<letter>\w{{1,4}})\s*\)"
    if PLURAL_INSIDE.search(match[0]):  # "paragraphs 3 and 4": the second is a sibling of the first, brackets or not
        barred = r"[\w(]" if plural else r"\w"  # "article 24, paragraphs 1 and 2(b)", "arts. 4, paras 1 and 2, 33(3)"
        inside = rf"(?:{inside}|(?P<bare>[a-z]|\d{{1,2}})(?!{barred}))"
    elif ENDS_INSIDE.search(match[0]):  # "article 33, par. 1 à 3", "párr. 1 y 3", "art. 11, par. 1 d) et par. 2 b)"
        below = "|".join(str(each) for each in range(1, min(_leading(first.number), 100)))  # above it: another article
        barred = r"[\w(.]" if plural else r"[\w.]"  # "arts. 33, para. 1 and 12(2)" continues with an article
        comma = r"(?!)" if plural else r"(?<=,\s)(?=\d+\s*\(?[a-z]\))"  # "art. 24, para. 2 (b), 3 (a) and 5"
        bare = rf"(?P<bare>(?(again)\d{{1,2}}|(?:{below or '(?!)'})))"
        inside = rf"(?:{inside}|(?:(?<=\w\s)(?P<again>{INSIDE}\s*)?(?!\d+{barred})|{comma}){bare}(?!\w|\.\w))"
    letter = re.compile(NEXT + inside + r"(?P<more>(?:\s*\(\s*\w{1,4}\s*\)|\s+[a-z]\))*)", re.IGNORECASE)
    while True:
        if (more := letter.match(text, end)) and _is_inside(places[-1].path, more, plural=plural):
            path = _sibling(places[-1].path, (more.groupdict().get("bare") or more["letter"]).lower())
            place = Locator(kind, places[-1].number, places[-1].above, (*path, *path_of(more["more"])))
            places += _up_to(places[-1], place, more["sep"])
        elif kind == "article" and not plural and (more := _part_behind_slash(places[-1], text, end)):
            places[-1] = replace(places[-1], path=(more[1],))
        elif (more := again.match(text, end)) and (
            plural
            or more["sep"].strip() not in ({",", ";", "e"} if SHORT.match(match[0]) else {",", ";", "e", "a"})
            or (more.groupdict().get("path") or "").lstrip().startswith(("(", "."))
        ):
            places += _up_to(places[-1], _locator(kind, more.groupdict()), more["sep"])
        elif more := OPEN_RANGE.match(text, end):
            begun = " ".join((places[-1].kind, places[-1].number, *places[-1].path)).replace("  ", " ")
            fault = f"the range that begins with {begun} has no end"
            return [*places[:-1], replace(places[-1], fault=fault)], more.end()
        else:
            return places, end
        end = more.end()


def _leading(number: str) -> int:
    """Return the number that the digits at the beginning of `number` form; 0 when there are none."""
    return int((re.match(r"\d*", number) or [""])[0] or 0)


def _part_behind_slash(place: Locator, text: str, end: int) -> re.Match[str] | None:
    """Match a number after a slash that is a part of the article, else return None. It is a part if it is smaller than
    the article's number, because lists ascend: "art. 12/3" is paragraph 3 of article 12, "art. 5/6" is two articles."""
    match = AFTER_SLASH.match(text, end)
    return match if match and not place.path and int(match[1]) < _leading(place.number) else None


def _is_inside(path: tuple[str, ...], more: re.Match[str], *, plural: bool) -> bool:
    """Return whether the next item of a list is a part beside the last part of `path`. `plural`: the word before the
    list is a plural.

    The 12 of "(articles 10 c) et 12)" is not: it is an article, and the bracket after it closes the list.
    """
    number, closes = more["letter"] or "", "(" not in more[0]
    if plural and closes and number.isdigit() and path and not path[-1].isdigit():
        return False
    return _is_sibling(path, more.groupdict().get("bare"))


def _is_sibling(path: tuple[str, ...], bare: str | None) -> bool:
    """Return whether the next item of a list can be beside the last part of a path. A number without brackets (`bare`)
    can only if the path has a number in it."""
    return bool(path) and not (bare and bare.isdigit() and not any(each.isdigit() for each in path))


def _sibling(path: tuple[str, ...], letter: str) -> tuple[str, ...]:
    """Return the path with its last number (or letter) replaced: for ('1', 'a'), '2' gives ('2',) and 'b' gives ('1',
    'b')."""
    same = [at for at, each in enumerate(path) if each.isdigit() == letter.isdigit()]
    return (*path[: same[-1] if same else -1], letter)


def _up_to(last: Locator, place: Locator, separator: str) -> list[Locator]:
    """Return the next place of a list. When the separator makes a range of numbers, Roman numerals or single letters,
    the places between are returned before it."""
    if not re.fullmatch(TO, separator.strip(), re.IGNORECASE):
        return [place]
    place = _inside(last, place)
    if fault := _range_fault(last, place):
        return [replace(place, fault=fault)]
    if last.path and len(last.path) == len(place.path) and last.number == place.number:
        first, final = last.path[-1], place.path[-1]
        if _are_roman(last.path, place.path):
            return [
                Locator(place.kind, place.number, place.above, (*place.path[:-1], roman(each)))
                for each in range(int(arabic(first.upper())) + 1, int(arabic(final.upper())) + 1)
            ] or [place]
        if len(first) == len(final) == 1 and first.isalpha() and final.isalpha():
            between = [chr(code) for code in range(ord(first) + 1, ord(final) + 1)]
            return [replace(place, path=(*place.path[:-1], each)) for each in between] or [place]
        if first.isdigit() and final.isdigit() and 0 < int(final) - int(first) <= LONGEST_RANGE:
            return [replace(place, path=(*place.path[:-1], str(n))) for n in range(int(first) + 1, int(final) + 1)]
    if not last.path and last.above == place.above and 1 < _rank(place) - _rank(last) <= LONGEST_RANGE:
        steps = range(_rank(last) + 1, _rank(place))
        return [*(Locator(place.kind, _ranked(place, each), place.above) for each in steps), place]
    return [place]


def _rank(place: Locator) -> int:
    """Return a place's position among its kind: 12 for "12", 3 for direction or chapter III, 67 (the code of "C") for
    area C; 0 when it has no number."""
    if place.kind == "area" and len(place.number) == 1:
        return ord(place.number)
    number = arabic(place.number) if place.kind in ("direction", "chapter") else place.number
    return int(number) if number.isdigit() else 0


def _ranked(place: Locator, rank: int) -> str:
    """Return the printed number of the place at this position: IV for a chapter, D for an area, else 12."""
    if place.kind == "area":
        return chr(rank)
    return roman(rank).upper() if place.kind in ("direction", "chapter") else str(rank)


def _inside(last: Locator, place: Locator) -> Locator:
    """Return the end of a range that repeats neither article nor brackets: for the 3 of "art. 33.2-3" that is 33(3).

    This applies only to a number above that of the paragraph and below that of the article, which cannot be an article.
    "art. 4.2-5" is ambiguous and is returned unchanged.
    """
    numbers = (*last.path, place.number, last.number)
    if place.path or last.above != place.above or len(last.path) != 1 or not all(each.isdigit() for each in numbers):
        return place
    begins = int(last.path[0]) < int(place.number) < int(last.number)
    return Locator(place.kind, last.number, last.above, (place.number,)) if begins else place


def _range_fault(last: Locator, place: Locator) -> str:
    """Return why there can be no range from one place to the other; '' when there can be one. Faults are: it runs
    backwards, has too many places, or begins and ends in parts of different places."""
    inside = bool(last.path) and len(last.path) == len(place.path) and last.number == place.number
    if last.above != place.above or (last.path or place.path) and last.number != place.number:
        return "the range runs from a part of one place to another; give its places one by one"
    first, final = (last.path[-1], place.path[-1]) if inside else (last.number, place.number)
    if not inside and not first.isdigit() and _rank(last) and _rank(place):
        size = _rank(place) - _rank(last)
    elif first.isdigit() and final.isdigit():
        size = int(final) - int(first)
    elif inside and _are_roman(last.path, place.path):
        size = int(arabic(final.upper())) - int(arabic(first.upper()))
    elif len(first) == len(final) == 1 and inside and first.isalpha() and final.isalpha():
        size = ord(final) - ord(first)
    else:
        return ""
    if size < 0:
        return f"the range {first}–{final} runs backwards"
    return f"the range {first}–{final} has more than {LONGEST_RANGE} places" if size > LONGEST_RANGE else ""


def _are_roman(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether the last parts of two paths are Roman numerals: they are below a letter, or one of them has
    several letters."""
    first, final = path[-1], other[-1]
    if not re.fullmatch(r"[ivx]+", first) or not re.fullmatch(r"[ivx]+", final):
        return False
    return len(first) > 1 or len(final) > 1 or (len(path) > 1 and path[-2].isalpha())


def _locator(kind: str, groups: dict[str, str | None]) -> Locator:
    """Build a locator from the groups that a pattern matched; Roman numerals and letters get the case that identifiers
    use."""
    number, above = (groups.get("n") or "").upper().rstrip("ºª°").rstrip("."), (groups.get("A") or "").upper()
    if kind in ("article", "commitment"):
        number = arabic(number)
    if kind in ("article", "paragraph") and (letter := re.fullmatch(r"(\d+)([a-z])", groups.get("n") or "")):
        return Locator(kind, letter[1].lstrip("0"), "", (letter[2], *path_of(groups.get("path") or "")))  # 19b is 19(b)
    number = re.sub(r"(\d)[\s-]*(BIS|TER|QUATER|QUINQUIES)", lambda m: m[1] + m[2].lower(), number)
    if kind == "chapter" and number.isdigit():
        number = ("", "I", "II", "III", "IV", "V", "VI")[int(number)]
    if kind == "direction":
        number = _DIRECTIONS.get(number.lower(), number)
    if kind == "issue":
        above = _DIRECTIONS.get(above, above)
    path = path_of(groups.get("path") or "")
    if kind == "preamble" and path and path[0].isdigit() and 0 < int(path[0]) <= len(ascii_lowercase):
        path = (ascii_lowercase[int(path[0]) - 1],)  # the tenth paragraph of a preamble with letters is (j)
    return Locator(kind, number.lstrip("0") or number[:1], above, path)


def path_of(text: str) -> tuple[str, ...]:
    """Return the parts inside an article: '(2)(a)', '.2.a' or ', paragraph 2 (a)' gives ('2', 'a'); 'par. 1er' gives
    ('1',)."""
    bare = re.sub(rf"(?<!\w){INSIDE}", " ", text, flags=re.IGNORECASE)
    bare = re.sub(r"\b1(?:er|re|ère)\b", "1", bare, flags=re.IGNORECASE)
    return tuple(each.lower().lstrip("0") or "0" for each in re.findall(r"\w+", bare))


def cited(locator: str) -> str:
    """Return a locator as it is cited: 'art33/2/a' is 'art. 33(2)(a)', 'para205/a' is 'para. 205(a)', 'preamble/e' is
    'preamble (e)'.

    >>> cited("art33/2/a")
    'art. 33(2)(a)'
    """
    head, *path = locator.split("/")
    letters = "".join(f"({each})" for each in path)
    for form, words in (
        (r"art(\w+)", "art. {}"),
        (r"para(\d+)", "para. {}"),
        (r"c(\d+)", "commitment {} "),
        (r"r(\d)", "recommendation {}"),
    ):
        if match := re.fullmatch(form, head):
            return (words.format(match[1]) + letters).strip()
    if re.fullmatch(r"[IV]+\.\d+", head) and path and path[0].startswith("obj"):
        return f"Issue {head}, Objective {path[0][3:]}" + "".join(f" ({each})" for each in path[1:])
    return f"{head} {letters}".strip()
