"""The answers of `kb.api`; among others, own words are never in a field for the source's words."""

from __future__ import annotations

import json
import sys
import zipfile

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

import kb
from kb import api
from kb.api import live
from kb.api.live import state
from kb.cli.main import root as program
from kb.errors import DataError, IndexError_, InputError, KBError, NotFound
from kb.models import Place
from kb.search.browse import browse

CHAPTER = "paper/r5"


def test_a_hit_has_citation_force_and_reason(live_kb):
    found = kb.search("universal entitlements to pension")
    hit = found.hits[0]
    assert not found.absent and hit.citation and hit.force and hit.why["legs"] and hit.rank == 1
    assert hit.source.sha256 and hit.official_url.startswith("https://")


def test_hits_of_different_force_are_held_apart(live_kb):
    found = api.search("pension")
    lists = found.by_force
    assert sum(map(len, lists.values())) == len(found.hits)
    assert all(hit.force == force for force, hits in lists.items() for hit in hits)


def test_what_nobody_says_is_absent_and_its_hits_are_only_near(live_kb):
    found = api.search('"guaranteed jobs for life"')
    assert found.absent and found.message and all(hit.nearest for hit in found.hits)


def test_own_words_never_stand_in_text(live_kb):
    every = [api.show(passage.id, around=0).record for passage in list(live.state().store.passages())[::7]]
    own = [record for record in every if record.wording == "own-words"]
    assert own and all(not record.text and record.statement and not record.may_quote for record in own)
    assert all(record.words.startswith("In this project's words") for record in own)
    verbatim = [record for record in every if record.wording == "verbatim"]
    assert verbatim and all(record.text and not record.statement for record in verbatim)


@pytest.mark.parametrize(
    "fields", [{"text": "a"}, {"text": "a", "statement": "b"}, {"statement": "b", "may_quote": True}]
)
def test_a_record_that_mixes_words_cannot_be_made(fields):
    whole = {
        "id": "a/b",
        "document": "a",
        "kind": "x",
        "wording": "own-words",
        "may_quote": False,
        "language": "en",
        "force": "observation",
        "citation": "A",
        "verified": "secondary",
        "source": Place(file="a", sha256="0"),
    }
    with pytest.raises(ValidationError):
        api.Record(**{**whole, **fields})


def test_filters_are_pairs_or_a_mapping(live_kb):
    one = api.search("pension", filters={"document": ["crpd", "cedaw"]})
    assert one.hits == api.search("pension", filters=[("document", "crpd"), ("document", "cedaw")]).hits
    assert {hit.document for hit in one.hits} <= {"crpd", "cedaw"}
    assert {hit.document for hit in api.search("pension", filters={"document": "crpd"}).hits} == {"crpd"}


@pytest.mark.parametrize(
    ("typed", "outcome", "ids"),
    [
        ("CRPD art. 33(2)", "one", ["crpd/art33/2"]),
        ("CRPD arts. 19 and 28", "several", ["crpd/art19", "crpd/art28"]),
        ("art. 6", "ambiguous", []),
        ("Cairo Programme of Action, para 3", "another-document", []),
        ("ICERD art. 14", "another-document", []),
        ("nothing of the kind", "none", []),
        ("CRPD art. 99", "none", []),
    ],
)
def test_a_citation_is_one_several_ambiguous_none_or_of_another_document(live_kb, typed, outcome, ids):
    found = api.cite(typed)
    assert (found.outcome, [place.id for place in found.places]) == (outcome, ids)
    assert found.id == (ids[0] if outcome == "one" else None)
    assert bool(found.candidates) == (outcome == "ambiguous") and bool(found.message) == (not ids)


def test_a_pinpoint_is_the_place_without_the_name(live_kb):
    places = {
        typed: api.cite(typed).places[0].pinpoint
        for typed in ("CRPD art. 33(2)", "R5", "Copenhagen commitment 4", "CRPD")
    }
    assert places["CRPD art. 33(2)"] == "art. 33(2)" and places["R5"].startswith("recommendation 5")
    assert places["Copenhagen commitment 4"] == "Copenhagen Declaration, commitment 4" and places["CRPD"] == ""
    assert api.show("crpd/art33/2").record.pinpoint == "art. 33(2)"


def test_a_passage_is_shown_in_its_context_and_an_unknown_one_names_the_nearest(live_kb):
    shown = api.show(CHAPTER)
    assert shown.record.may_quote and (shown.before or shown.after)
    assert api.show("crpd/art33/2").missing
    with pytest.raises(NotFound, match="crpd/art33"):
        api.show("crpd/art33/x")
    with pytest.raises(InputError, match="0 to 50"):
        api.show(CHAPTER, around=51)


def test_coverage_says_what_is_only_in_our_own_words(live_kb):
    found = {each.id: each for each in api.coverage()}
    assert found["paper"].text_here and not found["paper"].only_own_words
    assert found["crpd"].only_own_words and found["crpd"].entries > 200 and "en" in found["crpd"].languages_missing
    counted = {each.id: (each.verbatim, each.own_words) for each in api.documents()}
    assert counted["crpd"][0] == 0 < counted["crpd"][1] and counted["paper"][1] == 0


def test_criteria_are_six_stated_and_one_derived(live_kb):
    found = api.criteria()
    kinds = {each.recommendation: each.kind for each in found}
    assert sorted(kinds.values()).count("stated") == 6 and [r for r, kind in kinds.items() if kind == "derived"] == [
        "D7"
    ]
    assert all(each.wording == "own-words" and ", line" in each.citation for each in found)


def test_passages_of_a_document_are_those_that_facets_count_and_the_parts_within_them(live_kb):
    listed = api.facets()["document"]
    found = {each.id: each for each in api.documents()}
    assert {id: each.passages - each.parts for id, each in found.items()} == listed
    assert found["paper"].parts == len(api.show("paper/r4").parts) == 4 and found["crpd"].parts == 0


def test_facets_count_what_filters_may_name(live_kb):
    found = api.facets()
    assert found["document"]["crpd"] > 200 and set(found["wording"]) == {"verbatim", "own-words"}


def test_every_count_of_a_facet_is_the_length_of_the_list_that_it_leads_to(live_kb):
    """This holds in every interface: each calls this search, and the app shows the counts of `browse`."""
    counts = {(name, term): n for name, terms in api.facets().items() for term, n in terms.items()}
    lists = {each: api.search("", filters=[each], limit=2000) for each in counts}
    assert {each: (found.total, len(found.hits)) for each, found in lists.items()} == {
        each: (n, n) for each, n in counts.items()
    }
    searcher = state().searcher
    for name, term in [*counts][::7]:
        assert browse(searcher, "", {name: [term]}, limit=1).choices[name][term] == counts[name, term], (name, term)


def test_an_export_is_written_as_the_command_does(live_kb, tmp_path):
    path = api.export("commitments", tmp_path / "a.jsonl", format="jsonl", filters=(("document", "crpd"),))
    assert path.read_text(encoding="utf-8").count("\n") > 200
    with pytest.raises(InputError, match="need a query"):
        api.export("results", tmp_path / "b.csv")


def test_folders_that_are_missing_are_made_as_by_the_command_and_none_for_an_export_that_is_refused(live_kb, tmp_path):
    path = api.export("results", tmp_path / "a" / "b" / "land.csv", query="pension", limit=1)
    done = CliRunner().invoke(program, ["export", "results", "--query", "pension", "--limit", "1", "--format", "csv",
                                    "--out", str(tmp_path / "c" / "d" / "land.csv")])  # fmt: skip
    assert path.exists() and done.exit_code == 0, done.output
    assert path.read_text() == (tmp_path / "c" / "d" / "land.csv").read_text()
    with pytest.raises(KBError):
        api.export("results", tmp_path / "e" / "land.csv", query="AND AND")
    assert not (tmp_path / "e").exists()


def test_the_ending_of_a_file_names_its_format_as_in_the_command(live_kb, tmp_path):
    asked = {"query": "pension", "limit": 2}
    book = api.export("results", tmp_path / "a.docx", **asked)
    lines = api.export("results", tmp_path / "a.jsonl", **asked)
    assert zipfile.is_zipfile(book)
    assert all(json.loads(line)["id"] for line in lines.read_text(encoding="utf-8").splitlines())


def test_what_needs_an_extra_says_which(live_kb, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)  # as in the base install
    with pytest.raises(NotFound, match=r"'xlsxwriter'.*kb\[export\]"):
        api.export("results", tmp_path / "a.xlsx", query="pension", limit=2)
    assert not list(tmp_path.iterdir())


def test_a_selector_resolves_to_the_passage_that_is_there(live_kb):
    record = api.show(CHAPTER).record
    source = f"urn:sha256:{record.source.sha256}"
    first, end = record.source.chars
    assert CHAPTER in {each.id for each in api.resolve_selector(source, start=first, end=end)}
    assert CHAPTER in {each.id for each in api.resolve_selector(source, exact=record.text[10:60])}
    assert api.resolve_selector(f"urn:kb:passage:{CHAPTER}")[0].id == CHAPTER
    with pytest.raises(NotFound, match="selector"):
        api.resolve_selector("urn:sha256:00", start=1, end=2)
    with pytest.raises(InputError, match="selector"):
        api.resolve_selector("https://example.org", start=1, end=2)


def test_too_much_is_refused_before_anything_is_searched(live_kb):
    for ask in (api.search, api.cite, api.show):
        with pytest.raises(InputError, match="characters"):
            ask("x" * 5000)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: api.search(None), "the query is a NoneType"),
        (lambda: api.search(b"pension"), "the query is a bytes"),
        (lambda: api.search("pension", limit="3"), "limit is a str"),
        (lambda: api.search("pension", limit=0), "shows nothing"),
        (lambda: api.search("pension", per_force=2.5), "per_force is a float"),
        (lambda: api.search("pension", filters="force=legal"), "filters cannot be read"),
        (lambda: api.search("pension", filters={"force": None}), "the filter 'force' is a NoneType"),
        (lambda: api.search("pension", filters=[("a", "b", "c")]), "filters cannot be read"),
        (lambda: api.show(3), "the identifier is a int"),
        (lambda: api.show(CHAPTER, around="2"), "around is a str"),
        (lambda: api.cite(None), "the citation is a NoneType"),
        (lambda: api.resolve_selector("urn:sha256:00", start="a", end=2), "start is a str"),
        (lambda: api.assess(None), "the file is a NoneType"),
        (lambda: api.assess(b"act.txt"), "the file is a bytes"),
        (lambda: api.assess(""), "names no file"),
        (lambda: api.export("commitments", ""), "names no file"),
        (lambda: api.export("commitments", None), "the file is a NoneType"),
        (lambda: api.export("commitments", "a.docx", format="csv"), "the name of a docx file"),
        (lambda: api.export("commitments", "a.pages"), "names no format"),
        (lambda: api.export("nonsense", "a.csv"), "kind: Input should be 'results'"),
        (lambda: api.export("passages", "a.csv", quary="pension"), "quary: Extra inputs"),
        (lambda: api.export("passages", "a.csv", limit=-1), "limit: Input should be greater"),
        (lambda: api.show("\ud800"), "identifier has half of a character"),
        (lambda: api.cite("CRPD art. \udcff"), "citation has half of a character"),
        (lambda: api.search("land", filters={"group": "\ud800"}), "term of a filter has half"),
        (lambda: api.search("land", filters={"\ud800": "women"}), "name of a filter has half"),
        (lambda: api.search("land", document="\ud800"), "document has half of a character"),
        (lambda: api.search("land", document=5), "the document is a int"),
        (lambda: api.export("passages", "a\0.csv"), "no disk can hold"),
        (lambda: api.export("passages", "\ud800.csv"), "no disk can hold"),
        (lambda: api.assess("a\0.pdf"), "no disk can hold"),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error_that_names_it(live_kb, monkeypatch, tmp_path, ask, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=words):
        ask()
    assert not list(tmp_path.iterdir())


def test_a_limit_beyond_all_reason_gives_what_there_is(live_kb):
    assert 0 < len(api.search("pension", limit=10**12).hits) < 2000


def test_without_words_filters_give_everything_that_they_name(live_kb):
    found = api.search("", filters={"document": "crpd"})
    assert found.query == "" and found.total > 200 and {hit.document for hit in found.hits} == {"crpd"}
    assert api.search("pension", filters=None).hits == api.search("pension").hits


def test_a_criterion_or_document_is_named_where_a_passage_was_asked_for(live_kb):
    for id, words in (("R1.a", "is a criterion"), ("crpd", "is a document")):
        with pytest.raises(NotFound, match=words):
            api.show(id)
    assert "derived by this project" in api.reference("D7.a").remarks[0]


def test_a_corpus_that_is_not_there_is_named(live_kb, monkeypatch, tmp_path):
    monkeypatch.setenv("KB_CORPUS", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="no corpus"):
        api.search("pension")


def test_an_index_of_another_layout_is_built_anew_and_damage_is_not(live_kb, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(live, "_build", lambda config, error: asked.append(error.what))
    monkeypatch.setattr(
        "kb.search.live_searcher", _failing(IndexError_("the index has layout 1, this program reads 2."))
    )
    with pytest.raises(IndexError_):
        live.state()
    assert asked == ["the index has layout 1, this program reads 2."]
    monkeypatch.setattr(
        "kb.search.live_searcher", _failing(IndexError_("passages.sqlite was changed since it was built."))
    )
    with pytest.raises(IndexError_, match="was changed"):
        live.state()
    assert len(asked) == 1


def _failing(error):
    def searcher():
        raise error

    return searcher
