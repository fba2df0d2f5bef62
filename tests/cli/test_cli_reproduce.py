"""An export is made again from the file beside it: the same bytes, or what differs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program


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


def test_a_table_of_another_command_leads_to_that_command(live_kb, tmp_path):
    table = tmp_path / "counts.csv"
    assert kb("counts", "group", "--by", "document", "--table", table).exit_code == 0
    said = str(kb("reproduce", f"{table}-metadata.json").exception)
    assert "another command" in said and "kb counts group --by document --table" in said


def test_an_unchanged_index_has_the_same_identity_when_it_is_built_again(root, paper, tmp_path, monkeypatch):
    from kb_toys import ToyEncoder

    from kb.build.job import Job, build
    from kb.export.collect import Bench

    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    job = Job(indexes=tmp_path / "indexes", tag=lambda document: document, encoders={"english": ToyEncoder()}, inputs={"a": "b"},
              documents=lambda: [paper])  # fmt: skip
    said = []
    for _ in range(2):
        build(job)
        said.append((Bench.here().index.folder.name, Bench.here().provenance("passages").index))
    assert said[0][0] != said[1][0] and said[0][1] == said[1][1]
