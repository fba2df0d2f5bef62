"""Find statements in a document about its own dates and legal standing: proposals with quotations, for a person to
confirm.

The cue words and months are data: corpus/reading/dates.yaml. A law also states that other laws are repealed, so only
words about the document itself count as a cue for that. Nothing here decides a status.

Numbers: letters between a cue and its date, and years of a period, chosen by eye on title pages and last pages of laws
and plans; cases: tests/sources/test_sources_dates.py.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.models import Model, Pages, Paragraph
from kb.read.vocabulary import vocabulary

DateKind = Literal["adopted", "published", "in-force", "not-in-force", "repealed", "draft", "period"]
FIRST, LAST = 45, 25  # passages of the beginning and the end of a law, by eye
_NUMERIC = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:[-–—−/]|to|a|à|al)\s?((?:19|20)\d\d|\d\d)(?!\d)")
_STATUS = re.compile(r"(?<![\w-])status:\s*[\"']?([\w-]+)")


class DateCue(Model):
    """One statement about date or standing: its kind, a date or period, and the quoted words."""

    kind: DateKind
    value: str | None = Field(
        None, description="ISO date, or 'YYYY-YYYY' for a period; None where no date stands by the cue"
    )
    quotation: str = Field(description="the source's words around the cue, verbatim but for white space")
    page: int | None = None


class _DateWords(BaseModel):
    """The content of corpus/reading/dates.yaml: words for dates and statuses, by language."""

    model_config = ConfigDict(extra="forbid")

    months: list[list[str]]
    cues: dict[str, list[str]]
    statuses: dict[str, DateKind]
    periods: list[str]


@functools.cache
def _words() -> _DateWords:
    """Load and validate corpus/reading/dates.yaml, once."""
    return vocabulary("dates", _DateWords)


@functools.cache
def _cue_pattern(kind: str) -> re.Pattern[str]:
    """Return the pattern that matches any cue of a kind, as complete words."""
    cues = sorted(_words().cues[kind], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, cues))})(?!\w)", re.IGNORECASE)


@functools.cache
def _date_patterns() -> tuple[re.Pattern[str], dict[str, int]]:
    """Return the pattern of dates with a month's name, day first or month first; and month name to number."""
    months = {name: n for n, names in enumerate(_words().months, 1) for name in names}
    name = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    day = r"(\d{1,2})(?:st|nd|rd|th|er|º|°)?"
    joint = r"[\s,.]*(?:de|del|day of|of)?[\s,.]*"
    return re.compile(
        rf"{day}{joint}(?<!\w)({name})\b\.?{joint}(\d{{4}})|(?<!\w)({name})\b\.?{joint}{day}{joint}(\d{{4}})",
        re.IGNORECASE,
    ), months


def find_dates(text: str) -> Iterator[tuple[int, str]]:
    """Yield `(offset, ISO date)` of the complete dates in `text`; those with a day above 31 or a month above 12 are
    left out."""
    pattern, months = _date_patterns()
    for m in pattern.finditer(text):
        day, name, year = (m.group(1), m.group(2), m.group(3)) if m.group(2) else (m.group(5), m.group(4), m.group(6))
        if 1 <= int(day) <= 31:
            yield m.start(), f"{year}-{months[name.lower()]:02d}-{int(day):02d}"
    for m in _NUMERIC.finditer(text):
        year, month, day = (m.group(1), m.group(2), m.group(3)) if m.group(1) else (m.group(6), m.group(5), m.group(4))
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            yield m.start(), f"{year}-{int(month):02d}-{int(day):02d}"


def cues(pages: Pages) -> tuple[DateCue, ...]:
    """Return statements about date and standing from the document's first and last paragraphs, running heads and front
    matter.

    They are ordered by kind, then by position; equal kind and date are returned once.
    """
    found: list[DateCue] = []
    for paragraph in _places(pages):
        found += _in_paragraph(paragraph)
    first: dict[tuple[str, str | None], DateCue] = {}
    for cue in found:
        first.setdefault((cue.kind, cue.value), cue)
    order = ["adopted", "published", "in-force", "not-in-force", "period", "draft", "repealed"]
    return tuple(sorted(first.values(), key=lambda c: order.index(c.kind)))


def _places(pages: Pages) -> list[Paragraph]:
    """Return the paragraphs about the document itself: front matter, running heads, its beginning and its end."""
    body = list(pages.paragraphs)
    ends = body[max(FIRST, len(body) - LAST) :]
    front = [p for p in pages.leftovers if p.kind in ("front-matter", "running-head")][:12]
    return [*front, *body[:FIRST], *ends]


def _in_paragraph(p: Paragraph) -> list[DateCue]:
    """Return the statements about date and standing in one paragraph."""
    text = p.text[:4000]
    found: list[DateCue] = []
    dates = list(find_dates(text))
    for kind in ("adopted", "published", "in-force", "not-in-force", "repealed", "draft"):
        for match in _cue_pattern(kind).finditer(text):
            # letters, by eye: a longer passage that says draft is text
            if kind == "draft" and not (p.kind in ("heading", "running-head") or len(text) < 250):
                continue
            if kind == "in-force" and any(
                m.start() <= match.start() < m.end() for m in _cue_pattern("not-in-force").finditer(text)
            ):
                continue
            # letters, by eye: how far a date may stand from its cue
            near = [iso for place, iso in dates if 0 <= place - match.end() <= 110] or [
                iso for place, iso in dates if 0 < match.start() - place <= 60
            ]
            if near or kind not in ("adopted", "published"):
                found.append(
                    DateCue(
                        kind=kind,
                        value=near[0] if near else None,
                        page=p.page,
                        quotation=_around(text, match.start(), match.end()),
                    )
                )
    status = _STATUS.search(text) if p.kind == "front-matter" else None
    if status and status.group(1) in _words().statuses:
        found.append(DateCue(kind=_words().statuses[status.group(1)], quotation=status.group().strip(), page=p.page))
    return found + _periods(p, text)


def _periods(p: Paragraph, text: str) -> list[DateCue]:
    """Return the periods of years that a heading or a short line names together with a word such as 'plan'."""
    # letters, by eye: a longer passage is no title
    if len(text) > 250 and p.kind != "heading" or not any(w in text.lower() for w in _words().periods):
        return []
    found = []
    for match in _PERIOD.finditer(text):
        first, last = match.group(1), match.group(2)
        last = last if len(last) == 4 else first[:2] + last  # figures of a year
        if 0 < int(last) - int(first) <= 40:  # years, by eye: no plan is for longer
            found.append(
                DateCue(
                    kind="period",
                    value=f"{first}-{last}",
                    page=p.page,
                    quotation=_around(text, match.start(), match.end()),
                )
            )
    return found


def _around(text: str, start: int, end: int) -> str:
    """Return the text around a cue: up to 80 characters before and 140 after it, cut at spaces."""
    a, b = max(0, start - 80), min(len(text), end + 140)
    a = a if a == 0 else text.find(" ", a) + 1
    b = b if b == len(text) else text.rfind(" ", end, b) if text.rfind(" ", end, b) > 0 else b
    return text[a:b].strip()
