"""Collect the running text of an HTML element, with superscripts, form fields and formulas as printed; what is not
printed becomes leftovers.

Numbers: letters of a footnote mark, of the words before it, and of a note. Chosen by eye; cases:
tests/read/test_read_html.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.read.formats.html_style import PageStyles
from kb.read.formulas import linear
from kb.read.numbering import number_of
from kb.read.raised import lowered, raised
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BLOCKS = {
    "p",
    "li",
    "dd",
    "dt",
    "blockquote",
    "pre",
    "caption",
    "figcaption",
    "address",
    "summary",
    "legend",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
HOLDERS = {
    "div",
    "section",
    "article",
    "main",
    "td",
    "th",
    "body",
    "html",
    "center",
    "form",
    "fieldset",
    "ol",
    "ul",
    "dl",
    "menu",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "details",
    "figure",
    "font",
    "span",
    "hr",
    "header",
    "footer",
    "aside",
    "nav",
}
DROPPED = {"script", "style", "template", "head", "datalist"}
PLAYED = {"canvas", "video", "audio"}
FRAMES = {"iframe", "object", "embed", "frame", "applet"}
_TYPED = {
    "text",
    "number",
    "date",
    "email",
    "tel",
    "url",
    "search",
    "month",
    "week",
    "time",
    "datetime-local",
    "range",
    "color",
    "",
}
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_NOTE_ROLES = ("doc-noteref", "noteref")


@dataclass
class Inline:
    """Collects the text of one element: its pieces (`parts`), leftovers as `(kind, text)` in `left`, and the marks of
    note references (`notes`)."""

    styles: PageStyles
    labels: dict[Element, str]
    line: str = " "
    parts: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    frames: int = 0
    doubtful: int = 0
    raw: bool = False
    left_at: int = -1

    def text(self) -> str:
        """Return the text collected so far."""
        return "".join(self.parts)

    def add(self, text: str | None) -> None:
        """Add text of the source with white space collapsed; when line breaks count (`line`), an empty line is kept."""
        if text and self.raw:
            self.parts.append(text)
        elif text:
            self.parts.append(
                "\n\n".join(map(squeeze_keep, _EMPTY_LINE.split(text))) if self.line == "\n" else squeeze_keep(text)
            )

    def children(self, node: Element) -> None:
        """Add the text of an element and its descendants, after its printed label; the number of a list item is left
        out, because it is added with the item."""
        if node in self.labels and node.tag != "li":
            label, before = self.labels[node], "".join(self.parts[-8:])  # parts: by eye, enough for a word
            joins = before[-1:].isalnum() and label[:1].isalnum()  # the mark of a note, which a style counts
            self.parts.append(f"{raised(label, before, call=True)} " if joins else f"{label} ")
        self.own(node, node.text)
        for child in node:
            self.element(child)
            self.own(node, child.tail)

    def own(self, node: Element, text: str | None) -> None:
        """Add text that is directly in an element; when its colour, size or visibility hides it, add it to the
        leftovers instead."""
        sight = self.styles.sight(node) if text and text.strip() else "seen"
        if sight == "hidden":
            self.hide(text or "")
            self.parts.append(" ")
            return
        self.doubtful += sum(c.isalpha() for c in text or "") if sight == "doubtful" else 0
        self.add(text)

    def hide(self, text: str) -> None:
        """Add hidden text to the leftovers; adjacent pieces are joined."""
        goes_on = self.left_at == len(self.parts) and self.left and self.left[-1][0] == "hidden"
        before = f"{self.left.pop()[1]} " if goes_on else ""
        self.left.append(("hidden", squeeze(before + text)))
        self.left_at = len(self.parts) + 1

    def element(self, node: Element) -> None:
        """Read one element, without the text after it (its tail)."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in DROPPED:
            if tag == "script" and (node.get("type") or "").startswith("math/"):
                self.leave("formula", node)
            elif tag == "template":  # kept for scripts; the page does not display it
                self.leave("hidden", node)
            return
        lost = self.styles.lost(node)
        if lost:
            self.leave(lost, node)
        elif tag in _SPECIAL and tag != "br" and self.styles.sight(node) == "hidden":
            self.leave("hidden", node)
        elif tag in _SPECIAL:
            _SPECIAL[tag](self, node)
        elif tag in PLAYED:  # their content is for browsers from before 2010
            self.leave("fallback", node)
        elif tag in FRAMES:
            self.frames += 1
            self.apart(node) if tag == "object" else None
        elif shift := self.styles.shift(node):
            self.shifted(node, shift)
        elif tag in BLOCKS or tag in HOLDERS - {"font", "span"} or self.styles.is_block(node):
            self.apart(node)
        else:
            at, known = len(self.parts), len(self.notes)
            self.children(node)
            if (mark := call_of(node)) and mark not in self.notes[known:]:  # the raised figure in a link has added it
                self.notes.append(mark)
                self.lift(at)

    def lift(self, at: int) -> None:
        """Convert the note mark that begins at part `at` to superscript when it would otherwise join the word or number
        before it."""
        before, text = "".join(self.parts[:at][-8:]), "".join(self.parts[at:])  # parts: by eye, enough for a word
        if before[-1:].isalnum() and text[:1].isalnum():
            self.parts[at:] = [raised(text, before, call=True)]

    def apart(self, node: Element) -> None:
        """Read an element that is displayed as a block: its text is separated by blanks from the text around it."""
        self.parts.append(f" {self.labels[node]} " if node in self.labels and node.tag == "li" else " ")
        self.children(node)
        self.parts.append(" ")

    def leave(self, kind: str, node: Element) -> None:
        """Add text that is not printed to the leftovers, as this kind."""
        text = squeeze(" ".join(t for t in node.itertext() if t))
        if text:
            self.left.append((kind, text))

    def shifted(self, node: Element, shift: str) -> None:
        """Add superscript or subscript text (`shift`), never joined to a number before it."""
        inner = Inline(self.styles, self.labels)
        inner.children(node)
        self.left += inner.left
        self.doubtful += inner.doubtful
        text = inner.text()
        mark = next((m for m in (call_of(a) for a in node.iter("a")) if m), None) or call_of(node.getparent())
        self.notes += [mark] if mark else []
        # letters: by eye, enough to see whether a word stands before a raised figure
        before = "".join(self.parts)[-12:] if len(self.parts) < 200 else "".join(self.parts[-8:])
        self.parts.append(lowered(text) if shift == "sub" else raised(text, before, call=bool(mark)))

    def field(self, node: Element) -> None:
        """Add a form field as filled in; hidden values are ignored."""
        kind = (node.get("type") or "").lower()
        if kind in ("checkbox", "radio"):
            self.parts.append(" ☑ " if node.get("checked") is not None else " ☐ ")
        elif kind in _TYPED:
            self.add(f" {node.get('value')} " if node.get("value") else None)
            self.left += (
                [("placeholder", node.get("placeholder"))] if node.get("placeholder") and not node.get("value") else []
            )
        elif kind in ("submit", "button", "reset") and node.get("value"):
            self.left.append(("button", node.get("value")))

    def choice(self, node: Element) -> None:
        """Read a selection list: chosen options are text, the others leftovers."""
        options = list(node.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None]
        if not chosen and node.get("multiple") is None and not node.get("size"):
            chosen = options[:1]
        for option in options:
            text = squeeze("".join(option.itertext()))
            if text and option in chosen:
                self.parts.append(f" {text} ")
            elif text:
                self.left.append(("option", text))

    def button(self, node: Element) -> None:
        """Read a button: its words are text inside a heading or summary, else a leftover."""
        if any(
            a.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "legend", "th") or a.get("role") == "heading"
            for a in node.iterancestors()
        ) or is_named_part(squeeze("".join(node.itertext()))):
            self.children(node)
        else:
            self.leave("button", node)

    def quoted(self, node: Element) -> None:
        """Add `<q>` with the quotation marks that a browser prints."""
        self.parts.append("“")
        self.children(node)
        self.parts.append("”")

    def formula(self, node: Element) -> None:
        """Add a formula as one line."""
        self.parts.append(f" {linear(node)} ")

    def picture(self, node: Element) -> None:
        """Add the alternative text of a picture to the leftovers."""
        if squeeze(node.get("alt") or ""):
            self.left.append(("alt", squeeze(node.get("alt"))))

    def reading_aid(self, node: Element) -> None:
        """Add ruby text (the pronunciation above a word) in brackets."""
        inner = squeeze("".join(node.itertext()))
        self.parts.append(f"({inner})" if inner and not any(c.tag == "rp" for c in node.getparent()) else inner)

    def break_(self, node: Element) -> None:
        """Add a line break (`line`), then the element's text."""
        self.parts.append(self.line)
        self.children(node)

    def left_over(self, node: Element) -> None:
        """Add to the leftovers `<noscript>`, which browsers with scripts do not show, and words in drawings."""
        self.leave("hidden" if node.tag == "noscript" else "drawing", node)

    def lines(self, node: Element) -> None:
        """Add a multi-line text field as filled in."""
        self.parts.append(" ")
        self.children(node)
        self.parts.append(" ")


_SPECIAL = {
    "input": Inline.field,
    "select": Inline.choice,
    "textarea": Inline.lines,
    "button": Inline.button,
    "q": Inline.quoted,
    "math": Inline.formula,
    "img": Inline.picture,
    "rt": Inline.reading_aid,
    "br": Inline.break_,
    "noscript": Inline.left_over,
    "svg": Inline.left_over,
}


def is_named_part(text: str) -> bool:
    """Return whether a text begins with the number of a part of a law, such as "Article L114-1"."""
    number = number_of(text)
    return number is not None and number.above < 8 and len(text) < 160  # letters, by eye: a longer text is no heading


def call_of(node: Element) -> str | None:
    """Return the mark of the note to which a link refers, or None. The link must be marked up as a note reference, or
    be superscript and lead to another place on this page."""
    if node is None or node.tag != "a":
        return None
    mark = squeeze("".join(node.itertext())).strip("[]()")
    if not mark or len(mark) > 6:  # letters: by eye, a mark of a note is shorter
        return None
    named = any(
        role in (node.get(n) or "")
        for n in ("role", "epub:type", "type", "class")
        for role in (*_NOTE_ROLES, "footnote-ref")
    )
    raised_link = any(a.tag in ("sup", "small") for a in node.iterancestors()) or any(
        True for _ in node.iter("sup", "small")
    )
    return mark if (named or raised_link) and (node.get("href") or "").startswith("#") or named else None


def notes_of(tree: Element, order: dict[Element, int]) -> dict[Element, str]:
    """Return the blocks to which note references lead, each with the mark of its first reference; links back from notes
    to the text are ignored. `order` has the position of each element in the document."""
    by_id = {
        node.get("id") or node.get("name"): node
        for node in order
        if node.get("id") or node.tag == "a" and node.get("name")
    }
    found: dict[Element, str] = {}
    for link in tree.iter("a"):
        mark = call_of(link) or _answered(link, by_id)
        target = by_id.get((link.get("href") or "").partition("#")[2]) if mark else None
        if mark is None or target is None or order[target] < order[link]:
            continue
        block = next(
            (n for n in (target, *target.iterancestors()) if n.tag in BLOCKS or n.tag in HOLDERS - {"span", "font"}),
            target,
        )
        # letters: by eye, a note is shorter
        if block.tag in ("li", "p", "div", "dd", "aside", "section") and len("".join(block.itertext())) < 3000:
            found.setdefault(block, mark)
    return found


_NUMBER = re.compile(r"[(\[]?\s*(\d{1,3}|[*†‡])\s*[)\]]?")


def _answered(link: Element, by_id: dict[str | None, Element]) -> str | None:
    """Return the mark of a link in brackets if its target has the same mark and links back to it, as notes of the
    Official Journal do; else None."""
    mark = _NUMBER.fullmatch(squeeze("".join(link.itertext())))
    target = by_id.get((link.get("href") or "").lstrip("#")) if mark else None
    if mark is None or target is None or target is link:
        return None
    back = target if target.tag == "a" else next(target.iter("a"), None)
    around = link.getparent()
    own = {link.get("id"), link.get("name"), around.get("id") if around is not None else None} - {None}
    if back is None or (back.get("href") or "").lstrip("#") not in own:
        return None
    return mark[1] if squeeze("".join(back.itertext())) == squeeze("".join(link.itertext())) else None


def is_named_note(node: Element) -> bool:
    """Return whether an element is marked up as a note, which e-book readers show only at its reference."""
    return any("note" in (node.get(name) or "") for name in ("epub:type", "{http://www.idpf.org/2007/ops}type", "role"))


def elements(tree: Element) -> Iterator[Element]:
    """Yield all elements in document order, without comments."""
    return (node for node in tree.iter() if isinstance(node.tag, str))


def squeeze_keep(text: str | None) -> str:
    """Collapse each run of white space to one space, also at both ends; '' for None."""
    return re.sub(r"\s+", " ", text) if text else ""
