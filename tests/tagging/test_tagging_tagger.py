"""A complete document tagged: evidence for every tag, decisions kept, short forms resolved, the judged passages
matched."""

from __future__ import annotations

import json

import pytest

from kb.models import Tag


def test_every_tag_has_its_evidence(tagged):
    text = "In Uganda, orphans and widows need cash transfers."
    for t in tagged(text).tags:
        assert t.state == "proposed" and t.origin.startswith("rule:") and 0 < t.confidence < 1
        assert text[slice(*t.span)].strip()


def test_a_persons_decision_survives(tagged):
    rejected = Tag(facet="group", id="children", origin="person:A", state="rejected")
    passage = tagged("Orphans are children.", tags=(rejected,))
    assert [t for t in passage.tags if (t.facet, t.id) == ("group", "children")] == [rejected]


@pytest.mark.parametrize("state", ["rejected", "confirmed"])
@pytest.mark.parametrize(
    ("facet", "id", "text"),
    [
        ("group", "children", "Orphans are children, and children need schools."),
        ("country", "UGA", "In Uganda, orphans need schools."),
        ("sector", "education", "Schools and education for all."),
    ],
)
def test_a_term_that_a_person_decided_is_never_proposed_again(tagged, facet, id, text, state):
    assert (facet, id) in {(t.facet, t.id) for t in tagged(text).tags}, "the rules would propose it"
    said = Tag(facet=facet, id=id, origin="person:A", state=state)
    once = tagged(text, tags=(said,))
    again = tagged(text, tags=once.tags)
    for passage in (once, again):
        assert [t for t in passage.tags if (t.facet, t.id) == (facet, id)] == [said]


def test_an_old_proposal_is_replaced(tagged):
    stale = Tag(facet="group", id="migrants", origin="rule:group")
    assert "migrants" not in {t.id for t in tagged("Orphans are children.", tags=(stale,)).tags}


def test_what_the_register_says_stays(tagged):
    given = Tag(facet="group", id="migrants", origin="rule:register")
    assert given in tagged("Orphans are children.", tags=(given,)).tags


def test_tagging_twice_is_tagging_once(paper, real):
    from kb.tagging import tag

    assert tag(paper, real) == paper


def test_a_short_form_needs_its_full_name_before_it(tagged):
    def instruments(*texts):
        return {t.id for t in tagged(*texts).tags if t.facet == "instrument"}

    assert instruments("The Network promotes plans.") == set()
    assert instruments("The Youth Employment Network was set up.", "The Network promotes plans.") == {
        "youth-employment-network"
    }
    assert instruments("The Youth Employment Network was set up.", "x", "y", "The Network promotes plans.") == set()


def test_mentions_are_as_printed(tagged):
    passage = tagged("Workers’ unions said “no” to 5 per cent.")
    assert all(passage.text[slice(*m.span)] == m.text for m in passage.mentions)
    assert "“no”" in {m.text for m in passage.mentions if m.kind == "quotation"}


def test_a_road_map_is_about_nothing_it_announces(tagged):
    passage = tagged("Section two of this paper reviews recognition of diversity and social protection.")
    assert not {"recognition", "social-protection"} & {t.id for t in passage.tags}


def test_headings_carry_no_tags(tagged):
    assert tagged("Social protection", kind="heading").tags == ()


def test_spanish_and_french_labels(ids):
    assert "persons-with-disabilities" in ids("Las personas con discapacidad tienen derechos.", "group", language="es")
    assert "social-protection" in ids("La protección social y la jubilación.", "sector", language="es")
    assert "older-persons" in ids("L'allocation est versée aux personnes âgées.", "group", language="fr")
    assert "decent-work" in ids("Le salarié a droit au salaire.", "sector", language="fr")


@pytest.fixture(scope="module")
def paper(root, real):
    from kb.sources.documents import corpus_documents
    from kb.tagging import tag

    return tag(next(d for d in corpus_documents(root / "corpus") if d.id == "paper"), real)


def test_the_papers_states(paper):
    codes = {t.id for p in paper.passages for t in p.tags if t.facet == "country"}
    assert len(codes) == 39 and {"FIN", "YUG"} <= codes and not {"DNK", "CHN", "ESP", "AUT", "PAK"} & codes


def test_the_papers_recommendations_bind_nobody(paper):
    assert {p.force for p in paper.passages} == {"expert-recommendation", "observation"}
    assert all(p.force == "expert-recommendation" for p in paper.passages if p.part == "recommendation")
    assert {p.force for p in paper.passages if p.kind == "heading"} == {"observation"}


def test_the_judged_passages(paper, shared):
    """Micro-F1 over five facets by the rules of the scoring tool; below 0.90 a change has made tagging worse."""
    facets, counts = ("process", "sector", "group", "instrument", "country"), [0, 0, 0]
    passages = [p for p in paper.passages if p.kind != "heading" and p.place.lines]
    for row in map(json.loads, (shared / "data/judged/tags_dev.jsonl").read_text(encoding="utf-8").splitlines()):
        near = [p for p in passages if _meets(p.place.lines, row["lines"])]
        for facet in facets:
            got = {t.id for p in near for t in p.tags if t.facet == facet}
            want, free = set(row["tags"][facet]), set(row.get("optional", {}).get(facet, ()))
            counts = [a + b for a, b in zip(counts, (len(got & want), len(got - want - free), len(want - got)))]
    hits, extra, missed = counts
    assert 2 * hits / (2 * hits + extra + missed) >= 0.90


def _meets(a, b):
    shared_lines = min(a[1], b[1]) - max(a[0], b[0]) + 1
    return shared_lines > 0 and 2 * shared_lines >= min(a[1] - a[0], b[1] - b[0]) + 1


@pytest.mark.parametrize(
    "printed",
    ["or\u00adphans", "\u200borphans", "orph\u200dans\u2060", "\ufeffor\u00adph\u00adans"],
    ids=["soft hyphen", "zero width", "joiner", "two"],
)
def test_characters_that_nobody_sees_hide_no_tag_and_its_evidence_is_the_printed_words(tagged, printed):
    text = f"In Côte d’Ivoire, {printed} and widows need cash transfers."
    plain = tagged("In Côte d’Ivoire, orphans and widows need cash transfers.")
    passage = tagged(text)
    assert passage.text == text
    assert {(t.facet, t.id) for t in passage.tags} == {(t.facet, t.id) for t in plain.tags} != set()
    where = {
        text[slice(*t.span)].strip("\ufeff\u200b\u2060")
        for t in passage.tags
        if (t.facet, t.id) == ("group", "children")
    }
    assert where == {printed.strip("\ufeff\u200b\u2060")}
    assert all(m.text == text[slice(*m.span)] for m in passage.mentions)
