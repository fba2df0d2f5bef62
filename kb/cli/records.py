"""The record of a passage as commands print it in JSON: the same as `kb.api`, HTTP and exports give."""

from __future__ import annotations

from typing import Any

from kb.models import Passage


def as_record(passage: Passage) -> dict[str, Any]:
    """The record of a passage, ready for JSON; own words stand in `statement`, never in `text`."""
    from kb.api.live import state

    return state().record(passage).model_dump(mode="json")
