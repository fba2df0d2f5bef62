"""Addresses: a missing or unknown value is named and choices are offered; the app never opens another thing instead."""

import pathlib
import re

import pytest
from ui_reading import html_of, links_of, said

from kb.assessment import policies
from kb.ui import pages, resources

BOUND = {"matrix": {}, "criterion": {"criterion": "R1.c"}, "checks": {}, "changes": {}, "actions": {}}
"""Pages of one assessment, with the keys that they need besides it."""


@pytest.fixture
def two_sets(live_kb):
    """Create two assessments; the first in alphabetical order must not open by itself."""
    for id, title in (("angola", "Angola 2026"), ("zimbabwe", "Zimbabwe 2026")):
        policies.create_set(resources.workspace(), id, title, by="Ada Example")


def offered(app):
    """Return the labels of the buttons that offer a choice."""
    return [button.label for button in app.button if (button.key or "").startswith("offer-")]


@pytest.mark.parametrize("page", BOUND)
def test_without_an_assessment_a_page_asks_which_and_opens_none(open_page, two_sets, page):
    app = open_page(page, **BOUND[page])
    assert "“Assessment” is not chosen yet." in app.info[0].value
    assert offered(app) == ["Angola 2026", "Zimbabwe 2026"] and "set" not in app.query_params


@pytest.mark.parametrize("page", BOUND)
def test_an_unknown_assessment_is_named_and_no_other_is_opened(open_page, two_sets, page):
    app = open_page(page, set="zimbabve", **BOUND[page])
    assert "nothing here is called “zimbabve”" in app.error[0].value
    assert offered(app) == ["Angola 2026", "Zimbabwe 2026"] and not app.radio


def test_what_is_offered_can_be_chosen_and_stands_in_the_address(open_page, two_sets):
    app = open_page("matrix")
    app.button(key="offer-set-1").click().run()
    assert app.query_params["set"] == "zimbabwe" and "Zimbabwe 2026" in html_of(app) and not app.info


@pytest.mark.parametrize(
    "page, query, missing",
    [
        ("export", {}, "What"),
        ("export", {"what": "passages"}, "Format"),
        ("export", {"what": "findings"}, "Assessment"),
        ("export", {"what": "actions"}, "Assessment"),
    ],
)
def test_a_missing_choice_is_asked_for(open_page, two_sets, page, query, missing):
    app = open_page(page, **query)
    assert f"“{missing}” is not chosen yet." in app.info[0].value and offered(app)


@pytest.mark.parametrize(
    "page, query",
    [
        ("criterion", {"set": "angola", "criterion": "R9.z"}),
        ("export", {"what": "finding"}),
        ("export", {"what": "passages", "format": "xls"}),
        ("export", {"what": "passages", "format": "csv", "layout": "wider"}),
        ("coding", {"document": "mipaa", "session": "round-9"}),
        ("coding", {"session": "-", "document": "mippa"}),
        ("coding", {"document": "mipaa", "n": "21"}),
        ("agreement", {"session": "round-9"}),
        ("codebook", {"facet": "grup"}),
        ("analysis", {"facet": "grup"}),
        ("analysis", {"by": "grup"}),
        ("analysis", {"side": "us"}),
        ("commitments", {"instrument": "crdp"}),
        ("changes", {"set": "angola", "policy": "no-act"}),
    ],
)
def test_an_unknown_value_is_named_and_no_other_is_shown(open_page, two_sets, page, query):
    app = open_page(page, **query)
    if page == "coding":
        app.text_input(key="by").set_value("Ada Example").run()
    value = list(query.values())[-1]
    assert f"“{value}”" in said(app) or "No document is loaded" in said(app)


@pytest.mark.parametrize(
    "page, query",
    [
        ("search", {"q": "older", "grup": "youth"}),
        ("search", {"q": "older", "Group": "youth"}),
        ("matrix", {"sets": "angola"}),
        ("commitments", {"grup": "youth"}),
        ("export", {"what": "passages", "grup": "youth"}),
        ("passage", {"ID": "x"}),
        ("compare", {"sett": "angola"}),
        ("about", {"q": "x"}),
    ],
)
def test_a_key_that_the_page_does_not_know_stops_it(open_page, two_sets, page, query):
    strange = list(query)[-1]
    app = open_page(page, **query)
    assert f"The address has “{strange}”, which this page does not know." in app.error[0].value
    assert not app.header and len(app.title) == 1


@pytest.mark.parametrize(
    "page, query, what",
    [
        ("search", {"q": "older", "mode": "fuzzy"}, "mode=fuzzy"),
        ("search", {"q": "older", "page": "0"}, "page=0"),
        ("search", {"q": "older", "page": "9999"}, "page=9999"),
        ("search", {"q": "older", "page": "²"}, "page=²"),
        ("search", {"q": "older", "group": ["yuth"]}, "yuth"),
        ("matrix", {"set": "angola", "derived": "maybe"}, "derived=maybe"),
        ("commitments", {"group": ["yuth"]}, "group=yuth"),
        ("promised", {"sector": ["helth"]}, "sector=helth"),
        ("compare", {"sets": ["angola", "kenia"]}, "sets=kenia"),
        ("matrix", {"set": ["angola", "zimbabwe"]}, "more than once"),
        ("checks", {"set": "angola", "derived": "maybe"}, "derived=maybe"),
        ("read", {"document": "mipaa", "as": "picture"}, "as=picture"),
        ("actions", {"set": "angola", "criterion": "R9.z"}, "R9.z"),
        ("codebook", {"session": "round-9"}, "session=round-9"),
        ("analysis", {"session": "round-9"}, "session=round-9"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(open_page, two_sets, page, query, what):
    app = open_page(page, **query)
    assert not app.exception and any(what in error.value for error in app.error)


def test_a_place_in_a_sample_that_is_not_there_is_said(open_page):
    app = open_page("coding", document="mipaa", at="999").text_input(key="by").set_value("Ada Example").run()
    assert "at=999" in app.error[0].value


def test_coding_asks_which_session_once_there_is_one(open_page, two_sets):
    from kb.coding import codes

    codes.open_session(resources.workspace(), "round-1", ["Ada Example", "Ben"], codebook="1", by="Ada Example")
    app = open_page("coding", document="mipaa").text_input(key="by").set_value("Ada Example").run()
    assert "“Project” is not chosen yet." in app.info[0].value and len(offered(app)) == 2


def test_every_page_has_its_keys_and_reads_no_other(root):
    read = re.compile(
        r'address\.(?:one|many|yes|whole|put|put_many)\(\s*"(\w+)"|'
        r'(?:pick|choose|typed|switch)\("[^"]*", "(\w+)"'
    )
    for name in (name for rows in pages.SECTIONS.values() for name, _ in rows):
        text = pathlib.Path(root, "kb", "ui", f"{name}.py").read_text(encoding="utf-8")
        keys = {key for pair in read.findall(text) for key in pair if key}
        assert keys <= set(pages.keys_of(name)), name


def test_no_choice_falls_back_to_the_first_and_no_list_selects_many_at_once(root):
    for path in pathlib.Path(root, "kb", "ui").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "accept_new_options=True" not in text, f"{path.name}: half a name must not become a new one"
        for call in re.findall(r"\.multiselect\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", text):
            assert "select_all=False" in call, (path.name, call)


def test_links_of_an_assessment_carry_it(open_page, two_sets):
    links = links_of(open_page("matrix", set="zimbabwe"))
    assert all("set=zimbabwe" in query for label, query in links.items() if label[:2] in ("R1", "D7"))


def test_the_tabs_of_an_assessment_carry_it_and_the_doors_do_not(open_page, two_sets):
    page = html_of(open_page("matrix", set="zimbabwe", derived="no"))
    for name in ("criterion", "checks", "changes", "actions", "compare", "assess"):
        assert f'href="{name}?set=zimbabwe&amp;derived=no"' in page
    assert 'href="search"' in page and 'href="export"' in page
    assert "?set=" not in html_of(open_page("search", q="older persons"))


def test_all_results_can_be_paged_through_and_are_those_of_the_export(open_page):
    seen, at, total = [], 1, None
    while total is None or len(seen) < total:
        app = open_page("search", q="older persons", page=str(at))
        heading = next(header.value for header in app.header if header.value.startswith("Results "))
        total = int(heading.rsplit(" ", 1)[1])
        seen += re.findall(r'<li class="k-hit [^>]* data-hit="([^"]+)"', html_of(app))
        at += 1
    assert len(seen) == len(set(seen)) == total > 25
    assert f"**{total} rows** in all" in said(open_page("export", q="older persons", what="results"))


def links_with(app):
    """Return (label, query) of every link, repeated labels too."""
    return [(element.proto.label, element.proto.query_string) for element in app.get("page_link")]


def test_the_export_link_carries_query_mode_filters_and_language(open_page):
    app = open_page("search", q="older persons", mode="lexical", document=["mipaa"], language=["en"])
    query = links_of(app)["Export these results (preview and download)"]
    assert query == "what=results&q=older+persons&mode=lexical&document=mipaa&language=en"


def test_an_old_address_with_the_mode_in_words_still_opens(open_page):
    app = open_page("search", q="older persons", mode="Words")
    assert not app.error and app.session_state["mode"] == "lexical"
