"""Run commands in this process and return what they printed."""

from __future__ import annotations

from click.testing import CliRunner

from kb.cli.main import root as program


def ran(*arguments: object) -> str:
    """Run `kb` with these arguments; return its output. Fails the test for another exit code than 0 or an unexpected
    error."""
    result = CliRunner().invoke(program, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout
