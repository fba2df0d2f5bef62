"""Read and write REFI-QDA codebook exchange files (.qdc).

The format is REFI-QDA 1.5, namespace urn:QDA-XML:codebook:1.0. CodeBook contains Codes, and Codes contains Code
elements with guid, name, isCodable, an optional colour, and an optional Description before their child codes. The
format has no element for the codebook's own title, version and history; they are stored in the root's `origin`
attribute as one JSON value.
"""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree
from pydantic import ValidationError

from kb.coding.cells import printable
from kb.coding.codebook import LARGEST, Code, Codebook, code_id, guid_of
from kb.coding.codebook_refi import Apart, normal_guid, under_sets
from kb.coding.codebook_text import describe, undescribe
from kb.coding.safexml import XSI, local, parse_xml, xml_bytes
from kb.errors import InputError
from kb.files import read_bytes, written

NS = "urn:QDA-XML:codebook:1.0"
_SCHEMA = f"{NS} http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd"
_HEAD_FIELDS = ("id", "title", "version", "language", "history")


def code_elements(parent: etree._Element, book: Codebook, under: str | None = None) -> None:
    """Append one element per code below the code `under` (None: all codes) to `parent`, nested like the codes, in
    the XML namespace of `parent`."""
    namespace = etree.QName(parent).namespace
    for code in book.children(under):
        element = etree.SubElement(
            parent,
            f"{{{namespace}}}Code",
            guid=code.guid,
            name=printable(code.name),
            isCodable="true" if code.codable else "false",
        )
        if code.color:
            element.set("color", code.color)
        etree.SubElement(element, f"{{{namespace}}}Description").text = printable(describe(code))
        code_elements(element, book, code.id)


def write_qdc(book: Codebook, path: Path) -> Path:
    """Write the codebook as a .qdc file and return its path; the same codebook gives the same bytes."""
    root = etree.Element(f"{{{NS}}}CodeBook", nsmap={None: NS, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", _SCHEMA)
    head = {name: value for name, value in book.model_dump(mode="json").items() if name in _HEAD_FIELDS}
    root.set("origin", "kb " + json.dumps(head, ensure_ascii=False, sort_keys=True))
    code_elements(etree.SubElement(root, f"{{{NS}}}Codes"), book)
    with written(path) as beside:
        beside.write_bytes(xml_bytes(root))
    return path


def _guid(raw: str | None, scheme: str, path: str) -> str:
    return normal_guid(raw) or guid_of(scheme, path)


def _code(element: etree._Element, parent: Code | None, scheme: str, where: str) -> Code:
    name = element.get("name")
    if not name:
        raise InputError(f"line {element.sourceline}: a Code has no name.", where=where, do="Name it and export again.")
    described = [child for child in element if local(child) == "Description"]
    fields = undescribe("".join(described[0].itertext())) if described else {}
    path = str(fields.pop("id", "") or code_id(*([parent.id] if parent else []), name))
    path = f"{parent.id}/{code_id(name)}" if parent and not described else path
    return Code(
        **{
            "id": path,
            "guid": _guid(element.get("guid"), scheme, path),
            "parent": parent.id if parent else None,
            "name": name,
            "codable": element.get("isCodable", "true") in ("true", "1"),
            "color": element.get("color"),
            **fields,
        }
    )


def codes_from(container: etree._Element, scheme: str, where: str) -> list[Code]:
    """Return the codes in a Codes element, parents before children. Missing GUIDs are computed from `scheme`, the id
    of the codebook. Raises InputError for a code without a name or with an invalid GUID; `where` names the file
    in the message."""
    found: list[Code] = []
    apart = Apart(Path(where).name)
    waiting: list[tuple[etree._Element, Code | None]] = [
        (child, None) for child in reversed(container) if local(child) == "Code"
    ]
    while waiting:
        element, parent = waiting.pop()
        try:
            code = apart.code(_code(element, parent, scheme, where))
        except ValidationError as error:
            raise InputError(
                f"line {element.sourceline}: {error.errors()[0]['msg']} ({error.errors()[0]['loc']}).",
                where=where,
                do="Mend the code and import again.",
            ) from error
        found.append(code)
        waiting.extend((child, code) for child in reversed(element) if local(child) == "Code")
    return found


def _head(origin: str) -> dict[str, object]:
    if not origin.startswith("kb {"):
        return {}
    try:
        return {k: v for k, v in json.loads(origin[3:]).items() if k in _HEAD_FIELDS}
    except ValueError:
        return {}


def read_qdc(path: Path) -> Codebook:
    """Read the codebook of a .qdc file of this or another program. Raises InputError if it breaks the format or a
    rule of codebooks."""
    root = parse_xml(read_bytes(path, LARGEST), str(path))
    if local(root) != "CodeBook":
        raise InputError(f"its root element is {local(root)}, not CodeBook.", where=str(path), do="Give a .qdc file.")
    containers = [child for child in root if local(child) == "Codes"]
    if not containers:
        raise InputError("holds no Codes element.", where=str(path), do="Export the codebook again.")
    head = {"id": path.stem, "title": path.stem, "version": "1", **_head(root.get("origin", ""))}
    codes = under_sets(codes_from(containers[0], str(head["id"]), str(path)), root, str(head["id"]))
    try:
        return Codebook.model_validate({**head, "codes": codes})
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"], where=str(path), do="Mend the codebook and import again.") from error
