"""Exchange examples as one file: locations, hashes, grades and vectors; no text, and no names of people unless
requested."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from kb.assess.examples import Example, ExamplePolicy, Examples, unit
from kb.config import settings
from kb.errors import InputError
from kb.files import readable, replacing, written
from kb.models import Model
from kb.text import sha256_of

FORMAT = "kb-examples"
LARGEST = 64_000_000
"""Maximum bytes of an imported file: about 50,000 examples."""


class ExchangeFile(Model):
    """The file of `kb learn export`; `vectors` are float16, row by row, as base64."""

    format: Literal["kb-examples"] = "kb-examples"
    version: Literal[1] = 1
    space: str = Field(description="name of the embedding model, to which the vectors belong")
    dimension: int = Field(gt=0)
    policies: tuple[ExamplePolicy, ...]
    examples: tuple[Example, ...]
    vectors: str


def export_examples(examples: Examples, file: Path, *, names: bool = False) -> int:
    """Write the examples to a file, atomically; return their number. Names of people are left out unless `names` is
    set."""
    clauses = examples.clauses if names else tuple(one.model_copy(update={"by": ""}) for one in examples.clauses)
    content = ExchangeFile(
        space=examples.space,
        dimension=examples.vectors.shape[1],
        policies=tuple(examples.policies.values()),
        examples=clauses,
        vectors=base64.b64encode(examples.vectors.astype("<f2").tobytes()).decode(),
    )
    with written(file) as beside:
        shown = content.model_dump_json(exclude={"examples": {"__all__": {"decision"}}})
        beside.write_text(shown, encoding="utf-8")
    return len(clauses)


def read_exchange(file: Path) -> Examples:
    """Read a file of examples and mark them as imported. Raises InputError, with what is wrong, when it is invalid."""
    readable(file, "Give a file that kb learn export wrote.")
    if file.stat().st_size > LARGEST:
        raise InputError("the file is larger than any export of examples", where=file.name, do="Check that it is one.")
    try:
        content = ExchangeFile.model_validate_json(file.read_bytes())
        raw = np.frombuffer(base64.b64decode(content.vectors, validate=True), dtype="<f2")
        vectors = raw.reshape(len(content.examples), content.dimension).astype(np.float32)
    except (ValidationError, ValueError, json.JSONDecodeError) as error:
        raise InputError(
            f"these are no examples: {_first(error)}", where=file.name, do="Give a file that kb learn export wrote."
        ) from error
    _check(content, vectors, file)
    policies = {f"import:{policy.id}": policy for policy in content.policies}
    clauses = tuple(
        one.model_copy(update={"policy": f"import:{one.policy}", "origin": "import"}) for one in content.examples
    )
    return Examples(content.space, policies, clauses, unit(vectors))


def _check(content: ExchangeFile, vectors: np.ndarray, file: Path) -> None:
    """Check that every clause belongs to a policy of the file, every grade is 0, 1 or 2, and no vector has length zero.
    Raises InputError otherwise."""
    known = {policy.id for policy in content.policies}
    for number, one in enumerate(content.examples, 1):
        if one.policy not in known:
            raise InputError(f"example {number} names no policy of the file", where=file.name, do="Export it again.")
        if not one.grades or not set(one.grades.values()) <= {0, 1, 2}:
            raise InputError(f"example {number} has no grade of 0, 1 or 2", where=file.name, do="Export it again.")
    if not np.isfinite(vectors).all() or (len(vectors) and np.linalg.norm(vectors, axis=1).min() < 0.5):
        raise InputError("a vector of the file has no direction", where=file.name, do="Export it again.")


def import_examples(file: Path) -> int:
    """Import the examples of a file into this workspace; return their number. Importing the same file again changes
    nothing."""
    examples = read_exchange(file)
    kept = _folder() / f"{sha256_of(file)[:16]}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        with replacing(kept) as beside:
            beside.write_bytes(file.read_bytes())
    return len(examples)


def imported() -> list[Examples]:
    """Return the imported examples, one item per file, in order of file names."""
    return [read_exchange(file) for file in sorted(_folder().glob("*.json"))]


def _folder() -> Path:
    return settings().workspace / "examples"


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        one = error.errors()[0]
        return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
    return str(error)
