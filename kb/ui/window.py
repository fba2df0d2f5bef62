"""The title of the browser's window: the page, the assessment or project that the address names, and the door."""

from __future__ import annotations

from kb.coding.codes import sessions
from kb.i18n import t
from kb.ui import address, resources, shell
from kb.ui.overview import overview
from kb.ui.places import ASSESSMENT, DOORS, PROJECT, name_of
from kb.ui.project import name_of as project_name


def title(name: str, *parts: str) -> None:
    """Name the window for the page of that name. `parts` say more closely what it shows than the page's name does."""
    coded = name == "read" and address.many("session")
    shell.title(*(parts or (name_of(name),)), within(name), t(DOORS["coding" if coded else name]))


def within(name: str) -> str:
    """The title of the assessment or the project that the address names; '' for a page without one, and for one that
    is not here."""
    if name in (*dict(ASSESSMENT), "export") and len(address.many("set")) == 1:
        now = overview(address.value("set"))
        return now.title if now else ""
    if name in (*dict(PROJECT), "read", "export") and len(address.many("session")) == 1:
        id = address.value("session")
        return next((project_name(one) for one in sessions(resources.workspace()) if one.id == id), "")
    return ""
