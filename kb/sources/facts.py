"""Create and check the record of a library file: identifier, title, country, dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

from kb.errors import InputError, NotFound
from kb.files import readable
from kb.iso import check_country
from kb.languages import MAIN
from kb.models import Standing
from kb.sources.library import LibraryRecord
from kb.sources.manifest import Source
from kb.text import sha256_of, sha256_text, slug

LONGEST_TITLE = 500
"""Maximum number of characters of a title; the longest title of an act that was seen has 340."""


STEM_BYTES = 80
"""Maximum number of bytes of a library file name that come from its title; file systems allow 255 including what is
added to it."""


def text_record(
    file: Path, source: Source, *, origin: str = "", language: str = "", warnings: tuple[str, ...] = ()
) -> LibraryRecord:
    """Return the record of an official text of `source`. `origin` is the address or file name from which it came;
    `warnings` are those of the check against the register. Raises NotFound for a missing file, InputError for an empty
    one."""
    language = language or source.language
    name = source.id if language == source.language else f"{source.id}.{language}"
    return _record(
        file,
        f"official/{name}",
        id=source.id,
        kind="official-text",
        title=source.title,
        language=language,
        style=source.style,
        force=source.force,
        origin=origin or file.name,
        short=source.cite_as,
        warnings=warnings,
    )


def policy_record(
    file: Path,
    *,
    country: str,
    title: str,
    date: str,
    status: str,
    language: str = MAIN,
    style: str = "generic",
    id: str = "",
    origin: str = "",
) -> LibraryRecord:
    """Return the record of a policy. Country and date may be empty when a policy set does not require them.

    Raises InputError for an invalid country, date or standing, or a missing or too long title; otherwise as
    `text_record`.
    """
    check_policy(country, title, date, status)
    name = id or policy_id(country, title)
    return _record(
        file,
        f"policies/{name}",
        id=name,
        kind="policy",
        title=title,
        language=language,
        style=style,
        force="national-measure",
        origin=origin or file.name,
        country=country.upper() or None,
        date=date or None,
        status=status,
    )


def check_policy(country: str, title: str, date: str, status: str) -> None:
    """Check the facts of a policy's record; country and date may be empty. Raises InputError for an invalid one."""
    check_country(country)
    if date:
        check_date(date)
        _refuse_early(date, status)
    if not title.strip():
        raise InputError("a policy needs a title.", do='Give --title "...".')
    if len(title) > LONGEST_TITLE:
        raise InputError(
            f"the title has {len(title)} characters, more than the {LONGEST_TITLE} that are kept.",
            do="Give a shorter one.",
        )
    if status not in Standing.values():
        raise InputError(f"'{status}' is no standing.", do=f"Give one of: {', '.join(Standing.values())}.")


def _refuse_early(dated: str, status: str) -> None:
    """Raise InputError for a text said to be in force whose year is more than one year ahead, because its date or
    standing must be wrong."""
    year = datetime.now(UTC).year
    if status == "in-force" and int(dated[:4]) > year + 1:
        raise InputError(
            f"a text of {dated} cannot be in force in {year}, the year by this machine's clock.",
            do="Correct the date, or say that it is adopted, or that its status is unknown.",
        )


def check_date(text: str) -> None:
    """Raise InputError unless the text is a year, month or day of the calendar, written as 2011, 2011-05 or
    2011-05-30."""
    try:
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
            raise ValueError
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError as error:
        raise InputError(f"'{text}' is no date.", do="Write it as 2011, 2011-05 or 2011-05-30.") from error


def policy_id(*parts: str) -> str:
    """Return an ASCII identifier made of these parts (country, title); a hash is added when letters cannot be
    represented, so that titles in any script differ."""
    text = " ".join(parts)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = slug(plain, words=12)[:STEM_BYTES].strip("-")
    letters = sum(each.isalnum() for each in text)
    if sum(each.isalnum() for each in plain) < letters or len(slug(plain, words=1000)) > len(name):
        name = f"{name}-{sha256_text(text)[:8]}".strip("-")
    return name or f"policy-{sha256_text(text)[:8]}"


def _record(file: Path, name: str, **fields: object) -> LibraryRecord:
    """Return a record of `file` with its present hash and size; `name` is its path in the library. Raises InputError
    for an empty file."""
    readable(file, missing=NotFound)
    if not file.stat().st_size:
        raise InputError("the file is empty.", where=str(file), do="Get the text again.")
    added = datetime.now(UTC).isoformat(timespec="seconds")
    suffix = file.suffix.lower() if re.fullmatch(r"\.[\w-]{1,16}", file.suffix) else ""
    held = {"file": f"{name}{suffix}", "sha256": sha256_of(file), "bytes": file.stat().st_size, "added": added}
    return LibraryRecord(**held, **fields)  # type: ignore[arg-type]
