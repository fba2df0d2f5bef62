"""Elements of a REFI-QDA project: its namespace, its GUIDs, its children by name."""

from __future__ import annotations

import uuid

from lxml import etree

from kb.coding.codebook import NAMESPACE
from kb.coding.safexml import local

NS = "urn:QDA-XML:project:1.0"


def guid(*parts: str) -> str:
    """A stable GUID for a user, source, selection or coding."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def element(tag: str, /, **attributes: str) -> etree._Element:
    """A new element of a project."""
    return etree.Element(f"{{{NS}}}{tag}", attributes, nsmap={None: NS})


def children(held: etree._Element, name: str) -> list[etree._Element]:
    """Child elements of a name."""
    return [child for child in held if local(child) == name]


def child(held: etree._Element, name: str) -> etree._Element | None:
    """The first child element of a name."""
    return next(iter(children(held, name)), None)


def words_in(held: etree._Element | None) -> str:
    """All text of an element; '' for none."""
    return "".join(held.itertext()) if held is not None else ""
