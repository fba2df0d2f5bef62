"""References for BibTeX, RIS and CSL-JSON: one for each row, or one for each instrument with every pinpoint.

Title, author, date, symbol and address are those of the instrument, from the provenance's list of sources; they stay
empty for a source that is not listed. The formats themselves are written in `kb.citing.reference_formats`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.citing.reference import Reference, authors_of, pinpoint_of, together, type_of
from kb.citing.reference_formats import WRITERS, one_line
from kb.export.job import ExportJob
from kb.export.layouts import Layout
from kb.export.rows import Provenance, Row, words_of
from kb.export.source_note import SourceNote


def reference_of_row(row: Row, source: SourceNote | None) -> Reference:
    """Return the bibliographic reference of a row: its instrument, with the pinpoint inside it."""
    source = source or SourceNote(document=row.document or row.id)
    force = source.force or row.force
    pinpoint = pinpoint_of(row.id, _identifier(row), source.cite_as)
    return Reference(
        key=row.id,
        document=row.document or row.id,
        type=type_of(force),
        title=source.work or source.title or row.title or row.document or row.id,
        authors=authors_of(source.author, force if row.force else None),
        date=source.date,
        symbol=source.symbol,
        url=row.url or source.url,
        language=row.language,
        pinpoints=(pinpoint,) if pinpoint else (),
        abstract=row.text if row.wording == "verbatim" and row.may_quote else "",
        remarks=tuple(filter(None, map(one_line, _remarks(row)))),
        keywords=tuple(f"{tag.facet}:{tag.id}" for tag in row.tags if tag.state != "rejected"),
    )


def _identifier(row: Row) -> str:
    """Return the citation of the place: the register's identifier where the row has one, which is shorter."""
    held = row.fields.get("identifier") or (row.number if row.wording == "own-words" else "")
    return str(held or row.citation)


def _remarks(row: Row) -> Iterator[str]:
    """Yield remarks for which a reference manager has no field: wording, location, hash, tags, notes and own fields;
    the force comes last."""
    yield row.citation
    yield row.wording_words
    if row.words and not (row.wording == "verbatim" and row.may_quote):
        yield row.shown  # words that are not the instrument's, or that nobody checked, are no abstract of it
    yield row.where
    yield f"sha256 {row.place.sha256}" if row.place else ""
    yield from map(words_of, row.tags)
    yield from row.notes
    yield from (f"{name}: {value}" for name, value in row.fields.items())
    yield row.force_words


def _references(rows: Iterable[Row], job: ExportJob) -> Iterable[Reference]:
    known = {source.document: source for source in job.provenance.sources}
    found = (reference_of_row(row, known.get(row.document)) for row in rows)
    return together(found) if job.own else found


def _write(format: str, rows: Iterable[Row], path: Path, job: ExportJob, head: str = "") -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        stream.write(head)
        stream.writelines(WRITERS[format](_references(rows, job)))


def write_bibtex(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write BibTeX (UTF-8), with the provenance in a comment at the top."""
    lines = "; ".join(f"{label}: {one_line(value)}" for label, value in job.provenance.lines())
    plain = lines.replace("{", "(").replace("}", ")").replace("@", "(at)")
    _write("bibtex", rows, path, job, "@comment{" + plain + "}\n\n")


def write_ris(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write RIS (UTF-8); the format has no comments, so the provenance is in the file beside it."""
    _write("ris", rows, path, job)


def write_csl(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write CSL-JSON, the input of citation processors; the provenance is in the file beside it."""
    _write("csl-json", rows, path, job)


def describe(name: str, digest: str, provenance: Provenance, layout: Layout) -> bytes:
    """Return the description of the exported file `name`, with its sha256 `digest` and the provenance."""
    from kb.export.jsonl import describe as describe_json

    return describe_json(name, digest, provenance, layout)
