"""Write the log's mark (`kb-log/…`, see kb.log.anchor) into a codebook file, so that the file states from which
point of the log it was made.

The mark is put where each format allows a remark by the writing program, so that other programs can still read the
file; `kb.log.noted` reads it from there. A table of two columns has no place for it and gets none.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from kb.coding.codebook import Codebook
from kb.files import scratch, written


def write_marked(write: Callable[[Codebook, Path], object], book: Codebook, path: Path, mark: str) -> Path:
    """Write `book` to `path` with the function `write`, then add the log's `mark` to the file ('': no mark); return
    the path."""
    with scratch("codebook-file") as folder:
        plain = folder / path.name
        write(book, plain)
        content = plain.read_bytes()
    with written(path) as beside:
        beside.write_bytes(_with_mark(content, path.suffix.lower(), mark) if mark else content)
    return path


def _with_mark(content: bytes, suffix: str, mark: str) -> bytes:
    """Return the file's content with the mark: as a comment, as a JSON-LD member that is ignored, or in the table's
    first row. `suffix` is the file's extension."""
    if suffix in (".ttl", ".yaml"):
        return f"# {mark}\n".encode() + content
    if suffix == ".qdc":
        head, end, rest = content.partition(b"?>\n")
        return head + end + f"<!-- {mark} -->\n".encode() + rest
    if suffix == ".jsonld":
        held = {"anchor": mark, **json.loads(content)}
        return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    return _in_table(content, mark) if suffix == ".csv" else content


def _in_table(content: bytes, mark: str) -> bytes:
    """Return a CSV table with the mark in its first row, the one with `id` '#'."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if len(rows) < 2 or rows[1][0] != "#":
        return content
    rows[1][4] = json.dumps({**json.loads(rows[1][4]), "log": mark}, ensure_ascii=False, sort_keys=True)
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue().encode("utf-8-sig")
