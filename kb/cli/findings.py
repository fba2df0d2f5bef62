"""kb findings: record what people decide on each criterion, with evidence and history."""

from __future__ import annotations

from pathlib import Path

import click

from kb.amounts import some
from kb.assessment.models import STATUS_WORDS, Workflow
from kb.cli.finding_evidence import accept_, quote, reject_, requote_, unquote
from kb.cli.output import echo_finding, echo_json, in_file
from kb.cli.shared import (
    OutputPath,
    by_option,
    changed,
    framework,
    json_option,
    moment,
    on_finding,
    reason_option,
    seen_option,
    workspace,
)
from kb.errors import DataError


@click.group("findings", epilog='Example: kb findings set kenya R3.d --status partial --rationale "..." --by "A. Name"')
def command() -> None:
    """Record what people decide on each criterion of an assessment, with evidence and history. The machine only
    proposes. SET is the id of an assessment, e.g. kenya; CRITERION the id of a criterion, e.g. R1.c."""


for _each in (quote, accept_, reject_, requote_, unquote):
    command.add_command(_each)


@command.command("list", epilog="Example: kb findings list kenya --at 2026-06-30")
@click.argument("policy_set", metavar="SET")
@click.option(
    "--at",
    default=None,
    help="Show the state at a past moment: a day (2026-11-30), a time, or the number of an event of the log.",
)
@json_option
def list_(policy_set: str, at: str | None, as_json: bool) -> None:
    """List all criteria with the status that people decided; what the machine proposes is shown separately."""
    from kb.assessment.evidence import changed_since
    from kb.assessment.findings import findings
    from kb.assessment.history import doubt
    from kb.assessment.policies import read_set
    from kb.assessment.proposals import machine_states

    rules = framework()
    with workspace() as ws:
        held = findings(ws, rules, policy_set, until=moment(at))
        unsure = doubt(ws, policy_set, moment(at))
        with ws.reading() as reader:
            stored = read_set(reader, policy_set)
            rows = [row for finding in held for row in finding.evidence]
            today = changed_since(reader, stored, rows) if at is None else {}
        machine = machine_states(ws, policy_set, rules) if at is None else {}
    if as_json:
        found = [{**finding.model_dump(mode="json"), "machine": machine.get(finding.criterion)} for finding in held]
        head = {"framework": f"{rules.id} {rules.version}", "size": rules.size_words()}
        echo_json({**head, "findings": found, "force_changed": today, "doubt": unsure})
        return
    click.echo(f"{rules.size_words()}. {rules.notice}" + (f"\n{unsure}" if unsure else ""))
    for finding in held:
        machine_words = f" [machine: {machine[finding.criterion]}]" if machine else ""
        now = sorted({today[row.id] for row in finding.evidence if row.id in today})
        changed = f"; the force of words quoted is now: {', '.join(now)}" if now else ""
        state = f"{finding.workflow}; {len(finding.evidence)} quoted{changed}{in_file(finding.stated)}"
        click.echo(f"{finding.criterion:6} {STATUS_WORDS[finding.status]} ({state}){machine_words}")


@command.command("show", epilog="Example: kb findings show kenya R1.c")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option(
    "--at",
    default=None,
    help="Show the state at a past moment: a day (2026-11-30), a time, or the number of an event of the log.",
)
@click.option("--viewer", default="", help="Your name: shows your own sheet of a blind double assessment.")
@json_option
def show(policy_set: str, criterion: str, at: str | None, viewer: str, as_json: bool) -> None:
    """Show one criterion: decision, evidence, proposals and independent assessments."""
    from kb.assessment.double import disagreements, opinions
    from kb.assessment.evidence import changed_since
    from kb.assessment.findings import finding
    from kb.assessment.history import doubt
    from kb.assessment.policies import policy_set as the_set
    from kb.assessment.review import numbered

    framework().criterion(criterion)
    with workspace() as ws:
        stored = the_set(ws, policy_set)
        found = finding(ws, policy_set, criterion, until=moment(at))
        unsure = doubt(ws, policy_set, moment(at), criterion)
        with ws.reading() as reader:
            today = changed_since(reader, stored, found.evidence) if at is None else {}
        proposed = numbered(ws, policy_set, criterion) if at is None else ()
        sheets = opinions(ws, policy_set, criterion, viewer=viewer) if at is None else []
    if as_json:
        echo_json(
            {
                "finding": found,
                "proposals": [{"number": n, **one.model_dump(mode="json")} for n, one in enumerate(proposed, 1)],
                "opinions": sheets,
                "disagreements": disagreements(sheets),
                "doubt": unsure,
            }
        )
        return
    echo_finding(found, today)
    if unsure:
        click.echo(f"  {unsure}")
    for n, one in enumerate(proposed, 1):
        verdict = f"{one.verdict} by {one.verdict_by}" if one.verdict else "open"
        click.echo(f"  proposal {n} [{one.grade}, {verdict}] {one.citation}: {one.text}")


@command.command("set", epilog="Example: kb findings set kenya R3.d --status partial --rationale '...' --by 'A. Name'")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion")
@click.option("--status", type=click.Choice(tuple(STATUS_WORDS)), help="Your decision on the criterion.")
@click.option("--workflow", type=click.Choice(Workflow.values()), help="Progress of the work on this finding.")
@click.option("--rationale", help="Reasons for the decision.")
@click.option("--gap", help="What is missing in the policy or in practice.")
@click.option("--next-step", help="What should be done next.")
@click.option("--body", help="Public body that is responsible for what the criterion asks for.")
@click.option("--confidence", type=click.Choice(["low", "medium", "high"]), help="How certain you are of the decision.")
@by_option
@reason_option
@seen_option
@json_option
def set_(
    policy_set: str, criterion: str, by: str, reason: str, seen: int | None, as_json: bool, **fields: object
) -> None:
    """Record a decision on a criterion. Fields whose option is not given stay as they are. A decision that breaks a
    rule of the method is refused, and nothing is written."""
    from kb.assessment.findings import decide

    made = on_finding(
        policy_set,
        criterion,
        by,
        seen,
        lambda ws, expected: decide(
            ws, framework(), policy_set, criterion, changed(**fields), by=by, expected=expected, reason=reason
        ),
    )
    echo_json(made) if as_json else echo_finding(made)


@command.command("history", epilog="Example: kb findings history kenya R1.c")
@click.argument("policy_set", metavar="SET")
@click.argument("criterion", required=False)
@click.option(
    "--until", default=None, help="Show changes up to a day (2026-11-30), a time, or the number of an event of the log."
)
@click.option("--viewer", default="", help="Your name: shows your own sheets of blind double assessments.")
@json_option
def history_(policy_set: str, criterion: str | None, until: str | None, viewer: str, as_json: bool) -> None:
    """List every change of an assessment, or of one criterion, with author, time and reason."""
    from kb.assessment.history import history, lines
    from kb.log.decisions import stream

    parts = [policy_set] + ([criterion] if criterion else [])
    with workspace() as ws:
        found = [
            event
            for topic in ("finding", "opinion", "verdict", *(() if criterion else ("set", "policy")))
            for event in history(ws, stream(topic, *parts), until=moment(until), viewer=viewer)
        ]
        with ws.reading() as reader:
            counted = reader.counted()
    found.sort(key=lambda event: event.sequence)
    echo_json(found) if as_json else click.echo("\n".join(lines(found, counted)) or "Nobody changed anything yet.")


@command.command("prove", epilog="Example: kb findings prove --against kenya.docx")
@click.option(
    "--against",
    "files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Also compare the log with an export, report, backup or anchor: whether the state of the log "
    "that FILE noted is still part of it; may be repeated.",
)
@click.option(
    "--public-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Public key of the person who signed: every anchor given with --against must have a valid signature.",
)
@json_option
def prove_(files: tuple[Path, ...], public_key: Path | None, as_json: bool) -> None:
    """Check the complete log: nothing is missing or altered, and every status follows from its events. Exit code 3 if
    not."""
    from kb.log.against import OTHER, RESTORE, against
    from kb.log.anchor import anchor
    from kb.log.proving import prove

    with workspace() as ws:
        proof, mark = prove(ws), anchor(ws).mark
        matches = {str(file): against(ws, file) for file in files}
    signers = {str(file): _signer(file, public_key) for file in files if public_key}
    problems = [*proof.problems, *(f"{name}: {each}" for name, found in matches.items() for each in found.problems)]
    if as_json:
        echo_json(
            {
                **proof.model_dump(mode="json"),
                "whole": proof.is_complete,
                "mark": mark,
                "signed": signers,
                "against": {
                    name: {**found.model_dump(mode="json"), "holds": found.holds} for name, found in matches.items()
                },
            }
        )
    else:
        held = f"{some(proof.events, 'event')} in {some(proof.streams, 'stream')}"
        click.echo(f"{held}; last hash {proof.head or '-'}\nmark: {mark}")
        for name, found in matches.items():
            heads = ", ".join(f"event {head.sequence}" for head in found.heads)
            click.echo(
                f"{name}: {heads} "
                + ("is still on the chain" if found.holds else "does not hold")
                + (f"; {some(found.events, 'event')} compared" if found.events else "")
                + (f"; the signature under event {signers[name]} fits" if name in signers else "")
            )
    if problems:
        raise DataError("The log is not whole: " + "; ".join(problems) + ".", do=RESTORE if proof.problems else OTHER)


def _signer(file: Path, public_key: Path) -> int:
    """Return the sequence number of the event that the signature in the file belongs to."""
    from kb.files import read_bytes
    from kb.log.signing import check_signature

    return check_signature(read_bytes(file).decode("latin-1"), public_key, str(file)).sequence


@command.command("anchor", epilog="Example: kb findings anchor anchor.txt")
@click.argument("file", required=False, type=OutputPath(fresh=True))
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Private key to sign with (made by kb findings key); keep it outside the workspace.",
)
def anchor_(file: Path | None, key: Path | None) -> None:
    """Print the last event of the log and its hash as one line, or write that line to FILE. Later it proves that the
    log was not altered before this event. With --key the line is signed."""
    from kb.files import replacing
    from kb.log.anchor import anchor
    from kb.log.signing import signed

    with workspace() as ws:
        words = signed(anchor(ws), key)
    click.echo(words, nl=False)
    if file:
        with replacing(file) as beside:
            beside.write_text(words, encoding="ascii")


@command.command("key", epilog="Example: kb findings key signing.key")
@click.argument("file", type=OutputPath())
def key_(file: Path) -> None:
    """Make a pair of keys for signing anchors. FILE gets the private key; keep it secret. FILE.pub is the public key
    for those who check."""
    from kb.log.signing import make_key

    click.echo(f"{file}: keep it away from the workspace; {make_key(file)}: give it to those who check")
