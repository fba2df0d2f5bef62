"""Find layers of a PDF (optional content, ISO 32000-1, 8.11) that are visible neither on the screen nor in print.

A file with such layers is read from a copy in memory, in which all content on these layers is marked `OFF`; everything
else in the copy is unchanged, so that positions stay the same.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.read.layout.hidden import OFF

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter
    from pypdf.generic import ContentStream, DictionaryObject, PdfObject, StreamObject

NAMES = 8
"""Maximum number of names of layers in a report."""
DEPTH = 12
"""Maximum nesting depth of drawings (form XObjects) that is examined; real files have 3 levels."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The names of a PDF's invisible layers, and in `marked` the bytes of a copy in which their content is marked, or
    None."""

    names: tuple[str, ...] = ()
    marked: bytes | None = None


def layers(path: Path, password: str | None) -> Layers:
    """Return the invisible layers of a PDF; `marked` is None when there are none, or the copy could not be made."""
    data = path.read_bytes()
    if b"/OCProperties" not in data and b"/ObjStm" not in data:  # objects in streams cannot be searched unread
        return Layers()
    from pypdf import PdfReader, PdfWriter

    from kb.read.formats.second_pdf import bounded

    names: tuple[str, ...] = ()
    try:
        with bounded():
            reader = PdfReader(io.BytesIO(data), password=password)
            plan = reader.trailer["/Root"].get("/OCProperties")  # type: ignore[union-attr, attr-defined]
            if plan is None or not (off := _off(plan.get_object())):
                return Layers()
            names = tuple(dict.fromkeys(off.values()))[:NAMES]
            writer = PdfWriter(clone_from=reader)
            marker = _Marker(writer, set(_off(_part(writer.root_object, "/OCProperties"))))
            for page in writer.pages:
                marker.page(page)
            out = io.BytesIO()
            writer.write(out)
            return Layers(names, out.getvalue())
    except Exception:  # noqa: BLE001 - pypdf raises anything on a damaged file, which pdfium may still read
        return Layers(names)


def _off(plan: DictionaryObject) -> dict[int, str]:
    """Return object number to name of the layers that are visible neither on the screen nor in print."""
    chosen = plan.get("/D", {})
    groups = {one.idnum: one.get_object() for one in plan.get("/OCGs", ())}
    start = chosen.get("/BaseState", "/ON") != "/OFF"
    on, off = ({one.idnum for one in chosen.get(key, ())} for key in ("/ON", "/OFF"))
    screen = {number: number in on or start and number not in off for number in [*groups, *off]}
    printed = dict(screen)
    for rule in chosen.get("/AS", ()):
        rule = rule.get_object()
        states = {"/View": screen, "/Print": printed}.get(rule.get("/Event"))
        if states is None:
            continue
        for one in rule.get("/OCGs", ()):
            kind = str(rule["/Event"])
            state = one.get_object().get("/Usage", {}).get(kind, {}).get(f"{kind}State")
            if state is not None and kind in rule.get("/Category", ()):
                states[one.idnum] = state == "/ON"
    listed = {one.idnum: one.get_object() for one in chosen.get("/OFF", ())}
    return {
        number: str({**listed, **groups}[number].get("/Name", "without a name"))
        for number in screen
        if not screen[number] and not printed[number]
    }


class _Marker:
    """Marks the content of pages that is on one of the layers `off` (object numbers)."""

    def __init__(self, writer: PdfWriter, off: set[int]) -> None:
        self.writer, self.off = writer, off
        self.forms: dict[tuple[int, bool], PdfObject] = {}

    def page(self, page: PageObject) -> None:
        """Mark the content of one page, and remove annotations on layers that are switched off."""
        from pypdf.generic import ArrayObject, NameObject

        content = page.get_contents()
        if content is not None:
            stream = self._marked(content, _resources(page), DEPTH)
            page[NameObject("/Contents")] = self.writer._add_object(stream)
        notes = page.get("/Annots")
        if notes is not None:
            kept = [each for each in notes.get_object() if not self._is_off(each.get_object().get("/OC"))]
            page[NameObject("/Annots")] = ArrayObject(kept)

    def _marked(self, content: PdfObject, resources: DictionaryObject, depth: int) -> ContentStream:
        """Return a copy of a content stream in which content on switched-off layers is enclosed in marks; `depth`
        limits nested drawings."""
        from pypdf.generic import ContentStream, NameObject

        stream = content if isinstance(content, ContentStream) else ContentStream(content, self.writer)
        known, drawings = (_part(resources, key) for key in ("/Properties", "/XObject"))
        found: list[tuple[list[PdfObject], bytes]] = []
        nested: list[bool] = []
        for operands, operator in stream.operations:
            if operator in (b"BDC", b"BMC"):
                hides = operator == b"BDC" and operands[0] == "/OC" and self._is_off(_raw(known, operands[1]))
                nested.append(hides)
                if hides:
                    operands, operator = [NameObject("/" + OFF)], b"BMC"
            elif operator == b"EMC" and nested:
                nested.pop()
            elif operator == b"Do" and depth and operands[0] in drawings:
                self._drawing(drawings, operands[0], any(nested), depth)
                if any(nested):
                    operands = [NameObject(operands[0] + OFF)]
            found.append((operands, operator))
        stream.operations = found
        return stream

    def _drawing(self, drawings: DictionaryObject, name: str, hidden: bool, depth: int) -> None:
        """Mark the content of a drawing (form XObject) used by a stream; when it is used on a switched-off layer
        (`hidden`), all of it is marked, in a separate copy."""
        from pypdf.generic import NameObject

        raw = drawings.raw_get(name)
        drawing = raw.get_object()
        target = NameObject(name + OFF) if hidden else name
        key = (getattr(raw, "idnum", 0) or id(drawing), hidden)
        if drawing.get("/Subtype") != "/Form":
            drawings[target] = raw
        elif key in self.forms:
            drawings[target] = self.forms[key]
        else:
            self.forms[key] = raw  # a drawing that draws itself ends here
            made = self._form(drawing, hidden or self._is_off(_entry(drawing, "/OC")), depth)
            drawings[target] = self.forms[key] = self.writer._add_object(made)

    def _form(self, drawing: StreamObject, hidden: bool, depth: int) -> StreamObject:
        """Return a copy of a drawing with the content on switched-off layers marked; with `hidden`, all content."""
        from pypdf.generic import DictionaryObject, NameObject, StreamObject

        resources = DictionaryObject(_part(drawing, "/Resources"))
        inner = resources.get("/XObject")
        if inner is not None:
            resources[NameObject("/XObject")] = DictionaryObject(inner.get_object())
        body = self._marked(_plain(drawing), resources, depth - 1).get_data()
        made = StreamObject()
        made.update({key: drawing.raw_get(key) for key in drawing if key not in ("/Length", "/Filter", "/DecodeParms")})
        made[NameObject("/Resources")] = resources
        made.set_data(b"/%s BMC\n%s\nEMC" % (OFF.encode(), body) if hidden else body)
        return made

    def _is_off(self, group: PdfObject | None) -> bool:
        """Return whether a layer, or a membership rule over layers (OCMD), is switched off; False for None."""
        from pypdf.generic import DictionaryObject

        if group is None:
            return False
        found = group.get_object()
        if not isinstance(found, DictionaryObject):
            return False
        if found.get("/Type") != "/OCMD":
            return getattr(group, "idnum", None) in self.off
        if found.get("/VE") is not None:
            return not self._holds(found["/VE"].get_object(), DEPTH)
        members = _entry(found, "/OCGs")
        groups = members.get_object() if members is not None else ()
        on = [
            not self._is_off(each) for each in (groups if isinstance(groups, list) else [members]) if each is not None
        ]
        if not on:
            return False
        rule = found.get("/P", "/AnyOn")
        return not {"/AllOn": all(on), "/AnyOff": not all(on), "/AllOff": not any(on)}.get(rule, any(on))

    def _holds(self, rule: PdfObject | None, depth: int) -> bool:
        """Return whether an expression over layers is true: `[/And …]`, `[/Or …]`, `[/Not …]`; `depth` limits
        nesting."""
        if not isinstance(rule, list):
            return not self._is_off(getattr(rule, "indirect_reference", rule))
        parts = [
            self._holds(part.get_object(), depth - 1)
            if depth and isinstance(part.get_object(), list)
            else not self._is_off(part)
            for part in rule[1:]
        ]
        return not parts[0] if rule[0] == "/Not" else any(parts) if rule[0] == "/Or" else all(parts)


def _plain(drawing: StreamObject) -> StreamObject:
    """Return a drawing's decompressed bytes as a stream."""
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(drawing.get_data())
    return stream


def _part(holder: DictionaryObject, key: str) -> DictionaryObject:
    """Return the dictionary under `key` inside a dictionary; an empty one when there is none."""
    from pypdf.generic import DictionaryObject

    found = holder.get(key)
    return DictionaryObject() if found is None else found.get_object()


def _resources(page: PageObject) -> DictionaryObject:
    """Return a page's resources, its own or those inherited from its parent node."""
    node: DictionaryObject = page
    for _ in range(DEPTH):
        if "/Resources" in node or "/Parent" not in node:
            break
        node = _part(node, "/Parent")
    return _part(node, "/Resources")


def _entry(holder: DictionaryObject, key: str) -> PdfObject | None:
    """Return the entry under `key` of a dictionary without resolving a reference, which would lose its object number;
    None when there is none."""
    return holder.raw_get(key) if key in holder else None


def _raw(known: DictionaryObject, name: PdfObject) -> PdfObject | None:
    """Return the layer to which marked content refers by name in its page's properties (`known`), or None."""
    return _entry(known, name) if isinstance(name, str) else name
