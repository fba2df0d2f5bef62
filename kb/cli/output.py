"""How commands print: JSON for programs, short lines for people."""
from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click
from pydantic import BaseModel


def plain(value: Any) -> Any:
    """`value` with pydantic models turned into dicts, ready for json."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def echo_json(value: Any) -> None:
    """Print `value` as indented JSON; text in any script is kept as it is."""
    click.echo(json.dumps(value, default=plain, ensure_ascii=False, indent=2))


def echo_jsonl(rows: Iterable[Any]) -> None:
    """Print one JSON value a line."""
    for row in rows:
        click.echo(json.dumps(row, default=plain, ensure_ascii=False))
