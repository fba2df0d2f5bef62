"""`kb codes`: rounds of coding, codes given and rejected, codes in from another program, the list of what is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kb.export.collect import Bench
    from kb.export.project import NotTaken, OfProject
    from kb.export.rows import Row
    from kb.models import Passage

from kb.amounts import some
from kb.cli.output import as_record, echo_json, echo_jsonl
from kb.cli.shared import Target, by_option, command_again, json_option, reason_option, tell_sealed
from kb.cli.telling import confirm

_FORMATS = {".qdpx": "qdpx", ".csv": "csv", ".jsonl": "jsonl", ".jsonld": "web-annotation"}


@click.group("codes")
def command() -> None:
    """Code passages, alone or in rounds of several coders; take codes in from other programs; list them."""


@command.command("import", epilog="Example: kb codes import project.qdpx --user 'jd=J. Doe'")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--user", "users", multiple=True, metavar="THEIRS=OURS", help="Name of a user in FILE and the coder's name here."
)
@click.option(
    "--save-sources",
    "folder",
    type=Target(folder=True),
    help="Write the texts of FILE that are no document here into this folder, to be added.",
)
@click.option("--by", default="", help="Who brings attributes of cases in: such a file does not say who gave them.")
def import_(file: Path, users: tuple[str, ...], folder: Path | None, by: str) -> None:
    """Add the codes that people gave in FILE, to words or to whole sources, and the attributes of its cases; machine
    tags in it are left out, and nothing is written over. What is not taken is counted, with the reason."""
    from kb.cli.shared import workspace
    from kb.errors import InputError
    from kb.export.codes_in import save_texts, take_codes
    from kb.export.collect import Bench
    from kb.files import fault_of

    if file.suffix.lower() not in _FORMATS:
        raise InputError(
            f"'{file.suffix}' is no ending for codes.", where=str(file), do=f"Endings: {', '.join(_FORMATS)}."
        )
    pairs = [each.partition("=") for each in users]
    if any(not sign or not ours.strip() for _, sign, ours in pairs):
        raise InputError("a user is given without a name here.", do="Write --user 'name in the file=name here'.")
    with fault_of(file, "no codes can be read from it", "Export it again from the program that made it."):
        rows, left, of_project, names = _read_codes(file)
    with workspace() as opened:
        coders = {theirs.strip(): ours.strip() for theirs, _, ours in pairs}
        taken = take_codes(Bench.here(), rows, opened, source=file, users=coders, by=by, **of_project)
    for line in taken.refused:
        click.echo(f"not taken: {line}", err=True)
    for each in left:
        counted = f"{each.codings} {each.what}: " if each.codings else ""
        click.echo(f"not taken: {each.where}: {counted}{each.why}", err=True)
    missed = len(taken.refused) + sum(each.codings for each in left)
    machine = f"; {some(taken.machine, 'machine tag')} left out" if taken.machine else ""
    cases = ""
    if of_project.get("attributes"):
        cases = f"; {some(taken.attributes, 'attribute')} of sources added, {taken.attributes_known} known already"
    click.echo(f"{some(taken.added, 'code')} added, {taken.known} known already, {missed} not taken{machine}{cases}")
    if folder:
        for path in save_texts(folder, [(names[sha], of_project["texts"][sha]) for sha in taken.strange]):
            click.echo(f"{path} (add it: kb policies add SET {path.name})")


def _read_codes(file: Path) -> tuple[list[Row], list[NotTaken], OfProject, dict[str, str]]:
    """Read a file of codes: its rows, what cannot be taken over, texts, memos and attributes of its sources, and their
    names. All but the rows are empty where it is no .qdpx file."""
    from kb.export import import_rows
    from kb.export.importing_qdpx import read_project

    format = _FORMATS[file.suffix.lower()]
    if format != "qdpx":
        return list(import_rows(format, file)), [], {}, {}
    project = read_project(file)
    held: OfProject = {"texts": project.texts, "memos": project.memos, "attributes": project.attributes}
    return project.rows, project.not_taken, held, project.names


@command.command("share", epilog="Example: kb codes share pilot --by 'B. Two' --out two.json")
@click.argument("session")
@click.option("--out", type=Target(), required=True, help="File to write.")
@by_option
def share(session: str, out: Path, by: str) -> None:
    """Write the codes of one coder in a round, and nothing of anybody else, for a colleague's workspace."""
    from kb.cli.shared import workspace
    from kb.coding.merging import share_of, write_share
    from kb.export.collect import Bench

    with workspace() as opened:
        held = share_of(opened, session, by, Bench.here(by).index.manifest.fingerprint)
    write_share(held, out)
    none = sum(len(unit.none) for unit in held.units)
    click.echo(f"{out}: {some(len(held.codings), 'code')} and {some(none, 'time')} 'none applies' of {held.coder}")


@command.command("merge", epilog="Example: kb codes merge two.json --by 'A. Lead'")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@by_option
def merge(files: tuple[Path, ...], by: str) -> None:
    """Bring coders' words in from files of `kb codes share`; a blind round stays blind, and nothing is written over."""
    from kb.cli.shared import workspace
    from kb.coding import merging
    from kb.export.collect import Bench

    shares = [(file, merging.read_share(file)) for file in files]
    bench = Bench.here(by)
    for file, share in shares:
        with workspace() as opened:
            done = merging.merge(opened, share, bench.unit, by=by, source=file.name)
        if done.opened:
            click.echo(f"{share.session.id}: opened, as it is in {file.name}")
        for line in done.refused:
            click.echo(f"not taken: {line}", err=True)
        click.echo(
            f"{share.coder}: {some(done.added, 'code')} added, {done.known} known already, "
            f"{len(done.refused)} not taken, {some(done.none, 'time')} 'none applies'"
        )


@command.command("list", epilog="Example: kb codes list --viewer 'A. Coder'")
@click.option("--session", default=None, help="Only this coding session.")
@click.option("--viewer", default="", help="Name of the coder who asks: blind codes of others stay hidden.")
@click.option(
    "--table",
    type=Target(),
    help="Write the list of quotations as CSV instead: words, code path, memo, coder, source.",
)
def list_(session: str | None, viewer: str, table: Path | None) -> None:
    """Every code that people gave, one JSON object a line."""
    from kb.export.collect import Bench

    bench = Bench.here(viewer)
    if table:
        from kb.export.quotations import QUOTATIONS, quotations
        from kb.export.tables import write_table

        click.echo(write_table(bench, table, QUOTATIONS, quotations(bench, session), command_again()))
        return
    tell_sealed(bench.sealed(session))
    echo_jsonl(
        {**one.model_dump(mode="json"), **_whose(bench.unit(id))}
        for id in sorted(bench.codings)
        for one in bench.codings[id]
        if session in (None, one.session)
    )


def _whose(passage: Passage | None) -> dict[str, object]:
    """Return whose words a coded quotation is, and whether it may be quoted; nothing is known of a passage that the
    index no longer holds, and of a document as a whole."""
    known = passage if passage and passage.text else None
    return {"wording": known and known.wording, "may_quote": known is not None and known.may_quote}


@command.command(
    "open",
    epilog="Example: kb codes open pilot --coder 'A. One' --coder 'B. Two' --sample 40 --facet group --by 'A. Lead'",
)
@click.argument("session")
@click.option("--coder", "coders", multiple=True, required=True, help="Name of a coder; give each.")
@click.option(
    "--sample", "size", type=click.IntRange(min=1), default=None, help="Draw so many passages; else all are open."
)
@click.option("--facet", default=None, help="Draw in turn from each term of this facet.")
@click.option("--uncertain", is_flag=True, help="Draw the least certain machine tags first.")
@click.option(
    "--double", type=click.FloatRange(0, 1), default=1.0, show_default=True, help="Share coded by two people."
)
@click.option(
    "--blind/--seen", default=True, show_default=True, help="Whether coders see each other's codes before the end."
)
@click.option("--seed", type=int, default=0, show_default=True)
@by_option
def open_(
    session: str,
    coders: tuple[str, ...],
    size: int | None,
    facet: str | None,
    uncertain: bool,
    double: float,
    blind: bool,
    seed: int,
    by: str,
) -> None:
    """Open a round of coding, with a sample shared out among its coders."""
    from kb.cli.shared import workspace
    from kb.coding.codes import open_session
    from kb.coding.sample import described, draw
    from kb.export.collect import Bench

    bench = Bench.here()
    passages = (p for p in bench.store.passages() if p.kind not in ("heading", "title", "contents"))
    drawn = draw(passages, size, facet=facet, by_uncertainty=uncertain, seed=seed) if size else None
    with workspace() as opened:
        made = open_session(
            opened,
            session,
            coders,
            codebook=bench.provenance("codes").codebook,
            by=by,
            blind=blind,
            sample=drawn.ids if drawn else (),
            double=double,
            seed=seed,
            drawn=described(drawn, bench.index.manifest.fingerprint[:16]) if drawn else None,
        )
    for coder in made.coders:
        click.echo(f"{coder}: {some(len(made.assignments.get(coder, ())), 'passage') if drawn else 'every passage'}")


@command.command("close", epilog="Example: kb codes close pilot --by 'A. Lead'")
@click.argument("session")
@click.option("--anyway", is_flag=True, help="Do not ask where passages are left uncoded.")
@by_option
@reason_option
def close(session: str, anyway: bool, by: str, reason: str) -> None:
    """End a round; from now on everybody sees all its codes. What each coder has left undone is printed first."""
    from kb.cli.shared import workspace
    from kb.coding.codes import close_session, read_session, undone
    from kb.errors import RefusedError

    with workspace() as opened:
        with opened.reading() as reader:
            left = undone(reader, read_session(reader, session))
        for coder, n in left.items():
            click.echo(f"warning: {coder} has not coded {n} of the passages assigned", err=True)
        if left and not anyway:
            if not sys.stdin.isatty():
                raise RefusedError(
                    "passages that were assigned are not coded; nothing was closed.", do="Give --anyway."
                )
            confirm("Close it all the same?", abort=True)
        close_session(opened, session, by=by, reason=reason)
    click.echo(
        f"{session}: closed"
        + (" with passages left uncoded: " + ", ".join(f"{coder} {n}" for coder, n in left.items()) if left else "")
    )


@command.command("next", epilog="Example: kb codes next pilot --facet group --by 'A. One'")
@click.argument("session")
@click.option("--facet", default=None, help="The next one that is not coded in this facet; else in any.")
@by_option
@json_option
def next_(session: str, facet: str | None, by: str, as_json: bool) -> None:
    """Show a coder the next passage of their share that they have not coded, and note that it was opened."""
    from kb.cli.output import wording_words
    from kb.cli.shared import workspace
    from kb.coding.units import open_unit, work
    from kb.coding.worklist import waiting
    from kb.errors import NotFound
    from kb.export.collect import Bench

    with workspace() as opened:
        left = waiting(opened, session, by, facet)
        done = work(opened, session).get(by)
        if not left:
            echo_json({"passage": None, "left": 0}) if as_json else click.echo(f"Nothing is left for {by}.")
            return
        passage = Bench.here(by).store.get(left[0])
        if passage is None:
            raise NotFound(f"the index has no passage '{left[0]}' any more.", do="Run: kb build")
        open_unit(opened, passage.id, by=by, session=session)
    if as_json:
        echo_json({"passage": as_record(passage), "left": len(left), "work": done})
        return
    click.echo(f"{passage.id}  [{wording_words(passage)}]\n   {passage.shown}\n   — {passage.citation}")
    click.echo(f"{len(left)} left" + (f"; assigned {done.assigned}, coded {done.coded}" if done else ""))


@command.command("none", epilog="Example: kb codes none crpd/art28/1 group --session pilot --by 'A. One'")
@click.argument("passage")
@click.argument("facet")
@click.option("--session", default="", help="The round that the word belongs to.")
@click.option("--memo", default="", help="A remark.")
@click.option("--take-back", is_flag=True, help="Take 'none applies' back.")
@by_option
def none(passage: str, facet: str, session: str, memo: str, take_back: bool, by: str) -> None:
    """Say that no code of FACET applies to a passage; without that the passage counts as not coded."""
    from kb.cli.shared import known_facets, workspace
    from kb.coding.units import none_applies, take_back_none
    from kb.errors import NotFound
    from kb.export.collect import Bench

    store = Bench.here().store
    known_facets(store, facet)
    if store.get(passage) is None:
        raise NotFound(f"no passage '{passage}'.", do="Find it with kb search.")
    with workspace() as opened:
        (take_back_none if take_back else none_applies)(opened, passage, facet, by=by, session=session, memo=memo)
    click.echo(f"{passage} {facet}: {'taken back' if take_back else 'none applies'}, by {by}")


def _word(word: str, passage: str, code: str, by: str, session: str, span: str, memo: str) -> None:
    from kb.cli.shared import workspace
    from kb.coding import codes
    from kb.coding.own import OWN, own_code, own_name
    from kb.errors import InputError, NotFound
    from kb.export.collect import Bench

    facet, sign, term = code.partition(":")
    if not sign or not term:
        raise InputError(f"'{code}' is no code.", do="Write it as FACET:TERM, e.g. group:older-persons.")
    if facet == OWN:  # a name, or the code of one: a code has no space
        term = own_code(term if " " in term else own_name(term))
    bench = Bench.here()
    found = bench.unit(passage)
    if found is None:
        raise NotFound(f"no passage '{passage}', and no document.", do="Find it: kb search, kb documents.")
    if (facet, term) not in {(tag.facet, tag.id) for tag in found.tags}:  # a tag that is there can always be answered
        _known(bench, facet, term)
    with workspace() as opened:
        getattr(codes, word)(
            opened,
            found,
            facet,
            term,
            by=by,
            session=session,
            memo=memo,
            span=_span(span),
            codebook=bench.provenance("codes").codebook,
        )
    click.echo(f"{passage} {code}: {'added' if word == 'add_code' else 'rejected'} by {by}")


def _known(bench: Bench, facet: str, term: str) -> None:
    """Raise NotFound, with the nearest codes, for a code that the codebook does not have."""
    from difflib import get_close_matches

    from kb.coding.codebook import code_id
    from kb.coding.own import OWN, own_code
    from kb.errors import NotFound

    if facet == OWN:  # a code of one's own comes into being when it is given
        own_code(term)
        return
    held = [code.id for code in bench.codebook.codes if code.codable]
    if code_id(facet, term) not in held:
        near = [each.replace("/", ":", 1) for each in get_close_matches(code_id(facet, term), held, n=3, cutoff=0.5)]
        raise NotFound(
            f"the codebook has no code '{facet}:{term}'.",
            do=f"Nearest: {'; '.join(near)}." if near else "kb codebook lists them.",
        )


def _span(text: str) -> tuple[int, int] | None:
    from kb.errors import InputError

    if not text:
        return None
    first, _, end = text.partition("-")
    if not (first.isdigit() and end.isdigit()):
        raise InputError(f"'{text}' is no span.", do="Write it as FIRST-END in characters of the passage, e.g. 0-12.")
    return int(first), int(end)


def _on_a_code(run: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options that a command needs for one code of one passage."""
    options = [
        click.argument("passage"),
        click.argument("code", metavar="FACET:TERM"),
        by_option,
        click.option("--session", default="", help="The round that the code belongs to."),
        click.option("--span", default="", metavar="FIRST-END", help="Characters of the passage; else the whole."),
        click.option("--memo", default="", help="A remark."),
    ]
    for option in reversed(options):
        run = option(run)
    return run


@command.command("add", epilog="Example: kb codes add crpd/art28/1 sector:social-protection --by 'A. One'")
@_on_a_code
def add(**word: str) -> None:
    """Give a code to a passage, to a span of it, or to a DOCUMENT as a whole; the machine's tags stay as they are."""
    _word("add_code", **word)


@command.command("reject", epilog="Example: kb codes reject crpd/art28/1 group:youth --by 'A. One'")
@_on_a_code
def reject(**word: str) -> None:
    """Say that a code does not apply; the machine's tag stays visible beside your word."""
    _word("reject_code", **word)
