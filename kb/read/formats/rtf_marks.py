"""What RTF does to its text, as marks that survive its conversion: struck, hidden, raised, lowered, notes, comments,
ticked boxes.

The library that turns RTF into text drops all formatting. Before it runs, each change of state is written into the
source as one character of the private area; afterwards the text is parted at them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kb.read.raised import lowered, raised

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(?:'[0-9a-fA-F]{2}|.)|[{}]|[^\\{}]+", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BASE = 0xE000
_MARK = re.compile("[\ue000-\ue03f]")
MAX_GROUPS = 500
"""Text boxes or headers of one kind that are read: each is a text of its own to convert."""
_BITS = {"struck": 1, "hidden": 2, "up": 4, "down": 8, "note": 16, "comment": 32}
_SWITCHES = {
    "strike": "struck",
    "striked": "struck",
    "deleted": "struck",
    "v": "hidden",
    "super": "up",
    "up": "up",
    "sub": "down",
    "dn": "down",
}
_OPENERS = {"footnote": "note", "annotation": "comment"}


@dataclass(frozen=True, slots=True)
class _State:
    """Properties of the characters that follow."""

    struck: bool = False
    hidden: bool = False
    up: bool = False
    down: bool = False
    note: bool = False
    comment: bool = False

    def mark(self) -> str:
        """The state as one character, written as RTF writes it."""
        code = _BASE + sum(bit for name, bit in _BITS.items() if getattr(self, name))
        return f"{{\\uc0\\u{code - 65_536} }}"


def marked(source: str) -> str:
    """RTF with a mark at each change of state; notes, comments and list numbers are no longer apart from the text."""
    out: list[str] = []
    stack: list[tuple[_State, dict[str, int]]] = []
    state, field, star = _State(), {}, ""  # type: _State, dict[str, int], str
    for match in _TOKEN.finditer(source):
        token, word, number = match.group(), match.group(1), match.group(2)
        if token == "{":
            stack.append((state, field))
            field = dict(field) if "in" in field else {}
        elif token == "}":
            before, (state, outer) = state, stack.pop() if stack else (_State(), {})
            out.append(token)
            if before != state:
                out.append(state.mark())
            if field.get("in") and "in" not in outer:
                out.append(_box(field))
            outer.update({k: v for k, v in field.items() if "in" in outer})
            field = outer
            continue
        elif token.startswith("\\*"):
            star = token
            continue
        elif word in _OPENERS:
            state = replace(state, **{_OPENERS[word]: True})
            out.append(state.mark())
            star = ""
            continue
        elif word == "pntext":
            star = ""
            continue
        if star:
            out.append(star)
            star = ""
        if word == "field":
            field = {"in": 1}
        elif word in ("fftype", "ffres", "ffdefres"):
            field[word] = int(number or 0)
        out.append(token)
        changed = _changed(state, word, number)
        if changed != state:
            state = changed
            out.append(state.mark())
    return "".join(out)


def _changed(state: _State, word: str | None, number: str | None) -> _State:
    """The state after a control word."""
    if word == "plain":
        return _State(note=state.note, comment=state.comment)
    if word == "nosupersub":
        return replace(state, up=False, down=False)
    name = _SWITCHES.get(word or "")
    return replace(state, **{name: number is None or int(number) != 0}) if name else state


def _box(field: dict[str, int]) -> str:
    """A form field that is a box, ticked or not; 25 means that the default holds."""
    if field.get("fftype") != 1:
        return ""
    on = field.get("ffres", 25)
    on = field.get("ffdefres", 0) if on == 25 else on
    return f"{{\\uc0\\u{9745 if on else 9744} }}"


def parted(text: str) -> tuple[str, list[tuple[str, str]]]:
    """`(what is printed, what is not as (kind, text))` of a text with marks; a note is `("note", text)`."""
    parts: list[str] = []
    apart: list[tuple[str, str]] = []
    code, at = 0, 0
    for match in [*_MARK.finditer(text), None]:
        piece = text[at : match.start() if match else len(text)]
        kind = next(
            (k for bit, k in ((1, "deleted"), (2, "hidden"), (32, "comment"), (16, "note")) if code & bit), None
        )
        if kind and piece:
            joined = bool(apart) and apart[-1][0] == kind and not parts[-1:]
            apart.append((kind, (apart.pop()[1] if joined else "") + piece))
        elif piece:
            parts.append(
                raised(piece, "".join(parts[-3:])[-12:]) if code & 4 else lowered(piece) if code & 8 else piece
            )
        if match:
            code, at = ord(match.group()) - _BASE, match.end()
    return "".join(parts), apart


def groups(source: str, word: str) -> list[str]:
    """The groups of RTF that a control word opens (`shptxt`, `header`), by their braces."""
    found = []
    for match in re.finditer(rf"\{{(?:\\\*)?\\{word}(?![a-zA-Z])", source):
        depth = 0
        for brace in _BRACE.finditer(source, match.start()):
            depth += {"{": 1, "}": -1}.get(brace.group(), 0)
            if depth == 0 and brace.group() == "}":
                found.append(source[match.start() : brace.end()].replace(f"\\{word}", "", 1).replace("{\\*", "{", 1))
                break
        if len(found) >= MAX_GROUPS:
            break
    return found
