"""Find typed mentions in a passage: author-year citations, statistics, quotations, definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from pydantic import Field

from kb.models import Mention, Model, Span

_GROUP = re.compile(r"\(([^()]{3,200})\)")
_YEAR = r"(?:1[89]|20)\d\d[a-z]?"
_WORD = r"[A-Z][\w'’.-]*"
_DOUBLE = re.compile(r"[\"“«](?P<said>[^\"“”«»]{2,600}?)[\"”»]|\"(?P<unclosed>[^\"']{2,120}?)'(?=\s|[,.;])")
_SINGLE = re.compile(r"(?<![\w'])['‘](?P<said>\w[^'‘’\"]{1,60}?)['’](?![\w'])")


class CitationWords(Model):
    """Words that distinguish an author from other capitalised words."""

    particles: tuple[str, ...]
    cited_in: tuple[str, ...]
    not_authors: tuple[str, ...]


class StatisticWords(Model):
    """Words from which quantities are recognised: numbers in words, units, and nouns that are counted."""

    number_words: dict[str, int]
    scales: tuple[str, ...]
    percent: tuple[str, ...]
    fractions: dict[str, float]
    multiples: dict[str, float]
    hedges: tuple[str, ...]
    counted: tuple[str, ...]
    of_words: tuple[str, ...]
    whole_ends: tuple[str, ...]


class MentionWords(Model):
    """Words by which citations, statistics, people and definitions are recognised; corpus/taxonomy/mentions.yaml."""

    citations: CitationWords
    statistics: StatisticWords
    people: tuple[str, ...] = Field((), description="words for people, before which a demonym may be an origin")
    definitions: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="defining verbs by language")

    @cached_property
    def citation(self) -> re.Pattern[str]:
        """Return the pattern of one author-year citation: authors, optionally 'cited in' and further authors, year,
        optionally page."""
        particle = f"(?:(?:{'|'.join(self.citations.particles)})\\s)?"
        name = rf"{particle}{_WORD}(?:\s{_WORD})*"
        authors = rf"{name}(?:(?:,\s|\sand\s|\s&\s|,\sand\s){name})*(?:\set\sal\.?)?"
        via = "|".join(self.citations.cited_in)
        return re.compile(
            rf"(?P<authors>{authors}(?:\s{_YEAR})?(?:\s(?:{via})\s{authors})?),?\s+(?P<year>{_YEAR})"
            r"(?::\s*(?P<page>\d+(?:[-–]\d+)?))?"
        )

    @cached_property
    def undated(self) -> re.Pattern[str]:
        """Return the pattern of names joined by 'and' that fill a whole parenthesis: a citation without a year."""
        return re.compile(rf"{_WORD}(?:\s(?:on|of|for|the|{_WORD}))*\sand\s{_WORD}(?:\s{_WORD})*$")

    @cached_property
    def statistic(self) -> re.Pattern[str]:
        """Return the pattern of a quantity with a unit: percentage, share, multiple, age or count."""
        s = self.statistics
        word, fraction = rf"(?:{_any(s.number_words)})\b", rf"(?:{_any(s.fractions)})\b"
        scaled = rf"\s(?:{_any(s.scales)})\b"
        number = rf"(?:\d[\d,.]*\d|\d|{word})(?:{scaled})?"
        span = rf"(?P<quantity>between\s{number}\sand\s{number}|{number}(?:\sto\s{number}|[-–]\d+)?)"
        share = (
            rf"(?P<fraction>between\s{fraction}\sand\s{fraction}|{fraction}(?:\sto\s{fraction})?|{word}\sin\s{word})"
        )
        unit = (
            rf"(?P<percent>{_any(s.percent)})|(?P<times>times)\b|(?P<age>years\sold|years\sof\sage)\b"
            rf"|(?P<count>(?!or\s)(?:[\w-]+\s){{0,3}}?(?:{_any(s.counted)}))\b"
        )
        age = r"(?:aged\s|over\sthe\sage\sof\s|those\sover\s)(?P<years>\d+(?:[-–]\d+)?)"
        money = rf"(?P<money>(?:US\$|[$€£]|Rs\.?\s|S/\.?\s?)\d[\d,.]*\d?(?:{scaled})?)"
        bare = rf"(?P<bare>\d[\d,.]*{scaled})"
        return re.compile(
            rf"(?<!\w)(?:(?P<hedge>{_any(s.hedges)})\s)?(?:{money}|(?P<multiple>(?:{_any(s.multiples)})\b)"
            rf"|{share}|{span}\s?(?:{unit})|{age}|{bare})",
            re.IGNORECASE,
        )

    @cached_property
    def full(self) -> re.Pattern[str]:
        """Return the pattern of the words after a share that name its total: "of precarious jobs", "the countries",
        "workers,"."""
        noun, s = r"[\w'’-]+", self.statistics
        return re.compile(
            rf"\s(?:(?:{_any(s.of_words)})\s|(?=the\s))(?P<of>{noun}(?:\s{noun}){{0,6}}?)"
            rf"(?=\s(?:{_any(s.whole_ends)})\b|[.,;:)]|$)|\s(?P<in_five>{noun}(?:\s{noun})?)(?=,)"
        )


def _any(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


def citations(text: str, words: MentionWords) -> list[Mention]:
    """Return author-year citations in parentheses: every item of a group, dated or not. Other parentheses are
    ignored."""
    found: list[Mention] = []
    for group in _GROUP.finditer(text):
        found += _in_group(group.group(1), group.start(1), words)
    return found


def _in_group(inside: str, start: int, words: MentionWords) -> list[Mention]:
    """Return the citations in one parenthesis (`inside` is its text, `start` the offset of that text); [] if it
    contains anything else."""
    items, rest = [], inside
    for match in words.citation.finditer(inside):
        if any(word in words.citations.not_authors for word in re.findall(r"\w+", match["authors"])):
            return []
        items.append(_citation(match, start))
        rest = rest.replace(match.group(), "", 1)
    if items:
        return items if not re.sub(r"[\s;,]|see|See|eg|e\.g\.", "", rest) else []
    undated = words.undated.match(inside.strip())
    if undated is None:
        return []
    return [
        Mention(
            kind="citation",
            text=inside.strip(),
            span=(start, start + len(inside)),
            value={"authors": inside.strip(), "year": "not given"},
        )
    ]


def _citation(match: re.Match[str], start: int) -> Mention:
    value = {"authors": match["authors"], "year": match["year"]} | ({"page": match["page"]} if match["page"] else {})
    return Mention(kind="citation", text=match.group(), span=(start + match.start(), start + match.end()), value=value)


def citation_groups(text: str, words: MentionWords) -> list[Span]:
    """Return the spans of the parentheses that contain citations, which are skipped when topical labels are matched."""
    return [group.span() for group in _GROUP.finditer(text) if _in_group(group.group(1), group.start(1), words)]


def statistics(text: str, words: MentionWords) -> list[Mention]:
    """Return quantities with their unit and, if printed, the total of which they are a part."""
    blocked = citation_groups(text, words)
    found = []
    for match in words.statistic.finditer(text):
        if any(a <= match.start() < b for a, b in blocked):
            continue
        kind = next(
            k
            for k in ("percent", "times", "age", "count", "years", "multiple", "fraction", "money", "bare")
            if match[k]
        )
        quantity = match["quantity"] or match[kind]
        value = {"quantity": quantity, "unit": _unit(kind, match), "as_stated": "yes"}
        if match["hedge"]:
            value["hedge"] = match["hedge"]
        if name := _total_of(text[match.end() :], kind, words):
            value["whole"] = name
        found.append(Mention(kind="statistic", text=match.group(), span=match.span(), value=value))
    return found


def _unit(kind: str, match: re.Match[str]) -> str:
    names = {
        "percent": "percent",
        "times": "times",
        "age": "years of age",
        "years": "years of age",
        "multiple": "times",
        "fraction": "share",
        "money": "money",
        "bare": "not printed beside it",
    }
    if kind == "percent" and "point" in match["percent"].lower():
        return "percentage points"
    return names.get(kind) or match["count"]


def _total_of(after: str, kind: str, words: MentionWords) -> str | None:
    """Return the noun phrase after 'of' that names the total of a share; None when there is none or `kind` is no
    share."""
    if kind not in ("percent", "fraction"):
        return None
    match = words.full.match(after)
    return (match["of"] or match["in_five"]).strip() if match else None


def quotations(text: str) -> list[Mention]:
    """Return text between double quotation marks, and terms between single ones, as mentions. A quotation whose
    closing mark is missing also counts."""
    found = [
        Mention(
            kind="quotation",
            text=match.group(),
            span=match.span(),
            value={"marks": "double" if match["said"] else "unmatched"},
        )
        for match in _DOUBLE.finditer(text)
    ]
    taken = [mention.span for mention in found]
    found += [
        Mention(kind="quotation", text=match.group(), span=match.span(), value={"marks": "single"})
        for match in _SINGLE.finditer(text)
        if not any(a <= match.start() < b for a, b in taken)
    ]
    return sorted(found, key=lambda mention: mention.span)
