"""What a web page's own marks and styles do to a text: hidden, struck out, raised, lowered, and how its lists are
numbered.

Attributes, inline styles and the simple rules of the page's style sheets (`p`, `.class`, `#id` and their compounds)
count; nothing is fetched, and nothing is guessed from what a class is called.
"""

from __future__ import annotations

import re
from typing import Any

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$|!)|font-size:0(?:px|pt|em|%)?(?:;|$|!)|"
    r"(?:left|text-indent|top):-\d{4,}|clip:rect\((?:0|1)|clip-path:inset\((?:50|100)%"
)
_STRUCK = re.compile(r"text-decoration(?:-line)?:[^;]*line-through")
_LIST = re.compile(
    r"list-style(?:-type)?:[^;]*?(decimal-leading-zero|decimal|(?:lower|upper)-(?:alpha|latin|roman)|none|disc|circle|square)"
)
_RAISE = re.compile(r"vertical-align:(super|sub)")
MAX_CSS, MAX_RULES = 400_000, 4_000
"""Style sheets of frameworks have 200 KB and 2,000 rules; what is beyond is not read."""


class Styles:
    """The page's style sheets, asked element by element."""

    def __init__(self, tree: Any) -> None:
        self.rules: dict[str, list[tuple[frozenset[str], str]]] = {}
        for sheet in tree.iter("style"):
            if (sheet.get("media") or "all").split()[0].strip(",") in ("all", "screen", "print"):
                self._load((sheet.text or "")[:MAX_CSS])
        self.revealed = _revealed(tree)

    def _load(self, css: str) -> None:
        """Keep the rules that matter, by the last name of their selector."""
        css = _without_at_rules(_COMMENT.sub("", css))
        for selectors, body in _RULE.findall(css)[:MAX_RULES]:
            body = _tight(body)
            if not any(p.search(body) for p in (_HIDDEN, _STRUCK, _LIST, _RAISE)):
                continue
            for selector in selectors.split(","):
                match = _SIMPLE.fullmatch(selector.strip())
                if match and match.group():
                    names = frozenset(re.findall(r"[.#][\w-]+", match.group(2)))
                    tag = (match.group(1) or "*").lower()
                    self.rules.setdefault(min(names, default=tag), []).append((names | ({tag} - {"*"}), body))

    def of(self, node: Any) -> str:
        """The declarations that apply to an element, later and inner ones last."""
        own = node.get("style")
        if not self.rules:
            return _tight(own) if own else ""
        names = {
            node.tag,
            *(f".{c}" for c in (node.get("class") or "").split()),
            *([f"#{node.get('id')}"] if node.get("id") else []),
        }
        found = [body for name in sorted(names) for needed, body in self.rules.get(name, ()) if needed <= names]
        return ";".join([*found, _tight(own)] if own else found)

    def lost(self, node: Any) -> str | None:
        """'deleted' where an element is struck out, 'hidden' where the page does not show it, else None."""
        tag = node.tag
        if tag in ("del", "s", "strike"):
            return "deleted"
        style = self.of(node)
        if style and _STRUCK.search(style):
            return "deleted"
        concealed = (
            node.get("hidden") is not None
            and node.get("hidden") != "until-found"
            or tag == "dialog"
            and node.get("open") is None
            or bool(style and _HIDDEN.search(style))
            or node.get("aria-hidden") == "true"
            and not long_text(node)
        )
        return "hidden" if concealed and node.get("id") not in self.revealed else None

    def shift(self, node: Any) -> str | None:
        """'super' or 'sub' where an element's text stands above or below the line."""
        if node.tag in ("sup", "sub"):
            return "super" if node.tag == "sup" else "sub"
        found = _RAISE.search(self.of(node))
        return found.group(1) if found else None

    def list_type(self, node: Any) -> str | None:
        """The form of a list's numbers as a style says it, or None."""
        found = _LIST.findall(self.of(node))
        return found[-1] if found else None


def long_text(node: Any) -> bool:
    """Whether an element holds 80 characters and more: a page under an open dialog is marked as hidden from screen
    readers."""
    return len("".join(node.itertext()).strip()) > 80


def _revealed(tree: Any) -> set[str]:
    """Ids of elements that a button or a tab of the page shows: hidden at first, and content."""
    found: set[str] = set()
    for node in tree.iter():
        if isinstance(node.tag, str):
            for name in ("aria-controls", "data-target", "data-bs-target"):
                found.update(v.lstrip("#") for v in (node.get(name) or "").split())
            if node.get("role") == "tab" or node.get("aria-expanded"):
                found.add((node.get("href") or "").lstrip("#"))
    return found - {""}


def _tight(body: str) -> str:
    """Declarations without white space, in lower case."""
    return re.sub(r"\s*([:;,(!])\s*", r"\1", " ".join(body.split())).lower()


def _without_at_rules(css: str) -> str:
    """The rules outside `@media` and its like, which hold for some readers only."""
    out, at = [], 0
    for match in re.finditer(r"@[\w-]+[^{};]*([;{])", css):
        if match.start() < at:
            continue
        out.append(css[at : match.start()])
        at = match.end()
        depth = match.group(1) == "{"
        while depth and at < len(css):
            brace = re.compile(r"[{}]").search(css, at)
            if not brace:
                at = len(css)
                break
            depth += 1 if brace.group() == "{" else -1
            at = brace.end()
    return "".join([*out, css[at:]])
