"""Checks of single rows of evidence: their source, their quotation and the age of figures."""

from __future__ import annotations

import re

from kb.assessment.checking import CHECKS, Assessment, Found, check, rows
from kb.assessment.models import Evidence
from kb.assessment.quoting import fingerprint
from kb.i18n import t
from kb.models import Standing

__all__ = ["CHECKS"]  # those of this file are in it once it is imported

STALE_YEARS = 5  # a project's choice, not a rule of the paper: census and survey rounds are five to ten years apart
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURE = re.compile(r"\d")


@check("no-force", "error")
def evidence_without_force(a: Assessment) -> Found:
    """Find supporting evidence from a repealed or draft text."""
    for finding, row in rows(a):
        standing = a.standings[row.id]
        if row.stance == "supports" and standing in (Standing.REPEALED, Standing.DRAFT):
            yield (
                finding,
                row,
                t(
                    "Supporting evidence from a text that is {standing}: {place}.",
                    standing=t(standing.brief).lower(),
                    place=row.locator or row.source,
                ),
            )


@check("force-doubted", "warning")
def force_doubted(a: Assessment) -> Found:
    """Find evidence from a text that is recorded as in force but calls itself a bill or a draft."""
    for finding, row in rows(a):
        if words := a.doubts[row.id]:
            yield (
                finding,
                row,
                t(
                    "{place} is recorded as in force and calls itself “{words}”: say under Documents why it is in "
                    "force, or record it as a draft.",
                    place=row.locator or row.source,
                    words=words,
                ),
            )


@check("counted-twice", "warning")
def counted_twice(a: Assessment) -> Found:
    """Find passages that are evidence of two criteria that the framework counts only once, for example D7.f and a
    criterion of R2."""
    for finding, row in rows(a):
        twin = a.criterion(finding).counted_with
        if not twin:
            continue
        group = a.framework.recommendation(twin).id
        others = sorted(
            {
                other.criterion
                for other, held in rows(a)
                if other.criterion.partition(".")[0] == group and _same_passage(row, held)
            }
        )
        if others:
            yield (
                finding,
                row,
                t(
                    "The same passage serves {others} and {criterion}: count it once.",
                    others=", ".join(others),
                    criterion=finding.criterion,
                ),
            )


@check("old-figure", "warning")
def old_figure(a: Assessment) -> Found:
    """Find figures from more than STALE_YEARS years ago whose year is not mentioned in the rationale."""
    for finding, row in rows(a):
        year = _year_of_figure(row)
        if year and a.today.year - year > STALE_YEARS and str(year) not in finding.rationale:
            yield finding, row, t("The figure is of {year}; say so in the rationale, or give a newer one.", year=year)


@check("undated-figure", "note")
def undated_figure(a: Assessment) -> Found:
    """Find figures in evidence of outcomes that have no date."""
    for finding, row in rows(a):
        if _shows(row) == "outcome" and _FIGURE.search(row.quotation) and _year_of_figure(row) is None:
            yield finding, row, t("The figure has no date; give the date it is of.")


@check("words-gone", "warning")
def words_gone(a: Assessment) -> Found:
    """Find quotations that the current text of their policy does not contain."""
    for finding, row in rows(a):
        if row.id in a.missing:
            yield finding, row, t("The quotation no longer stands in the current text of {source}.", source=row.source)


@check("unproved", "note")
def unproved(a: Assessment) -> Found:
    """Find quotations that could not be verified, since the text of their source is not in the policy set."""
    for finding, row in rows(a):
        if not row.verified:
            yield (
                finding,
                row,
                t("The quotation from '{source}' could not be proved: its text is not in the set.", source=row.source),
            )


@check("recognised", "note")
def recognised(a: Assessment) -> Found:
    """Find quotations whose text was read from a picture by OCR."""
    for finding, row in rows(a):
        if row.verified and row.recognised:
            yield (
                finding,
                row,
                t(
                    "The quotation from '{source}' was read from a picture: compare it with the page.",
                    source=row.source,
                ),
            )


def _same_passage(one: Evidence, other: Evidence) -> bool:
    """Return whether two evidence rows quote the same passage of the same source, or quotations with the same words."""
    same_place = one.passage is not None and (one.source, one.passage) == (other.source, other.passage)
    return same_place or fingerprint(one.quotation) == fingerprint(other.quotation)


def _shows(row: Evidence) -> str:
    """Return the kind of evidence ("structural", "process" or "outcome"): the first that is set of `type`,
    `earlier_type` and `machine_type`; otherwise the default of the row's role."""
    return row.type or row.earlier_type or row.machine_type or ("structural" if row.role == "instrument" else "process")


def _year_of_figure(row: Evidence) -> int | None:
    """Return the year of the figure in a quotation: the year of the row's date, or else the latest year in the
    quotation. None if the quotation has no digits or no year, or is structural evidence."""
    if _shows(row) == "structural" or not _FIGURE.search(row.quotation):
        return None
    if row.effective:
        return row.effective.year
    years = [int(year) for year in _YEAR.findall(row.quotation)]
    return max(years) if years else None
