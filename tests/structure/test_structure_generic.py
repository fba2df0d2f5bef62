"""Policies as passages: ids, printed numbers, introductory lines, pieces; nothing lost, nothing invented."""

import pytest

from kb.models import Pages, Paragraph
from kb.structure import parse
from kb.structure.pieces import item_starts, pieces
from kb.text import squeeze

SENTENCE = "The Ministry shall publish a report on the inclusion of every person in the country each year. "


def pages(*rows: Paragraph, type="pdf", text=None) -> Pages:
    return Pages(file="a.pdf", sha256="0" * 64, type=type, language="en", paragraphs=rows, text=text or "")


def policy(*rows: Paragraph, **options):
    return parse(pages(*rows), "generic", document="pk-act", title="Act of 2012", **options)


ROWS = (
    Paragraph(text="Chapter II", kind="heading", page=3, level=1, number="Chapter II"),
    Paragraph(text="Article 4. The Commission shall:", page=3, section=("Chapter II",), number="Article 4"),
    Paragraph(text="(a) examine", kind="list-item", page=3, section=("Chapter II",), number="(a)"),
    Paragraph(text="(i) laws;", kind="list-item", page=3, section=("Chapter II",), number="(i)"),
    Paragraph(text="(b) review.", kind="list-item", page=4, section=("Chapter II",), number="(b)"),
)


def test_identifiers_count_within_the_page_and_are_the_same_again():
    ids = [p.id for p in policy(*ROWS).passages]
    assert ids == ["pk-act/p3/1", "pk-act/p3/2", "pk-act/p3/3", "pk-act/p3/4", "pk-act/p4/1"]
    assert ids == [p.id for p in policy(*ROWS).passages]


def test_list_items_keep_their_lead_in():
    assert [p.parent for p in policy(*ROWS).passages] == [None, None, "pk-act/p3/2", "pk-act/p3/3", "pk-act/p3/2"]


def test_a_letter_that_is_a_roman_number_too_stays_beside_its_neighbour():
    rows = [Paragraph(text="It shall:", page=1)]
    rows += [Paragraph(text=f"({c}) act;", kind="list-item", page=1, number=f"({c})") for c in "ghij"]
    assert [p.parent for p in policy(*rows).passages] == [None] + ["pk-act/p1/1"] * 4


def test_citations_hold_only_what_is_printed():
    assert [p.citation for p in policy(*ROWS).passages] == [
        "Act of 2012, Chapter II, p. 3",
        "Act of 2012, Article 4, p. 3",
        "Act of 2012, Article 4, (a), p. 3",
        "Act of 2012, Article 4, (i), p. 3",
        "Act of 2012, Article 4, (b), p. 4",
    ]
    assert policy(Paragraph(text="No number here.", page=2)).passages[0].citation == "Act of 2012, p. 2"


def test_force_and_notes_are_on_every_passage():
    found = policy(*ROWS, Paragraph(text="Read by a machine.", page=5, confidence=0.91), notes=("draft",)).passages
    assert {p.force for p in found} == {"national-measure"} and all("draft" in p.notes for p in found)
    assert found[-1].notes == ("draft", "read by OCR, confidence 0.91")


def test_long_paragraphs_become_pieces_of_whole_sentences():
    text = (SENTENCE * 20).strip()
    document = parse(
        pages(Paragraph(text=text, page=1, chars=(0, len(text))), text=text), "generic", document="d", title="T"
    )
    assert all(len(p.text.split()) <= 120 and p.text.endswith(".") for p in document.passages)
    assert [p.parent for p in document.passages[1:]] == ["d/p1/1"] * (len(document.passages) - 1)
    assert "".join("".join(p.text.split()) for p in document.passages) == "".join(text.split())
    assert all(squeeze(text[slice(*p.place.chars)]) == p.text for p in document.passages)


def test_short_paragraphs_and_sentences_without_a_break_are_not_split():
    assert pieces("One short sentence.", "en") == [(0, 19)]
    assert len(pieces("word " * 200, "en")) == 1


@pytest.mark.parametrize("name", ["argentina/LEY-26061.md", "benin/code-enfant-benin.md", "peru/DS-002-2014-MIMP.md"])
def test_real_laws_lose_nothing(shared, name):
    from kb.read import read

    found = read(shared / "data" / "policies" / name)
    document = parse(found, "generic", document="law", title="Law")
    parts = sorted([*document.passages, *document.leftovers], key=lambda p: p.place.chars)
    assert "".join("".join(p.text.split()) for p in parts) == "".join(found.text.split())
    assert len({p.id for p in document.passages}) == len(document.passages)


def test_a_list_that_runs_on_in_one_line_is_parted_at_its_items() -> None:
    items = [
        f"{n}. Well {n} "
        + "is dug by the people of the village and kept clean for all who live there " * 5
        + "each year."
        for n in range(1, 5)
    ]
    text = "The plan has four aims. " + " ".join(items)
    starts = [text[at : at + 7] for at in item_starts(text)]
    assert starts == ["1. Well", "2. Well", "3. Well", "4. Well"]
    assert [text[a:b].strip()[:7] for a, b in pieces(text, "en")] == ["The pla", *starts]


@pytest.mark.parametrize(
    "text",
    [
        "In 1990. Two of 3. Three were dug in 1995 and 2. none",
        "See para. 2. and para. 4. of it.",
        "a) one is not a list, and b) neither are two",
    ],
)
def test_figures_of_sentences_are_no_items(text: str) -> None:
    assert item_starts(text) == []
