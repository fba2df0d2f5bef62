"""Word's styles: outline level, list, and what they do to text (struck, hidden, raised), inherited from the style they
rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.read.formats.docx_package import W

_VAL, _STRIKE, _DSTRIKE, _VANISH, _BOLD, _SHIFT, _FONTS = (
    f"{W}{n}" for n in ("val", "strike", "dstrike", "vanish", "b", "vertAlign", "rFonts")
)


@dataclass(slots=True)
class Look:
    """What run properties say; None where they say nothing."""

    struck: bool | None = None
    hidden: bool | None = None
    shift: str | None = None
    font: str | None = None
    bold: bool | None = None

    def over(self, below: Look) -> Look:
        """These properties, and those of `below` where these say nothing."""
        return Look(
            *(
                mine if mine is not None else theirs
                for mine, theirs in (
                    (self.struck, below.struck),
                    (self.hidden, below.hidden),
                    (self.shift, below.shift),
                    (self.font, below.font),
                    (self.bold, below.bold),
                )
            )
        )


def look_of(properties: Any) -> Look:
    """Run properties (`w:rPr`, or None) as a Look."""
    look = Look()
    for e in properties if properties is not None else ():
        if e.tag in (_STRIKE, _DSTRIKE):
            look.struck = bool(look.struck) or _on(e)
        elif e.tag == _VANISH:
            look.hidden = _on(e)
        elif e.tag == _BOLD:
            look.bold = _on(e)
        elif e.tag == _SHIFT:
            look.shift = e.get(_VAL)
        elif e.tag == _FONTS:
            look.font = e.get(f"{W}ascii") or e.get(f"{W}hAnsi")
    return look


def _on(e: Any) -> bool:
    """Whether an on-off element is on."""
    return e.get(_VAL, "1") not in ("0", "false", "off", "none")


def flag(node: Any, name: str) -> bool | None:
    """An on-off property; None where it is not given."""
    found = node.find(f"{W}{name}")
    return None if found is None else _on(found)


def value(node: Any, name: str) -> str | None:
    """The `w:val` of a child."""
    found = node.find(f"{W}{name}") if node is not None else None
    return found.get(f"{W}val") if found is not None else None


class Styles:
    """The styles of a file by id."""

    def __init__(self, tree: Any) -> None:
        self.raw: dict[str, dict] = {}
        self.known: dict[tuple[str | None, str | None], Look] = {}
        for style in tree.iter(f"{W}style") if tree is not None else ():
            level = value(style.find(f"{W}pPr"), "outlineLvl")
            name = (value(style, "name") or "").lower()
            self.raw[style.get(f"{W}styleId") or ""] = {
                "name": name,
                "based": value(style, "basedOn"),
                "numPr": style.find(f"{W}pPr/{W}numPr"),
                "look": look_of(style.find(f"{W}rPr")),
                "level": int(level) + 1
                if level is not None and level.isdecimal() and int(level) < 9
                else _named_level(name),
            }
        for sid in self.raw:
            self._inherit(sid, 0)

    def _inherit(self, sid: str, depth: int) -> dict:
        """Fill what a style takes from the one it is based on."""
        style, base = self.raw[sid], self.raw[sid]["based"]
        if base in self.raw and depth < 12:
            parent = self._inherit(base, depth + 1)
            style["level"] = style["level"] or parent["level"]
            style["look"] = style["look"].over(parent["look"])
            if style["numPr"] is None:
                style["numPr"] = parent["numPr"]
        return style

    def of(self, sid: str | None) -> dict:
        """A style's properties; empty for one that is not there."""
        return self.raw.get(sid or "", {})

    def look(self, run: Any, paragraph_style: str | None) -> Look:
        """How a run looks: its own properties, over its character style's, over its paragraph style's."""
        properties = run.find(f"{W}rPr")
        key = (value(properties, "rStyle"), paragraph_style)
        if key not in self.known:
            below = Look()
            for sid in key:
                below = below.over(self.of(sid).get("look", Look()))
            self.known[key] = below
        return self.known[key] if properties is None else look_of(properties).over(self.known[key])


def _named_level(name: str) -> int | None:
    """The level that a built-in style name gives, in the languages of Word that name it alike."""
    if name in ("title", "titre", "título"):
        return 1
    for word in ("heading ", "titre ", "título ", "encabezado "):
        if name.startswith(word) and name[len(word) :].strip().isdigit():
            return int(name[len(word) :])
    return None
