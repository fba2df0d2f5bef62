"""The framework file: six stated rows in the paper's words, one derived row that says so, 38 criteria, and clear
errors."""

from __future__ import annotations

import re

import pytest
import yaml

from kb import framework
from kb.errors import DataError, NotFound
from kb.i18n import use
from kb.text import bare


@pytest.fixture(scope="module")
def loaded(root):
    return framework.load(root / "corpus" / "framework")


@pytest.fixture()
def altered(root, tmp_path):
    """Return a function that loads the real file after a change: altered(lambda data: ...)."""

    def load(change):
        data = yaml.safe_load((root / "corpus/framework/recommendations.yaml").read_text(encoding="utf-8"))
        change(data)
        (tmp_path / "recommendations.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
        return framework.load(tmp_path)

    return load


def test_six_are_stated_and_one_is_derived(loaded):
    assert loaded.counts() == {"stated": 6, "derived": 1, "criteria": 38}
    assert loaded.size_words() == loaded.size_shown() == "6 stated + 1 derived"
    use("es")
    try:
        assert loaded.size_shown() == "6 enunciadas + 1 derivada" and loaded.size_words() == "6 stated + 1 derived"
    finally:
        use("en")


def test_the_derived_row_can_be_switched_off(loaded):
    stated = list(loaded.criteria(derived=False))
    assert len(stated) == 32 and all(c.id[0] == "R" for c in stated)


def test_criteria_per_recommendation(loaded):
    assert [len(r.criteria) for r in loaded.recommendations] == [4, 4, 6, 6, 6, 6, 6]


def test_every_quotation_is_in_the_paper_at_its_lines(loaded, root):
    lines = (root / "corpus/background-paper/background-paper.txt").read_text(encoding="utf-8").split("\n")
    for recommendation in loaded.recommendations:
        for quotation in recommendation.quotations:
            first, last = quotation.lines
            assert bare(quotation.text) == bare("".join(lines[first - 1 : last])), recommendation.id


def test_the_derived_row_names_its_lines_and_never_commands(loaded):
    derived = loaded.recommendation("D7")
    assert derived.quotations[0].lines == (898, 898) and derived.derived_on and derived.rationale
    assert "recommendation 7" not in f"{derived.label} {derived.note} {derived.rationale}".lower()


def test_own_lines_of_stated_criteria_lie_inside_their_item(loaded):
    for recommendation in loaded.recommendations[:6]:
        ((first, last),) = [q.lines for q in recommendation.quotations]
        for criterion in recommendation.criteria:
            assert all(first <= a <= b <= last for a, b in criterion.own_lines), criterion.id


def test_numbers_from_outside_the_paper_are_marked_unverified(loaded):
    indicators = [i for c in loaded.criteria() for i in c.indicators]
    assert all(not i.verified for i in indicators if i.sdg)
    assert not [i.text for i in indicators if re.search(r"\d+\.\d+\.\d", i.text)]


def test_personal_safety_is_counted_once(loaded):
    assert loaded.criterion("D7.f").counted_with == "R2.a"


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["recommendations"][0]["criteria"].pop(), "37 criteria, but the version declares 38"),
        (
            lambda d: d["recommendations"][0]["criteria"].append(d["recommendations"][0]["criteria"][0]),
            "R1.a occurs twice",
        ),
        (lambda d: d["recommendations"][1]["criteria"][0].update(id="R1.z"), "R1.z belongs to another"),
        (lambda d: d["recommendations"][6].update(kind="stated"), "D7: ids of derived rows"),
        (lambda d: d["recommendations"][6].pop("rationale"), "D7: a derived row needs"),
        (
            lambda d: d["recommendations"][0].update(rationale="because"),
            "R1: a stated recommendation has no derivation",
        ),
        (lambda d: d["recommendations"][6]["criteria"][5].update(counted_with="R9.a"), "counted_with names no row"),
    ],
)
def test_a_broken_rule_is_named_with_its_entry(altered, change, said):
    with pytest.raises(DataError, match=re.escape(said)) as caught:
        altered(change)
    assert "recommendations.yaml" in str(caught.value)


def test_a_missing_field_is_named_with_its_line(altered):
    with pytest.raises(DataError, match=r"line \d+, recommendations › 2 › criteria › 1 › met"):
        altered(lambda d: d["recommendations"][2]["criteria"][1].pop("met"))


def test_an_unknown_id_says_what_ids_look_like(loaded):
    with pytest.raises(NotFound, match="R1, R2"):
        loaded.recommendation("R8")


def test_a_line_number_in_our_words_says_that_it_is_one(root):
    """“(1371-1373)” in the middle of a sentence is unclear to a reader; quotations of the paper contain no such
    number."""
    number = re.compile(r"\b\d{3,4}-\d{3,4}\)|\(\d{3,4}\)")
    for folder in ("framework", "taxonomy"):
        for path in sorted((root / "corpus" / folder).glob("*.yaml")):
            found = re.findall(r"\([^()]*\)", path.read_text(encoding="utf-8"))
            naked = [one for one in found if number.search(one) and "line" not in one]
            assert not [one for one in naked if not re.fullmatch(r"\((19|20)\d\d(-(19|20)\d\d)?\)", one)], path.name
