"""The first commands of a new user: help by purpose, a typing mistake, a search without words, a file recognised by its
ending."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from kb.cli.main import GROUPS
from kb.cli.main import root as program
from kb.errors import InputError


def run(*arguments):
    done = CliRunner().invoke(program, list(arguments))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_help_has_every_command_once_under_what_it_is_for_in_a_complete_sentence():
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == program.list_commands(None)
    said = run("--help").output
    assert all(f"{title}:" in said for title in GROUPS) and "Others" not in said
    assert "..." not in said.split("Options:")[1]
    assert 'a citation such as "CRPD art. 33(2)" names' in " ".join(said.split())  # the point of "art." ends nothing


@pytest.mark.parametrize("group", ["actions", "codes", "findings", "learn", "measures", "policies", "report"])
def test_the_list_of_a_group_has_its_first_sentences_uncut(group):
    assert "..." not in run(group, "--help").output.split("Commands:")[1].split("Example:")[0]


def test_the_groups_are_those_of_the_readme(root):
    table = (root / "README.md").read_text(encoding="utf-8").split("## Commands")[1]
    rows = [re.findall(r"`kb ([a-z]+)`", line) for line in table.splitlines() if "`kb " in line]
    rows += [[name for name in ("serve", "mcp") if f"`kb {name}`" in table]]
    for names in GROUPS.values():
        assert any(set(names) <= set(row) for row in rows), names


@pytest.mark.parametrize(("typed", "meant"), [("serch", "search"), ("exprot", "export"), ("polices", "policies")])
def test_a_mistyped_command_is_answered_with_the_nearest_one(typed, meant):
    done = run(typed)
    assert done.exit_code == 2 and f"No such command '{typed}'. Did you mean: {meant}" in done.output
    assert "kb --help lists them" in run("zzzzz").output


def test_a_search_without_words_gives_what_a_filter_names_or_says_how(live_kb):
    with pytest.raises(InputError, match="no words and no filter.*kb search --facet group=youth"):
        run("search")
    with pytest.raises(InputError, match="no words and no filter"):
        run("search", "  ", "--json")
    said = run("search", "--document", "crpd", "--limit", "3").output
    assert len(re.findall(r"^\d+\. crpd/", said, re.MULTILINE)) == 3
    assert run("search", "--facet", "document=crpd", "--json").output.count('"query": ""') == 1


@pytest.mark.parametrize(("name", "head"), [("a.docx", b"PK"), ("a.xlsx", b"PK"), ("a.bib", b"@"), ("a.csv", b"id,")])
def test_an_export_takes_its_format_from_the_ending(live_kb, tmp_path, name, head):
    run("export", "passages", "--document", "crpd", "--limit", "2", "--out", str(tmp_path / name))
    assert (tmp_path / name).read_bytes().lstrip(b"\xef\xbb\xbf").startswith(head)


def test_an_ending_that_names_no_format_is_refused(live_kb, tmp_path):
    with pytest.raises(InputError, match="the ending of 'a.pages' names no format"):
        run("export", "passages", "--limit", "2", "--out", str(tmp_path / "a.pages"))
    assert not list(tmp_path.glob("a.pages*"))
