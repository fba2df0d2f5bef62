"""The format of a report's file is that of its name."""

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program
from kb.errors import InputError


def run(folder, *words):
    """Run `kb report brief` on work, with further arguments `words`."""
    return CliRunner().invoke(program, ["report", "brief", "--query", "work", *(w.format(folder) for w in words)])


@pytest.mark.parametrize(("ending", "begins"), [("docx", b"PK"), ("html", b"<!"), ("HTML", b"<!")])
def test_the_ending_of_the_file_is_its_format(live_kb, tmp_path, ending, begins):
    assert run(tmp_path, "--out", f"{{}}/a.{ending}").exit_code == 0
    assert (tmp_path / f"a.{ending}").read_bytes().startswith(begins)


@pytest.mark.parametrize("words", [("--out", "{}/a.odt"), ("--format", "docx", "--out", "{}/a.pdf"), ("--out", "{}/a")])
def test_a_name_that_says_something_else_is_refused(live_kb, tmp_path, words):
    refused = run(tmp_path, *words)
    assert isinstance(refused.exception, InputError) and not list(tmp_path.iterdir())
