"""Hooks of MkDocs: the pages of the reference are made from the program itself, so that they cannot be out of date."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pydantic import BaseModel

REFERENCE = {"commands": "Commands", "python": "Python", "http": "HTTP", "columns": "Exported columns"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages of the reference to the site's files; return the files."""
    made = {"commands": commands, "python": python, "http": http, "columns": columns}
    for name, title in REFERENCE.items():
        text = f"# {title}\n\n" + "\n".join(made[name]()) + "\n"
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def _cell(text: object) -> str:
    """Return a value as the text of a cell in a Markdown table."""
    return " ".join(re.sub(r"([|<>*_`\[\]\\])", r"\\\1", str(text)).split())


# --- commands ---


def commands() -> Iterator[str]:
    """Yield the Markdown of the command reference: each command with its sentence, usage, options and example."""
    from kb.cli.main import root

    yield (
        "Every command has `--help`; those that print data have `--json`. Exit codes: 2 input, 3 data, 4 index, 5 "
        "refused, "
    )
    yield "6 not found, 7 workspace, 70 a fault of the program, 74 a failing disk.\n"
    for name in root.list_commands(None):  # type: ignore[arg-type]
        command = root.get_command(None, name)  # type: ignore[arg-type]
        if command is not None:
            yield from _command(f"kb {name}", command, 2)


def _command(name: str, command: click.Command, level: int) -> Iterator[str]:
    yield f"{'#' * level} {name}\n"
    yield _cell(command.help or "") + "\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(None):  # type: ignore[arg-type]
            found = command.get_command(None, inner)  # type: ignore[arg-type]
            if found is not None:
                yield from _command(f"{name} {inner}", found, level + 1)
        return
    words = " ".join(p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument))
    yield f"```\n{name} {words}\n```\n"
    options = [p for p in command.params if isinstance(p, click.Option)]
    if options:
        yield "| option | what it does |\n|---|---|"
        yield from (f"| {_cell(', '.join((*o.opts, *o.secondary_opts)))} | {_cell(o.help or '')} |" for o in options)
        yield ""
    if command.epilog:
        yield f"`{command.epilog.removeprefix('Example: ')}`\n"


# --- Python ---


def python() -> Iterator[str]:
    """Yield the Markdown of the Python reference: functions and records of `kb.api`."""
    from kb import api

    yield (
        "What `kb.api` offers; the functions are attributes of `kb` as well. See [Use it from Python](../python.md).\n"
    )
    for name in sorted(api.__all__):
        value = getattr(api, name)
        if inspect.isfunction(value):
            signature = re.sub(
                r"\b(?:kb(?:\.\w+)+|collections\.abc|typing)\.", "", str(inspect.signature(value))
            ).replace("'", "")
            yield f"## {name}\n\n```\n{name}{signature}\n```\n"
            yield _prose(inspect.getdoc(value) or "") + "\n"
        elif inspect.isclass(value) and issubclass(value, BaseModel):
            yield from _model(name, value)


def _prose(text: str) -> str:
    """Return a docstring without its examples."""
    kept = [line for line in text.splitlines() if not line.startswith(">>>") and not line.startswith("'")]
    return "\n".join(re.sub(r"([<>*_\[\]])", r"\\\1", line) for line in kept)


def _model(name: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"## {name}\n"
    yield _prose(inspect.getdoc(model) or "") + "\n"
    yield "| field | type | what it is |\n|---|---|---|"
    for field, info in model.model_fields.items():
        kind = re.sub(r"\b(?:kb(?:\.\w+)+|collections\.abc|typing)\.", "", str(_plain(info.annotation)))
        yield f"| {field} | {_cell(kind)} | {_cell(info.description or '')} |"
    for field, value in vars(model).items():
        if isinstance(value, property):
            yield f"| {field} | | {_cell(inspect.getdoc(value) or '')} |"
    yield ""


def _plain(annotation: Any) -> str:
    """Return a type annotation in a few words."""
    if typing.get_origin(annotation) is typing.Literal:
        return "one of: " + ", ".join(map(str, typing.get_args(annotation)))
    return getattr(annotation, "__name__", str(annotation)) if not typing.get_args(annotation) else str(annotation)


# --- HTTP ---


def http() -> Iterator[str]:
    """Yield the Markdown of the HTTP reference: addresses with their parameters, from the OpenAPI description."""
    from kb.http import create_app

    description = create_app().openapi()
    yield "The same as `/openapi.json` of a running server. See [Put it on a server](../server.md).\n"
    for path, operations in description["paths"].items():
        asked = operations["get"]
        yield f"## GET {_cell(path)}\n\n{_cell(asked.get('description') or asked.get('summary', ''))}\n"
        parameters = asked.get("parameters", [])
        if parameters:
            yield "| parameter | in | must be given | what it is |\n|---|---|---|---|"
            yield from (
                f"| {p['name']} | {p['in']} | {'yes' if p.get('required') else ''} | "
                f"{_cell(p.get('description', ''))} |"
                for p in parameters
            )
            yield ""
    yield "## Errors\n"
    yield (
        "Problem details (RFC 9457): 400 cannot be read, 404 not found, 405 only reads, 414 too long, 421 another "
        "host, 422 wrong "
    )
    yield "type, 429 too many, 503 the index cannot answer.\n"
    yield "## Shapes\n"
    for name, shape in sorted(description["components"]["schemas"].items()):
        if "properties" in shape and "ValidationError" not in name:
            first = (shape.get("description") or "").partition("\n")[0]
            yield f"### {name}\n\n{_cell(first)}\n"
            yield "| field | what it is |\n|---|---|"
            yield from (
                f"| {field} | {_cell(info.get('description', ''))} |" for field, info in shape["properties"].items()
            )
            yield ""


# --- columns ---


def columns() -> Iterator[str]:
    """Yield the Markdown of the data dictionary: the columns of each kind of rows and their meaning."""
    from kb.export.columns import FIELDS, WORDS, columns_of

    yield (
        "Columns of `kb export KIND --format csv`, xlsx, parquet or jsonl. The metadata beside a CSV file says the "
        "same. Text cells "
    )
    yield "that a spreadsheet could run have one apostrophe before them.\n"
    yield "## Columns of every kind\n\n| column | what it holds |\n|---|---|"
    every = [c.name for c in columns_of("passages", "rows") if c.name not in FIELDS["passages"]]
    yield from (f"| {_cell(name)} | {_cell(WORDS[name])} |" for name in every)
    for kind, fields in FIELDS.items():
        yield f"\n## {kind}\n\n| column | type | what it holds |\n|---|---|---|"
        yield from (f"| {_cell(name)} | {type} | {_cell(WORDS[name])} |" for name, type in fields.items())
    yield from _study_tables()
    yield "\n## Layouts\n\n| layout | a record is |\n|---|---|"
    for name, words in _LAYOUTS.items():
        yield f"| {name} | {words} |"


def _study_tables() -> Iterator[str]:
    """Yield the Markdown of the columns in tables that other commands than `kb export` write."""
    from kb.coding.analysis import Count, Together
    from kb.coding.vocabularies import Mapping
    from kb.export.quotations import WORDS as QUOTED
    from kb.export.study import RATING_WORDS

    for command, held in (("kb agreement --table", RATING_WORDS), ("kb codes list --table", QUOTED)):
        yield f"\n## {command}\n\n| column | what it holds |\n|---|---|"
        yield from (f"| {_cell(name)} | {_cell(words)} |" for name, words in held.items())
    for command, model in (
        ("kb counts --table", Count),
        ("kb counts --with --table", Together),
        ("kb codebook mappings --table", Mapping),
    ):
        yield f"\n## {command}\n\n| column | what it holds |\n|---|---|"
        yield from (f"| {_cell(name)} | {_cell(info.description or '')} |" for name, info in model.model_fields.items())


_LAYOUTS = {
    "rows": "a row, every field of it: what can be read back without loss",
    "reading": "a row in columns for people",
    "page": "a row in five columns, which a printed page holds",
    "long": "a tag",
    "wide": "a row, with a column of 1 and 0 for each tag and side: `machine:FACET/TERM`, `person:FACET/TERM`",
    "implementation": "an action or finding, as national mechanisms for follow-up keep them",
    "book": "documents only: headings, quotations, sources",
    "instruments": "references only: an instrument with every pinpoint",
}
