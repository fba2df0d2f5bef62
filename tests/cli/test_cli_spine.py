"""kb search, documents, passages, show, verify, eval, doctor and build, as a user runs them over a toy index."""

from __future__ import annotations

import json

import pytest
from kb_toys import HIT_FIELDS

from kb.cli.main import main


@pytest.fixture
def kb(live_kb, capsys):
    """Return a function that runs a command and returns its exit code, its output and its standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return end.value.code or 0, out, err

    return run


@pytest.fixture
def good(kb):
    """Return a function that runs a command that must succeed and returns its output."""

    def run(*arguments):
        code, out, err = kb(*arguments)
        assert code == 0, err
        return out

    return run


def test_a_build_that_is_not_needed_still_prints_its_manifest(kb, monkeypatch):
    monkeypatch.setattr("kb.build.pipeline.needs_build", lambda _: False)
    code, out, err = kb("build", "--if-stale", "--json")
    assert code == 0 and json.loads(out)["passages"] and "up to date" in err


# --- search ---------------------------------------------------------------------------------------------------------


def test_search_prints_text_citation_and_force_of_every_hit(good):
    out = good("search", '"society for all"', "--limit", 2)
    assert "1. " in out and "   — " in out and "2 shown" in out
    assert "Political commitment (not a treaty)" in out or "Expert recommendation (not agreed by States)" in out


def test_passages_that_only_their_meaning_brought_are_counted_apart(good):
    shown = json.loads(good("search", "pension", "--limit", 100, "--json"))["hits"]
    near = sum("lexical" not in hit["why"]["legs"] for hit in shown)
    assert near and f"{len(shown)} shown ({near} of them near in meaning alone)" in good(
        "search", "pension", "--limit", 100
    )
    assert "near in meaning" not in good("search", "pension", "--limit", 100, "--mode", "lexical")


def test_where_one_word_is_enough_search_says_how_to_ask_for_all(good):
    assert "kb search 'pension AND older AND women'" in good("search", "pension older women", "--limit", 1)
    assert "One of the words" not in good("search", "pension AND women", "--limit", 1)


def test_where_only_filters_are_asked_for_nothing_is_called_near_in_meaning(good):
    for asked in (["--facet", "group=older-persons"], ["group:older-persons"]):
        assert " passages match, 1 shown" in good("search", *asked, "--limit", 1)


@pytest.mark.parametrize("facet", ["group", "force", "document", "sector"])
def test_each_filter_of_a_search_finds_as_many_as_its_count_says(good, facet):
    counts = json.loads(good("search", "women", "--limit", 1, "--json"))["facets"][facet]
    assert len(counts) > 1
    for term, count in list(counts.items())[:3]:
        narrowed = json.loads(good("search", "women", "--facet", f"{facet}={term}", "--limit", 1000, "--json"))
        matching = [hit for hit in narrowed["hits"] if hit["why"]["matches"]]
        assert (narrowed["total"], len(matching)) == (count, count) or narrowed["worded"] == count, term
        assert narrowed["absent"] or narrowed["facets"][facet][term] == count


def test_search_json_has_the_promised_shape(good):
    found = json.loads(good("search", "minimum standards of health and education", "--document", "paper", "--json"))
    assert {"query", "mode", "took_ms", "total", "hits"} <= set(found)
    hit = found["hits"][0]
    assert set(hit) >= HIT_FIELDS
    assert {"file", "sha256", "chars", "lines", "page"} <= set(hit["source"]) and hit["document"] == "paper"


def test_search_says_what_nothing_says(good):
    assert "Nothing here says “community land trust”" in good("search", '"community land trust"')
    assert "[nearest, does not say it]" in good("search", '"community land trust"')


def test_a_batch_reads_files_of_other_editors_and_says_what_is_wrong_with_one_query(good, tmp_path):
    queries = tmp_path / "q.jsonl"
    queries.write_text(
        '{"id": "\\ud83d", "query": "land"}\r\n{"id": 2, "query": "land\u2028rights"}\r\n{"id": 3, "query": "AND"}\r\n',
        encoding="utf-8-sig",
    )
    rows = [json.loads(line) for line in good("search", "--queries", queries, "--jsonl").strip().split("\n")]
    assert (
        [row["id"] for row in rows] == ["\ud83d", 2, 3] and rows[0]["hits"] and rows[1]["hits"] and not rows[2]["hits"]
    )


def test_search_explains_its_hits(good):
    assert "why: lexical" in good("search", "land", "--explain", "--limit", 1)


def test_search_filters_by_facet(good):
    found = json.loads(
        good("search", "education", "--facet", "force=legal-obligation", "--facet", "document=crpd", "--json")
    )
    assert {hit["force"] for hit in found["hits"]} == {"legal-obligation"}


def test_a_batch_answers_line_by_line_in_order(good, tmp_path):
    (tmp_path / "q.jsonl").write_text(
        '{"id": "a", "query": "land"}\n\n{"id": "b", "query": "(open"}\n{"query": "pension"}\n', encoding="utf-8"
    )
    rows = [json.loads(line) for line in good("search", "--queries", tmp_path / "q.jsonl", "--jsonl").splitlines()]
    assert [row["id"] for row in rows] == ["a", "b", 4]
    assert rows[0]["hits"] and "the bracket is not closed" in rows[1]["error"] and rows[2]["hits"]


@pytest.mark.parametrize(
    "arguments,code,said",
    [
        (["search"], 2, "there are no words and no filter. Type words, such as: kb search pension"),
        (["search", "land AND"], 2, "column 6: AND needs something on both sides."),
        (["search", "land", "--mode", "hybird"], 2, "unknown mode 'hybird'. Modes are: hybrid, lexical, semantic."),
        (["search", "land", "--limit", "0"], 2, "shows nothing."),
        (["search", "land", "--facet", "group"], 2, "'group' is no facet filter. Write it as NAME=VALUE"),
        (["search", "land", "--facet", "colour=red"], 2, "the filter colour=red: there is no facet 'colour'."),
        (["search", "land", "--document", "papre"], 2, "document has no term 'papre'. Try document=paper"),
        (["search", "--queries", "nowhere.jsonl"], 2, "nowhere.jsonl: there is no such file"),
        (["show", "paper/r9"], 6, "no passage 'paper/r9'. Nearest are: paper/r"),
        (
            ["passages", "--document", "other"],
            6,
            "no document 'other'. There are: paper, beijing, cedaw, crpd, mipaa, wssd.",
        ),
        (["eval", "--set", "search", "--judged", "nowhere"], 2, "queries_dev.jsonl"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_a_fixed_exit_code(kb, arguments, code, said):
    ended, out, err = kb(*arguments)
    assert (ended, out) == (code, "") and said in err and len(err.strip().splitlines()) == 1


def test_undecodable_bytes_in_a_query_are_no_exception(kb):
    code, out, err = kb("search", "land \udcff", "--json")
    assert code == 0 and json.loads(out)["query"] == "land ?"


def test_a_batch_file_with_a_broken_line_names_it(kb, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"query": "land"}\n{"id": 1}\n', encoding="utf-8")
    code, _, err = kb("search", "--queries", tmp_path / "q.jsonl")
    assert code == 2 and "q.jsonl:2: no JSON object with a query" in err


@pytest.mark.parametrize(
    "arguments", [["search", "land"], ["documents"], ["passages"], ["show", "paper/r1"], ["verify"]]
)
def test_without_an_index_every_command_says_how_to_build_one(kb, arguments, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "none"))
    code, out, err = kb(*arguments)
    assert (code, out) == (4, "") and err.strip().endswith("there is no index yet. Run: kb build")


# --- documents, passages, show ----------------------------------------------------------------------------------------


def test_documents_are_listed_with_force_and_source(good):
    rows = {row["id"]: row for row in json.loads(good("documents", "--json"))}
    assert rows["paper"]["passages"] == 277 and rows["paper"]["sections"] == 55
    assert rows["crpd"]["force"] == "legal-obligation" and rows["paper"]["source"]["sha256"]
    said = good("documents")
    assert "Legal obligation (States parties only)" in said and said.count("within another") == 1
    assert "277 passages (277 verbatim, 0 own words), 4 within another ·" in said


def test_passages_of_a_document_in_order_as_json_lines(good):
    rows = [json.loads(line) for line in good("passages", "--document", "paper", "--jsonl").splitlines()]
    assert len(rows) == 277 and {row["document"] for row in rows} == {"paper"}
    assert {"id", "document", "kind", "text", "citation", "force", "section", "source", "tags"} <= set(rows[0])
    assert (rows[0]["rank"], rows[0]["score"], rows[0]["why"]) == (None, None, {}), "what only a search fills is empty"
    starts = [row["source"]["lines"][0] for row in rows if row["kind"] not in ("footnote", "sub-item")]
    assert starts == sorted(starts)
    assert json.loads(good("passages", "--document", "paper", "--json")) == rows


def test_show_gives_a_passage_in_its_context(good):
    out = good("show", "paper/r5")
    for part in (
        "7 Conclusion",
        "paper/r5  [recommendation]",
        "6. Establish",
        "recommendation 5, lines 1860–1865",
        "Expert recommendation (not agreed by States)",
        "background-paper.txt, lines 1860–1865",
        "characters",
    ):
        assert part in out


def test_show_lists_the_parts_and_takes_neighbours_as_asked(good):
    assert "paper/r4/a, paper/r4/b, paper/r4/c, paper/r4/d" in good("show", "paper/r4")
    found = json.loads(good("show", "paper/r4", "--around", 2, "--json"))
    assert [p["id"] for p in found["before"]] == ["paper/r2", "paper/r3"] and len(found["after"]) == 2


# --- verify -----------------------------------------------------------------------------------------------------------


def test_verify_proves_every_passage(good, kb):
    proof = json.loads(good("verify", "--json"))
    assert proof["faults"] == [] and proof["passages"] > 600 and proof["files"] == 6
    assert "0 faults" in good("verify", "--document", "paper")


def test_verify_finds_a_changed_source_and_ends_with_a_code(kb, root, tmp_path, monkeypatch):
    import shutil

    shutil.copytree(root / "corpus", tmp_path / "corpus")
    file = tmp_path / "corpus/background-paper/background-paper.txt"
    file.write_bytes(file.read_bytes().replace(b"Solidarity", b"solidarity", 1))
    monkeypatch.setenv("KB_CORPUS", str(tmp_path / "corpus"))
    code, out, err = kb("verify", "--document", "paper")
    assert code == 3 and "has changed since it was indexed" in out and "277 faults" in out


# --- eval and doctor
# ----------------------------------------------------------------------------------------------------


def test_eval_measures_every_mode_on_judgements_in_a_folder(good, tmp_path):
    (tmp_path / "queries_mine.jsonl").write_text(
        json.dumps({"id": "1", "query": '"basic income grant"', "relevant": [{"lines": [1860, 1865], "grade": 2}]}),
        encoding="utf-8",
    )
    rows = json.loads(good("eval", "--set", "search", "--judged", tmp_path, "--json"))
    assert [row["mode"] for row in rows] == ["hybrid", "lexical", "semantic"]
    assert all(row["recall@10"] == 1.0 and row["queries"] == 1 for row in rows)
    assert "nDCG@10" in good("eval", "--set", "search", "--judged", tmp_path)


def test_eval_names_a_set_without_a_file_and_goes_on(kb, tmp_path):
    (tmp_path / "tags_dev.jsonl").write_text('{"lines": [1860, 1865], "tags": {"group": []}}', encoding="utf-8")
    code, out, err = kb("eval", "--judged", tmp_path, "--json")
    assert code == 0 and "queries_dev.jsonl" in err and "commitments.jsonl" in err
    assert {row["set"] for row in json.loads(out)} == {"tags"}


def test_doctor_names_what_is_broken_and_the_command_that_mends_it(kb, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "none"))
    code, out, _ = kb("doctor", "--json")
    checks = {check["what"]: check for check in json.loads(out)}
    assert code == 1 and checks["index"]["status"] == "broken" and checks["index"]["do"] == "kb build"
    assert checks["sources"]["status"] == "ok" and "tantivy" in checks["packages"]["detail"]
    assert "mend the first one first" in kb("doctor")[1]


# --- build and the root
# -------------------------------------------------------------------------------------------------


def test_build_does_nothing_when_the_index_is_up_to_date(kb, monkeypatch):
    from kb.build import pipeline

    monkeypatch.setattr(pipeline, "needs_build", lambda settings: False)
    monkeypatch.setattr(pipeline, "run", lambda *_, **__: pytest.fail("nothing should be built"))
    code, out, err = kb("build", "--if-stale")
    assert code == 0 and "the index is up to date" in err


def test_build_prints_its_steps_or_the_manifest(good, live_kb, monkeypatch):
    from kb.build import pipeline
    from kb.index import live, manifest

    made = manifest.read(live.current(live_kb))
    monkeypatch.setattr(pipeline, "run", lambda *_, **__: made)
    assert json.loads(good("build", "--json"))["passages"] == made.passages
    out = good("build")
    assert "embed" in out and f"==> {made.passages} passages of 6 documents are ready to search" in out


def test_every_command_has_help_and_takes_json(good):
    from kb.cli.main import root as program

    names = program.list_commands(None)
    assert {"search", "documents", "passages", "show", "verify", "eval", "doctor", "build"} <= set(names)
    for name in ("search", "documents", "passages", "show", "verify", "eval", "doctor", "build"):
        out = good(name, "--help")
        assert "--json" in out and program.get_command(None, name).help


def test_the_trace_is_shown_only_when_asked_for(live_kb):
    from kb.errors import NotFound

    with pytest.raises(NotFound):
        main(["--verbose", "show", "paper/r9"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--document", "nosuch"),
        ("passages", "--document", "nosuch"),
        ("counts", "group", "--document", "nosuch"),
        ("counts", "nosuch"),
        ("counts", "group", "--by", "nosuch"),
        ("counts", "group", "--with", "nosuch"),
        ("sample", "3", "--facet", "nosuch"),
        ("sample", "3", "--document", "nosuch"),
    ],
)
def test_a_document_or_facet_that_is_not_there_is_no_empty_answer(kb, arguments, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    code, out, err = kb(*arguments)
    assert code == 6 and not out and "'nosuch'. There are: " in err


def test_eval_without_any_judgements_is_no_success(kb, tmp_path):
    code, out, err = kb("eval", "--judged", tmp_path)
    assert code == 2 and not out and "nothing was measured" in err
