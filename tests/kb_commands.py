"""Run commands in this process and return what they printed."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from kb.cli.main import root as program


def outcome(*arguments: object) -> Result:
    """Run `kb` with these arguments; return its exit code and output. Raises the error with which it ended, if any."""
    result = CliRunner().invoke(program, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def ran(*arguments: object) -> str:
    """Run `kb` with these arguments; return its output. Fails the test for another exit code than 0 or an unexpected
    error."""
    result = outcome(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def answered(*arguments: object):
    """Run `kb` as `ran` does; return its output, read as JSON if it was asked for with --json."""
    printed = ran(*arguments)
    return json.loads(printed) if "--json" in arguments else printed
