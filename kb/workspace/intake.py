"""A policy file comes in: kept in the library, read, put into its set, and looked through for proposals."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kb.config import settings
from kb.errors import InputError
from kb.framework import Framework
from kb.models import Document
from kb.sources.library import add_policy as keep
from kb.sources.library import document_of, remove, renamed
from kb.sources.own import refuse_own_source
from kb.text import slug
from kb.workspace.nouns import Policy, Standing
from kb.workspace.policies import add_policy, add_version, one_policy, policy_set, read_set
from kb.workspace.policies import document_of as text_of
from kb.workspace.proposals import store_run
from kb.workspace.store import Workspace

Say = Callable[[str], None]
Propose = Callable[[Document, Framework], object]


def take_in(ws: Workspace, library: Path, policy_set_id: str, file: Path, *, title: str, by: str, label: str,
            standing: Standing, dated: str, language: str = "", version_of: str = "", reason: str = "",
            say: Say = lambda _: None) -> Policy:
    """Keep a copy of `file`, read it and put it into the set, as a new policy or as a newer text of `version_of`.

    Raises InputError for a file that cannot be read, a wrong code or date, or the paper itself, RefusedError for a text that is there
    already. Only `standing`, which a person gives, says whether the text is in force.
    """
    whole = policy_set(ws, policy_set_id)
    id = version_of or slug(title) or "policy"
    say(f"keeping a copy of {file.name}")
    name = slug(f"{policy_set_id} {id} {label}", words=12)
    record = keep(file, library, country=whole.country, title=title, date=dated, status=standing, id=name,
                  language=language or language_of(file), origin=file.name)
    say("reading it and finding its articles and paragraphs")
    document = renamed(document_of(record, library), id)
    try:
        refuse_own_source(document, settings().corpus)
    except InputError:
        remove(record, library)
        raise
    how = {"by": by, "label": label, "standing": standing, "dated": dated, "reason": reason}
    say(f"{len(document.passages)} passages read")
    if version_of:
        return add_version(ws, policy_set_id, version_of, document, **how)
    return add_policy(ws, policy_set_id, document, title=title, id=id, **how)


def language_of(file: Path) -> str:
    """ISO 639-1 of most of the file's text; 'en' when there is too little to tell."""
    from kb.read import read

    return read(file).language or "en"


def look_through(ws: Workspace, framework: Framework, policy_set_id: str, policy: str, *,
                 propose: Propose | None = None, say: Say = lambda _: None,
                 progress: Callable[[int, int], None] | None = None) -> str:
    """Let the machine propose passages from the policy's current text; returns the run's id. No status is set."""
    if propose is None:
        from kb import assess

        propose = partial(assess.propose, progress=progress)
    with ws.reading() as reader:
        document = text_of(reader, one_policy(read_set(reader, policy_set_id), policy).current)
    say(f"looking through {len(document.passages)} passages for {framework.criteria_count} criteria")
    return store_run(ws, policy_set_id, policy, propose(document, framework))  # type: ignore[arg-type]
