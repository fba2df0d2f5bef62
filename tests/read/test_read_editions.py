"""Two editions of one text in one file: only the new one is text, and both are reported."""

from __future__ import annotations

import pytest
from make import pdf, prose

PAIRS = [
    ("Ancien", "Nouveau"),
    ("ANCIEN TEXTE :", "NOUVEAU TEXTE :"),
    ("Texto anterior", "Texto vigente"),
    ("Former text", "Current text"),
    ("Texte en vigueur avant la réforme :", "Texte issu de la réforme :"),
    ("Texto vigente anterior", "Texto reformado"),
    ("Text in force before the reform", "Text as amended in 2019"),
    ("Texte actuel", "Texte modifié"),
    ("Current", "Proposed"),
    ("Vigente", "Propuesto"),
    ("Texto vigente", "Texto propuesto"),
    ("DICE:", "DEBE DECIR:"),
    ("Existing law", "As amended"),
    ("Texte en vigueur", "Texte du projet de loi"),
    ("Ancien", "Texte en vigueur"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_the_former_text_is_kept_apart_and_reported(read_bytes, old: str, new: str, name: str) -> None:
    text = f"Article 5\n\n{old}\n\nThe levy is two per cent.\n\n{new}\n\nThe levy is three per cent.\n\nArticle 6\n\nThe fund is public.\n"
    pages = read_bytes(text.encode(), name)
    assert [p.text for p in pages.paragraphs] == [
        "Article 5",
        "The levy is three per cent.",
        "Article 6",
        "The fund is public.",
    ]
    assert [p.text for p in pages.leftovers if p.kind == "former-text"] == ["The levy is two per cent."]
    assert any("two editions" in p.what for p in pages.problems)


def test_columns_of_a_page_are_two_editions(read_bytes) -> None:
    words = "The employer shall keep one post in twenty for persons with disabilities and shall report on it each year to the office"
    rows = [
        (60, 80, "Ancien"),
        (310, 80, "Nouveau"),
        *prose(60, 120, words + " of work.", 38),
        *prose(310, 120, words + " of inclusion.", 38),
    ]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [words + " of inclusion."]


TABLE = """Law on work

| Article | Old text | New text |
|---|---|---|
| 1 | Women may work by day. | Women and men may work at any hour. |
| 2 | The fine is 10. | The fine is 20. |

The law enters into force in May.
"""
ROWS = [line.strip("|").split("|") for line in TABLE.splitlines()[2:] if line.startswith("|") and "---" not in line]
WEB = "".join("<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in row) + "</tr>" for row in ROWS)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.md", TABLE), ("a.html", f"<p>Law on work</p><table>{WEB}</table><p>The law enters into force in May.</p>")],
)
def test_a_table_with_a_column_for_each_edition_gives_only_the_new_one(read_bytes, name: str, data: str) -> None:
    pages = read_bytes(data.encode(), name)
    text = " ".join(p.text for p in pages.paragraphs)
    assert "any hour" in text and "fine is 20" in text and "enters into force" in text
    assert "by day" not in text and "fine is 10" not in text
    former = [p.text.strip("| ") for p in pages.leftovers if p.kind == "former-text"]
    assert former == ["Women may work by day.", "The fine is 10."]
    assert any("side by side" in p.what and "Old text" in p.what for p in pages.problems)
    if name == "a.md":
        assert all(data[slice(*p.chars)] == p.text for p in pages.paragraphs)


def test_a_row_with_merged_cells_is_not_split_and_is_reported(read_bytes) -> None:
    text = TABLE.replace("| 2 | The fine is 10. | The fine is 20. |", "| 2 | The fine is 10. |")
    pages = read_bytes(text.encode(), "a.md")
    assert any("The fine is 10." in p.text for p in pages.paragraphs)
    assert any("other cells than its head" in p.what and "fine is 10" in p.what for p in pages.problems)


def test_an_old_column_outside_a_table_of_both_is_text(read_bytes) -> None:
    pages = read_bytes(b"| Old text | Note |\n| --- | --- |\n| Two per cent. | Kept. |\n", "a.md")
    assert "Two per cent." in " ".join(p.text for p in pages.paragraphs) and not pages.problems


def test_a_heading_new_alone_is_a_heading(read_bytes) -> None:
    pages = read_bytes(b"# New\n\nThe fund is public.\n", "a.md")
    assert [p.text for p in pages.paragraphs] == ["New", "The fund is public."] and not pages.problems


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_head_of_any_pair_parts_a_table(read_bytes, old: str, new: str) -> None:
    words = "The levy is {} per cent of the wages."
    rows = f"<tr><th>Art.</th><th>{old}</th><th>{new}</th></tr><tr><td>5</td><td>{words.format('two')}</td><td>{words.format('three')}</td></tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    text = " ".join(p.text for p in pages.paragraphs)
    assert words.format("three") in text and words.format("two") not in text
    assert any(words.format("two") in p.text for p in pages.leftovers if p.kind == "former-text")


def test_an_edition_that_is_only_proposed_is_reported_as_proposed(read_bytes) -> None:
    text = "Texto vigente\n\nEl aporte es dos.\n\nTexto propuesto\n\nEl aporte es tres.\n"
    problems = read_bytes(text.encode(), "a.txt").problems
    assert any("it is proposed, and what is kept apart is the text in force" in p.what for p in problems)


def test_columns_of_amounts_are_no_editions(read_bytes) -> None:
    rows = "<tr><th>Item</th><th>Current</th><th>Proposed</th></tr><tr><td>Ramps</td><td>12</td><td>20</td></tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    assert pages.paragraphs[1].text == "Ramps | 12 | 20" and not pages.problems


def test_headings_that_do_not_come_in_turn_are_no_editions(read_bytes) -> None:
    text = "Current\n\nThere are two ramps.\n\nCurrent\n\nThere are few lifts.\n\nProposed\n\nMore ramps.\n"
    pages = read_bytes(text.encode(), "a.txt")
    assert "There are two ramps." in [p.text for p in pages.paragraphs] and not pages.problems


def test_an_article_under_each_label_belongs_to_its_edition(read_bytes) -> None:
    old = "Article 5\n\nThe levy is two per cent.\n\nArticle 6\n\nThe fee is ten.\n\n"
    new = old.replace("two", "three").replace("ten", "twelve")
    text = f"Article 4\n\nThe first.\n\nAncien\n\n{old}Nouveau\n\n{new}Article 7\n\nThe last.\n"
    pages = read_bytes(text.encode(), "a.txt")
    assert [p.text for p in pages.paragraphs] == [
        "Article 4",
        "The first.",
        "Article 5",
        "The levy is three per cent.",
        "Article 6",
        "The fee is twelve.",
        "Article 7",
        "The last.",
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("Official text", "Commentary"), ("Texto", "Comentarios"), ("Texte", "Notes explicatives")]
)
def test_a_column_of_commentary_beside_the_text_is_kept_apart(read_bytes, one: str, other: str) -> None:
    rows = f"<tr><th>{one}</th><th>{other}</th></tr><tr><td>1. States shall dig wells.</td><td>Springs were meant.</td></tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    found = pages.paragraphs[-1]
    assert (found.text, found.number, found.kind) == ("1. States shall dig wells.", "1", "paragraph")
    assert [p.text for p in pages.leftovers if p.kind == "commentary"] == ["Springs were meant."]
    assert any("beside commentary" in p.what and other in p.what for p in pages.problems)


def test_a_column_of_comments_in_the_table_of_a_plan_is_text(read_bytes) -> None:
    rows = "<tr><th>Activity</th><th>Comments</th></tr><tr><td>Dig wells</td><td>In two towns.</td></tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    assert pages.paragraphs[1].text == "Dig wells | In two towns." and not pages.problems


@pytest.mark.parametrize(("old", "new", "proposed"), [("Vigente", "Propuesto", True), ("DICE:", "DEBE DECIR:", False)])
def test_a_correction_is_not_called_a_proposal(read_bytes, old: str, new: str, proposed: bool) -> None:
    """Errata of a decree in force have "dice / debe decir" (reads / should read): the corrected words bind already."""
    text = f"Artículo 5\n\n{old}\n\nLa cuota es de dos.\n\n{new}\n\nLa cuota es de tres.\n"
    said = " ".join(p.what for p in read_bytes(text.encode(), "a.md").problems)
    assert ("it is proposed" in said) is proposed


OLD, NEW = "The pension is two hundred shillings a quarter.", "The pension is three hundred shillings a month."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Before amendment", "After amendment"),
        ("Avant", "Après"),
        ("Principal Act", "As amended by Act 7 of 2020"),
        ("Antes de la reforma", "Después de la reforma"),
    ],
)
def test_heads_of_columns_that_only_say_before_and_after_part_sentences(read_bytes, old: str, new: str) -> None:
    rows = f"<tr><th>Section</th><th>{old}</th><th>{new}</th></tr><tr><td>5</td><td>{OLD}</td><td>{NEW}</td></tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    assert NEW in " ".join(p.text for p in pages.paragraphs) and [p.text for p in pages.leftovers] == [OLD]
    assert pages.problems


def test_before_and_after_above_figures_are_a_table(read_bytes) -> None:
    rows = "<tr><th>Measure</th><th>Before</th><th>After</th></tr><tr><td>Pensions</td><td>12 %</td><td>40 %</td></tr>"
    pages = read_bytes(f"<table>{rows}</table>".encode(), "a.html")
    assert "Pensions | 12 % | 40 %" in [p.text for p in pages.paragraphs] and not pages.problems


@pytest.mark.parametrize(
    "page",
    [
        f"# Law\n\nAncienne rédaction : {OLD}\n\nNouvelle rédaction : {NEW}\n",
        f"# Law\n\nVersion en vigueur du 1er janvier 2010 au 31 décembre 2019\n\n{OLD}\n\n"
        f"Version en vigueur depuis le 1er janvier 2020\n\n{NEW}\n",
        f"# Law\n\nText in force from 1 May 2010 to 31 December 2019\n\n{OLD}\n\n"
        f"Text in force from 1 January 2020\n\n{NEW}\n",
    ],
)
def test_a_label_before_the_words_and_one_with_its_time_name_an_edition(read_bytes, page: str) -> None:
    pages = read_bytes(page.encode(), "a.md")
    body = [p.text for p in pages.paragraphs]
    assert NEW in body and OLD not in " ".join(body) and OLD in [p.text for p in pages.leftovers]
    assert pages.problems
