"""Read JSON: every string in order, with its path of keys as its section."""

from __future__ import annotations

import json
from collections import Counter
from typing import TypeAlias, cast

from kb.errors import InputError
from kb.read.archive import printable
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.limits import Limits
from kb.text import squeeze

NAMES = 8
"""Number of repeated keys after which no further object is searched for them: a report names these, or a few more."""


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_json`."""
    return read_json(source.data(options.limits), options.limits)


def read_json(data: bytes, limits: Limits) -> Reading:
    """Return the strings of a JSON file as paragraphs, each with its path of keys as its section. Raises InputError for
    malformed JSON."""
    source, _, doubt = decode(data)
    reading = Reading("json")
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    twice: set[str] = set()
    try:
        value: _Value = _loaded(source, twice)
    except RecursionError as error:
        raise InputError(
            "the JSON is nested too deeply", where="JSON file", do="Save only the part that holds text."
        ) from error
    except ValueError as error:
        value = _lines(source, twice)
        if value is None:
            raise InputError(
                f"this looks like JSON but is broken: {error}",
                where="JSON file",
                do="Mend it, or save the text as plain text.",
            ) from error
    _report_repeated(twice, reading)
    _walk(value, limits, reading)
    return reading


class _Written(str):
    """A number with the spelling of the file: 0.10 stays 0.10, and 1e400 does not become infinite."""

    __slots__ = ()


class _Pairs(list["tuple[str, _Value]"]):
    """The key-value pairs of a JSON object, in order; a key may be repeated."""

    __slots__ = ()


_Value: TypeAlias = "_Pairs | list[_Value] | str | bool | None"
"""A parsed JSON value: objects are `_Pairs`, numbers `_Written`."""


def _loaded(text: str, twice: set[str]) -> _Value:
    """Parse a JSON text, keeping numbers as they are spelled; add keys repeated within one object to `twice`."""

    def pairs(found: list[tuple[str, _Value]]) -> _Pairs:
        """Return the key-value pairs `found` of one object; add its repeated keys to `twice`, unless that has NAMES
        already."""
        if len(twice) < NAMES and len({key for key, _ in found}) < len(found):
            twice.update(key for key, n in Counter(key for key, _ in found).items() if n > 1)
        return _Pairs(found)

    return json.loads(text, object_pairs_hook=pairs, parse_float=_Written, parse_int=_Written, parse_constant=_Written)


def _report_repeated(twice: set[str], reading: Reading) -> None:
    """Report the keys that are repeated within one object."""
    if twice:
        reading.trouble(
            f"a key stands twice in one object of the JSON "
            f"({', '.join(sorted(repr(printable(key)) for key in twice))}); "
            "all its values were read, one after the other",
            "Ask its maker which of them counts.",
        )


def _lines(source: str, twice: set[str]) -> list[_Value] | None:
    """Parse JSON Lines (one JSON value per line); return None when the text is not JSON Lines."""
    lines = [line for line in source.split("\n") if line.strip()]
    try:
        return [_loaded(line, twice) for line in lines] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _walk(value: _Value, limits: Limits, reading: Reading) -> None:
    """Add the strings in a value to the reading, depth first: each line that has letters as a paragraph, any other
    scalar as a leftover. Raises InputError when values are nested too deeply."""
    stack: list[tuple[_Value, tuple[str, ...]]] = [(value, ())]
    while stack:
        item, path = stack.pop()
        if isinstance(item, _Pairs):
            stack.extend((v, (*path, k)) for k, v in reversed(item))
        elif isinstance(item, list):
            values = cast("list[_Value]", item)  # not pairs, which are handled above
            stack.extend((v, path) for v in reversed(values))
        elif item is not None and squeeze(written := str(item).lower() if isinstance(item, bool) else str(item)):
            if len(path) > limits.nesting:
                raise InputError(
                    "the JSON is nested too deeply", where="JSON file", do="Save only the part that holds text."
                )
            for text in filter(None, map(squeeze, written.splitlines())):  # a line of a string is a paragraph
                prose = isinstance(item, str) and not isinstance(item, _Written) and any(c.isalpha() for c in text)
                draft = Draft(text, "paragraph" if prose else "leftover", section=path)
                (reading.drafts if prose else reading.leftovers).append(draft)
