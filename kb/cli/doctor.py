"""`kb doctor`: what is installed, what is wrong, and the command that repairs it."""

from __future__ import annotations

import sys

import click

from kb.cli.output import echo_json
from kb.cli.screen import styled
from kb.cli.telling import telling
from kb.config import settings
from kb.errors import KBError

_MARKS = {"ok": ("ok", "green"), "missing": ("--", "yellow"), "broken": ("!!", "red")}


@click.command("doctor", epilog="Example: kb doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def command(as_json: bool) -> None:
    """Check the installation: versions, models, sources, folders, the index and the workspace. Each problem comes with
    the command that repairs it; exit code 1 if something is broken."""
    from kb.build.health import examine
    from kb.workspace.condition import examine_workspace

    with telling(not as_json, "looking at versions, models, sources, the index and the workspace"):
        checks = [*examine(settings()), *examine_workspace(settings())]
    broken = [check for check in checks if check.status == "broken"]
    if as_json:
        echo_json(checks)
    else:
        for check in checks:
            mark, colour = _MARKS[check.status]
            click.echo(f"{styled(mark, colour)}  {check.what:28} {check.detail}")
            if check.do:
                click.echo(f"    → {check.do}")
        click.echo(_sum(len(broken), sum(check.status == "missing" for check in checks)))
    if broken:
        sys.exit(KBError.exit_code)


def _sum(broken: int, missing: int) -> str:
    """Return the last line: how many checks are broken; or, if none is, how many parts are missing; or that all is in
    order."""
    if broken:
        return f"{broken} broken: mend the first one first."
    return f"Nothing is broken; {missing} missing, marked --." if missing else "Everything is in order."
