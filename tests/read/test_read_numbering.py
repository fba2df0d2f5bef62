"""Printed numbers, and what only looks like one."""
import pytest

from kb.read.numbering import is_marker, number_of


@pytest.mark.parametrize(("text", "number", "form"), [
    ("Article 12 bis. The State", "Article 12 bis", "article"), ("Artículo 4.- Objeto", "Artículo 4", "article"),
    ("ARTICULO 1°— OBJETO", "ARTICULO 1°", "article"), ("**ARTICULO 1°**— OBJETO", "ARTICULO 1°", "article"),
    ("Art. 6. La Commission", "Art. 6", "article"), ("Article 1er : Objet", "Article 1er", "article"),
    ("Статья 5 Права", "Статья 5", "article"), ("المادة 3", "المادة 3", "article"), ("Chapter IV", "Chapter IV", "chapter"),
    ("CAPÍTULO II DE LOS DERECHOS", "CAPÍTULO II", "chapter"), ("Section 6(2)(b) applies", "Section 6(2)(b)", "section"),
    ("5.2.3 Access to work", "5.2.3", "decimal"), ("12. The State", "12", "arabic"), ("(2) It extends", "(2)", "arabic"),
    ("a) in schools", "a)", "letter"), ("(iv) in work", "(iv)", "small-roman"), ("IV. PRIORITIES", "IV", "roman"),
    ("• ramps", "•", "bullet"), ("第三条 国家", "第三条", "cjk"), ("**3.4** Diseño", "3.4", "decimal"),
])
def test_numbers_as_printed(text, number, form):
    found = number_of(text)
    assert (found.text, found.form) == (number, form)


@pytest.mark.parametrize("text", ["2004 was a year", "section 9; and", "Article 5 of the Convention", "Articles, and more",
                                  "The State", "", "1.500 persons were", "I think so", "A person"])
def test_what_is_no_number(text):
    assert number_of(text) is None or number_of(text).text == "1.500"


def test_markers_are_numbers_alone():
    assert is_marker("12.") and is_marker("(a)") and is_marker("•") and not is_marker("12. The") and not is_marker("Plan")
