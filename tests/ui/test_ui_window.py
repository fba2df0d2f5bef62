"""The title of the browser's window: the page, the assessment or project, and the section."""

from __future__ import annotations

import pytest

from kb.assessment import policies
from kb.assessment.models import PolicySet
from kb.coding import codes
from kb.i18n import speaking, use
from kb.ui import places, resources, shell
from kb.ui.overview import Overview
from kb.ui.pages import KEYS

ADA = "Ada Example"
DEEPER = {
    "search": ({"q": "older persons"}, "older persons"),
    "passage": ({"id": "paper/r5"}, "5"),
    "commitments": ({"id": "wssd/c4"}, "commitment 4"),
    "brief": ({"q": "older persons"}, "older persons"),
}
"""Pages that show one thing of many: an address, and what of it the window's title holds."""


@pytest.fixture
def window(open_page, monkeypatch):
    """Return a function that opens a page and returns the window's title; an assessment and a project exist."""
    ws, titles = resources.workspace(), []
    policies.create_set(ws, "land", "Social laws of 2026", country="KEN", by=ADA)
    codes.open_session(ws, "round", [ADA], codebook="1", by=ADA, sample=["mipaa/para1"])
    codes.change_session(ws, "round", {"title": "Care and age"}, by=ADA, expected=1)
    monkeypatch.setattr(shell.st, "set_page_config", lambda **how: titles.append(how.get("page_title")))

    def opened(name: str, **query: str) -> str:
        """Open a page; return the final title."""
        app = open_page(name, **query)
        assert not app.exception, app.exception
        return [one for one in titles if one][-1]

    return opened


@pytest.mark.parametrize("name", [name for name, keys in KEYS.items() if "set" in keys])
def test_every_page_of_an_assessment_names_it(window, name):
    asked = window(name, set="land", **({"what": "findings"} if name == "export" else {}))
    page = places.DOCUMENTS if name == "assess" else places.TITLES[name]
    assert asked == f"{page} · Kenya · Social laws of 2026 · {places.DOORS[name]} · Social integration"


@pytest.mark.parametrize("name", [name for name, keys in KEYS.items() if "session" in keys])
def test_every_page_of_a_project_names_it(window, name):
    more = {"read": {"document": "mipaa"}, "export": {"what": "codes"}}.get(name, {})
    asked = window(name, session="round", **more)
    assert asked.endswith(f" · Care and age · {'Export' if name == 'export' else 'Code'} · Social integration"), asked


@pytest.mark.parametrize("name", list(KEYS))
def test_every_page_has_its_name_or_what_it_shows_and_its_door_in_the_title(window, name):
    query, part = DEEPER.get(name, ({}, places.TITLES[name]))
    asked = window(name, **query)
    assert part in asked and asked.endswith(" · Social integration"), asked


def test_the_title_is_in_the_readers_language(window, monkeypatch):
    monkeypatch.setattr("kb.ui.browser.speak", lambda: use("es"))
    with speaking("es"):
        assert window("actions", set="land").startswith("Acciones · Kenia · Social laws of 2026 · Evaluar")


@pytest.mark.parametrize(
    ("title", "code", "shown"),
    [
        ("Kenya: Pension Act", "KEN", "Kenya: Pension Act"),
        ("Leyes de Kenia", "KEN", "Leyes de Kenia"),
        ("Le KENYA et ses lois", "KEN", "Le KENYA et ses lois"),
        ("Nigeria and its neighbour", "NER", "Níger · Nigeria and its neighbour"),
        ("Pension Act", "KEN", "Kenia · Pension Act"),
        ("Pension Act", "", "Pension Act"),
    ],
)
def test_a_title_that_names_its_country_in_any_language_does_not_name_it_again(live_kb, title, code, shown):
    with speaking("es"):
        assert Overview(PolicySet(id="land", title=title, country=code), {}).title == shown
