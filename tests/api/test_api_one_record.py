"""One record everywhere: Python, HTTP, an assistant, a command and a file give the same fields with the same words,
force and citation for the same identifier."""

from __future__ import annotations

import csv
import json

import anyio
import pytest
from click.testing import CliRunner

import kb
from kb import api
from kb.cli.main import root as program
from kb.export import export
from kb.export.collect import Bench
from kb.export.request import Request, take

FIELDS = ("id", "wording", "may_quote", "text", "statement", "force", "citation", "pinpoint", "official_url", "verified",
          "language", "source", "tags", "why")  # fmt: skip
SAME = tuple(name for name in FIELDS if name not in ("tags", "why"))
"""What has one shape on every surface; tags and reasons are compared by what they name (`terms`, `found_by`)."""
QUERY = "universal entitlements to pension"


def terms(record: dict) -> list[tuple[str, str]]:
    """Return the (facet, term) pairs of a record. Its tags are by facet; in a file of rows they are a list."""
    tags = record["tags"]
    if isinstance(tags, dict):
        found = [(facet, each) for facet, each_of in tags.items() for each in each_of]
        return sorted(
            (facet, each.partition(" (")[0] if isinstance(each, str) else each["id"]) for facet, each in found
        )
    return sorted((each["facet"], each["id"]) for each in tags)


def plain(model) -> dict:
    """Return a record as JSON values."""
    return json.loads(model.model_dump_json())


def command(*words: str):
    """Run a command and return the JSON that it prints."""
    done = CliRunner().invoke(program, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def tool(name: str, **arguments):
    """Call a tool of the MCP server and return its answer."""
    from mcp import Client

    from kb.mcp import create_server

    async def ask():
        async with Client(create_server()) as client:
            return await client.call_tool(name, arguments)

    return anyio.run(ask).structured_content


def rows(text: str) -> list[dict]:
    """Return the rows of a CSV export, with values of the types in a record."""
    found = list(csv.DictReader(text.lstrip("\ufeff").splitlines()))
    return [
        {
            **row,
            "may_quote": row["may_quote"] == "True",
            "source": json.loads(row["source"]),
            "why": json.loads(row["why"] or "{}"),
            "tags": json.loads(row["tags_json"] or "[]"),
        }
        for row in found
    ]


def exported(folder, format: str, kind: str, **asked):
    """Write an export in one format; return its path."""
    return kb.export(kind, folder / f"a.{format}", format=format, **asked)


def table(folder, format: str, kind: str, **asked) -> list[dict]:
    """Write an export; return its rows as an independent reader of the format gives them."""
    path = exported(folder, format, kind, **asked)
    if format == "jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if format == "csv":
        return rows(path.read_text(encoding="utf-8-sig"))
    if format == "web-annotation":
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        tags = [item["kb:tag"] | {"of": item["kb:of"]} for item in items if "kb:tag" in item]
        found = [item["kb:row"] for item in items if "kb:row" in item]
        return [row | {"tags": [tag for tag in tags if tag["of"] == row["id"]]} for row in found]
    if format == "parquet":
        pyarrow = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow to read Parquet")
        made = pyarrow.read_table(path).to_pylist()
    else:
        openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl to read a workbook")
        head, *lines = openpyxl.load_workbook(path)["Rows"].iter_rows(values_only=True)
        made = [dict(zip(head, line, strict=True)) for line in lines]
    return [
        {name: "" if value is None else value for name, value in row.items()}
        | {
            "source": json.loads(row["source"]),
            "why": json.loads(row["why"] or "{}"),
            "tags": json.loads(row["tags_json"] or "[]"),
        }
        for row in made
    ]


FILES = ("jsonl", "csv", "xlsx", "parquet", "web-annotation")
"""Formats with columns or fields."""


@pytest.fixture
def client(live_kb):
    """Return an HTTP client of the server."""
    from starlette.testclient import TestClient

    from kb.http import ServerOptions, create_app

    return TestClient(create_app(ServerOptions(rate=1e9, burst=10**9)), base_url="http://localhost")


def of_http_search(client, query: str) -> list[dict]:
    """Search over HTTP; return the hits with reasons."""
    found = client.get("/search", params={"q": query, "explain": True}).json()
    return [hit for each in found["lists"] for hit in each["hits"]]


def everywhere(client, folder, id: str) -> dict[str, dict]:
    """Return name of the interface to the record of one passage, for every interface that shows a passage by its
    identifier."""
    document = id.partition("/")[0]
    passages = {"filters": (("document", document),)}
    found = {
        "python show": plain(kb.show(id).record),
        "http json": client.get(f"/id/{id}.json").json()["record"],
        "http json-ld": client.get(f"/id/{id}.jsonld").json()["kb:record"],
        "mcp show": tool("show", id=id)["passage"],
        "command show": command("show", id, "--json"),
        "command passages": next(
            each for each in command("passages", "--document", document, "--json") if each["id"] == id
        ),
    }
    for format in FILES:
        found[f"export {format}"] = next(r for r in table(folder, format, "passages", **passages) if r["id"] == id)
    return found


@pytest.mark.parametrize("id", ["crpd/art33/2", "paper/r5", "beijing/H.2", "wssd/c4"])
def test_a_passage_is_the_same_record_on_every_surface(client, tmp_path, id):
    kept = plain(kb.show(id).record)
    for surface, record in everywhere(client, tmp_path, id).items():
        assert set(FIELDS) <= set(record), surface
        assert {name: record[name] for name in SAME} == {name: kept[name] for name in SAME}, surface
        assert terms(record) == terms(kept), surface
        if record["wording"] == "own-words":
            assert record["text"] == "" and record["statement"] and not record["may_quote"], surface
        assert not record["why"] or record["why"] == {"found_by": []}, surface


def test_a_hit_is_the_same_record_with_the_same_reasons(client, tmp_path):
    kept = {hit.id: plain(hit) for hit in kb.search(QUERY).hits}
    by_surface = {
        "http": of_http_search(client, QUERY),
        "mcp": [each for found in tool("search", query=QUERY, each=10)["under_force"].values() for each in found],
        "command": command("search", QUERY, "--json")["hits"],
        **{format: table(tmp_path, format, "results", query=QUERY, per_force=10) for format in FILES},
    }
    for surface, found in by_surface.items():
        assert {each["id"] for each in found} == set(kept), surface
        for record in found:
            assert {n: record[n] for n in SAME} == {n: kept[record["id"]][n] for n in SAME}, surface
            legs = record["why"].get("found_by", sorted(record["why"].get("legs", {})))
            assert legs == sorted(kept[record["id"]]["why"]["legs"]), surface


def test_total_and_near_have_one_meaning_on_every_surface(client, tmp_path):
    kept = kb.search("pension", per_force=10)
    far = [hit.id for hit in kept.hits if not hit.matches]
    assert kept.total and kept.near == len(far) > 0, "some hits are near in meaning alone"
    printed = command("search", "pension", "--json")
    asked, http = tool("search", query="pension", each=10), client.get("/search", params={"q": "pension"}).json()
    path = exported(tmp_path, "jsonl", "results", query="pension")
    said = json.loads(path.with_name(f"{path.name}.provenance.json").read_text(encoding="utf-8"))["provenance"]
    assert said["rows"] == said["total"] + said["near"]
    for surface, answer in (("command", printed), ("mcp", asked), ("http", http), ("file", said)):
        assert (answer["total"], answer["near"]) == (kept.total, kept.near), surface
    lists = {
        "command": printed["hits"],
        "mcp": [hit for found in asked["under_force"].values() for hit in found],
        "http": [hit for each in http["lists"] for hit in each["hits"]],
        "file": [{**row, **row["fields"]} for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())],
    }
    for surface, hits in lists.items():
        assert sorted(hit["id"] for hit in hits if not hit["matches"]) == sorted(far), surface
    page = client.get("/search", params={"q": "pension"}, headers={"accept": "text/html"}).text
    assert page.count("(near in meaning alone)") == len(far)


def test_of_what_nobody_says_nothing_matches_on_any_surface(client, tmp_path):
    query = '"words that nobody ever wrote"'
    kept = kb.search(query)
    assert kept.total == 0 and kept.near == len(kept.hits) and not any(hit.matches for hit in kept.hits)
    listed = kb.search(query, limit=1000)
    assert {hit.id for hit in kept.hits} <= {hit.id for hit in listed.hits}
    path = exported(tmp_path, "jsonl", "results", query=query)
    said = json.loads(path.with_name(f"{path.name}.provenance.json").read_text(encoding="utf-8"))["provenance"]
    assert (said["total"], said["near"], said["rows"]) == (0, listed.near, listed.near)
    assert tool("search", query=query)["total"] == 0 == client.get("/search", params={"q": query}).json()["total"]


@pytest.mark.parametrize("typed", ["CRPD art. 33(2)", "R5"])
def test_a_citation_leads_to_the_same_record(client, typed):
    place = plain(kb.cite(typed).places[0])
    http = client.get("/cite", params={"q": typed}).json()["places"][0]
    asked, printed = tool("cite", citation=typed)["places"][0], command("cite", typed, "--json")
    for surface, found in (("http", http), ("mcp", asked), ("command", printed)):
        for name in ("id", "force", "citation", "pinpoint", "official_url"):
            assert found[name] == place[name], (surface, name)
    words = [*place["official"], *([place["record"]] if place["record"] else [])]
    for record, http_, mcp_, line in zip(
        words,
        [*http["official"], *([http["record"]] if http["record"] else [])],
        asked["words"],
        [*printed["passages"], *([printed["record"]] if printed["record"] else [])],
        strict=True,
    ):
        for other in (http_, mcp_, line):
            assert {name: other[name] for name in SAME} == {name: record[name] for name in SAME}
            assert terms(other) == terms(record)


def test_criteria_are_own_words_in_the_same_fields_everywhere(client):
    kept = {each.id: plain(each) for each in kb.criteria()}
    http, asked = client.get("/criteria").json()["criteria"], tool("criteria")["result"]
    for found in (http, asked, [client.get(f"/id/{id}.json").json() for id in ("R1.a", "R5.a")]):
        for record in found:
            assert set(FIELDS) <= set(record) and record == kept[record["id"]]
            assert record["text"] == "" and record["statement"] == record["element"] and not record["may_quote"]
            assert (record["kind"] == "derived") == record["id"].startswith("D")


def test_documents_have_the_same_force_address_and_source_everywhere(client):
    kept = {each.id: plain(each) for each in kb.documents()}
    coverage = {each["id"]: each for each in tool("coverage")["result"]}
    for found in (client.get("/documents").json()["documents"], command("documents", "--json")):
        assert [each["id"] for each in found] == list(kept)
        for each in found:
            assert {name: each[name] for name in kept[each["id"]]} == kept[each["id"]]
            assert coverage[each["id"]]["official_url"] == each["official_url"]
            assert coverage[each["id"]]["force"] == each["force"]
    assert {each["id"]: each["official_url"] for each in command("sources", "--json")} == {
        id: each["official_url"] for id, each in coverage.items()
    }


def test_entries_that_are_exported_are_the_entries_that_are_shown(live_kb, tmp_path):
    for format in ("jsonl", "csv"):
        found = table(tmp_path, format, "commitments", filters=(("document", "crpd"),))
        for record in found[::40]:
            kept = plain(kb.show(record["id"]).record)
            assert {name: record[name] for name in SAME} == {name: kept[name] for name in SAME}, format


def test_every_field_of_the_record_has_its_column_in_every_table(live_kb):
    from kb.export.columns import columns_of, words_of_column

    own = {"findings": {"source"}, "actions": {"source"}}
    for kind in ("passages", "results", "codes", "commitments", "findings", "actions"):
        for layout in ("rows", "long", "wide"):
            names = [column.name for column in columns_of(kind, layout)]
            absent = set(FIELDS) - set(names) - ({"tags"} if layout != "rows" else set())
            assert not absent and len(names) == len(set(names)), (kind, layout, absent)
            assert all(words_of_column(name) for name in FIELDS)
        assert own.get(kind, set()) <= set(names)


def test_a_file_says_which_version_its_columns_are(live_kb, tmp_path):
    from kb.export.rows import SCHEMA_VERSION, Provenance

    path = exported(tmp_path, "jsonl", "passages", filters=(("document", "wssd"),))
    beside = json.loads(path.with_name(path.name + ".provenance.json").read_text(encoding="utf-8"))
    assert beside["provenance"]["schema_version"] == SCHEMA_VERSION == 3
    assert Provenance.model_validate({"kind": "passages"}).schema_version == 1, "files of before say nothing"


def test_rows_of_before_are_read_as_they_were(live_kb, tmp_path):
    from kb.export import import_rows

    taken = list(take(Bench.here(), Request(kind="passages", filters=(("document", "wssd"),))).rows)[:2]
    path = export(taken, "jsonl", tmp_path / "a.jsonl", Bench.here().provenance("passages"))
    later = ("pinpoint", "official_url", "source", "why")
    old = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text(
        "\n".join(json.dumps({n: v for n, v in row.items() if n not in later}) for row in old), encoding="utf-8"
    )
    assert [row.model_copy(update={"pinpoint": ""}) for row in taken] == list(import_rows("jsonl", path))


def test_the_record_of_the_interface_has_every_field():
    assert set(FIELDS) <= set(api.Record.model_fields)
