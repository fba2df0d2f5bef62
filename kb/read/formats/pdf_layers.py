"""Layers of a PDF (optional content, ISO 32000-1, 8.11) that are switched off when it is opened or printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

NAMES = 8
"""Names of layers that a notice gives at most."""


def switched_off(path: Path, password: str | None) -> tuple[str, ...]:
    """Names of the layers that a reader of the file does not see; empty where there are none or pypdf cannot tell."""
    data = path.read_bytes()
    if b"/OCProperties" not in data and b"/ObjStm" not in data:  # objects in streams cannot be searched unread
        return ()
    from pypdf import PdfReader

    try:
        root: Any = PdfReader(path, password=password).trailer["/Root"]
        found = root.get("/OCProperties", {})
        plan = found.get("/D", {})
        off = list(plan.get("/OFF", ()))
        if plan.get("/BaseState") == "/OFF":
            on = {one.idnum for one in plan.get("/ON", ())}
            off += [one for one in found.get("/OCGs", ()) if one.idnum not in on]
        return tuple(dict.fromkeys(str(one.get_object().get("/Name", "without a name")) for one in off))[:NAMES]
    except Exception:  # noqa: BLE001 - pypdf raises anything on a damaged file, which pdfium has read
        return ()
