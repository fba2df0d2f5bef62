"""Helpers for the elements of a REFI-QDA project: namespace, GUIDs, children by name."""

from __future__ import annotations

import uuid

from lxml import etree

from kb.coding.codebook import NAMESPACE
from kb.coding.safexml import local

NS = "urn:QDA-XML:project:1.0"


def guid(*parts: str) -> str:
    """Return a stable GUID (uuid5) made from `parts`, for a user, source, selection or coding."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def element(tag: str, /, **attributes: str) -> etree._Element:
    """Create an element of a project."""
    return etree.Element(f"{{{NS}}}{tag}", attributes, nsmap={None: NS})


def children(held: etree._Element, name: str) -> list[etree._Element]:
    """Return the child elements of `held` with this name (without namespace)."""
    return [child for child in held if local(child) == name]


def child(held: etree._Element, name: str) -> etree._Element | None:
    """Return the first child element of `held` with this name (without namespace), or None."""
    return next(iter(children(held, name)), None)


def words_in(held: etree._Element | None) -> str:
    """Return all text of an element; '' for None."""
    return "".join(held.itertext()) if held is not None else ""
