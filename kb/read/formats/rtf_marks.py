"""Mark RTF formatting (struck, hidden, raised, lowered, notes, comments, check boxes) so that it survives conversion to
text.

The library that converts RTF to text drops all formatting. Before it runs, each change of formatting is written into
the source as one character of the private use area; afterwards the text is split at these marks.

Numbers: bits of this module's own marks, and Unicode characters of a ticked and an empty box; RTF writes characters
above 32,767 as negative numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kb.read.colours import Colour
from kb.read.formats.docx_places import LEAST, OFF, RAISED, SQUEEZED, WIDEST
from kb.read.formats.rtf_counted import RtfCounter
from kb.read.formats.rtf_widths import merged_cells
from kb.read.ink import AUTO, NOTHING, UNKNOWN, WHITE, TextLook
from kb.read.raised import lowered, raised

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(?:'[0-9a-fA-F]{2}|.)|[{}]|[^\\{}]+", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BASE = 0xE000  # first character of the private use area: no text has one of its own
_MARK = re.compile("[\ue000-\ue07f]")
MAX_GROUPS = 500
"""Maximum number of text boxes or headers of one kind that are read: each is converted separately."""
_BITS = {"struck": 1, "hidden": 2, "up": 4, "down": 8, "note": 16, "comment": 32}  # bits of these marks
DOUBT = 64
"""The bit of text for which the file does not determine whether it is visible."""
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
_TINTS = ("cf", "fs", "highlight", "cb", "chcbpat", "cbpat")
_OF_LETTERS = frozenset({"up", "dn", "expndtw", "expnd", "charscalex"})
_AWAY: dict[str, Callable[[int], bool]] = {
    **dict.fromkeys(("up", "dn"), lambda half_points: half_points > RAISED),
    "expndtw": lambda twips: twips <= SQUEEZED,
    "expnd": lambda quarters: quarters * 5 <= SQUEEZED,
    "charscalex": lambda share: 0 < share <= 5,
    **dict.fromkeys(("li", "lin", "fi", "posnegx", "posnegy"), lambda twips: not -OFF <= twips <= WIDEST),
    **dict.fromkeys(("posx", "posy"), lambda twips: twips > WIDEST),
    **dict.fromkeys(("sl", "absh"), lambda twips: -LEAST <= twips < 0),  # a negative value means exactly that height
}
"""Control words that make letters or a paragraph invisible, each with the test that its parameter must pass."""
_OPENERS = {"footnote": "note", "annotation": "comment"}


@dataclass(frozen=True, slots=True)
class _RtfFormat:
    """The formatting of the characters that follow."""

    struck: bool = False
    hidden: bool = False
    up: bool = False
    down: bool = False
    note: bool = False
    comment: bool = False
    tint: TextLook = NOTHING
    paragraph: Colour | None = None
    in_table: bool = False
    cell: Colour | None = None
    away: frozenset[str] = frozenset()

    def having(self, switch: str, on: bool) -> _RtfFormat:
        """Return this formatting with the on-off property `switch` set to `on`."""
        changed: dict[str, Any] = {switch: on}  # `replace` gives no type to a field that is named by a variable
        return replace(self, **changed)

    def code(self) -> int:
        """Return the formatting as a number, one bit for each property."""
        sight = self.tint.over(TextLook(ground=self.paragraph or self.cell)).sight() if self.tint != NOTHING else "seen"
        unseen = replace(self, hidden=True) if sight == "hidden" or self.away else self
        return sum(bit for name, bit in _BITS.items() if getattr(unseen, name)) + DOUBT * (sight == "doubtful")

    def mark(self) -> str:
        """Return the formatting as one private-use character in RTF notation."""
        return f"{{\\uc0\\u{_BASE + self.code() - 65_536} }}"  # RTF writes characters above 32,767 as negative numbers


class _TableRow:
    """The state of a table row: the backgrounds of its cells, the position of the current cell, and whether the row is
    too low for letters (`flat`). It is tracked outside the groups, because a cell may end within one."""

    def __init__(self) -> None:
        self.grounds: list[Colour | None] = []
        self.coming: Colour | None = None
        self.at = 0
        self.flat = False

    def read(self, word: str | None, number: str | None, palette: list[Colour | None]) -> None:
        """Update the state for a control word with its number."""
        if word == "trowd":
            self.grounds, self.coming, self.flat = [], None, False
        elif word == "trrh":
            self.flat = -LEAST <= int(number or 0) < 0
        elif word == "clcbpat":
            self.coming = _shade(palette, number)
        elif word == "clshdng" and int(number or 0):
            self.coming = UNKNOWN  # a pattern over the background
        elif word == "cellx":
            self.grounds.append(self.coming)
            self.coming = None
        elif word in ("cell", "row"):
            self.at = self.at + 1 if word == "cell" else 0

    def under(self, state: _RtfFormat) -> _RtfFormat:
        """Return the formatting with the background of the current cell; its letters become invisible when the row is
        too low for them."""
        dark = any(ground not in (None, WHITE) for ground in self.grounds)
        here = self.grounds[self.at] if self.at < len(self.grounds) else UNKNOWN if dark else None
        here = here if state.in_table else None
        if self.flat and state.in_table or "row" in state.away:
            kept = state.away - {"row"}
            state = replace(state, away=kept | {"row"} if self.flat and state.in_table else kept)
        return state if state.cell == here else replace(state, cell=here)


def marked(source: str) -> str:
    """Return RTF source with a mark at each change of formatting; notes, comments and list numbers become part of the
    text."""
    out: list[str] = []
    stack: list[tuple[_RtfFormat, dict[str, Any]]] = []  # a form field holds numbers, and the texts of its list
    state, field, star = _RtfFormat(), {}, ""  # type: _RtfFormat, dict[str, Any], str
    palette, row, marks = _palette(source), _TableRow(), RtfCounter(source)
    inside, merged = _ends_in_cells(source), merged_cells(source)
    for match in _TOKEN.finditer(source):
        token, word, number = match.group(), match.group(1), match.group(2)
        if token == "{":
            stack.append((state, field))
            field = dict(field) if "in" in field else {}
        elif token == "}":
            before, (state, outer) = state, stack.pop() if stack else (_RtfFormat(), {})
            state = row.under(state)
            marks.close(len(stack))
            out.append(token)
            if before != state and before.code() != state.code():
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
            state = state.having(_OPENERS[word], True)
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
            field = {"in": 1, "entries": []}
        elif word in ("fftype", "ffres", "ffdefres"):
            field[word] = int(number or 0)
        elif word == "ffl":
            field.setdefault("entries", []).append(source[match.end() :].partition("}")[0].strip())
        out.append(marks.read(token, word, number, match.end(), in_note=state.note, depth=len(stack)))
        if word == "cell" and match.start() in merged:
            out.append("\\cell " * merged[match.start()])
        if match.start() in inside:
            out[-1] = out[-1].replace(token, "{} ", 1)
        row.read(word, number, palette)
        changed = row.under(_changed(_tinted(state, word, number, palette), word, number))
        if changed != state:
            before, state = state, changed
            if before.code() != state.code():
                out.append(state.mark())
    return "".join(out)


def _ends_in_cells(source: str) -> set[int]:
    r"""Return the offsets in `source` of the paragraph ends (`\par`) inside table cells that have more text after them.
    The table row continues at these offsets."""
    found: set[int] = set()
    waiting: list[int] = []
    in_table = False
    for match in re.finditer(r"\\(pard|par|intbl|cell|row|trowd)(?![a-zA-Z])", source):
        word = match.group(1)
        if word in ("pard", "intbl"):
            in_table = word == "intbl"
        elif word == "par" and in_table:
            waiting.append(match.start())
        else:
            found.update(waiting if word == "cell" and in_table else ())
            waiting = []
    return found


def _changed(state: _RtfFormat, word: str | None, number: str | None) -> _RtfFormat:
    """Return the formatting after a control word with its number."""
    if word == "plain":
        fresh = _RtfFormat(note=state.note, comment=state.comment, paragraph=state.paragraph)
        return replace(fresh, in_table=state.in_table, cell=state.cell, away=state.away - _OF_LETTERS)
    if word == "nosupersub":
        return replace(state, up=False, down=False)
    if word in _AWAY:
        beyond = {word} if _AWAY[word](int(number or 0)) else set()
        state = replace(state, away=state.away - {word} | beyond)
    name = _SWITCHES.get(word or "")
    return state.having(name, number is None or int(number) != 0) if name else state


def _palette(source: str) -> list[Colour | None]:
    """Parse the file's colour table, in order; None for the automatic colour."""
    table = re.search(r"\{\\colortbl\s*([^{}]*)\}", source)
    found: list[Colour | None] = []
    for entry in table.group(1).split(";")[:-1] if table else ():
        parts = dict(re.findall(r"\\(red|green|blue)(\d{1,3})", entry))
        ink = tuple(int(parts.get(n, 0)) for n in ("red", "green", "blue")) if parts else None
        found.append(ink)  # type: ignore[arg-type]
    return found


def _tinted(state: _RtfFormat, word: str | None, number: str | None, palette: list[Colour | None]) -> _RtfFormat:
    """Return the formatting after a control word for text colour, background or size."""
    if word == "pard":
        return replace(state, paragraph=None, in_table=False, away=state.away & _OF_LETTERS)
    if word == "intbl":
        return replace(state, in_table=True)
    if word not in _TINTS:
        return state
    shade = _shade(palette, number)
    if word == "fs":
        return replace(state, tint=replace(state.tint, size=int(number or 0) / 2))
    if word == "cf":
        return replace(state, tint=replace(state.tint, ink=shade or AUTO))
    if word in ("highlight", "cb", "chcbpat"):
        return replace(state, tint=replace(state.tint, ground=shade))
    return replace(state, paragraph=shade)


def _shade(palette: list[Colour | None], number: str | None) -> Colour | None:
    """Return the colour with this number in the colour table; None for the automatic colour or an unknown number."""
    at = int(number or 0)
    return palette[at] if 0 <= at < len(palette) else None


def _box(field: dict[str, Any]) -> str:  # numbers by control word, and the texts of a list
    """Return the RTF of a ticked or an empty box for a check box field, of the chosen entry for a list, '' for another
    field; state 25 means its default."""
    on = field.get("ffres", 25)
    on = field.get("ffdefres", 0) if on == 25 else on
    entries = field.get("entries", [])
    if field.get("fftype") == 2 and 0 <= on < len(entries):  # RTF: a list
        return f"{{{entries[on]}}}"
    if field.get("fftype") != 1:
        return ""
    return f"{{\\uc0\\u{9745 if on else 9744} }}"  # Unicode: a ticked box and an empty one


def doubtful(text: str) -> int:
    """Count the letters of a marked text of which the file does not determine whether they are visible."""
    pieces = re.finditer("([\ue000-\ue07f])([^\ue000-\ue07f]*)", text)
    return sum(c.isalpha() for m in pieces if (ord(m.group(1)) - _BASE) & DOUBT for c in m.group(2))


def parted(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a marked text into `(printed text, [(kind, unprinted text)])`; a note has the kind "note"."""
    parts: list[str] = []
    apart: list[tuple[str, str]] = []
    code, at, before = 0, 0, ""
    for match in [*_MARK.finditer(text), None]:
        piece = text[at : match.start() if match else len(text)]
        kind = next(
            # bits of `_BITS`
            (k for bit, k in ((1, "deleted"), (2, "hidden"), (32, "comment"), (16, "note")) if code & bit),
            None,
        )
        if kind and piece:
            joined = bool(apart) and (apart[-1][0] == kind and not parts[-1:] or before == kind == "note")
            apart.append((kind, (apart.pop()[1] if joined else "") + piece))
        elif piece:
            parts.append(
                # bits of `_BITS`; the last twelve letters show whether a word stands before
                raised(piece, "".join(parts[-3:])[-12:]) if code & 4 else lowered(piece) if code & 8 else piece
            )
        before = kind or "" if piece else before
        if match:
            code, at = ord(match.group()) - _BASE, match.end()
    return "".join(parts), apart


def groups(source: str, word: str) -> list[str]:
    """Return the source of each RTF group that the control word opens (`shptxt`, `header`), with matching braces."""
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
