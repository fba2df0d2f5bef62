"""`kb read FILE…`: show the content of a document, paragraph by paragraph."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.amounts import some
from kb.cli.output import echo_json
from kb.cli.shared import OutputPath
from kb.cli.telling import telling
from kb.errors import InputError, KBError
from kb.files import written
from kb.models import Pages, Paragraph

if TYPE_CHECKING:
    from kb.sources.dates import DateCue

FIELDS = ("text", "kind", "page", "boxes", "chars", "section", "number")


@click.command("read", epilog="Example: kb read policy.pdf --json")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="Print everything as JSON: one object, or a list for several files."
)
@click.option("--out", type=OutputPath(folder=True), help="Write the result for each file as JSON into this folder.")
@click.option("--password", help="Password of an encrypted PDF. The program never tries passwords of its own.")
@click.option("--no-ocr", is_flag=True, help="Do not recognise text on pages that are images (no OCR).")
@click.option(
    "--seconds",
    type=click.IntRange(1),
    default=7200,
    show_default=True,
    help="Stop OCR of a file after this number of seconds; finished pages are kept for the next run.",
)
@click.option(
    "--dates",
    is_flag=True,
    help="Also print what each file says about its own dates and legal status. These are hints; a "
    "person must confirm them.",
)
def command(
    files: tuple[Path, ...],
    as_json: bool,
    out: Path | None,
    password: str | None,
    no_ocr: bool,
    seconds: int,
    dates: bool,
) -> None:
    """Read documents and show their paragraphs with page, section and number. Formats: PDF, Word, OpenDocument, RTF,
    web pages, Akoma Ntoso, Markdown, text, CSV, EPUB, JSON, mail, ZIP."""
    from kb.read import Limits, read

    read_it = partial(read, password=password, ocr=not no_ocr, limits=Limits(ocr_seconds=seconds))
    if len(files) == 1 and not out:
        with telling(not as_json, f"reading {files[0].name}") as (_, progress):
            pages = read_it(files[0], progress=partial(progress, "pages"))
        echo_json(record(pages, dates)) if as_json else _show(pages, dates)
        return
    rows, failed = [], []
    for file in files:
        try:
            with telling(begin=f"reading {file.name}") as (_, progress):
                row = record(read_it(file, progress=partial(progress, "pages")), dates)
            rows.append(row)
            if out:
                _write(out, file, row | {"file": file.name})  # without its folder: it is handed on
        except (KBError, OSError) as error:
            failed.append(file)
            click.echo(f"kb: {error}", err=True)
            rows.append({"file": str(file), "error": str(error)})
    if as_json:
        echo_json(rows)
    click.echo(f"{len(files) - len(failed)} of {some(len(files), 'file')} read, {len(failed)} failed", err=True)
    if failed:
        sys.exit(InputError.exit_code)


def record(pages: Pages, dates: bool = False) -> dict:
    """Return what was read as the JSON that `--json` prints. OCR adds `confidence`, references to footnotes add
    `notes`, and `dates` adds the dates that the document states itself."""

    def row(p: Paragraph) -> dict:
        """Return one paragraph as JSON values."""
        data = p.model_dump(mode="json")
        kept = {name: data[name] for name in FIELDS}
        extra = {name: data[name] for name in ("level", "language", "confidence", "notes", "locator") if data.get(name)}
        return kept | extra

    return {
        "file": pages.file,
        "sha256": pages.sha256,
        "type": pages.type,
        "language": pages.language,
        "pages": pages.pages,
        "paragraphs": [row(p) for p in pages.paragraphs],
        "leftovers": [row(p) for p in pages.leftovers],
        "problems": [p.model_dump() for p in pages.problems],
        **({"dates": [cue.model_dump(mode="json") for cue in _cues(pages)]} if dates else {}),
    }


def _cues(pages: Pages) -> tuple[DateCue, ...]:
    """Return the words by which a document states its own dates and legal status."""
    from kb.sources.dates import cues

    return cues(pages)


def _write(folder: Path, file: Path, row: dict) -> None:
    """Write one file's JSON, completely or not at all. The name cannot lead out of the folder."""
    stem = "".join(c if c.isalnum() or c in "-_. " else "_" for c in file.stem).lstrip(".") or "document"
    with written(folder / f"{stem}.json") as beside:
        beside.write_text(json.dumps(row, ensure_ascii=False, indent=1), encoding="utf-8")


def _show(pages: Pages, dates: bool) -> None:
    """Print what was read for people: a line about the file, its text with page numbers, what it says about its dates
    (only with `dates`), then what could not be read."""
    click.echo(
        f"{pages.file}  {pages.type}, {pages.language or 'language unknown'}, {some(pages.pages, 'page')}, "
        f"{some(len(pages.paragraphs), 'paragraph')}, {some(len(pages.leftovers), 'leftover')}"
    )
    for p in pages.paragraphs:
        place = f"p. {p.page}" if p.page else ""
        click.echo(f"{place:>7}  {p.kind:<10} {p.text}")
    for cue in _cues(pages) if dates else ():
        page = f", p. {cue.page}" if cue.page else ""
        click.echo(f"hint: {cue.kind} {cue.value or '(no date)'}: “{cue.quotation}”{page}")
    for problem in pages.problems:
        page = f"page {problem.page}: " if problem.page else ""
        click.echo(f"problem: {page}{problem.what}. {problem.do}", err=True)
