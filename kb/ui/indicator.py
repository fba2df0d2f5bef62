"""The indicator of an action on the actions page: baseline, target and measured values."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from kb.errors import InputError
from kb.i18n import day, number, t
from kb.plan import actions
from kb.plan.models import Action, ActionIndicator
from kb.ui import markup, resources
from kb.ui.fields import FieldValue
from kb.ui.form import Form
from kb.ui.shell import wrong
from kb.ui.versions import LastWrite


def facts(indicator: ActionIndicator | None) -> list[tuple[str, str]]:
    """Return name, baseline, target and readings in words; an empty list without an indicator."""
    if indicator is None:
        return []
    readings = "; ".join(
        t("{indicator} on {on}", indicator=_amount(one.value, indicator), on=day(one.on))
        + (f" ({one.source})" if one.source else "")
        for one in indicator.readings
    )
    return [
        (t("Indicator"), indicator.name),
        (t("Baseline"), _amount(indicator.baseline, indicator)),
        (t("Target"), _amount(indicator.target, indicator)),
        (t("Readings"), readings),
    ]


def _amount(value: float | None, indicator: ActionIndicator) -> str:
    return "" if value is None else f"{number(value)} {indicator.unit}".strip()


ASKED: dict[str, FieldValue] = {"indicator": "", "unit": "", "baseline": None, "target": None}
"""Start values of the fields of a new indicator."""


def asked(form: Form) -> dict[str, str | float | None] | None:
    """Draw the fields of a new indicator in `form`, whose start values include ASKED; return the values, None if no
    name was given."""
    name = form.line("indicator", t("Indicator"), help=t("What is measured, e.g. births registered in the first year"))
    first, second, third = st.columns(3)
    unit = form.line("unit", t("Unit"), first, placeholder=t("e.g. percent"))
    baseline = form.number("baseline", t("Baseline"), second)
    target = form.number("target", t("Target"), third)
    return {"name": name.strip(), "unit": unit, "baseline": baseline, "target": target} if name.strip() else None


def reading(action: Action, by: str) -> Form | None:
    """Return the form for one reading of an action's indicator; None if the action has no indicator."""
    if action.indicator is None:
        return None
    return Form(
        f"reading/{action.id}",
        {"on": datetime.now(UTC).date(), "value": None, "source": ""},
        by=by,
        version=action.version,
        last=LastWrite(action.changed_by, action.changed_at),
    )


def show_reading(action: Action, form: Form, by: str) -> None:
    """Draw the fields of `form`, made by `reading`, and its button, which records the measured value. `by` is the name
    of the person; without one the button is disabled."""
    assert action.indicator is not None  # there is no form without one
    st.html(markup.line(t("A new reading of {name}", name=action.indicator.name)))
    left, right = st.columns(2)
    on = form.day("on", t("Measured on"), left)
    value = form.number("value", markup.plain_label(t("Value {unit}", unit=action.indicator.unit).strip()), right)
    source = form.line("source", t("Where the value stands"))
    if form.submit(t("Add the reading"), disabled=not by):
        with form.recording():
            if value is None or on is None:
                error = InputError(
                    t("The reading has no value or no date."), do=t("Give a number and the day it was measured.")
                )
                raise wrong("on" if on is None else "value", error)
            actions.add_reading(resources.workspace(), action.id, on, value, by=by, source=source)
