"""Find policies of an assessment whose file is not in the library, since they were imported with the assessment or
the file was lost. No index contains their text, so an answer without hits must mention them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from kb.config import Settings

SHOWN = 3  # a line on a terminal of 100 characters holds as many titles
_SQLITE = "sqlite:///"


def policies_away(settings: Settings) -> list[str]:
    """Return title and policy set of each policy without a file; deleted sets are skipped. Empty if there is no
    workspace, or if it cannot be read, which `kb doctor` reports."""
    return [
        f"{data.get('title') or data.get('id')} ({data.get('policy_set')})"
        for data in _policies(settings)
        if data.get("versions") and not (settings.library / str(data["versions"][-1].get("file"))).is_file()
    ]


def away_words(settings: Settings) -> str:
    """Return a sentence that names the policies whose files are missing and says what to do; '' if none is missing."""
    found = policies_away(settings)
    if not found:
        return ""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return (
        f"The files of these policies are not here, since they came with an imported assessment or were lost, and the "
        f"next index will not have their words: {'; '.join(found[:SHOWN])}{more}. To search them: kb add FILE "
        f"--policy, "
        f"or restore a backup"
    )


def _policies(settings: Settings) -> list[dict]:
    """Return the stored fields of every policy in the log. A SQLite workspace is read without SQLAlchemy, so that a
    search does not have to load it; the file is opened read-only."""
    url = settings.database_url
    if not url.startswith(_SQLITE):
        from kb.log import open_workspace

        with open_workspace() as ws:
            states, policies = ws.states("set"), ws.states("policy")
        return _kept([state.data | {"id": state.parts[0]} for state in states], [state.data for state in policies])
    file = Path(url.removeprefix(_SQLITE))
    if not file.is_file():
        return []
    query = "select stream, data from states where topic = ? order by stream"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            sets = [json.loads(data) | {"id": stream[4:]} for stream, data in database.execute(query, ("set",))]
            return _kept(sets, [json.loads(data) for _, data in database.execute(query, ("policy",))])
    except (sqlite3.Error, ValueError, TypeError):
        return []


def _kept(sets: list[dict], policies: list[dict]) -> list[dict]:
    removed = {one["id"] for one in sets if one.get("removed")}
    return [data for data in policies if data.get("policy_set") not in removed]
