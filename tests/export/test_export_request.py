"""An export has the hits of the same search in the same order, and states how to make the file again."""

import json
import shlex
import zipfile

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from kb.assessment.findings import decide
from kb.assessment.policies import create_set
from kb.cli.main import root as program
from kb.errors import InputError, NotFound, QueryError
from kb.export import FORMATS, LAYOUT_NAMES, import_rows
from kb.export.collect import Bench
from kb.export.request import Request, preview, take, write
from kb.log import open_workspace
from kb.search import live_searcher


def run(*words):
    result = CliRunner().invoke(program, [str(word) for word in words])
    return result


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "older women pension"},
        {"query": '"older persons" work'},
        {"query": "pension", "mode": "lexical"},
        {"query": "zebra crossings on mars"},
        {"query": '"guaranteed jobs for life"'},
        {"query": "work", "filters": (("force", "legal"), ("document", "crpd"))},
        {"query": "work", "fusion": "rrf"},
        {"query": "", "filters": (("document", "mipaa"),)},
    ],
)
def test_the_hits_are_those_of_search_in_its_order(live_kb, asked):
    from kb.search.browse import as_query

    query, filters = asked["query"], asked.get("filters", ())
    full = query or as_query({"document": ["mipaa"]})
    options = {"mode": asked.get("mode", "hybrid"), "method": asked.get("fusion", "convex"), "facets": filters}
    shown = [hit.id for hit in live_searcher().search(full, **options).hits]
    bench = Bench.here()
    assert [row.id for row in take(bench, Request(kind="results", per_force=10, **asked)).rows] == shown
    assert [row.id for row in take(bench, Request(kind="results", limit=3, **asked)).rows] == [
        hit.id for hit in live_searcher().search(full, limit=3, **options).hits
    ]
    every = [row.id for row in take(bench, Request(kind="results", **asked)).rows]
    assert [id for id in every if id in shown] == shown, "all of them hold what search shows, in its order"
    assert len(every) == len(set(every))


@pytest.mark.parametrize("kind", ["results", "passages", "codes", "commitments"])
@pytest.mark.parametrize("facet", ["grup=youth", "group=yuoth", "group", "=youth", "group="])
def test_a_misspelt_filter_is_refused_in_the_words_of_search(live_kb, tmp_path, kind, facet):
    out = tmp_path / "x.csv"
    query = ["--query", "work"] if kind == "results" else []
    refused, searched = (
        run("export", kind, *query, "--facet", facet, "--out", out),
        run("search", "work", "--facet", facet),
    )
    assert not out.exists()
    assert (type(refused.exception), str(refused.exception)) == (type(searched.exception), str(searched.exception))
    assert isinstance(refused.exception, InputError)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"kind": "findings", "policy_set": "x", "filters": (("group", "youth"),)},
            "Findings cannot be narrowed by a facet filter",
        ),
        ({"kind": "actions", "filters": (("grup", "youth"),)}, "Actions cannot be narrowed by a facet filter"),
        ({"kind": "passages", "query": "work"}, "A query finds results, not passages"),
        ({"kind": "passages", "session": "pilot"}, "cannot be narrowed by a coding session"),
        ({"kind": "codes", "policy_set": "x"}, "cannot be narrowed by an assessment"),
        ({"kind": "passages", "per_force": 3}, "cannot be narrowed by a number for each force"),
        ({"kind": "commitments", "mode": "nope"}, "Commitments are not ranked: 'nope' is for results"),
        ({"kind": "passages", "mode": "semantic"}, "Passages are not ranked"),
        ({"kind": "passages", "fusion": "rrf"}, "Passages are not ranked"),
    ],
)
def test_nothing_that_was_asked_goes_unheeded(live_kb, asked, said):
    with pytest.raises(InputError, match=said):
        take(Bench.here(), Request(**asked))


def test_a_filter_is_read_alike_by_search_and_by_export(live_kb):
    found = {hit.force for hit in live_searcher().search("work", facets=[("force", "legal")]).hits}
    assert found == {
        row.force for row in take(Bench.here(), Request(kind="passages", filters=(("force", "legal"),))).rows
    }
    es = list(take(Bench.here(), Request(kind="passages", language="en")).rows)
    assert {row.language for row in es} == {"en"}
    with pytest.raises(QueryError, match="language has no term 'xx'"):
        take(Bench.here(), Request(kind="passages", language="xx"))


def test_the_file_says_how_it_was_cut_and_how_to_make_it_again(live_kb, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = run(
        "export",
        "results",
        "--query",
        "persons' work, health & women's education",
        "--mode",
        "lexical",
        "--limit",
        4,
        "--facet",
        "force=legal",
        "--format",
        "jsonl",
        "--out",
        "a.jsonl",
    )
    assert made.exit_code == 0, made.output
    said = json.loads((tmp_path / "a.jsonl.provenance.json").read_text(encoding="utf-8"))["provenance"]
    assert (said["mode"], said["limit"], said["rows"], said["filters"]) == (
        "lexical",
        4,
        4,
        {"force": ["legal-obligation"]},
    )
    assert said["total"] > 4 and sum(said["wordings"].values()) == 4 and said["wordings"]["own-words"] == 4
    assert "fusion convex" in said["ranking"] and said["index"] and said["log"].startswith("no log")
    again = run(*shlex.split(said["command"])[1:], "--out", "b.jsonl")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "b.jsonl").read_bytes() == (tmp_path / "a.jsonl").read_bytes()


@pytest.mark.parametrize("format", ["markdown", "html", "bibtex"])
def test_people_read_the_cut_at_the_head_of_the_file(live_kb, tmp_path, format):
    path = write(
        Bench.here(), Request(kind="passages", filters=(("document", "paper"),), limit=2), format, tmp_path / "t"
    )
    said = path.read_text(encoding="utf-8")
    assert "2 of 277: cut at the limit of 2" in said and "kb export passages" in said
    assert "2 verbatim, 0 own words" in said


def test_a_preview_is_of_the_rows_that_are_written(live_kb):
    request = Request(kind="results", query="pension", per_force=2)
    assert [row.id for row in preview(Bench.here(), request, 2)] == [
        row.id for row in take(Bench.here(), request).rows
    ][:2]


@pytest.fixture
def decided(live_kb):
    """Create a workspace with one finding that has every field, and evidence of the law and of its operation."""
    from kb.config import settings
    from kb.framework import load

    settings().workspace.mkdir(parents=True, exist_ok=True)
    with open_workspace() as ws:
        create_set(ws, "toyland", "Policies", by="Lead", country="KEN")
        decide(
            ws,
            load(settings().corpus / "framework"),
            "toyland",
            "R5.c",
            {
                "status": "partial",
                "rationale": "From 70 only",
                "gap": "Those of 60 to 69",
                "next_step": "Lower the age",
                "body": "Ministry",
                "evidence": [
                    {"source": "Gazette 3", "quotation": "A pension from seventy.", "role": "instrument"},
                    {"source": "Budget", "quotation": "Paid to 90 000 people.", "role": "operation", "type": "outcome"},
                ],
            },
            by="A. Decider",
            expected=0,
            reason="read",
        )
    return Bench.here()


WORDS = ("From 70 only", "Those of 60 to 69", "Lower the age", "A. Decider", "instrument", "operation")
CHOSEN = [
    (name, layout)
    for name, format in FORMATS.items()
    if name not in ("parquet",)
    for layout in (LAYOUT_NAMES if format.layouts else (None,))
]


@pytest.mark.parametrize(("format", "layout"), CHOSEN)
def test_every_findings_export_keeps_every_word_of_the_decision(decided, tmp_path, format, layout):
    import re
    import zipfile

    path = write(decided, Request(kind="findings", policy_set="toyland"), format, tmp_path / "t", layout=layout)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            said = "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    else:
        said = path.read_text(encoding="utf-8-sig")
    said = re.sub(r"\\([^nt])", r"\1", said).replace("<wbr>", "")
    year = str(next(row.fields["at"] for row in decided.findings("toyland") if row.fields.get("at")))[:10]
    for word in (*WORDS, year):
        assert word in said, word


def test_findings_carry_the_end_of_the_log(decided, tmp_path):
    from kb.log.anchor import anchor, marks_in

    path = write(decided, Request(kind="findings", policy_set="toyland"), "markdown", tmp_path / "t.md")
    with open_workspace() as ws:
        assert [mark.mark for mark in marks_in(path.read_text(encoding="utf-8").replace("\\", ""))] == [anchor(ws).mark]
    rows = list(
        import_rows(
            "jsonl", write(decided, Request(kind="findings", policy_set="toyland"), "jsonl", tmp_path / "t.jsonl")
        )
    )
    roles = {row.fields["evidence_role"]: (row.wording, row.may_quote) for row in rows if row.text}
    assert roles == {"instrument": ("verbatim", False), "operation": ("verbatim", False)}, (
        "nobody found them in a stored text"
    )


@pytest.mark.parametrize("kind", ["findings", "actions"])
def test_what_people_decided_is_exported_without_an_index_as_with_one(decided, tmp_path, monkeypatch, kind):
    request = Request(kind=kind, policy_set="toyland")
    with_index = list(import_rows("jsonl", write(decided, request, "jsonl", tmp_path / "with.jsonl")))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "none"))
    said = run("export", kind, "--set", "toyland", "--format", "jsonl", "--out", tmp_path / "without.jsonl")
    assert said.exit_code == 0, said.output
    assert list(import_rows("jsonl", tmp_path / "without.jsonl")) == with_index
    told = dict(take(Bench.here(), request).provenance.lines())
    assert told["Index"].startswith("none: there was no index") and told["Log"].startswith("kb-log/")
    assert told["Date"] == told["Log"].rpartition("/")[2][:10]
    for needs in ("passages", "commitments"):
        assert run("export", needs, "--out", tmp_path / "no.csv").exit_code != 0, "these come from an index"


def test_actions_of_an_assessment_that_is_not_there_are_no_empty_table(decided, tmp_path):
    out = tmp_path / "a.csv"
    result = run("export", "actions", "--set", "kenia", "--out", out)
    assert isinstance(result.exception, NotFound) and not out.exists()


@pytest.mark.parametrize("kind", ["findings", "actions", "commitments"])
def test_a_viewer_of_what_carries_no_codes_is_refused(kind, tmp_path):
    result = run("export", kind, "--viewer", "Ada", "--out", tmp_path / "a.csv")
    assert isinstance(result.exception, InputError) and "Leave --viewer out" in str(result.exception)


def test_a_request_is_refused_with_what_it_may_not_hold():
    for wrong in ({"kind": "songs"}, {"kind": "results", "limit": 0}, {"kind": "results", "colour": "red"}):
        with pytest.raises(ValidationError):
            Request(**wrong)


def test_a_statement_of_ours_that_was_given_as_evidence_stays_ours(decided, tmp_path, monkeypatch):
    """Such words are refused now; an older workspace may contain them."""
    from kb.config import settings
    from kb.framework import load

    monkeypatch.setattr("kb.assessment.evidence.refuse_own_words", lambda quotation: None)
    ours = decided.store.get("crpd/art33/2").text
    with open_workspace() as ws:
        decide(
            ws,
            load(settings().corpus / "framework"),
            "toyland",
            "R1.a",
            {
                "status": "partial",
                "rationale": "As the treaty says",
                "evidence": [{"source": "CRPD art. 33(2)", "quotation": ours}],
            },
            by="A. Decider",
            expected=0,
            reason="read",
        )
    rows = {row.words: row for row in Bench.here().findings("toyland") if row.words}
    assert rows[ours].text == "" and (rows[ours].wording, rows[ours].may_quote) == ("own-words", False)
    assert "given as the words of the source, and not checked" in rows["A pension from seventy."].wording_words
    said = write(Bench.here(), Request(kind="findings", policy_set="toyland"), "markdown", tmp_path / "t.md").read_text(
        encoding="utf-8"
    )
    assert f"> {ours[:30]}" not in said and "not a quotation: States parties must maintain" in said


def test_what_is_near_in_meaning_alone_says_so_in_an_export(live_kb, tmp_path):
    bench = Bench.here()
    made = take(bench, Request(kind="results", query="pension"))
    rows, shown = list(made.rows), bench.searcher.search("pension")
    near = [row for row in rows if any("Near in meaning alone" in note for note in row.notes)]
    assert len(rows) - len(near) == shown.total, "as many match as search says"
    assert all("pension" not in row.words.casefold() for row in near)
    written = made.provenance.model_copy(update={"rows": len(rows)})
    assert ("Rows", f"{len(rows)}: {shown.total} match, {len(near)} are near in meaning alone") in written.lines()


def test_a_cut_counts_what_matches_and_what_is_near_apart(live_kb):
    made = take(Bench.here(), Request(kind="results", query="pension", limit=20))
    rows = list(made.rows)
    far = sum(row.fields["matches"] is False for row in rows)
    said = dict(made.provenance.model_copy(update={"rows": len(rows)}).lines())["Rows"]
    total = live_searcher().search("pension").total
    if far == 0 or len(rows) - far == total:
        assert said.startswith(f"{len(rows)}")
    else:
        assert said == f"{len(rows) - far} of {total}: cut at the limit of 20; and {far} near in meaning alone"


@pytest.mark.parametrize("format", [*FORMATS])
def test_a_file_names_the_sources_of_its_rows_and_no_other(live_kb, tmp_path, format):
    bench = Bench.here()
    asked = Request(kind="passages", filters=(("document", "wssd"),), limit=2)
    assert len(bench.sources) > 3, "the index has others"
    path = write(bench, asked, format, tmp_path / f"t{FORMATS[format].suffix}")
    files = [*tmp_path.iterdir()]
    data = b"".join(_plain_bytes(each) for each in files)
    assert path in files and bench.sources["wssd"].sha256.encode() in data
    for document, source in bench.sources.items():
        assert document == "wssd" or (source.sha256 and source.sha256.encode() not in data), (format, document)


def _plain_bytes(path):
    """Return the bytes of a file; of a zip those of its members."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_an_export_of_an_answer_that_is_none_says_so_at_its_head(live_kb):
    made = take(Bench.here(), Request(kind="results", query='"words that nobody ever wrote"'))
    rows = list(made.rows)
    said = dict(made.provenance.model_copy(update={"rows": len(rows)}).lines())
    assert said["Search says"].startswith("Nothing here says")
    assert said["Rows"] == f"{len(rows)}: none matches; they are the nearest passages"
