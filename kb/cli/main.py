"""The root command. A command's module is imported only when the command runs, so that every answer is quick."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import sys
import threading
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import Any

import click

from kb import extras, memory
from kb.cli import screen
from kb.cli.telling import telling
from kb.errors import DataError, InputError, KBError

UNFORESEEN, FAILING_DISK = 70, 74
"""Exit codes of a fault of the program itself and of the machine (EX_SOFTWARE and EX_IOERR of sysexits)."""

_ANSWERS = frozenset(
    [
        "assess",
        "assessment",
        "checks",
        "cite",
        "compare",
        "counts",
        "documents",
        "export",
        "findings",
        "kwic",
        "measures",
        "method",
        "passages",
        "report",
        "sample",
        "search",
        "show",
    ]
)
"""Commands that answer from the library. They warn when its files are not those from which the index and its records
were made."""

GROUPS = {
    "Finding and quoting": ("search", "show", "cite", "documents", "passages", "kwic"),
    "Official texts and files": ("sources", "fetch", "add", "remove", "read", "verify"),
    "Assessing policies": (
        *(
            "assess",
            "policies",
            "findings",
            "double",
            "checks",
            "actions",
            "measures",
            "compare",
            "assessment",
            "report",
        ),
        "learn",
    ),
    "Research": ("codebook", "codes", "sample", "agreement", "counts", "export", "reproduce", "method"),
    "Programs and assistants": ("serve", "mcp"),
    "Upkeep": ("app", "build", "migrate", "warm", "doctor", "eval", "backup", "restore"),
}
"""Commands by purpose, as the README lists them."""

_FROM_INDEX = frozenset(["cite", "counts", "documents", "kwic", "passages", "search", "show"])
"""Commands that search the texts of policies in the index."""

_SERVES = frozenset(["app", "mcp", "serve", "warm"])
"""Commands that run until they are stopped, so that "still running" is not reported."""

_NOT_COMMANDS = {"codes_import", "finding_evidence", "main", "output", "screen", "shared", "telling"}


def _module(command: str) -> str:
    """Return the name of a command's module: `verify` is in kb/cli/verify.py. Names that are reserved in Python or used
    by the standard library get a `_` at the end."""
    return command.replace("-", "_")


class LazyGroup(click.Group):
    """The root command group. It finds commands by the files in kb/cli and imports only the one that is called. What
    commands print is guarded by `kb.cli.screen`."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # as click declares it, in two overloads that end in Any
        """Run with guarded standard output and error."""
        with screen.guarded():
            return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        import kb.cli as package

        found = (m.name for m in pkgutil.iter_modules(package.__path__))
        return sorted(name.strip("_").replace("_", "-") for name in found if name not in _NOT_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their groups, each with its first sentence.

        The sentences are read from the files, since importing all commands takes most of a second.
        """
        left = set(self.list_commands(ctx))
        for title, names in {
            **GROUPS,
            "Others": tuple(sorted(left - {n for each in GROUPS.values() for n in each})),
        }.items():
            rows = [
                (name, _sentence(_described(name) or self.get_command(ctx, name))) for name in names if name in left
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return (name, command, remaining arguments) as click does. Raises UsageError for an unknown name, with the
        nearest ones."""
        found = self.get_command(ctx, args[0]) if args else None
        if found is None and args and not args[0].startswith("-"):
            # .6 is the cut of the library itself: "serch" is near "search", "foo" is near nothing
            near = get_close_matches(args[0], self.list_commands(ctx), n=2, cutoff=0.6)
            advice = f"Did you mean: {', '.join(near)}?" if near else "kb --help lists them."
            ctx.fail(f"No such command '{args[0]}'. {advice}")
        return (args[0], found, args[1:]) if found else super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        for name in (_module(cmd_name), _module(cmd_name) + "_"):
            try:
                return _strict(importlib.import_module(f"kb.cli.{name}").command)
            except ModuleNotFoundError as error:
                if error.name != f"kb.cli.{name}":
                    raise
        return None


_DESCRIBED = re.compile(r'^def command\([^)]*\)[^:]*:\n    """(.*?)"""', re.MULTILINE | re.DOTALL)
"""Matches the function of a command up to the end of its docstring."""


def _described(command: str) -> click.Command | None:
    """Return a command that has only its help text, read from its file without importing it; None if the file does not
    contain all that its help shows."""
    folder = Path(__file__).parent
    files = [path for end in ("", "_") if (path := folder / f"{_module(command)}{end}.py").is_file()]
    text = files[0].read_text(encoding="utf-8") if files else ""
    found = _DESCRIBED.search(text)
    if not found or "short_help" in text or "hidden=True" in text or "deprecated=" in text:
        return None
    return click.Command(command, help=inspect.cleandoc(found[1]))


def _sentence(command: click.Command | None) -> str:
    """Return the first sentence of a command's help, without its full stop. A full stop in "art. 33" ends no
    sentence."""
    words = " ".join(((command.help if command else "") or "").split())
    return re.split(r"(?<=[.;])\s(?!\d)", words, maxsplit=1)[0].rstrip(".;")


def _strict(command: click.Command) -> click.Command:
    """Make a command and its subcommands refuse an option that takes one value and is given twice; click would silently
    take the last one."""
    if "parse_args" in vars(command):  # made so already: a long process asks for it many times
        return command
    for below in getattr(command, "commands", {}).values():
        _strict(below)
        below.short_help = below.short_help or _sentence(below)  # click would cut it off in the list of a group
    parse = command.parse_args

    def parse_once(ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does. Raises UsageError for the first option that is given twice."""
        given = command.make_parser(ctx).parse_args(list(args))[2] if args else []
        once = [each for each in given if isinstance(each, click.Option) and not (each.multiple or each.is_flag)]
        for option in once:
            if once.count(option) > 1:
                raise click.UsageError(f"{option.opts[0]} is given more than once; it takes one value.", ctx)
        return parse(ctx, args)

    command.parse_args = parse_once  # type: ignore[method-assign]
    return command


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "color": True}
)  # click shall strip nothing: the screen shows it escaped
@click.version_option(package_name="kb")
@click.option("--verbose", is_flag=True, help="Show the full Python error report (traceback) after an error.")
@click.option("--quiet", is_flag=True, help="Do not print the progress of long commands on standard error.")
@click.pass_context
def root(ctx: click.Context, verbose: bool, quiet: bool) -> None:
    """Find, quote and check commitments on social integration."""
    ctx.obj = {"verbose": verbose, "quiet": quiet}
    if ctx.invoked_subcommand in _ANSWERS and not _is_help_requested():
        _warn_of_library(ctx.invoked_subcommand)
    if ctx.invoked_subcommand and ctx.invoked_subcommand not in _SERVES and not _is_help_requested():
        ctx.with_resource(telling("--json" not in sys.argv, f"kb {ctx.invoked_subcommand}", late=True))


def _is_help_requested() -> bool:
    """Return whether the command line only requests the help of a command."""
    return bool({"-h", "--help"} & set(sys.argv))


def _warn_of_library(command: str) -> None:
    """Print a warning on stderr where files of the library were changed, deleted or added since the index was made.
    Before commands that search words of policies, also warn where policies of an assessment are not in the index."""
    from kb.config import settings
    from kb.index.behind import behind_words
    from kb.workspace.away import away_words

    for words in (behind_words(settings()), away_words(settings()) if command in _FROM_INDEX else ""):
        if words:
            click.echo(f"! {words}", err=True)


def main(args: list[str] | None = None) -> None:
    """Run the command line. Every KBError, and every unexpected error, becomes one line on stderr and an exit code."""
    arguments = sys.argv[1:] if args is None else args
    _print_anything()
    screen.guard()
    try:
        memory.require(memory.DATABASE, "a command")
        _handle_interrupts()
        _needs_corpus(arguments)
        _settle_restore(arguments)
        root.main(args=arguments, standalone_mode=True)
    except BaseException as error:
        if "--verbose" in arguments or not isinstance(error, Exception) and not _is_panic(error):
            raise
        if isinstance(error, ImportError):
            error = extras.missing(error) or error
        if isinstance(error, UnicodeEncodeError):
            error = _no_text(error, arguments) or error
        click.echo(f"kb: {_in_words(error)}", err=True, color=True)
        sys.exit(
            error.exit_code
            if isinstance(error, KBError)
            else FAILING_DISK
            if isinstance(error, OSError)
            else UNFORESEEN
        )


def _handle_interrupts() -> None:
    """Install a handler that reports an interrupt as lack of memory when memory was the cause: OpenBLAS sends an
    interrupt when it cannot start threads."""

    def interrupted(number: int, frame: FrameType | None) -> None:
        """Handle the signal. Raises LowMemory, or else KeyboardInterrupt."""
        memory.require(memory.WORDS_OPEN, "this command")
        signal.default_int_handler(number, frame)

    own_thread = threading.current_thread() is threading.main_thread()
    if own_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupted)


def _is_panic(error: BaseException) -> bool:
    """Return whether the error is a panic of a library written in Rust; Python raises it as a special exception
    class."""
    return type(error).__name__ == "PanicException"


def _needs_corpus(arguments: list[str]) -> None:
    """Raise DataError when a command is to run and there is no corpus."""
    from kb.config import settings

    corpus = settings().corpus
    if arguments and not {"-h", "--help", "--version"} & set(arguments) and not corpus.is_dir():
        raise DataError(
            "there is no corpus here.",
            where=str(corpus),
            do="Run kb in a copy of the repository, or set KB_HOME to the folder that holds corpus/.",
        )


def _no_text(error: UnicodeEncodeError, arguments: list[str]) -> InputError | None:
    """Return the error to report for a command-line argument with bytes that are not text; None if no argument caused
    `error`.

    Python keeps such bytes as lone surrogates, which cannot be written. Arguments are examined only after an error,
    because a search ignores such bytes and a file name may contain them.
    """
    bad = error.object[error.start : error.end]
    argument = next((each for each in arguments if bad in each), None)
    if argument is None:
        return None
    return InputError(
        f"the argument '{argument.encode('utf-8', 'backslashreplace').decode()}' holds bytes that are no UTF-8 text.",
        do="Type it again, or set the terminal to UTF-8.",
    )


def _settle_restore(arguments: list[str]) -> None:
    """Finish or undo an interrupted restore before any command uses workspace or library."""
    from kb.config import settings

    config = settings()
    if (config.workspace / ".restore.json").exists() and not {"-h", "--help", "--version"} & set(arguments):
        from kb.log import switch

        switch.settle(config.database_url, config.workspace)


def _print_anything() -> None:
    """Print characters that a terminal cannot show as their numbers, so that they do not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def lacks_memory(error: BaseException | None) -> bool:
    """Return whether an error was caused by lack of memory. This includes errors that hide such a cause (when a file is
    closed, for example) and libraries that could not be loaded for lack of memory."""
    if error is None:
        return False
    words = str(error).lower() if isinstance(error, OSError | ImportError) or _is_panic(error) else ""
    return (
        isinstance(error, MemoryError)
        or "cannot allocate memory" in words
        or "resource temporarily unavailable" in words  # no room for another thread
        or "failed to map segment from shared object" in words
        or lacks_memory(error.__cause__ or error.__context__)
    )


def _in_words(error: BaseException) -> str:
    """Return an error as one line: a KBError with its own message, an error of the disk with file and reason, any other
    as a fault of this program."""
    if isinstance(error, KBError):
        return str(error)
    if lacks_memory(error):
        return "there is too little memory for this. Nothing more was done; close other programs, and try again."
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}. Look at the file, its permissions and the room on its disk, and try again."
    return (
        f"a fault of this program: {type(error).__name__}: {' '.join(str(error).split())[:300]}. "
        "Nothing more was done; `kb --verbose …` shows where, for a report."
    )
