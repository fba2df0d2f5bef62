"""Two readings of one file: letters and figures are compared passage by passage, and both readings are shown where they
differ."""

import pytest

from kb.errors import InputError
from kb.models import Passage, Place
from kb.sources.compare import compare, parted
from kb.sources.second import Second


def passage(text, **fields):
    return Passage(
        **{
            "id": "law/1",
            "document": "law",
            "kind": "paragraph",
            "text": text,
            "citation": "Law, 1",
            "force": "national-measure",
            "place": Place(file="law.pdf", sha256="0" * 64, page=2),
            **fields,
        }
    )


PAGE = (
    "Chapter 1\nThe share of girls in secondary school rose to 52 per cent in 2011\n3 and further after-\nwards.\n7\n"
)


def test_a_note_mark_that_one_reading_joins_to_a_year_is_found():
    (one,) = parted("The share of girls in secondary school rose to 52 per cent in 20113 and further afterwards.", PAGE)
    assert one[0] == "figures" and "in 20113 and" in one[1] and "in 2011 3 and" in one[2]


@pytest.mark.parametrize(
    "same",
    [
        "The share of girls in secondary school rose to 52 per cent in 2011³ and further afterwards.",  # raised, and said so
        "The  share of girls in secondary school\nrose to 52 per cent in 2011 3 and further after- wards.",
    ],
)
def test_spaces_hyphens_and_marks_declared_as_raised_are_no_difference(same):
    assert parted(same, PAGE) == []


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (
            "A pension of 1,000 shillings is paid to everyone.",
            "A pension of 1000 shillings is paid to everyone.",
            "figures",
        ),
        (
            "A pension of 52.5 shillings is paid to everyone.",
            "A pension of 525 shillings is paid to everyone.",
            "figures",
        ),
        ("A pension of 40 shillings is paid to everyone.", "A pension of 46 shillings is paid to everyone.", "figures"),
        (
            "States shall not remove children from their homes.",
            "States shall now remove children from their homes.",
            "letters",
        ),
        (
            "Every Person has the right to be heard in court.",
            "Every person has the right to be heard in court.",
            "letters",
        ),
        ("Nothing of this stands on the page at all.", PAGE, "not found"),
    ],
)
def test_a_letter_a_capital_or_a_figure_that_differs_is_found(first, second, kind):
    assert {one[0] for one in parted(first, second)} == {kind}
    assert parted(second, second) == []


def test_ligatures_and_what_is_between_two_pieces_of_a_passage_are_no_difference():
    assert parted("The ﬁrst ofﬁce of the ministry.", "The first office of the ministry.") == []
    assert (
        parted(
            "The right to work of everyone goes on after the foot of the page.",
            "The right to work of everyone goes\n12\nGazette No. 5\non after the foot of the page.",
        )
        == []
    )


def test_a_short_figure_is_not_found_inside_a_longer_one():
    assert parted("142", "National origin 1,427 in all") and not parted("142", "National origin 142 in all")


def test_a_number_that_a_word_file_counts_is_no_difference_there_alone():
    assert parted("(a) to pay the pension in full;", "to pay the pension in full;", "python-docx") == []
    assert parted("(a) to pay the pension in full;", "to pay the pension in full;", "pypdf") != []


def test_cells_of_a_row_may_stand_in_another_order():
    row = passage("Employment rate | 38% | 78%", kind="table-row")
    read = Second(by="pypdf", paged=True, pages=("", "78% 38% Employment rate"))
    assert compare([row], lambda name: name, lambda path: read).differences == ()
    wrong = read.model_copy(update={"pages": ("", "78% 83% Employment rate")})
    assert [d.first for d in compare([row], lambda name: name, lambda path: wrong).differences] == ["38%"]


def test_what_is_compared_is_counted_and_what_is_not_is_named():
    def read(path):
        """Read a file, but know no type for one file and fail for another."""
        if path == "broken.pdf":
            raise InputError("a second reading failed.", where=path)
        return None if path == "old.rtf" else Second(by="pypdf", paged=True, pages=("elsewhere", PAGE))

    def at(file, **fields):
        return passage(
            "The share of girls in secondary school rose to 53 per cent",
            place=Place(file=file, sha256="0", page=2),
            **fields,
        )

    found = compare(
        [
            at("law.pdf"),
            at("old.rtf"),
            at("broken.pdf"),
            at("law.pdf", id="law/scan", verified="unverified"),
            at("register.yaml", wording="own-words", verified="secondary"),
        ],
        lambda name: name,
        read,
    )
    assert (found.compared, found.readers) == (1, {"pypdf": 1})
    assert found.left_out == {
        "old.rtf": "no second reader for this type of file",
        "broken.pdf": "broken.pdf: a second reading failed.",
        "law/scan": "recognised in a picture (OCR): no second reading",
    }
    (one,) = found.differences
    assert (one.passage, one.page, one.kind, one.by) == ("law/1", 2, "figures", "pypdf")
    assert "53 per" in one.first and "52 per" in one.second
