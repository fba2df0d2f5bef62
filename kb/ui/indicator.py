"""The indicator of an action on the actions page: baseline, target and measured values."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from kb.errors import InputError
from kb.ui import markup, resources, shell
from kb.workspace import actions
from kb.workspace.nouns import Action, Indicator


def facts(indicator: Indicator | None) -> list[tuple[str, str]]:
    """Name, baseline, target and readings as words; nothing without an indicator."""
    if indicator is None:
        return []
    readings = "; ".join(f"{_amount(one.value, indicator)} on {one.on}" + (f" ({one.source})" if one.source else "")
                         for one in indicator.readings)
    return [("Indicator", indicator.name), ("Baseline", _amount(indicator.baseline, indicator)),
            ("Target", _amount(indicator.target, indicator)), ("Readings", readings)]


def _amount(value: float | None, indicator: Indicator) -> str:
    return "" if value is None else f"{value:g} {indicator.unit}".strip()


def asked() -> dict[str, Any] | None:
    """The indicator's fields inside a form; None when it is left without a name."""
    name = st.text_input("Indicator", help="What is measured, e.g. births registered in the first year")
    first, second, third = st.columns(3)
    unit = first.text_input("Unit", placeholder="e.g. percent")
    baseline = second.number_input("Baseline", value=None)
    target = third.number_input("Target", value=None)
    return {"name": name.strip(), "unit": unit, "baseline": baseline, "target": target} if name.strip() else None


def show_reading(action: Action, by: str) -> None:
    """A form for one measured value of an action that has an indicator."""
    if action.indicator is None:
        return
    with st.form(f"reading-{action.id}", border=False):
        st.html(markup.line(f"A new reading of {action.indicator.name}"))
        left, right = st.columns(2)
        on = left.date_input("Measured on", value=datetime.now(UTC).date())
        value = right.number_input(f"Value {action.indicator.unit}".strip(), value=None)
        source = st.text_input("Where the value stands")
        if st.form_submit_button("Add the reading", disabled=not by):
            with shell.told():
                _add(action, on, value, source, by)
                st.rerun()


def _add(action: Action, on: Any, value: float | None, source: str, by: str) -> None:
    if value is None:
        raise InputError("The reading has no value.", do="Give a number.")
    actions.add_reading(resources.workspace(), action.id, on, value, by=by, source=source)
