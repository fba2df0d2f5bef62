"""Separate two editions of one text in a file ("Ancien" / "Nouveau"): keep the new one as text, move the old one to the
leftovers, and report both."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from kb.models import Span
from kb.read.draft import Draft, Reading
from kb.read.layout.titles import plain
from kb.read.numbering import number_of
from kb.read.vocabulary import vocabulary

SHORT = 70
"""Maximum number of characters of a line that is examined as a label; with two dates a label has up to 65."""

SENTENCE = 5
"""Minimum number of words of a cell that counts as a piece of law rather than a figure or name."""

APART = {"old": "former-text", "commentary": "commentary"}
"""Kinds of columns that are not part of the text, and the kind of leftover that their cells become."""


class Editions(BaseModel):
    """Words that label an edition as old, present, next (proposed) or new; the content of
    corpus/reading/editions.yaml."""

    model_config = ConfigDict(extra="forbid")

    old: frozenset[str]
    present: frozenset[str]
    next: frozenset[str]
    new: frozenset[str]
    old_begins: tuple[str, ...]
    present_begins: tuple[str, ...]
    next_begins: tuple[str, ...]
    new_begins: tuple[str, ...]
    old_column: frozenset[str]
    new_column: frozenset[str]
    until: tuple[str, ...]
    in_force_from: tuple[str, ...]
    text: frozenset[str]
    commentary: frozenset[str]


@functools.cache
def edition_labels() -> Editions:
    """Load and validate corpus/reading/editions.yaml."""
    return vocabulary("editions", Editions)


def edition_of(text: str) -> str:
    """Return 'old', 'present', 'next' or 'new' when a line is the label of such an edition, else ''."""
    if len(text) > SHORT:
        return ""
    words, known = plain(text), edition_labels()
    begins = {
        "old": known.old_begins,
        "new": known.new_begins,
        "present": known.present_begins,
        "next": known.next_begins,
    }
    exact = {"old": known.old, "present": known.present, "next": known.next, "new": known.new}
    for name, lines in exact.items():
        if words in lines:
            return name
    if any(words.startswith(f"{each} ") for each in (*known.in_force_from, *known.new_begins)) and _has_ended(text):
        return "old"
    return next((name for name, all_ in begins.items() if any(words.startswith(f"{each} ") for each in all_)), "")


def _has_ended(text: str) -> bool:
    """Return whether a line states both years of the period in which an edition was in force."""
    words = "|".join(edition_labels().until)
    return bool(re.search(rf"\b\d{{4}}\s+(?:{words})\b.*\b\d{{4}}\b", text, re.IGNORECASE))


def paired(names: list[str]) -> list[str]:
    """Map the names of editions to 'old' and 'new'; all to '' unless two different editions are named.

    Beside an 'old' edition, 'present' is the new one; beside a 'next' one, 'present' is the old one.

    >>> paired(["", "present", "next"]), paired(["old", "present"]), paired(["new"])
    (['', 'old', 'new'], ['old', 'new'], [''])
    """
    former = "old" if "old" in names else "present"
    found = ["old" if name == former else "new" if name else "" for name in names]
    return found if {"old", "new"} <= set(found) else [""] * len(names)


def set_apart(reading: Reading) -> None:
    """Move the text of the old edition to the leftovers: the drafts between its label and the next label or numbered
    heading, and in a table with a column for each edition, the cells of the old one.

    Does nothing unless the file names both editions, because a single label is an ordinary heading.
    """
    _columns(reading)
    _part_labels(reading)
    printed = [edition_of(draft.text) for draft in reading.drafts]
    named = paired(printed)
    if not any(named) or "old" not in printed and not _in_turn(named):
        return
    kept: list[Draft] = []
    inside, first_below = "", False
    again: set[str] = set()
    for at, (draft, name) in enumerate(zip(reading.drafts, named, strict=True)):
        number = _opens(draft)
        inside = name or ("" if number and not first_below and number not in again else inside)
        first_below = bool(name)
        again = _numbers_of_the_new(reading.drafts, named, at) if name == "old" else again
        if name:
            reading.leftovers.append(_as(draft, "label"))
        elif inside == "old":
            reading.leftovers.append(_as(draft, "former-text"))
        else:
            kept.append(draft)
    first = next(draft for draft, name in zip(reading.drafts, named, strict=True) if name == "old")
    reading.drafts[:] = kept
    reading.trouble(
        f"the file holds two editions of the text; what stands under “{first.text}” is kept apart as former text, "
        f"only the new edition was read as text{_not_yet(printed)}",
        "Check which edition is in force.",
        first.page,
    )


_LABELLED = re.compile(r"(?P<label>[^\W\d_][^:\n]{2,40}?)\s?:\s+(?=\S)")
"""Matches a label and the text after it on one line; the number of letters is by eye."""


def _part_labels(reading: Reading) -> None:
    """Split labels from the text after them when paragraphs begin with labels of both editions: "Ancien : La pension
    …", "Nouveau : …"."""
    found = {
        at: (match, name)
        for at, draft in enumerate(reading.drafts)
        if draft.kind != "table-row"
        and (match := _LABELLED.match(draft.text))
        and (name := edition_of(match["label"])) in ("old", "new")
    }
    if {name for _, name in found.values()} != {"old", "new"}:
        return
    parted: list[Draft] = []
    for at, draft in enumerate(reading.drafts):
        ends = [(0, found[at][0].end("label")), (found[at][0].end(), len(draft.text))] if at in found else []
        parts = [part for each in ends if (part := part_of(reading, draft, *each))]
        parted += parts if len(parts) > 1 else [draft]
    reading.drafts[:] = parted


def _in_turn(named: list[str]) -> bool:
    """Return whether the labels alternate, old then new. Others, such as "Current" and "Proposed" far apart, are
    headings of a plan."""
    found = [name for name in named if name]
    return found == ["old", "new"] * (len(found) // 2)


def _not_yet(names: list[str]) -> str:
    """Return the words that a report adds when the edition that is kept is only proposed; '' otherwise.

    `names` are the editions that the labels of the file name: 'old', 'present', 'next' (a proposed one) or 'new'.
    """
    return "; it is proposed, and what is kept apart is the text in force" if "next" in names else ""


def _columns(reading: Reading) -> None:
    """In tables that print two columns side by side, move the column of the old edition, or of commentary, to the
    leftovers, and report it.

    A row whose cells do not match the head (merged cells, a bar inside a cell) is kept and reported.
    """
    kept: list[Draft] = []
    head: list[str] = []
    for at, draft in enumerate(reading.drafts):
        cells = cells_of(draft)
        printed = [edition_of(cell) for _, cell in cells]
        names = paired([name or _column(cell) for name, (_, cell) in zip(printed, cells, strict=True)])
        beside = _commented([cell for _, cell in cells])
        if beside:
            head = beside
            _report_commentary(reading, draft, cells[beside.index("commentary")][1])
            kept.append(draft)
            continue
        if any(names) and ("old" in printed or _worded(reading.drafts[at + 1 :], names)):
            head = names
            _report_columns(reading, draft, cells[names.index("old")][1], _not_yet(printed))
            kept.append(draft)
            continue
        head = head if cells else []
        if head and len(cells) == len(head):
            kept += _without_old(reading, draft, cells, head)
            continue
        if head:
            _report_mixed(reading, draft)
        kept.append(draft)
    reading.drafts[:] = kept


def _column(cell: str) -> str:
    """Return the edition ('old' or 'new') that `cell`, the head of a table column, names, or ''. The caller must check
    with `_worded` that the cells below hold sentences."""
    words, known = plain(cell), edition_labels()
    return "old" if words in known.old_column else "new" if words in known.new_column else ""


def _commented(cells: list[str]) -> list[str]:
    """Return for each cell of a head row 'commentary' or ''; [] when the row is not the head of a table that prints a
    text beside its commentary."""
    words, known = [plain(cell) for cell in cells], edition_labels()
    if not any(each in known.text for each in words) or not any(each in known.commentary for each in words):
        return []
    return ["commentary" if each in known.commentary else "" for each in words]


def _worded(rows: list[Draft], head: list[str]) -> bool:
    """Return whether the old edition's column has, in the rows below its head, a cell of at least SENTENCE words.
    Columns of amounts headed "Current" and "Proposed" are no editions of a text."""
    for draft in itertools.takewhile(lambda d: d.kind == "table-row", rows):
        cells = cells_of(draft)
        if len(cells) == len(head) and len(cells[head.index("old")][1].split()) >= SENTENCE:
            return True
    return False


def cells_of(draft: Draft) -> list[tuple[Span, str]]:
    """Return (span, text) of each cell of a table row; the span is of the row's text, and includes the bar after the
    cell."""
    if draft.kind != "table-row":
        return []
    text, found, start = draft.text, [], 0
    if draft.chars is not None and text.startswith("|"):  # a row of Markdown, which begins and ends with a bar
        start = len(text) - len(text[1:].lstrip(" "))
    while start < len(text):
        bar = text.find("|", start)
        end = bar + 1 if bar >= 0 else len(text)
        found.append(((start, end), text[start:end].strip("| ")))
        start = end
    if text.endswith("|") and draft.chars is None:
        found.append(((len(text), len(text)), ""))
    return found


def _without_old(reading: Reading, row: Draft, cells: list[tuple[Span, str]], head: list[str]) -> list[Draft]:
    """Return the row without the cells of the old edition or of commentary, which become leftovers: one draft for each
    run of neighbouring cells that remain. Returns the row unchanged when a piece cannot be located in the source."""
    parts: list[Draft] = []
    for kind, run in itertools.groupby(range(len(head)), lambda i: APART.get(head[i], "")):
        at = list(run)
        start = 0 if at[0] == 0 else cells[at[0]][0][0]
        part = part_of(reading, row, start, cells[at[-1]][0][1])
        if part is None:
            return [row]
        if kind and part.text.strip("| "):
            reading.leftovers.append(_as(part, kind))
        elif not kind and part.text.strip("| "):
            parts.append(replace(part, kind="paragraph") if len(at) == 1 else part)
    return parts


def part_of(reading: Reading, row: Draft, start: int, end: int) -> Draft | None:
    """Return the piece [start, end) of a draft's text as a draft with its own offsets, or None when the source does not
    contain that text in one run."""
    text = row.text[start:end].strip()
    text = text.removesuffix("|").strip() if end < len(row.text) else text  # the bar before the next cell
    if row.chars is None or reading.source is None:
        return replace(row, text=text)
    first, last = row.chars
    at = reading.source.find(text, first, last)
    return replace(row, text=text, chars=(at, at + len(text))) if at >= 0 else None


def _report_columns(reading: Reading, head: Draft, old: str, more: str) -> None:
    reading.trouble(
        f"a table sets two editions of the text side by side; its column “{old}” is kept apart as former text, only "
        f"the new edition was read as text{more}",
        "Check which edition is in force.",
        head.page,
    )


def _report_commentary(reading: Reading, head: Draft, column: str) -> None:
    """Report that column `column` of the table with this head row is commentary."""
    reading.trouble(
        f"a table sets the text beside commentary on it; its column “{column}” is kept apart and is no part of the "
        "text",
        "Read it among the leftovers.",
        head.page,
    )


def _report_mixed(reading: Reading, row: Draft) -> None:
    reading.trouble(
        f"a row of a table of two editions, or of a text and commentary, has other cells than its head and holds both: "
        f"“{row.text[:SHORT]}”",
        "Quote only the words of the text that is in force.",
        row.page,
    )


def _opens(draft: Draft) -> str:
    """Return the case-folded number of a heading that begins an article or part, else ''.

    Such a heading ends the text of an edition, unless it is the first below a label or occurs in both editions.
    """
    number = number_of(draft.text) if draft.kind == "heading" else None
    # ranks 1 to 6 are divisions of a text; lower ones are list items (kb.read.numbering)
    return number.text.casefold() if number is not None and number.above <= 6 else ""


def _numbers_of_the_new(drafts: list[Draft], named: list[str], old: int) -> set[str]:
    """Return the numbers of the articles below the label of the new edition, the next one after the old label at
    position `old`. `named` has the edition that each draft labels."""
    labels_after = [at for at in range(old + 1, len(named)) if named[at]]
    if not labels_after or named[labels_after[0]] != "new":
        return set()
    end = labels_after[1] if len(labels_after) > 1 else len(drafts)
    return {_opens(draft) for draft in drafts[labels_after[0] : end]} - {""}


def _as(draft: Draft, kind: str) -> Draft:
    """Set the kind of a draft that becomes a leftover, and return it."""
    draft.kind = kind
    return draft
