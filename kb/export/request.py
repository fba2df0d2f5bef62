"""A request for an export, used by command line and app alike: it gives the same hits in the same order as search, and
the file records how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import Field

from kb.errors import InputError, NotFound
from kb.export import export
from kb.export.collect import Bench
from kb.export.decided import decided_words
from kb.export.download import options_of
from kb.export.rows import Provenance, Row, RowKind
from kb.models import Model

Progress = Callable[[str, int, int], None]
"""Called with the progress of a long job: (step, done, total)."""

FILTERED = {"results", "passages", "codes", "commitments"}
"""Kinds of rows that are passages, and so have facets."""

CODED = FILTERED - {"commitments"}
"""Kinds of rows that carry people's codes, some of which may be hidden from the viewer."""

MODE, FUSION = "hybrid", "convex"
"""The default mode and fusion of search."""


class Request(Model):
    """The parameters of an export. `query`, `mode`, `fusion`, `filters`, `limit` and `per_force` have the same
    meaning as in a search."""

    kind: RowKind
    query: str = ""
    mode: str = MODE
    fusion: str = FUSION
    filters: tuple[tuple[str, str], ...] = Field((), description="(facet, term); terms of one facet are alternatives")
    language: str = Field("", description="only passages in this language (ISO 639-1): the filter of that name")
    limit: int | None = Field(None, ge=1, description="at most so many rows; the file says of how many")
    per_force: int | None = Field(
        None,
        ge=1,
        description="results only: so many hits of each force, as the search page shows; "
        "None: every passage that matches",
    )
    policy_set: str | None = Field(None, description="assessment: needed for findings, a filter for actions")
    session: str | None = Field(None, description="codes of this coding session only")
    date: str = Field("", description="date to print, ISO; empty: that of the index")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every filter, including the language."""
        return (*self.filters, *([("language", self.language)] if self.language else []))

    def command(self) -> str:
        """Return the command that makes the export again, without format and layout."""
        words = ["kb", "export", self.kind]
        if self.kind == "results":
            words += ["--query", self.query, "--mode", self.mode, "--fusion", self.fusion]
        words += [word for name, term in self.pairs for word in ("--facet", f"{name}={term}")]
        given = {
            "--limit": self.limit,
            "--per-force": self.per_force,
            "--set": self.policy_set,
            "--session": self.session,
            "--date": self.date,
        }
        return shlex.join([*words, *(str(word) for name, value in given.items() if value for word in (name, value))])


@dataclass(frozen=True)
class RequestedRows:
    """The rows of a request, their provenance, and their number before any limit (for results: how many passages
    match)."""

    rows: Iterator[Row]
    total: int
    provenance: Provenance


def _check(request: Request) -> None:
    """Raise InputError if the request lacks something its kind needs, or has an option that its kind would
    ignore."""
    kind = request.kind
    if kind == "results" and not request.query.strip() and not request.pairs:
        raise InputError("Results need a query.", do="Give a query, or take passages.")
    if kind == "findings" and not request.policy_set:
        raise InputError(
            "Findings belong to an assessment.", do="Choose one; on the command line: --set ID (kb policies list)."
        )
    if request.query.strip() and kind != "results":
        raise InputError(f"A query finds results, not {kind}.", do="Export results, or filter with --facet.")
    for value, usual in ((request.mode, MODE), (request.fusion, FUSION)):
        if kind != "results" and value != usual:
            raise InputError(f"{kind.capitalize()} are not ranked: '{value}' is for results.", do="Leave it out.")
    for given, name, kinds in (
        (request.pairs, "a facet filter", FILTERED),
        (request.session, "a coding session", {"codes"}),
        (request.per_force, "a number for each force", {"results"}),
        (request.policy_set, "an assessment", {"findings", "actions"}),
    ):
        if given and kind not in kinds:
            raise InputError(
                f"{kind.capitalize()} cannot be narrowed by {name}.", do=f"It narrows {', '.join(sorted(kinds))}."
            )


def take(bench: Bench, request: Request) -> RequestedRows:
    """Collect the requested rows, cut at the limit. Raises InputError and QueryError as search does, before the first
    row."""
    from kb.assessment.policies import policy_set as read_set

    _check(request)
    if request.session is not None:
        _refuse_unknown(bench, request.session)
    if request.policy_set and bench.workspace is not None:
        read_set(bench.workspace, request.policy_set)
    terms = bench.terms(request.pairs) if request.pairs else {}
    if request.kind == "results":
        hits, total = bench.hits(
            request.query,
            request.pairs,
            mode=request.mode,
            method=request.fusion,
            limit=request.limit,
            per_force=request.per_force,
        )
        if hits.at_most:  # a file states the exact number
            _, matching = bench.searcher.counted(
                hits.query, mode=request.mode, facets=request.pairs, method=request.fusion
            )
            total = sum(matching.values())
        rows: Iterator[Row] = bench.rows_of_hits(hits)
        answer = {"near": hits.near, "message": hits.message}
    else:
        answer = {}
        made = {
            "passages": lambda: bench.passages(request.pairs),
            "codes": lambda: bench.codes(request.pairs, request.session),
            "commitments": lambda: bench.commitments(request.pairs),
            "findings": lambda: bench.findings(request.policy_set or ""),
            "actions": lambda: bench.actions(request.policy_set),
        }[request.kind]
        total = bench.count(request.pairs) if request.kind == "passages" else sum(1 for _ in made())
        rows = iter(made())
    cut = islice(rows, request.limit) if request.limit else rows
    return RequestedRows(cut, total, _provenance(bench, request, terms, total).model_copy(update=answer))


def _refuse_unknown(bench: Bench, session: str) -> None:
    """Raise NotFound for a coding session that does not exist: its export would be an empty file."""
    from kb.coding.codes import no_session, sessions

    if bench.workspace is None:
        raise NotFound(f"There is no coding session '{session}'.", do="Open it first: kb codes open.")
    if session not in {one.id for one in sessions(bench.workspace)}:
        with bench.workspace.reading() as reader:
            raise no_session(reader, session)


def _provenance(bench: Bench, request: Request, terms: dict[str, tuple[str, ...]], total: int) -> Provenance:
    """Return the provenance of the export, with everything that is needed to make it again."""
    from kb.assessment.findings import findings

    searched: dict[str, object] = (
        {"mode": request.mode, "ranking": bench.ranking_words(request.fusion)} if request.kind == "results" else {}
    )
    if request.kind == "findings" and bench.workspace is not None:
        held = findings(bench.workspace, bench.framework, request.policy_set or "")
        searched["decided"] = decided_words(held)
    viewer = bench.viewer if request.kind in CODED else ""
    asked = {"session": request.session or "", "policy_set": request.policy_set or "", "viewer": viewer}
    if request.kind in CODED and (sealed := bench.sealed(request.session)):
        searched["sealed"] = sealed
    return bench.provenance(request.kind, request.query, (), request.date).model_copy(
        update={
            "filters": terms,
            "limit": request.limit,
            "per_force": request.per_force,
            "total": total,
            "command": request.command() + (shlex.join(["", "--viewer", viewer]) if viewer else ""),
            **searched,
            **asked,
        }
    )


def write(
    bench: Bench,
    request: Request,
    format: str,
    path: Path,
    *,
    layout: str | None = None,
    progress: Progress = lambda *_: None,
) -> Path:
    """Write the requested export to `path`, atomically.

    `progress` is called with ('row', collected, total) for each row, then once with ('writing', total, total).
    """
    taken = take(bench, request)
    return export(
        _counted(taken, request.limit, progress),
        format,
        path,
        taken.provenance,
        **options_of(bench, format, layout),
    )


def _counted(taken: RequestedRows, limit: int | None, progress: Progress) -> Iterator[Row]:
    """Yield the rows, calling `progress` for each as it is collected."""
    total = min(taken.total, limit or taken.total)
    for done, row in enumerate(taken.rows, 1):
        progress("row", done, total)
        yield row
    progress("writing", total, total)


def preview(bench: Bench, request: Request, rows: int) -> list[Row]:
    """Return the first rows of what `write` would write."""
    return list(islice(take(bench, request).rows, rows))
