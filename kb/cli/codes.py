"""`kb codes`: coding sessions, codes given and rejected, exchange between colleagues, and the list of codes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kb.export.collect import Bench
    from kb.models import Passage

from kb.amounts import some
from kb.cli.codes_import import import_
from kb.cli.output import as_record, echo_json, echo_jsonl
from kb.cli.shared import (
    OutputPath,
    by_option,
    command_again,
    json_option,
    reason_option,
    report_sealed,
    seed_option,
    viewer_option,
)
from kb.cli.telling import confirm


@click.group("codes")
def command() -> None:
    """Code passages, alone or in sessions of several coders. Also import codes from other programs, and list codes."""


command.add_command(import_)


@command.command("share", epilog="Example: kb codes share pilot --by 'B. Two' --out two.json")
@click.argument("session")
@click.option("--out", type=OutputPath(), required=True, help="File to write, for a colleague.")
@by_option
def share(session: str, out: Path, by: str) -> None:
    """Write your codes of one session to a file, for a colleague's workspace. Codes of other people are not in it."""
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
    """Add the codes in files that colleagues wrote with kb codes share. Nothing is overwritten, and a blind session
    stays blind."""
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
@click.option("--session", default=None, help="Only codes of this coding session.")
@viewer_option
@click.option(
    "--table",
    type=OutputPath(),
    help="Write the list of quotations as a CSV table to FILE instead: words, code path, memo, coder, source.",
)
def list_(session: str | None, viewer: str, table: Path | None) -> None:
    """Print the codes that people gave, one JSON object per line."""
    from kb.export.collect import Bench

    bench = Bench.here(viewer)
    if table:
        from kb.export.quotations import QUOTATIONS, quotations
        from kb.export.tables import write_table

        click.echo(write_table(bench, table, QUOTATIONS, quotations(bench, session), command_again()))
        return
    report_sealed(bench.sealed(session))
    echo_jsonl(
        {**one.model_dump(mode="json"), **_whose(bench.unit(id))}
        for id in sorted(bench.codings)
        for one in bench.codings[id]
        if session in (None, one.session)
    )


def _whose(passage: Passage | None) -> dict[str, object]:
    """Return whose words a coded quotation is and whether it may be quoted, as fields of the list. Both are None for a
    passage that the index no longer contains, and for a code on a complete document."""
    known = passage if passage and passage.text else None
    return {"wording": known and known.wording, "may_quote": known is not None and known.may_quote}


@command.command(
    "open",
    epilog="Example: kb codes open pilot --coder 'A. One' --coder 'B. Two' --sample 40 --facet group --by 'A. Lead'",
)
@click.argument("session")
@click.option(
    "--coder", "coders", multiple=True, required=True, help="Name of a coder; repeat the option for each coder."
)
@click.option(
    "--sample",
    "size",
    type=click.IntRange(min=1),
    default=None,
    help="Number of passages to draw at random; default: every passage may be coded.",
)
@click.option(
    "--facet",
    default=None,
    help="With --sample: draw from the terms of this group of codes in turn, so that each is represented.",
)
@click.option(
    "--uncertain", is_flag=True, help="With --sample: draw the passages whose machine tags are least certain first."
)
@click.option(
    "--double",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Share of the sample that two people code, from 0 (none) to 1 (all).",
)
@click.option(
    "--blind/--seen",
    default=True,
    show_default=True,
    help="Whether coders are hidden from each other's codes until the session is closed (blind) or see them (seen).",
)
@seed_option("draws the same sample")
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
    """Open a coding session and divide a sample of passages among its coders. SESSION is a short name, e.g. pilot."""
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
@click.option("--anyway", is_flag=True, help="Close the session although passages are not coded, without a question.")
@by_option
@reason_option
def close(session: str, anyway: bool, by: str, reason: str) -> None:
    """Close a coding session. From then on everybody sees all its codes. Coders with passages that are not coded yet
    are named first, and you are asked."""
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
@click.option(
    "--facet", default=None, help="Look for passages without a code of this group; default: passages without any code."
)
@by_option
@json_option
def next_(session: str, facet: str | None, by: str, as_json: bool) -> None:
    """Show the next passage of your share that you have not coded, and record that you opened it."""
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
@click.option(
    "--session",
    default="",
    help="Coding session that the answer belongs to; default: open coding, outside every session.",
)
@click.option("--memo", default="", help="A remark, kept with the answer.")
@click.option("--take-back", is_flag=True, help="Withdraw the answer 'none applies'.")
@by_option
def none(passage: str, facet: str, session: str, memo: str, take_back: bool, by: str) -> None:
    """Record that no code of FACET applies to a passage. Without this answer the passage counts as not coded."""
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
    """Raise NotFound, with the nearest codes, when the codebook has no code `term` in `facet`."""
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
        click.option(
            "--session",
            default="",
            help="Coding session that the code belongs to; default: open coding, outside every session.",
        ),
        click.option(
            "--span",
            default="",
            metavar="FIRST-END",
            help="Words in the passage: positions of their first character and of the character after the "
            "last, counted from 0, e.g. 0-12. Default: the complete passage.",
        ),
        click.option("--memo", default="", help="A remark, kept with the code."),
    ]
    for option in reversed(options):
        run = option(run)
    return run


@command.command("add", epilog="Example: kb codes add crpd/art28/1 sector:social-protection --by 'A. One'")
@_on_a_code
def add(**word: str) -> None:
    """Give a code to a passage, to some of its words, or to a complete document. PASSAGE is the id of a passage or of a
    document, e.g. crpd. The machine's tags do not change."""
    _word("add_code", **word)


@command.command("reject", epilog="Example: kb codes reject crpd/art28/1 group:youth --by 'A. One'")
@_on_a_code
def reject(**word: str) -> None:
    """Record that a code does not apply to a passage. If the machine gave it, its tag stays visible beside your
    answer."""
    _word("reject_code", **word)
