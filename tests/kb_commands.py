"""Commands run as a test runs them: in this process, with what they printed."""

from __future__ import annotations

from click.testing import CliRunner

from kb.cli.main import root as program


def ran(*arguments: object) -> str:
    """What a command printed. An exit code but 0, or an error that nobody foresaw, ends the test."""
    result = CliRunner().invoke(program, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout
