"""Forms that lose no input: what is typed is stored as a draft, and when two people edit the same thing, both versions
are shown.

A form begins with what is recorded now. Fields that the person has not touched follow the record. If the person and
somebody else changed the same field, both values are shown and nothing is recorded until the person chooses. Whoever
had pressed the button that records, and chooses the own version, has it recorded at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from enum import Enum
from typing import Literal

import streamlit as st

from kb.errors import KBError
from kb.i18n import clock, day, t
from kb.log.conflict import ConflictError
from kb.ui import accounts, browser, drafts, shell
from kb.ui.drafts import KeptValue
from kb.ui.fields import Choice, FieldValue, FormFields, Held, Where
from kb.ui.versions import Clash, LastWrite, ShownField, both


class Form(FormFields):
    """One form. `now` holds the recorded values (field to value), `version` their version (several if it depends on
    several objects), `last` who wrote them last."""

    def __init__(
        self,
        id: str,
        now: Mapping[str, FieldValue | Enum],
        *,
        by: str,
        version: object = 0,
        last: LastWrite = LastWrite(),  # noqa: B008 - cannot be changed
    ) -> None:
        self.id, self.version, self.by, self.last = id, version, by, last
        # widgets offer words: Streamlit refuses a member of an enumeration among plain strings
        self.now: dict[str, FieldValue] = {
            name: value.value if isinstance(value, Enum) else value for name, value in now.items()
        }
        self.slug = re.sub(r"[^\w]+", "-", id)
        self._labels: dict[str, str] = {}
        self._words = {}
        self.held = self._open()
        self.clashes = self._merge()
        self.top = st.container()

    # --- state ---

    def key(self, name: str) -> str:
        """Return the key of a field's widget. The browser's script recognises drafts by its prefix."""
        return f"draft-{self.slug}-{name}"

    def _open(self) -> Held:
        """Return the state of this form. It is reset if the page was left, the tab's identifier became known, or
        everything was recorded."""
        place, tab = f"form-{self.id}", accounts.drafts_of(browser.tab())
        held: Held | None = st.session_state.get(place)
        shown = held is not None and any(self.key(name) in st.session_state for name in held.names)
        if held and held.reset:
            for name in self.now:
                self._put(name, self.now[name])
            held = None
        elif held and ((held.names and not shown) or (held.by != self.by and not self._touched(held))):
            held = None
        if held is None or held.tab != tab:
            held = self._begin(tab, held, fresh=not shown)
            st.session_state[place] = held
        held.by = self.by
        return held

    def _begin(self, tab: str, before: Held | None, *, fresh: bool) -> Held:
        """Return a new state: recorded values, the stored draft, and what the person typed before the tab was
        identified."""
        typed = {name: self._value(name, before) for name in self._touched(before)} if before else {}
        if before:
            drafts.drop(self.id, before.tab)
        try:
            drafts.sweep(self.id, {name: _encoded(value) for name, value in self.now.items()})
            found = drafts.find(self.id, tab, self.by)
        except KBError as error:
            shell.show_error(error)
            found = None
        fields = (
            {name: _decoded(value, self.now[name]) for name, value in found.fields.items() if name in self.now}
            if found
            else {}
        )
        base = (
            {
                **self.now,
                **{name: _decoded(value, self.now[name]) for name, value in found.base.items() if name in fields},
            }
            if found
            else dict(self.now)
        )
        base |= {name: before.base[name] for name in typed} if before else {}
        for key in map(self.key, self.now if fresh else ()):  # what buttons set has no widget that goes with its page
            if f"set-{key}" not in st.session_state:
                st.session_state.pop(key, None)
        held = Held(
            tab,
            self.by,
            base,
            {**self.now, **fields, **typed},
            self.version,
            found,
            found if found and found.tab == tab else None,
        )
        for name, value in fields.items():
            if not fresh and name not in typed:
                self._put(name, value)
        return held

    def _put(self, name: str, value: FieldValue) -> None:
        """Set a field from the program; its widget then ignores its start value."""
        st.session_state[self.key(name)] = value
        st.session_state[f"set-{self.key(name)}"] = True

    def fill(self, name: str, value: FieldValue) -> None:
        """Set the value of a field as if the person had typed it. Call it before the field is drawn."""
        self._put(name, value)

    def value(self, name: str) -> FieldValue:
        """Return the current value of a field."""
        return self._value(name, self.held)

    def _value(self, name: str, held: Held) -> FieldValue:
        return st.session_state.get(self.key(name), held.start[name])

    def values(self) -> dict[str, FieldValue]:
        """Return the current values of all fields."""
        return {name: self.value(name) for name in self.now}

    def _touched(self, held: Held) -> list[str]:
        return [name for name in held.base if self._value(name, held) != held.base[name]]

    @property
    def touched(self) -> list[str]:
        """Return the fields that the person changed."""
        return self._touched(self.held)

    def _merge(self) -> list[Clash]:
        """Update untouched fields to what is recorded now; return the fields that both the person and somebody else
        changed."""
        clashes = []
        for name, theirs in self.now.items():
            before, mine = self.held.base[name], self.value(name)
            if theirs == before:
                continue
            if mine in (before, theirs):
                self.held.followed.setdefault(name, before)
                self.held.base[name] = self.held.start[name] = theirs
                if mine != theirs:
                    self._put(name, theirs)
            else:
                clashes.append(Clash(name, before, theirs, mine))
        if not clashes and not self.touched:
            self.held.followed.clear()  # there is no version of the person's to compare with
        return clashes

    def _keep(self) -> None:
        """Store the changed fields as a draft, or delete the draft if nothing differs any more."""
        values, held = self.values(), self.held
        changed = {name: _encoded(values[name]) for name in self.touched}
        with shell.errors_shown():
            if changed:
                base = {name: _encoded(held.base[name]) for name in changed}
                held.kept = drafts.keep(self.id, held.tab, self.by, changed, base)
            elif held.kept:
                drafts.drop(self.id, held.tab)
                held.kept = None

    # --- fields ---

    def by_buttons(self, name: str, label: str, words: Callable[[Choice], str]) -> FieldValue:
        """Register a field that has no widget but is set by buttons through `choose`; return its value."""
        self._labels[name], self._words[name] = label, words
        st.session_state.pop(f"set-{self.key(name)}", None)
        return self.value(name)

    def choose(self, name: str, value: FieldValue) -> None:
        """Set a field by a button that also sends the form. The next run reads the value, and `chosen` is then true."""
        st.session_state[self.key(name)] = value
        st.session_state[f"chosen-{self.slug}"] = True

    def chosen(self) -> bool:
        """Return whether a button of `choose` was pressed for this run."""
        return bool(st.session_state.pop(f"chosen-{self.slug}", False))

    # --- sending ---

    def submit(
        self,
        label: str,
        *,
        where: Where = st,
        disabled: bool = False,
        type: Literal["primary", "secondary"] = "secondary",
    ) -> bool:
        """Draw the send button, which cannot be pressed if `disabled`; return the answer of `send`."""
        return self.send(where.button(label, key=f"send-{self.slug}", disabled=disabled, type=type), label, where)

    def send(self, sent: bool, label: str, where: Where = st, *, far: bool = False) -> bool:
        """Return True if the form was sent and nobody else wrote meanwhile; otherwise show both versions and return
        False.

        `label` is the text of the send button. `far` repeats the errors of fields beside a button that is far from
        them.
        """
        sent = sent or self.held.insisted
        behind = (sent and self.held.drawn != self.version) or self.held.refused
        sent = sent or self.held.refused
        self.held.refused, self.held.insisted, self.held.drawn = False, False, self.version
        self.held.asked = bool(self.clashes) and (sent or self.held.asked)
        if sent and (self.clashes or behind):  # the button may be far from the form's head
            where.warning(
                t("Not recorded: this was changed meanwhile. Both versions are shown above.")
                if self.clashes
                else t("Not recorded: this was changed meanwhile. Look above at what stands here now.")
            )
        if self.clashes:
            self._ask()
        elif behind:
            with self.top:
                st.warning(
                    t(
                        "{meanwhile} What you wrote in this window is not recorded yet. Look at what stands here now, "
                        "then press “{label}” again.",
                        meanwhile=self.last.meanwhile(self.by),
                        label=label,
                    ),
                    icon=":material/group:",
                )
        self.keep()
        if far and (words := shell.wrong_in(map(self.key, self.now))):
            where.error(words, icon=":material/error:")
        return bool(sent and not behind and not self.clashes)

    @contextmanager
    def recording(self, then: Callable[[], None] = lambda: None, *, at: str = "") -> Iterator[None]:
        """Run the block that records the form: on success delete the draft and call `then`; on a refusal show the error
        and keep the draft. A refusal that names no field is shown beside the field `at`."""
        try:
            yield
        except ConflictError:  # somebody wrote between the drawing and the act
            self.held.refused = True
            st.rerun()
        except KBError as error:
            error.field = error.field or at
            shell.drop_place(error)
            with self.errors_shown():
                raise
            return
        self.recorded()
        then()
        st.rerun()

    def errors_shown(self) -> AbstractContextManager[None]:
        """Like `shell.errors_shown`, but an error of one field of this form is shown beside that field."""
        return shell.errors_shown({name: self.key(name) for name in self.now})

    def _ask(self) -> None:
        """Draw both versions side by side, with buttons to choose one. If the person had pressed the button that
        records (`held.asked`), their own version is recorded by one press; otherwise it stays a draft."""
        at_once, own = self.held.asked and bool(self.by), self.last.is_of(self.by)
        with self.top, st.container(border=True, key=f"both-{self.slug}"):
            st.warning(
                " ".join(
                    (
                        t("Two versions."),
                        self.last.meanwhile(self.by),
                        t("What you wrote in this window is not recorded yet."),
                        t("Which one counts?"),
                    )
                ),
                icon=":material/group:",
            )
            st.html(both(self._rows(), self.last, self.by))
            mine = t("Keep mine: record it now") if at_once else t("Keep mine as a draft")
            if own:
                mine = t("Keep this window's: record it now") if at_once else t("Keep this window's as a draft")
            with st.container(horizontal=True):
                st.button(mine, key=f"mine-{self.slug}", on_click=self._settle, args=(False, at_once))
                st.button(
                    t("Take the other window's") if own else t("Take theirs"),
                    key=f"theirs-{self.slug}",
                    on_click=self._settle,
                    args=(True, False),
                )
            st.caption(
                t("“{mine}” records it under your name, {by}; the history keeps both versions.", mine=mine, by=self.by)
                if at_once
                else t("“{mine}” records nothing: it stays in the form until you record it.", mine=mine)
            )

    def _rows(self) -> list[ShownField]:
        """Return the rows of both versions: what two people changed, what the other one alone changed, and the fields
        that buttons set (the status), which a recorded version always carries."""
        clashes, rows = {clash.name: clash for clash in self.clashes}, []
        for name, now in self.now.items():
            label = self.held.names.get(name) or self._labels.get(name, name)
            mine = self.value(name)
            if name in clashes:
                before, mine_shown = clashes[name].before, self._shown(name, mine)
            elif name in self.held.followed or name in self._labels:
                before = self.held.followed.get(name, self.held.base[name])
                mine_shown = self._shown(name, mine) if mine != now else t("as it is now: you changed nothing here")
            else:
                continue
            rows.append(ShownField(label, self._shown(name, before), self._shown(name, now), mine_shown))
        return rows

    def _settle(self, theirs: bool, at_once: bool) -> None:
        """Settle the conflict: take the recorded values (`theirs`), or keep the person's own, which the run that
        follows records if `at_once`."""
        for clash in self.clashes:
            self.held.base[clash.name] = clash.theirs
            if theirs:
                self._put(clash.name, clash.theirs)
        self.held.followed.clear()
        self.held.asked, self.held.insisted = False, at_once
        self._keep()

    def _shown(self, name: str, value: FieldValue) -> str:
        return "" if value is None else self._words.get(name, str)(value)

    def keep(self) -> None:
        """Store what is typed and show when it was stored, with a button that discards it. Called by `submit` and
        `send`."""
        changed = {name: _encoded(self.value(name)) for name in self.touched}
        there = self.held.kept or self.held.found
        if changed != (there.fields if there else {}):  # a browser that came back has newer words
            self._keep()
        if not changed:
            return
        kept, found = self.held.kept, self.held.found
        elsewhere = found if found and found.tab != self.held.tab else None
        at = (
            t(" You wrote it on {at} UTC in another window.", at=f"{day(elsewhere.at)} {clock(elsewhere.at)}")
            if elsewhere and not kept
            else t(" Kept {at} UTC.", at=clock(kept.at))
            if kept
            else ""
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(t("Draft, not recorded yet.{at}", at=at), width="content")
            st.button(t("Let go of the draft"), key=f"drop-{self.slug}", type="tertiary", on_click=self._drop)

    def _drop(self) -> None:
        self.recorded()

    def recorded(self) -> None:
        """Delete the draft, since it was recorded or discarded; the form begins again from the record."""
        drafts.drop(self.id, self.held.tab)
        if self.held.found:
            drafts.drop(self.id, self.held.found.tab)
        self.held.reset = True


def _encoded(value: FieldValue) -> KeptValue:
    """Return a value in a form that JSON can store."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | float | int) else list(value)


def _decoded(value: KeptValue, like: FieldValue) -> FieldValue:
    """Return a value from JSON; an ISO date becomes a date unless the field holds text."""
    if isinstance(value, str) and not isinstance(like, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    return value
