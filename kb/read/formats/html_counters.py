"""Compute the text that a style sheet prints before an element, as browsers do: `content` with counters
(`counter(article)`), attributes and words.

Only screen styles and visible parts count. Counters follow CSS Lists 3: an element that resets a counter opens it for
its content and its following siblings, up to the end of its parent.

Numbers: counters start at 0 and increase by 1 unless a style sets another value, as in CSS; a label has at most 200
letters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.read.formats.css_matching import Selector
from kb.read.formats.css_selectors import Invalid, selectors, split_list, unescaped
from kb.read.formats.html_css import Cascade, declarations, keys_of
from kb.read.formats.html_lists import shown
from kb.read.formats.html_style import PageStyles, is_concealed
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PART = re.compile(r"\s*::?(before|marker)\s*$", re.IGNORECASE)
_COUNTING = re.compile(r"counter-(?:reset|increment|set)|content|quotes", re.IGNORECASE)
_COUNTS = re.compile(r"(-?[a-z_][\w-]*)(?:\s+(-?\d{1,6}))?", re.IGNORECASE)
_TOKEN = re.compile(
    r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|(counters?|attr)\(((?:\"[^\"]*\"|'[^']*'|[^()\"'])*)\)|(/)", re.DOTALL
)
LONGEST = 200  # letters: the words of a heading; more is no number of a part


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with its declarations about counters and content; the rule with the greatest `weight` takes
    precedence."""

    weight: tuple[int, ...]
    selector: Selector
    body: dict[str, str]


@dataclass
class _Rules:
    """The page's rules about counters and content, by pseudo-element ('' for the element itself), then by a name in
    their last compound selector."""

    cascade: Cascade
    held: dict[str, dict[str, list[_Rule]]] = field(default_factory=dict)

    def gather(self) -> None:
        """Collect the rules of the page's style sheets that are about counters and content."""
        for at, flat in enumerate(self.cascade.sheet.rules):
            body = _declared(flat.body)
            for each in split_list(flat.selector) if body else ():
                part = _PART.search(each)
                try:
                    found = selectors(each[: part.start()].strip() or "*" if part else each)
                except Invalid:
                    continue
                for one in found:
                    rule = _Rule((*one.weight, at), one, body)
                    name = part.group(1).lower() if part else ""
                    self.held.setdefault(name, {}).setdefault(one.key, []).append(rule)

    def of(self, node: Element, part: str = "") -> dict[str, str]:
        """Return the declarations that apply to an element or its pseudo-element `part`, after precedence."""
        by_key = self.held.get(part)
        found = [r for key in keys_of(node) for r in by_key.get(key, ())] if by_key else []
        style: dict[str, str] = {}
        for rule in sorted(found, key=lambda r: r.weight):
            if self.cascade.matching.holds(node, rule.selector):
                style |= rule.body
        return style | (_declared(node.get("style") or "") if not part else {})


def _declared(body: str) -> dict[str, str]:
    """Return the declarations about counters and content as written, together with those that may hide the
    pseudo-element; {} when none is about counters or content."""
    if not _COUNTING.search(body):
        return {}
    pairs = (each.partition(":") for each in split_list(body, ";"))
    counting = {name.strip().lower(): value.strip() for name, _, value in pairs if _COUNTING.fullmatch(name.strip())}
    return {**declarations(body)[0], **counting} if counting else {}


class _Counters:
    """The open counters: name to a list of (value, element within which it applies), outermost first."""

    def __init__(self) -> None:
        self.open: dict[str, list[list]] = {}

    def reset(self, name: str, value: int, within: Element | None) -> None:
        """Open a counter with this value for the content of `within`; one that is already open there restarts."""
        held = self.open.setdefault(name, [])
        if held and held[-1][1] is within:
            held[-1][0] = value
        else:
            held.append([value, within])

    def add(self, name: str, by: int, within: Element | None) -> None:
        """Increase the innermost counter of this name by `by`; open it within `within` when none is open."""
        held = self.open.setdefault(name, [])
        if held:
            held[-1][0] += by
        else:
            held.append([by, within])

    def set(self, name: str, value: int, within: Element | None) -> None:
        """Set the value of the innermost counter of this name; open it within `within` when none is open."""
        self.add(name, value - self.values(name)[-1], within)

    def close(self, node: Element) -> None:
        """Close the counters that apply only within this element."""
        for held in self.open.values():
            while held and held[-1][1] is node:
                held.pop()

    def values(self, name: str) -> list[int]:
        """Return the values of a counter, outermost first; [0] when none of this name is open."""
        return [value for value, _ in self.open.get(name, ())] or [0]

    def apply(self, style: dict[str, str], within: Element | None) -> None:
        """Apply the counter declarations of a style (reset, increment, set) in the order that CSS prescribes."""
        for what, usual, act in (
            ("counter-reset", 0, self.reset),
            ("counter-increment", 1, self.add),
            ("counter-set", 0, self.set),
        ):
            for name, value in _COUNTS.findall(style.get(what, "")):
                if name.lower() != "none":
                    act(name, int(value) if value else usual, within)


def printed_before(tree: Element, styles: PageStyles) -> dict[Element, str]:
    """Return for each element the words and numbers that styles print before it; invisible ones, and those without a
    letter or digit, are left out."""
    from lxml import etree

    if not any("content" in flat.body.lower() for flat in styles.cascade.sheet.rules):
        return {}
    rules = _Rules(styles.cascade)
    rules.gather()
    if not any(rules.held.get(part) for part in ("before", "marker")):
        return {}
    counters, found = _Counters(), {}
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, node in walk:
        if not isinstance(node.tag, str):
            continue
        if event == "end":
            counters.close(node)
        elif styles.lost(node) == "hidden":
            walk.skip_subtree()
        else:
            label = _entered(node, rules, counters)
            if label and not squeeze("".join(node.itertext())).startswith(label):
                found[node] = label
    return found


def _entered(node: Element, rules: _Rules, counters: _Counters) -> str:
    """Update the counters for an element that is entered, and return the text printed before it ('' for none)."""
    style, around = rules.of(node), node.getparent()
    counting = style.get("counter-increment", "") + style.get("counter-set", "")
    if node.tag in ("ol", "ul", "menu"):
        counters.reset("list-item", _integer(node.get("start"), 1) - 1, around)
    elif node.tag == "li" and "list-item" not in counting:
        counters.add("list-item", 1, around)
        if node.get("value"):
            counters.set("list-item", _integer(node.get("value"), 1), around)
    counters.apply(style, around)
    for part in ("marker", "before"):
        inner = rules.of(node, part)
        if inner and not is_concealed(node, {k: v for k, v in inner.items() if not _COUNTING.fullmatch(k)}):
            counters.apply(inner, node)
            label = squeeze(_content(inner.get("content", ""), node, counters))[:LONGEST]
            if any(c.isalnum() for c in label):
                return label
    return ""


def _content(value: str, node: Element, counters: _Counters) -> str:
    """Evaluate the value of a `content` declaration to text; characters of icon fonts and the alternative text after
    `/` are left out."""
    parts: list[str] = []
    for double, single, call, inside, spoken in _TOKEN.findall(value):
        if spoken:
            break
        if not call:
            text = unescaped(re.sub(r"\\\n", "", double or single))
            parts.append("".join(c for c in text if unicodedata.category(c) != "Co"))
            continue
        given = [each.strip().strip("\"'") for each in split_list(inside)]
        if call == "attr":
            parts.append(node.get(given[0]) or "")
        else:
            values = counters.values(given[0])
            joint = unescaped(given[1]) if call == "counters" and len(given) > 1 else ""
            form = given[2 if call == "counters" else 1] if len(given) > (2 if call == "counters" else 1) else "decimal"
            parts.append(joint.join(shown(n, form) for n in (values if call == "counters" else values[-1:])))
    return "".join(parts)


def _integer(text: str | None, otherwise: int) -> int:
    """Parse a whole number of up to six digits; return `otherwise` when the text is none."""
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,6}\s*", text) else otherwise
