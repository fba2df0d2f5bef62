"""Coding in the reader: what is marked in the text, which selections are valid, and what is refused."""

from __future__ import annotations

import json
import re

import pytest
from ui_reading import html_of, said

from kb.coding import codes
from kb.ui import marking, resources
from kb.ui.lawtext import Ink, _found

ADA = "Ada Example"


def coded(open_page, **query):
    """Open the reader with coding on, and a name in the bar."""
    app = open_page("read", **{"document": "mipaa", "session": "-", "facet": "group", **query})
    app.session_state["by"] = ADA
    return app.run()


def first():
    """Return the first passage of the document."""
    return resources.passages_of("mipaa")[0]


def test_a_whole_passage_is_coded_in_the_text_and_stands_there_as_coded(open_page):
    app = coded(open_page, at=first().id)
    app.button(key="code-group-youth").click().run()
    given = codes.codes_of(resources.workspace(), first().id, viewer=ADA)
    assert [(one.code, one.span, one.quotation) for one in given] == [("youth", None, first().text)]
    assert '<span class="k-ink">' in html_of(app) and '<span class="k-tag">Youth</span>' in html_of(app)
    app.button(key="undo-0-youth").click().run()
    assert codes.codes_of(resources.workspace(), first().id, viewer=ADA)[0].state == "withdrawn"
    assert '<span class="k-ink">' not in html_of(app)


def test_of_a_blind_round_one_sees_only_ones_own_marks_until_it_is_closed(open_page):
    ws = resources.workspace()
    codes.open_session(ws, "round", [ADA, "Ben"], codebook="1", by=ADA, sample=[first().id])
    codes.add_code(ws, first(), "group", "youth", by="Ben", session="round", span=(0, 5))
    page = html_of(coded(open_page, session="round"))
    assert "k-ink" not in page.split("</style>")[-1] and "by Ben" not in page
    assert "Coded: 0 of your 1 passage in this document." in page
    beside = html_of(coded(open_page, session="round", at=first().id))
    assert "The machine&#x27;s tags are hidden" in beside or "The machine's tags are hidden" in beside
    assert "(proposed)" not in beside and "Groups named most" not in page
    codes.close_session(ws, "round", by=ADA)
    assert "(proposed)" in html_of(coded(open_page, session="round", at=first().id))
    assert '<span class="k-tag">Youth, by Ben</span>' in html_of(coded(open_page, session="round"))


def test_without_a_name_nothing_can_be_coded_and_a_session_that_is_none_is_named(open_page):
    app = open_page("read", document="mipaa", session="-", at=first().id)
    assert "every code has a coder" in said(app) and not [b for b in app.button if (b.key or "").startswith("code-")]
    assert "There is no project “gone” here." in said(open_page("read", document="mipaa", session="gone"))
    assert "The address has facet=colour." in said(open_page("read", document="mipaa", session="-", facet="colour"))


def test_a_selection_is_looked_up_in_the_passage_before_it_counts(live_kb):
    one = first()
    held = {one.id: one}

    def told(**given) -> marking.CodingTarget | None:
        return marking._selected(json.dumps({"passage": one.id, **given}), held)

    words = one.text[3:20]
    start = 3 + len(words) - len(words.lstrip())
    assert told(part=words, start=3).span == (start, start + len(words.strip()))
    assert told(part=f"  {one.text}"[2:], start=0).span is None, "all words of a passage are the passage"
    for part, at in ((words, 4), ("no such words", 0), ("", 0), ("   ", 2), (one.text, -1), (words, 10**9)):
        assert told(part=part, start=at) is None
    for wrong in ("", "{", "[]", "3", '{"passage": "crpd/art9"}', '{"passage": ["x"], "part": 1, "start": 0}'):
        assert marking._selected(wrong, held) is None


def test_a_selection_over_two_passages_codes_the_words_of_both_in_one_act(open_page):
    one, two, *_ = [each for each in resources.passages_of("mipaa") if each.kind != "heading"]
    held = {each.id: each for each in (one, two)}
    parts = [
        {"passage": one.id, "part": one.text[5:], "start": 5},
        {"passage": two.id, "part": two.text[:9], "start": 0},
    ]
    chosen = marking._selected(json.dumps({**parts[0], "more": parts[1:]}), held)
    assert chosen and chosen.passage.id == one.id and [part.id for part, _ in chosen.more] == [two.id]
    app = coded(open_page, at=one.id)
    app.session_state[marking._HELD] = (one.id, chosen)
    assert "and 1 more passage, which gets the code too:" in html_of(app.run())
    app.button(key="code-group-youth").click().run()
    for passage, words in ((one, one.text[5:].strip()), (two, two.text[:9].strip())):
        (given,) = codes.codes_of(resources.workspace(), passage.id, viewer=ADA)
        assert (given.code, given.quotation) == ("youth", words)


@pytest.mark.parametrize("more", [[{"passage": "no/such", "part": "x", "start": 0}], "x", [3], [{}], 7])
def test_a_selection_of_which_one_part_is_none_is_none(live_kb, more):
    one = first()
    told = {"passage": one.id, "part": one.text[:9], "start": 0}
    assert marking._selected(json.dumps({**told, "more": more}), {one.id: one}) is None
    assert marking._selected(json.dumps({**told, "more": [told]}), {one.id: one}) is None


def test_words_that_were_coded_in_another_text_of_a_passage_are_said_and_not_marked(live_kb):
    one = first()
    codes.add_code(resources.workspace(), one, "group", "youth", by=ADA, span=(0, 5))
    now = marking.Round(None, "group", ADA, tuple(codes.codings(resources.workspace(), viewer=ADA)))
    assert marking.inks(now, {one.id: one})[one.id] == [Ink("Youth", (0, 5))]
    other = one.model_copy(update={"text": f"Now {one.text}"})
    (ink,) = marking.inks(now, {one.id: other})[one.id]
    assert "given to another text of it" in ink.words and "k-ink" not in _found(other.text, "", [ink])[0]


@pytest.mark.parametrize(
    "inks, html",
    [
        ([Ink("Youth", (2, 5))], 'a <span class="k-ink">&lt;b&gt;</span> c d'),
        ([Ink("Youth", (2, 5)), Ink("Women", (5, 7), False)], '<span class="k-ink k-other"> c</span> d'),
        ([Ink("Youth")], '<span class="k-ink">a &lt;b&gt; c d</span>'),
        ([Ink("Youth", (0, 5)), Ink("Women", (2, 9), False)], '<span class="k-ink">&lt;b&gt;</span>'),
        ([Ink("Youth", (0, 0))], "a &lt;b&gt; c d"),
    ],
)
def test_coded_words_are_marked_where_they_stand_and_the_text_stays(inks, html):
    from html import unescape
    from re import sub

    body, _ = _found("a <b> c d", "", inks)
    assert html in body and unescape(sub(r"<[^>]+>", "", body)) == "a <b> c d"
    assert "<mark>c</mark>" in _found("a <b> c d", "c", inks)[0]


def test_while_a_text_is_coded_the_tab_of_coding_is_the_one_that_one_is_on(open_page):
    page = html_of(coded(open_page, at=first().id))
    assert re.findall(r'aria-current="?page"?>([^<]+)<', page) == ["Code", "Coding"]
    assert "Give a code of your own" in page and "facet=own" in page, "the form says that a code may be one's own"
