"""Check the arguments of a call before anything is opened: a wrong type is an InputError that names it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeGuard

from kb.errors import InputError
from kb.extras import missing

LONGEST_QUERY = 2000
"""Most characters of a query or citation; the longest of 600 judged questions has 240."""

Filters = Iterable[tuple[str, str]] | Mapping[str, str | Iterable[str]]
"""(facet, term) pairs, or facet to term or terms; terms of one facet are alternatives."""

_SHAPES = 'Give {"force": "legal", "group": ["women-girls", "youth"]}, or pairs: [("force", "legal")].'


def text(value: object, what: str) -> str:
    """Return the value if it is text of at most LONGEST_QUERY characters that UTF-8 can hold. Raises InputError that
    calls the argument `what`."""
    if not isinstance(value, str):
        raise InputError(f"the {what} is a {type(value).__name__}, no text.", do="Give a str.")
    if any(map(_halved, value)):
        raise InputError(f"the {what} has half of a character (a lone surrogate).", do="Write it anew.")
    if len(value) > LONGEST_QUERY:
        raise InputError(f"the {what} has {len(value):,} characters.", do=f"Write it in {LONGEST_QUERY:,} or fewer.")
    return value


def number(value: object, what: str) -> int:
    """Return the value if it is a whole number. Raises InputError that calls the argument `what`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f"{what} is a {type(value).__name__}, no whole number.", do="Give an int.")
    return value


def file_named(value: object) -> Path:
    """Return the value, a str or Path, as a path. Raises InputError for anything else, for a path without a name, and
    for one that no disk can hold."""
    if not isinstance(value, str | Path):
        raise InputError(f"the file is a {type(value).__name__}, no path.", do="Give a str or a pathlib.Path.")
    if not Path(value).name:
        raise InputError(f"'{value}' names no file.", do="Give the name of a file, with its folder if need be.")
    try:
        held = b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:
        held = False
    if not held:
        raise InputError("the name of the file has a character that no disk can hold.", do="Name it otherwise.")
    return Path(value)


@contextmanager
def naming_extras() -> Iterator[None]:
    """Run a block that may need an optional package; where that is not installed, raise NotFound with its name."""
    try:
        yield
    except ModuleNotFoundError as error:
        if message := missing(error):
            raise message from error
        raise


def pairs(filters: Filters | None) -> list[tuple[str, str]]:
    """Return filters as (facet, term) pairs. Raises InputError for filters of another form."""
    if filters is None:
        return []
    if isinstance(filters, Mapping):
        given: object = [(name, term) for name, value in filters.items() for term in _terms(name, value)]
    else:
        given = filters
    every = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [None]
    found = [each for each in every if _is_pair(each)]
    if len(found) < len(every):
        raise InputError("these filters cannot be read.", do=_SHAPES)
    return [(text(name, "name of a filter"), text(term, "term of a filter")) for name, term in found]


def _terms(name: object, value: object) -> list[object]:
    """Return the terms of the facet `name` from a value that is one term or several. Raises InputError for anything
    else."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Iterable):
        raise InputError(f"the filter '{name}' is a {type(value).__name__}, no term.", do=_SHAPES)
    return list(value)


def _halved(letter: str) -> bool:
    """Return whether a letter is half of one, which UTF-8 cannot hold."""
    return "\ud800" <= letter <= "\udfff"


def _is_pair(each: object) -> TypeGuard[tuple[str, str]]:
    return isinstance(each, tuple | list) and len(each) == 2 and all(isinstance(part, str) for part in each)
