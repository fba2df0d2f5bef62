"""kb search: passages for a query, or for a file of queries."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json, echo_jsonl, wording_words
from kb.cli.screen import styled
from kb.cli.shared import document_option, facets_option, fusion_option, mode_option, warn_of_changes
from kb.errors import InputError
from kb.files import readable
from kb.models import FORCE_WORDS, marked
from kb.search.reorder import moves

if TYPE_CHECKING:
    from kb.search.batch import SearchOptions
    from kb.search.results import Results


@click.command("search", epilog="Example: kb search '\"social protection\" older*' --facet force=legal-obligation")
@click.argument("query", required=False)
@click.option(
    "--limit",
    type=int,
    default=None,
    help="Number of passages in all; default: ten for each force. With --queries: number for each force.",
)
@mode_option
@fusion_option
@document_option
@facets_option(
    "Only passages with this value of a facet, e.g. group=older-persons; may be repeated. Of several values of one "
    "facet, one is enough; different facets must all match."
)
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help="File with many queries: one JSON object per line, with the keys id and query.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--jsonl", is_flag=True, help="With --queries: print one JSON object per line.")
@click.option("--explain", is_flag=True, help="Print for each passage why it was found.")
def command(
    query: str | None,
    limit: int | None,
    mode: str,
    fusion: str,
    document: str | None,
    facets: tuple[str, ...],
    queries: Path | None,
    as_json: bool,
    jsonl: bool,
    explain: bool,
) -> None:
    """Search the commitments and the background paper. Each passage comes with its citation and its force.

    Plain words rank the passages. These are required: "a phrase", pension* (beginning of a word), NEAR/8 (at most 8
    words apart), AND, OR, NOT and group:older-persons. Without QUERY, everything that --facet or --document selects is
    listed.
    """
    from kb.search import live_searcher, search_many
    from kb.search.filters import read_filter

    warn_of_changes("search/", "taxonomy/", "languages.yaml")
    options: SearchOptions = {
        "mode": mode,
        "limit": limit,
        "document": document,
        "facets": [read_filter(f) for f in facets],
        "method": fusion,
    }
    if queries is not None:
        options |= {"limit": None, "per_force": 10 if limit is None else limit}
        asked = _read_queries(queries)
        echo_jsonl(search_many(live_searcher(), asked, _answer, **options))
        return
    if query and query.strip():
        found = live_searcher().search(query, **options)
    else:
        found = live_searcher().search(_browsed(options), **options).model_copy(update={"query": ""})
    echo_json(_answer(found)) if as_json or jsonl else _show(found, explain)


def _browsed(options: SearchOptions) -> str:
    """Return the filters as a query, for a search without words. Raises InputError if there are no filters
    either."""
    from kb.export.collect import Bench
    from kb.search.browse import as_query

    document = options["document"]
    filters = [*options["facets"], *([("document", document)] if document else [])]
    if not filters:
        raise InputError(
            "there are no words and no filter.",
            do="Type words, such as: kb search pension; or a filter, for everything that has it: kb search --facet "
            "group=youth",
        )
    return as_query(Bench.here().terms(filters))


def _answer(found: Results) -> dict:
    """Return the answer of `kb.search` with the time it took; each hit is a record as in every other answer."""
    from kb.api.answers import answer_of

    return {**answer_of(found).model_dump(mode="json"), "took_ms": found.took_ms}


def _read_queries(path: Path) -> list[dict]:
    """Read queries from a JSON-lines file. Raises InputError with the line that cannot be read."""
    readable(path, "Give a UTF-8 file.", handed_over=True)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # splitlines would cut at U+2028 inside a query
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the queries cannot be read: {error}.", where=str(path), do="Give a UTF-8 file.") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found.append({"id": row.get("id", number), "query": row["query"]})
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
            raise InputError(
                "no JSON object with a query.",
                where=f"{path}:{number}",
                do='Write {"id": 1, "query": "…"} on each line.',
            ) from error
    return found


def _show(found: Results, explain: bool) -> None:
    from kb.citing.promises import sentence_of
    from kb.search.browse import with_all_words

    if found.message:
        click.echo(found.message + "\n")
    for hit in found.hits:
        far = found.absent or hit.why["nearest"]
        near = "  [nearest, does not say it]" if far else "" if hit.why["matches"] else "  [near in meaning alone]"
        click.echo(styled(f"{hit.rank}. {hit.id}", "bold") + near)
        click.echo(f"   {marked(hit.text, hit.wording)}")
        click.echo(f"   — {hit.citation}")
        click.echo(
            f"   {FORCE_WORDS[hit.force]} · {wording_words(hit)}"
            + (f" · also {', '.join(hit.also)}" if hit.also else "")
        )
        if hit.statement:
            click.echo(f"   {marked(sentence_of(hit.statement, hit.id), 'own-words')} ({hit.entry})")
        if explain:
            legs = ", ".join(f"{name} {score:.3f}" for name, score in hit.why["legs"].items())
            moved = "".join(f"; {move}" for move in moves(hit.why.get("moved", {})))
            click.echo(f"   why: {legs}; factor {hit.why['factor']}{moved}; score {hit.score:.3f}")
        click.echo()
    click.echo(f"{_counted(found)}, {found.took_ms:.0f} ms")
    if not found.absent and (every := with_all_words(found)):
        click.echo(f"One of the words is enough. For all of them: kb search {shlex.quote(every)}")


_MATCH = ("passage matches", "passages match")


def _counted(found: Results) -> str:
    """Say how many passages match and how many are shown; those found by meaning alone are counted apart."""
    near, most = found.near, "at most " if found.at_most else ""
    if found.absent or not near:
        return f"{most}{some(found.total, *_MATCH)}, {len(found.hits)} shown"
    if near == len(found.hits):
        return f"{some(found.total, 'passage is', 'passages are')} near in meaning, {near} shown"
    return f"{most}{some(found.total, *_MATCH)}, {len(found.hits)} shown ({near} of them near in meaning alone)"
