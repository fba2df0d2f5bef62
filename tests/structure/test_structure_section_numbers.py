"""A place of an act with numbered sections is cited with its section number, as a lawyer writes it, and with no
other's."""

import pytest

from kb.models import Pages, Paragraph
from kb.structure import parse


def cited(*rows: tuple[str, str], language="en") -> list[str]:
    """Return the citations, without the title, of paragraphs given as (kind, text)."""
    heads = [text for kind, text in rows if kind == "heading"]
    paragraphs = [
        Paragraph(
            text=text,
            kind=kind,
            number=next((text[: text.index(")") + 1] for _ in "x" if text.startswith("(")), None),
            section=() if kind == "heading" or not heads else (next_above(rows, n),),
            level=2 if kind == "heading" else None,
        )
        for n, (kind, text) in enumerate(rows)
    ]
    pages = Pages(file="a.md", sha256="0" * 64, type="text", language=language, paragraphs=tuple(paragraphs), text="")
    found = parse(pages, "generic", document="act", title="Act").passages
    return [each.citation.removeprefix("Act").removeprefix(", ") for each in found]


def next_above(rows, n):
    return next((text for kind, text in reversed(rows[:n]) if kind == "heading"), "")


H, P, L = "heading", "paragraph", "list-item"


def test_a_number_in_a_heading_without_a_point_is_the_sections():
    found = cited(
        (H, "10 Standards for access"),
        (P, "(1) A health post must stand within 5 kilometres, as section 2 says."),
        (P, "(2) The Minister must:"),
        (L, "(a) build;"),
        (L, "(b) repair."),
        (H, "23 Commencement of section 21(3)"),
        (P, "Section 21(3) takes effect on a day that the Minister fixes."),
    )
    assert found == [
        "section 10",
        "section 10(1), “Standards for access”",
        "section 10(2), “Standards for access”",
        "section 10(2)(a), “Standards for access”",
        "section 10(2)(b), “Standards for access”",
        "section 23",
        "section 23, “Commencement of section 21(3)”",
    ]


def test_a_section_that_its_first_line_opens_goes_on_as_far_as_its_numbers_do():
    found = cited(
        (P, "4. Appointment of Chairperson.—(1) The Federal Government shall invite suggestions."),
        (P, "(2) The Prime Minister shall forward names under this section."),
        (P, "Provided that there is a consensus."),
        (P, "(3) The Committee shall:"),
        (L, "(a) meet;"),
        (P, "5. (1) The members shall be appointed."),
        (P, "(4) A number that goes on from nothing."),
        (P, "(5) And the next."),
    )
    assert found == [
        "section 4",
        "section 4(2)",
        "",
        "section 4(3)",
        "section 4(3)(a)",
        "section 5(1)",
        "(4)",
        "(5)",
    ]


def test_what_an_act_does_not_call_a_section_has_its_number_alone():
    rows = ((H, "4 Discriminación"), (P, "(1) Nadie será discriminado."), (P, "(2) La ley lo prohíbe."))
    assert cited(*rows, language="es")[1:] == ["4(1), “Discriminación”", "4(2), “Discriminación”"]
    report = ((P, "5. Congress should amend section 504."), (P, "6. Congress should fund it."))
    assert not any("section" in each for each in cited(*report)), "a report speaks of the sections of acts"


def test_a_schedule_counts_anew_and_has_no_sections():
    found = cited(
        (H, "1. Title"),
        (P, "(1) This section names the act."),
        (H, "2. Money"),
        (P, "(1) It costs nothing."),
        (H, "1. Meetings"),
        (P, "(1) The Council meets."),
    )
    assert [each.partition(",")[0] for each in found[1::2]] == ["section 1(1)", "section 2(1)", "1(1)"]


@pytest.mark.parametrize("after", ['"(4) The Government shall:', "“(4) The Government shall:"])
def test_a_provision_of_another_act_in_quotation_marks_is_no_subsection(after):
    found = cited((H, "3 Amendment of section 6"), (P, "(1) In that Act is added:"), (P, after), (L, "(a) build."))
    assert found[1].startswith("section 3(1)") and "section 3(4)" not in str(found) and "3(1)(a)" not in str(found)


def test_a_number_in_the_margin_and_a_letter_read_as_a_figure_open_nothing():
    margin = cited((P, "9. (1) In this section:"), (P, "10 (2) The Minister appoints."), (L, "(d) to act;"))
    assert margin[1:] == ["", "(d)"]
    letter = cited((P, "1. (1) This section."), (P, "2. They:"), (L, "(a) act;"), (P, "(1) liaise."))
    assert letter[3] == "(1)"


@pytest.mark.parametrize(
    ("name", "wanted", "no"),
    [
        ("zimbabwe/Zimbabwe_Gender_Commission_Act_(1).pdf", "section 3(3)(b), p. 5", "section 246"),
        ("sri-lanka/LK-gender-equality-bill-2024.pdf", "section 6(1)(a)(ii), p. 6", "(), "),
        ("pakistan/National_Commission_on_the_Status_of_Women_Act_201.pdf", "section 14(2)(b), p. 8", "section 11(1)"),
    ],
)
def test_real_acts_are_cited_by_section(shared, name, wanted, no):
    from kb.read import read

    path = shared / "data" / "policies" / name
    found = [each.citation for each in parse(read(path), "generic", document="d", title="T").passages]
    assert f"T, {wanted}" in found and not [each for each in found if no in each]
    assert len({each for each in found if "section" in each}) > 40
