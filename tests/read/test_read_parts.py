"""Parts of plans and laws that plain text does not mark: named headings, numbers on lines of their own, contents
lists."""

from __future__ import annotations

import pytest

from kb.read.numbering import number_of

HEADINGS = [
    "Eje estratégico 3. Participación",
    "Objetivo específico 1.2: Acceso",
    "Componente 1 – Salud",
    "Meta 4. Empleo para todos",
    "Línea de acción 2. Vivienda",
    "Priority Area 3 – Work",
    "Theme 1. Dignity",
    "Measure 12. Ramps",
    "Step 3: Reporting",
    "Orientation stratégique 2 : Logement",
    "Mesure 12. Rampes",
    "Pilier 1 : Dignité",
    "Action n° 4 : Former les agents",
    "Eixo 2: Trabalho",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_parts_of_a_plan_are_headings_with_their_number(read_bytes, heading: str) -> None:
    pages = read_bytes(f"PLAN\n\n{heading}\n\nThe towns keep a list of them.\n".encode(), "a.txt")
    (found,) = [p for p in pages.paragraphs if p.text == heading]
    assert found.kind == "heading" and found.number is not None


@pytest.mark.parametrize(
    "words", ["MEDIDAS EXCEPCIONALES", "OBJECTIVES FOR ALL", "ACTIONS TO BE TAKEN", "PARTICIPATION"]
)
def test_the_end_of_a_word_is_no_number(words: str) -> None:
    assert number_of(words) is None


NUMBERED = [("(1)", "Every employer shall keep one post."), ("(2)", "The Minister may exempt one."), ("(a)", "a town;")]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", "{}\n\n{}\n\n"),
        ("a.md", "{}\n\n{}\n\n"),
        ("a.html", "<p>{}</p><p>{}</p>"),
        ("a.html", "<div>{}</div><div>{}</div>"),
    ],
)
def test_a_number_on_its_own_numbers_the_paragraph_below_it(read_bytes, name: str, form: str) -> None:
    pages = read_bytes("".join(form.format(*each) for each in NUMBERED).encode(), name)
    assert [p.text for p in pages.paragraphs] == [f"{number} {text}" for number, text in NUMBERED]
    assert [p.number for p in pages.paragraphs] == [number for number, _ in NUMBERED]


ENTRIES = [("1. Introduction", 3), ("2. Housing", 5), ("2.1 Social housing", 6), ("3. Monitoring", 9)]
BODY = [f"The towns report on part {n} each year." for n in range(4)]


@pytest.mark.parametrize("title", ["", "CONTENTS\n\n"])
@pytest.mark.parametrize("between", [" ................ ", "        ", "\t"])
@pytest.mark.parametrize("end", ["\n", "\n\n"])
def test_a_contents_list_is_none_of_the_text(read_bytes, title: str, between: str, end: str) -> None:
    entries = "".join(f"{words}{between}{page}{end}" for words, page in ENTRIES)
    parts = "".join(f"{words}\n\n{text}\n\n" for (words, _), text in zip(ENTRIES, BODY))
    pages = read_bytes(f"NATIONAL PLAN\n\n{title}{entries}\n{parts}".encode(), "a.txt")
    rest = [p.text for p in pages.paragraphs if p.kind != "contents" and p.text not in ("NATIONAL PLAN", "CONTENTS")]
    assert rest == [text for (words, _), body in zip(ENTRIES, BODY) for text in (words, body)]


def test_rows_that_end_in_figures_and_do_not_come_again_stay(read_bytes) -> None:
    rows = "".join(f"<tr><td>Town {n}</td><td>{n * 7}</td></tr>" for n in range(1, 6))
    pages = read_bytes(f"<table>{rows}</table><p>Town 1</p>".encode(), "a.html")
    assert [p.kind for p in pages.paragraphs] == ["table-row"] * 5 + ["paragraph"]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_line_that_hangs_under_the_words_of_a_number_goes_on_with_them(read_bytes, name: str) -> None:
    text = "1. First rule\n   goes on\n2. Second rule\n   goes on too\n\nIntroduction\n\nThe rest.\n"
    pages = read_bytes(text.encode(), name)
    assert [p.text for p in pages.paragraphs][:2] == ["1. First rule goes on", "2. Second rule goes on too"]


def test_an_unordered_list_that_its_style_numbers_has_the_letters_that_are_printed(read_bytes) -> None:
    page = '<ul style="list-style-type:lower-alpha"><li>dig wells</li><li>keep them</li></ul><ul><li>rest</li></ul>'
    pages = read_bytes(page.encode(), "a.html")
    assert [p.text for p in pages.paragraphs] == ["a. dig wells", "b. keep them", "rest"]


def test_a_raised_letter_behind_a_figure_is_no_letter_of_a_section(read_bytes) -> None:
    page = "<p>Section 12<sup>a</sup>, 3<sup>a</sup> edición, 1<sup>o</sup> de mayo, 2<sup>e</sup> loi, 4<sup>th</sup>.</p>"
    pages = read_bytes(page.encode(), "a.html")
    assert pages.paragraphs[0].text == "Section 12ª, 3ª edición, 1º de mayo, 2e loi, 4th."
