"""Parse CSS selectors (levels 3 and 4) as a browser does; `css_matching` matches them.

Supported: names, attributes, positions among siblings, `:is()`, `:where()`, `:not()`, `:has()` and all four
combinators. User-action states (`:hover`, `:target`) never match; pseudo-elements (`::before`) are dropped.

Numbers: Unicode ends at 10FFFF.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.read.formats.css_matching import Compound, Selector, SelectorMatcher, Test, local

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

IDENT = r"(?:\\[0-9a-fA-F]{1,6}\s?|\\[^\n]|[\w-]|[^\x00-\x7f])+"
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_NAME = re.compile(rf"(?:(?:{IDENT}|\*)?\|(?!=))?({IDENT}|\*)")
_CLASS = re.compile(rf"([.#])({IDENT})")
_ATTRIBUTE = re.compile(
    rf"\[\s*(?:(?:{IDENT}|\*)?\|(?!=))?({IDENT})\s*"
    rf"(?:([~|^$*]?=)\s*(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|({IDENT}))\s*([iIsS])?\s*)?\]"
)
_PSEUDO = re.compile(rf"(::?)({IDENT})")
_NTH = re.compile(r"([+-]?\d*)n(?:([+-])(\d+))?|([+-]?\d+)|(odd|even)")
_LEAD = re.compile(r"\s*([>+~]|\|\|)?\s*")
_STATES = {
    *("hover", "focus", "active", "visited", "focus-within", "focus-visible", "target", "target-within", "current"),
    *("fullscreen", "playing", "paused", "popover-open", "user-valid", "user-invalid", "autofill", "modal", "open"),
    *("indeterminate", "invalid", "out-of-range", "past", "future", "local-link", "host", "state", "active-view"),
}
"""States that an element has only after a user action, or that no element of a file has."""
_ALWAYS = {"defined", "valid", "in-range"}
_OLD_PARTS = {"before", "after", "first-line", "first-letter"}
_FOLDED = {
    "type",
    "lang",
    "dir",
    "align",
    "valign",
    "rel",
    "media",
    "method",
    "charset",
    "shape",
    "checked",
    "disabled",
}
"""HTML attributes whose values are compared without regard to case (some of the list in the standard)."""
_SCRIPTED = re.compile(r"(?:^|-)cloak$|^data-(?:aos|sal|wow|anim|reveal|scroll)")
"""Attributes that scripts remove or act on once they run: text that they hide is meant to be shown."""
MOST_DESCENDANTS = 2_000
"""Maximum number of descendants that `:has()` examines; otherwise one rule could traverse a large page once per
element."""
DEEPEST = 6
"""Maximum nesting depth of selectors, such as `:not(:is(...))`; style sheets of frameworks have three levels."""


class Invalid(ValueError):
    """Raised for a selector that no browser accepts: its whole rule is dropped."""


def unescaped(text: str) -> str:
    """Return a CSS name or string with its escapes replaced by the characters."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda m: (chr(int(m.group(1), 16)) if int(m.group(1), 16) < 0x110000 else "") if m.group(1) else m.group(2),
        text,
    )


def selectors(text: str) -> list[Selector]:
    """Parse a selector list, leaving out selectors of pseudo-elements (`::before`). Raises Invalid for one that no
    browser accepts."""
    return [found for each in split_list(text) if (found := _complex(each.strip(), 0)) is not None]


def split_list(text: str, sign: str = ",") -> list[str]:
    """Split a list at its commas (or another sign), except within brackets, parentheses or quotation marks."""
    pieces, depth, quote, start, at = [], 0, "", 0, 0
    while at < len(text):
        c = text[at]
        if c == "\\":
            at += 1
        elif quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c == sign and depth <= 0:
            pieces.append(text[start:at])
            start = at + 1
        elif c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        at += 1
    return [*pieces, text[start:]]


class _SelectorParser:
    """Parser of one complex selector; `weight` is the specificity of what has been parsed."""

    def __init__(self, text: str, depth: int) -> None:
        if depth > DEEPEST:
            raise Invalid("too deep")
        self.text, self.at, self.depth = text, 0, depth
        self.weight = (0, 0, 0)
        self.dropped = self.awaits = False

    def compound(self) -> Compound:
        """Parse the next compound selector, such as `p.note[lang]`. Raises Invalid where there is none."""
        start, tag, names, tests, attributes = self.at, "*", set(), [], []
        if found := _NAME.match(self.text, self.at):
            self.at = found.end()
            tag = unescaped(found.group(1)).lower()
            self._add(0, 0, int(tag != "*"))
        while self.at < len(self.text):
            if found := _CLASS.match(self.text, self.at):
                self.at = found.end()
                names.add(found.group(1) + unescaped(found.group(2)))
                self._add(*((1, 0, 0) if found.group(1) == "#" else (0, 1, 0)))
            elif found := _ATTRIBUTE.match(self.text, self.at):
                self.at = found.end()
                attributes.append(unescaped(found.group(1)).lower())
                self.awaits = self.awaits or bool(_SCRIPTED.search(attributes[-1]))
                tests.append(_attribute(found))
                self._add(0, 1, 0)
            elif found := _PSEUDO.match(self.text, self.at):
                self.at = found.end()
                test = self._pseudo(found.group(1), unescaped(found.group(2)).lower())
                tests += [test] if test else []
            else:
                break
        if self.at == start:
            raise Invalid(self.text[:80])
        return Compound(tag, frozenset(names), tuple(tests), tuple(attributes))

    def _add(self, a: int, b: int, c: int) -> None:
        self.weight = (self.weight[0] + a, self.weight[1] + b, self.weight[2] + c)

    def _argument(self) -> str:
        """Return the text in parentheses at this position, '' when there are none. Raises Invalid for unclosed ones."""
        if self.text[self.at : self.at + 1] != "(":
            return ""
        pieces = split_list(self.text[self.at + 1 :], ")")
        if len(pieces) < 2:
            raise Invalid(self.text[:80])
        self.at += len(pieces[0]) + 2
        return pieces[0].strip()

    def _pseudo(self, colons: str, name: str) -> Test | None:
        """Return the test of a pseudo-class, None for one that is always true and for a pseudo-element, which sets
        `dropped`. Raises Invalid for an unknown one."""
        argument = self._argument()
        if colons == "::" or name in _OLD_PARTS:
            self.dropped = True
            return None
        if name in ("is", "where", "not", "matches", "-webkit-any", "has"):
            return self._of_list(name, argument)
        self._add(0, 1, 0)
        if name in _ALWAYS:
            return None
        if name in _STATES:
            return _never
        if name in _NUMBERED:
            return self._numbered(name, argument)
        if name == "lang" and argument:
            wanted = [each.strip(" \"'").lower() for each in argument.split(",")]
            return lambda node, _: _language(node, wanted)
        if name in _SIMPLE:
            return _SIMPLE[name]
        raise Invalid(name)

    def _of_list(self, name: str, argument: str) -> Test:
        """Return the test of `:is()`, `:where()`, `:not()` or `:has()` (`name`) with the selectors in its parentheses
        (`argument`)."""
        held = []
        for each in split_list(argument):
            try:
                found = _relative(each, self.depth + 1) if name == "has" else _complex(each.strip(), self.depth + 1)
            except Invalid:
                if name in ("not", "has"):
                    raise
                continue
            held += [found] if found else []
        if name != "where":
            self._add(*max((one.weight for one in held), default=(0, 0, 0)))
        if name == "has":
            return lambda node, now: any(_has(node, one, now) for one in held)
        self.awaits = self.awaits or any(one.awaits for one in held) or name == "not" and "." in argument
        if name == "not":
            return lambda node, now: not any(now.holds(node, one) for one in held)
        return lambda node, now: any(now.holds(node, one) for one in held)

    def _numbered(self, name: str, argument: str) -> Test:
        """Return the test of `:nth-child()` or a similar pseudo-class (`name`) with its `argument`."""
        rule, _, of = argument.partition(" of ")
        step, first = _step(rule)
        number, count = _NUMBERED[name]
        if of:
            among = selectors(of)
            return lambda node, now: _is_of(node, now, among, step, first, last=name == "nth-last-child")

        def test(node: Element, now: SelectorMatcher) -> bool:
            """Return whether the element's position among its siblings fits the rule."""
            place = now.place(node)
            at = place[count] - place[number] + 1 if "last" in name else place[number]
            return _fits(at, step, first)

        return test


_NUMBERED = {
    "nth-child": (0, 1),
    "nth-last-child": (0, 1),
    "nth-of-type": (2, 3),
    "nth-last-of-type": (2, 3),
}


def _complex(text: str, depth: int, start: tuple[tuple[str, Compound], ...] = ()) -> Selector | None:
    """Parse one complex selector that continues after the parts `start`; None when it ends in a pseudo-element. Raises
    Invalid."""
    reader, parts = _SelectorParser(text, depth), list(start)
    while True:
        one = reader.compound()
        join = _LEAD.match(reader.text, reader.at)
        end = reader.at if join is None else join.end()
        parts.append((join.group(1) or " " if join else " ", one))
        if join is not None and join.group(1) == "||":
            raise Invalid(text[:80])
        if end >= len(reader.text):
            break
        if end == reader.at:
            raise Invalid(text[:80])
        reader.at = end
    if join is not None and join.group(1):
        raise Invalid(text[:80])
    return None if reader.dropped else Selector(tuple(parts), reader.weight, reader.awaits)


def _relative(text: str, depth: int) -> Selector | None:
    """Parse a relative selector in `:has()`, which is matched from the element itself; None for one that ends in a
    pseudo-element."""
    lead = _LEAD.match(text)
    join = lead.group(1) if lead else None
    anchor = Compound(tests=(lambda node, now: node is now.anchor,))
    return _complex(text[lead.end() if lead else 0 :].strip(), depth, ((join or " ", anchor),))


def _has(node: Element, selector: Selector, now: SelectorMatcher) -> bool:
    """Return whether any descendant or following sibling of `node` matches `selector`, the argument of `:has()`."""
    key = (id(selector), node)
    if key not in now.known:
        inner = SelectorMatcher(now.places, now.known, node, now.steps)
        if selector.parts[0][0] in "+~":
            among = (each for sibling in node.itersiblings() for each in sibling.iter())
        else:
            among = node.iterdescendants()
        now.known[key] = any(
            isinstance(each.tag, str) and inner.holds(each, selector) for each, _ in zip(among, range(MOST_DESCENDANTS))
        )
    return now.known[key]


def _attribute(found: re.Match[str]) -> Test:
    """Return the test for a parsed attribute selector such as `[lang|=en]`."""
    written, sign = unescaped(found.group(1)), found.group(2)
    name = written.lower()
    if not sign:
        return lambda node, _: node.get(name) is not None or node.get(written) is not None
    value = unescaped(next(v for v in found.group(3, 4, 5) if v is not None))
    folds = (found.group(6) or "").lower() == "i" or name in _FOLDED and not found.group(6)
    wanted = value.lower() if folds else value

    def test(node: Element, _: SelectorMatcher) -> bool:
        """Return whether the element's attribute matches."""
        held = node.get(name, node.get(written))  # names of HTML are in lower case; those of XML are as written
        if held is None:
            return False
        held = held.lower() if folds else held
        if sign == "=":
            return held == wanted
        if sign == "~=":
            return wanted in held.split()
        if sign == "|=":
            return held == wanted or held.startswith(f"{wanted}-")
        if not wanted:
            return False
        return {"^=": held.startswith, "$=": held.endswith, "*=": held.__contains__}[sign](wanted)

    return test


def _step(text: str) -> tuple[int, int]:
    """Parse 'an+b' to `(step, first)`. Raises Invalid.

    >>> _step("2n+1")
    (2, 1)
    """
    found = _NTH.fullmatch(re.sub(r"\s+", "", text.lower()))
    if found is None:
        raise Invalid(text[:80])
    if found.group(5):
        return 2, int(found.group(5) == "odd")
    if found.group(4):
        return 0, int(found.group(4)[:9])
    a = found.group(1)
    step = int(a[:9]) if a not in ("", "+", "-") else int(f"{a}1")
    return step, int(f"{found.group(2)}{found.group(3)[:9]}") if found.group(3) else 0


def _fits(at: int, step: int, first: int) -> bool:
    """Return whether `at` is first + n * step for an n of 0 or more."""
    return at == first if step == 0 else (at - first) % step == 0 and (at - first) // step >= 0


def _is_of(node: Element, now: SelectorMatcher, among: list[Selector], step: int, first: int, *, last: bool) -> bool:
    """Return whether an element matches `:nth-child(2 of .a)` or the like.

    Only siblings that match one of the selectors `among` are counted; the position must be `first` + n * `step`. With
    `last`, positions are counted from the last sibling (`:nth-last-child`).
    """

    def meant(each: Element) -> bool:
        """Return whether an element matches one of the selectors `among`."""
        return isinstance(each.tag, str) and any(now.holds(each, one) for one in among)

    if not meant(node):
        return False
    beside = list(zip(node.itersiblings(preceding=not last), range(MOST_DESCENDANTS)))
    return _fits(1 + sum(meant(each) for each, _ in beside), step, first)


def _language(node: Element, wanted: list[str]) -> bool:
    """Return whether the `lang` of an element is one of the languages `wanted`, or a variety of one (`en-GB` for
    `en`)."""
    for each in (node, *node.iterancestors()):
        held = each.get("lang") or each.get("{http://www.w3.org/XML/1998/namespace}lang")
        if held is not None:
            return any(held.lower() == one or held.lower().startswith(f"{one}-") for one in wanted)
    return False


def _never(node: Element, now: SelectorMatcher) -> bool:
    """Test that is never true: for states such as `:hover`, which no element has before a user action."""
    return False


def _is_empty(node: Element, _: SelectorMatcher) -> bool:
    return not node.text and not any(isinstance(each.tag, str) or each.tail for each in node)


_SIMPLE: dict[str, Test] = {
    "root": lambda node, _: node.getparent() is None,
    "scope": lambda node, _: node.getparent() is None,
    "empty": _is_empty,
    "first-child": lambda node, now: now.place(node)[0] == 1,
    "last-child": lambda node, now: now.place(node)[0] == now.place(node)[1],
    "only-child": lambda node, now: now.place(node)[1] == 1,
    "first-of-type": lambda node, now: now.place(node)[2] == 1,
    "last-of-type": lambda node, now: now.place(node)[2] == now.place(node)[3],
    "only-of-type": lambda node, now: now.place(node)[3] == 1,
    "link": lambda node, _: node.get("href") is not None and local(node) in ("a", "area"),
    "any-link": lambda node, _: node.get("href") is not None and local(node) in ("a", "area"),
    "checked": lambda node, _: node.get("checked") is not None or node.get("selected") is not None,
    "disabled": lambda node, _: node.get("disabled") is not None,
    "enabled": lambda node, _: (
        node.get("disabled") is None and local(node) in ("input", "button", "select", "textarea")
    ),
    "required": lambda node, _: node.get("required") is not None,
    "optional": lambda node, _: node.get("required") is None and local(node) in ("input", "select", "textarea"),
    "read-only": lambda node, _: node.get("readonly") is not None or local(node) not in ("input", "textarea"),
    "read-write": lambda node, _: node.get("readonly") is None and local(node) in ("input", "textarea"),
    "placeholder-shown": lambda node, _: bool(node.get("placeholder")) and not node.get("value"),
    "dir": lambda node, _: False,
}
