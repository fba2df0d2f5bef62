"""Page numbers, footnotes and rules are removed from running text; breaks state whether a line continues."""

from hypothesis import given
from hypothesis import strategies as st

from kb.structure.lift import lift
from kb.structure.lines import split_lines

RULE = " " * 49


def lifted(*lines):
    return lift(split_lines("\n".join(lines)))


def breaks(*lines):
    return [(line.text, gap) for line, gap in lifted(*lines).body]


def full_page():
    """Return forty lines, so that an indented line after them begins a page."""
    return [" first"] + ["text,"] * 39


def test_a_line_of_one_space_ends_a_paragraph():
    assert breaks("one", " ", "two")[1] == ("two", "hard")


def test_an_empty_line_is_spacing_unless_the_unit_above_is_complete():
    assert breaks("one", "", "two")[1] == ("two", "soft")
    assert breaks("one.", "", "two")[1] == ("two", "hard")


def test_a_page_turn_joins_unless_the_last_line_is_complete():
    assert breaks(*full_page(), " Convention goes on")[-1][1] == "none"
    assert breaks(*full_page()[:-1], "the end.", " Next unit")[-1][1] == "hard"


def test_indented_members_of_a_list_open_no_page():
    assert [gap for _, gap in breaks(" first", "Groups:", " Refugees", " Stateless")] == [
        "hard",
        "none",
        "none",
        "none",
    ]


def test_a_lone_number_at_a_page_start_is_a_page_number():
    out = lifted(*full_page(), "", " 32", "", "goes on")
    assert [line.text for line in out.page_numbers] == ["32"]
    assert out.body[-1][0].text == "goes on"


def test_a_footnote_is_between_a_long_blank_rule_and_the_next_page():
    out = lifted(*full_page(), RULE, "2 See the source.", " goes on")
    assert [line.text for line in out.notes] == ["2 See the source."]
    assert out.body[-1][0].text == "goes on"


@given(st.lists(st.sampled_from(["", " ", RULE, " 32", "text", " indented", "end.", "______"]), max_size=120))
def test_every_line_with_words_is_kept_once(lines):
    out = lifted(*lines)
    kept = [line for line, _ in out.body] + out.notes + out.page_numbers + [r for r in out.rules if r.text]
    assert sorted(line.number for line in kept) == [n for n, line in enumerate(lines, 1) if line.strip()]
