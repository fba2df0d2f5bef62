"""Rows come from index, register and workspace; people's codes are beside the machine's tags and never replace them."""

import pytest
from toy_bench import toy_index

from kb.assessment.findings import decide
from kb.assessment.policies import create_set
from kb.coding.codes import add_code, close_session, codings, open_session, reject_code, withdraw_code
from kb.coding.method import statement
from kb.coding.units import Work, none_applies, open_unit
from kb.config import settings
from kb.errors import NotFound, QueryError
from kb.export import export
from kb.export.bibliography import reference_of_row
from kb.export.coded import memos_of
from kb.export.codes_in import take_codes
from kb.export.collect import Bench, passes, with_codes
from kb.export.importing_qdpx import read_project
from kb.export.request import Request, take
from kb.export.rows import row_of
from kb.export.study import facts, reports
from kb.log import open_workspace
from kb.models import Document, Passage, Place, Tag
from kb.plan.actions import create_action

SHA = "cd" * 32


def passage(number, text, **fields):
    return Passage(
        **{
            "id": f"toy/p{number}",
            "document": "toy",
            "kind": "paragraph",
            "text": text,
            "citation": f"Toy, para {number}",
            "force": "observation",
            "place": Place(file="toy.txt", sha256=SHA, chars=(0, len(text))),
            **fields,
        }
    )


PASSAGES = (
    passage(1, "Older persons work.", tags=(Tag(facet="group", id="older-persons", origin="rule:words"),)),
    passage(2, "Nobody is named."),
    passage(3, "Youth.", language="es"),
)


@pytest.fixture
def bench(tmp_path, monkeypatch, root):
    monkeypatch.setenv("KB_HOME", str(root))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))  # never what this installation has built
    made = Bench(settings())
    made.index = toy_index(
        Document(
            id="toy", title="A toy", force="observation", passages=PASSAGES, place=Place(file="toy.txt", sha256=SHA)
        ),
        inputs={"taxonomy/group.yaml": "00"},
        packages={"kb": "0"},
    )
    return made


@pytest.fixture
def ws(bench):
    (bench.config.workspace).mkdir(exist_ok=True)
    with open_workspace(bench.config.database_url) as opened:
        yield opened


def anew(bench, viewer=""):
    """Return the bench as a later command opens it: the same toy index, the workspace read again."""
    later = Bench(bench.config, viewer=viewer)
    later.index = bench.index
    return later


def test_passages_keep_their_order_and_filters(bench):
    assert [row.id for row in bench.passages()] == ["toy/p1", "toy/p2", "toy/p3"]
    assert [row.id for row in bench.passages([("group", "older-persons")])] == ["toy/p1"]
    assert [row.id for row in bench.passages([("language", "es"), ("language", "en")])] == [
        "toy/p1",
        "toy/p2",
        "toy/p3",
    ]
    assert passes(PASSAGES[2], {"language": ("es",)}) and not passes(
        PASSAGES[2], {"language": ("es",), "group": ("x",)}
    )


def test_the_pinpoint_of_a_text_that_is_cited_by_its_title_does_not_say_the_title_again(bench):
    one = PASSAGES[0].model_copy(update={"citation": "A toy, section 10(1), “Access”"})
    row = bench.row(one)
    assert row.title == "A toy" and row.pinpoint == "section 10(1), “Access”"
    assert reference_of_row(row, bench.source_of("toy")).pinpoints == ("section 10(1), “Access”",)


def test_an_export_makes_no_workspace(bench):
    list(bench.passages())
    assert bench.workspace is None and not list(bench.config.workspace.iterdir())
    with pytest.raises(NotFound, match="no workspace yet"):
        list(bench.actions())


def test_peoples_codes_stand_beside_the_machines_tags(bench, ws):
    one = PASSAGES[0]
    reject_code(ws, one, "group", "older-persons", by="Coder A", of_machine="rule:words")
    add_code(ws, one, "sector", "decent-work", by="Coder B", span=(14, 18), memo="verb")
    withdraw_code(ws, add_code(ws, one, "group", "youth", by="Coder B"), by="Coder B")
    (row,) = bench.codes()
    assert [(t.facet, t.id, t.origin, t.state, t.span) for t in row.tags] == [
        ("group", "older-persons", "rule:words", "proposed", None),
        ("group", "older-persons", "person:Coder A", "rejected", None),
        ("sector", "decent-work", "person:Coder B", "confirmed", (14, 18)),
    ]
    assert row.fields["coder"] == "Coder A, Coder B" and "sector:decent-work: verb" in row.fields["memo"]
    assert with_codes(one, []) is one


def test_a_project_file_carries_each_coders_remark_with_their_code(bench, ws, provenance, tmp_path):
    one = PASSAGES[0]
    add_code(ws, one, "sector", "decent-work", by="Coder B", span=(14, 18), memo="verb")
    add_code(ws, one, "own", "effort", by="Coder B", memo="of whom?")
    add_code(ws, one, "own", "effort", by="Coder A")
    path = export(bench.passages(), "qdpx", tmp_path / "a.qdpx", provenance, memo_of=memos_of(bench.codings))
    (row, *_), memos = (found := read_project(path)).rows, found.memos[one.id]
    said = {(row.tags[at].origin, row.tags[at].id): memo for at, memo in memos.items()}
    assert said == {("person:Coder B", "decent-work"): "verb", ("person:Coder B", "effort"): "of whom?"}


@pytest.mark.parametrize("users", [{}, {"unnamed": "J. Doe"}])
@pytest.mark.parametrize("facet, code", [("group", "older-persons"), ("Social group", "Older persons")])
def test_what_a_rule_proposed_and_a_file_names_nobody_for_is_nobodys_code(bench, ws, tmp_path, users, facet, code):
    """Recognised by its identifiers, or by its names if a program kept nothing else."""
    words = PASSAGES[0].model_copy(update={"tags": (Tag(facet=facet, id=code, origin="person:unnamed"),)})
    other = PASSAGES[1].model_copy(update={"tags": words.tags})
    rows = [with_title(words), with_title(other)]
    taken = take_codes(bench, rows, ws, source=tmp_path / "a.qdpx", users=users)
    coders = sorted((each.passage, each.coder) for each in codings(ws))
    if users:
        assert coders == [("toy/p1", "J. Doe"), ("toy/p2", "J. Doe")] and taken.machine == 0
    else:
        assert coders == [("toy/p2", "unnamed")] and taken.machine == 1, "no rule proposes it for the second"


def with_title(given):
    return row_of(given, title="A toy", url="")


@pytest.mark.parametrize("blind", [True, False])
def test_a_code_of_a_round_that_is_still_open_here_is_known_already(bench, ws, provenance, tmp_path, blind):
    """The leader closes the round and sends its codes to the coders, in whose workspaces it is still open."""
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", blind=blind)
    add_code(ws, PASSAGES[0], "own", "effort", by="A", session="pilot")
    reject_code(ws, PASSAGES[0], "group", "older-persons", by="A", session="pilot", span=(0, 5))
    theirs = [
        Tag(facet="own", id="effort", origin="person:A", state="confirmed"),
        Tag(facet="group", id="older-persons", origin="person:A", state="rejected", span=(0, 5)),
        Tag(facet="own", id="effort", origin="person:B", state="confirmed"),
    ]
    rows = [with_title(PASSAGES[0].model_copy(update={"tags": (*PASSAGES[0].tags, *theirs)}))]
    file = export(rows, "qdpx", tmp_path / "closed.qdpx", provenance)
    taken = take_codes(anew(bench), read_project(file).rows, ws, source=file)
    assert (taken.known, taken.added, taken.refused) == (2, 1, ())
    assert sorted((each.coder, each.session) for each in codings(ws, viewer="A")) == [
        ("A", "pilot"),
        ("A", "pilot"),
        ("B", ""),
    ]


def test_blind_codes_are_not_exported_to_the_other_coder(bench, ws):
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", blind=True)
    add_code(ws, PASSAGES[0], "group", "x", by="A", session="pilot")
    assert list(bench.codes()) == []
    assert len(list(anew(bench, viewer="A").codings)) == 1


def test_codes_that_are_not_shown_yet_are_reported_as_left_out_and_never_as_absent(bench, ws):
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES])
    for coder in "AB":
        add_code(ws, PASSAGES[0], "group", "older-persons", by=coder, session="pilot")
    assert anew(bench).sealed("pilot") == ("pilot",)
    said = statement(facts(anew(bench), "pilot", draws=20))
    assert "Codes of pilot are not counted" in said and "no passage was coded by two people" not in said
    taken = take(anew(bench), Request(kind="codes", session="pilot"))
    assert ("Left out", "codes of others in pilot: open, and its coders work blind") in taken.provenance.lines()
    close_session(ws, "pilot", by="Lead")
    assert anew(bench).sealed("pilot") == ()
    assert "not counted" not in statement(facts(anew(bench), "pilot", draws=20))
    taken = take(anew(bench), Request(kind="codes", session="pilot"))
    assert "Left out" not in dict(taken.provenance.lines())


def test_coders_are_not_called_blind_for_codes_that_all_could_see(bench, ws):
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES])
    open_session(ws, "open", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES], blind=False)
    assert "could be seen" not in statement(facts(anew(bench), "pilot", draws=20))
    add_code(ws, PASSAGES[0], "group", "older-persons", by="C")
    said = statement(facts(anew(bench), draws=20))
    assert "did not see each other's codes while coding, but for session open, codes outside a session: those" in said


def test_agreement_and_method_come_from_what_was_coded(bench, ws):
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES])
    for coder, coded in {"A": (0, 1), "B": (0,)}.items():
        for at in coded:
            add_code(ws, PASSAGES[at], "group", "older-persons", by=coder, session="pilot")
    none_applies(ws, PASSAGES[1].id, "group", by="B", session="pilot")
    open_unit(ws, PASSAGES[2].id, by="B", session="pilot")
    close_session(ws, "pilot", by="Lead")
    among, against = reports(bench, "pilot", draws=20)
    assert (among.codes[0].n, among.codes[0].pairs[0].both, among.codes[0].pairs[0].only_a) == (2, 1, 1)
    assert among.wordings == {"verbatim": 2, "own-words": 0}
    assert [(one.of, one.person) for one in against] == [("machine against people", who) for who in "AB"]
    assert against[1].codes[0].pairs[0].percent.value == 1.0, "B and the rule agree on every passage that B coded"
    found = facts(bench, "pilot", draws=20)
    assert (found.coders, found.blind, found.sources[0].sha256) == (
        {"A": Work(assigned=3, opened=2, coded=2), "B": Work(assigned=3, opened=3, coded=2)},
        True,
        SHA,
    )
    (drawn,) = found.samples
    assert (drawn.size, drawn.shares, drawn.undone, drawn.open) == (3, {"A": 3, "B": 3}, {"A": 1, "B": 1}, False)


def test_the_machine_is_set_against_each_person_in_what_that_person_coded(bench, ws):
    """Both statements once counted the passages of everybody, and neither named its person."""
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES])
    for coder, coded in {"A": (0, 1), "B": (0,)}.items():
        for at in coded:
            add_code(ws, PASSAGES[at], "group", "older-persons", by=coder, session="pilot")
    close_session(ws, "pilot", by="Lead")
    _, against = reports(bench, "pilot", draws=20)
    assert [(one.person, one.facets[0].n, one.wordings["verbatim"]) for one in against] == [("A", 2, 2), ("B", 1, 1)]
    said = statement(facts(bench, "pilot", draws=20)).partition("## Machine against people")[2]
    assert "### A\n" in said and "n counts units that A coded in the facet (2 verbatim, 0 own words)." in said
    assert "### B\n" in said and "n counts units that B coded in the facet (1 verbatim, 0 own words)." in said
    assert "two people" not in said.partition("\n## ")[0]


def test_the_method_of_a_round_names_the_sources_of_its_passages(bench, ws):
    other = PASSAGES[0].model_copy(update={"id": "other/p1", "document": "other"})
    bench.store.add(Document(id="other", title="Another", force="observation", passages=(other,), place=other.place))
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[PASSAGES[0].id])
    open_session(ws, "free", ["A", "B"], codebook="1", by="Lead")
    found = {name: facts(bench, name, draws=2) for name in ("pilot", "free", None)}
    named = {name: ([source.id for source in each.sources], each.others) for name, each in found.items()}
    assert named == {"pilot": (["toy"], 1), "free": (["toy", "other"], 0), None: (["toy", "other"], 0)}, (
        "to a round without a sample every passage was open"
    )
    assert "the round has no passage: 1." in statement(found["pilot"])


def test_the_machine_is_not_set_against_people_in_codes_that_only_people_can_give(bench, ws):
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES])
    for coder in ("A", "B"):
        add_code(ws, PASSAGES[0], "own", "dust", by=coder, session="pilot")
    close_session(ws, "pilot", by="Lead")
    among, against = reports(bench, "pilot", draws=20)
    assert [one.code for one in among.codes] == ["dust"] and not any(one.codes for one in against)


def test_a_passage_that_nobody_coded_is_no_agreement(bench, ws):
    open_session(ws, "pilot", ["A", "B"], codebook="1", by="Lead", sample=[p.id for p in PASSAGES])
    add_code(ws, PASSAGES[0], "group", "older-persons", by="A", session="pilot")
    add_code(ws, PASSAGES[0], "sector", "decent-work", by="B", session="pilot")
    close_session(ws, "pilot", by="Lead")
    among, _ = reports(bench, "pilot", draws=20)
    assert {(one.facet, one.n) for one in among.facets} <= {("group", 0), ("sector", 0)}, (
        "nobody coded a facet together"
    )
    with pytest.raises(NotFound, match="no coding session 'pilto'"):
        reports(bench, "pilto", draws=20)


def test_commitments_never_put_our_words_in_the_place_of_the_text(bench):
    rows = list(bench.commitments())
    assert len(rows) > 100
    assert all(row.text == "" and row.statement and row.wording == "own-words" for row in rows)
    assert {row.force for row in rows} == {"legal-obligation", "political-commitment"}


def test_findings_give_one_row_a_criterion_and_silence_is_not_assessed(bench, ws, provenance, tmp_path):
    create_set(ws, "toyland", "Policies", by="Lead", country="KEN")
    decide(
        ws,
        bench.framework,
        "toyland",
        "R5.c",
        {
            "status": "partial",
            "rationale": "From 70 only",
            "body": "Ministry",
            "evidence": [{"source": "Gazette 3", "quotation": "A pension from seventy.", "locator": "s. 2"}],
        },
        by="Lead",
        expected=0,
        reason="read",
    )
    create_action(
        ws,
        "a1",
        {
            "title": "Lower the age",
            "body": "Ministry",
            "due": "2027-01-01",
            "findings": [{"policy_set": "toyland", "criterion": "R5.c"}],
        },
        by="Lead",
    )
    rows = list(bench.findings("toyland"))
    assert len(rows) == 38 and sum(row.fields["status"] == "Not assessed" for row in rows) == 37
    row = next(row for row in rows if row.text)
    assert (row.text, row.force, row.fields["action"], row.fields["deadline"]) == (
        "A pension from seventy.",
        "national-measure",
        "Lower the age",
        "2027-01-01",
    )
    assert any("unverified" in note for note in row.notes)
    assert {r.fields["recommendation"] for r in rows if r.fields["recommendation"].startswith("D7")} == {
        "D7 (derived, not a recommendation of the paper)"
    }
    (action,) = bench.actions("toyland")
    assert action.fields["recommendation"] == "R5"
    asked = provenance.model_copy(update={"kind": "findings"})
    said = export(rows, "csv", tmp_path / "t.csv", asked, layout="implementation").read_text(encoding="utf-8")
    assert "Lower the age" in said and "Partial" in said


def test_the_provenance_takes_its_date_and_versions_from_the_index(bench):
    found = bench.provenance("passages", filters=[("group", "older")])
    assert (found.date, found.index, found.filters) == (
        "2026-01-31",
        "ffffffffffffffff",
        {"group": ("older-persons",)},
    )
    with pytest.raises(QueryError, match="there is no facet 'grup'"):
        bench.provenance("passages", filters=[("grup", "older-persons")])
    assert "6 stated + 1 derived" in found.framework
    assert found.sources[0].sha256 == SHA
