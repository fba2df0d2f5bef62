"""Compute the styles of elements from a page's style sheets in browser order: `!important`, specificity, layers and
`var()`.

Selectors are parsed in `css_selectors`, screen conditions in `css_rules`. States (`:hover`) do not count. Nothing is
fetched: the sheets of an EPUB are read from the book. A law in XML has its sheet in `presentation` or in a `style` of
any namespace.

Numbers: a box has four sides.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.read.formats.css_matching import Selector, SelectorMatcher, local
from kb.read.formats.css_rules import StyleSheet, is_on_screen
from kb.read.formats.css_selectors import Invalid, selectors, split_list, unescaped
from kb.read.limits import OverLimit

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_SPACE = re.compile(r"\s*,\s*|(?<=\()\s+|\s+(?=\))")
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?[\"']?([^\"')\s;]+)[\"']?\s*\)?([^;]*);")
_VAR = re.compile(r"var\(\s*(--[^\s,()]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_KEPT = re.compile(
    r"display|visibility|opacity|font(?:-size|-variant|-variant-position|-feature-settings)?|"
    r"color|background(?:-(?:color|image|clip))?|-webkit-background-clip|"
    r"-webkit-text-fill-color|text-decoration(?:-line)?|list-style(?:-type)?|vertical-align|left|right|top|bottom|"
    r"margin(?:-left|-top)?|padding(?:-right|-bottom)?|text-indent|clip(?:-path)?|transform|translate|scale|"
    r"(?:max-|min-)?(?:width|height)|"
    r"overflow(?:-[xy])?|transition|animation(?:-(?:name|fill-mode))?|filter|content-visibility|position|"
    r"letter-spacing|text-overflow|(?:-webkit-)?mask(?:-image)?|white-space|inset|all|--.+"
)
"""Properties that decide whether and how text is shown."""
_ALIAS = {
    "inset-inline-start": "left",
    "inset-inline-end": "right",
    "inset-inline": "left",
    "inset-block": "top",
    "inset-block-start": "top",
    "inset-block-end": "bottom",
    "margin-inline-start": "margin-left",
    "margin-inline": "margin-left",
    "margin-block-start": "margin-top",
    "margin-block": "margin-top",
    "padding-inline-end": "padding-right",
    "padding-block-end": "padding-bottom",
    "inline-size": "width",
    "block-size": "height",
    "max-inline-size": "max-width",
    "max-block-size": "max-height",
    "min-inline-size": "min-width",
    "min-block-size": "min-height",
    "overflow-inline": "overflow-x",
    "overflow-block": "overflow-y",
    "-webkit-clip-path": "clip-path",
    "-webkit-transform": "transform",
    "background-clip-text": "background-clip",
}
"""Properties that depend on the writing direction, and their names for text from left to right."""
MAX_CSS, MAX_RULES = 400_000, 4_000
"""Maximum number of characters of a style sheet and of rules of a page; frameworks have 200 KB and 2,000 rules. The
rest is ignored."""
MAX_PARTS = 8
"""Maximum number of parts of a selector: each further one could be searched among all ancestors of an element."""
MOST_VALUES = 12
"""Maximum number of `var()` substitutions in one value: more are circular."""
LONGEST = 2_000
"""Maximum number of characters of a value after `var()` substitution: each substitution could double it."""

_HIDING = {("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")}
"""Declarations that hide an element."""

Sheets = Callable[[str], str | None]
"""A function that returns the text of the style sheet at an address, or None when the file holds none there."""


def _hides(style: dict[str, str]) -> bool:
    """Return whether declarations (property to value) make an element invisible."""
    declared = {(name, value.strip().lower()) for name, value in style.items()}
    return bool(declared & _HIDING) or any(name == "opacity" and not value.strip("0.%") for name, value in declared)


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with its declarations, ordinary in `body` and `!important` in `strong`.

    `weight` is the precedence, higher wins: layer, ids, classes and the like, tags, position in the file.
    """

    weight: tuple[int, int, int, int, int]
    selector: Selector
    body: dict[str, str]
    strong: dict[str, str]


class Cascade:
    """The rules of a page's style sheets, and the styles that result for its elements."""

    def __init__(self, tree: Element, sheets: Sheets | None = None) -> None:
        self.rules: dict[str, list[Rule]] = {}
        self.known: dict[Element, dict[str, str]] = {}
        self.custom: dict[Element | None, dict[str, str]] = {None: {}}
        self.matching = SelectorMatcher()
        self.sheet = StyleSheet()
        self.sheets = sheets
        self.count = 0
        self.partial = False
        self.awaiting: list[Selector] = []
        before = tree.getprevious()
        while before is not None:  # processing instructions before the root name the style sheets of an XML file
            self.partial = self.partial or getattr(before, "target", "") == "xml-stylesheet"
            before = before.getprevious()
        for sheet in tree.iter("{*}style", "{*}link", "{*}presentation"):
            media = (sheet.get("media") or "all").lower()
            if media.split()[0].strip(",") != "print" and not is_on_screen(media):
                continue
            if local(sheet) in ("style", "presentation"):
                self._load((sheet.text or "")[:MAX_CSS])
            elif "stylesheet" in (sheet.get("rel") or "").lower():
                self._linked(sheet.get("href") or "")
        self._settle(scripted=any(_runs(each) for each in tree.iter("{*}script")))

    def _linked(self, address: str) -> None:
        """Load a style sheet stored beside the page; when it is missing, mark the styles as incomplete."""
        text = self.sheets(address) if self.sheets else None
        if text is None:
            self.partial = True
        else:
            self._load(text[:MAX_CSS], address)

    def _load(self, css: str, address: str = "", depth: int = 0) -> None:
        """Add the rules of a style sheet at an `address`, after those of the sheets that it imports; `depth` limits
        imports."""
        css = _COMMENT.sub("", css)
        for named, media in _IMPORT.findall(css)[:20] if depth < 3 else ():
            named = posixpath.join(posixpath.dirname(address), named)
            text = self.sheets(named) if self.sheets else None
            if text is None:
                self.partial = True
            elif is_on_screen(re.sub(r"layer(?:\([^)]*\))?|supports\([^)]*\)", "", media).strip()):
                self._load(text[:MAX_CSS], named, depth + 1)
        self.sheet.read(css)

    def _settle(self, *, scripted: bool) -> None:
        """Store the relevant rules by a name in their last compound selector. Rules outside layers take precedence over
        all layers.

        When the page has scripts (`scripted`), rules that apply only until a script marks an element hide nothing,
        because the script runs at once.
        """
        order = {layer: at for at, layer in enumerate(self.sheet.layers, 1)}
        for flat in self.sheet.rules:
            body, strong = declarations(flat.body)
            if not body and not strong:
                continue
            try:
                found = selectors(flat.selector)
            except Invalid:  # a browser drops the rule; in a newer one it may set a background
                self.partial = self.partial or any(k.startswith("background") for k in (*body, *strong))
                continue
            layer = order.get(flat.layer, len(order) + 1)
            for selector in found:
                self.count += 1
                if scripted and selector.awaits and _hides({**body, **strong}):
                    self.awaiting.append(selector)
                if len(selector.parts) > MAX_PARTS or self.count > MAX_RULES or scripted and selector.awaits:
                    self.partial = self.partial or any(k.startswith("background") for k in (*body, *strong))
                    continue
                rule = Rule((layer, *selector.weight, self.count), selector, body, strong)
                self.rules.setdefault(selector.key, []).append(rule)

    def waits_for_script(self, tree: Element) -> bool:
        """Return whether a style hides words of the page until a script marks them; such words were read as visible."""
        by_key: dict[str, list[Selector]] = {}
        for selector in self.awaiting:
            by_key.setdefault(selector.key, []).append(selector)
        matching = SelectorMatcher()
        meant = (
            node
            for node in (tree.iter("{*}*") if by_key else ())
            for key in keys_of(node) & by_key.keys()
            if any(matching.holds(node, selector) for selector in by_key[key])
        )
        try:
            return any("".join(node.itertext()).strip() for node in meant)
        except OverLimit:
            return True

    def of(self, node: Element) -> dict[str, str]:
        """Return the declarations that apply to an element, by property, after precedence."""
        written = node.get("style")
        if not self.rules and not written:
            return {}
        if node not in self.known:
            self.known[node] = self._resolved(node, self._cascade(node, written))
        return self.known[node]

    def _cascade(self, node: Element, written: str | None) -> dict[str, str]:
        """Return the declarations of an element: rules by precedence, then its `style` attribute (`written`), then
        `!important` declarations, for which earlier layers win."""
        found = sorted(
            (r for key in keys_of(node) for r in self.rules.get(key, ()) if self.matching.holds(node, r.selector)),
            key=lambda rule: rule.weight,
        )
        strong = sorted(found, key=lambda rule: (-rule.weight[0], *rule.weight[1:]))
        own, own_strong = declarations(written or "")
        result: dict[str, str] = {}
        for body in (*(r.body for r in found), own, *(r.strong for r in strong), own_strong):
            if "all" in body:
                result = {name: value for name, value in result.items() if name.startswith("--")}
            for name, value in body.items():
                result.pop(name, None)  # keys are in the order of the declarations
                result[name] = value
        return result

    def _resolved(self, node: Element, style: dict[str, str]) -> dict[str, str]:
        """Return the declarations with `var()` substituted and the last step of animations applied."""
        if any("animation" in name for name in style):
            style = self._animated(style)
        if not any("var(" in value for value in style.values()):
            return style
        custom = self._custom(node)
        return {name: _with_values(value, custom) for name, value in style.items()}

    def _animated(self, style: dict[str, str]) -> dict[str, str]:
        """Return the declarations, overridden by those of the last step of an animation that keeps it
        (`animation-fill-mode`)."""
        animation = " ".join(value for name, value in style.items() if name.startswith("animation"))
        words = set(re.split(r"[\s,]+", animation))
        ends = [declarations(body) for name, body in self.sheet.ends.items() if name.lower() in words]
        if not ends or not words & {"forwards", "both"}:
            return style
        return {**style, **{name: value for body, _ in ends for name, value in body.items()}}

    def _custom(self, node: Element) -> dict[str, str]:
        """Return the custom properties that apply to an element: its own over those of its ancestors."""
        todo = []
        above: Element | None = node
        while above is not None and above not in self.custom:
            todo.append(above)
            above = above.getparent()
        held = self.custom[above]
        for each in reversed(todo):
            style = self._cascade(each, each.get("style")) if isinstance(each.tag, str) else {}
            own = {name: value for name, value in style.items() if name.startswith("--")}
            held = {**held, **{n: _with_values(v, {**held, **own}) for n, v in own.items()}} if own else held
            self.custom[each] = held
        return held


def keys_of(node: Element) -> set[str]:
    """Return the keys under which rules that may apply to an element are stored: its tag, classes, id and attributes,
    and '*'."""
    keys = {"*", local(node), *(f".{c}" for c in (node.get("class") or "").split())}
    keys |= {f"#{node.get('id')}"} if node.get("id") else set()
    return keys | {f"[{name.rpartition('}')[2].lower()}" for name in map(str, node.attrib)}


def _runs(script: Element) -> bool:
    """Return whether a `script` element is code that a browser executes, not data."""
    kind = (script.get("type") or "").lower()
    return kind in ("", "module") or "javascript" in kind or "ecmascript" in kind


def _with_values(value: str, custom: dict[str, str]) -> str:
    """Substitute `var()` in a value; a variable with neither value nor fallback is left as it is."""
    for _ in range(MOST_VALUES):
        found = _VAR.search(value)
        if found is None or len(value) > LONGEST:
            break
        inner = custom.get(found.group(1), found.group(2))
        if inner is None:
            break
        value = value[: found.start()] + inner.strip() + value[found.end() :]
    return value


def declarations(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Parse a rule's body to `(ordinary, important)` declarations, in lower case without needless spaces."""
    ordinary: dict[str, str] = {}
    strong: dict[str, str] = {}
    text = unescaped(_COMMENT.sub("", text))
    for each in split_list(text, ";") if "(" in text or '"' in text or "'" in text else text.split(";"):
        name, _, value = each.partition(":")
        name, value = name.strip(), " ".join(value.lower().split())
        name = name if name.startswith("--") else _ALIAS.get(name.lower(), name.lower())
        if not value or not _KEPT.fullmatch(name):
            continue
        bare = re.sub(r"\s*!\s*important$", "", value)
        bare = _SPACE.sub(lambda m: m.group().strip(), bare)
        if name == "color" and not _is_colour(bare):
            continue
        for side, meant in _sides(bare) if name == "inset" else ((name, bare),):
            target = ordinary if bare == _SPACE.sub(lambda m: m.group().strip(), value) else strong
            target.pop(side, None)
            target[side] = meant
    return ordinary, strong


def _is_colour(value: str) -> bool:
    """Return whether a browser may accept a value as a colour: digits after `#`, or a word. With any other value the
    colour stays unchanged."""
    return bool(re.match(r"#[0-9a-f]{3,8}$|[a-z-]+(?:$|\()", value))


def _sides(value: str) -> list[tuple[str, str]]:
    """Expand a CSS value for all sides of a box to (side, value) for top, right, bottom and left."""
    parts = split_list(value, " ")
    top, right, bottom, left = (parts[at] if at < len(parts) else None for at in range(4))  # sides of a box
    right = right or top
    return [("top", top or ""), ("right", right or ""), ("bottom", bottom or top or ""), ("left", left or right or "")]
