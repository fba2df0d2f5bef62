"""Convert the fields of a code to one description and back, since REFI-QDA has only a name and a description.

Each field is a block `Label: text`. Further lines of a text are indented by two spaces, so that a text that contains
a line such as "Exclude: …" is restored exactly. A description without labels is read as a definition.
"""

from __future__ import annotations

import json
import re

from kb.coding.codebook import Code

_LABELS = {
    "Definition": "definition",
    "Include": "include",
    "Exclude": "exclude",
    "Typical example": "typical",
    "Borderline example": "borderline",
    "Source": "source",
    "Address": "uri",
}
_ID = "Id"
_OBJECTS = {"Other languages": "labels", "Other labels": "alternatives", "Relations": "relations"}
_KNOWN = [*_LABELS, _ID, *_OBJECTS]
_HEAD = re.compile(rf"^({'|'.join(map(re.escape, _KNOWN))}): ?", re.MULTILINE)


def _block(label: str, text: str) -> str:
    return f"{label}: " + text.replace("\n", "\n  ")


def describe(code: Code) -> str:
    """Return the fields of a code as labelled blocks of text, without name, GUID, colour and parent."""
    parts = [_block(label, getattr(code, field)) for label, field in _LABELS.items() if getattr(code, field)]
    parts.append(_block(_ID, code.id))
    parts += [
        _block(label, json.dumps(getattr(code, field), ensure_ascii=False, sort_keys=True))
        for label, field in _OBJECTS.items()
        if getattr(code, field)
    ]
    return "\n".join(parts)


def _json_object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _blocks(description: str) -> dict[str, str]:
    heads = list(_HEAD.finditer(description))
    ends = [head.start() - 1 for head in heads[1:]] + [len(description)]
    return {head.group(1): description[head.end() : end].replace("\n  ", "\n") for head, end in zip(heads, ends)}


def undescribe(description: str) -> dict[str, object]:
    """Return the fields that a description holds, by field name of Code. A description that does not begin with a
    label becomes `definition`."""
    if not _HEAD.match(description):
        return {"definition": description}
    blocks = _blocks(description)
    fields: dict[str, object] = {field: blocks[label] for label, field in _LABELS.items() if label in blocks}
    if _ID in blocks:
        fields["id"] = blocks[_ID]
    fields |= {field: _json_object(blocks[label]) for label, field in _OBJECTS.items() if label in blocks}
    return fields
