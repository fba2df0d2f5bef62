"""The tools as a real client of the protocol calls them: each answer says whose words it contains, and none judges."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters

from kb.mcp import create_server, server

TOOLS = {"search", "show", "cite", "validate_citation", "coverage", "criteria", "proposals"}
JUDGING = {"status", "score", "rank", "ranking", "confidence", "grade", "met_by", "finding"}


def asked(act, target=None):
    """Return the result of `act` with a client that is connected in this process, or to `target`."""

    async def run():
        async with Client(target if target is not None else create_server()) as client:
            return await act(client)

    return anyio.run(run)


def call(name, **arguments):
    """Return the answer of a tool. Raises ValueError with its text if it is an error."""

    async def act(client):
        return await client.call_tool(name, arguments)

    answer = asked(act)
    if answer.is_error:
        raise ValueError(answer.content[0].text)
    return answer.structured_content


def keys(value):
    """Yield every key in a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys(each)}
    return {key for each in value for key in keys(each)} if isinstance(value, list) else set()


def quoted(value):
    """Yield every passage in an answer, at any depth."""
    if isinstance(value, dict):
        own = [value] if "may_quote" in value and "id" in value and "met" not in value else []
        return own + [each for inner in value.values() for each in quoted(inner)]
    return [each for inner in value for each in quoted(inner)] if isinstance(value, list) else []


def test_there_are_seven_tools_and_each_only_reads(live_kb):
    tools = asked(lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools)
    assert all(tool.description and tool.output_schema for tool in tools)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search", {"query": "pension"}),
        ("show", {"id": "paper/r5"}),
        ("show", {"id": "crpd/art33/2", "around": 2}),
        ("cite", {"citation": "CRPD arts. 19 and 28"}),
        ("validate_citation", {"citation": "R5", "quotation": "universal entitlements to pension"}),
        ("coverage", {}),
        ("criteria", {}),
    ],
)
def test_no_answer_holds_a_status_a_score_or_a_rank(live_kb, name, arguments):
    answer = call(name, **arguments)
    assert not keys(answer) & JUDGING
    for each in quoted(answer):
        assert each["id"] and each["citation"] and each["force"]
        assert each["wording"] in ("verbatim", "own-words")
        assert bool(each["text"]) != bool(each["statement"])
        assert (each["wording"] == "own-words") == bool(each["statement"])
        assert not (each["may_quote"] and each["statement"])


def test_what_nobody_says_is_reported_absent(live_kb):
    answer = call("search", query='"guaranteed jobs for life"')
    assert answer["absent"] and not any(each["says_what_was_asked"] for each in quoted(answer))


def test_forces_are_kept_apart_and_can_be_asked_for(live_kb):
    assert len(call("search", query="pension")["under_force"]) > 1
    assert list(call("search", query="pension", force="legal-obligation")["under_force"]) == [
        "Legal obligation (States parties only)"
    ]


@pytest.mark.parametrize(
    ("citation", "quotation", "outcome"),
    [
        ("R5", "universal entitlements  to\n pension", "verbatim"),
        ("R5", "“universal entitlements to pension”", "verbatim"),
        ("R5", "universal … to", "not-checked"),
        ("R5", "universal … pension", "not-checked"),
        ("R5", "nowhere … pension", "not-in-the-text"),
        ("R5", "universal entitlements . . . child allowances", "verbatim-with-omissions"),
        ("R5", "universal entitlements .... child allowances", "verbatim-with-omissions"),
        ("R5", "universal entitlements (…) child allowances", "verbatim-with-omissions"),
        ("R5", "child allowances . . . universal entitlements", "not-in-the-text"),
        ("R5", "pension […] universal entitlements", "not-in-the-text"),
        ("R5", "niversal entitlements to pension", "not-in-the-text"),
        ("R5", "no entitlements to anything", "not-in-the-text"),
        ("CRPD art. 33(2)", "States parties must maintain, strengthen", "own-words"),
        ("CRPD art. 33(2)", "shall maintain, strengthen, designate", "text-not-here"),
        ("R5", "a", "not-checked"),
        ("R5", "", "none-given"),
        ("art. 6", "words that are long enough", "not-checked"),
        ("paper", "universal entitlements to pension", "verbatim"),
        ("paper", "«universal entitlements to pension»", "verbatim"),
        ("paper", "universal entitlements […] child allowances", "verbatim-with-omissions"),
        ("paper", "child allowances […] universal entitlements", "not-in-the-text"),
        ("paper", "universal … pension", "not-checked"),
        ("paper", "no entitlements to anything", "not-in-the-text"),
        ("CRPD", "shall maintain, strengthen, designate", "text-not-here"),
        ("R1, R5", "universal entitlements to pension", "verbatim"),
        ("R1-R6", "'universal entitlements to pension'", "verbatim"),
        ("R1, R2", "universal entitlements to pension", "not-in-the-text"),
        ("R6-R1", "universal entitlements to pension", "not-checked"),
    ],
)
def test_a_quotation_is_checked_against_the_words_at_its_place(live_kb, citation, quotation, outcome):
    assert call("validate_citation", citation=citation, quotation=quotation)["quotation"] == outcome


def test_an_ambiguous_citation_gives_candidates_and_no_place(live_kb):
    answer = call("cite", citation="art. 6")
    assert answer["outcome"] == "ambiguous" and len(answer["candidates"]) > 1 and answer["places"] == []


def test_the_derived_row_is_marked(live_kb):
    found = call("criteria")["result"]
    assert {each["kind"] for each in found if each["id"].startswith("D")} == {"derived"}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("verdict", {"country": "KEN"}, "Unknown tool: verdict. Tools are: search, show"),
        ("rank_countries", {}, "a named person decides"),
        ("search", {"query": "x" * 1_000_000}, "2000 characters"),
        ("validate_citation", {"citation": "R5", "quotation": "x" * 1_000_000}, "20000 characters"),
        ("search", {"query": "pension", "forces": "legal-obligation"}, "no argument 'forces'. It has: query, force"),
        ("search", {"query": "pension", "filters": {"force": ["legal"]}}, "no argument 'filters'"),
        ("search", {"query": "pension", "filters": {"grup": ["youth"]}}, "no argument 'filters'"),
        ("search", {"query": "pension", "document": "crpd"}, "no argument 'document'"),
        ("x" * 1_000_000, {}, "Unknown tool"),
        ("cite", {"y" * 1_000_000: "z" * 1_000_000}, "It has: citation"),
        ("coverage", {"country": "KEN"}, "It takes none"),
        ("show", {"id": "R1.a"}, "is a criterion"),
        ("show", {"id": "crpd"}, "is a document"),
        ("search", {}, "query"),
        ("search", {"query": "AND AND"}, "column 1"),
        ("search", {"query": "pension", "each": 1000}, "less than or equal to 20"),
        ("search", {"query": "pension", "force": "met"}, "legal-obligation"),
        ("show", {"id": "crpd/art33/x"}, "Nearest are"),
        ("proposals", {"assessment": "is-kenya-compliant"}, "is-kenya-compliant"),
        ("proposals", {"assessment": "kenya", "criterion": "Z9.z"}, "Z9"),
    ],
)
def test_what_cannot_be_answered_is_an_error_in_words_and_the_server_goes_on(live_kb, name, arguments, words):
    async def act(client):
        return await client.call_tool(name, arguments), await client.call_tool("coverage", {})

    error, after = asked(act)
    assert error.is_error and words in error.content[0].text and "Traceback" not in error.content[0].text
    assert "pydantic" not in error.content[0].text and not re.search(r"\bkb [a-z]+|--[a-z]", error.content[0].text)
    assert len(error.content[0].text) < 2000 and not after.is_error


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("judge", {}, "Prompts are: quote_for_a_programme"),
        ("assess_a_policy", {}, "takes assessment"),
        ("assess_a_policy", {"assessment": "kenya", "score": "yes"}, "no other argument"),
        ("assess_a_policy", {"assessment": "x" * 100_000}, "2,000 characters"),
    ],
)
def test_a_prompt_that_cannot_be_made_is_an_error_in_words(live_kb, name, arguments, words):
    async def act(client):
        with pytest.raises(MCPError, match=words):
            await client.get_prompt(name, arguments)
        return await client.call_tool("coverage", {})

    assert not asked(act).is_error


def test_a_note_advises_no_command_of_a_command_line(live_kb):
    told = [
        call("cite", citation="CRPD art. 33(2)"),
        call("show", id="crpd/art33/2"),
        call("cite", citation="ILO C100"),
    ]
    said = [
        words
        for each in told
        for held in (each, *each.get("places", ()))
        for words in (held.get("message", ""), held.get("missing", ""), *held.get("notes", ()))
    ]
    assert any("not installed" in words or "not here" in words for words in said)
    assert not [words for words in said if re.search(r"\bkb [a-z]+|--[a-z]", words)]


def test_a_quotation_with_words_left_out_is_marked_as_one(live_kb):
    from kb import api

    words = api.show("paper/r5").record.text.split()
    given = f"{' '.join(words[:6])} [...] {' '.join(words[-6:])}"
    assert call("validate_citation", citation="R5", quotation=given)["quotation"] == "verbatim-with-omissions"


def test_an_answer_of_the_usual_length_leaves_room_for_others(live_kb):
    async def act(client):
        return await client.call_tool("search", {"query": "pension"})

    assert len(asked(act).content[0].text) < 60_000


def test_entries_are_resources_and_prompts_serve_three_kinds_of_users(live_kb):
    async def act(client):
        entry = await client.read_resource("kb://entry/crpd/art33/2")
        prompts = (await client.list_prompts()).prompts
        text = (await client.get_prompt("assess_a_policy", {"assessment": "kenya"})).messages[0].content.text
        return json.loads(entry.contents[0].text), prompts, text

    entry, prompts, text = asked(act)
    assert entry["id"] == "crpd/art33/2" and entry["wording"] == "own-words" and len(prompts) == 3
    assert "Do not say whether it is met" in text and "never rank or score countries" in server.INSTRUCTIONS


def environment(live_kb):
    return {**os.environ, "KB_INDEXES": str(live_kb)}


def test_over_standard_input_and_output(live_kb):
    """The index is the toy one, whose encoder another process does not have: only tools that need no encoder are
    called."""
    parameters = StdioServerParameters(command=sys.executable, args=["-m", "kb", "mcp"], env=environment(live_kb))
    answer = asked(lambda client: client.call_tool("cite", {"citation": "CRPD art. 33(2)"}), parameters)
    assert answer.structured_content["places"][0]["id"] == "crpd/art33/2"


@contextmanager
def over_http(live_kb):
    """Return the address of a server in its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "mcp", "--http", "--port", str(port)],
        env=environment(live_kb), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(1200):  # two minutes: a busy machine takes one to start it
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(60)


def test_over_http_on_this_machine_and_under_its_names_alone(live_kb):
    httpx = pytest.importorskip("httpx", reason="needs httpx to send a foreign Host")
    with over_http(live_kb) as address:
        answer = asked(lambda client: client.call_tool("cite", {"citation": "CRPD art. 33(2)"}), address)
        assert answer.structured_content["outcome"] == "one"
        port = address.split(":")[2].split("/")[0]
        for host in (
            "evil.example",
            f"evil.example:{port}",
            f"localhost:{port}.evil.example",
            f"127.0.0.1:{port}@evil.example",
        ):
            foreign = httpx.post(address, json={}, headers={"host": host, "accept": "application/json"})
            assert foreign.status_code == 421, host
