"""The documentation names every command, and every command that it names exists."""

import re

import pytest

from kb.cli.main import root as program


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme(readme):
    missing = [name for name in program.list_commands(None) if not re.search(rf"\bkb {re.escape(name)}\b", readme)]
    assert not missing, f"README.md says nothing of: {', '.join(missing)}"


def test_every_command_in_the_readme_is_there(readme):
    named = set(re.findall(r"(?:^|`|\$ |\.venv/bin/)kb ([a-z][a-z-]+)", readme, re.MULTILINE))
    assert named <= set(program.list_commands(None))


def test_every_option_in_the_readme_is_there(readme):
    for line in re.findall(r"^(?:\$ )?(?:\.venv/bin/)?kb ([a-z][^\n#|>]*)", readme, re.MULTILINE):
        command = program
        for word in line.split():
            if not hasattr(command, "get_command"):
                break
            command = command.get_command(None, word)
        options = {option for p in command.params for option in p.opts}
        assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", line)) <= options | {"--help"}, line


def test_every_command_has_a_sentence_of_help():
    for name in program.list_commands(None):
        command = program.get_command(None, name)
        assert command is not None and command.help and len(command.help.split()) >= 4, name


def test_the_make_targets_in_the_readme_are_there(readme, root):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"app", "test"} <= set(re.findall(r"\bmake ([a-z][a-z-]*)", readme)) <= targets
