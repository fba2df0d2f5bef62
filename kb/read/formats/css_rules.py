"""Evaluate style sheets for a common screen and a current browser.

Resolves `@media`, `@supports`, `@layer`, `@scope` and nested rules to flat rules: selector, body and layer. The last
steps of animations are kept by name, since text that an animation reveals is visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.read.formats.css_selectors import split_list

SCREEN = (1300, 800)
"""Screen size in pixels, width and height: a common laptop's, as in `kb.read.formats.html_place`."""
_STOP = re.compile(r"\\.|[\"'(){};]|/\*", re.DOTALL)
_SIZE_QUERY = re.compile(
    r"\(\s*(min-|max-)?(width|height|device-width|device-height)\s*:\s*(\d*\.?\d+)\s*(px|em|rem)?\s*\)"
)
_RANGE = re.compile(
    r"\(\s*(?:(\d*\.?\d+)(px|em|rem)?\s*(<=?|>=?)\s*)?(width|height)\s*(?:(<=?|>=?|=)\s*(\d*\.?\d+)(px|em|rem)?)?\s*\)"
)
_KNOWN = re.compile(r"\(\s*([\w-]+)\s*(?::\s*([\w-]+)\s*)?\)")
_SCREENS = {
    "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference",
    "prefers-reduced-transparency": "no-preference",
    "prefers-contrast": "no-preference",
    "forced-colors": "none",
    "inverted-colors": "none",
    "orientation": "landscape",
    "hover": "hover",
    "any-hover": "hover",
    "pointer": "fine",
    "any-pointer": "fine",
    "scripting": "enabled",
    "update": "fast",
    "display-mode": "browser",
    "overflow-block": "scroll",
    "color-gamut": "srgb",
    "dynamic-range": "standard",
    "grid": "0",
}
"""Value of each media feature on the assumed screen. A query that names a feature without a value, such as `(hover)`,
is true unless its value here is `none`, `0` or `no-preference`."""
DEEPEST = 8
"""Maximum nesting depth of blocks; current style sheets have three levels."""


@dataclass(frozen=True, slots=True)
class FlatRule:
    """A CSS rule without nesting: its selector list, its declarations (text), and its layer ('' for none)."""

    selector: str
    body: str
    layer: str = ""


@dataclass
class StyleSheet:
    """Parsed style sheets: rules in order, layers in the order of their first mention, and the last steps of animations
    by name."""

    rules: list[FlatRule] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)

    def read(self, css: str, layer: str = "") -> None:
        """Add the rules of a style sheet, in this cascade layer."""
        self._blocks(css, "", layer, 0)

    def _blocks(self, css: str, above: str, layer: str, depth: int) -> None:
        """Add the rules of a block; `above` is the selector of the enclosing rule, `depth` counts enclosing blocks."""
        if depth > DEEPEST:
            return
        own: list[str] = []
        for head, body in blocks(css):
            if body is None:
                self._named(head, layer) if head.startswith("@") else own.append(head)
            elif head.startswith("@"):
                self._at(head, body, above, layer, depth)
            elif head:
                self._blocks(body, _within(head, above), layer, depth + 1)
        if above and own:
            self.rules.append(FlatRule(above, ";".join(own), layer))

    def _named(self, head: str, layer: str) -> None:
        """Handle a statement without a block: `@layer a, b` sets the order of cascade layers within `layer`."""
        if head.lower().startswith("@layer"):
            for name in head[6:].split(","):
                self._layer(name, layer)

    def _layer(self, name: str, above: str) -> str:
        """Return the full name of the cascade layer `name` within the layer `above`, and record it in order of first
        mention."""
        full = ".".join(filter(None, (above, name.strip() or f"-{len(self.layers)}")))
        if full not in self.layers:
            self.layers.append(full)
        return full

    def _at(self, head: str, body: str, above: str, layer: str, depth: int) -> None:
        """Handle an at-rule (`head` and `body` of its block): add its rules if its condition is true."""
        name, _, rest = head[1:].replace("(", " (", 1).partition(" ")
        name, rest = name.lower(), rest.strip()
        if name == "layer":
            self._blocks(body, above, self._layer(rest, layer), depth + 1)
        elif name == "media" and is_on_screen(rest) or name == "supports" and _is_supported(rest):
            self._blocks(body, above, layer, depth + 1)
        elif name == "scope":
            start = rest.split(") to (")[0].strip().removeprefix("(").removesuffix(")")
            self._blocks(body, f":where({start})" if start else above, layer, depth + 1)
        elif name.endswith("keyframes"):
            self.ends.update(
                {rest.strip("\"' "): body_text for to, body_text in blocks(body) if body_text and _is_end(to)}
            )


def blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield `(head, body)` of each block, and `(text, None)` of each statement or declaration, in order."""
    start = at = 0
    depth = brackets = 0
    head, inside = "", 0
    while found := _STOP.search(css, at):
        sign, at = found.group(), found.end()
        if sign == "/*":
            end = css.find("*/", at)
            at = len(css) if end < 0 else end + 2
        elif sign in "\"'":
            at = _closed(css, sign, at)
        elif sign == "(":
            brackets += 1
        elif sign == ")":
            brackets = max(0, brackets - 1)
        elif sign == "{":
            if depth == 0:
                head, inside = css[start : found.start()].strip(), at
            depth, brackets = depth + 1, 0
        elif sign == "}":
            depth, brackets = max(0, depth - 1), 0
            if depth == 0:
                if inside:
                    yield head, css[inside : found.start()]
                start, inside = at, 0
        elif sign == ";" and depth == 0 and not brackets:
            yield css[start : found.start()].strip(), None
            start = at
    if inside:  # a block that is not closed ends with the sheet
        yield head, css[inside:]
    elif css[start:].strip():
        yield css[start:].strip(), None


def _closed(css: str, quote: str, at: int) -> int:
    """Return the offset at which a quoted string that continues at `at` ends: after its closing `quote`, or at the end
    of its line."""
    found = re.compile(rf"(?:\\.|[^{quote}\\\n])*(?:{quote}|\n|$)", re.DOTALL).match(css, at)
    return found.end() if found else len(css)


def _within(selector: str, above: str) -> str:
    """Expand a nested selector list with the selector of the enclosing rule."""
    if not above:
        return selector
    return ",".join(
        each.replace("&", f":is({above})") if "&" in each else f":is({above}) {each.strip()}"
        for each in split_list(selector)
    )


def _is_end(selector: str) -> bool:
    """Return whether a keyframe selector is the last step of an animation: `to` or `100%`."""
    return any(each.strip().lower() in ("to", "100%") for each in selector.split(","))


def is_on_screen(text: str) -> bool:
    """Return whether a media query is true on a screen of the size SCREEN; False when it cannot be parsed."""
    return any(_query(each.strip().lower()) for each in split_list(text))


def _query(text: str) -> bool:
    """Return whether one media query is true on a screen of the size SCREEN; True for an empty one."""
    if not text:
        return True
    negative = text.startswith(("not ", "not("))
    text = text[3:].strip() if negative else text.removeprefix("only ").strip()
    parts = re.split(r"\)\s+(and|or)\s+\(|^(screen|all|print|speech|[\w-]+)\s+and\s+", f" {text}".strip())
    words = [each for each in parts if each and each not in ("and", "or")]
    either = "or" in parts
    found = [_feature(each) for each in words]
    holds = bool(found) and (any(found) if either else all(found))
    return holds != negative


def _feature(text: str) -> bool:
    """Return whether one media type or media feature is true on a light colour screen of the size SCREEN; False for an
    unknown one."""
    text = text.strip().strip("()").strip()
    if re.fullmatch(r"[\w-]+", text) and text not in _SCREENS and text not in ("color", "width", "height"):
        return text in ("screen", "all")
    text = f"({text})"
    if found := _SIZE_QUERY.fullmatch(text):
        limit, what = _pixels(found.group(3), found.group(4)), SCREEN["height" in found.group(2)]
        kind = found.group(1)
        return what >= limit if kind == "min-" else what <= limit if kind == "max-" else what == limit
    if (found := _RANGE.fullmatch(text)) and (found.group(3) or found.group(5)):
        what = SCREEN[found.group(4) == "height"]
        above = not found.group(3) or _compared(_pixels(found.group(1), found.group(2)), found.group(3), what)
        return above and (
            not found.group(5) or _compared(what, found.group(5), _pixels(found.group(6), found.group(7)))
        )
    if found := _KNOWN.fullmatch(text):
        name, value = found.group(1), found.group(2)
        answer = _SCREENS.get(name)
        if answer is None:
            return value is None and name in ("color", "width", "height")
        return answer == value if value else answer not in ("none", "0", "no-preference")
    return False


def _pixels(number: str, unit: str | None) -> float:
    return float(number) * (16 if unit in ("em", "rem") else 1)


def _compared(a: float, sign: str, b: float) -> bool:
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "=": a == b}[sign]


def _is_supported(text: str) -> bool:
    """Return whether a current browser supports the condition of an `@supports` rule: True for everything except names
    with prefixes of other vendors (-ms-, -moz-, -o-)."""
    text = text.strip().lower()
    negative = text.startswith(("not ", "not("))
    condition = text[3:] if negative else text
    either = re.split(r"\)\s+or\s+\(", condition)
    holds = any(not re.search(r"\(\s*-(?:ms|moz|o)-|^\s*-(?:ms|moz|o)-", each) for each in either)
    return holds != negative
