"""The doors of the app, the pages behind each, and their names: written once, for the bar, the pages and the window."""

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
"""Door to its pages: name of the module and address, title. No icons: the browser would fetch them from elsewhere."""
TITLES = {name: title for rows in SECTIONS.values() for name, title in rows}
DOORS = {name: door for door, rows in SECTIONS.items() for name, _ in rows}
UNLISTED = frozenset({"passage", "missing"})
"""Pages without a tab: one passage is reached from a hit, the other from an address that no page has."""
FIND = tuple(row for row in SECTIONS["Find"] if row[0] not in UNLISTED)
"""Tabs of the search."""
PROJECT = SECTIONS["Code"]
ABOUT = tuple(row for row in SECTIONS["About"] if row[0] not in UNLISTED)
DOCUMENTS = later("Documents")
ASSESSMENT = (*SECTIONS["Assess"][1:], ("assess", DOCUMENTS))
"""Tabs of one assessment; a page is within one where the address names it, and “Assessments” lists its documents."""


def name_of(page: str) -> str:
    """The name of a page, as it stands in its tab, its heading and the window's title, in the reader's language."""
    return t(DOCUMENTS) if page == "assess" and address.value("set") else t(TITLES[page])
