"""Printed numbers, and text that only looks like one."""

import pytest

from kb.read.numbering import is_marker, number_of


@pytest.mark.parametrize(
    ("text", "number", "form"),
    [
        ("Article 12 bis. The State", "Article 12 bis", "article"),
        ("Artículo 4.- Objeto", "Artículo 4", "article"),
        ("ARTICULO 1°— OBJETO", "ARTICULO 1°", "article"),
        ("**ARTICULO 1°**— OBJETO", "ARTICULO 1°", "article"),
        ("10\\. Tenth right", "10", "arabic"),
        ("\\(a\\) to inform", "(a)", "letter"),
        ("Art\\. 5\\. Five", "Art. 5", "article"),
        ("Art. 6. La Commission", "Art. 6", "article"),
        ("Article 1er : Objet", "Article 1er", "article"),
        ("Статья 5 Права", "Статья 5", "article"),
        ("المادة 3", "المادة 3", "article"),
        ("Chapter IV", "Chapter IV", "chapter"),
        ("CAPÍTULO II DE LOS DERECHOS", "CAPÍTULO II", "chapter"),
        ("Section 6(2)(b) applies", "Section 6(2)(b)", "section"),
        ("5.2.3 Access to work", "5.2.3", "decimal"),
        ("12. The State", "12", "arabic"),
        ("(2) It extends", "(2)", "arabic"),
        ("a) in schools", "a)", "letter"),
        ("(iv) in work", "(iv)", "small-roman"),
        ("IV. PRIORITIES", "IV", "roman"),
        ("• ramps", "•", "bullet"),
        ("第三条 国家", "第三条", "cjk"),
        ("**3.4** Diseño", "3.4", "decimal"),
        ('"(4) The Minister shall report.', "(4)", "arabic"),
        ("“34A. The levy is two per cent.”", "34A", "arabic"),
        ("« 5° Les communes versent une aide. »", "5°", "arabic"),
        ("“(a) the State", "(a)", "letter"),
        ("Primera.- Disposiciones normativas", "Primera", "article"),
        ("**DÉCIMA SEGUNDA.—** Registro", "DÉCIMA SEGUNDA", "article"),
        ("Artikel 3a", "Artikel 3a", "article"),
        ("Abschnitt 2 Arbeit", "Abschnitt 2", "section"),
        ("Kapitel III", "Kapitel III", "chapter"),
        ("Articolo 7 Lavoro", "Articolo 7", "article"),
        ("Secção II Do trabalho", "Secção II", "section"),
    ],
)
def test_numbers_as_printed(text, number, form):
    found = number_of(text)
    assert (found.text, found.form) == (number, form)


@pytest.mark.parametrize(
    "text",
    [
        "“3.5 per cent of the posts”",
        "«A. Smith» is a name",
        "Primera - una línea",
        "Primera. Los Estados",
        "primera.- parte",
        "Artikel 5 des Gesetzes",
        "Articolo 5 della legge",
        "2004 was a year",
        "section 9; and",
        "Article 5 of the Convention",
        "Articles, and more",
        "The State",
        "",
        "1.500 persons were",
        "I think so",
        "A person",
        "s. 13 Reports.",
        "p. 12 of the report",
        "n. 4 above",
        "r. 5 applies",
    ],
)
def test_what_is_no_number(text):
    assert number_of(text) is None or number_of(text).text == "1.500"


@pytest.mark.parametrize("text", ["s. schools are open", "p. pensions", "a. 13 persons are named", "c. 12 months"])
def test_a_letter_with_a_point_still_counts_an_item(text: str) -> None:
    assert number_of(text).form == "letter"


def test_markers_are_numbers_alone():
    assert (
        is_marker("12.") and is_marker("(a)") and is_marker("•") and not is_marker("12. The") and not is_marker("Plan")
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("34A. An employer shall pay.", "34A"),
        ("34AB. An employer shall pay.", "34AB"),
        ("35B.(1) The levy is paid.", "35B"),
        ("36-1. The fund is audited.", "36-1"),
        ("36 - A. The fund is audited.", "36 - A"),
        ("12 quinquies.- El fondo", "12 quinquies"),
        ("Section 34A. Levy", "Section 34A"),
        ("Artigo 6.º-A — Registo", "Artigo 6.º-A"),
        ("Article L. 123-4. Le fonds", "Article L. 123-4"),
        ("Article L1132-1 Le fonds", "Article L1132-1"),
        ("§ 12a Der Fonds", "§ 12a"),
        ("Article 256³⁵ Le fonds", "Article 256"),
        ("Art. unique. La loi", "Art. unique"),
        ("C H A P T E R I", "CHAPTER I"),
        ("A R T I C L E  1 2", "ARTICLE 12"),
        ("T Í T U L O  I V", "TÍTULO IV"),
        ("A R T I C L E 1. Scope", "ARTICLE 1"),
        ("Strategic objective B.2. Wells", "Strategic objective B.2"),
    ],
)
def test_numbers_with_letters_behind_and_letters_set_apart(text: str, number: str) -> None:
    assert number_of(text).text == number


@pytest.mark.parametrize(
    "text",
    [
        "Regulations",
        "3D printers are bought",
        "10-15 years later",
        "P R E A M B L E",
        "I N  T H E  H O U S E",
        "Articles of association",
        "Section 21(3) takes effect on a day that the Minister fixes",
        "1990-1995. A period",
    ],
)
def test_words_and_spans_of_years_are_no_numbers(text: str) -> None:
    assert number_of(text) is None


def test_a_dash_before_a_title_is_no_letter() -> None:
    assert number_of("Article 5 – A new beginning").text == "Article 5"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 - A lei define os direitos.", "1"),
        ("12 – Todos têm direito à segurança social.", "12"),
        ("5 - É garantido o acesso.", "5"),
        ("3 - 4 years of schooling", None),
        ("2 - step plan", None),
        ("1990 - The year of the census", None),
    ],
)
def test_number_before_a_dash_with_spaces(text, number):
    found = number_of(text)
    assert (found.text if found else None) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("PART IIA – THE FUND", "PART IIA"),
        ("CHAPTER IVB Housing", "CHAPTER IVB"),
        ("PART II – THE BOARD", "PART II"),
        ("PARTE III A los efectos de esta ley", "PARTE III"),
    ],
)
def test_roman_parts_with_a_letter(text: str, number: str) -> None:
    found = number_of(text)
    assert found is not None and found.text == number
