"""Parse untrusted XML without entities, document types or network access, and write XML in one fixed form."""

from __future__ import annotations

from lxml import etree

from kb.errors import InputError

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def parse_xml(data: bytes, where: str) -> etree._Element:
    """Parse XML and return its root element. Raises InputError for malformed XML and for any document type, which
    entity-expansion attacks need; `where` names the file in the message."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"is not well-formed XML ({error.msg}).", where=where, do="Export it again.") from error
    if root.getroottree().docinfo.doctype:
        raise InputError(
            "declares a document type; entities in it could fill the memory or read other files.",
            where=where,
            do="Remove the <!DOCTYPE …> part and import it again.",
        )
    return root


def local(element: etree._Element) -> str:
    """Return the element's name without its namespace."""
    return etree.QName(element).localname


def xml_bytes(root: etree._Element) -> bytes:
    """Return the document as indented UTF-8 with a declaration."""
    etree.indent(root, space=" ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
