"""How much of a file is read at most: a hostile file ends in a recorded refusal, never in a full disk or a hang."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds; sizes in bytes, `seconds` for one external program or one page of OCR."""

    file_bytes: int = 400_000_000
    text_bytes: int = 50_000_000
    pages: int = 3_000
    chars_per_page: int = 200_000
    zip_files: int = 2_000
    zip_bytes: int = 400_000_000
    zip_ratio: int = 200
    zip_depth: int = 2
    nesting: int = 200
    seconds: int = 50
    ocr_pages: int = 400
    ocr_seconds: int = 7_200


DEFAULT = Limits()
