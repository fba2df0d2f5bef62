"""Refuse unknown parameters: a misspelt filter would otherwise be ignored silently."""

from __future__ import annotations

from fastapi import Request

from kb.errors import InputError

MANY = {"facet"}
"""Parameters that may be given more than once."""


def only_known(request: Request) -> None:
    """Raise InputError for a parameter that the route does not have, or one that is given twice."""
    route = request.scope.get("route")
    known = [each.alias for each in route.dependant.query_params] if route is not None else []
    given = [name for name, _ in request.query_params.multi_items()]
    for name in dict.fromkeys(given):
        if name not in known:
            raise InputError(
                f"there is no parameter '{name[:40]}' here.",
                do=f"There are: {', '.join(known)}." if known else "This address takes none.",
            )
        if given.count(name) > 1 and name not in MANY:
            raise InputError(f"'{name}' is given {given.count(name)} times.", do="Give it once.")
