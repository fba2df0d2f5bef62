"""References for BibTeX, RIS and CSL-JSON: one for each row, with its words as the abstract.

The layout 'reading' or 'rows' gives one reference a row. Titles and addresses are those of the source document; author,
date and symbol come from the provenance's list of sources, and a source that is not listed there has none: nothing is
made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.coding.cells import printable
from kb.export.job import Job
from kb.export.layouts import Layout
from kb.export.rows import Provenance, Row, SourceNote, words_of
from kb.text import sha256_text

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "%&#_$"},
    }
)
_KEY = re.compile(r"[^A-Za-z0-9:.+/-]+")
_CSL_TYPES = {"legal-obligation": "treaty", "expert-recommendation": "report", "national-measure": "legislation"}


def squeeze(text: str) -> str:
    """`text` on one line; quicker than a pattern, which counts for 100,000 rows."""
    return " ".join(text.split())


def key_of(row: Row, taken: dict[str, str] | None = None) -> str:
    """A citation key: the id in plain letters; where letters are lost, part of its hash keeps keys apart.

    BibTeX takes keys that differ in capitals alone for one: `taken` holds the keys given so far, by their small letters, and
    a second one of them gets part of its hash too.
    """
    key = _KEY.sub("-", row.id).strip("-")
    taken = {} if taken is None else taken
    if key != row.id or taken.get(key.lower(), row.id) != row.id:
        key = f"{key}-{sha256_text(row.id)[:8]}"
    taken.setdefault(key.lower(), row.id)
    return key


def _sources(job: Job) -> dict[str, SourceNote]:
    return {source.document: source for source in job.provenance.sources}


def _remarks(row: Row) -> str:
    """What a reference manager has no field for: force, place, hash, tags, notes, own fields."""
    parts = [
        row.citation,
        row.wording_words,
        row.force_words,
        row.where,
        f"sha256 {row.place.sha256}" if row.place else "",
        *map(words_of, row.tags),
        *row.notes,
        *(f"{name}: {value}" for name, value in row.fields.items()),
    ]
    return " | ".join(squeeze(part) for part in parts if part)


def _latex(text: str) -> str:
    return printable(text).translate(_LATEX)


def _bibtex(row: Row, source: SourceNote, taken: dict[str, str]) -> str:
    fields = {
        "title": row.title or source.title or row.document,
        "author": f"{{{_latex(source.author)}}}",
        "date": source.date,
        "number": source.symbol,
        "url": row.url or source.url,
        "abstract": row.shown,
        "note": _remarks(row),
        "keywords": ", ".join(f"{tag.facet}:{tag.id}" for tag in row.tags if tag.state != "rejected"),
        "langid": row.language,
    }
    given = [
        (name, value if name == "author" else _latex(squeeze(value)))
        for name, value in fields.items()
        if value and value != "{}"
    ]
    return f"@misc{{{key_of(row, taken)},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in given) + "}\n\n"


def write_bibtex(rows: Iterable[Row], path: Path, job: Job) -> None:
    """Write BibTeX (UTF-8); the provenance stands in a comment at the top."""
    known = _sources(job)
    lines = "; ".join(f"{label}: {squeeze(value)}" for label, value in job.provenance.lines())
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        stream.write("@comment{" + lines.replace("{", "(").replace("}", ")").replace("@", "(at)") + "}\n\n")
        taken: dict[str, str] = {}
        stream.writelines(
            _bibtex(row, known.get(row.document, SourceNote(document=row.document)), taken) for row in rows
        )


def _ris(row: Row, source: SourceNote) -> Iterator[str]:
    fields = [
        ("TY", "GEN"),
        ("ID", row.id),
        ("TI", row.title or source.title or row.document),
        ("AU", source.author),
        ("PY", source.date[:4]),
        ("M1", source.symbol),
        ("AB", row.shown),
        ("N1", _remarks(row)),
        ("UR", row.url or source.url),
        ("LA", row.language),
    ]
    fields += [("KW", f"{tag.facet}:{tag.id}") for tag in row.tags if tag.state != "rejected"]
    yield from (f"{name}  - {squeeze(printable(value))}\n" for name, value in fields if value)
    yield "ER  - \n\n"


def write_ris(rows: Iterable[Row], path: Path, job: Job) -> None:
    """Write RIS (UTF-8); the format has no comments, so the provenance stands in the file beside it."""
    known = _sources(job)
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        for row in rows:
            stream.writelines(_ris(row, known.get(row.document, SourceNote(document=row.document))))


def _date_parts(date: str) -> dict[str, object]:
    parts = [int(part) for part in re.findall(r"\d+", date)[:3]]
    return {"issued": {"date-parts": [parts]}} if parts else {}


def _csl(row: Row, source: SourceNote) -> dict[str, object]:
    item: dict[str, object] = {
        "id": row.id,
        "type": _CSL_TYPES.get(row.force or "", "document"),
        "title": row.title or source.title or row.document,
        "number": source.symbol,
        "abstract": row.shown,
        "note": _remarks(row),
        "URL": row.url or source.url,
        "language": row.language,
        "keyword": ", ".join(f"{t.facet}:{t.id}" for t in row.tags if t.state != "rejected"),
        "author": [{"literal": source.author}] if source.author else None,
    }
    return {name: value for name, value in item.items() if value} | _date_parts(source.date)


def write_csl(rows: Iterable[Row], path: Path, job: Job) -> None:
    """Write CSL-JSON, the citation processors' input; the provenance stands in the file beside it."""
    known, between = _sources(job), "[\n"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            item = _csl(row, known.get(row.document, SourceNote(document=row.document)))
            stream.write(between + json.dumps(item, ensure_ascii=False))
            between = ",\n"
        stream.write("[]\n" if between == "[\n" else "\n]\n")


def describe(name: str, digest: str, provenance: Provenance, layout: Layout) -> bytes:
    """The description of the file `name`."""
    from kb.export.jsonl import describe as describe_json

    return describe_json(name, digest, provenance, layout)
