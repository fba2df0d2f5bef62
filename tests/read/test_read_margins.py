"""Text in the margins of bills and acts, and text that is rotated or struck out."""

from __future__ import annotations

import io

import pypdf
import pytest
from make import pdf, prose
from pypdf.annotations import FreeText, Text
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

BILL = (
    "Every employer shall keep one post in twenty for persons with disabilities and shall say so where posts are offered "
    "to the public. An employer who does not keep the posts shall pay a levy into the fund that this Act sets up for "
    "them and for those who care for them at home or elsewhere in the country."
)
SIDE = [
    (
        "4.",
        "Every office shall keep a register of ramps that visitors may read on any working day.",
        "Register of ramps.",
    ),
    (
        "5.",
        "An office that keeps no register shall pay a fine that the court sets for it in each single case.",
        "Fine.",
    ),
    (
        "6.",
        "The minister shall lay the registers of all the offices before parliament at the end of each year.",
        "Reports to parliament.",
    ),
    (
        "7.",
        "This part comes into force on the day on which it is published in the gazette of the republic.",
        "Commencement.",
    ),
]


def texts(pages, *kinds):
    return [p.text for p in pages.paragraphs if not kinds or p.kind in kinds]


@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("side", ["left", "right"])
def test_line_numbers_of_a_bill_are_left_over(read_bytes, step: int, side: str) -> None:
    sheets = []
    for first in (1, 2):
        rows = prose(100, 200, f"Section {first}. Duty to employ. " + BILL + " " + BILL)
        sheets.append(
            rows + [(60 if side == "left" else 470, y, str(n)) for n, (_, y, _) in enumerate(rows, 1) if n % step == 0]
        )
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert [p.number for p in pages.paragraphs] == ["Section 1", "Section 2"]
    assert texts(pages)[0] == f"Section 1. Duty to employ. {BILL} {BILL}"
    assert {p.text for p in pages.leftovers if p.kind == "line-number"} >= {str(step), str(2 * step)}


@pytest.mark.parametrize("side", ["left", "right"])
def test_line_numbers_that_count_empty_lines_too_are_left_over(read_bytes, side: str) -> None:
    sheets = []
    for first in (1, 3):
        rows, line = [], 0
        for number in (first, first + 1):
            part = prose(100, 200 + 14 * line, f"Section {number}. Duty to employ. " + BILL)
            rows += part
            line += len(part)
            rows += [(60 if side == "left" else 470, y, "5") for _, y, _ in part if y == 200 + 14 * 4]
            rows += [(60 if side == "left" else 470, y, "10") for _, y, _ in part if y == 200 + 14 * 9]
            line += 1
        sheets.append(rows)
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert texts(pages) == [f"Section {n}. Duty to employ. {BILL}" for n in (1, 2, 3, 4)]
    assert [p.text for p in pages.leftovers if p.kind == "line-number"] == ["5", "10"] * 2


def test_figures_that_number_short_entries_are_no_line_numbers(read_bytes) -> None:
    names = [
        "Ministry of Works",
        "Ministry of Health",
        "Ministry of Labour",
        "Ministry of Justice",
        "Ministry of Sport",
        "Office of Youth",
    ]
    rows = [row for n, name in enumerate(names, 1) for row in ((60, 200 + 14 * n, str(n)), (80, 200 + 14 * n, name))]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert not [p for p in pages.leftovers if p.kind == "line-number"]
    assert "6 Office of Youth" in " ".join(texts(pages)).replace(" | ", " ")


def _act(side: str) -> bytes:
    rows, y = [], 150
    for number, text, note in SIDE:
        body = prose(150 if side == "left" else 60, y, f"{number} {text}", 55)
        beside = prose(55 if side == "left" else 440, y, note, 14, 11)
        rows += body + [(*row, 8) for row in beside]
        y = max(body[-1][1], beside[-1][1]) + 24
    return pdf([rows])


@pytest.mark.parametrize("side", ["left", "right"])
def test_side_notes_head_their_sections_and_cut_no_sentence(read_bytes, side: str) -> None:
    pages = read_bytes(_act(side), "act.pdf", ocr=False)
    assert texts(pages, "heading") == [note for _, _, note in SIDE]
    assert texts(pages, "paragraph") == [f"{number} {text}" for number, text, _ in SIDE]
    assert [p.number for p in pages.paragraphs if p.kind == "paragraph"] == ["4", "5", "6", "7"]
    assert [p.section for p in pages.paragraphs if p.kind == "paragraph"] == [(note,) for _, _, note in SIDE]


def test_the_running_head_of_a_small_page_in_a_large_one_is_lifted(read_bytes) -> None:
    sheets = [[(250, 200, "Inclusion Act"), *prose(150, 240, f"{n}. " + BILL, 50)] for n in (1, 2, 3)]
    pages = read_bytes(pdf(sheets), "a.pdf", ocr=False)
    assert [p.text for p in pages.leftovers if p.kind == "running-head"] == ["Inclusion Act"] * 3


def test_a_line_that_is_on_pages_as_often_as_at_their_tops_is_text(read_bytes) -> None:
    sheets = [
        [(60, 60, "Measures"), *prose(60, 90, BILL), (60, 300, "Measures"), *prose(60, 330, BILL)] for _ in range(3)
    ]
    assert texts(read_bytes(pdf(sheets), "a.pdf", ocr=False)).count("Measures") == 6


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [("0 1 -1 0 300 300", "upwards"), ("0 -1 1 0 300 700", "downwards"), ("-1 0 0 -1 500 300", "upside down")],
)
def test_turned_text_is_read_in_its_own_direction_and_reported(read_bytes, matrix: str, turn: str) -> None:
    drawing = f"BT /F1 11 Tf {matrix} Tm (Goal 1: a seat in every council by 2030.) Tj ET"
    pages = read_bytes(pdf([prose(60, 100, BILL)], drawing), "a.pdf", ocr=False)
    assert "Goal 1: a seat in every council by 2030." in texts(pages) and any(
        "turned" in p.what for p in pages.problems
    )
    box = next(p for p in pages.paragraphs if p.text.startswith("Goal")).boxes[0]
    assert (
        (box.y1 - box.y0 > 100) is (turn != "upside down")
        and 0 <= box.x0 < box.x1 <= 595
        and 0 <= box.y0 < box.y1 <= 842
    )


def test_letters_at_an_angle_are_kept_apart_and_reported(read_bytes) -> None:
    drawing = "BT /F1 60 Tf 0.7 0.7 -0.7 0.7 150 200 Tm (DRAFT) Tj ET"
    pages = read_bytes(pdf([prose(60, 100, BILL)], drawing), "a.pdf", ocr=False)
    assert texts(pages) == [BILL]
    assert [p.text for p in pages.leftovers] == ["DRAFT"] and any("angle" in p.what for p in pages.problems)


def test_struck_out_words_are_no_text(read_bytes) -> None:
    rows = [(60, 100, "The allowance is two hundred shillings a month"), (60, 114, "and is paid to each household.")]
    strike, under = "0.6 w 145 745.5 m 206 745.5 l S", "0.6 w 60 726 m 200 726 l S"
    pages = read_bytes(pdf([rows], f"{strike}\n{under}"), "a.pdf", ocr=False)
    assert texts(pages) == ["The allowance is shillings a month and is paid to each household."]
    assert [p.text for p in pages.leftovers if p.kind == "struck-out"] == ["two hundred"]
    assert any("struck out" in p.what for p in pages.problems)


def _with(data: bytes, *annotations: DictionaryObject, form: bool = False) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    added = [writer.add_annotation(0, each) for each in annotations]
    if form:
        fields = ArrayObject(each.indirect_reference for each in added)
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _widget(rect: tuple[int, int, int, int], **entries: object) -> DictionaryObject:
    made = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/Rect"): ArrayObject(NumberObject(each) for each in rect),
            NameObject("/F"): NumberObject(4),
        }
    )
    made.update({NameObject(f"/{key}"): value for key, value in entries.items()})
    return made


def test_values_of_a_form_follow_their_labels_and_ticked_boxes_show(read_bytes) -> None:
    labels = pdf(
        [[(60, 100, "Ramps built:"), (90, 140, "The plan was consulted"), (90, 160, "The plan was published")]]
    )
    look = DictionaryObject(
        {
            NameObject("/N"): DictionaryObject(
                {NameObject("/Yes"): DictionaryObject(), NameObject("/Off"): DictionaryObject()}
            )
        }
    )
    data = _with(
        labels,
        _widget(
            (140, 735, 400, 750),
            FT=NameObject("/Tx"),
            T=TextStringObject("a"),
            V=TextStringObject("140 in nine counties"),
        ),
        _widget(
            (60, 695, 75, 710),
            FT=NameObject("/Btn"),
            T=TextStringObject("b"),
            V=NameObject("/Yes"),
            AS=NameObject("/Yes"),
            AP=look,
        ),
        _widget(
            (60, 675, 75, 690),
            FT=NameObject("/Btn"),
            T=TextStringObject("c"),
            V=NameObject("/Off"),
            AS=NameObject("/Off"),
            AP=look,
        ),
        form=True,
    )
    pages = read_bytes(data, "form.pdf", ocr=False)
    assert (
        " ".join(texts(pages)) == "Ramps built: 140 in nine counties ☑ The plan was consulted ☐ The plan was published"
    )
    assert any("form" in p.what for p in pages.problems)


def test_comments_are_left_over_and_text_typed_onto_the_page_is_text(read_bytes) -> None:
    comment = Text(text="Legal unit: check", rect=(400, 700, 420, 720))
    typed = FreeText(text="Amended in 2020", rect=(60, 600, 200, 620))
    pages = read_bytes(_with(pdf([prose(60, 100, BILL)]), comment, typed), "a.pdf", ocr=False)
    assert texts(pages) == [BILL, "Amended in 2020"]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("comment", "Legal unit: check")]
    assert any("written onto the page after it was made" in p.what for p in pages.problems)


def test_a_struck_out_mark_that_is_wider_than_its_line_strikes_it_out(read_bytes) -> None:
    rows = [(60, 100, "Foreign residents are excluded."), (60, 130, "The state pays a pension to every household.")]
    corners = (60, 752, 540, 752, 60, 738, 540, 738)  # the quadrilateral of a reviewer who marked to the margin
    mark = _widget((60, 738, 540, 752), QuadPoints=ArrayObject(NumberObject(each) for each in corners))
    mark[NameObject("/Subtype")] = NameObject("/StrikeOut")
    pages = read_bytes(_with(pdf([rows]), mark), "a.pdf", ocr=False)
    assert texts(pages) == ["The state pays a pension to every household."]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("struck-out", "Foreign residents are excluded.")]
    assert any("struck out" in p.what for p in pages.problems)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("every long-", "term resident", "long-term"),
        ("the non-", "governmental bodies", "non-governmental"),
        ("a rights-", "based approach", "rights-based"),
        ("and celui-", "là qui", "celui-là"),
        ("our mem-", "bers pay", "members"),
        ("an inter-", "ministerial body", "interministerial"),
    ],
)
def test_a_hyphen_of_the_word_itself_stays_at_a_line_end(read_bytes, before: str, after: str, kept: str) -> None:
    rows = [
        (60, 300, f"The state promotes the good and the fair for all people and {before}"),
        (60, 314, f"{after} in this country."),
    ]
    assert kept in " ".join(texts(read_bytes(pdf([rows]), "a.pdf", ocr=False)))


def test_cells_of_a_table_keep_their_columns_when_some_are_empty(read_bytes) -> None:
    table = [
        ("Action", "Body", "Year"),
        ("Build ramps", "", "2027"),
        ("Train nurses", "Health", ""),
        ("Print books", "", "2028"),
    ]
    rows = [(80 + 150 * k, 200 + 20 * n, cell) for n, cells in enumerate(table) for k, cell in enumerate(cells) if cell]
    lines = [f"{70 + 150 * k} 657 m {70 + 150 * k} 577 l S" for k in range(4)] + [
        f"70 {657 - 20 * n} m 520 {657 - 20 * n} l S" for n in range(5)
    ]
    pages = read_bytes(pdf([rows], "\n".join(lines)), "a.pdf", ocr=False)
    assert texts(pages, "table-row") == [
        "Action | Body | Year",
        "Build ramps | | 2027",
        "Train nurses | Health |",
        "Print books | | 2028",
    ]
