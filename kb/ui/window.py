"""The title of the browser's window: page, then the assessment or project of the address, then section."""

from __future__ import annotations

from kb.coding.codes import sessions
from kb.i18n import t
from kb.ui import address, resources, shell
from kb.ui.overview import overview
from kb.ui.places import ASSESSMENT, DOORS, PROJECT, name_of
from kb.ui.project import name_of as project_name


def title(name: str, *parts: str) -> None:
    """Set the window title for a page. `parts` replace the page's name by something more specific."""
    coded = name == "read" and address.many("session")
    shell.title(*(parts or (name_of(name),)), within(name), t(DOORS["coding" if coded else name]))


def within(name: str) -> str:
    """Return the title of the assessment or project that the address names; '' if there is none or it is unknown."""
    if name in (*dict(ASSESSMENT), "export") and len(address.many("set")) == 1:
        now = overview(address.value("set"))
        return now.title if now else ""
    if name in (*dict(PROJECT), "read", "export") and len(address.many("session")) == 1:
        id = address.value("session")
        return next((project_name(one) for one in sessions(resources.workspace()) if one.id == id), "")
    return ""
