"""`kb assess FILE…`: for every criterion of the framework, the passages that bear on it, or that none was found."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import PROPOSING, OutputPath, warn_of_changes
from kb.cli.telling import telling
from kb.config import settings
from kb.errors import InputError, KBError
from kb.files import written

if TYPE_CHECKING:
    from kb.assess.models import CriterionProposals, Proposals
    from kb.framework import Framework


@click.command("assess", epilog="Example: kb assess act.pdf plan.docx --out proposals")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--framework",
    "version",
    default="",
    help="Version of the framework of criteria; default: the one that comes with the program.",
)
@click.option("--language", default="", help="Language of a file whose own language is not recognised: en, es or fr.")
@click.option(
    "--out",
    type=OutputPath(folder=True),
    help="Write the proposals into this folder, as one JSON file for each policy.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object, or a list for several files.")
def command(files: tuple[Path, ...], version: str, language: str, out: Path | None, as_json: bool) -> None:
    """Propose passages of policies as evidence for each criterion. People decide; no status is set. A file that cannot
    be read does not stop the others."""
    framework = _framework(version)
    made: list[Proposals] = []
    failed: list[KBError] = []
    for file in _distinct(files):
        try:
            made.append(_assess(file, framework, language, not as_json))
        except KBError as error:
            failed.append(error)
            if len(files) > 1:
                click.echo(f"kb: {error}", err=True)
            continue
        if out:
            _write(out / f"{file.stem}.json", made[-1])
    if not made:
        raise failed[0]
    if as_json:
        echo_json(made[0] if len(made) == 1 else made)
    else:
        for proposals in made:
            _print(proposals, framework)
    if failed:
        raise click.exceptions.Exit(failed[0].exit_code)


def _framework(version: str) -> Framework:
    from kb.framework import load

    warn_of_changes("framework/", *PROPOSING)
    framework = load(settings().corpus / "framework")
    if version and version != framework.version:
        raise InputError(
            f"the corpus holds framework {framework.version}, not {version}",
            do="Leave --framework out, or put that version's recommendations.yaml into corpus/framework.",
        )
    return framework


def _distinct(files: tuple[Path, ...]) -> list[Path]:
    """Return the files without copies: of files with the same content only the first; the others are named on
    stderr."""
    from kb.text import sha256_of

    seen: dict[str, Path] = {}
    for file in files:
        key = sha256_of(file) if file.is_file() else str(file)
        if key in seen:
            click.echo(f"{file.name}: the same file as {seen[key].name}, taken once.", err=True)
        seen.setdefault(key, file)
    return list(seen.values())


def _assess(file: Path, framework: Framework, language: str, shows: bool) -> Proposals:
    from kb.assess import propose
    from kb.sources.own import policy_of

    with telling(shows, f"reading and looking through {file.name}") as (_, progress):
        policy = policy_of(file, settings().corpus, language)
        return propose(policy, framework, progress=partial(progress, "clauses"))


def _write(path: Path, proposals: Proposals) -> None:
    """Write the proposals to a file, completely or not at all."""
    with written(path) as beside:
        beside.write_text(proposals.model_dump_json(indent=1), encoding="utf-8")


def _print(proposals: Proposals, framework: Framework) -> None:
    stamp = proposals.framework
    click.echo(f"{proposals.policy.title} ({proposals.policy.language}, {some(proposals.policy.words, 'word')})")
    click.echo(
        f"Framework {stamp.version}: {stamp.stated} stated + {stamp.derived} derived. "
        "Proposals of a machine: nothing here is a finding."
    )
    for note in proposals.method.notes:
        click.echo(f"Note: {note}")
    for row in proposals.criteria:
        click.echo(f"\n{row.id}  {framework.criterion(row.id).element}")
        _print_row(row)


def _print_row(row: CriterionProposals) -> None:
    if row.state == "no-evidence-found":
        click.echo("    no evidence found in this text (which is not to say that there is none in the country)")
    for proposal in row.proposals[:3]:
        click.echo(
            f"  {proposal.rank}. {proposal.grade}, {proposal.confidence:.2f}, {proposal.type}: {proposal.citation}"
        )
        click.echo(f"     “{_short(proposal.text)}”")
        click.echo(f"     why: {proposal.why.probe}; {proposal.why.cue}")
        if like := proposal.why.resembles:
            click.echo(f"     like: {like.policy}, {like.at} ({like.origin} direct evidence there)")
        if proposal.why.learnt:
            click.echo(f"     learnt: {'; '.join(proposal.why.learnt)}")
    for clause in row.counter:
        click.echo(f"  against? {clause.why.against[0]}: {clause.citation}")
        click.echo(f"     “{_short(clause.text)}”")


def _short(text: str, width: int = 220) -> str:  # two lines of a wide terminal
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0] + " […]"
