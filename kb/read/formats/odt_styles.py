"""Styles of an OpenDocument file: struck, hidden and raised text, lists and the numbers that they print."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.read.counting import repeated_letters, roman

_NS = {n: f"{{urn:oasis:names:tc:opendocument:xmlns:{n}:1.0}}" for n in ("office", "text", "table", "style", "form")}
OFFICE, TEXT, TABLE, STYLE, FORM = (_NS[n] for n in ("office", "text", "table", "style", "form"))
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list or of the outline: form of number ('' for none, '•' for a bullet), text around it, first
    count, levels shown."""

    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1


@dataclass
class Styles:
    """What the styles of `content.xml` and `styles.xml` say, by name."""

    lost: dict[str, str] = field(default_factory=dict)
    shift: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    outline: dict[int, Level] = field(default_factory=dict)
    list_of: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    def load(self, tree: Any) -> None:
        """Take the styles of one file."""
        for style in tree.iter(f"{STYLE}style"):
            name = style.get(f"{STYLE}name") or ""
            if style.get(f"{STYLE}parent-style-name"):
                self.parents[name] = style.get(f"{STYLE}parent-style-name")
            if style.get(f"{STYLE}list-style-name"):
                self.list_of[name] = style.get(f"{STYLE}list-style-name")
            for properties in style.iter(f"{STYLE}text-properties"):
                self._text(name, properties)
            for properties in style.iter(f"{STYLE}section-properties", f"{STYLE}table-row-properties"):
                if properties.get(f"{TEXT}display") == "none" or properties.get(f"{STYLE}display") == "none":
                    self.lost[name] = "hidden"
        for style in tree.iter(f"{TEXT}list-style"):
            self.lists[style.get(f"{STYLE}name") or ""] = dict(_levels(style))
        for outline in tree.iter(f"{TEXT}outline-style"):
            self.outline = dict(_levels(outline))

    def _text(self, name: str, properties: Any) -> None:
        """What text properties do to the text."""
        if properties.get(f"{TEXT}display") == "none":
            self.lost[name] = "hidden"
        if (
            properties.get(f"{STYLE}text-line-through-style", "none") != "none"
            or properties.get(f"{STYLE}text-line-through-type", "none") != "none"
        ):
            self.lost[name] = "deleted"
        position = (properties.get(f"{STYLE}text-position") or "0%").split()[0]
        if position.startswith("super") or position.rstrip("%").isdigit() and int(position.rstrip("%")) > 0:
            self.shift[name] = "super"
        elif position.startswith(("sub", "-")):
            self.shift[name] = "sub"

    def of(self, table: dict[str, str], name: str | None) -> str | None:
        """What a table says of a style or of the ones it rests on."""
        for _ in range(12):
            if not name or name in table:
                break
            name = self.parents.get(name)
        return table.get(name or "")


def _levels(style: Any) -> Iterator[tuple[int, Level]]:
    """The levels of a list style or of the outline."""
    for e in style:
        at = whole(e.get(f"{TEXT}level"), 0)
        if e.tag == f"{TEXT}list-level-style-bullet":
            yield at, Level("•")
        elif e.tag in (f"{TEXT}list-level-style-number", f"{TEXT}outline-level-style"):
            yield (
                at,
                Level(
                    e.get(f"{STYLE}num-format") or "",
                    e.get(f"{STYLE}num-prefix") or "",
                    e.get(f"{STYLE}num-suffix") or "",
                    whole(e.get(f"{TEXT}start-value"), 1),
                    whole(e.get(f"{TEXT}display-levels"), 1),
                ),
            )


class Counter:
    """The counts of one list, or of the outline."""

    def __init__(self, levels: dict[int, Level]) -> None:
        self.levels, self.counts = levels, {}  # type: ignore[var-annotated]

    def next(self, at: int, start: int | None = None) -> str | None:
        """The label of the next item on a level as printed; None where the level prints none."""
        level = self.levels.get(at, Level())
        self.counts[at] = start if start is not None else self.counts.get(at, level.start - 1) + 1
        for deeper in [d for d in self.counts if d > at]:
            del self.counts[deeper]
        if level.form in ("", "•"):
            return level.form or None
        parts = [
            _shown(self.counts.get(d, self.levels.get(d, Level()).start), self.levels.get(d, Level()).form)
            for d in range(max(1, at - level.shown + 1), at + 1)
        ]
        return level.before + ".".join(p for p in parts if p) + level.after


def _shown(value: int, form: str) -> str:
    """A count in one of OpenDocument's number formats."""
    if form in ("a", "A"):
        text = repeated_letters(value)
    elif form in ("i", "I"):
        text = roman(value).lower()
    else:
        return str(value) if form and form != "•" else ""
    return text.upper() if form.isupper() else text


def whole(text: str | None, otherwise: int) -> int:
    """A whole number of at most nine figures, else `otherwise`."""
    with contextlib.suppress(TypeError, ValueError):
        return max(0, min(int(text or ""), 999_999_999))
    return otherwise
