"""Longer tasks: proposals for a policy, and files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kb.api.asked import file_named, naming_extras, pairs
from kb.config import settings
from kb.errors import InputError

if TYPE_CHECKING:
    from kb.assess.models import Proposals


def assess(file: str | Path, *, language: str = "", official_url: str = "") -> Proposals:
    """Return proposals of evidence in a policy for each criterion, or 'no evidence found'. It sets no status: people
    decide.

    Each proposal has its force, its place and whether it may be quoted, as every record has. `official_url` is the
    address at which the policy is published, which a file does not state. `language` ('en', 'es' or 'fr') is used if
    the file's own language is not recognised. Raises InputError for a file that cannot be read, holds no text, or is
    the source of the framework itself.
    """
    corpus, path = settings().corpus, file_named(file)
    with naming_extras():
        from kb.assess import propose
        from kb.framework import load
        from kb.sources.own import policy_of

        found = propose(policy_of(path, corpus, language), load(corpus / "framework"))
    return _published_at(found, official_url) if official_url else found


def _published_at(found: Proposals, url: str) -> Proposals:
    """Add the address at which the policy is published to each proposal."""
    lists = ("proposals", "counter", "nearest")
    criteria = tuple(
        criterion.model_copy(
            update={
                name: tuple(each.model_copy(update={"official_url": url}) for each in getattr(criterion, name))
                for name in lists
            }
        )
        for criterion in found.criteria
    )
    return found.model_copy(update={"criteria": criteria})


def export(
    kind: str,
    path: str | Path,
    *,
    format: str | None = None,
    layout: str | None = None,
    **asked: Any,  # the kept surface has it so; `Request` checks names and values
) -> Path:
    """Write rows of `kind` to `path`, as `kb export` does; return the path of the written file. Missing folders of
    `path` are created, unless the export is refused.

    `kind` is results, passages, codes, commitments, findings or actions; `asked` are the fields of
    `kb.export.request.Request`: query, mode, filters, limit, policy_set, … Without a `format` the ending of `path`
    selects it; a format that contradicts the ending is refused. Raises InputError and QueryError before anything is
    written; if anything fails, an older file stays as it was.
    """
    from kb.export import format_of
    from kb.export.collect import Bench
    from kb.export.request import Request, write

    if "filters" in asked:
        asked["filters"] = tuple(pairs(asked["filters"]))
    try:
        request = Request(kind=kind, **asked)  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise InputError(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}.",
            do=f"An export is asked for with kind, "
            f"{', '.join(name for name in Request.model_fields if name != 'kind')}.",
        ) from error
    path = file_named(path)
    with naming_extras():
        return write(Bench.here(), request, format_of(path, format), path, layout=layout)
