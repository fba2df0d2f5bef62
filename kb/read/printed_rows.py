"""Rebuild paragraphs from Word files that were converted from printed pages, with each printed line in a table row.

A row holds a line of the page: its line number, an item mark, the words, and a piece of the side note beside them.
Words keep their order; a note beside a section is placed before it, as in the readers of printed pages.

Numbers: the most words and letters that a piece of a side note has, and how often a running head is repeated. Chosen by
eye on a bill that was converted to a Word file.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field

from kb.read.draft import Draft, Reading
from kb.read.layout.hyphens import join, vocabulary
from kb.read.numbering import is_item, number_of

_LINE_NUMBER = re.compile(r"(?:[5]|[1-4][05])$")
"""Matches a line number in the margin, printed every fifth line."""
_LED = re.compile(r"([5]|[1-4][05])\s?(?=\(\w{1,4}\)\s|[“\"])")
"""Matches a line number at the start of a paragraph: "10 (2) The Minister"; "30 days" may be words, and is kept."""
_HEADED = re.compile(r"(?:(?P<page>\d{1,3})\s+(?P<after>\D{3,60})|(?P<before>\D{3,60})\s+(?P<last>\d{1,3}))")
"""Matches a running head with its page number: "2 Gender Equality", "Gender Equality 3"."""
_MARK = re.compile(r"\((?:\w{1,4})\)")
_CLOSED = re.compile(r"(?:[.;:!?]|[.;,:]?\s?[–—-])[”\"')]*\s*$|[;,]\s(?:and|or)$")
_SECTION = re.compile(r"\d{1,3}[A-Z]{0,2}\.")
NOTE_WORDS, NOTE_LETTERS = 4, 24  # by eye: longer is no piece of a note in a margin
REPEATED = 4
"""Minimum number of times that a running head occurs with a page number."""


@dataclass
class _Lines:
    """The paragraphs built so far (`out`) and the leftovers (`left`) of a converted file.

    `note` has the pieces of the current side note, `since` is the position in `out` at which the note began, `words`
    counts the document's words.
    """

    words: Counter
    out: list[Draft] = field(default_factory=list)
    left: list[Draft] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    since: int = 0
    mark: str = ""
    """An item mark that stood alone in its row; the words of the item are in the next row. '' when there is none."""
    from_row: bool = False
    """Whether the last words came from a table row."""

    @property
    def is_open(self) -> bool:
        """Return whether the last paragraph breaks off within a sentence."""
        last = self.out[-1] if self.out else None
        return last is not None and last.kind not in ("heading", "table-row") and not _CLOSED.search(last.text)

    def add(self, draft: Draft, text: str, *, is_line: bool) -> None:
        """Add the words of a line: to the last paragraph if its sentence is unfinished and `text` begins no new one,
        else as a new paragraph.

        `is_line`: the words are one printed line from a table row, so that the next line may continue their sentence
        even if it begins with a capital letter.
        """
        if self.mark and not number_of(text):
            text, self.mark = f"{self.mark} {text}", ""
        begins = number_of(text) is not None or bool(_MARK.match(text))
        goes_on = text[:1].islower() or self.from_row
        self.from_row = is_line
        if self.is_open and not begins and goes_on:
            last = self.out[-1]
            last.text = join(last.text, text, self.words)
            last.notes = (*last.notes, *draft.notes)
            return
        number = number_of(text)
        item = number is not None and is_item(number)
        self.out.append(Draft(text, "list-item" if item else "paragraph", notes=draft.notes))

    def beside(self, text: str, since: int | None = None) -> None:
        """Add a piece of a side note, which belongs to a section at position `since` or later (default: the last
        paragraph)."""
        if not self.note:
            self.since = max(0, len(self.out) - 1 if since is None else since)
        self.note.append(text)

    def close(self) -> None:
        """Insert the side note as a heading before its section: the first section that begins at or after the note's
        first line."""
        if self.note:
            at = next((n for n in range(self.since, len(self.out)) if _SECTION.match(self.out[n].text)), len(self.out))
            self.out.insert(at, Draft(" ".join(self.note), "heading"))
            self.note = []


def as_lines(reading: Reading) -> None:
    """Replace the drafts of a converted file by its paragraphs; running heads and line numbers become leftovers."""
    heads = _running_heads(reading.drafts)
    lines = _Lines(vocabulary(draft.text for draft in reading.drafts))
    for draft, below in itertools.zip_longest(reading.drafts, reading.drafts[1:]):
        if draft.kind == "table-row":
            _row(draft, below, lines, heads)
        elif (match := _HEADED.fullmatch(draft.text)) and (match["after"] or match["before"]).strip() in heads:
            lines.left.append(Draft(draft.text, "running-head"))
        elif draft.kind == "heading" and not _MARK.match(draft.text):
            lines.close()
            lines.out.append(draft)
        else:
            _paragraph(draft, lines)
    lines.close()
    reading.drafts[:] = lines.out
    reading.leftovers += lines.left


def _running_heads(drafts: list[Draft]) -> set[str]:
    """Return the texts that occur repeatedly together with a page number."""
    found = Counter(
        (match["after"] or match["before"]).strip()
        for draft in drafts
        if (match := _HEADED.fullmatch(draft.text.replace(" | ", " ").strip(" |")))
    )
    return {head for head, times in found.items() if times >= REPEATED}


def _paragraph(draft: Draft, lines: _Lines) -> None:
    """Add a paragraph that stands between table rows: as the end of a side note or of a line, or as a separate
    paragraph."""
    text = draft.text
    if led := _LED.match(text):
        lines.left.append(Draft(led[1], "line-number"))
        text = text[led.end() :].lstrip()
    if lines.note and not lines.is_open and text[:1].islower() and _is_piece(text):
        lines.beside(text)
        return
    lines.add(draft, text, is_line=False)


def _row(draft: Draft, below: Draft | None, lines: _Lines, heads: set[str]) -> None:
    """Add a table row: its line number, marks, words, and piece of a note. `below` is the next draft, `heads` are
    running heads."""
    cells = re.split(r"\s*\|\s*", draft.text.strip())
    head = next((cell for cell in cells if cell in heads), None)
    if head:
        pages = [cell for cell in cells if cell.isdigit()][:1]
        lines.left.append(Draft(" ".join((head, *pages)), "running-head"))
        cells = [cell for cell in cells if cell != head and cell not in pages]
    if cells and _LINE_NUMBER.match(cells[0]):
        lines.left.append(Draft(cells.pop(0), "line-number"))
    words = [cell for cell in cells if cell]
    if (
        head
        and len(words) == 1
        and not _MARK.fullmatch(words[0])
        and len(words[0].split()) <= 2 * NOTE_WORDS
        and not _CLOSED.search(words[0])
    ):
        lines.close()
        lines.beside(words[0], len(lines.out))  # a note beside the running head of its page
        return
    if len(cells) > 1 and cells[-1] and _is_note(cells[-1], words[:-1], lines):
        _with_note(draft, below, words, lines)
    elif len(words) == 2 and _MARK.fullmatch(words[0]) and lines.is_open and words[1].endswith(";"):
        lines.add(draft, words[1], is_line=True)  # "(c) | Constitution;": the end of (b) is beside the mark of (c)
        lines.mark = words[0]
    elif len(words) == 1 and _MARK.fullmatch(words[0]):
        lines.mark = words[0]
    elif words:
        _words(draft, " ".join(words), lines)


def _is_note(last: str, others: list[str], lines: _Lines) -> bool:
    """Return whether the last cell of a row is a piece of a side note; `others` are the other cells."""
    if not _is_piece(last):
        return False
    if not others:
        return bool(lines.note) or last[0].isupper()
    return any(len(cell.split()) >= NOTE_WORDS or lines.note and not _MARK.fullmatch(cell) for cell in others)


def _with_note(draft: Draft, below: Draft | None, words: list[str], lines: _Lines) -> None:
    """Add a row whose last cell is a piece of a side note; it begins a new note when the next row (`below`) begins a
    section."""
    *others, piece = words
    following = re.split(r"\s*\|\s*", below.text) if below is not None and below.kind == "table-row" else []
    new = piece[0].isupper() and any(map(_SECTION.match, following)) and not any(map(_SECTION.match, others))
    if others:
        _words(draft, " ".join(others), lines)
    if new:
        lines.close()
    lines.beside(piece, len(lines.out) - (not new))


def _words(draft: Draft, words: str, lines: _Lines) -> None:
    """Add the words of a row; a new section ends the side note of the previous one."""
    if _SECTION.match(words) and lines.note and any(_SECTION.match(each.text) for each in lines.out[lines.since :]):
        lines.close()
    lines.add(draft, words, is_line=True)


def _is_piece(text: str) -> bool:
    """Return whether a cell or paragraph can be a piece of a side note: a few short words without a number or mark."""
    short = len(text) <= NOTE_LETTERS and len(text.split()) <= NOTE_WORDS
    return short and not re.search(r"[\d;:|]", text) and not number_of(text)
