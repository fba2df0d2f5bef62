"""Write the mark of the log into a codebook file: it states which point of people's decisions the file was made from.

The mark is where each format allows a remark of the writing program, so that other programs read the file as before;
`kb.log.noted` finds it there. A table of two columns has no such place and no mark.
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
    """Write `book` as `write` does, with the `mark` of a log if there is one."""
    with scratch("codebook-file") as folder:
        plain = folder / path.name
        write(book, plain)
        content = plain.read_bytes()
    with written(path) as beside:
        beside.write_bytes(_with_mark(content, path.suffix.lower(), mark) if mark else content)
    return path


def _with_mark(content: bytes, suffix: str, mark: str) -> bytes:
    """Insert the mark: as a comment, a member that JSON-LD ignores, or in the first row of the table."""
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
    """Insert the mark into the codebook's own row, the first of the table."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if len(rows) < 2 or rows[1][0] != "#":
        return content
    rows[1][4] = json.dumps({**json.loads(rows[1][4]), "log": mark}, ensure_ascii=False, sort_keys=True)
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue().encode("utf-8-sig")
