"""Correct the headings of Markdown files, and join numbers that are alone on a line to their paragraphs.

Markdown of laws is often made by programs: some headings have hashes, others are plain lines in capitals or with the
name of a part, the middle of a sentence is marked as a heading, and "(1)" is on a line above the paragraph that it
numbers.

Numbers: letters and levels. A heading has at most 300 letters; there are six levels, as in HTML. Chosen by eye; cases:
tests/read/test_read_headings.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from kb.read.draft import Draft, Reading
from kb.read.layout.kinds import caps
from kb.read.numbering import number_of
from kb.read.source import draft

TITLED = {"annex", "book", "part", "title", "chapter", "section", "goal"}
UNNUMBERED = 7
"""Level of a heading that is marked only by bold print or capitals: below every level of hashes."""
LONGEST = 140  # characters: two lines of a text file
REPEATED = 4
"""Bold lines that occur this often, equal except for their numbers, are cells of a table, not headings."""
CLOSED = (".", ";", ":", "!", "?", ",", "”", "»")
ALONE = {"arabic", "letter", "small-roman", "roman"}


def mend(reading: Reading) -> None:
    """Correct kinds and levels of a Markdown reading's drafts, in place."""
    _demote(reading.drafts)
    _promote(reading.drafts)
    _levels(reading.drafts)
    reading.drafts[:] = _joined(reading.drafts, reading.source or "")


def _demote(drafts: list[Draft]) -> None:
    """Change wrong headings to paragraphs: long text, the middle of a sentence, bold cells of a table."""
    alike = Counter(_shape(d.text) for d in drafts if d.kind == "heading" and d.level == UNNUMBERED)
    amounts = [_is_amount(item.text) for item in drafts]
    for at, item in enumerate(drafts):
        if item.kind != "heading":
            continue
        beside = [*amounts[max(at - 1, 0) : at], *amounts[at + 1 : at + 2]]  # a table whose cells are lines
        cell = item.level in (None, UNNUMBERED) and (any(beside) if amounts[at] else sum(beside) == 2)
        cell = cell or item.level == UNNUMBERED and alike[_shape(item.text)] >= REPEATED
        if len(item.text) > 300 or item.text[:1].islower() or cell:  # letters, by eye: longer text is no heading
            item.kind, item.level = "paragraph", None


def _is_amount(text: str) -> bool:
    """Return whether a text is a number in a table: '49.8', '(1,250)', '12 %'; not an item number alone ('4.')."""
    number = number_of(text)
    waits = number is not None and number.alone and number.form in ALONE
    return not waits and bool(re.fullmatch(r"[-–(+~<>]?\s?\d[\d.,\s]*%?\)?", text.strip()))


def _shape(text: str) -> str:
    """Return a text with every number replaced by `#`."""
    return re.sub(r"\d+(?:[.,]\d+)*|\b[IVXLC]+\b", "#", text)


def _promote(drafts: list[Draft]) -> None:
    """Change plain lines to headings: the label of a part, with or without a title, or a line in capitals."""
    last: Draft | None = None
    for item in drafts:
        text, before, last = item.text, last, item
        if (
            item.kind != "paragraph"
            or len(text) > LONGEST
            or text.endswith(CLOSED)
            and not _label(text)
            or "|" in text
            or text[:1] == "["
        ):
            continue
        number = number_of(text)
        if number is not None:
            title = text[number.end :]
            named = number.form in TITLED and (number.alone or title[:1].isupper())
            named = named or number.form == "paragraph" and (caps(text) or bool(re.match(r"\S+\s\S+\s*[:–—]", text)))
            if named or number.form == "article" and number.alone:
                item.kind, item.level = "heading", None
        elif (
            caps(text)
            and sum(c.isalpha() for c in text) >= 6  # letters, by eye: fewer do not show whether it is in capitals
            and not re.search(r"\d{3}", text)
            and (
                before is None
                or before.kind == "heading"
                or before.text.startswith("[")
                or before.text.endswith(CLOSED)
            )
        ):
            item.kind, item.level = "heading", UNNUMBERED


def _label(text: str) -> bool:
    """Return whether a text consists only of the label of a part: 'SECTION 4.', 'PARTE II:'."""
    number = number_of(text)
    return number is not None and number.alone


def _levels(drafts: list[Draft]) -> None:
    """Set the level of each heading without hashes: the level of headings with hashes and the same form of number, else
    one below that of the higher forms."""
    marked: dict[int, list[int]] = {}
    unmarked: set[int] = set()
    for item in drafts:
        number = number_of(item.text) if item.kind == "heading" else None
        if number is None or number.form not in TITLED | {"article"}:
            continue
        if item.level is not None and item.level < UNNUMBERED:
            marked.setdefault(number.above, []).append(item.level)
        else:
            unmarked.add(number.above)
    level = {above: Counter(levels).most_common(1)[0][0] for above, levels in marked.items()}
    for above in sorted(unmarked - set(level)):
        # six levels, as in HTML
        level[above] = min(6, max((each for higher, each in level.items() if higher < above), default=1) + 1)
    for item in drafts:
        number = number_of(item.text) if item.kind == "heading" else None
        if item.kind == "heading" and (item.level is None or item.level == UNNUMBERED):
            # six levels, as in HTML
            item.level = level.get(number.above, min(6, number.above)) if number is not None else UNNUMBERED


def _joined(drafts: list[Draft], source: str) -> list[Draft]:
    """Join each heading that continues on the next line of the file to one draft."""
    made: list[Draft] = []
    for item in drafts:
        last = made[-1] if made else None
        if last is not None and last.chars and item.chars and _goes_on(last, item, source):
            made[-1] = draft(source, (last.chars[0], item.chars[1]), "heading", level=last.level)
        else:
            made.append(item)
    return made


def join_numbers(drafts: list[Draft], source: str | None) -> list[Draft]:
    """Join each number that is alone on a line to the paragraph that it numbers.

    `source` is the decoded text of a text format (None for others); only white space and marks may be between the two
    in it.
    """
    made: list[Draft] = []
    for item in drafts:
        last = made[-1] if made else None
        if last is None or not _numbers(last, item):
            made.append(item)
        elif source is None:
            kind = last.kind if last.kind == "list-item" else item.kind
            both = f"{last.text} {item.text}"
            made[-1] = replace(item, text=both, kind=kind, boxes=[*last.boxes, *item.boxes], page=last.page)
        elif last.chars and item.chars and not source[last.chars[1] : item.chars[0]].strip("*_ \t\r\n\f>"):
            kind = last.kind if last.kind == "list-item" else item.kind
            made[-1] = replace(draft(source, (last.chars[0], item.chars[1]), kind), page=last.page, style=item.style)
        else:
            made.append(item)
    return made


def _goes_on(last: Draft, item: Draft, source: str) -> bool:
    """Return whether a heading in capitals (`last`) continues in `item`, the next line of the file, which has no number
    and no hashes."""
    if not last.chars or not item.chars:
        return False
    return (
        last.kind == "heading" == item.kind
        and item.level == UNNUMBERED
        and caps(last.text)
        and number_of(item.text) is None
        and source[last.chars[1] : item.chars[0]].count("\n") == 1
        and not source[last.chars[1] : item.chars[0]].strip()
    )


def _numbers(last: Draft, item: Draft) -> bool:
    """Return whether `last` is only a number and `item` the paragraph that it numbers."""
    if item.kind not in ("paragraph", "list-item") or item.number or number_of(item.text) is not None:
        return False
    return _waits(last) and (item.text[:1].isalpha() or item.text[:1] in '“"«‘(')


def _waits(item: Draft) -> bool:
    """Return whether a draft is only a number, such as "(1)" or "4.", that belongs to the next paragraph."""
    number = number_of(item.text) if item.kind in ("paragraph", "list-item") and len(item.text) < 12 else None
    return number is not None and number.alone and number.form in ALONE
