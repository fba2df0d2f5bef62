"""The cases of the shared data on reading, each with its right value: a mistake that was corrected stays corrected."""

import pytest

from kb.read import read_here
from kb.structure import parse

LAW = "Every municipality shall keep a register of accessible dwellings and publish it once a year."
REPORT = "The minister shall report to parliament on the employment of persons with disabilities."

RIGHT = {
    "docx-altchunk": ["National plan for older persons.", "Chapter 2", LAW, REPORT, "Adopted by the council."],
    "docx-comments": [LAW, REPORT],
    "docx-deleted-paragraph-mark": [
        "Employers with more than fifty staff shall employ one person with a disability in every twenty-five."
    ],
    "docx-empty-cells": [
        "Action | Lead body | Deadline | Budget",
        "Build ramps at all clinics | | 2027 |",
        "Open day centres | Municipalities | | 2026",
    ],
    "docx-footnote-number": [
        "One household in nine has a member with a disability.",
        "Half of them are out of work.",
        "Census of 2011, table 4.",
        "Labour force survey of 2012.",
    ],
    "docx-formula": [
        "The monthly benefit is calculated as follows:",
        "Benefit = wage / 2",
        "It is paid from the first day of the month.",
    ],
    "docx-hidden-text": ["The agency shall pay the allowance within thirty days."],
    "docx-numbers-in-cells": [
        "No. | Action | Body",
        "1. | Build ramps at all clinics | Ministry of Health",
        "2. Open day centres | (a) For older persons (b) For young persons | Municipalities",
    ],
    "docx-strict": [LAW, REPORT],
    "html-button-headings": [
        "Disability allowance",
        "Who can apply for the allowance",
        LAW,
        "How the amount is set",
        REPORT,
    ],
    "html-class-social": [
        "Programmes",
        "Cash transfers",
        LAW,
        REPORT,
        "The council shall hear organisations of older persons every year.",
        "Contact the ministry.",
    ],
    "html-deleted-text": [
        "Consolidated act",
        "The allowance is three hundred shillings a month.",
        "Section 7 was repealed in 2019.",
    ],
    "html-fragment": [
        "Equality Act",
        "Every employer shall keep a record of posts.",
        "Part 2",
        "The levy is paid each quarter by each employer.",
    ],
    "html-latin1-smart-quotes": ["Plan", "The “national” plan – women’s rights – costs €5 million…"],
    "html-list-numbers": [
        "Section 4. Duties of employers",
        "Every employer shall:",
        "a. keep its premises accessible;",
        "b. provide reasonable accommodation;",
        "The following clauses continue:",
        "5. The inspector may enter any workplace.",
        "9. The fine is ten days of wages.",
    ],
    "html-superscript-note": [
        "Quota act",
        "The quota rose to 5² per cent in 2011³ and an area of 40 m² is set aside.",
        "1. Act 7, section 12.",
        "Census report.",
    ],
    "search-soft-hyphen": [
        "Vocational plan",
        "The state runs a re\u00adhabili\u00adtation centre in every county and pays for hydro\u00adtherapy.",
    ],
    "xml-akoma-ntoso": ["Chapter 1 Access", "1. Register", LAW, "2. Report", f"(1) {REPORT}"],
}


@pytest.fixture
def case(shared):
    """Return a function: `case(name)` reads the input of a case."""

    def read(name):
        folder = shared / "data" / "cases" / name
        if not folder.is_dir():
            pytest.skip(f"the case {name} is not there")
        return read_here(next(folder.glob("input.*")), ocr=False)

    return read


@pytest.mark.parametrize("name", RIGHT)
def test_the_paragraphs_of_a_case(case, name):
    assert [p.text for p in case(name).paragraphs] == RIGHT[name]


@pytest.mark.parametrize(
    ("name", "kind", "texts"),
    [
        ("docx-comments", "comment", ["Legal unit: the date of entry into force is still open."]),
        ("docx-hidden-text", "hidden", ["DRAFTER: ministry of finance objects"]),
        ("html-deleted-text", "deleted", ["two hundred", "applies to every employer"]),
    ],
)
def test_what_a_case_leaves_over(case, name, kind, texts):
    assert [p.text for p in case(name).leftovers if p.kind == kind] == texts


def test_numbers_and_calls_of_cases(case):
    notes = case("docx-footnote-number").paragraphs
    assert [p.notes for p in notes[:2]] == [("1",), ("2",)] and [p.number for p in notes[2:]] == ["1", "2"]
    assert [p.number for p in case("html-list-numbers").paragraphs if p.kind == "list-item"] == ["a.", "b.", "5.", "9."]
    assert [p.kind for p in case("html-button-headings").paragraphs].count("heading") == 3
    assert case("html-fragment").type == "html"


def test_the_ids_of_a_law_in_xml_are_its_locators(case):
    document = parse(case("xml-akoma-ntoso"), "generic", document="act", title="Act")
    assert {"act/chp_1", "act/sec_1", "act/sec_2"} <= {p.id for p in document.passages}
