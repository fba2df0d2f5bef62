"""The rules of REFI-QDA's schema for each element, from the classes that pyrefiqda generated from it (independent of
our code)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from xsdata_pydantic.bindings import XmlContext

_CONTEXT = XmlContext()
_HINT = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def _attributes(element: etree._Element, cls: type) -> Iterator[str]:
    known = _CONTEXT.build(cls).attributes
    for name, value in element.attrib.items():
        if name not in known:
            if name != _HINT:
                yield f"{element.tag}: attribute {name} is unknown"
            continue
        var = known[name]
        pattern = cls.model_fields[var.name].xsdata_metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            yield f"{element.tag}: {name}='{value}' has the wrong form"
        if var.types[0] is int and not re.fullmatch(r"[-+]?\d+", value):
            yield f"{element.tag}: {name}='{value}' is no integer"
        if var.types[0] is bool and value not in ("true", "false", "1", "0"):
            yield f"{element.tag}: {name}='{value}' is no boolean"
    yield from (
        f"{element.tag}: attribute {name} is missing"
        for name, var in known.items()
        if var.required and name not in element.attrib
    )


def departures(element: etree._Element, cls: type) -> Iterator[str]:
    """Yield every way in which an element and its descendants differ from their classes: names, order, number,
    attributes, forms."""
    yield from _attributes(element, cls)
    known = {
        name: (found[0] if isinstance(found, (list, tuple)) else found)
        for name, found in _CONTEXT.build(cls).elements.items()
    }
    counted, last = Counter(child.tag for child in element), 0
    for child in element:
        if child.tag not in known:
            yield f"{element.tag}: {child.tag} is unknown"
            continue
        var = known[child.tag]
        if var.index < last:
            yield f"{element.tag}: {child.tag} stands too late"
        last = max(last, var.index)
        if counted[child.tag] > 1 and not var.list_element:
            yield f"{element.tag}: {child.tag} stands {counted[child.tag]} times"
        if var.clazz is not None:
            yield from departures(child, var.clazz)
    for name, var in known.items():
        least = cls.model_fields[var.name].xsdata_metadata.get("min_occurs", 1 if var.required else 0)
        if counted[name] < least:
            yield f"{element.tag}: {name} is missing"
