"""The search page: query, filters and hits, all of it in the address."""

import re

from ui_reading import html_of, links_of, said

from kb.models import FORCE_WORDS


def test_without_a_query_it_offers_examples_promises_and_versions(open_page):
    app = open_page("search")
    assert [button.label for button in app.button][:1] == ["who must provide sign language interpreters"]
    assert "Three promises" in said(app) and "6 stated + 1 derived" in said(app)


def test_an_example_is_searched_by_one_click(open_page):
    app = open_page("search")
    app.button(key="example-0").click().run()
    assert app.text_input(key="q").value == "who must provide sign language interpreters"
    assert "passages match" in said(app)


def test_every_hit_shows_its_citation_and_its_force_in_words(open_page):
    app = open_page("search", q="older persons")
    heads = [part for part in html_of(app).split('<div class="kb-head">') if "kb-text" in part]
    assert len(heads) > 5
    for hit in heads:
        assert any(words in hit for words in FORCE_WORDS.values())
        assert re.search(r'class="kb-cite">[^<]{5,}<', hit)


def test_forces_stand_apart_in_the_order_of_their_strength(open_page):
    app = open_page("search", q="older persons")
    order = ["■ What States must do", "◆ What States promised", "▲ What an expert recommended"]
    assert [header.value for header in app.header if header.value in order] == order


def test_words_of_the_query_are_marked(open_page):
    assert "<mark>older</mark>" in html_of(open_page("search", q="older persons")).casefold()


def test_a_filter_in_the_address_filters_and_can_be_let_go(open_page):
    app = open_page("search", q="older persons", document=["mipaa"])
    assert "■ What States must do" not in said(app)
    app.button(key="drop-document-mipaa").click().run()
    assert "document" not in app.query_params and "■ What States must do" in said(app)


def test_a_facet_is_chosen_with_a_checkbox_and_goes_into_the_address(open_page):
    app = open_page("search", q="older persons")
    app.checkbox(key="facet-document-crpd").check().run()
    assert app.query_params["document"] == "crpd"
    assert app.checkbox(key="facet-document-mipaa").label.startswith("Political Declaration"), (
        "others can still be chosen"
    )


def test_filters_alone_are_enough(open_page):
    app = open_page("search", document=["wssd"])
    assert "46 passages match" in said(app)


def test_a_phrase_that_is_nowhere_is_said_to_be_nowhere(open_page):
    app = open_page("search", q='"quantum zebra"')
    assert "Nothing here says “quantum zebra”." in app.warning[0].value
    hits = html_of(app).count('class="kb-head"')
    assert hits and html_of(app).count("Nearest passage: does not say it") == hits, "every hit is marked as only near"
    assert "0 passages say this" in said(app)


def test_a_query_that_cannot_be_read_is_one_plain_line(open_page):
    app = open_page("search", q="children AND")
    assert len(app.error) == 1 and app.error[0].value.startswith("column 10: AND needs something on both sides.")
    assert not app.exception


def test_a_hit_can_be_opened_under_its_own_address(open_page):
    links = links_of(open_page("search", q="sign language interpreters"))
    assert links["Open this passage"].startswith("id=")


def test_markup_in_a_query_is_shown_as_text(open_page):
    app = open_page("search", q='"<img src=x onerror=alert(1)>"')
    assert "<img" not in html_of(app)


def test_without_an_index_the_page_says_what_to_run(open_page, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "none"))
    app = open_page("search")
    assert "kb build" in [block.value for block in app.code] and not app.exception
