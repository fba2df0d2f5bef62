"""What the commands of the workspace share: the author, the moment, the framework, and opening and closing the
workspace."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click

from kb.cli.telling import confirm
from kb.errors import InputError, NotFound

if TYPE_CHECKING:
    from kb.assessment.models import Changes
    from kb.engine.local.passage_store import Store
    from kb.framework import Framework
    from kb.log import Workspace

Decided = TypeVar("Decided")
Command = TypeVar("Command", bound=Callable[..., object])


def report_sealed(sessions: Iterable[str]) -> None:
    """Print on stderr the sessions of which codes are not shown: they are open, and their coders must not see each
    other's codes."""
    if names := ", ".join(sessions):
        click.echo(f"Codes of others in {names} are left out: coders work blind there until it is closed.", err=True)


class OutputPath(click.Path):
    """Option type: a file or folder to write.

    Refused is a path in the corpus, the indexes or the library, and one that would replace a file of the workspace,
    such as its database. With `fresh`, any existing file is refused.
    """

    name = "file"

    def __init__(self, *, folder: bool = False, fresh: bool = False) -> None:
        self.fresh = fresh
        super().__init__(path_type=Path, dir_okay=folder, file_okay=not folder)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path. Raises InputError for a path that is refused."""
        from kb.config import settings

        path, config = Path(os.fsdecode(super().convert(value, param, ctx))), settings()
        there = path.resolve()
        own = [
            folder
            for folder in (config.corpus, config.indexes, config.library)
            if there.is_relative_to(folder.resolve())
        ]
        if own or there.is_relative_to(config.workspace.resolve()) and there.is_file():
            raise InputError(
                "This is a file of the program's own; it is not written over.",
                where=str(value),
                do="Give a name outside the workspace, the indexes and the corpus.",
            )
        if self.fresh and there.exists():
            raise InputError(
                "The file exists; an older proof is not written over.", where=str(value), do="Give another name."
            )
        return path


by_option = click.option(
    "--by",
    required=True,
    metavar="NAME",
    help="Name of the person who does this. It is recorded; the program never takes it from the computer.",
)
wording_option = click.option(
    "--wording",
    type=click.Choice(["verbatim", "own-words"]),
    default=None,
    help="Only passages in the source's own words (verbatim), or only statements that this project wrote (own-words).",
)
document_option = click.option("--document", default=None, help="Only passages of this document, e.g. paper.")
mode_option = click.option(
    "--mode",
    default="hybrid",
    show_default=True,
    help="How to search: hybrid (by words and meaning), lexical (by words) or semantic (by meaning).",
)
fusion_option = click.option(
    "--fusion",
    default="convex",
    show_default=True,
    help="How hybrid search combines both rankings: convex (weighted scores) or rrf (reciprocal ranks).",
)
viewer_option = click.option(
    "--viewer",
    default="",
    help="Your name as a coder. In an open blind session you see your own codes; those of others stay hidden.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
reason_option = click.option("--reason", default="", help="Why you do this; kept in the history.")
no_build_option = click.option(
    "--no-build",
    is_flag=True,
    help="Do not update the index now. For several files in a row: run kb build after the last one.",
)
seen_option = click.option(
    "--seen",
    type=int,
    default=None,
    metavar="VERSION",
    help="Version of the record that you looked at. If somebody changed the record since, both "
    "versions are shown and nothing is replaced without your answer. Default: the version of your "
    "own last change.",
)


def facets_option(help: str) -> Callable[[Command], Command]:
    """Return the option --facet NAME=VALUE, which may be repeated; `help` says what it selects."""
    return click.option("--facet", "facets", multiple=True, metavar="NAME=VALUE", help=help)


def seed_option(same: str) -> Callable[[Command], Command]:
    """Return the option --seed of a command that draws at random; `same` says what the same value gives again."""
    words = f"Start value of the random numbers: the same value {same}."
    return click.option("--seed", type=int, default=0, show_default=True, help=words)


@contextmanager
def workspace() -> Iterator[Workspace]:
    """Return a context manager with the open workspace of the settings; it is closed when the block ends."""
    from kb.log import open_workspace

    with open_workspace() as opened:
        yield opened


def known(ws: Workspace, stream: str, by: str, seen: int | None) -> int:
    """Return the version of `stream` on which the person decides: `seen`, the option --seen, when given; else that of
    their own last change, 0 if they made none."""
    with ws.reading() as reader:
        return reader.known_version(stream, by) if seen is None else seen


def deciding(ws: Workspace, stream: str, by: str, seen: int | None, act: Callable[[int], Decided]) -> Decided:
    """Call `act` with the version on which the person decides, and return its result.

    If another person has written since, both versions are shown. On a terminal the person is asked whether to go on;
    elsewhere ConflictError is raised.
    """
    from kb.log.conflict import ConflictError

    try:
        return act(known(ws, stream, by, seen))
    except ConflictError as conflict:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        click.echo(conflict, err=True)
        if not confirm("Write your version over the present one? (The history keeps both.)", err=True):
            raise
        return act(conflict.present.version)


def on_finding(
    policy_set: str, criterion: str, by: str, seen: int | None, act: Callable[[Workspace, int], Decided]
) -> Decided:
    """Call `act(workspace, version)` like `deciding`, for a finding in the workspace of the settings, and return its
    result."""
    from kb.log.decisions import stream

    with workspace() as ws:
        return deciding(ws, stream("finding", policy_set, criterion), by, seen, lambda expected: act(ws, expected))


def warn_of_changes(*beginnings: str) -> None:
    """Warn on stderr of files of the corpus that have changed since the index was built, by an edit or by damage.
    Without an index, or with one that lists no files, nothing can be compared."""
    from kb.config import settings
    from kb.errors import IndexError_
    from kb.index import live, manifest

    config = settings()
    try:
        made_from = manifest.read(live.current(config.indexes))
        names = manifest.changed_since(made_from, config.corpus, beginnings) if made_from.inputs else []
    except IndexError_:
        return
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        click.echo(
            f"! changed since the index was built, by an edit or by damage: {', '.join(names[:3])}{more} (kb doctor)",
            err=True,
        )


PROPOSING = ("probes/", "cues/", "models", "examples/", "sentences/", "counter.yaml", "bills.yaml")
"""Beginnings of the names of the files of the corpus that are read to propose evidence."""


def framework(*also: str) -> Framework:
    """Load the framework of the corpus. Warns where it, or a file whose path begins with one of `also`, has changed
    since the index was built."""
    from kb.config import settings
    from kb.framework import load

    warn_of_changes("framework/", *also)
    return load(settings().corpus / "framework")


def adding(
    ws: Workspace, policy_set: str, criterion: str, by: str, seen: int | None, act: Callable[[int], Decided]
) -> Decided:
    """Call `act` like `deciding`, for an action that only adds a row.

    Changes by others are no conflict then, because a row does not change their words; except when another person agreed
    to the finding, because a new row reopens it.
    """
    from kb.assessment.findings import finding
    from kb.log.decisions import stream

    found = finding(ws, policy_set, criterion)
    agreed = found.workflow == "agreed" and found.agreed_by != by.strip()
    return deciding(
        ws, stream("finding", policy_set, criterion), by, found.version if seen is None and not agreed else seen, act
    )


def known_commitment(id: str) -> str:
    """Return the id if it is that of an entry or an instrument of the register. Raises NotFound with the nearest
    ids."""
    from difflib import get_close_matches

    from kb.commitments.register import load_register
    from kb.config import settings

    register = load_register(settings().corpus / "commitments")
    known = [name for one in register for name in (one.id, *(entry.id for entry in one.entries))]
    if id not in known:
        near = get_close_matches(id, known, n=3)
        raise NotFound(
            f"There is no commitment '{id}'.",
            do=f"Nearest are: {', '.join(near)}." if near else "Find its id with: kb search or kb cite.",
        )
    return id


def moment(text: str | None) -> datetime | int | None:
    """Read a day (its end, UTC), a time or the sequence number of an event; None for now. Raises InputError for other
    text, and for a moment after tomorrow (UTC), since its state is not known."""
    if text is None:
        return None
    found = _moment(text)
    if isinstance(found, datetime) and found.date() > datetime.now(UTC).date() + timedelta(days=1):  # east of here
        raise InputError(
            f"'{text}' is still to come by this machine's clock, which says {datetime.now(UTC).date()}.",
            do="Set the clock if it is wrong; or give a day that was, or the number of an event.",
        )
    return found


def _moment(text: str) -> datetime | int:
    """Parse text as `moment` does, but also accept moments in the future. Raises InputError for other text."""
    try:
        if text.isdigit() and len(text) != 8:
            return int(text)
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError as error:
        raise InputError(
            f"'{text}' is no moment.", do="Give a day as 2026-03-01, a time in UTC, or the number of an event."
        ) from error


def day(text: str | None) -> date | None:
    """Read an option as a date in ISO form. Raises InputError for any other text. None without the option."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(f"'{text}' is no day.", do="Write it as 2026-03-01.") from error


def known_document(store: Store, id: str | None) -> None:
    """Raise NotFound for a document that the index does not hold; otherwise an empty result would look like an
    answer."""
    known = [head["id"] for head in store.documents()]
    if id is not None and id not in known:
        raise NotFound(f"no document '{id}'.", do=f"There are: {', '.join(known)}.")


def known_facets(store: Store, *names: str | None, coded: Iterable[str] = ()) -> None:
    """Raise NotFound for a facet that is not in the index and that nobody has coded with."""
    known = {*store.facet_names(), *coded}
    for name in names:
        if name is not None and name not in known:
            raise NotFound(f"no facet '{name}'.", do=f"There are: {', '.join(sorted(known))}.")


def command_again() -> str:
    """Return the running command as text, so that a file can state how it was made. Options left at their default are
    omitted; of the path of a written file, only the name is included."""
    context = click.get_current_context()
    program = context.find_root().info_name or ""  # "kb", or "python -m kb"
    words = ["kb", *context.command_path.removeprefix(program).split()]
    for one in context.command.params:
        value = context.params.get(one.name or "")
        if value in (None, False, (), ""):
            continue
        if isinstance(one, click.Argument):
            words.append(str(value))
        elif value != one.default:
            option = one.opts[-1]
            shown = Path(value).name if isinstance(one.type, OutputPath) else value
            many = shown if isinstance(shown, tuple) else (shown,)
            words += [option] if value is True else [word for each in many for word in (option, str(each))]
    return shlex.join(words)


def changed(**fields: object) -> Changes:
    """Return the fields of a finding that were given; their values are checked when they are recorded."""
    return cast("Changes", given(**fields))


def given(**fields: object) -> dict[str, object]:
    """Return the options that were given; those left out are None and are dropped."""
    return {name: value for name, value in fields.items() if value is not None}
