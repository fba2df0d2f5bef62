"""Load judged sets (JSON lines with what people judged to be right), and decide whether two line ranges match."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import Field, model_validator

from kb.errors import InputError
from kb.languages import MAIN
from kb.models import Model, Span

M = TypeVar("M", bound=Model)


class Judged(Model):
    """A line range of the paper and its grade: 2 answers, 1 is related, 0 is a hard negative."""

    lines: Span
    grade: int = Field(0, ge=0, le=2, description="0 for a hard negative")


class JudgedQuery(Model):
    """A query with the passages that answer it and those that only look like answers."""

    id: str
    query: str
    persona: str = ""
    relevant: tuple[Judged, ...] = ()
    hard_negatives: tuple[Judged, ...] = ()


class JudgedPassage(Model):
    """A passage with the tags it should have, by facet; `optional` tags are counted neither as right nor as wrong."""

    lines: Span
    text_start: str = ""
    tags: dict[str, tuple[str, ...]]
    optional: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class JudgedPlace(Model):
    """A passage of a treaty, plan or law, given by its place in the text of its file, with the tags it should have by
    facet."""

    file: str = Field(description="below the folder of data that is not part of the project")
    language: str = MAIN
    set: str = Field(description="'first' or 'fresh': what was chosen while it could be seen is told in the README")
    chars: Span = Field(description="first and last+1 character in the text of the file as it is read")
    sha256: str = Field(description="beginning of the hash of the words there")
    tags: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    optional: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class JudgedQuestion(Model):
    """A question with the register entries that answer it, or one that no instrument answers (`absent`)."""

    id: str
    query: str
    entries: tuple[str, ...] = Field((), description="entries that answer it; none where `absent`")
    language: str = Field(MAIN, description="ISO 639-1 code of the question")
    instrument: str = Field("", description="whose text the question was written from")
    places: tuple[str, ...] = Field(
        (), description="paragraph and letter of the official text that answers it; not scored"
    )
    absent: bool = Field(False, description="True where nothing answers it and the search must say so")
    oblique: bool = Field(False, description="True where it is asked in words far from those of the text")

    @model_validator(mode="after")
    def _answered_or_absent(self) -> JudgedQuestion:
        if bool(self.entries) == self.absent:
            raise ValueError(f"{self.id}: a question has entries that answer it, or it is absent")
        return self


def load_judged(path: Path, model: type[M]) -> list[M]:
    """Load the judgements of a JSON-lines file. Raises InputError with the number of the line that is invalid."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the judgements cannot be read.",
            where=str(path),
            do="Give the folder that holds them: kb eval --judged FOLDER",
        ) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                rows.append(model.model_validate(json.loads(line)))
            except (ValueError, RecursionError) as error:  # ValidationError is a ValueError
                raise InputError(
                    f"no judgement can be read: {str(error).splitlines()[0]}.",
                    where=f"{path}:{number}",
                    do="Mend the line.",
                ) from error
    return rows


def meets(ours: Sequence[int], theirs: Sequence[int]) -> bool:
    """Return whether two line ranges (first and last, inclusive) share at least half the lines of the shorter one."""
    shared = min(ours[1], theirs[1]) - max(ours[0], theirs[0]) + 1
    shorter = min(ours[1] - ours[0], theirs[1] - theirs[0]) + 1
    return shared > 0 and 2 * shared >= shorter
