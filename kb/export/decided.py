"""Summarise how many people took part in each decision of an assessment, for the method section of exported files."""

from __future__ import annotations

from collections.abc import Iterable

from kb.amounts import some
from kb.assessment.models import Finding


def decided_words(findings: Iterable[Finding]) -> str:
    """Return a sentence with numbers of decisions: taken by one person, agreed by a second, settled from two
    separate assessments, stated only by an imported file, and still being assessed by two people. In English, as
    all data of a file."""
    held = list(findings)
    done = [one for one in held if one.status != "not-assessed"]
    stated = [one for one in done if one.stated]
    here = [one for one in done if not one.stated]
    settled = [one for one in here if one.settled_by]
    agreed = [one for one in here if not one.settled_by and one.workflow == "agreed"]
    alone = len(here) - len(settled) - len(agreed)
    parts = [
        f"{alone} by one person alone" if alone else "",
        f"{len(agreed)} by one person, with the agreement of a second" if agreed else "",
        f"{len(settled)} settled from two assessments made apart" if settled else "",
        f"{len(stated)} only stated in an imported file" if stated else "",
    ]
    open_ones = sum(bool(one.double and one.double.open) for one in held)
    apart = f"; {open_ones} being assessed by two people apart, not settled" if open_ones else ""
    how = f": {', '.join(filter(None, parts))}" if done else ""
    return f"{len(done)} of {some(len(held), 'criterion', 'criteria')} decided{how}{apart}"
