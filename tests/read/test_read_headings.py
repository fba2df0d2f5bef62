"""Headings that a Markdown file does not mark, or marks wrongly, and numbers on lines of their own."""

from __future__ import annotations

import pytest

LAW = """# Act on Wells

## CHAPTER 2: Definitions

### SECTION 3. Definition of terms

Words mean what they say.

CHAPTER III

Rights to Wells

SECTION 4. Concept of wells. — Wells shall include springs and pumps.

SECTION 5. Ownership. — Wells belong to those who dug them.

PARTE II. DE LAS FUENTES

ÁMBITO 1: AGUA PARA TODOS

FINES Y PRINCIPIOS

El agua es de todos.
"""


def by_text(pages):
    return {p.text.split("\n")[0]: p for p in pages.paragraphs}


def test_plain_lines_with_the_name_of_a_part_or_in_capitals_are_headings(read_bytes) -> None:
    found = by_text(read_bytes(LAW.encode(), "a.md"))
    for heading in ("CHAPTER III", "PARTE II. DE LAS FUENTES", "ÁMBITO 1: AGUA PARA TODOS", "FINES Y PRINCIPIOS"):
        assert found[heading].kind == "heading", heading
    assert found["CHAPTER III"].level == 2
    assert found["SECTION 4. Concept of wells. — Wells shall include springs and pumps."].section[-1] == "CHAPTER III"
    assert found["El agua es de todos."].section[-3:] == (
        "PARTE II. DE LAS FUENTES",
        "ÁMBITO 1: AGUA PARA TODOS",
        "FINES Y PRINCIPIOS",
    )


def test_a_section_that_begins_in_a_paragraph_ends_the_heading_of_the_one_before(read_bytes) -> None:
    text = "## SECTION 2. Policy\n\nThe State digs.\n\nSECTION 3. Terms. — A well is a hole.\n\nIt is deep.\n"
    assert by_text(read_bytes(text.encode(), "a.md"))["It is deep."].section == ()


TABLE = """## Tabla

Trabaja (%)

44.2

**49.8**

36.7

**Total**

17.9

Texto de la norma.

**4.1**

**Del derecho al agua**

El agua es de todos.
"""


def test_bold_figures_and_bold_words_between_figures_are_cells_of_a_table_and_no_headings(read_bytes) -> None:
    found = by_text(read_bytes(TABLE.encode(), "a.md"))
    assert found["49.8"].kind == found["Total"].kind == "paragraph"
    assert found["Texto de la norma."].section == ("Tabla",)
    assert found["4.1"].kind == found["Del derecho al agua"].kind == "heading", "a number alone above its title"


@pytest.mark.parametrize("mark", ["(1)", "a)", "1.", "(ii)"])
def test_a_number_on_its_own_numbers_the_next_paragraph(read_bytes, mark: str) -> None:
    pages = read_bytes(f"#### Art. 1.\n\n{mark}\n\nLe fonds est créé.\n\nIl est public.\n".encode(), "a.md")
    assert [p.text for p in pages.paragraphs[1:]] == [f"{mark} Le fonds est créé.", "Il est public."]
    assert pages.paragraphs[1].number


def test_bold_over_two_lines_is_a_heading_and_its_marks_are_left_over(read_bytes) -> None:
    pages = read_bytes("**CAPÍTULO I  \n**\n\n**DISPOSICIONES  \n**\n\nEl texto.\n".encode(), "a.md")
    assert [(p.kind, p.text) for p in pages.paragraphs] == [
        ("heading", "CAPÍTULO I"),
        ("heading", "DISPOSICIONES"),
        ("paragraph", "El texto."),
    ]
    assert {p.text for p in pages.leftovers} == {"**"}


def test_headings_that_are_none_become_text(read_bytes) -> None:
    rows = "".join(f"**De {n} a {n + 1} UIT**\n\nMulta.\n\n" for n in range(1, 6))
    pages = read_bytes(f"La multa según el\n\n##### artículo 6°, inciso d) de esta ley.\n\n{rows}".encode(), "a.md")
    assert "heading" not in {p.kind for p in pages.paragraphs}


def test_a_heading_in_capitals_goes_on_in_the_next_line(read_bytes) -> None:
    pages = read_bytes(b"CHAPITRE II : DU SUIVI\nDES ENFANTS\n\nLe suivi est public.\n", "a.md")
    assert next((p.kind, " ".join(p.text.split())) for p in pages.paragraphs) == (
        "heading",
        "CHAPITRE II : DU SUIVI DES ENFANTS",
    )


def test_capitals_in_the_middle_of_a_sentence_are_no_heading(read_bytes) -> None:
    pages = read_bytes("El derecho a la\n\nIDENTIFICACION Y REGISTRO\n\nde los niños es pleno.\n".encode(), "a.md")
    assert "heading" not in {p.kind for p in pages.paragraphs}


def test_an_acronym_among_letters_without_case_makes_no_heading():
    from kb.read.layout.kinds import caps

    assert caps("RIGHTS OF ALL") and not caps("يحق لكل شخص اللجوء إلى القضاء CRPD خلال يوم")


def test_strong_print_that_is_a_piece_a_link_or_a_remark_is_no_heading(read_bytes):
    strong = [
        "Infracciones muy graves (Mayor a 10 UIT",
        "hasta 20 UIT):",
        "[Enlace: Exposición](http://example.org/a.pdf)",
        "(\\*) Artículo modificado por el Decreto, cuyo texto es:",
    ]
    kept = ["Primera.- Disposiciones normativas", "2) De la multa", "Plan (2020)"]
    text = "# Ley\n\n" + "".join(f"**{each}**\n\nEl Estado garantiza el empleo.\n\n" for each in strong + kept)
    pages = read_bytes(text.encode(), "a.md")
    assert [p.text for p in pages.paragraphs if p.kind == "heading"] == ["Ley", *kept]
    assert [p.number for p in pages.paragraphs if p.text.startswith("Primera")] == ["Primera"]
