"""The documentation names every command, and every command that it names exists."""

import re
import shlex

import click
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


def test_every_help_page_explains_its_options_and_has_an_example_that_could_be_typed():
    def pages(command, name):
        yield command, name
        for key, each in getattr(command, "commands", {}).items():
            yield from pages(each, f"{name} {key}")

    for first in program.list_commands(None):
        for command, name in pages(program.get_command(None, first), f"kb {first}"):
            shown = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
            assert [each.name for each in shown if not each.help] == [], name
            if hasattr(command, "commands"):
                continue
            assert (command.epilog or "").startswith(f"Example: {name}"), name
            typed = shlex.split(command.epilog.removeprefix(f"Example: {name}"))
            command.make_context(name, typed)  # raises for an unknown option, a missing argument or a wrong value


def test_the_make_targets_in_the_readme_are_there(readme, root):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"app", "test"} <= set(re.findall(r"\bmake ([a-z][a-z-]*)", readme)) <= targets


def test_every_room_is_in_the_table_of_the_house(root):
    house = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The house")[2].partition("\n## ")[0]
    rooms = [folder.name for folder in (root / "kb").iterdir() if (folder / "__init__.py").exists()]
    assert len(rooms) > 20 and [room for room in sorted(rooms) if f"`{room}`" not in house] == []
