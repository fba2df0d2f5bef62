"""The root command: an unexpected error ends in one line, and every character can be printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from kb.cli.main import FAILING_DISK, UNFORESEEN, _described, main, root
from kb.cli.output import echo_json, echo_jsonl
from kb.errors import InputError


@pytest.fixture
def failing(monkeypatch, capsys):
    """Return a function that runs a command which raises `error`; it returns the exit code and the message."""

    def run(error, *options):
        @click.command("fails")
        def command():
            raise error

        monkeypatch.setattr(type(root), "get_command", lambda *_: command)
        with pytest.raises(SystemExit) as end:
            main([*options, "fails"])
        return end.value.code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["search", "pension", "--document", "crpd", "--document", "paper"], "--document"),
        (["export", "passages", "--limit", "3", "--limit", "4"], "--limit"),
        (["policies", "create", "a", "A", "--by", "Ada", "--by", "Bob"], "--by"),
    ],
)
def test_an_option_that_counts_once_is_refused_when_it_is_given_twice(words, option):
    result = CliRunner().invoke(root, words)
    assert result.exit_code == 2 and f"{option} is given more than once" in result.output


def test_a_command_is_made_strict_once_however_often_it_is_asked_for():
    first = root.get_command(click.Context(root), "search").parse_args
    assert root.get_command(click.Context(root), "search").parse_args is first


def test_an_option_that_may_be_repeated_still_may():
    words = ["export", "passages", "--facet", "force=legal", "--facet", "force=nope", "--preview", "1"]
    assert "given more than once" not in CliRunner().invoke(root, words).output


def test_an_error_of_ours_is_one_line_with_its_exit_code(failing):
    assert failing(InputError("no country.", where="a.csv:3", do="Name one.")) == (
        2,
        "kb: a.csv:3: no country. Name one.\n",
    )


def test_a_failing_disk_is_one_line_with_the_file(failing):
    code, said = failing(OSError(28, "No space left on device", "/data/a.json"))
    assert (
        code == FAILING_DISK and said.startswith("kb: /data/a.json: No space left on device.") and said.count("\n") == 1
    )


def test_a_fault_of_the_program_is_reported_as_one_and_shows_no_trace(failing):
    code, said = failing(ValueError("two\nlines"))
    assert code == UNFORESEEN and "a fault of this program: ValueError: two lines." in said and "Traceback" not in said


def test_a_library_in_rust_that_gives_up_for_want_of_memory_is_one_line(failing):
    panic = type("PanicException", (BaseException,), {})
    code, said = failing(panic('Os { code: 11, message: "Resource temporarily unavailable" }'))
    assert code == UNFORESEEN and "too little memory" in said and said.count("\n") == 1
    code, said = failing(panic("index out of bounds"))
    assert code == UNFORESEEN and "a fault of this program: PanicException" in said


def test_verbose_shows_the_trace(failing):
    with pytest.raises(ValueError):
        failing(ValueError("x"), "--verbose")


def test_half_a_surrogate_pair_is_printed_as_json_that_reads_back(capfd):
    echo_jsonl([{"id": "\ud83d"}, {"id": "é"}])
    echo_json(["\udfff"])
    half, letter, *rest = capfd.readouterr().out.splitlines()
    assert json.loads(half) == {"id": "\ud83d"} and letter == '{"id": "é"}' and json.loads("".join(rest)) == ["\udfff"]


def test_a_terminal_of_few_letters_ends_no_command():
    done = subprocess.run(
        [sys.executable, "-m", "kb", "show", "ü→"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode and "Traceback" not in done.stderr


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """Remove the corpus from the package."""
    monkeypatch.delenv("KB_CORPUS", raising=False)
    monkeypatch.setenv("KB_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("command", ["search", "sources", "doctor", "policies"])
def test_without_a_corpus_every_command_says_where_it_looked_and_what_to_set(nowhere, capsys, command):
    with pytest.raises(SystemExit) as end:
        main([command, "x"])
    assert end.value.code == 3 and capsys.readouterr().err == (
        f"kb: {nowhere / 'corpus'}: there is no corpus here. Run kb in a copy of the repository, or set KB_HOME to the "
        "folder that holds corpus/.\n"
    )


def test_help_needs_no_corpus(nowhere, capsys):
    with pytest.raises(SystemExit) as end:
        main(["search", "--help"])
    assert not end.value.code and "Usage:" in capsys.readouterr().out


def test_want_of_memory_is_named_also_where_closing_a_file_hides_it():
    from kb.cli.main import _in_words

    try:
        try:
            raise MemoryError
        finally:
            raise ValueError("Can't close the ZIP file")
    except ValueError as error:
        assert "too little memory" in _in_words(error)
    assert "fault of this program" in _in_words(ValueError("x"))


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError("libsome.so: failed to map segment from shared object"),
        ImportError("libsome.so: cannot allocate memory in static TLS block"),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_want_of_memory_is_named_also_where_a_library_finds_no_room_to_be_loaded(error):
    from kb.cli.main import _in_words

    wrapped = RuntimeError("closing")
    wrapped.__context__ = error
    assert "too little memory" in _in_words(error) and "too little memory" in _in_words(wrapped)
    assert "too little memory" not in _in_words(OSError("libsome.so: no such file"))


def test_an_argument_that_is_no_text_is_the_fault_of_the_argument(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main(["policies", "create", "esc", "T\udc9b", "--country", "KEN", "--by", "Ada"])
    said = capsys.readouterr().err
    assert ended.value.code == 2 and "\\udc9b' holds bytes that are no UTF-8 text" in said and "fault" not in said


def test_the_list_of_commands_says_of_each_what_its_own_help_says():
    ctx = click.Context(root)
    read = {name: _described(name) for name in root.list_commands(ctx)}
    assert sum(each is not None for each in read.values()) > len(read) - 4
    for name, each in read.items():
        own = root.get_command(ctx, name)
        assert own and (each is None or each.get_short_help_str(70) == own.get_short_help_str(70)), name


def test_the_list_of_commands_imports_none_of_them():
    program = "import sys; from kb.cli.main import root; root.main(['--help'], standalone_mode=False)\n"
    program += "print([name for name in ('numpy', 'pydantic', 'yaml') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_help_of_export_names_every_format():
    from kb.export import FORMATS

    said = re.sub(r"-\s+", "-", CliRunner().invoke(root, ["export", "--help"]).output)
    assert [name for name in FORMATS if not re.search(rf"\b{name}\b", said)] == []
