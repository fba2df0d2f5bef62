"""The sections of the app, their pages and the names of pages, defined once for the bar, the pages and the window
title."""

from __future__ import annotations

from kb.i18n import later, t
from kb.ui import address

START = "start"
"""Address of the start page."""
SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    later("Find"): (
        ("search", later("Search")),
        ("commitments", later("Commitments")),
        ("promised", later("Who promised what")),
        ("read", later("Read a document")),
        ("brief", later("Brief")),
        ("passage", later("One passage")),
    ),
    later("Assess"): (
        ("assess", later("Assessments")),
        ("matrix", later("Overview")),
        ("criterion", later("Criteria")),
        ("checks", later("Checks")),
        ("changes", later("Changes in the law")),
        ("actions", later("Actions")),
        ("compare", later("Compare")),
        ("report", later("Report")),
    ),
    later("Code"): (
        ("coding", later("Coding")),
        ("codebook", later("Codebook")),
        ("agreement", later("Agreement")),
        ("analysis", later("Analysis")),
    ),
    later("Export"): (("export", later("Export")),),
    later("About"): (
        ("about", later("About")),
        ("audit", later("Log of decisions")),
        ("missing", later("There is no such page")),
    ),
}
"""Section to its pages: name of the module and address, title. No icons, since the browser would load them from another
server."""
TITLES = {name: title for rows in SECTIONS.values() for name, title in rows}
DOORS = {name: door for door, rows in SECTIONS.items() for name, _ in rows}
UNLISTED = frozenset({"passage", "missing"})
"""Pages without a tab: one is reached from a hit, the other from an unknown address."""
UNSIGNED = frozenset({"about", "missing", *(name for name, _ in SECTIONS["Find"])})
"""Pages where nothing is signed, with the start page, which is drawn as "search". They show the name that is known, and
ask for one only while long work is listed, since its result is for the person who asked for it."""
FIND = tuple(row for row in SECTIONS["Find"] if row[0] not in UNLISTED)
"""Tabs of the search."""
PROJECT = SECTIONS["Code"]
ABOUT = tuple(row for row in SECTIONS["About"] if row[0] not in UNLISTED)
DOCUMENTS = later("Documents")
ASSESSMENT = (*SECTIONS["Assess"][1:], ("assess", DOCUMENTS))
"""Tabs of one assessment. A page shows them if its address names an assessment; “Assessments” then shows its
documents."""


def name_of(page: str) -> str:
    """Return the name of a page in the reader's language, used for its tab, heading and window title."""
    return t(DOCUMENTS) if page == "assess" and address.value("set") else t(TITLES[page])
