"""The provenance of an export: everything that is needed to make it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.coding.from_taxonomy import SCHEME, version_of
from kb.export.rows import SCHEMA_VERSION, Provenance
from kb.index.manifest import IndexManifest, packages

if TYPE_CHECKING:
    from kb.export.collect import Bench, Filters

WITHOUT_INDEX = ("findings", "actions")
"""Kinds of rows that come only from the log and the framework; they can be exported without an index."""
NO_INDEX = "none: there was no index, and nothing here comes from one"


def provenance_of(bench: Bench, kind: str, query: str, filters: Filters, date: str) -> Provenance:
    """Return the provenance. Its date is the index's unless one is given; without an index, that of the log's last
    event.

    Raises IndexError_ if there is no index and rows of this kind come from one.
    """
    made = bench.index.manifest if bench.has_index or kind not in WITHOUT_INDEX else None
    about = _of_index(bench, made, filters) if made else _of_log(bench)
    return Provenance.model_validate(
        {
            "kind": kind,
            "schema_version": SCHEMA_VERSION,
            "query": query,
            "log": bench.log_mark,
            "framework": f"{bench.framework.id} {bench.framework.version} ({bench.framework.size_words()})",
            "notice": bench.framework.notice,
            **about,
            **({"date": date} if date else {}),
        }
    )


def _of_index(bench: Bench, made: IndexManifest, filters: Filters) -> dict[str, object]:
    """Return what an index adds: sources, taxonomy, codebook and models."""
    taxonomy = version_of(made.inputs)
    return {
        "filters": bench.terms(filters),
        "taxonomy": taxonomy,
        "codebook": f"{SCHEME} {taxonomy}",
        "models": [f"{name}: {space.encoder}" for name, space in sorted(made.spaces.items())],
        "index": made.fingerprint[:16],
        "date": made.built.date().isoformat(),
        "tool": f"kb {made.packages.get('kb', '')}".strip(),
        "sources": list(bench.sources.values()),
    }


def _of_log(bench: Bench) -> dict[str, object]:
    """Return the provenance fields of an export without an index; the date is that of the last event, '' without a
    log."""
    mark = bench.log_mark
    day = mark.rpartition("/")[2][:10] if mark.startswith("kb-log/") else ""
    return {"index": NO_INDEX, "date": day, "tool": f"kb {packages().get('kb', '')}".strip()}
