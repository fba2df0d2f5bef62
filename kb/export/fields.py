"""Additional columns of each kind of rows, with their types."""

from __future__ import annotations

_EVIDENCE = (
    *("role", "stance", "type", "level", "machine_type", "machine_level"),
    *("standing", "passage", "effective", "from", "by", "at"),
)
_PROMISED = dict.fromkeys(("country", "recommendation", "theme", "criterion", "body", "action", "indicator"), "string")
"""What findings and actions begin with: what was promised, who is to do it, and how it is measured."""
# Columns of a kind besides those of every row, with type. A date is ISO text; one day, a spreadsheet shows as a date.
FIELDS: dict[str, dict[str, str]] = {
    "passages": {"kind": "string", "part": "string", "duty_bearer": "string"},
    "results": {
        "kind": "string",
        "part": "string",
        "duty_bearer": "string",
        "rank": "integer",
        "found_by": "string",
        "matches": "boolean",
        "also": "string",
    },
    "codes": {"kind": "string", "coder": "string", "memo": "string", "at": "string"},
    "commitments": {
        "identifier": "string",
        "heading": "string",
        "kind": "string",
        "duty_bearer": "string",
        "scope": "string",
        "range": "string",
        "deadline": "string",
        "verified": "string",
    },
    "findings": {
        **_PROMISED,
        "deadline": "string",
        "status": "string",
        "source": "string",
        "confidence": "string",
        "rationale": "string",
        "gap": "string",
        "next_step": "string",
        "author": "string",
        "at": "string",
        "workflow": "string",
        "agreed_by": "string",
        "settled_by": "string",
        "changed_by": "string",
        "changed_at": "string",
        **{f"evidence_{name}": "string" for name in _EVIDENCE},
    },
    "actions": {
        **_PROMISED,
        "start": "date",
        "deadline": "date",
        "status": "string",
        "source": "string",
        "note": "string",
        "owner": "string",
        "author": "string",
        "at": "string",
    },
}
