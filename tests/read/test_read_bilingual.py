"""A text in two languages side by side: tables and columns of plain text are read one language after the other."""

from __future__ import annotations

import pytest

EN = [
    "Article 1",
    "Every person has the right to take part in the life of the community.",
    "Article 2",
    "The Minister shall report to Parliament each year on the measures taken.",
]
FR = [
    "Article premier",
    "Toute personne a le droit de prendre part à la vie de la communauté.",
    "Article 2",
    "Le ministre rend compte chaque année au Parlement des mesures prises.",
]


def html(rows: list[tuple[str, ...]]) -> bytes:
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows) + "</table>"
    ).encode()


def markdown(rows: list[tuple[str, ...]]) -> bytes:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows).encode()


@pytest.mark.parametrize(("write", "name"), [(html, "a.html"), (markdown, "a.md")])
def test_rows_of_two_languages_are_two_texts(read_bytes, write, name):
    pages = read_bytes(write(list(zip(EN, FR, strict=True))), name)
    assert [p.text for p in pages.paragraphs] == [*EN, *FR]
    assert [p.language for p in pages.paragraphs if len(p.text) > 40] == ["en", "en", "fr", "fr"]
    assert any("two languages side by side (en, fr)" in p.what for p in pages.problems)
    assert all(pages.text[slice(*p.chars)].split() == p.text.split() for p in pages.paragraphs)


def test_a_cell_that_is_empty_in_one_language_shifts_nothing(read_bytes):
    rows = [*zip(EN, FR, strict=True), ("This clause is printed in one language.", ""), ("", "Cette clause aussi.")]
    texts = [p.text for p in read_bytes(html(rows), "a.html").paragraphs]
    assert texts == [*EN, "This clause is printed in one language.", *FR, "Cette clause aussi."]


@pytest.mark.parametrize(
    "rows",
    [
        [(a, a) for a in EN],
        [(EN[1], FR[1])],
        [(EN[1], FR[1], "2027"), (EN[3], FR[3], "2028")],
        [("Ministère de la santé", "Ministry of Health"), ("École", "School"), ("Cour", "Court")],
        [(EN[1], FR[1]), (FR[3], EN[3])],
    ],
    ids=["one language", "one row", "a third column", "names", "languages that change sides"],
)
def test_other_tables_stay_rows(read_bytes, rows):
    assert {p.kind for p in read_bytes(html(rows), "a.html").paragraphs} == {"table-row"}


COLUMNS = """                      CARERS ACT / LEY DE CUIDADORES

Article 1. Every person has        Artículo 1. Toda persona tiene
the right to care at home and      derecho al cuidado en su casa y
to take part in the life of        a participar en la vida de la
the community.                     comunidad.

Article 2. The Minister shall      Artículo 2. El Ministro informará
report to Parliament each year     al Parlamento cada año sobre las
on the measures taken.             medidas adoptadas.
"""


def test_two_columns_of_plain_text_are_two_texts(read_bytes):
    pages = read_bytes(COLUMNS.encode(), "act.txt")
    assert [p.text for p in pages.paragraphs] == [
        "CARERS ACT / LEY DE CUIDADORES",
        "Article 1. Every person has the right to care at home and to take part in the life of the community.",
        "Article 2. The Minister shall report to Parliament each year on the measures taken.",
        "Artículo 1. Toda persona tiene derecho al cuidado en su casa y a participar en la vida de la comunidad.",
        "Artículo 2. El Ministro informará al Parlamento cada año sobre las medidas adoptadas.",
    ]
    assert any("two columns hold the text in two languages (en, es)" in p.what for p in pages.problems)


def test_a_list_set_with_blanks_stays_as_it_is(read_bytes):
    lines = [f"Programme {n} of the Ministry of Health      {n},000 euros a year" for n in range(1, 9)]
    pages = read_bytes("\n".join(lines).encode(), "a.txt")
    assert not any("two columns" in p.what for p in pages.problems) and "8,000 euros" in pages.paragraphs[-1].text
