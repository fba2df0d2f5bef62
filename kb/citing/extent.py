"""List the places that an instrument has, for the error about a place that does not exist: 'Beijing Declaration,
para. 1 to para. 38'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from kb.commitments.register import Entry, Instrument
from kb.errors import NotFound

MOST_LISTED = 8
"""Places up to which all are listed; of more, only the first and the last."""
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+)(?P<more>[A-Za-z]*)(?P<inside>(?:/\w+)*)")
_LETTER = re.compile(r"\((\w)\)")


def what_is_there(entries: Mapping[str, Entry], id: str, part: str | None, cite: Callable[[str], str]) -> str:
    """Return a list, as text, of the places that exist beside the unknown place `id`; '' if the register has none.

    `part` is the separately numbered part ('declaration', 'platform') to which the paragraph ranges of the register
    refer; `cite` formats an identifier as a citation.
    """
    above = id.rpartition("/")[0]
    if above in entries:
        return _inside(entries, above, cite)
    match = _NUMBERED.fullmatch(id)
    if match is None:
        return ""
    above = match["before"] + match["number"] + match["more"]
    if match["inside"] and above in entries:
        return _inside(entries, above, cite)
    numbers = _numbers(entries, match["before"], part)
    if not numbers or (int(match["number"]) in numbers and not match["more"]):
        return ""
    places = [f"{match['before']}{number}" for number in sorted(numbers)]
    inside = [cite(id) for id in places]
    has_gaps = max(numbers) - min(numbers) >= len(places) and all(id in entries for id in places)
    if has_gaps and len(places) <= MOST_LISTED:
        return f"There are: {'; '.join(inside)}."
    first, last = inside[0], inside[-1]
    return f"There are: {first} to {last}."


def is_checked(instrument: Instrument) -> bool:
    """Return whether every entry of an instrument in the register was checked against the official text."""
    return all(entry.verified == "official-text" for entry in instrument.entries)


def no_such_place(typed: str, there: str, in_text: bool, instrument: Instrument) -> NotFound:
    """Return the error for a place that an instrument does not have.

    `there` lists the places that it has; `in_text` is True when the official text was searched. When only a register
    that was not checked against that text was searched, the message says so, because it proves nothing about the text.
    """
    if in_text or is_checked(instrument):
        return NotFound(f"there is no '{typed}' in the official text.", do=there)
    return NotFound(
        f"there is no '{typed}' in the register, not all of which was checked against the official text.", do=there
    )


def is_numbered(known: Mapping[str, Mapping[str, Iterable[str]]], ids: Iterable[str]) -> bool:
    """Return whether one of the identifiers is in a part that the official text has, although the register has no
    entry for it.

    `known` is `numbered` of names.yaml: instrument to article to its parts; places inside a part count too.
    """
    for id in ids:
        instrument, article, part, *_ = (*id.split("/"), "", "")
        if part in known.get(instrument, {}).get(article.removeprefix("art"), ()):
            return True
    return False


def is_undivided(entries: Mapping[str, Entry], above: str) -> bool:
    """Return whether the register has an entry for the place `above`, and neither entries nor letters inside it."""
    inside = any(id.rpartition("/")[0] == above for id in entries)
    return above in entries and not inside and not _LETTER.search(entries[above].statement)


def _inside(entries: Mapping[str, Entry], above: str, cite: Callable[[str], str]) -> str:
    """Return a list, as text, of the places directly inside an entry: its own entries, or letters that its statement
    names."""
    inside = [cite(id) for id in entries if id.rpartition("/")[0] == above]
    if not inside:
        letters = list(dict.fromkeys(_LETTER.findall(entries[above].statement)))
        inside = [f"{cite(above)}({letter})" for letter in letters]
    if not inside:
        held = entries[above].range
        return (
            f"{cite(above)} has paragraphs {held.first} to {held.last}." if held else f"{cite(above)} is not divided."
        )
    return (
        f"There are: {'; '.join(inside)}." if len(inside) <= MOST_LISTED else f"There are: {inside[0]} to {inside[-1]}."
    )


def _numbers(entries: Mapping[str, Entry], before: str, part: str | None) -> set[int]:
    """Return the numbers of the places whose identifiers begin with `before`: those of entries, and the ends of the
    paragraph ranges of `part`."""
    document = before.partition("/")[0]
    held = [e.range for id, e in entries.items() if id.partition("/")[0] == document and e.range and e.range.of == part]
    counted = {number for one in held for number in (one.first, one.last)}
    own = (re.fullmatch(re.escape(before) + r"(\d+)", id) for id in entries)
    return counted | {int(match[1]) for match in own if match}
