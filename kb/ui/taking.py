"""Taking a document into an assessment: read, keep, and let the machine look through it, saying how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from kb.assessment.models import PolicySet, Standing
from kb.config import settings
from kb.errors import InputError
from kb.files import scratch
from kb.ui import resources
from kb.workspace import intake
from kb.workspace.shelf import Publishing


def take(
    whole: PolicySet, by: str, given: Any, of: str, title: str, standing: Standing | None, dated: str, label: str
) -> None:
    """Take the file in and let the machine look. `given` is an upload, `of` the policy whose newer text it is or ''."""
    if given is None or standing is None:
        raise InputError("The document or its legal status is missing.", do="Choose a file and say how it stands.")
    with st.status(f"Taking in {given.name}", expanded=True) as status, scratch("upload") as folder:
        bar, steps = st.progress(0.0), iter((0.05, 0.1, 0.15, 0.2))

        def say(text: str) -> None:
            """Move the bar by a step."""
            bar.progress(next(steps, 0.2), text=text)

        def compared(done: int, total: int) -> None:
            """Move the bar with the clauses that are done."""
            share = 0.2 + 0.75 * done / max(1, total)
            bar.progress(share, text=f"{done} of {total} clauses compared with the criteria")

        file = folder / (Path(given.name).name or "policy")
        file.write_bytes(given.getvalue())
        ws = resources.workspace()
        taken = intake.take_in(
            ws,
            settings(),
            whole.id,
            file,
            title=title,
            by=by,
            label=label,
            standing=standing,
            dated=dated,
            version_of=of,
            publishing=Publishing(say=say),
        )
        intake.look_through(ws, resources.framework(), whole.id, taken.policy.id, say=say, progress=compared)
        bar.progress(1.0, text="done")
        status.update(label=f"{given.name} is in, and the machine has looked through it", state="complete")
