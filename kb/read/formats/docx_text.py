"""Collect the printed text of a Word paragraph, with symbols, fields, formulas and superscripts; struck-out and hidden
parts become leftovers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.read.formats.docx_grounds import Grounds
from kb.read.formats.docx_package import W
from kb.read.formats.docx_places import is_box_concealed, is_floating, is_run_away
from kb.read.formats.docx_styles import RunLook, WordStyles, flag, value
from kb.read.formulas import linear
from kb.read.ink import AUTO, Sight
from kb.read.raised import lowered, raised
from kb.read.symbols import character, is_symbol_font, shown
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
V = "{urn:schemas-microsoft-com:vml}"
_COUNTED_FIELDS = re.compile(r"\s*(LISTNUM|AUTONUM\w*|INCLUDETEXT|EQ)\b(.*)", re.DOTALL)
_SYMBOL_FIELD = re.compile(r'\s*SYMBOL\s+(0x[0-9a-fA-F]+|\d+)(?:.*?\\f\s+"?([^"\\]+))?', re.DOTALL)


@dataclass
class ParagraphText:
    """Collects the text of one paragraph: its pieces (`parts`), leftovers as (kind, text) in `left`, note references
    (`marks`), text boxes, and fields that could not be read (`troubles`)."""

    styles: WordStyles
    grounds: Grounds
    call: Callable[[str, Element], str]
    style: str | None = None
    parts: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    fields: list[list] = field(default_factory=list)
    left_at: int = -1
    doubtful: int = 0

    def text(self) -> str:
        """Return the printed text collected so far; white space is not normalised."""
        return "".join(self.parts)

    def walk(self, node: Element) -> None:
        """Read all children of a paragraph or of an element within it."""
        for child in node:
            self.piece(child)

    def piece(self, node: Element) -> None:
        """Read one element within a paragraph."""
        tag = node.tag
        if tag == f"{W}r":
            self.run(node)
        elif tag in (f"{W}del", f"{W}moveFrom"):
            self.leave("deleted", node)
        elif tag in (f"{M}oMath", f"{M}oMathPara"):
            self.parts.append(f" {linear(node)} ")
        elif tag == f"{W}sdt":
            self.control(node)
        elif tag == f"{MC}AlternateContent":
            self.alternative(node, self.walk)
        elif tag == f"{W}ruby":
            self.ruby(node, RunLook())
        elif tag not in (f"{W}pPr", f"{W}sdtPr") and isinstance(tag, str):
            self.walk(node)

    def alternative(self, node: Element, read: Callable[[Element], None]) -> None:
        """Call `read` on the first of several alternative forms of one content; the others repeat it and are
        skipped."""
        chosen = node.find(f"{MC}Choice")
        chosen = chosen if chosen is not None else node.find(f"{MC}Fallback")
        if chosen is not None:
            read(chosen)

    def control(self, node: Element) -> None:
        """Read a content control: its text, or a leftover while it still shows its placeholder."""
        properties, content = node.find(f"{W}sdtPr"), node.find(f"{W}sdtContent")
        if properties is not None and flag(properties, "showingPlcHdr"):
            self.leave("placeholder", node)
        elif content is not None:
            before = len(self.parts)
            self.walk(content)
            box = properties.find(f"{W14}checkbox/{W14}checked") if properties is not None else None
            if box is not None and not "".join(self.parts[before:]).strip():
                self.parts.append(" ☑ " if box.get(f"{W14}val") in ("1", "true") else " ☐ ")

    def run(self, node: Element) -> None:
        """Read a run: add its printed text, or a leftover when it is struck out or hidden."""
        look = self.styles.look(node, self.style)
        sight = "hidden" if look.hidden or is_run_away(node) else self.sight(node, look)
        if look.struck or sight == "hidden":
            kind = "deleted" if look.struck else "hidden"
            self.leave(kind, node)
            if sight == "hidden" and not look.hidden:
                self.boxed(node)
            return
        start = len(self.parts)
        self.content(node, look)
        if self.fields and self.fields[-1][1] and len(self.parts) > start:
            self.fields[-1][2] = True
        if "".join(self.parts[start:]).strip():
            self.bold.append(bool(look.bold))
            self.doubtful += sum(c.isalpha() for part in self.parts[start:] for c in part) * (sight == "doubtful")

    def sight(self, node: Element, look: RunLook) -> Sight:
        """Return whether a run with this look is visible on its background."""
        tint = look.tint
        if tint.ink is None and tint.size is None and tint.opacity is None:
            return "seen"
        if tint.ground is None and tint.ink not in (None, AUTO):
            tint = replace(tint, ground=self.grounds.of(node))
        return replace(tint, ink=tint.ink or AUTO).sight()

    def boxed(self, node: Element) -> None:
        """Read the drawings in an invisible run, because text boxes have looks of their own."""
        for child in node.iter(f"{W}drawing", f"{W}pict"):
            self.drawing(child)

    def unseen(self, paragraph: Element) -> None:
        """Move the words of an invisible paragraph to the leftovers; its floating boxes, which have their own position
        on the page, are still read."""
        self.leave("hidden", paragraph)
        for child in paragraph.iter(f"{W}drawing", f"{W}pict"):
            if is_floating(child):
                self.drawing(child)
            elif not any(a.tag in (f"{MC}Fallback", f"{W}txbxContent") for a in child.iterancestors()):
                for box in child.iter(f"{W}txbxContent"):
                    self.leave("hidden", box)

    def content(self, node: Element, look: RunLook) -> None:
        """Add the text, symbols and note references of a visible run."""
        for child in node:
            name = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
            start, instructed = len(self.parts), self.is_instruction(child)
            self.run_piece(name, child, look)
            if instructed and (words := squeeze("".join(self.parts[start:]))):
                del self.parts[start:]  # a field inside the instruction of another: Word shows the outer result only
                self.left.append(("field", words))

    def is_instruction(self, node: Element) -> bool:
        """Return whether an element belongs to the instruction of a field, not to its printed result."""
        ends = node.get(f"{W}fldCharType") == "end"
        return any(not separated for _, separated, _ in (self.fields[:-1] if ends else self.fields))

    def run_piece(self, name: str, child: Element, look: RunLook) -> None:
        """Read one child element of a run; `name` is its local name."""
        if name == "t":
            self.characters(child.text or "", look)
        elif name in ("tab", "ptab", "br", "cr"):
            self.parts.append(" ")
        elif name in _PIECES:
            self.parts.append(_PIECES[name])
        elif name == "sym":
            self.symbol(child.get(f"{W}font"), child.get(f"{W}char") or "")
        elif name in ("footnoteReference", "endnoteReference"):
            mark = self.call(name[:-9], child)
            self.marks += [mark] if mark else []
        elif name == "fldChar":
            self.field_mark(child)
        elif name == "instrText" and self.fields:
            self.fields[-1][0] += child.text or ""
        elif name == "ruby":
            self.ruby(child, look)
        elif name == "AlternateContent":
            self.alternative(child, lambda chosen: self.content(chosen, look))
        elif name in ("drawing", "pict", "object"):
            self.drawing(child)

    def characters(self, text: str, look: RunLook) -> None:
        """Add the characters of a run, with its symbol font, superscript or subscript applied."""
        if is_symbol_font(look.font):
            text = shown(look.font, text)
        if look.shift == "superscript":
            text = raised(text, "".join(self.parts[-6:])[-12:])
        elif look.shift == "subscript":
            text = lowered(text)
        self.parts.append(text)

    def symbol(self, font: str | None, code: str) -> None:
        """Add a symbol given by font and character code (hexadecimal)."""
        try:
            number = int(code, 16)
            self.parts.append(character(font, number) or chr(number))
        except ValueError:
            self.troubles.append(f"a sign with the code {code[:12]!r}")
            return
        if character(font, number) is None:
            self.troubles.append(f"the sign {number:04X} of the font {font or '?'}")

    def ruby(self, node: Element, look: RunLook) -> None:
        """Add a word with ruby text (its pronunciation above it): the word, then the ruby text in brackets."""
        for part in node.iter(f"{W}rubyBase"):
            self.walk(part)
        above = squeeze("".join(t.text or "" for part in node.iter(f"{W}rt") for t in part.iter(f"{W}t")))
        self.parts.append(f"({above})" if above else "")

    def field_mark(self, node: Element) -> None:
        """Handle a begin, separator or end mark of a field; a form field's value is added at its begin mark."""
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(["", not _ends(node), False])  # one that never ends hides no words
            self.form_field(node.find(f"{W}ffData"))
        elif kind == "separate" and self.fields:
            self.fields[-1][1] = True
        elif kind == "end" and self.fields:
            code, _, result = self.fields.pop()
            if not result:
                self.empty_field(code)

    def form_field(self, data: Element) -> None:
        """Add the value of a form field: a check box, ticked or not, or the chosen entry of a list."""
        if data is None:
            return
        box, choice = data.find(f"{W}checkBox"), data.find(f"{W}ddList")
        if box is not None:
            ticked = flag(box, "checked")
            self.parts.append(" ☑ " if (ticked if ticked is not None else flag(box, "default")) else " ☐ ")
        if choice is not None:
            entries = [e.get(f"{W}val") or "" for e in choice.iter(f"{W}listEntry")]
            at = value(choice, "result") or value(choice, "default") or "0"
            if at.isdecimal() and int(at) < len(entries):
                self.parts.append(f" {entries[int(at)]} ")

    def empty_field(self, code: str) -> None:
        """Handle a field (`code` is its instruction) without a stored result, which Word computes when it displays the
        page."""
        sign = _SYMBOL_FIELD.match(code)
        if sign:
            number = int(sign.group(1), 0) if sign.group(1).lower().startswith("0x") else int(sign.group(1))
            self.parts.append(character((sign.group(2) or "").strip(), number) or "\ufffd")
        counted = _COUNTED_FIELDS.match(code)
        if counted:
            self.troubles.append(f"a field {counted.group(1)}, whose value is not in the file")
            self.left.append(("field", squeeze(code)))

    def drawing(self, node: Element) -> None:
        """Keep the text boxes of a drawing to be read after the paragraph; alternative texts of pictures, and
        watermarks, become leftovers."""
        for box in node.iter(f"{W}txbxContent"):
            if any(a.tag == f"{MC}Fallback" or a.tag == f"{W}txbxContent" for a in box.iterancestors()):
                continue
            if is_box_concealed(box):
                self.leave("hidden", box)
            else:
                self.boxes.append(box)
        for e in node.iter():
            if isinstance(e.tag, str) and e.tag.endswith("}docPr") and squeeze(e.get("descr") or ""):
                self.left.append(("alt", squeeze(e.get("descr"))))
            elif e.tag == f"{V}textpath" and squeeze(e.get("string") or ""):
                self.left.append(("watermark", squeeze(e.get("string"))))

    def leave(self, kind: str, node: Element) -> None:
        """Add text that is not printed to the leftovers; neighbouring runs are joined, because Word splits runs within
        words."""
        text = "".join(
            " " if t.tag in (f"{W}tab", f"{W}br") else t.text or ""
            for t in node.iter(f"{W}t", f"{W}delText", f"{W}tab", f"{W}br")
            if node.tag not in (f"{W}r", f"{W}p") or t.getparent() is node or not _is_boxed(t, node)
        )
        if text and self.left and self.left[-1][0] == kind and self.left_at == len(self.parts):
            self.left[-1] = (kind, self.left[-1][1] + text)
        elif text:
            self.left.append((kind, text))
        self.left_at = len(self.parts)


def _ends(begin: Element) -> bool:
    """Return whether the field that begins at this mark ends in the same paragraph."""
    paragraph = next(begin.iterancestors(f"{W}p"), None)
    depth, after = 0, False
    for mark in paragraph.iter(f"{W}fldChar") if paragraph is not None else ():
        after = after or mark is begin
        kind = mark.get(f"{W}fldCharType") if after else ""
        depth += (kind == "begin") - (kind == "end")
        if after and not depth:
            return True
    return False


def _is_boxed(text: Element, run: Element) -> bool:
    """Return whether a text element is inside a text box of the run or paragraph `run`."""
    return any(a.tag == f"{W}txbxContent" and run in a.iterancestors() for a in text.iterancestors())


_PIECES = {"noBreakHyphen": "-", "softHyphen": "\u00ad"}
