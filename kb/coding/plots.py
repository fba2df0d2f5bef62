"""Plots as Altair charts whose specification contains the numbers, so that a plot is never without its data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import Field

from kb.coding.analysis import Count, Together
from kb.i18n import t
from kb.models import Model

if TYPE_CHECKING:
    import altair as alt

LABEL = 220
"""Pixels of the longest name beside a bar: “Refugees and internally displaced persons” is not cut off."""


class Plot(Model):
    """A Vega-Lite chart: its title, its specification and the numbers that it shows."""

    title: str
    numbers: tuple[dict[str, object], ...] = Field(description="one record a mark, as they stand in the specification")
    spec: dict[str, object]


def _plot(title: str, records: list[dict[str, object]], chart: alt.Chart) -> Plot:
    return Plot(title=title, numbers=tuple(records), spec=chart.properties(title=title).to_dict())


def _data(records: list[dict[str, object]]) -> alt.Data:
    import altair as alt

    return alt.Data(values=records)


def bars(counts: Iterable[Count], title: str) -> Plot:
    """Return a bar chart of passages by code; the tooltip shows count and denominator."""
    import altair as alt

    records = [count.model_dump() for count in counts]
    chart = (
        alt.Chart(_data(records))
        .mark_bar()
        .encode(
            x=alt.X("n:Q", title=t("passages"), axis=alt.Axis(format="d", tickMinStep=1)),
            y=alt.Y("code:N", sort="-x", title=None, axis=alt.Axis(labelLimit=LABEL)),
            tooltip=["code:N", "n:Q", "of:Q", "share:Q"],
        )
    )
    return _plot(title, records, chart)


def grid(counts: Iterable[Count], title: str) -> Plot:
    """Return a heat map of codes by group; a cell shows the share of the group's passages that have the code."""
    import altair as alt

    records = [count.model_dump() for count in counts]
    chart = (
        alt.Chart(_data(records))
        .mark_rect()
        .encode(
            x=alt.X("group:N", title=None),
            y=alt.Y("code:N", title=None),
            color=alt.Color("share:Q", scale=alt.Scale(scheme="cividis", domainMin=0)),
            tooltip=["group:N", "code:N", "n:Q", "of:Q", "share:Q"],
        )
    )
    return _plot(title, records, chart)


def pairs(found: Iterable[Together], title: str) -> Plot:
    """Return a heat map of pairs of codes; a cell shows the number of passages that have both."""
    import altair as alt

    records = [one.model_dump() for one in found]
    chart = (
        alt.Chart(_data(records))
        .mark_rect()
        .encode(
            x=alt.X("a:N", title=None),
            y=alt.Y("b:N", title=None),
            color=alt.Color("n:Q", scale=alt.Scale(scheme="cividis", domainMin=0)),
            tooltip=["a:N", "b:N", "n:Q", "n_a:Q", "n_b:Q", "of:Q", "jaccard:Q"],
        )
    )
    return _plot(title, records, chart)
