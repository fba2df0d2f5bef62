"""Policy sets, versions of policies, and files given by mistake."""

from __future__ import annotations

from datetime import date

import pytest
from workspace_toys import WORDS, document

from kb.assessment.policies import (
    add_policy,
    add_version,
    change_set,
    create_set,
    policy_set,
    policy_sets,
    set_standing,
)
from kb.errors import InputError, NotFound, RefusedError
from kb.log.conflict import ConflictError

NEW = {**WORDS, "art5": "Pensions are adjusted each year."}


def version(ws, words, **how):
    """Add a new version of the act."""
    how = {"by": "Ana", "label": "2024", "standing": "in-force", "dated": date(2024, 1, 1), **how}
    return add_version(ws, "land", "pension-act", document(words=words), **how)


def test_versions_are_kept_in_order(land):
    policy = version(land, NEW)
    assert [one.label for one in policy.versions] == ["2018", "2024"] and policy.current.label == "2024"
    assert policy_set(land, "land").policies == (policy,)


def test_same_file_twice_names_the_first(land):
    with pytest.raises(RefusedError, match="same file as 'pension-act', version '2018'"):
        add_policy(land, "land", document(), id="copy", by="Ana", label="x", standing="in-force")


def test_same_words_in_another_file_are_noticed(land):
    spaced = {key: text.replace(" ", "  ") for key, text in WORDS.items()}
    with pytest.raises(RefusedError, match="same text in another file"):
        version(land, spaced)


def test_swapped_versions_are_noticed(land):
    with pytest.raises(RefusedError, match="dated 2010-01-01, before.*2018-05-01.*swapped"):
        version(land, NEW, dated=date(2010, 1, 1))
    assert len(version(land, NEW, dated=date(2010, 1, 1), out_of_order=True).versions) == 2


def test_a_year_is_compared_as_a_year(land):
    assert version(land, NEW, dated="2018").current.dated == "2018"
    with pytest.raises(RefusedError, match="swapped"):
        version(land, {**NEW, "art6": "More."}, dated="2017", label="x")


@pytest.mark.parametrize("wrong", [{"dated": "last year"}, {"standing": "binding"}, {"label": " "}])
def test_impossible_values_are_named(land, wrong):
    with pytest.raises(InputError):
        version(land, NEW, **wrong)


def test_label_is_given_once(land):
    with pytest.raises(RefusedError, match="already has a version called '2018'"):
        version(land, NEW, label="2018")


def test_policy_without_text_is_refused(land):
    with pytest.raises(InputError, match="no text"):
        add_policy(land, "land", document("empty", {}), by="Ana", label="x", standing="draft")


def test_set_and_policy_are_made_once(land):
    with pytest.raises(RefusedError):
        create_set(land, "land", "Land again", by="Ben")
    with pytest.raises(RefusedError, match="new version"):
        add_policy(land, "land", document(words=NEW), by="Ana", label="x", standing="draft")


def test_force_changes_with_a_reason_only(land):
    with pytest.raises(RefusedError, match="needs a reason"):
        set_standing(land, "land", "pension-act", "repealed", by="Ana", reason=" ")
    assert (
        set_standing(land, "land", "pension-act", "repealed", by="Ana", reason="Gazette").current.standing == "repealed"
    )
    with pytest.raises(NotFound, match="no version '1999'"):
        set_standing(land, "land", "pension-act", "repealed", by="Ana", reason="Gazette", label="1999")


def test_unknown_names_are_reported_with_the_known(land):
    with pytest.raises(NotFound, match="Sets are: land"):
        policy_set(land, "sea")
    with pytest.raises(NotFound, match="Policies are: pension-act"):
        set_standing(land, "land", "housing-act", "draft", by="Ana", reason="x")


@pytest.mark.parametrize("id", ["a/b", "../x", "land@2", "la nd", "land\n", "-x", "😀"])
def test_an_id_that_would_break_moments_streams_and_file_names_is_refused(ws, id):
    with pytest.raises(InputError, match="is no id of a policy set"):
        create_set(ws, id, "Land", by="Ana")


def test_a_country_is_three_letters_or_none(ws):
    with pytest.raises(InputError, match="'Ghana' is no country code"):
        create_set(ws, "ghana", "Ghana", country="Ghana", by="Ana")
    assert create_set(ws, "région-2", "Région", by="Ana").country == ""


def test_a_set_gets_a_country_later_and_another_title_and_its_former_ones_stay_in_the_log(ws):
    create_set(ws, "isle", "Isle", by="Ada")
    made = change_set(ws, "isle", {"country": "ZWE", "title": "Gender laws"}, by="Ben", expected=1)
    assert (made.country, made.title, made.version) == ("ZWE", "Gender laws", 2)
    assert [(event.kind, event.author) for event in ws.events("set/isle")] == [
        ("set.created", "Ada"),
        ("set.changed", "Ben"),
    ]
    assert change_set(ws, "isle", {"archived": True}, by="Ada", expected=2).archived
    assert "isle" in [one.id for one in policy_sets(ws)], "put aside, not deleted"


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"country": "Zimb"}, "no country code"),
        ({"title": " "}, "needs a title"),
        ({"id": "x"}, "no 'id'"),
        ({"title": "Isle"}, "nothing to change"),
    ],
)
def test_a_change_of_a_set_that_cannot_be_is_refused(ws, fields, words):
    create_set(ws, "isle", "Isle", by="Ada")
    with pytest.raises(InputError, match=words):
        change_set(ws, "isle", fields, by="Ada", expected=1)


def test_two_people_who_change_a_set_see_both_versions(ws):
    create_set(ws, "isle", "Isle", by="Ada")
    change_set(ws, "isle", {"title": "Isle A"}, by="Ada", expected=1)
    with pytest.raises(ConflictError) as met:
        change_set(ws, "isle", {"title": "Isle B"}, by="Ben", expected=1)
    assert [(side.field, side.theirs, side.mine) for side in met.value.sides] == [("title", "Isle A", "Isle B")]


@pytest.mark.parametrize("country", ["ZZZ", "XXX", "KE"])
def test_set_takes_real_country_codes_only(ws, country):
    with pytest.raises(InputError, match="no country code"):
        create_set(ws, "some", "Some", country=country, by="Ana")


def test_sets_that_differ_in_capitals_only_are_one(land):
    with pytest.raises(RefusedError, match="already a policy set 'land'"):
        create_set(land, "LAND", "Other", by="Ana")


@pytest.mark.parametrize("nobody", ["", "  ", "\u200b\u2060", "\u00ad", "\u3164", "...", "\u202e\u202c"])
def test_name_without_a_letter_is_no_author(ws, nobody):
    with pytest.raises(RefusedError, match="needs an author"):
        create_set(ws, "some", "Some", by=nobody)


def test_two_people_who_state_whether_a_text_is_in_force_see_what_the_other_sees(land):
    with land.reading() as reader:
        before = reader.state("policy/land/pension-act")
    set_standing(land, "land", "pension-act", "repealed", by="Ana", reason="Gazette 3")
    with pytest.raises(ConflictError) as met:
        set_standing(land, "land", "pension-act", "draft", by="Ben", reason="read", expected=before.version)
    standing = next(side for side in met.value.sides if side.field == "standing")
    held = before.data["versions"][-1]["standing"]
    assert (standing.seen, standing.theirs, standing.mine) == (held, "repealed", "draft")
    assert "nothing" not in standing.line
    change_set(land, "land", {"title": "Other"}, by="Ana", expected=1)
    with pytest.raises(ConflictError) as met:
        change_set(land, "land", {"archived": True}, by="Ben", expected=1)
    assert "archived: you write yes | now there is no | you saw no" in str(met.value)


def test_where_there_is_no_assessment_yet_the_error_says_how_to_begin_one(tmp_path):
    from kb.log import open_workspace

    with (
        open_workspace(f"sqlite:///{tmp_path / 'w.sqlite'}") as empty,
        pytest.raises(NotFound, match="Begin it: kb policies create land "),
    ):
        policy_set(empty, "land")
