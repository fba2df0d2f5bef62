"""Every command that prints data can print it as JSON."""

from __future__ import annotations

import click

from kb.cli.main import root

WITHOUT = {
    "actions calendar": "prints or writes a calendar",
    "actions measure": "writes one reading, and says that it did",
    "actions note": "writes one note, and says that it did",
    "app": "starts a program",
    "codebook check": "says what is wrong, by its exit code too",
    "codebook export": "writes a file",
    "codebook import": "writes a file",
    "codes add": "writes one word, and says that it did",
    "codes close": "writes one word, and says that it did",
    "codes import": "counts what it took",
    "codes list": "prints JSON lines by itself",
    "codes merge": "counts what it took",
    "codes none": "writes one word, and says that it did",
    "codes open": "writes one word, and says that it did",
    "codes reject": "writes one word, and says that it did",
    "codes share": "writes a file",
    "export": "writes a file; its preview is JSON",
    "findings anchor": "prints one line for a program as it is",
    "findings key": "writes a key",
    "learn export": "writes a file",
    "learn import": "counts what it took",
    "learn off": "switches",
    "learn on": "switches",
    "mcp": "starts a program",
    "method": "writes a statement",
    "report assessment": "writes a file",
    "report brief": "writes a file",
    "report compare": "writes a file",
    "serve": "starts a program",
    "warm": "starts a program",
}
"""Commands without --json, each with what it prints in place of data."""


def leaves(command: click.Command, name: str):
    """Yield (full name, command) of all commands below a command; the command itself if it has none."""
    below = getattr(command, "commands", {})
    for key, each in below.items():
        yield from leaves(each, f"{name} {key}")
    if not below:
        yield name, command


def test_every_command_takes_json_or_prints_no_data():
    context = click.Context(root)
    found = dict(pair for name in root.list_commands(context) for pair in leaves(root.get_command(context, name), name))
    lacking = {name for name, each in found.items() if not any("--json" in option.opts for option in each.params)}
    assert lacking == set(WITHOUT), "give it --json, or say here what it prints in place of data"
