"""RTF: its text by striprtf, then read as plain text whose lines are paragraphs."""
from __future__ import annotations

import re

from kb.errors import InputError
from kb.read.draft import Draft, Reading
from kb.read.text import is_heading, kind_of, style_of
from kb.text import squeeze

_DEPTH = 500


def read_rtf(data: bytes) -> Reading:
    """An RTF file's paragraphs. Raises InputError where it is nested as no real file is."""
    from striprtf.striprtf import rtf_to_text

    reading = Reading("rtf")
    source = data.decode("latin-1")
    if _deepest(source) > _DEPTH:
        raise InputError(f"the RTF nests groups deeper than {_DEPTH} levels", where="RTF file",
                         do="Open it in a word processor and save it again.")
    source = re.sub(r"\{\\\*?\\?(?:pict|objdata)\b[^{}]*\}", "", source)
    for part in re.split(r"\n+", rtf_to_text(source, errors="replace")):
        cells = [squeeze(cell) for cell in part.split("|")] if part.count("|") > 1 else []
        text = " | ".join(c for c in cells if c) if cells else squeeze(part)
        if not text:
            continue
        kind = "table-row" if cells else "heading" if is_heading(text) and len(text) < 100 else kind_of(text)
        item = Draft(text, kind, style=style_of(text))
        (reading.leftovers if kind == "leftover" else reading.drafts).append(item)
    return reading


def _deepest(source: str) -> int:
    """How deep the groups go."""
    depth = deepest = 0
    for match in re.finditer(r"(?<!\\)[{}]", source):
        depth += 1 if match.group() == "{" else -1
        deepest = max(deepest, depth)
    return deepest
