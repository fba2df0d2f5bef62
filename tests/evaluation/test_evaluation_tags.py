"""Tag figures: exact on cases made by hand, and equal to the shared scoring script."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from kb.evaluation.judged import JudgedPassage, JudgedPlace, load_judged
from kb.evaluation.tags import evaluate, evaluate_places
from kb.models import Document, Passage, Place, Tag
from kb.tagging.roles import load_roles

FACETS = load_roles(Path(__file__).parents[2] / "corpus" / "taxonomy").judged


def row(lines, document="paper", kind="paragraph", **tags):
    return {"document": document, "kind": kind, "source": {"lines": lines}, "tags": tags}


def judged(lines=(1, 4), optional=None, **tags):
    return JudgedPassage(lines=lines, tags=tags, optional=optional or {})


def counts(*cases, facets=("group",)):
    whole = evaluate([case[0] for case in cases], [r for case in cases for r in case[1:]], facets).whole
    return whole.right, whole.wrong, whole.missed


def test_right_wrong_and_missed_tags():
    assert counts((judged(group=["women", "youth"]), row((1, 4), group=["women", "children"]))) == (1, 1, 1)


def test_tags_of_all_passages_that_meet_the_range_are_joined_headings_apart():
    assert counts(
        (
            judged(group=["women", "youth"]),
            row((1, 2), group=["women"]),
            row((3, 4), group=["youth"]),
            row((1, 4), kind="heading", group=["children"]),
            row((1, 4), document="crpd", group=["children"]),
        )
    ) == (2, 0, 0)


def test_optional_tags_count_neither_way_and_rejected_ones_not_at_all():
    assert counts((judged(optional={"group": ["youth"]}, group=[]), row((1, 4), group=["youth"]))) == (0, 0, 0)
    assert counts((judged(group=["women"]), row((1, 4), group=[{"id": "women", "state": "rejected"}]))) == (0, 0, 1)


def test_country_codes_are_compared_in_capitals():
    assert counts((judged(country=["chl"]), row((1, 4), country=["CHL"])), facets=("country",)) == (1, 0, 0)


def test_f1_is_over_all_facets_together_and_one_when_there_was_nothing():
    scores = evaluate(
        [judged(group=["women"], sector=["health"])], [row((1, 4), group=["women"], sector=["x"])], ("group", "sector")
    )
    assert [s.f1 for s in scores.facets] == [1.0, 0.0] and scores.whole.f1 == pytest.approx(0.5)
    assert scores.errors == {"+sector:x": 1, "-sector:health": 1}
    assert evaluate([judged(group=[])], [], ("group",)).whole.f1 == 1.0


def test_the_shared_script_gives_the_same_figures(shared, tmp_path):
    file, chance = shared / "data/judged/tags_dev.jsonl", random.Random(3)
    sets = load_judged(file, JudgedPassage)
    slugs = {facet: sorted({term for s in sets for term in s.tags.get(facet, ())}) for facet in FACETS}
    rows = [
        row(
            list(s.lines),
            **{
                f: [
                    {"id": t, "state": chance.choice(["proposed", "rejected"])}
                    for t in {*s.tags.get(f, ()), *chance.sample(slugs[f], min(2, len(slugs[f])))}
                ]
                for f in FACETS
            },
        )
        for s in sets
    ]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    said = subprocess.run(
        [sys.executable, shared / "tools/score_tags.py", file, tmp_path / "p.jsonl"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[-1]
    ours = evaluate(sets, rows, FACETS).whole
    assert 0.1 < ours.f1 < 0.9
    assert said == f"micro-F1 {ours.f1:.3f}\tprecision {ours.precision:.3f}\trecall {ours.recall:.3f}"


def passage_at(chars, *groups, kind="paragraph"):
    return Passage(
        id=f"law/{chars[0]}",
        document="law",
        kind=kind,
        text="words",
        citation="the law",
        force="national-measure",
        place=Place(file="law.md", sha256="0" * 64, chars=chars),
        tags=tuple(Tag(facet="group", id=group, origin="rule:labels") for group in groups),
    )


def test_a_judged_place_is_met_by_passages_that_share_half_of_the_shorter_one():
    law = Document(
        id="law",
        title="A law",
        force="national-measure",
        place=Place(file="law.md", sha256="0" * 64),
        passages=(
            passage_at((0, 100), "youth"),
            passage_at((100, 200), "children"),
            passage_at((0, 100), "migrants", kind="heading"),
        ),
    )
    place = JudgedPlace(file="law.md", set="first", chars=(0, 120), sha256="", tags={"group": ("youth", "women-girls")})
    whole = evaluate_places([place], {"law.md": law}, ("group",)).whole
    assert (whole.right, whole.wrong, whole.missed) == (1, 0, 1)


def test_the_judged_places_are_read_and_none_is_listed_twice():
    judged = load_judged(Path(__file__).parent.parent / "relevance" / "tags_beyond.jsonl", JudgedPlace)
    assert len({(one.file, one.chars) for one in judged}) == len(judged) == 180
    assert {one.language for one in judged} == {"en", "es", "fr"}


@pytest.mark.slow
def test_tags_of_treaties_plans_and_laws_are_right_in_three_languages(root, shared):
    """Uses the half of the judgements for which no rule was changed; a place with other words is refused by name."""
    spec = importlib.util.spec_from_file_location("tags_beyond", root / "benchmarks" / "tags_beyond.py")
    beyond = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(beyond)
    judged = load_judged(root / "tests" / "relevance" / "tags_beyond.jsonl", JudgedPlace)
    tagged = beyond.documents(judged, shared / "data")
    fresh = [one for one in judged if one.set == "fresh"]
    for language in ("en", "es", "fr"):
        score = evaluate_places([one for one in fresh if one.language == language], tagged, FACETS)
        assert score.whole.f1 >= 0.9, (language, score.errors)
