"""kb cite, add, fetch, sources and verify --register, as a user runs them, in a workspace of their own."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.api import Record
from kb.citing.installed import text_warnings
from kb.cli.main import root as program
from kb.commitments.register import load_register
from kb.config import settings
from kb.errors import DataError, InputError, KBError, NotFound, RefusedError
from kb.sources.library import records


def full_text(folder: Path) -> str:
    """Write a substitute for the disability convention, with every identifier and heading of the register and its
    statements as text, so that commands on a complete text can be tested without the official one. Return its path."""
    crpd = next(each for each in load_register(folder) if each.id == "crpd")
    lines, article = (
        ["# Convention on the Rights of Persons with Disabilities", "", "Preamble", "", "The States,", ""],
        "",
    )
    for entry in crpd.entries:
        locator = entry.id.split("/")[1:]
        if locator[0] == "preamble":
            lines += [f"({locator[1]}) {flat(entry.statement)},", ""] if len(locator) > 1 else []
            continue
        if locator[0] != article:
            article = locator[0]
            lines += [f"### Article {article.removeprefix('art')}", "", entry.heading, ""]
            own = not any(other.id.startswith(f"{entry.id}/1") for other in crpd.entries)
            lines += [flat(entry.statement), ""] if own else []
            continue
        last = locator[-1]
        lines += [f"{last}. {flat(entry.statement)}" if last.isdecimal() else f"({last}) {flat(entry.statement)}", ""]
    return "\n".join(lines)


def flat(text: str) -> str:
    """Return the text as one line that does not begin a list."""
    return " ".join(text.split()).replace("(", "").replace(")", "").replace(":", ",")


@pytest.fixture
def home(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a copy of the corpus and an empty workspace."""
    shutil.copytree(root / "corpus", tmp_path / "corpus")
    monkeypatch.setenv("KB_HOME", str(tmp_path))
    monkeypatch.delenv("KB_CORPUS", raising=False)
    monkeypatch.delenv("KB_WORKSPACE", raising=False)
    (tmp_path / "crpd.md").write_text(full_text(tmp_path / "corpus" / "commitments"), encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, list(arguments))


def fails(*arguments: str) -> KBError:
    error = run(*arguments).exception
    assert isinstance(error, KBError)
    return error


def test_cite_answers_with_statement_scope_and_how_to_get_the_text(home: Path) -> None:
    out = run("cite", "CRPD art. 33(2)").output
    assert "Legal obligation" in out and "In our words:" in out and "kb fetch crpd" in out


def test_cite_as_json_and_in_a_style(home: Path) -> None:
    assert json.loads(run("cite", "BPfA H.2", "--json").output)["id"] == "beijing/H.2"
    assert "art. 33(2)" in run("cite", "CRPD art. 33(2)", "--format", "oscola").output


def test_an_ambiguous_citation_fails_with_candidates(home: Path) -> None:
    error = fails("cite", "art. 6")
    assert isinstance(error, InputError) and "Madrid Political Declaration, art. 6" in str(error)


def test_add_then_cite_gives_the_verbatim_words(home: Path) -> None:
    assert "official/crpd.md" in run("add", str(home / "crpd.md"), "--as", "crpd").output
    found = json.loads(run("cite", "CRPD art. 33(2)", "--json").output)
    assert [Record.model_validate(p).kind for p in found["passages"]] == ["provision"]
    assert not [note for note in found["notes"] if "not installed" in note]


def test_add_refuses_another_document_unless_asked(home: Path) -> None:
    other = home / "other.md"
    other.write_text("# Convention on Bridges\n\n### Article 1\n\nSpans\n\nBridges shall be long and strong.\n")
    assert isinstance(fails("add", str(other), "--as", "crpd"), RefusedError)
    assert run("add", str(other), "--as", "crpd", "--anyway").exit_code == 0


def in_spanish(folder: Path) -> Path:
    """Write a substitute for a Spanish text: identifiers of the register, words of our own. Return its path."""
    crpd = next(each for each in load_register(folder / "corpus" / "commitments") if each.id == "crpd")
    lines = ["# Convención sobre los Derechos de las Personas con Discapacidad", ""]
    for number in dict.fromkeys(e.id.split("/")[1] for e in crpd.entries if e.id.split("/")[1].startswith("art")):
        lines += [f"### Artículo {number.removeprefix('art')}", "", "De los Estados", ""]
        lines += ["1. Los Estados velarán por que las personas con discapacidad participen en la vida de su país.", ""]
    (folder / "es.md").write_text("\n".join(lines), encoding="utf-8")
    return folder / "es.md"


def test_a_text_in_another_language_is_taken_as_that_and_one_declared_as_another_is_refused(home: Path) -> None:
    file = in_spanish(home)
    assert "say --language es" in str(fails("add", str(file), "--as", "crpd", "--language", "en"))
    made = run("add", str(file), "--as", "crpd")
    assert made.exit_code == 0 and "its words are 'es'" in made.output + made.stderr
    assert [record.language for record in records(home / "workspace" / "library")] == ["es"]


def test_add_warns_of_a_truncated_text(home: Path) -> None:
    cut = home / "cut.md"
    whole = (home / "crpd.md").read_text(encoding="utf-8")
    cut.write_text(whole[: whole.index("### Article 30")], encoding="utf-8")
    record = json.loads(run("add", str(cut), "--as", "crpd", "--json").output)
    assert "is it cut off?" in record["warnings"][0]


def test_a_paragraph_replaced_by_a_remark_is_named_wherever_the_text_is_met(home: Path) -> None:
    whole = (home / "crpd.md").read_text(encoding="utf-8")
    start = whole.index("\n3. ", whole.index("### Article 12"))
    end = whole.index("\n4. ", start)
    (home / "cut.md").write_text(f"{whole[:start]}\nCommentary: no support is owed.\n{whole[end:]}", encoding="utf-8")
    added = run("add", str(home / "cut.md"), "--as", "crpd")
    for answer in (added, run("sources"), run("cite", "CRPD art. 12")):
        assert "CRPD art. 12(3)" in answer.output and "no support is owed" in answer.output
    said = dict(text_warnings(settings(), "crpd-text"))  # what kb verify prints
    assert "no support is owed" in said["crpd-text"] and not text_warnings(settings(), "cedaw-text")
    cited = run("cite", "CRPD art. 12").output
    assert "not whole: CRPD art. 12(3) missing" in cited and "100%" not in run("sources").output
    assert json.loads(run("cite", "CRPD art. 12", "--json").output)["missing"] == ["CRPD art. 12(3)"]


def test_add_a_policy(home: Path) -> None:
    policy = home / "policy.txt"
    policy.write_text("National policy on ageing.")
    run(
        "add", str(policy), "--policy", "--country", "KEN", "--title", "Ageing", "--date", "2009", "--status", "adopted"
    )
    assert records(home / "workspace" / "library")[0].country == "KEN"


@pytest.mark.parametrize("options", [[], ["--as", "crpd", "--policy"]])
def test_add_wants_to_know_what_the_file_is(home: Path, options: list[str]) -> None:
    assert isinstance(fails("add", str(home / "crpd.md"), *options), InputError)


def test_an_unknown_document_lists_those_there_are(home: Path) -> None:
    error = fails("add", str(home / "crpd.md"), "--as", "crdp")
    assert isinstance(error, NotFound) and "crpd" in error.do


def test_sources_says_what_is_here_and_how_much_is_verified(home: Path) -> None:
    before = {row["id"]: row for row in json.loads(run("sources", "--json").output)}
    assert before["paper"]["here"] and not before["crpd"]["here"]
    run("add", str(home / "crpd.md"), "--as", "crpd")
    after = {row["id"]: row for row in json.loads(run("sources", "--json").output)}
    assert after["crpd"]["here"] and len(after["crpd"]["sha256"]) == 64
    assert "kb fetch wssd" in run("sources").output


def test_verify_register_compares_and_writes(home: Path) -> None:
    run("add", str(home / "crpd.md"), "--as", "crpd")
    answer = run("verify", "--register", "--write")
    assert "crpd: 258 of 258 entries agree" in answer.output
    sha = records(home / "workspace" / "library")[0].sha256
    crpd = next(each for each in load_register(home / "corpus" / "commitments") if each.id == "crpd")
    assert {entry.verified_against for entry in crpd.entries} == {sha}


def test_verify_register_tells_that_a_paragraph_was_cut_out(home: Path) -> None:
    whole = (home / "crpd.md").read_text(encoding="utf-8")
    before, after = whole.split("### Article 12\n", 1)
    third = next(line for line in after.splitlines(keepends=True) if line.startswith("3. "))
    (home / "cut.md").write_text(f"{before}### Article 12\n{after.replace(third, '', 1)}", encoding="utf-8")
    run("add", str(home / "cut.md"), "--as", "crpd", "--anyway")
    answer = run("verify", "--register")
    assert "crpd: the numbers jump over crpd/art12/3: was something cut out?" in answer.output
    assert answer.exit_code == DataError.exit_code
    assert json.loads(run("verify", "--register", "--json").output)[0]["absent"] == ["crpd/art12/3"]


def test_verify_register_without_a_text_says_what_to_do(home: Path) -> None:
    assert "kb fetch" in fails("verify", "--register").do


# --- fetch ---


@pytest.fixture
def site(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Serve the substitute text at /crpd and another text at /wrong, on this machine, which the test allows."""
    import kb.cli.fetch as door

    usual = door.rules_for
    monkeypatch.setattr(
        door, "rules_for", lambda http: replace(usual(http), may_reach=lambda address: address.is_loopback)
    )
    whole = (home / "crpd.md").read_bytes()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = {"/crpd": whole, "/wrong": b"# Bridges\n\n### Article 1\n\nThe bridge shall be long.\n"}.get(
                self.path
            )
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/markdown")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_fetch_brings_a_text_into_the_library(home: Path, site: str) -> None:
    assert run("fetch", "crpd", "--url", f"{site}/crpd", "--allow-http").exit_code == 0
    record = records(home / "workspace" / "library")[0]
    assert record.origin == f"{site}/crpd" and record.file == "official/crpd.md"
    assert not list((home / "workspace" / "library" / ".incoming").iterdir())


def test_fetch_never_reaches_this_machine_or_its_network(home: Path) -> None:
    answer = run("fetch", "crpd", "--url", "http://127.0.0.1:9/crpd", "--allow-http")
    assert answer.exit_code == RefusedError.exit_code and "127.0.0.1, which is no public address" in answer.output


def test_fetch_does_not_keep_another_document(home: Path, site: str) -> None:
    answer = run("fetch", "crpd", "--url", f"{site}/wrong", "--allow-http")
    assert answer.exit_code == RefusedError.exit_code and records(home / "workspace" / "library") == ()


def test_fetch_says_what_is_not_there_and_what_is_not_allowed(home: Path, site: str) -> None:
    assert run("fetch", "crpd", "--url", f"{site}/nothing", "--allow-http").exit_code == NotFound.exit_code
    assert run("fetch", "crpd", "--url", f"{site}/crpd").exit_code == RefusedError.exit_code


def test_a_batch_without_a_network_says_so_for_each_and_leaves_nothing_half_written(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(url: str, *_: object, **__: object) -> None:
        raise InputError("there is no connection.", where=url, do="Check the network.")

    monkeypatch.setattr("kb.sources.fetch.fetch", no_network)
    answer = run("fetch", "crpd", "nosuch", "wssd")
    assert answer.exit_code == InputError.exit_code
    assert "0 fetched, 0 here already, 3 failed: crpd, nosuch, wssd" in answer.output
    assert [file for file in (home / "workspace").rglob("*") if file.is_file()] == []


def test_one_incomplete_text_keeps_no_other_from_being_verified(home: Path) -> None:
    part = home / "part.md"
    part.write_text(
        "# Beijing Declaration and Platform for Action\n\nC. Women and health\n\n89. Health matters to women.\n",
        encoding="utf-8",
    )
    assert run("add", str(part), "--as", "beijing", "--anyway").exit_code == 0
    assert run("add", str(home / "crpd.md"), "--as", "crpd").exit_code == 0
    answer = run("verify", "--register", "--write")
    assert "crpd: " in answer.output and "marked as verified" in answer.output and "not whole" in answer.output
    assert answer.exit_code != 0


def test_sources_says_for_each_language_what_is_here_what_was_checked_and_what_is_missing(home: Path) -> None:
    rows = {row["id"]: row for row in json.loads(run("sources", "--json").output)}
    texts = {id: {text["language"]: text for text in row["texts"]} for id, row in rows.items()}
    assert [texts["wssd"][each]["checked"] for each in ("en", "es", "fr")] == [False, False, False] and rows["wssd"][
        "notes"
    ]
    assert texts["mipaa"]["es"]["checked"] and not texts["mipaa"]["en"]["checked"] and not texts["mipaa"]["es"]["here"]
    run("add", str(home / "crpd.md"), "--as", "crpd", "--no-build")
    added = next(row for row in json.loads(run("sources", "--json").output) if row["id"] == "crpd")
    english = next(text for text in added["texts"] if text["language"] == "en")
    assert (
        english["here"] and english["checked"] and not english["same"]
    )  # another file than the one the register was read in
    assert "another file than the one" in run("sources").output


def test_sources_names_every_language_that_is_here(home: Path) -> None:
    assert run("add", str(home / "crpd.md"), "--as", "crpd").exit_code == 0
    assert run("add", str(home / "crpd.md"), "--as", "crpd", "--language", "es", "--anyway").exit_code == 0
    state = next(each for each in json.loads(run("sources", "--json").output) if each["id"] == "crpd")
    assert (state["language"], state["others"]) == ("en", ["es"])
