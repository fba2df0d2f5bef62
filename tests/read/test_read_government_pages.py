"""Web pages as governments and gazettes publish them: tabs, notices of cookies, tables of `div`, points in rows, notes
of the Official Journal. Each value was decided before the file was read."""

from __future__ import annotations

import pytest

LAW = "Every municipality shall keep a register of accessible dwellings."
REPORT = "The minister shall report to Parliament once a year."


def html(body: str, style: str = "") -> bytes:
    """A page."""
    return f"<html><head><style>{style}</style></head><body>{body}</body></html>".encode()


def texts(pages) -> list[str]:
    """Its paragraphs."""
    return [p.text for p in pages.paragraphs]


@pytest.mark.parametrize(
    "style",
    ["font-variant: super", "font-variant-position: super", "font-feature-settings: 'sups' 1", "vertical-align: super"],
)
def test_a_figure_that_a_font_raises_is_no_digit_of_a_year(read_bytes, style):
    read = read_bytes(html("<p>In 2011<span class=n>3</span> it fell.</p>", f".n {{{style}}}"), "a.html")
    assert texts(read) == ["In 2011³ it fell."]


def test_a_mark_that_a_style_counts_is_no_digit_of_a_year(read_bytes):
    style = "body{counter-reset:n} .n::before{counter-increment:n; content:counter(n); vertical-align:super}"
    read = read_bytes(html("<p>In 2011<span class=n></span> it fell.</p>", style), "a.html")
    assert "20111" not in texts(read)[0] and "2011¹" in texts(read)[0]


@pytest.mark.parametrize(
    "body",
    [
        f"<div role=tablist><button role=tab id=b>Two</button></div><div role=tabpanel aria-labelledby=b "
        f"style='display:none'><p>{LAW}</p></div>",
        f"<button onclick=\"show('part3')\">Part</button><div id=part3 style='display:none'><p>{LAW}</p></div>",
        f"<gov-part><template shadowrootmode=open><p>{LAW}</p></template></gov-part>",
    ],
)
def test_parts_that_the_page_opens_are_text(read_bytes, body):
    assert LAW in texts(read_bytes(html(body), "a.html"))


def test_the_button_that_names_the_part_below_it_is_its_heading(read_bytes):
    body = f"<button onclick=\"show('p3')\">Section 3. Duties</button><div id=p3><p>{LAW}</p></div>"
    read = read_bytes(html(body), "a.html")
    assert [(p.text, p.kind) for p in read.paragraphs] == [("Section 3. Duties", "heading"), (LAW, "paragraph")]


def test_an_article_named_in_a_button_is_its_heading_and_another_button_is_left_over(read_bytes):
    body = f"<p><button>Article L114-1</button></p><p>{LAW}</p><p><button>Print this page</button></p>"
    read = read_bytes(html(body), "a.html")
    assert [(p.text, p.kind) for p in read.paragraphs] == [("Article L114-1", "heading"), (LAW, "paragraph")]


@pytest.mark.parametrize(
    "notice",
    [
        "<div role=dialog aria-label='Cookie banner'><p>We use cookies on this site.</p><button>Accept</button></div>",
        "<div class='cc-window'><p>This website uses cookies to work well. <a href=/p>Learn more</a></p></div>",
        "<div id=onetrust-consent-sdk><p>Utilizamos cookies propias.</p><button>Aceptar</button></div>",
    ],
)
def test_a_notice_of_cookies_is_no_text(read_bytes, notice):
    assert texts(read_bytes(html(f"{notice}<p>{LAW}</p>"), "a.html")) == [LAW]


def test_a_law_about_cookies_is_text(read_bytes):
    law = "Section 1. No person shall store cookies without consent."
    assert law in texts(read_bytes(html(f"<div class=section-cookies><p>{law}</p></div><p>{LAW}</p>"), "a.html"))


@pytest.mark.parametrize(
    "body",
    [f"<aside><p>{REPORT}</p></aside>", f"<article><p>{LAW}</p><footer><p>{REPORT}</p></footer></article>"],
)
def test_a_short_provision_in_an_aside_or_in_the_foot_of_an_article_is_text(read_bytes, body):
    assert REPORT in texts(read_bytes(html(body), "a.html"))


def test_links_in_an_aside_and_the_foot_of_the_page_are_left_over(read_bytes):
    body = f"<p>{LAW}</p><aside><p><a href=/a>See also the other act of 2001.</a></p></aside><footer><p>Press.</p></footer>"
    assert texts(read_bytes(html(body), "a.html")) == [LAW]


CELLS = ("<{0} {2}><{1} {3}>Ramps</{1}><{1} {3}></{1}><{1} {3}>2027</{1}></{0}>"
         "<{0} {2}><{1} {3}>Centres</{1}><{1} {3}>Towns</{1}><{1} {3}>2026</{1}></{0}>")  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        CELLS.format("div", "span", "role=row", "role=cell"),
        CELLS.format("div", "div", "class=r", "class=c"),
    ],
)
def test_tables_made_of_other_elements_are_tables(read_bytes, row):
    style = ".t{display:table}.r{display:table-row}.c{display:table-cell}"
    read = read_bytes(html(f"<div class=t role=table>{row}</div>", style), "a.html")
    assert [(p.text, p.kind) for p in read.paragraphs] == [
        ("Ramps | | 2027", "table-row"),
        ("Centres | Towns | 2026", "table-row"),
    ]


def test_points_that_the_official_journal_sets_in_rows_are_paragraphs_with_their_number(read_bytes):
    inner = "<table><tr><td><p>(a)</p></td><td><p>personal assistance;</p></td></tr></table>"
    body = f"<table><tr><td><p>(1)</p></td><td><p>{LAW}</p>{inner}</td></tr></table>"
    read = read_bytes(html(body), "a.html")
    assert [(p.text, p.number) for p in read.paragraphs] == [(f"(1) {LAW}", "(1)"), ("(a) personal assistance;", "(a)")]


def test_a_table_of_two_columns_with_figures_stays_one(read_bytes):
    body = "<table><tr><td>1.</td><td>Ramps built</td></tr><tr><td>2018</td><td>40</td></tr></table>"
    assert {p.kind for p in read_bytes(html(body), "a.html").paragraphs} == {"table-row"}


def test_notes_of_the_official_journal_are_notes(read_bytes):
    body = (
        "<p>Directive 2000/78<a id=c1 href='#r1'> (<span>1</span>)</a> applies.</p>"
        "<p><a id=r1 href='#c1'>(<span>1</span>)</a> OJ L 303, p. 16.</p>"
    )
    read = read_bytes(html(body), "a.html")
    assert [(p.text, p.kind, p.number) for p in read.paragraphs[1:]] == [("(1) OJ L 303, p. 16.", "note", "1")]


@pytest.mark.parametrize(("style", "number"), [("lower-greek", "β."), ("arabic-indic", "٢."), ("devanagari", "२.")])
def test_lists_count_in_the_script_of_their_style(read_bytes, style, number):
    read = read_bytes(html(f"<ol style='list-style-type:{style}'><li>one</li><li>two</li></ol>"), "a.html")
    assert read.paragraphs[1].number == number
