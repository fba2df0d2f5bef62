"""Parse untrusted XML: no entities, no network, no document type, limited depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(data: bytes, where: str) -> Element:
    """Parse XML and return its root element; `where` names the file in errors. Raises InputError for malformed XML and
    for XML that declares entities (an 'entity bomb')."""
    from lxml import etree

    head = data[:100_000]
    if _DOCTYPE.search(head) or _DOCTYPE.search(head.replace(b"\x00", b"")):
        raise InputError(
            "its XML declares entities, which no such file needs and which can be an attack",
            where=where,
            do="Open it in the program that made it and save it again, or do not read it.",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(
            f"its XML is broken ({str(error)[:120]})",
            where=where,
            do="Open it in the program that made it and save it again.",
        ) from error
