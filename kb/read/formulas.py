"""Write formulas of Word (OMML) and of web pages (MathML) on one line: fractions with a slash, powers with a caret,
roots with √."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_RELATION = re.compile(r"([=<>≤≥≠≈])")
_SKIPPED = {
    "annotation",
    "annotation-xml",
    "rPr",
    "ctrlPr",
    "fPr",
    "radPr",
    "naryPr",
    "dPr",
    "sSupPr",
    "sSubPr",
    "sSubSupPr",
    "barPr",
    "accPr",
    "funcPr",
    "mPr",
    "eqArrPr",
    "limLowPr",
    "limUppPr",
    "groupChrPr",
    "boxPr",
    "mphantom",
}


def linear(node: Element) -> str:
    """Convert a formula to one line of text: its printed signs, with `/`, `^`, `_`, `√` and brackets for its
    structure."""
    return " ".join(_RELATION.sub(r" \1 ", _line(node)).split())


def _line(node: Element) -> str:
    """Convert an element of a formula and its descendants to text."""
    name = _name(node)
    if name in _SKIPPED:
        return ""
    made = _FORMS.get(name)
    parts = [c for c in node if _name(c) not in _SKIPPED]
    if made and parts:
        return made([_line(p) for p in parts], node)
    own = (node.text or "").strip() if name in _LEAVES else ""
    return own + "".join(_line(p) for p in parts)


_LEAVES = {"t", "mi", "mn", "mo", "mtext", "ms"}


def _name(node: Element) -> str:
    """Return the local name of an element, '' for a comment."""
    return node.tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1] if isinstance(node.tag, str) else ""


def _grouped(text: str) -> str:
    """Return a term in brackets, or unchanged when it is one word or number."""
    return text if len(text) < 2 or text.strip().replace(".", "").isalnum() else f"({text})"


def _fraction(parts: list[str], _: Element) -> str:
    return f" {_grouped(parts[0])} / {_grouped(parts[-1])} "


def _power(parts: list[str], _: Element) -> str:
    return f"{_grouped(parts[0])}^{_grouped(parts[-1])}"


def _index(parts: list[str], _: Element) -> str:
    return f"{parts[0]}_{_grouped(parts[-1])}"


def _both(parts: list[str], _: Element) -> str:
    return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[-1])}" if len(parts) > 2 else "".join(parts)


def _root(parts: list[str], node: Element) -> str:
    """Convert a root from its converted parts; Word gives the degree first, MathML last."""
    if _name(node) == "msqrt":
        return f"√({''.join(parts)})"
    base, degree = (parts[0], parts[-1]) if _name(node) == "mroot" else (parts[-1], parts[0])
    return f"√({base})" if len(parts) < 2 or not degree else f"{_grouped(base)}^(1/{degree})"


def _sum(parts: list[str], node: Element) -> str:
    """Convert a sum, product or integral with its limits, from its converted parts."""
    sign = next((v for e in node.iter() if _name(e) == "chr" for k, v in e.attrib.items() if k.endswith("val")), "∫")
    low, high, *body = [*parts, "", ""][:3] if len(parts) < 3 else parts
    return f"{sign}_{_grouped(low)}^{_grouped(high)} {''.join(body)}"


def _fenced(parts: list[str], node: Element) -> str:
    """Convert a term in brackets, with the bracket signs that the element names."""
    marks = {
        _name(e): v
        for e in node.iter()
        for k, v in e.attrib.items()
        if k.endswith("val") and _name(e) in ("begChr", "endChr", "sepChr")
    }
    return marks.get("begChr", "(") + marks.get("sepChr", "|").join(parts) + marks.get("endChr", ")")


def _rows(parts: list[str], _: Element) -> str:
    return "[" + "; ".join(p.strip() for p in parts) + "]"


def _cells(parts: list[str], _: Element) -> str:
    return ", ".join(p.strip() for p in parts)


_FORMS = {
    "f": _fraction,
    "mfrac": _fraction,
    "sSup": _power,
    "msup": _power,
    "sSub": _index,
    "msub": _index,
    "sSubSup": _both,
    "msubsup": _both,
    "rad": _root,
    "msqrt": _root,
    "mroot": _root,
    "nary": _sum,
    "d": _fenced,
    "m": _rows,
    "mtable": _rows,
    "mr": _cells,
    "mtr": _cells,
    "limLow": _index,
    "limUpp": _power,
    "munder": _index,
    "mover": _power,
    "munderover": _both,
}
