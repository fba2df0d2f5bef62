"""Match CSS selectors against elements, as a browser does before any user action.

Written here because no library of the dependency list matches selectors; they are parsed in `css_selectors`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.read.limits import OverLimit

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Test = Callable[["Element", "SelectorMatcher"], bool]


MOST_STEPS = 3_000_000
"""Maximum number of comparisons of an element with a part of a selector in one page: some four seconds; real pages need
less than a tenth."""


@dataclass(frozen=True, slots=True)
class Compound:
    """Conditions on one element: its tag or '*', its classes and ids, and further tests."""

    tag: str = "*"
    names: frozenset[str] = frozenset()
    tests: tuple[Test, ...] = ()
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selector:
    """A complex selector: compound selectors from the outermost inward, each with the combinator that follows it, and
    the specificity of all (`weight`)."""

    parts: tuple[tuple[str, Compound], ...]
    weight: tuple[int, int, int]
    awaits: bool = False
    """Whether the selector matches only until a script changes the element, as `:not(.shown)` and `[v-cloak]` do."""

    @property
    def key(self) -> str:
        """Return the rarest name that the element itself must have: '#id', '.class', '[attribute', a tag, or '*'."""
        last = self.parts[-1][1]
        attribute = f"[{last.attributes[0]}" if last.attributes else last.tag
        return min(last.names, default=attribute if last.tag == "*" else last.tag)


@dataclass
class SelectorMatcher:
    """The selector matching of one page, with caches. `anchor` is the element on which `:has()` is tested; `steps`
    counts comparisons."""

    places: dict[Element | None, dict[Element, tuple[int, int, int, int]]] = field(default_factory=dict)
    known: dict[tuple[int, Element], bool] = field(default_factory=dict)
    anchor: Element | None = None
    steps: list[int] = field(default_factory=lambda: [0])

    def place(self, node: Element) -> tuple[int, int, int, int]:
        """Return four numbers of an element: (position among its siblings, their count, position among siblings with
        the same tag, their count)."""
        above = node.getparent()
        if above is None:
            return 1, 1, 1, 1
        if above not in self.places:
            children = [each for each in above if isinstance(each.tag, str)]
            tags: dict[str, int] = {}
            numbered = []
            for at, each in enumerate(children, 1):
                tags[each.tag] = tags.get(each.tag, 0) + 1
                numbered.append((each, at, tags[each.tag]))
            self.places[above] = {e: (at, len(children), of, tags[e.tag]) for e, at, of in numbered}
        return self.places[above][node]

    def holds(self, node: Element, selector: Selector) -> bool:
        """Return whether the selector matches the element."""
        return self._at(node, selector.parts, len(selector.parts) - 1) == 1

    def _at(self, node: Element, parts: tuple[tuple[str, Compound], ...], at: int) -> int:
        """Match an element against `parts[at]`, and the elements around it against the parts before that one.

        Returns 1 when all parts match, 0 when they do not, and -1 when no ancestor can match either, so that the caller
        need not try further ancestors.
        """
        if not self._one(node, parts[at][1]):
            return 0
        if at == 0:
            return 1
        join = parts[at - 1][0]
        if join in "+~":
            before = _before(node)
            while before is not None:
                found = self._at(before, parts, at - 1)
                if found or join == "+":
                    return found
                before = _before(before)
            return 0
        above = node.getparent()
        while above is not None:
            found = self._at(above, parts, at - 1)
            if found or join == ">":
                return found
            above = above.getparent()
        return -1

    def _one(self, node: Element, compound: Compound) -> bool:
        """Return whether the element matches the compound selector `compound`. Raises OverLimit after MOST_STEPS
        comparisons in the page."""
        self.steps[0] += 1
        if self.steps[0] > MOST_STEPS:
            raise OverLimit(
                "its style sheets take too long to work out", where="web page", do="Save the page as PDF and read that."
            )
        if compound.tag not in ("*", local(node)):
            return False
        if compound.names and not compound.names <= {
            *(f".{c}" for c in (node.get("class") or "").split()),
            f"#{node.get('id')}",
        }:
            return False
        return all(test(node, self) for test in compound.tests)


def local(node: Element) -> str:
    """Return an element's name as selectors use it: without namespace, in lower case; '' for a comment."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _before(node: Element) -> Element | None:
    """Return the previous sibling element, skipping comments. None for the first."""
    found = node.getprevious()
    while found is not None and not isinstance(found.tag, str):
        found = found.getprevious()
    return found
