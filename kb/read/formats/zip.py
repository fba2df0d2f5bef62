"""Read ZIP archives of documents: each member is extracted to a temporary folder, read, and deleted."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from kb.errors import KBError
from kb.files import scratch
from kb.models import Pages
from kb.read.archive import Archive, printable
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.limits import OverLimit


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read all documents in a ZIP file, one after the other, each under a heading with its name.

    A member that cannot be read is reported; no member is ever written under the name that the archive gives it. Raises
    OverLimit when a member exceeds the limits of a single file.
    """
    path, limits, read_part = source.path, options.limits, options.part
    assert read_part is not None, "an archive is read by what reads its parts"
    reading = Reading("zip", levelled=True)
    inner = dataclasses.replace(limits, zip_depth=limits.zip_depth - 1)
    with Archive(path, limits) as archive, scratch("zip") as folder:
        members = [
            m for m in archive.members() if not Path(m.filename).name.startswith(".") and "__MACOSX" not in m.filename
        ]
        for number, member in enumerate(members, 1):
            name = member.filename
            shown = printable(name)
            part = folder / f"part{number}{Path(name).suffix if Path(name).suffix.isascii() else ''}"[:40]
            try:
                if limits.zip_depth <= 0:
                    reading.trouble(
                        f"{shown}: archives inside archives are not read further", "Unpack it and read the parts."
                    )
                    break
                part.write_bytes(archive.read(member))
                _append(read_part(part, password=options.password, ocr=options.ocr, limits=inner), shown, reading)
            except OverLimit as error:
                raise OverLimit(f"{shown}: {error.what}", where=path.name, do=error.do) from error
            except (KBError, OSError) as error:
                what = getattr(error, "what", str(error))
                reading.trouble(
                    f"{shown}: {what}", getattr(error, "do", "") or "Unpack the archive and read the part by itself."
                )
            finally:
                part.unlink(missing_ok=True)
            if options.progress:
                options.progress(number, len(members))
    return reading


def _append(pages: Pages, name: str, reading: Reading) -> None:
    """Add the paragraphs of one member to the reading, under a heading with its name."""
    reading.drafts.append(Draft(name, "heading", section=()))
    for p in pages.paragraphs:
        reading.drafts.append(
            Draft(p.text, p.kind, section=(name, *p.section), number=p.number, level=p.level, confidence=p.confidence)
        )
    for p in pages.leftovers:
        reading.leftovers.append(Draft(p.text, p.kind))
    for problem in pages.problems:
        reading.trouble(f"{name}{f', page {problem.page}' if problem.page else ''}: {problem.what}", problem.do)
