"""Load and validate the YAML files of the corpus; errors name what is wrong and on which line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kb.errors import DataError

M = TypeVar("M", bound=BaseModel)
Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"
"""What a JSON file can hold, as the standard library reads it."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEPT = 128
"""Maximum number of files that are cached with their models: all of the corpus, some megabytes."""


def load_yaml(path: Path, model: type[M]) -> M:
    """Load a file as an instance of `model`. The same text gives the same object, so it must not be changed. Raises
    DataError with file, line and entry when the file is missing, is not YAML or does not fit the model."""
    try:
        text = path.read_text(encoding="utf-8")
        return _checked(text, model)
    except FileNotFoundError as error:
        raise DataError("the file is missing", where=str(path), do="Restore it from the repository.") from error
    except UnicodeDecodeError as error:
        raise DataError("the file is not UTF-8", where=str(path), do="Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise DataError(
            f"no valid YAML: {_yaml_problem(error)}", where=str(path), do="Mend the line that is named."
        ) from error
    except ValidationError as error:
        raise DataError(_first(error, text), where=str(path), do="Mend the entry and load it again.") from error


@lru_cache(maxsize=_KEPT)
def _checked(text: str, model: type[M]) -> M:
    """Parse and validate the text of a file, once for each text: `kb policies add` needs 37 files 71 times, and loading
    them anew took an eighth of its time."""
    return model.model_validate(yaml.load(text, Loader=_LOADER))


def _yaml_problem(error: yaml.YAMLError) -> str:
    """Return line, column and reason of a YAML error in one line."""
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None or not isinstance(error, yaml.MarkedYAMLError):
        return " ".join(str(error).split())
    context = f" ({error.context})" if error.context else ""
    return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}{context}"


def _first(error: ValidationError, text: str) -> str:
    """Describe the first error, with its line and the path of its entry."""
    problem = error.errors()[0]
    place = tuple(problem["loc"])
    entry = " › ".join(str(part) for part in place) or "whole file"
    message = problem["msg"].removeprefix("Value error, ")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"line {_line_named(text, message) or line_of(text, place)}, {entry}: {message}{more}"


def _line_named(text: str, message: str) -> int | None:
    """Return the line of the entry whose id an error message begins with ('R1.a occurs twice', 'wssd/c4: …'), of the
    last one when several have it; None when there is none.

    An error about a complete file has no position, but its message begins with the id of the entry that causes it.
    """
    first = message.partition(" ")[0].rstrip(":")
    lines = [
        value.start_mark.line + 1
        for key, value in _pairs(yaml.compose(text, Loader=_LOADER))
        if key.value == "id" and value.value == first
    ]
    return lines[-1] if lines else None


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Yield every key of a YAML document with its value, at any depth."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _pairs(child)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key, value
            yield from _pairs(value)


def line_of(text: str, place: tuple[str | int, ...]) -> int:
    """Return the 1-based line at which the entry at `place` (keys and positions) begins; when there is no such entry,
    the line of the nearest entry above it."""
    node, line = yaml.compose(text, Loader=_LOADER), 1
    for part in place:
        child = _child(node, part)
        if child is None:
            break
        node, line = child, child.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, part: Any) -> yaml.Node | None:
    """Return the value that a mapping or list node has under `part`; None when it has none."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    return None
