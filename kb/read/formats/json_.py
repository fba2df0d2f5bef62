"""JSON: every text in it, in order, under the keys that hold it."""

from __future__ import annotations

import json
from typing import Any

from kb.errors import InputError
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.limits import Limits
from kb.text import squeeze


def read_json(data: bytes, limits: Limits) -> Reading:
    """The strings of a JSON file as paragraphs, with the path of keys as their section. Raises InputError for broken
    JSON."""
    source, _, doubt = decode(data)
    reading = Reading("json")
    if doubt:
        reading.trouble(doubt, "Save the file as UTF-8 and read it again.")
    try:
        value = json.loads(source)
    except RecursionError as error:
        raise InputError(
            "the JSON is nested too deeply", where="JSON file", do="Save only the part that holds text."
        ) from error
    except ValueError as error:
        value = _lines(source)
        if value is not None:
            _walk(value, limits, reading)
            return reading
        raise InputError(
            f"this looks like JSON but is broken: {error}",
            where="JSON file",
            do="Mend it, or save the text as plain text.",
        ) from error
    _walk(value, limits, reading)
    return reading


def _lines(source: str) -> list[Any] | None:
    """The values of a file with one JSON value on each line (JSON Lines), or None where it is none."""
    lines = [line for line in source.split("\n") if line.strip()]
    try:
        return [json.loads(line) for line in lines] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, limits: Limits, reading: Reading) -> None:
    """Collect strings depth first; a string of letters is a paragraph, any other scalar a leftover."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while stack:
        item, path = stack.pop()
        if isinstance(item, dict):
            stack.extend((v, (*path, str(k))) for k, v in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend((v, path) for v in reversed(item))
        elif item is not None and squeeze(str(item)):
            if len(path) > limits.nesting:
                raise InputError(
                    "the JSON is nested too deeply", where="JSON file", do="Save only the part that holds text."
                )
            for text in filter(None, map(squeeze, str(item).splitlines())):  # a line of a string is a paragraph
                prose = isinstance(item, str) and any(c.isalpha() for c in text)
                draft = Draft(text, "paragraph" if prose else "leftover", section=path)
                (reading.drafts if prose else reading.leftovers).append(draft)
