"""The root command. A command's module is imported only when the command runs, so that every answer is quick."""
from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from kb.errors import KBError

_NOT_COMMANDS = {"main", "output", "shared"}


def _module(command: str) -> str:
    """`verify` is in kb/cli/verify.py; names that Python reserves or the standard library uses end in `_`."""
    return command.replace("-", "_")


class LazyGroup(click.Group):
    """Finds commands by the files in kb/cli and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in order."""
        import kb.cli as package

        found = (m.name for m in pkgutil.iter_modules(package.__path__))
        return sorted(name.strip("_").replace("_", "-") for name in found if name not in _NOT_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        for name in (_module(cmd_name), _module(cmd_name) + "_"):
            try:
                return importlib.import_module(f"kb.cli.{name}").command
            except ModuleNotFoundError as error:
                if error.name != f"kb.cli.{name}":
                    raise
        return None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kb")
@click.option("--verbose", is_flag=True, help="Show the trace behind an error.")
@click.pass_context
def root(ctx: click.Context, verbose: bool) -> None:
    """Find, quote and check commitments on social integration."""
    ctx.obj = {"verbose": verbose}


def main(args: list[str] | None = None) -> None:
    """Run the command line; every KBError becomes one line on stderr and its exit code."""
    arguments = sys.argv[1:] if args is None else args
    try:
        root.main(args=arguments, standalone_mode=True)
    except KBError as error:
        if "--verbose" in arguments:
            raise
        click.echo(f"kb: {error}", err=True)
        sys.exit(error.exit_code)
