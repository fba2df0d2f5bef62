"""Archive and delete, as entries of the log: both can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from kb.i18n import t
from kb.ui import address, conflicts, markup

Change = Callable[[dict[str, bool], int], object]
"""Records fields of a thing, with the version that the person saw."""


@dataclass(frozen=True)
class Kept:
    """Something that can be archived or deleted: its stream in the log, its version and the function that changes it.

    `archived` is None for a thing that cannot be archived.
    """

    title: str
    stream: str
    version: int
    change: Change
    archived: bool | None = None
    home: tuple[str, ...] = ()
    """Query keys that identify it. They are removed from the address when it is deleted, so that the page shows its
    list."""


def show_keeping(one: Kept, by: str) -> None:
    """Draw a button that archives `one` or restores it from the archive, and a button that deletes it. `by` is the name
    of the person; without one the buttons are disabled."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.archived is not None:
            st.button(
                t("Take it back") if one.archived else t("Put it aside (archive)"),
                key=f"aside-{one.stream}",
                disabled=not by,
                on_click=_record,
                args=(one, {"archived": not one.archived}),
                help=t("Nothing is deleted; the log says who did it and when."),
            )
        with st.popover(t("Delete"), disabled=not by):
            st.markdown(t("It is taken out of every list and export. The log keeps it, and it can be taken back."))
            st.button(
                t("Delete “{title}”", title=markup.plain_label(one.title)),
                key=f"delete-{one.stream}",
                on_click=_record,
                args=(one, {"removed": True}),
            )
    conflicts.show(f"keep-{one.stream}")


def is_asked(one: Kept) -> bool:
    """Return whether a conflict or error of these buttons is still to be shown; the expander that contains the
    buttons must then be open."""
    return conflicts.is_waiting(f"keep-{one.stream}")


def show_deleted(held: Iterable[Kept], by: str) -> None:
    """Draw what was deleted, each with a button that restores it; nothing if nothing was deleted."""
    held = list(held)
    if not held:
        return
    with st.expander(t("Deleted ({count})", count=len(held)), expanded=any(map(is_asked, held))):
        for one in held:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(markup.plain_markdown(one.title), width="content")
                st.button(
                    t("Take it back"),
                    key=f"back-{one.stream}",
                    disabled=not by,
                    on_click=_record,
                    args=(one, {"removed": False}),
                )
            conflicts.show(f"keep-{one.stream}")


def _record(one: Kept, fields: dict[str, bool]) -> None:
    """Record the change. After a deletion the page goes back to its list."""
    done = conflicts.attempt(
        f"keep-{one.stream}", t("Do it"), lambda at: one.change(fields, at.get(one.stream, one.version))
    )
    if done and fields.get("removed"):
        address.clear(one.home)
