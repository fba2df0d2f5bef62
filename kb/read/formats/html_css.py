"""The style sheets of a web page: simple rules as a browser orders them, asked element by element.

Selectors of names (`p`, `.class`, `#id`, their compounds, descendants and children) count, with `!important`, weight
and order. What depends on a state or on a neighbour (`:hover`, `[title]`, `a + b`) does not. Nothing is fetched: a
sheet of an EPUB is taken from the book. A law in XML has its sheet in `presentation` or in a `style` of any namespace.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMPOUND = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)(?:::?root)?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_SPACE = re.compile(r"\s*,\s*|(?<=\()\s+|\s+(?=\))")
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?[\"']?([^\"')\s;]+)[^;]*;")
_KEPT = re.compile(
    r"display|visibility|opacity|font(?:-size)?|color|background(?:-(?:color|image|clip))?|-webkit-background-clip|"
    r"-webkit-text-fill-color|text-decoration(?:-line)?|list-style(?:-type)?|vertical-align|left|right|top|bottom|"
    r"margin(?:-left|-top)?|text-indent|clip(?:-path)?|transform|(?:max-)?(?:width|height)|overflow(?:-[xy])?|"
    r"transition|filter|content-visibility"
)
"""Declarations that say whether and how a text is shown."""
MAX_CSS, MAX_RULES = 400_000, 4_000
"""Style sheets of frameworks have 200 KB and 2,000 rules; what is beyond is not read."""
MAX_PARTS = 5
"""Parts of a selector: each more could be looked for at every element above."""

Sheets = Callable[[str], str | None]
"""Gives the text of a style sheet by its address in the file, or None."""
Part = tuple[str, str, frozenset[str]]
"""How a part of a selector stands to the one after it (' ' or '>'), its tag or '*', its classes and ids."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with its declarations; `weight` orders rules as CSS does, later ones last."""

    weight: tuple[int, int, int, int]
    parts: tuple[Part, ...]
    body: dict[str, str]
    strong: dict[str, str]

    def holds(self, node: Element) -> bool:
        """Whether the selector means this element."""
        return _matches(node, self.parts, len(self.parts) - 1)


class Cascade:
    """The rules of a page's style sheets."""

    def __init__(self, tree: Element, sheets: Sheets | None = None) -> None:
        self.rules: dict[str, list[Rule]] = {}
        self.known: dict[Element, dict[str, str]] = {}
        self.sheets = sheets
        self.count = 0
        self.partial = False
        before = tree.getprevious()
        while before is not None:  # what stands before the root names the sheets of an XML file
            self.partial = self.partial or getattr(before, "target", "") == "xml-stylesheet"
            before = before.getprevious()
        for sheet in tree.iter("{*}style", "{*}link", "{*}presentation"):
            if (sheet.get("media") or "all").split()[0].strip(",") not in ("all", "screen", "print"):
                continue
            if _local(sheet) in ("style", "presentation"):
                self._load((sheet.text or "")[:MAX_CSS])
            elif "stylesheet" in (sheet.get("rel") or "").lower():
                self._linked(sheet.get("href") or "")

    def _linked(self, address: str) -> None:
        """A style sheet that stands beside the page; where it is not there, the page is known in part only."""
        text = self.sheets(address) if self.sheets else None
        if text is None:
            self.partial = True
        else:
            self._load(text[:MAX_CSS])

    def _load(self, css: str, depth: int = 0) -> None:
        """Keep the rules that matter, by a name of their last part."""
        css = _COMMENT.sub("", css)
        for address in _IMPORT.findall(css)[:20] if depth < 3 else ():
            text = self.sheets(address) if self.sheets else None
            if text is None:
                self.partial = True
            else:
                self._load(text[:MAX_CSS], depth + 1)
        for selectors, text in _RULE.findall(_without_at_rules(css)):
            body, strong = declarations(text)
            if not body and not strong:
                continue
            for selector in selectors.split(","):
                self.count += 1
                parts = _parts(selector)
                if not parts or len(parts) > MAX_PARTS or self.count > MAX_RULES:
                    self.partial = self.partial or any(k.startswith("background") for k in (*body, *strong))
                    continue
                names = [n for _, _, each in parts for n in each]
                ids = sum(n.startswith("#") for n in names)
                weight = (ids, len(names) - ids, sum(tag != "*" for _, tag, _ in parts), self.count)
                _, tag, last = parts[-1]
                self.rules.setdefault(min(last, default=tag), []).append(Rule(weight, parts, body, strong))

    def of(self, node: Element) -> dict[str, str]:
        """The declarations that apply to an element, the stronger ones in place of the weaker."""
        written = node.get("style")
        if not self.rules and not written:
            return {}
        if node not in self.known:
            self.known[node] = self._cascade(node, written)
        return self.known[node]

    def _cascade(self, node: Element, written: str | None) -> dict[str, str]:
        """Rules by weight, then the element's own style, then what is marked as important."""
        keys = {"*", _local(node), *(f".{c}" for c in (node.get("class") or "").split())}
        keys |= {f"#{node.get('id')}"} if node.get("id") else set()
        found = sorted(
            (r for key in keys for r in self.rules.get(key, ()) if r.holds(node)), key=lambda rule: rule.weight
        )
        own, own_strong = declarations(written or "")
        result: dict[str, str] = {}
        for body in (*(r.body for r in found), own, *(r.strong for r in found), own_strong):
            for name, value in body.items():
                result.pop(name, None)  # the order of names is the order in which they were said
                result[name] = value
        return result


def declarations(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """`(ordinary, important)` declarations of a rule's body, names and values in lower case without needless space."""
    ordinary: dict[str, str] = {}
    strong: dict[str, str] = {}
    for each in _unescaped(text).split(";"):
        name, _, value = each.partition(":")
        name, value = name.strip().lower(), " ".join(value.lower().split())
        if not value or not _KEPT.fullmatch(name):
            continue
        bare = re.sub(r"\s*!\s*important$", "", value)
        target = ordinary if bare == value else strong
        target.pop(name, None)
        target[name] = _SPACE.sub(lambda m: m.group().strip(), bare)
    return ordinary, strong


def _unescaped(text: str) -> str:
    """CSS with its escapes written out, and without comments."""
    text = _COMMENT.sub("", text)
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda m: (chr(int(m.group(1), 16)) if int(m.group(1), 16) < 0x110000 else "") if m.group(1) else m.group(2),
        text,
    )


def _parts(selector: str) -> tuple[Part, ...]:
    """The parts of a selector from the outermost; none where it asks for more than names."""
    found: list[Part] = []
    join = " "
    for piece in re.sub(r"\s*>\s*", " > ", _unescaped(selector).strip()).split():
        if piece == ">":
            join = ">"
            continue
        match = _COMPOUND.fullmatch(piece)
        if not match or not match.group():
            return ()
        tag = (match.group(1) or ("html" if "root" in piece else "*")).lower()
        found.append((join, tag, frozenset(re.findall(r"[.#][\w-]+", match.group(2)))))
        join = " "
    return tuple(found)


def _local(node: Element) -> str:
    """An element's name as a selector has it: without its namespace, and in lower case; '' of a comment."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _matches(node: Element, parts: tuple[Part, ...], at: int) -> bool:
    """Whether an element is meant by a part of a selector, and those above it by the parts before."""
    join, tag, names = parts[at]
    if tag not in ("*", _local(node)):
        return False
    if names and not names <= {*(f".{c}" for c in (node.get("class") or "").split()), f"#{node.get('id')}"}:
        return False
    if at == 0:
        return True
    above = node.getparent()
    while above is not None:
        if _matches(above, parts, at - 1):
            return True
        if join == ">":
            return False
        above = above.getparent()
    return False


def _without_at_rules(css: str) -> str:
    """The rules outside `@media` and its like, which hold for some readers only; what holds on every screen stays."""
    out, at = [], 0
    for match in re.finditer(r"@([\w-]+)([^{};]*)([;{])", css):
        if match.start() < at:
            continue
        out.append(css[at : match.start()])
        at = match.end()
        start, depth = at, int(match.group(3) == "{")
        while depth and at < len(css):
            brace = re.compile(r"[{}]").search(css, at)
            if not brace:
                at = len(css)
                break
            depth += 1 if brace.group() == "{" else -1
            at = brace.end()
        always = match.group(1).lower() == "layer" or (
            match.group(1).lower() == "media" and match.group(2).strip().lower() in ("all", "screen", "only screen")
        )
        if always and match.group(3) == "{":
            out.append(_without_at_rules(css[start : at - 1]))
    return "".join([*out, css[at:]])
