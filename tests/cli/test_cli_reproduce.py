"""An export is made again from its description: the same bytes, or a list of differences."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program
from kb.errors import KBError
from kb.export import FORMATS


def kb(*words):
    return CliRunner().invoke(program, [str(word) for word in words])


@pytest.mark.parametrize(
    ("format", "ending"), [("csv", "-metadata.json"), ("jsonl", ".provenance.json"), ("ris", ".provenance.json")]
)
def test_the_same_index_gives_the_same_bytes(live_kb, tmp_path, format, ending):
    out = tmp_path / f"a.{format}"
    assert kb("export", "results", "--query", "pension", "--limit", 5, "--format", format, "--out", out).exit_code == 0
    before = out.read_bytes()
    done = kb("reproduce", f"{out}{ending}")
    assert done.exit_code == 0 and "The same bytes." in done.output, done.output
    assert out.read_bytes() == before and sorted(tmp_path.iterdir()) == sorted([out, tmp_path / f"{out.name}{ending}"])


def test_what_differs_is_named_with_both_values(live_kb, tmp_path):
    out = tmp_path / "a.jsonl"
    kb("export", "commitments", "--document", "crpd", "--format", "jsonl", "--out", out)
    lines = out.read_text(encoding="utf-8").splitlines()
    described = json.loads((tmp_path / "a.jsonl.provenance.json").read_text(encoding="utf-8"))
    first = json.loads(lines[0])
    altered = (
        "\n".join([json.dumps({**first, "title": "Another"}), *lines[2:], json.dumps({**first, "id": "crpd/none"})])
        + "\n"
    )
    out.write_text(altered, encoding="utf-8")
    import hashlib

    described["sha256"] = hashlib.sha256(altered.encode()).hexdigest()
    described["provenance"]["index"] = "0123456789abcdef"
    (tmp_path / "a.jsonl.provenance.json").write_text(json.dumps(described), encoding="utf-8")
    done = kb("reproduce", f"{out}.provenance.json", "--json")
    found = json.loads(done.output)
    assert done.exit_code == 1 and not found["same"]
    assert found["differs"]["index"][0] == "0123456789abcdef" and len(found["differs"]["index"][1]) == 16
    assert (
        found["new"] == [json.loads(lines[1])["id"]]
        and found["gone"] == ["crpd/none"]
        and found["changed"] == [first["id"]]
    )


def test_a_data_file_that_was_changed_is_named(live_kb, tmp_path):
    out = tmp_path / "a.csv"
    kb("export", "commitments", "--document", "crpd", "--out", out)
    out.write_bytes(out.read_bytes() + b"x")
    done = kb("reproduce", tmp_path / "a.csv-metadata.json")
    assert done.exit_code == 1 and "a.csv is not the file described" in done.output
    out.unlink()
    done = kb("reproduce", tmp_path / "a.csv-metadata.json")
    assert done.exit_code == 0 and "a.csv is not here" in done.output, "nothing is wrong with what was not given"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"file": "a", "sha256": "b", "provenance": {"command": "rm -rf x"}}', "\xff"]
)
def test_what_is_no_description_is_refused(live_kb, tmp_path, content):
    path = tmp_path / "a.provenance.json"
    path.write_text(content, encoding="latin-1")
    done = kb("reproduce", path)
    assert done.exit_code and "description" in str(done.exception)


@pytest.mark.parametrize("name", ["a.docx", "a.jsonl.provenance.json"])
def test_a_file_that_is_not_there_is_not_called_another(live_kb, tmp_path, name):
    assert "there is no such file" in str(kb("reproduce", tmp_path / name).exception)


PASSAGE = "crpd/art28/1"


@pytest.fixture
def coded(live_kb):
    """Give a person's code to one passage."""
    assert kb("codes", "add", PASSAGE, "sector:social-protection", "--by", "A. One").exit_code == 0


TABLES = {
    "counts": ["counts", "group", "--by", "document"],
    "pairs": ["counts", "group", "--with", "sector", "--within", "span"],
    "by-source": ["counts", "group", "--by", "source.year", "--side", "machine"],
    "ratings": ["agreement", "--viewer", "A. One"],
    "quotations": ["codes", "list"],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_made_again_from_the_file_beside_it(coded, tmp_path, name):
    table = tmp_path / "of a study.csv"
    made = kb(*TABLES[name], "--table", table)
    assert made.exit_code == 0, made.exception
    described = tmp_path / "of a study.csv-metadata.json"
    assert str(tmp_path) not in described.read_text("utf-8"), "the folder of this machine says nothing to another"
    before = sorted(tmp_path.iterdir()), table.read_bytes()
    done = kb("reproduce", described)
    assert done.exit_code == 0 and done.output.startswith("The same bytes."), (done.output, done.exception)
    assert (sorted(tmp_path.iterdir()), table.read_bytes()) == before


def test_lines_of_a_table_that_went_and_came_are_named_with_both_ends_of_the_log(coded, tmp_path):
    table = tmp_path / "q.csv"
    assert kb("codes", "list", "--table", table).exit_code == 0
    assert kb("codes", "add", PASSAGE, "group:youth", "--by", "B. Two").exit_code == 0
    done = kb("reproduce", f"{table}-metadata.json", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1 and found["of"] == "lines" and not found["gone"] and len(found["new"]) == 1
    assert "B. Two" in found["new"][0] and list(found["differs"]) == ["log"]
    table.write_bytes(table.read_bytes() + b"x")
    assert "q.csv is not the file described" in kb("reproduce", f"{table}-metadata.json").output


def test_a_plot_says_in_itself_how_it_was_made_and_keeps_that_under_another_name(coded, tmp_path):
    plot, table = tmp_path / "g.vl.json", tmp_path / "g.csv"
    assert kb("counts", "group", "--by", "document", "--plot", plot, "--table", table).exit_code == 0
    renamed = plot.rename(tmp_path / "figure 1.json")
    for file in (renamed, f"{table}-metadata.json"):
        done = kb("reproduce", file)
        assert done.exit_code == 0 and done.output.startswith("The same bytes."), (done.output, done.exception)
    held = json.loads(renamed.read_text("utf-8"))
    held["data"]["values"][0]["n"] += 1
    renamed.write_text(json.dumps(held, ensure_ascii=False, indent=1), "utf-8")
    done = kb("reproduce", renamed, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1 and len(found["gone"]) == len(found["new"]) == 1


@pytest.mark.parametrize(
    "command",
    [
        "kb backup {away}",
        "kb counts group --table={away}",
        "kb codes add crpd/art28/1 group:women --by X --table t.csv",
        "kb export passages --preview 1",
        "kb export passages --out '{away}' --help",
        "kb counts --session --table {away}",
        "kb counts group --plot '{away}' --table",
        "kb counts 'group",
        "kb",
        "rm -rf x",
    ],
)
def test_a_description_of_others_runs_nothing_but_what_reads(live_kb, tmp_path, command):
    away, table = tmp_path / "away.csv", tmp_path / "t.csv"
    kb("counts", "group", "--table", table)
    described = tmp_path / "t.csv-metadata.json"
    held = json.loads(described.read_text("utf-8"))
    held["kb:provenance"]["command"] = command.format(away=away)
    described.write_text(json.dumps(held), "utf-8")
    before = sorted(tmp_path.iterdir()), kb("codes", "list").output
    done = kb("reproduce", described)
    assert done.exit_code and not isinstance(done.exception, (OSError, KeyError, ValueError)), done.exception
    assert (sorted(tmp_path.iterdir()), kb("codes", "list").output) == before


@pytest.mark.parametrize("kind", ["findings", "actions", "commitments", "codes"])
def test_what_a_named_person_takes_away_in_the_app_is_made_again(coded, tmp_path, kind):
    """The app knows the person's name; rows without codes are the same for everybody."""
    from kb.export.collect import Bench
    from kb.export.request import Request, write

    kb("policies", "create", "kenya", "Kenya", "--country", "KEN", "--by", "A. One")
    request = Request(kind=kind, policy_set="kenya" if kind == "findings" else None)
    out = write(Bench.here("A. One"), request, "jsonl", tmp_path / "a.jsonl")
    done = kb("reproduce", f"{out}.provenance.json")
    assert done.exit_code == 0 and "The same bytes." in done.output, (done.output, done.exception)


def test_references_under_the_other_ending_of_bibtex_are_made_again(coded, tmp_path):
    out = tmp_path / "a.bibtex"
    assert kb("export", "codes", "--viewer", "A. One", "--format", "bibtex", "--out", out).exit_code == 0
    done = kb("reproduce", out)
    assert done.exit_code == 0 and done.output.startswith("The same bytes."), (done.output, done.exception)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("odd", ["A{upper}", "no-ending", "odd.xyz", "v1.2", "año 1{ending}"])
def test_a_file_of_any_format_under_any_name_is_made_again(coded, tmp_path, name, odd):
    ending = FORMATS[name].suffix
    out = tmp_path / "in" / odd.format(ending=ending, upper=ending.upper())
    out.parent.mkdir()
    assert kb("export", "codes", "--viewer", "A. One", "--format", name, "--out", out).exit_code == 0
    beside = [one for one in out.parent.iterdir() if one.name.endswith((".provenance.json", "-metadata.json"))]
    done = kb("reproduce", *(beside or [out]))
    assert done.exit_code == 0 and done.output.startswith("The same bytes."), (done.output, done.exception)


@pytest.mark.parametrize("packed", [".gz", ".zip", ".tar", ".zst"])
def test_no_export_is_written_under_the_name_of_a_packed_file(coded, tmp_path, packed):
    for name, format in FORMATS.items():
        out = tmp_path / f"a{format.suffix}{packed}"
        done = kb("export", "codes", "--format", name, "--out", out)
        assert isinstance(done.exception, KBError) and not out.exists()
        assert f"End the name with {format.suffix}" in done.exception.do


def test_a_folder_is_no_export_and_none_is_written_over(coded, tmp_path):
    assert kb("export", "codes", "--format", "csv", "--out", tmp_path).exit_code
    assert kb("reproduce", tmp_path).exit_code == 2 and tmp_path.is_dir()


INSIDE = [name for name, format in FORMATS.items() if not format.sidecar]


@pytest.mark.parametrize("name", INSIDE)
def test_a_format_without_a_file_beside_it_says_itself_how_it_was_made(coded, tmp_path, name):
    ending = FORMATS[name].suffix
    query = 'pension "social & <b>" OR wages_ OR [it]' + ("" if name == "bibtex" else " OR {work}")  # no braces there
    asked = {
        "a": ["codes", "--viewer", "A. One"],
        "b": ["results", "--query", query, "--facet", "force=legal", "--limit", 2, "--date", "2026-03-01"],
    }
    if FORMATS[name].own == "book":
        asked["c"] = ["commitments", "--document", "crpd", "--limit", 2, "--layout", "rows"]
    for file, words in asked.items():
        out = tmp_path / f"{file}{ending}"
        made = kb("export", *words, "--format", name, "--out", out)
        assert made.exit_code == 0, made.exception
        done = kb("reproduce", out)
        assert done.exit_code == 0 and done.output.startswith("The same bytes."), (words, done.output, done.exception)
    kb("codes", "add", PASSAGE, "group:youth", "--by", "A. One")
    found = json.loads(kb("reproduce", tmp_path / f"a{ending}", "--json").stdout)
    assert not found["same"] and found["differs"]["Log"][0] != found["differs"]["Log"][1]


@pytest.mark.parametrize("name", ["docx", "xlsx", "qdpx"])
def test_a_file_that_another_program_packed_anew_is_distinguished_from_one_that_was_changed(coded, tmp_path, name):
    out, again = tmp_path / f"a.{name}", tmp_path / f"b.{name}"
    kb("export", "codes", "--viewer", "A. One", "--format", name, "--out", out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as new:
        for member in reversed(old.namelist()):
            new.writestr(member, old.read(member))
    done = kb("reproduce", again)
    assert done.exit_code == 0 and "The same contents, byte for byte" in done.output, done.output
    with zipfile.ZipFile(again, "a") as more:
        more.writestr("more.txt", "by hand")
    done = kb("reproduce", again)
    assert done.exit_code == 1 and done.output.startswith("It differs."), done.output


def test_a_file_that_was_changed_or_names_another_command_is_no_export_of_ours(live_kb, tmp_path):
    out = tmp_path / "a.md"
    kb("export", "commitments", "--document", "crpd", "--limit", 2, "--format", "markdown", "--out", out)
    text = out.read_text("utf-8")
    out.write_text(text + "A line by hand.\n", "utf-8")
    found = json.loads(kb("reproduce", out, "--json").stdout)
    assert not found["same"] and found["gone"] == ["A line by hand."] and found["new"] == []
    out.write_text(text.replace("kb export commitments", "kb backup"), "utf-8")
    done = kb("reproduce", out)
    assert done.exit_code and "no command that can be run again" in str(done.exception)
    for name in ("b.md", "b.xlsx", "b.qdpx", "b.parquet", "b.jsonld", "b.bib", "b.docx"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 nothing")
        assert isinstance(kb("reproduce", tmp_path / name).exception, KBError), name


def test_an_unchanged_index_has_the_same_identity_when_it_is_built_again(root, paper, tmp_path, monkeypatch):
    from kb_toys import ToyEncoder

    from kb.build.job import BuildJob, build
    from kb.export.collect import Bench

    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    job = BuildJob(indexes=tmp_path / "indexes", tag=lambda document: document, encoders={"english": ToyEncoder()}, inputs={"a": "b"},
              documents=lambda: [paper])  # fmt: skip
    said = []
    for _ in range(2):
        build(job)
        said.append((Bench.here().index.folder.name, Bench.here().provenance("passages").index))
    assert said[0][0] != said[1][0] and said[0][1] == said[1][1]
