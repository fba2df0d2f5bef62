"""Numbers and headings that are close together, and small marks of pages; each expected value was written before the
file was read."""

from __future__ import annotations

import pytest
from make import pdf, prose

from kb.read.numbering import number_of

LAW = "Every municipality shall keep a register of accessible dwellings and publish it once a year in its gazette."


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        (["TITRE II", "ARTICLE 4"], ["TITRE II", "ARTICLE 4"]),
        (["CHAPTER III", "RIGHTS OF RESIDENTS", "Article 9"], ["CHAPTER III RIGHTS OF RESIDENTS", "Article 9"]),
        (["CHAPTER IV", "Amendments to", "Part II"], ["CHAPTER IV Amendments to Part II"]),
    ],
)
def test_a_part_right_below_the_heading_of_another_is_a_heading_of_its_own(read_bytes, lines, headings):
    title = [(230, 60 + 16 * n, line, 13) for n, line in enumerate(lines)]
    read = read_bytes(pdf([[*title, *prose(60, 140, LAW)]]), "a.pdf", ocr=False)
    assert [p.text for p in read.paragraphs if p.kind == "heading"] == headings


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SEC. 2. Duty. Every employer shall report.", "SEC. 2"),
        ("Sec. 5 of the Act is repealed.", None),
        ("Article 5-1 bis. Le fonds est audité.", "Article 5-1 bis"),
        ("Art. 5º-A bis. A multa é anual.", "Art. 5º-A bis"),
        ("IV - a multa;", "IV"),
        ("I – III and V", None),
        ("[4B. Audit.—The fund is audited.]", "4B"),
        ("[2011. Census]", None),
        ("S E C T I O N  1 2 A", "SECTION 12A"),
        ("A R T I G O  3 º", "ARTIGO 3º"),
        ("S E C T I O N  1 A levy is paid", "SECTION 1"),
    ],
)
def test_numbers_as_printed(text, number):
    found = number_of(text)
    assert (found and found.text) == number


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("l’accueil des sans-", "abri", "sans-abri"),
        ("le plan est-", "il suivi", "est-il suivi"),
        ("he gives follow-", "up care", "follow-up care"),
        ("le plan va-t-", "elle suivre", "va-t-elle suivre"),
        ("el acuerdo colombo-", "venezolano", "colombo-venezolano"),
        ("the reha-", "bilitation", "rehabilitation"),
    ],
)
def test_compounds_of_four_languages_keep_their_hyphen_at_a_line_end(before, after, text):
    from collections import Counter

    from kb.read.layout.hyphens import join

    assert join(before, after, Counter()).endswith(text)


@pytest.mark.parametrize(
    ("css", "tag"),
    [
        ("vertical-align:text-top", "small"),
        ("vertical-align:top;font-size:60%", "span"),
        ("font-variant-position:super", "span"),
        ("display:inline-block;transform:translateY(-.4em);font-size:.6em", "span"),
    ],
)
def test_figures_that_a_style_raises_join_no_other_figure(read_bytes, css, tag):
    page = f"<html><body><p>The quota is 5<{tag} style='{css}'>2</{tag}> per cent.</p></body></html>"
    assert [p.text for p in read_bytes(page.encode(), "a.html").paragraphs] == ["The quota is 5² per cent."]


def test_letters_at_the_top_that_are_as_large_as_the_rest_stay_on_the_line(read_bytes):
    page = b"<html><body><p>The quota is 5<span style='vertical-align:top'>2</span> per cent.</p></body></html>"
    assert [p.text for p in read_bytes(page, "a.html").paragraphs] == ["The quota is 52 per cent."]


def test_an_element_whose_role_is_a_deletion_is_left_over(read_bytes):
    page = b"<html><body><p>The fee is <span role='deletion'>ten</span> <span role='insertion'>two</span>.</p></body></html>"
    read = read_bytes(page, "a.html")
    assert [p.text for p in read.paragraphs] == ["The fee is two."]
    assert [(p.kind, p.text) for p in read.leftovers] == [("deleted", "ten")]
