"""Adapt the advice in answers for callers without a command line: commands are left out, options become parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar, cast

from pydantic import BaseModel

_COMMAND = re.compile(r"\bkb [a-z][a-z-]*\b")
_OPTION = re.compile(r"(?<!\w)--([a-z]+)(?:-([a-z]+))?\b")
_ENDS = re.compile(r"((?:(?<=[.!?;:])|(?<=\)))\s+|\s+(?=\())")
_LEADS = re.compile(r"(?:[\w'’]+[ ,]+){0,2}\w+:")
"""Up to three words before a command: 'Run:', 'Build it again:'."""
ADVICE = frozenset({"message", "missing", "notes", "note"})
"""Fields with messages to the reader; every other field holds words of a source, or data."""


def without_commands(text: str) -> str:
    """Remove clauses that advise a command of the command line; options are written as parameter names.

    >>> without_commands("the official text is not here: kb fetch crpd"), without_commands("Give --limit a number.")
    ('the official text is not here', 'Give limit a number.')
    """
    if "kb " not in text and "--" not in text:
        return text
    pieces = _ENDS.split(text)
    held: list[tuple[str, str]] = []
    for piece, gap in zip(pieces[::2], [*pieces[1::2], ""]):
        if not _COMMAND.search(piece):
            held.append((piece, gap))
        elif held and _LEADS.fullmatch(held[-1][0]):  # "Run:" says nothing without its command
            held.pop()
    kept = "".join(piece + gap for piece, gap in held)
    kept = _OPTION.sub(lambda found: "_".join(filter(None, found.groups())), kept).strip()
    return kept.rstrip(" ;:,") if len(kept) < len(text) and kept[-1:] in ";:," else kept


Answer = TypeVar("Answer")


def for_programs(answer: Answer) -> Answer:
    """Return an answer whose messages and notes advise no command; words of sources and all other fields stay
    unchanged."""
    if isinstance(answer, BaseModel):
        held = ((name, getattr(answer, name)) for name in type(answer).model_fields)
        changed = {name: new for name, old in held if (new := _cleaned(name, old)) is not old}
        return answer.model_copy(update=changed) if changed else answer
    if isinstance(answer, Mapping):
        changed = {name: new for name, old in answer.items() if (new := _cleaned(name, old)) is not old}
        return cast(Answer, {**answer, **changed}) if changed else answer
    if isinstance(answer, list | tuple):
        made = [for_programs(each) for each in answer]
        return cast(Answer, type(answer)(made)) if any(new is not old for new, old in zip(made, answer)) else answer
    return answer


def _cleaned(name: str, value: object) -> object:
    if name not in ADVICE:
        return for_programs(value)
    if isinstance(value, str):
        new = without_commands(value)
        return value if new == value else new
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        made = tuple(filter(None, map(without_commands, value)))
        return value if made == tuple(value) else type(value)(made)
    return value
