"""Split a policy into units that can be proposed: clauses and sentences, with their offsets in the passages.

A unit has at least MIN words if its paragraph has as many. Paragraphs of more than MAX words are also split at
semicolons and list items. A sentence that the file breaks over several passages (printed lines) is joined first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.assess.provisions import is_heading, provisions
from kb.models import Document, Passage, Span
from kb.read.sentences import CLAUSES, sentences, unit_style
from kb.text import squeeze, visible

MIN, GOOD, MAX = 12, 45, 70
"""Words: judged evidence is quoted in clauses of 12 to 60 words."""

_END = re.compile(r"[.;:?!…—][\"'”’»)\]]*\s*$")
_LETTERS = re.compile(r"[^\W\d_]")
_SIGN = re.compile(r"[^\w\s]\W*$")
TITLE = 8
"""Words below which a text that is a provision by itself and ends without a sign is a title or a cell: of 44 such in
the 49 judged policies none is evidence."""


@dataclass(frozen=True)
class PolicyUnit:
    """A clause or sentence that may be proposed. `heading` is the text of the headings above it, `lead` the sentence
    that introduces its list; `position` is its place in the document, 0 to 1."""

    text: str
    parts: tuple[tuple[Passage, Span], ...]
    """Its passages, each with the characters of that passage's text."""
    heading: str
    lead: str
    position: float
    provision: int
    """Counts articles, sections and notes: units with the same number are in one provision with nothing left out
    between."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages that contain the unit."""
        return tuple(passage for passage, _ in self.parts)

    @property
    def first(self) -> Passage:
        """The passage in which the unit begins."""
        return self.passages[0]

    @property
    def context(self) -> str:
        """Headings and list lead-in above the unit."""
        return f"{self.heading} {self.lead}".strip()


@dataclass(frozen=True)
class _Run:
    """Passages that form one paragraph, with the offset of each in the joined text."""

    text: str
    passages: tuple[Passage, ...]
    starts: tuple[int, ...]


def cut(document: Document, abbreviations: Iterable[str] = ()) -> list[PolicyUnit]:
    """Split a document into units, in order; headings and text without letters are left out. `abbreviations` do not end
    sentences."""
    short = frozenset(abbreviations)
    total = max(1, len(document.passages))
    number = {passage.id: i for i, passage in enumerate(document.passages)}
    within = provisions(document.passages)
    units: list[PolicyUnit] = []
    lead = ""
    for run in _runs(document.passages, within):
        first = run.passages[0].id
        for start, end in _pieces(run.text, short):
            units.append(_unit(run, start, end, lead, number[first] / total, within[first]))
        lead = _lead(run, lead)
    return units


def titles(units: Sequence[PolicyUnit]) -> list[bool]:
    """Return whether each unit is only a title, or a table cell read as text: it is its complete provision and has a
    few words without final punctuation. If this applies to all units, all are False, because a text of titles has
    nothing else."""
    many = Counter(unit.provision for unit in units)
    found = [
        many[unit.provision] == 1 and len(unit.text.split()) < TITLE and not _SIGN.search(visible(unit.text))
        for unit in units
    ]
    return [False] * len(found) if all(found) else found


def _unit(run: _Run, start: int, end: int, lead: str, position: float, provision: int) -> PolicyUnit:
    spans = [(max(0, start - at), min(len(passage.text), end - at)) for passage, at in zip(run.passages, run.starts)]
    parts = tuple((passage, span) for passage, span in zip(run.passages, spans) if span[0] < span[1])
    heading = " ".join(parts[0][0].section[-2:])
    return PolicyUnit(squeeze(run.text[start:end]), parts, heading, lead, position, provision)


def _lead(run: _Run, before: str) -> str:
    """Return the lead-in of the list items that follow: the run's text if it ends in a colon or dash; `before`, the
    present lead-in, while the list continues; otherwise ''."""
    tail = run.text.rstrip()
    if tail.endswith((":", "—", ":-", "–")):
        return squeeze(tail[-300:])
    item = run.passages[0].kind in {"list-item"} or re.match(r"\s*[(\d\w]{1,4}[).°-]\s", run.text)
    return before if item or tail.endswith((";", ",", " and", " or", " y", " et")) else ""


def _runs(passages: Iterable[Passage], within: dict[str, int]) -> Iterator[_Run]:
    """Yield the passages as paragraphs, joining the broken lines of one sentence; `within` is the result of
    `provisions`."""
    held: list[Passage] = []
    for passage in passages:
        if is_heading(passage) or not _LETTERS.search(passage.text):
            if held:
                yield _joined(held)
            held = []
            continue
        if held and not (within[held[-1].id] == within[passage.id] and _continues(held[-1], passage)):
            yield _joined(held)
            held = []
        held.append(passage)
    if held:
        yield _joined(held)


def _continues(before: Passage, after: Passage) -> bool:
    """Return whether `after` continues the unfinished sentence of `before`, or both are short pieces of one list."""
    first = _LETTERS.search(after.text)
    open_end = not _END.search(before.text)
    if open_end and first and after.text[first.start()].islower() and before.section == after.section:
        return not re.match(r"\s*\(?[a-z0-9]{1,3}[).°]", after.text)
    return _short_list(before, after)


def _short_list(before: Passage, after: Passage) -> bool:
    same = before.section == after.section
    listed = before.text.rstrip().endswith((":", "—", ";", ":-", ",", "–")) or len(before.text) < 8
    return same and listed and len(before.text.split()) < MIN and len(after.text.split()) < GOOD


def _joined(passages: list[Passage]) -> _Run:
    starts, text = [], ""
    for passage in passages:
        text += " " if text else ""
        starts.append(len(text))
        text += passage.text
    return _Run(text, tuple(passages), tuple(starts))


def _pieces(text: str, short: frozenset[str]) -> Iterator[Span]:
    """Yield the spans of the units in one paragraph; `short` are abbreviations."""
    spans: list[Span] = []
    for start, end in sentences(text, unit_style(short)):
        long = len(text[start:end].split()) > MAX
        spans.extend(sentences(text, CLAUSES, (start, end)) if long else [(start, end)])
    yield from _gathered(text, spans)


def _gathered(text: str, spans: list[Span]) -> Iterator[Span]:
    """Join pieces of fewer than MIN words with their neighbours, if the result has at most GOOD words."""
    held: Span | None = None
    for start, end in spans:
        if held is None:
            held = (start, end)
            continue
        small = min(_length(text, held), _length(text, (start, end))) < MIN
        if small and _length(text, (held[0], end)) <= GOOD:
            held = (held[0], end)
        else:
            yield held
            held = (start, end)
    if held is not None and _length(text, held) > 0:
        yield held


def _length(text: str, span: Span) -> int:
    return len(text[span[0] : span[1]].split())
