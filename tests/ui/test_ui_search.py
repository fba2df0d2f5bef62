"""The search page: query, filters and hits, all of it in the address."""

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from lxml.html import fromstring
from streamlit.testing.v1 import AppTest
from ui_reading import html_of, said

from kb.i18n import use
from kb.models import FORCE_WORDS
from kb.search import live_searcher
from kb.ui.address import href


def test_without_a_query_it_offers_examples_promises_and_versions(open_page):
    app = open_page("search")
    assert ">who must provide sign language interpreters</a>" in html_of(app)
    assert "Three promises" in said(app) and "6 stated + 1 derived" in said(app)


def test_an_example_is_searched_by_one_click(open_page):
    href = re.search(r'href="search[?]([^"]+)">who must provide', html_of(open_page("search"))).group(1)
    app = open_page("search", **dict(parse_qsl(unescape(href))))
    assert app.text_input(key="q").value == "who must provide sign language interpreters"
    assert "passages match" in said(app)


def test_every_hit_shows_its_citation_and_its_force_in_words(open_page):
    app = open_page("search", q="older persons")
    heads = [part for part in html_of(app).split("<li class=") if "kb-text" in part]
    assert len(heads) > 5
    for hit in heads:
        assert any(words in hit for words in FORCE_WORDS.values())
        assert re.search(r'class="kb-cite"><a href="passage[?]id=[^"]+">[^<]{5,}<', hit)


def test_forces_stand_apart_in_the_order_of_their_strength(open_page):
    app = open_page("search", q="older persons")
    order = ["■ What States must do", "◆ What States promised", "▲ What an expert recommended"]
    assert [header.value for header in app.header if header.value in order] == order


def test_what_fits_less_than_the_best_of_other_forces_is_folded_away_and_one_of_each_force_stays_open(open_page):
    page = fromstring(html_of(open_page("search", q="unpaid care work")))
    cited = "//p[@class='kb-cite']/a"
    folded = {link.get("href") for link in page.xpath(f"//details[contains(@class, 'k-less')]{cited}")}
    drawn = {link.get("href") for link in page.xpath(cited)}
    held = {}
    for hit in live_searcher().search("unpaid care work").hits:
        held.setdefault(hit.force, []).append(hit)
    for hits in held.values():
        shown = hits[:4]
        best = [hit for hit in shown if hit.rank <= 10] or shown[:1]
        for hit in shown:
            link = href("passage", {"id": hit.id})
            assert link in drawn and (link in folded) == (hit not in best), hit.id


def test_words_of_the_query_are_marked(open_page):
    assert "<mark>older</mark>" in html_of(open_page("search", q="older persons")).casefold()


def filters_of(app) -> dict[str, str]:
    """Return query of the link to label, for each term of the filters."""
    found = re.findall(r'<a class="k-term" href="search[?]([^"]*)"[^>]*>.*?<span>([^<]*)</span>', html_of(app))
    return {unescape(query): unescape(words) for query, words in found}


def test_a_filter_in_the_address_filters_and_can_be_taken_out(open_page):
    app = open_page("search", q="older persons", document=["mipaa"])
    assert "■ What States must do" not in said(app)
    out = re.search(r'<a class="k-pill k-on" href="search[?]([^"]*)">Document: ', html_of(app)).group(1)
    assert unescape(out) == "q=older+persons"
    assert "■ What States must do" in said(open_page("search", **dict(parse_qsl(unescape(out)))))


def test_a_filter_is_a_link_that_goes_into_the_address_and_others_can_still_be_chosen(open_page):
    links = filters_of(open_page("search", q="older persons"))
    there = next(query for query in links if "document=crpd" in query)
    app = open_page("search", **dict(parse_qsl(there)))
    assert app.query_params["document"] == "crpd"
    assert any(words.startswith("Political Declaration") for words in filters_of(app).values()), (
        "others can still be chosen"
    )


def test_filters_alone_are_enough(open_page):
    app = open_page("search", document=["wssd"])
    assert "46 passages match" in said(app)


def test_a_phrase_that_is_nowhere_is_said_to_be_nowhere(open_page):
    app = open_page("search", q='"quantum zebra"')
    assert "Nothing here says “quantum zebra”." in app.warning[0].value
    hits = html_of(app).count('<li class="k-hit ')
    assert hits and html_of(app).count("Nearest passage: does not say it") == hits, "every hit is marked as only near"
    assert "0 passages say this" in said(app)


def test_a_query_that_cannot_be_read_is_one_plain_line(open_page):
    app = open_page("search", q="children AND")
    assert len(app.error) == 1 and app.error[0].value.startswith("column 10: AND needs something on both sides.")
    assert not app.exception


def test_a_hit_can_be_opened_under_its_own_address(open_page):
    page = html_of(open_page("search", q="sign language interpreters"))
    assert re.search(r'<a href="passage[?]id=crpd%2Fart9%2F2%2Fe">CRPD art. 9', page)
    assert re.search(r'<a href="read[?]document=crpd&amp;at=crpd%2Fart9%2F2%2Fe">Read on', page)


def test_markup_in_a_query_is_shown_as_text(open_page):
    app = open_page("search", q='"<img src=x onerror=alert(1)>"')
    assert "<img" not in html_of(app)


def test_without_an_index_the_page_says_what_to_run(open_page, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "none"))
    for query in ({}, {"q": "older persons"}):
        app = open_page("search", **query)
        assert "kb build" in [block.value for block in app.code] and not app.exception
        assert not app.error and len(app.warning) == 1 and str(tmp_path) not in said(app)


def test_as_many_passages_as_the_headline_says_are_in_the_list_and_in_the_export(open_page):
    for query in ("older persons", "land", "“social protection”", "land OR water"):
        page = html_of(open_page("search", q=query))
        matching = int(re.search(r'k-total">(\d+) passages match', page).group(1))
        assert matching == live_searcher().search(query).total, "the same count as by every other road"
        near = re.search(r"and (\d+) more near in meaning", page)
        headline = matching + (int(near.group(1)) if near else 0)
        pages = [header.value for header in open_page("search", q=query, page="1").header]
        assert any(value.endswith(f" of {headline}") for value in pages)
        assert f"**{headline} rows** in all" in said(open_page("export", q=query, what="results"))


def test_every_hit_says_whose_words_it_is_and_offers_them_with_their_limits(open_page):
    page = html_of(open_page("search", q="sign language interpreters", document=["crpd"]))
    for hit in [part for part in page.split("<li class=") if "kb-text" in part]:
        assert "In our words: not a quotation" in hit and 'data-wording="own-words"' in hit
        copy = unescape(re.search(r'data-copy="([^"]*)"', hit).group(1))
        assert "Statement in own words, not a quotation" in copy and "Force: Legal obligation" in copy
        assert "<blockquote" not in hit, "our own words are no quotation"


def test_the_filters_of_a_search_are_called_in_the_language_of_the_reader(open_page, monkeypatch):
    from kb.ui import browser

    monkeypatch.setattr(browser, "speak", lambda: use("es"))
    try:
        page = html_of(open_page("search", q="older persons"))
    finally:
        use("en")
    assert "<summary>Estado jurídico</summary>" in page and "<summary>Legal status</summary>" not in page


TRAY = """
import streamlit as st
from kb.ui import tray
if told := st.query_params.get("told"):
    tray.restore(told)
tray.show_tray()
"""


@pytest.mark.parametrize(
    "told, count, lost",
    [
        ('["crpd/art9/1/a", "mipaa/I.7/obj2", "crpd/art9/1/a"]', 2, 0),
        ('["crpd/art9/1/a", "no/such", "<script>"]', 1, 2),
        ('["crpd/art9/1/a", 7]', 0, 0),
        ('{"ids": 1}', 0, 0),
        ("[", 0, 0),
    ],
)
def test_a_tray_that_a_browser_kept_comes_back_and_what_is_no_tray_or_no_passage_does_not(live_kb, told, count, lost):
    app = AppTest.from_string(TRAY, default_timeout=60)
    app.query_params["told"] = told
    page = said(app.run())
    assert (f"{count} passage" in page) == bool(count) and ("Nothing picked" in page) == (not count)
    assert (f"{lost} passages that you had picked are not here any more." in page) == bool(lost)
    app.query_params.clear()
    if count:
        page = said(next(one for one in app.button if one.label == "Take out all").click().run())
    assert "Nothing picked" in page and "not here any more" not in page or not count


def test_two_ticks_in_one_list_say_that_one_is_enough_and_lead_to_what_has_both(open_page):
    page = html_of(open_page("search", q="pension", group=["older-persons", "women-girls"], document="mipaa"))
    assert "One of the 2 is enough here." in page and "Two ticks in one list: one of them is enough." in page
    both, brief = re.search(
        r'href="search[?]([^"]+)">Only what has both</a> · <a href="brief[?]([^"]+)"', page
    ).groups()
    query = dict(parse_qsl(unescape(both)))
    assert query == {
        "q": '(pension) AND group:"older-persons" AND group:"women-girls"',
        "document": "mipaa",
    }
    either = live_searcher().search("pension", facets=[("group", "older-persons"), ("group", "women-girls")]).total
    assert 0 < live_searcher().search(query["q"]).total < either
    assert parse_qsl(unescape(brief)) == [("q", "pension"), ("group", "older-persons"), ("group", "women-girls")]
    one = html_of(open_page("search", q="pension", group="older-persons", force=["observation", "legal-obligation"]))
    assert "Only what has" not in one, "a passage has one legal status, and one group is no choice between two"


def test_examples_are_asked_in_the_readers_language(open_page, monkeypatch):
    from kb.ui import browser

    monkeypatch.setattr(browser, "speak", lambda: use("es"))
    try:
        page = html_of(open_page("search"))
    finally:
        use("en")
    assert ">quién debe proporcionar intérpretes de lengua de señas</a>" in page and "6 enunciadas" in page
