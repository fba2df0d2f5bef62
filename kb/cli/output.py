"""How commands print: JSON for programs, short lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click
from pydantic import BaseModel

from kb.amounts import of_lines
from kb.cli import screen
from kb.cli.screen import json_plain
from kb.models import Passage, Place

if TYPE_CHECKING:
    from rich.console import Console

    from kb.assessment.models import Evidence, Finding
    from kb.coding.analysis import ConcordanceLine
    from kb.commitments.register import Entry
    from kb.search.results import Hit


def plain(value: object) -> object:
    """Return a pydantic model as a dict for json. Raises TypeError for anything else."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def as_record(passage: Passage) -> dict[str, object]:
    """Return the record of a passage, ready for JSON, as `kb.api`, HTTP and commands give it: our own words are in
    `statement`, never in `text`."""
    from kb.api.live import state

    return state().record(passage).model_dump(mode="json")


def echo_json(value: object) -> None:
    """Print `value` as indented JSON; text in any script is kept as it is."""
    click.echo(_json(value, indent=2))


def echo_jsonl(rows: Iterable[object]) -> None:
    """Print one JSON value per line."""
    for row in rows:
        click.echo(_json(row))


def _json(value: object, indent: int | None = None) -> str:
    r"""Return a value as JSON. Characters that standard output cannot encode, and half surrogate pairs, are written as
    \u escapes. `indent` is the number of blanks; None gives one line."""
    text = json_plain(json.dumps(value, default=plain, ensure_ascii=False, indent=indent))
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, default=plain, indent=indent)
    return text


_CHECKED = {
    "source": "",
    "official-text": "number and heading checked against the official text",
    "secondary": "from a secondary source",
    "unverified": "unverified",
}


def wording_words(passage: Passage | Hit | ConcordanceLine | Entry) -> str:
    """Return whose words a passage has and how they were checked: 'own words, unverified, not to be quoted'."""
    whose = "own words" if passage.wording == "own-words" else "verbatim"
    return ", ".join(filter(None, (whose, _CHECKED[passage.verified], "" if passage.may_quote else "not to be quoted")))


def counted(wordings: Mapping[str, int]) -> str:
    """Return how many of the listed passages are verbatim and how many are our own words: '277 verbatim, 433 own
    words'."""
    return f"{wordings.get('verbatim', 0)} verbatim, {wordings.get('own-words', 0)} own words"


def in_file(stated: str, between: str = "; ") -> str:
    """Return the remark to print after a decision that only an imported file states ('; stated in the file that ...');
    '' for a decision that was made in this workspace."""
    return f"{between}{stated}" if stated else ""


def location(*places: Place) -> str:
    """Return where passages are in their file, from the first to the last: lines, pages and characters, as far as
    known."""
    lines = [line for place in places for line in place.lines or ()]
    chars = [char for place in places for char in place.chars or ()]
    pages = [place.page for place in places if place.page]
    where = [_span("line", lines), _span("page", pages), f"characters {min(chars)}–{max(chars)}" if chars else ""]
    return ", ".join(each for each in where if each)


def _span(what: str, numbers: list[int]) -> str:
    return of_lines((min(numbers), max(numbers)), what=what) if numbers else ""


def bar_console() -> Console:
    """Return a rich console on stderr for progress bars. It is not guarded, because it must move the cursor; so texts
    printed with it must first go through `screen.plain`."""
    from rich.console import Console

    return Console(file=screen.below(sys.stderr))


def _shows(row: Evidence) -> str:
    """Return what a piece of evidence shows, and who stated that if it may not be a person."""
    if row.earlier_type and not row.type:
        return f"{row.earlier_type} (an earlier version did not note who said so)"
    return row.type or (f"{row.machine_type} says the machine" if row.machine_type else "kind not said")


def echo_finding(found: Finding, today: Mapping[str, str] | None = None) -> None:
    """Print a finding. `today` gives, by the evidence's id, the legal standing now where it has changed since the
    quotation."""
    from kb.assessment.models import STATUS_WORDS

    click.echo(f"{found.criterion} {STATUS_WORDS[found.status]} ({found.workflow}), version {found.version}")
    for name in ("stated", "decided_by", "agreed_by", "rationale", "gap", "next_step", "body", "confidence"):
        value = getattr(found, name)
        if value:
            click.echo(f"  {name.replace('_', ' ')}: {value}")
    if changed := found.changed_by_another:
        click.echo(f"  last changed by: {changed}")
    for row in found.evidence:
        proof = "" if row.verified else ", not proved"
        taken = f", taken by {row.added_by}" if row.added_by else ""
        kind = f"{row.role}, {_shows(row)}, {row.standing}{proof}{taken}"
        now = f", today {today[row.id]}" if today and row.id in today else ""
        place = row.locator if row.source in row.locator else f"{row.source} {row.locator}".strip()
        click.echo(f'  {row.id} {row.stance} ({kind}{now}) {place}: "{row.quotation}"')
