"""Create an action that serves a criterion from the "next step" of its finding."""

from __future__ import annotations

from kb.assessment.models import PolicySet
from kb.plan import actions
from kb.plan.models import Action
from kb.text import slug
from kb.ui import resources


def id_for(policy_set: PolicySet, title: str) -> str:
    """Return a new id of an action, made from policy set and title; a number is added if it is taken."""
    ws = resources.workspace()
    known = {action.id for action in (*actions.actions(ws), *actions.actions(ws, removed=True))}
    first = slug(f"{policy_set.id} {title}", words=10)
    return next(id for id in [first, *(f"{first}-{n}" for n in range(2, len(known) + 3))] if id not in known)


def record(policy_set: PolicySet, criterion: str, title: str, body: str, by: str) -> Action:
    """Return the action with this title that serves the criterion; create it if there is none. Raises RefusedError
    if `by` is empty."""
    title = " ".join(title.split())
    for one in actions.actions(resources.workspace(), policy_set=policy_set.id):
        if one.title == title and any(ref.criterion == criterion for ref in one.findings):
            return one
    fields = {"title": title, "body": body, "findings": [{"policy_set": policy_set.id, "criterion": criterion}]}
    return actions.create_action(resources.workspace(), id_for(policy_set, title), fields, by=by)
