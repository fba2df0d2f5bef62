"""Read the form controls of OpenDocument texts as they were filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.read.formats.odt_styles import FORM

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def control(node: Element) -> str:
    """Return the text of a form control as it was filled in."""
    if node is None:
        return ""
    kind, label = node.tag.rsplit("}", 1)[-1], node.get(f"{FORM}label") or ""
    if kind in ("checkbox", "radio"):
        on = node.get(f"{FORM}current-state") == "checked" or node.get(f"{FORM}current-selected") == "true"
        return f" {'☑' if on else '☐'} {label} "
    if kind in ("text", "textarea", "combobox", "formatted-text", "number", "date", "time", "value-range"):
        return f" {node.get(f'{FORM}current-value') or node.get(f'{FORM}value') or ''} "
    chosen = [
        o.get(f"{FORM}label") or "" for o in node.iter(f"{FORM}option") if o.get(f"{FORM}current-selected") == "true"
    ]
    return f" {' '.join(chosen)} "
