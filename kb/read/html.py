"""Web pages: navigation, scripts and other boilerplate are left out and counted; nothing is ever fetched."""
from __future__ import annotations

import re
from typing import Any

from kb.errors import InputError
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.limits import Limits
from kb.read.text import is_heading, kind_of, style_of
from kb.text import squeeze

BLOCKS = {"p", "li", "dd", "dt", "blockquote", "pre", "caption", "figcaption", "address", "summary", "legend",
          "h1", "h2", "h3", "h4", "h5", "h6"}
HOLDERS = {"div", "section", "article", "main", "td", "th", "body", "html", "center", "form", "fieldset", "ol", "ul", "dl",
           "table", "tbody", "thead", "tfoot", "tr", "details", "figure", "font", "span"}
DROPPED = {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "head", "select", "button", "input"}
BOILERPLATE = {"nav", "header", "footer", "aside"}
_NOISE = re.compile(r"(?:^|[-_ ])(?:nav|navbar|menu|breadcrumb|breadcrumbs|sidebar|footer|cookie|cookies|banner|share|social|"
                    r"skip|toolbar|pagination|related|advert|promo)(?:$|[-_ ])", re.IGNORECASE)
_SCRIPT_ONLY = re.compile(r"(?:enable|activ|habilit|requires?|нужен|включите)\S*\s+(?:\S+\s+){0,3}java\s?script|"
                          r"java\s?script\s+(?:\S+\s+){0,4}(?:disabled|required|enable|deshabilitado|désactivé)", re.IGNORECASE)


def read_html(data: bytes, limits: Limits, kind: str = "html") -> Reading:
    """A web page's paragraphs. Raises InputError where the page holds no text of its own."""
    source, _, doubt = decode(data, declared=True)
    reading = Reading(kind)
    if doubt:
        reading.trouble(doubt, "Save the page as UTF-8 and read it again.")
    read_markup(source, reading, limits)
    words = sum(len(d.text.split()) for d in reading.drafts)
    if words < 60 and _SCRIPT_ONLY.search(source):
        raise InputError("the page only asks to enable JavaScript; its text is not in the file", where="web page",
                         do="Open it in a browser and save the full page, or print it to PDF.")
    if not reading.drafts:
        reading.trouble("the page holds no text", "Save the full page from a browser, or print it to PDF.")
    return reading


def read_markup(source: str, reading: Reading, limits: Limits) -> None:
    """Add the paragraphs of HTML markup to `reading`; boilerplate goes to the leftovers."""
    from lxml import etree, html

    source = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", "", source, count=2, flags=re.DOTALL | re.IGNORECASE)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        tree = html.document_fromstring(source.replace("\x00", "").encode("utf-8", "replace") or b"<p/>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError("the HTML cannot be parsed", where="web page", do="Save the page again from a browser.") from error
    _Walk(reading, limits).run(tree)


class _Walk:
    """Goes through the tree without recursion deeper than the limit and collects blocks of text."""

    def __init__(self, reading: Reading, limits: Limits) -> None:
        self.reading, self.limits = reading, limits
        self.loose: list[str] = []
        self.noise = 0
        self.deep = False

    def run(self, tree: Any) -> None:
        """Collect everything below `tree`."""
        self.visit(tree, 0)
        self.flush()
        if self.deep:
            self.reading.trouble(f"elements nested deeper than {self.limits.nesting} levels were read as one paragraph",
                                 "Check that passage against the page.")

    def visit(self, node: Any, depth: int) -> None:
        """One element: a block, a holder of blocks, or a part of the running text."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in DROPPED:
            return
        if tag == "nav" or tag in BOILERPLATE and not _prose(node) or tag not in ("body", "html", "main", "article") and self.noisy(node):
            self.flush()
            self.leave(node)
        elif tag == "tr" and self.is_row(node):
            self.flush()
            cells = [squeeze(" ".join(_texts(c))) for c in node if c.tag in ("td", "th")]
            self.add(" | ".join(c for c in cells if c), "table-row")
        elif depth > self.limits.nesting:
            self.deep = True
            self.loose += list(_texts(node))
        elif tag == "br":
            self.loose.append("\n")
        elif tag in BLOCKS and not _holds_blocks(node):
            self.flush()
            self.block(node, tag)
        elif tag in HOLDERS or tag in BLOCKS or _holds_blocks(node):
            self.holder(node, depth, tag)
        else:
            self.loose += list(_texts(node))

    def holder(self, node: Any, depth: int, tag: str) -> None:
        """An element that holds blocks: its own text between them is paragraphs too."""
        outer = tag not in ("span", "font")
        if outer:
            self.flush()
        self.loose.append(node.text or "")
        for child in node:
            self.visit(child, depth + 1)
            self.loose.append(child.tail or "")
        if outer:
            self.flush()

    def block(self, node: Any, tag: str) -> None:
        """A leaf block as a draft."""
        text = "".join(_texts(node, "\n"))
        if tag[0] == "h" and tag[1:].isdigit():
            self.add(squeeze(text), "heading", level=int(tag[1]))
        elif tag == "li":
            self.add(squeeze(text), "list-item")
        else:
            self.pieces(text)

    def pieces(self, text: str) -> None:
        """Text with line breaks: two in a row part paragraphs; one parts them where both sides are whole."""
        for part in re.split(r"\n\s*\n", text):
            part = squeeze(part)
            if part:
                self.add(part, "heading" if is_heading(part) and len(part) < 100 else kind_of(part))

    def flush(self) -> None:
        """Turn the loose text so far into paragraphs."""
        text = "".join(self.loose)
        self.loose = []
        if text.strip():
            self.pieces(re.sub(r"[ \t\r\f\v]+", " ", text) if "\n" not in text else text)

    def add(self, text: str, kind: str, level: int | None = None) -> None:
        """One draft; what holds no letter or figure is left over."""
        if not text:
            return
        if not any(c.isalnum() for c in text):
            kind = "leftover"
        item = Draft(text, kind, level=level, style=style_of(text) if kind == "heading" and level is None else None)
        if kind == "heading" and level is None:
            item.level = 7
        (self.reading.leftovers if kind == "leftover" else self.reading.drafts).append(item)

    def leave(self, node: Any) -> None:
        """Keep boilerplate as a leftover."""
        text = squeeze(" ".join(_texts(node)))
        if text:
            self.reading.leftovers.append(Draft(text, "leftover"))

    def noisy(self, node: Any) -> bool:
        """Whether class, id or role say that an element is furniture, and it is not most of the page's text."""
        if node.get("role") in ("navigation", "banner", "contentinfo", "search"):
            return True
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        return bool(names.strip() and _NOISE.search(names)) and sum(len(t) for t in _texts(node)) < 3000

    @staticmethod
    def is_row(node: Any) -> bool:
        """Whether a table row is one of data: two cells or more, none of which holds blocks of its own in number."""
        cells = [c for c in node if c.tag in ("td", "th")]
        return len(cells) > 1 and not any(len(list(c.iter("p", "li", "table"))) > 6 for c in cells)


def _prose(node) -> bool:
    """Whether a header, footer or aside holds a paragraph of its own: 80 letters and more outside links."""
    def unlinked(p: Any) -> int:
        """Characters of a block outside links."""
        return len("".join(p.itertext())) - sum(len("".join(a.itertext())) for a in p.iter("a"))

    return any(unlinked(p) > 80 for p in node.iter("p", "li", "blockquote"))


def _holds_blocks(node) -> bool:
    """Whether an element has a block or a table among its descendants."""
    return next((True for e in node.iterdescendants() if e.tag in BLOCKS or e.tag in ("table", "div", "section", "ul", "ol")),
                False)


def _texts(node, line: str = " "):
    """The text of an element and all below it, without scripts; line breaks as `line`."""
    skipped = 0
    from lxml import etree

    for event, e in etree.iterwalk(node, events=("start", "end")):
        dropped = e.tag in DROPPED
        if event == "start":
            skipped += dropped
            if not skipped:
                yield squeeze_keep(e.text)
                if e.tag == "br":
                    yield line
        else:
            skipped -= dropped
            if e is not node and not skipped:
                yield squeeze_keep(e.tail)


def squeeze_keep(text: str | None) -> str:
    """White space runs as one space, ends kept."""
    return re.sub(r"\s+", " ", text) if text else ""
