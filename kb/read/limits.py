"""Limits for reading one file, so that a hostile file is refused and never fills the disk or memory, or hangs.

All numbers are here. `kb.read.child` sets those of the operating system, `kb.read.guarded` limits the time.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import InputError


class OverLimit(InputError):
    """Raised when a file exceeds a limit while it is read."""


class ReaderFault(InputError):
    """Raised when a reader crashed on a file in an unexpected way."""


@dataclass(frozen=True)
class Limits:
    """Upper limits for reading one file; sizes in bytes, times in seconds.

    `cpu_seconds` is processor time of the process that reads one file: the largest real file at hand (206 pages) takes
    10. `cpu_per_page` is added for each page that is done, so that long real files can be read: a page takes 0.03 to
    0.08. `cpu_per_scan` is added for each page of OCR, which takes 3 to 10. `memory_bytes` counts writable memory of
    that process: with the server and the calling program, the sum stays under 1 GB. `ocr_memory_bytes` replaces it
    while OCR runs, whose threads and models reserve 800 MB and use 550. `silent_seconds` is wall-clock time: a child
    that sends nothing for so long is killed, even if it only sleeps. `units` counts paragraphs and leftovers: 3,000
    pages have 30 each at most. `text_bytes` limits files that are parsed in one piece: 20 MB of text is 8,000 pages,
    and takes 700 MB to read. `written_bytes` limits each temporary file made while reading.
    """

    file_bytes: int = 400_000_000  # by eye: far beyond any law or plan at hand
    text_bytes: int = 20_000_000  # see above: what is parsed in one piece
    pages: int = 3_000  # by eye: far beyond any law or plan at hand
    chars_per_page: int = 200_000  # by eye: a damaged or hostile page has more
    zip_files: int = 2_000  # members of an archive, by eye
    zip_bytes: int = 400_000_000  # unpacked; as `file_bytes`
    zip_ratio: int = 200  # unpacked to packed, by eye
    zip_depth: int = 2
    nesting: int = 200  # nesting of elements, by eye
    seconds: int = 50  # time of a converter that is called, by eye
    ocr_pages: int = 400  # by eye
    ocr_seconds: int = 7_200  # two hours, by eye
    cpu_seconds: int = 50  # see above: five times the largest file at hand
    cpu_per_page: float = 0.1  # see above
    cpu_per_scan: int = 60  # see above
    memory_bytes: int = 750_000_000  # see above
    ocr_memory_bytes: int = 1_100_000_000  # see above
    silent_seconds: int = 300  # see above; by eye
    units: int = 100_000  # see above
    answer_bytes: int = 200_000_000  # size of the answer of the reading process, by eye
    written_bytes: int = 450_000_000  # see above; by eye
    header_chars: int = 30_000  # of one line of a mail's head, by eye
    cells_per_row: int = 1_000  # by eye


DEFAULT = Limits()
