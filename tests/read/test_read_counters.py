"""Numbers that a page's style sheet prints: CSS counters are part of what a reader sees and cites."""

from __future__ import annotations

import pytest


def read(read_bytes, css: str, body: str) -> list[str]:
    page = f"<html><head><style>{css}</style></head><body>{body}</body></html>"
    return [p.text for p in read_bytes(page.encode(), "a.html").paragraphs]


def test_articles_and_paragraphs_that_a_style_counts(read_bytes):
    css = (
        "body{counter-reset:sec} h2{counter-increment:sec;counter-reset:sub} "
        'h2::before{content:"Article " counter(sec) ". "} '
        'p{counter-increment:sub} p:before{content:counter(sec) "." counter(sub) " "}'
    )
    body = "<h2>Purpose</h2><p>Care at home is a right.</p><p>The State pays.</p><h2>Duties</h2><p>It reports.</p>"
    assert read(read_bytes, css, body) == [
        "Article 1. Purpose",
        "1.1 Care at home is a right.",
        "1.2 The State pays.",
        "Article 2. Duties",
        "2.1 It reports.",
    ]


@pytest.mark.parametrize(
    ("css", "items"),
    [
        ('li::marker{content:counters(list-item,".") ") "}', ["1) one", "1.1) inner", "2) two"]),
        (
            "ol{list-style:none;counter-reset:i} li{counter-increment:i} li::before{content:'(' counter(i,lower-alpha) ')'}",
            ["(a) one", "(a) inner", "(b) two"],
        ),
        ("li::marker{content:counter(list-item, upper-roman) '.'}", ["I. one", "I. inner", "II. two"]),
    ],
)
def test_items_that_a_style_counts(read_bytes, css, items):
    assert read(read_bytes, css, "<ol><li>one<ol><li>inner</li></ol></li><li>two</li></ol>") == items


def test_the_number_of_a_part_is_before_its_first_paragraph(read_bytes):
    css = '.art{counter-increment:a} .art::before{content:"Art. " counter(a) "."}'
    body = (
        "<div class=art><p>Every person has rights.</p><p>No fee is due.</p></div><div class=art>All are equal.</div>"
    )
    assert read(read_bytes, css, body) == [
        "Art. 1. Every person has rights.",
        "No fee is due.",
        "Art. 2. All are equal.",
    ]


def test_a_number_kept_in_an_attribute_and_letters_within_a_paragraph(read_bytes):
    css = 'p::before{content:attr(data-n) ". "} span{counter-increment:k} span::before{content:"(" counter(k,lower-alpha) ") "}'
    body = "<p data-n=12>The plan covers: <span>schools;</span> <span>courts.</span></p>"
    assert read(read_bytes, css, body) == ["12. The plan covers: (a) schools; (b) courts."]


@pytest.mark.parametrize(
    "said",
    [
        r'p::before{content:"\f101"}',
        'p::before{content:"→ "}',
        'p::before{content:"Note 1";display:none}',
        'p::before{content:"Note 1";opacity:0}',
        'p:hover::before{content:"Note 1"}',
        '@media print{p::before{content:"Note 1"}}',
        'p::before{content:none}',
        'p::before{content:"" / "Note 1"}',
        'p::before{content:counter(x',
    ],
)  # fmt: skip
def test_signs_and_what_is_not_shown_print_nothing(read_bytes, said):
    assert read(read_bytes, said, "<p>The State pays.</p>") == ["The State pays."]
