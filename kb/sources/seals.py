"""Add seals (checksums) to records written before seals existed, if their content is proved.

A record without a seal is not used: an older version of this program wrote it, or someone removed the seal. The last
build knows the checksum of each record that it read, and a backup from before seals existed proves its files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from kb.files import replacing
from kb.sources.library import RECORD, LibraryRecord
from kb.text import sha256_of


def seal_known(library: Path, inputs: Mapping[str, str]) -> tuple[str, ...]:
    """Seal each record without a seal whose hash equals the one that the last build read; return their paths in the
    library.

    `inputs` maps `library/` plus the path of a record to the SHA-256 that the build read.
    """
    sealed = []
    for path in sorted(library.glob(f"*/*{RECORD}")):
        name = path.relative_to(library).as_posix()
        if not name.startswith(".") and inputs.get(f"library/{name}") == sha256_of(path) and seal_file(path):
            sealed.append(name)
    return tuple(sealed)


def seal_file(path: Path) -> bool:
    """Seal the record in a file if it can be read and has no seal; return whether it was sealed."""
    try:
        record = LibraryRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError):
        return False
    if record.seal:
        return False
    with replacing(path) as beside:
        beside.write_text(record.sealed().model_dump_json(indent=2) + "\n", encoding="utf-8")
    return True
