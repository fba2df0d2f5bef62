"""Compare the letters and digits of two readings of one file, passage by passage, and report the differences.

`verify` proves that the reader's output is unchanged. It cannot detect that the reader itself joined a superscript
footnote mark to a year ("52 per cent in 20113"); a second reader that shares no code with it often can.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from kb.errors import KBError
from kb.models import Model, Passage
from kb.sources.second import Second
from kb.sources.verify import Locate

RUN = 12
"""Letters and digits of the shortest matching run: shorter ones match by chance, longer ones miss words between two
breaks."""
AROUND = 24
"""Characters of context on each side of a difference."""
_RAISED = str.maketrans({**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")), **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789"))})
_LABEL = re.compile(r"\W*\w{1,5}(?:\.\w{1,3})*[.):]?\s")
_COUNTED = {"python-docx", "lxml"}
"""Second readers that leave out list numbers, which these formats store as formatting; our reader writes them."""

DifferenceKind = Literal["figures", "letters", "not found"]


class Difference(Model):
    """One place where two readings of a file differ."""

    passage: str
    file: str
    page: int | None = None
    kind: DifferenceKind = Field(
        description="'figures' where a figure or the end of a number differs, 'letters', 'not found': the "
        "second reading has none of the passage's words"
    )
    first: str = Field(description="what our reader read, with what stands around it")
    second: str = Field(description="what the other reader read there; empty where it has nothing there")
    by: str = Field(description="the other reader")


class ReadingComparison(Model):
    """The result of comparing the passages of files with a second reading."""

    compared: int = Field(0, description="passages whose letters and figures were compared with a second reading")
    readers: dict[str, int] = Field(default_factory=dict, description="second reader to passages compared with it")
    left_out: dict[str, str] = Field(default_factory=dict, description="file to why it was not compared")
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class _Stream:
    """The letters and digits ("signs") of a text, each with its offset in the text; `raised` has the positions of
    superscript digits."""

    text: str
    signs: str
    at: tuple[int, ...]
    raised: frozenset[int]

    def gap(self, i: int) -> str:
        """Return the characters between the signs i and i + 1; white space alone counts as one space."""
        between = self.text[self.at[i] + 1 : self.at[i + 1]]
        return " " if between.isspace() else "".join(between.split())

    def around(self, start: int, end: int) -> str:
        """Return the text of the signs [start, end) with some context on both sides."""
        if not self.signs:
            return ""
        first, last = self.at[min(start, len(self.at) - 1)], self.at[min(max(end - 1, start), len(self.at) - 1)]
        return " ".join(self.text[max(first - AROUND, 0) : last + 1 + AROUND].split())


@lru_cache(maxsize=8)
def _stream(text: str) -> _Stream:
    """Extract the letters and digits of a text, with ligatures and wide forms normalised, and superscript digits as
    plain digits."""
    signs: list[str] = []
    at: list[int] = []
    raised: set[int] = set()
    for place, char in enumerate(text):
        plain = char.translate(_RAISED)
        for each in unicodedata.normalize("NFKC", plain):
            if unicodedata.category(each)[0] in "LN":
                if plain != char:
                    raised.add(len(signs))
                signs.append(each)
                at.append(place)
    return _Stream(text, "".join(signs), tuple(at), frozenset(raised))


def _matches(a: _Stream, b: _Stream) -> list[tuple[int, int, int]]:
    """Return matching runs of signs, `(offset in a, offset in b, length)`, that cover as much of `a` as possible.

    Each run has at least RUN signs, or all of `a` if that is shorter.
    """
    run, found, i = min(RUN, len(a.signs)), [], 0
    while i + run <= len(a.signs):
        options = _places(b.signs, a.signs[i : i + run])
        if not options:
            i += 1
            continue
        j, n = max(((j, _equal(a.signs, b.signs, i, j)) for j in options), key=lambda one: one[1])
        found.append((i, j, n))
        i += n
    tail = len(a.signs) - run
    if i > tail and i < len(a.signs) and tail >= 0 and (options := _places(b.signs, a.signs[tail:])):
        found.append((i, options[0] + i - tail, len(a.signs) - i))
    return found


def _places(text: str, words: str, most: int = 8) -> list[int]:
    """Return the first offsets in `text` at which `words` occurs, at most `most`; a page has few equal runs of twelve
    letters."""
    found: list[int] = []
    start = text.find(words)
    while start >= 0 and len(found) < most:
        found.append(start)
        start = text.find(words, start + 1)
    return found


def _equal(a: str, b: str, i: int, j: int) -> int:
    """Count the equal characters of a[i:] and b[j:] before the first difference."""
    n = 0
    while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
        n += 1
    return n


def _parted(a: _Stream, b: _Stream, matches: list[tuple[int, int, int]]) -> list[tuple[DifferenceKind, str, str]]:
    """Return `(kind, text in a, text in b)` for every part of `a` that is in no matching run, and for every number
    whose digits the two separate differently."""
    found: list[tuple[DifferenceKind, str, str]] = []
    i = j = 0
    for start, place, n in [*matches, (len(a.signs), -1, 0)]:
        if start > i:
            lost = a.signs[i:start]
            # the other reader may put up to four times as much in between, and two runs; chosen by eye on the PDFs at
            # hand
            end = place if j <= place <= j + 4 * len(lost) + 2 * RUN else min(j + len(lost), len(b.signs))
            kind: DifferenceKind = "figures" if any(sign.isdigit() for sign in lost) else "letters"
            found.append((kind, a.around(i, start), b.around(j, end) if i else ""))
        elif matches and 0 < start < len(a.signs) and _joined(a, start - 1):
            found.append(("figures", a.around(start - 1, start + 1), b.around(j - 1, j)))
        i, j = start + n, place + n
    for start, place, n in matches:
        for k in range(n - 1):
            one, other = start + k, place + k
            if (
                a.signs[one].isdigit()
                and a.signs[one + 1].isdigit()
                and a.gap(one) != b.gap(other)
                and not ({one, one + 1} & a.raised)
            ):
                found.append(("figures", a.around(one, one + 2), b.around(other, other + 2)))
    return found


def _occurs_in_order(a: _Stream, b: _Stream) -> bool:
    """Return whether the few signs of `a` occur in `b` in the same order, and not as part of a longer number."""
    # places of a sign that are looked at: a bound of time for a text of one repeated sign
    for place in _places(b.signs, a.signs, 10_000):
        end = place + len(a.signs)
        before = place > 0 and a.signs[0].isdigit() and _joined(b, place - 1)
        after = end < len(b.signs) and a.signs[-1].isdigit() and _joined(b, end - 1)
        if not before and not after and not _parted(a, b, [(0, place, len(a.signs))]):
            return True
    return False


def _joined(stream: _Stream, i: int) -> bool:
    """Return whether the signs at positions i and i + 1 are digits of one number."""
    return (
        stream.signs[i].isdigit() and stream.signs[i + 1].isdigit() and not stream.gap(i) and i + 1 not in stream.raised
    )


def parted(text: str, other: str, by: str = "") -> list[tuple[DifferenceKind, str, str]]:
    """Return the differences `(kind, first, second)` between the text of a passage and `other`, the second reading of
    its page or file; `by` names the second reader."""
    a, b = _stream(text), _stream(other)
    if not a.signs or len(a.signs) < RUN and _occurs_in_order(a, b):
        return []
    matches = _matches(a, b)
    if not matches:
        label = _LABEL.match(text) if by in _COUNTED else None
        return (
            parted(text[label.end() :], other)
            if label and text[label.end() :].strip()
            else [("not found", text[:80], "")]
        )
    label = _LABEL.match(text) if by in _COUNTED else None
    if label and matches[0][0] and a.at[matches[0][0]] <= label.end():  # a list number that the format counts
        return parted(text[a.at[matches[0][0]] :], other)
    return _parted(a, b, matches)


def _differences(passage: Passage, other: str, by: str) -> list[tuple[DifferenceKind, str, str]]:
    """Return the differences `(kind, first, second)` between a passage and the second reading.

    A table row is compared cell by cell, and a cell that does not match as a whole word by word, because readers may
    order cells and lines differently.
    """
    if passage.kind != "table-row":
        return parted(passage.text, other, by)
    cells = [(cell, parted(cell, other, by)) for cell in passage.text.split(" | ")]
    return [
        one
        for cell, found in cells
        if found
        for one in (
            [each for word in cell.split() for each in parted(word, other, by)] if len(cell.split()) > 1 else found
        )
    ]


def _text_for(passage: Passage, second: Second) -> str:
    """Return the second reading of the pages on which a passage is; of the entire file when it has no pages."""
    pages = {box.page for box in passage.place.boxes} | ({passage.place.page} if passage.place.page else set())
    if not second.paged or not pages:
        return "\n".join(second.pages)
    return "\n".join(second.pages[min(pages) - 1 : max(pages) + 1])


def compare(passages: Iterable[Passage], locate: Locate, read: Callable[[Path], Second | None]) -> ReadingComparison:
    """Compare the passages of every file that another library can read. `locate` returns the path of a file; `read`
    returns its second reading, or None when there is no second reader.

    Left out are statements in our own words, OCR text, and files without a second reading.
    """
    seconds: dict[str, Second | str] = {}
    readers: dict[str, int] = {}
    left_out: dict[str, str] = {}
    differences: list[Difference] = []
    for passage in passages:
        file = passage.place.file
        if passage.wording == "own-words":
            continue
        if file not in seconds:
            seconds[file] = _second(file, locate, read)
        second = seconds[file]
        if isinstance(second, str):
            left_out[file] = second
        elif passage.verified == "unverified":
            left_out[passage.id] = "recognised in a picture (OCR): no second reading"
        else:
            readers[second.by] = readers.get(second.by, 0) + 1
            differences += [
                Difference(
                    passage=passage.id,
                    file=file,
                    page=passage.place.page,
                    kind=kind,
                    first=first,
                    second=other,
                    by=second.by,
                )
                for kind, first, other in _differences(passage, _text_for(passage, second), second.by)
            ]
    return ReadingComparison(
        compared=sum(readers.values()), readers=readers, left_out=left_out, differences=tuple(differences)
    )


def _second(file: str, locate: Locate, read: Callable[[Path], Second | None]) -> Second | str:
    """Return the second reading of a file, or a sentence that says why there is none."""
    try:
        return read(locate(file)) or "no second reader for this type of file"
    except (OSError, KBError) as error:
        return str(error)
