"""An export as bytes for download: the file, or a zip of it with its description."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TypedDict, Unpack

from kb.coding.codebook import Codebook
from kb.export import export, format_named, sidecar_of
from kb.export.coded import memos_of
from kb.export.collect import Bench
from kb.export.job import MemoOf, TextOf, no_memo
from kb.export.rows import Provenance, Row
from kb.files import scratch

KINDS = ("results", "passages", "codes", "commitments", "findings", "actions")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: the same export gives the same bytes


def name_of(kind: str, format: str) -> str:
    """Return the name of the file that `packed` gives: a zip where the format needs a file beside it."""
    suffix = format_named(format).suffix
    return f"{kind}.zip" if sidecar_of(Path(f"{kind}{suffix}"), format) else f"{kind}{suffix}"


class WriterOptions(TypedDict, total=False):
    """What an export needs besides its rows; see `export`."""

    layout: str | None
    text_of: TextOf
    codebook: Codebook | None
    memo_of: MemoOf


def options_of(bench: Bench, format: str, layout: str | None = None) -> WriterOptions:
    """Return the arguments of `export` that a format needs besides rows: source texts, and for .qdpx the codebook
    and people's memos."""
    project = format == "qdpx"
    return {
        "layout": layout or None,
        "text_of": bench.text_of,
        "codebook": bench.codebook if project else None,
        "memo_of": memos_of(bench.codings) if project else no_memo,
    }


def packed(
    rows: Iterable[Row], kind: str, format: str, provenance: Provenance, **options: Unpack[WriterOptions]
) -> bytes:
    """Return the bytes of an export; a zip with its description where the format cannot hold the provenance. Options as
    in `export`."""
    with scratch("download") as folder:
        path = folder / f"{kind}{format_named(format).suffix}"
        export(rows, format, path, provenance, **options)
        beside = sidecar_of(path, format)
        return zip_of(path, beside) if beside else path.read_bytes()


def zip_of(*paths: Path) -> bytes:
    """Pack files into one zip, without the present time."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.writestr(zipfile.ZipInfo(path.name, _EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
