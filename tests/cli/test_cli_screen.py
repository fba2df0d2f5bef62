"""Text from a stranger cannot act on a terminal: its strange characters are shown as numbers."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kb.cli import screen
from kb.cli.main import root as program
from kb.cli.output import echo_json

HOSTILE = "a\x1b[31mred\x1b]0;title\x07 \x9b2J \x08\x08 \u202eevil\u2066 \u200f \r over \x7f \u2028 \U000e0041."


def allowed(letter: str) -> bool:
    """Return whether a character may reach a terminal, by Unicode's own properties, independently of the module's
    list."""
    if letter in "\n\t":
        return True
    turns = unicodedata.bidirectional(letter) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return not turns and unicodedata.category(letter) not in {"Cc", "Zl", "Zp"} and letter not in "\u061c\u200e\u200f"


def test_every_character_that_could_act_is_escaped_and_no_other() -> None:
    for code in [*range(0x3000), *range(0xE0000, 0xE0080)]:
        letter = chr(code)
        if 0xE0000 <= code:
            assert screen.plain(letter) != letter
        else:
            assert (screen.plain(letter) == letter) == allowed(letter), hex(code)


def test_json_keeps_the_value_and_shows_no_strange_character() -> None:
    text = screen.json_plain(json.dumps({"a": HOSTILE}, ensure_ascii=False))
    assert all(map(allowed, text)) and json.loads(text) == {"a": HOSTILE}


class Terminal(io.StringIO):
    """A text stream that reports that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_the_programs_own_colours_reach_a_terminal_and_a_strangers_do_not() -> None:
    out = Terminal()
    screen.Screen(out).write(screen.styled("own", "bold") + "\x1b[1mforeign")
    assert out.getvalue() == "\x1b[1mown\x1b[0m\\x1b[1mforeign"


def test_without_a_terminal_there_are_no_colours_and_the_stranger_is_still_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.StringIO()
    screen.Screen(out).write(screen.styled("own", "green") + "\x1b[32m")
    assert out.getvalue() == "own\\x1b[32m"
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    screen.Screen(out).write(screen.styled("own", "red"))
    assert out.getvalue() == "own"


@click.command()
def shows() -> None:
    click.echo(HOSTILE)
    click.echo(HOSTILE, err=True)
    print(HOSTILE)
    print(HOSTILE, file=sys.stderr)
    echo_json({"text": HOSTILE})


def test_every_way_of_printing_inside_a_command_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(program), "get_command", lambda *_: shows)
    done = CliRunner().invoke(program, ["shows"])
    assert all(map(allowed, done.output)), done.output
    assert done.output.count(r"\x1b[31mred") == 4


def test_errors_about_a_strangers_file_name_are_guarded_on_a_real_terminal(tmp_path: Path, root: Path) -> None:
    """Runs the installed program on a pseudo-terminal, where click and rich use colours."""
    main, second = pty.openpty()
    file = tmp_path / "x\x1b]0;owned\x07\u202e.pdf"
    file.write_bytes(b"nothing")
    for arguments in (["read", str(file)], ["--verbose", "read", str(file)], ["search", "--nosuch\x1b[2J"]):
        subprocess.run(
            [sys.executable, "-m", "kb", *arguments],
            stdout=second,
            stderr=second,
            stdin=second,
            cwd=root,
            check=False,
            env={**os.environ, "KB_WORKSPACE": str(tmp_path / "w")},
            timeout=120,
        )
    os.close(second)
    printed = b""
    try:
        while block := os.read(main, 65536):
            printed += block
    except OSError:  # Linux says so when the other end is closed
        pass
    text = printed.decode("utf-8").replace("\r\n", "\n")
    assert "\\x1b]0;owned" in text
    assert all(map(allowed, re.sub(r"\x1b\[[0-9;]*m", "", text))), text


def test_no_command_colours_around_the_guard(root: Path) -> None:
    around = [
        path.name
        for path in (root / "kb" / "cli").glob("*.py")
        if re.search(
            r"click\.(style|secho|get_text_stream|get_binary_stream)|__stdout__|Console\(", path.read_text("utf-8")
        )
    ]
    assert around == ["output.py"]  # the console of progress bars
