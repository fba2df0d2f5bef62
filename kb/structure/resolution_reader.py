"""Read the blocks of a resolution: decide what each is (heading, paragraph, letter, note) and to which division it
belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.models import Section
from kb.structure.blocks import Block
from kb.structure.divisions import LONGEST_TITLE, Division, Divisions
from kb.structure.drafts import Aside, PassageDraft
from kb.structure.layouts import Layouts
from kb.structure.levels import Levels, Marker, inline_starts, marker
from kb.text import squeeze

_ENDS = re.compile(r"[.:;,]\s*$")
_NOTE = re.compile(r"\s*(?:(\d{1,3})\s?[/.)]|\[(\d{1,3})\]|([⁰¹²³⁴-⁹]{1,3}))\s*(?=\S)")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SYMBOLS_ONLY = re.compile(r"^(?:[A-Z]{1,6}(?:/[\w.]+){1,6}(?:,|\.|;|\s|and)*)+$")


def _is_line(block: Block) -> bool:
    """Return whether a block can be a line between paragraphs: short, without a number, and beginning with a capital
    letter."""
    return len(block.text) <= LONGEST_TITLE and block.text[:1].isupper() and marker(block.text) is None


@dataclass
class ResolutionReader:
    """Reads the blocks of a resolution in order, tracks the open divisions, numbers and duty-bearer, and collects
    drafts, asides and sections."""

    layout: Layouts
    document: str
    divisions: Divisions
    drafts: list[PassageDraft] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    levels: Levels = field(default_factory=Levels)
    by_locator: dict[str, PassageDraft] = field(default_factory=dict)
    base: str = "front"
    cite: str = "masthead"
    bearer: str | None = None
    run: str | None = None
    last: str = ""
    titles: list[str] = field(default_factory=list)
    waits: Division | None = None
    in_notes: bool = False
    topic: tuple[str, ...] = ()

    # --- what a block is ---

    def read(self, at: int, block: Block, after: Block | None) -> None:
        """Read the block at position `at`: as an aside, a title, a heading, or text. `after` is the next block, or
        None."""
        words = self.divisions.label(block.text)
        if block.role == "noise" or _SYMBOLS_ONLY.match(block.text) or self._running_head(block):
            self.asides.append(Aside("footnote" if re.match(r"^[\d¹²³⁴-⁹]", block.text) else "running-head", block))
        elif self.layout.is_label(block.text):
            self.asides.append(Aside("label", block))
        elif words and self._heading(block.part(0, words)):
            self._words(block.part(words), after)
        elif not (
            self._part_title(at, block)
            or self._notes(block)
            or self._heading(block)
            or self._heading_goes_on(block)
            or self._other_heading(block)
        ):
            self._words(block, after)

    def _running_head(self, block: Block) -> bool:
        """Return whether a short line repeats an earlier title and so is a running head."""
        text = squeeze(block.text).lower()
        return (
            self.base != "front"
            and 20 < len(text) < 200  # a title printed again, perhaps in part; by eye
            and not _ENDS.search(text)
            and any(text in title or (title in text and len(title) > 20) for title in self.titles)
            and not self.divisions.part_of(text)
        )

    def _part_title(self, at: int, block: Block) -> bool:
        """Open a part if the block is its title; return whether it was."""
        part = self.divisions.opens(at, block)
        if part is None:
            return False
        self.divisions.enter(part)
        self.in_notes, self.topic = False, ()
        self.levels, self.waits, self.bearer, self.run = Levels(), None, None, None
        self.base, self.cite = part.id or "opening", part.short
        self._section(part.id, block.text, 1)
        self._draft(f"{part.id or 'part'}/heading" if part.id else "title", "heading", part.short).blocks.append(block)
        return True

    def _notes(self, block: Block) -> bool:
        """Open the notes at the end if the block is their heading, or read it as a note; return whether it was
        either."""
        if self.layout.heads_notes(block.text):
            self.in_notes, self.base, self.levels = True, f"{self.divisions.prefix}notes", Levels()
            self._draft(f"{self.base}/heading", "heading", f"{self.divisions.name}, notes").blocks.append(block)
            return True
        found = _NOTE.match(block.text) if self.in_notes else None
        if found is None:
            return False
        number = next(each for each in found.groups() if each).translate(_LOWERED)
        self.asides.append(Aside("number", block.part(0, found.end())))
        draft = self._draft(f"{self.base}/{number}", "note", f"{self.divisions.name}, note {number}", number)
        draft.blocks.append(block.part(found.end()))
        return True

    # --- headings ---

    def _heading(self, block: Block) -> bool:
        """Open a division if the block is its heading; return whether it was."""
        division = self.divisions.heading(block.text, block.role)
        if division is None:
            return False
        self._start(division, block)
        return True

    def _start(self, division: Division, block: Block) -> None:
        """Open a division whose heading is `block`: the text after it belongs to this division."""
        self.in_notes, self.topic = False, ()
        self.base, self.cite, self.levels = division.id, division.cite, Levels()
        self.bearer, self.run, self.last = None, None, ""
        self._section(division.id, division.heading, len(self.divisions.open))
        self._draft(f"{division.id}/heading", "heading", division.cite, division.number).blocks.append(block)
        self.waits = division if division.alone else None

    def _heading_goes_on(self, block: Block) -> bool:
        """Add the block as the title of a division whose label was alone on its line ("Chapter II"); return whether it
        was such a title."""
        division, self.waits = self.waits, None
        text = block.text
        if division is None or len(text) > LONGEST_TITLE or _ENDS.search(text) or marker(text):
            return False
        division.heading = f"{division.heading} {squeeze(text)}"
        self.by_locator[f"{division.id}/heading"].blocks.append(block)
        self.sections.pop()
        self._section(division.id, division.heading, len(self.divisions.open))
        return True

    def _other_heading(self, block: Block) -> bool:
        """Read a heading of no known form: close all open divisions, so that no text gets a wrong number. Return
        whether the block was such a heading."""
        if block.role != "heading" or block.page or self.base == "front" and not self.divisions.open:
            return False
        self.divisions.open, self.levels, self.bearer, self.run = [], Levels(), None, None
        number = sum(section.level == 0 for section in self.sections) + 1
        self.base, self.cite = f"text{number}", self.divisions.name
        self._section(self.base, block.text, 0)
        self._draft(f"{self.base}/heading", "heading", self.cite).blocks.append(block)
        return True

    def _section(self, locator: str, heading: str, level: int) -> None:
        """Add a section with this locator, heading and level; nothing for an empty locator."""
        if locator:
            path = self._path() or (squeeze(heading),)
            self.sections.append(
                Section(id=f"{self.document}/{locator}", heading=squeeze(heading), level=level, path=path)
            )

    def _path(self) -> tuple[str, ...]:
        """Return the open headings, and the level that a line such as "At the national level:" has set."""
        return (*self.divisions.headings, *self.topic, *([f"at the {self.run} level"] if self.run else ()))

    # --- words ---

    def _words(self, block: Block, after: Block | None) -> None:
        """Read a block of text, split at the lists inside it."""
        if self._between(block, after):
            return
        starts = inline_starts(block.text, after.text if after else "")
        for start, end in zip([0, *starts], [*starts, None]):
            self._piece(block.part(start, end))

    def _between(self, block: Block, after: Block | None) -> bool:
        """Read a short line between numbered paragraphs that belongs to the text after it: a heading without a number,
        or words that introduce paragraphs ("We are convinced that:"). Return whether the block was one."""
        last = self.drafts[-1] if self.drafts else None
        again = (
            last is not None
            and last.kind == "heading"
            and bool(self.topic)
            and squeeze(last.blocks[-1].text) == self.topic[-1]
        )
        if (
            last is None
            or not (again or last.number and last.kind != "heading" and last.blocks)
            or not _is_line(block)
            or self._closes(block)
            or not (again or re.search(r"[.;,。]\W*$", last.blocks[-1].text))
        ):
            return False
        following = marker(after.text) if after else None
        numbered = following is not None and following.readings[0].style == "1."
        opens = (
            block.text.rstrip().endswith(":")
            and self.layout.addressee(block.text) is None
            and self.layout.run(block.text) is None
        )
        heads = not _ENDS.search(block.text) and (
            numbered or after is not None and _is_line(after) and not _ENDS.search(after.text)
        )
        if not (heads or opens and numbered):
            return False
        self.topic = (*(self.topic if again else ()), squeeze(block.text)) if heads else ()
        self.bearer, self.run, self.last = None, None, ""
        number = sum(each.locator.startswith(f"{self.base}/h") for each in self.drafts) + 1
        name = f"{self.base}/h{number}" if heads else self._free()
        self._draft(name, "heading" if heads else "provision", self.cite).blocks.append(block)
        return True

    def _piece(self, block: Block) -> None:
        """Read a piece of text: the numbers at its start, then the rest."""
        if self.layout.is_label(block.text):
            self.asides.append(Aside("label", block))
            return
        found = marker(block.text)
        if found is None or not self.levels.admits(found) or found.readings[0].style == "A.":
            self._unnumbered(block)
            return
        while found is not None:
            self.asides.append(Aside("number", block.part(0, found.length)))
            block, path = block.part(found.length), self._place(found)
            found = marker(block.text) if block.text[:1] == "(" else None
        self._numbered(path, block)

    def _place(self, found: Marker) -> tuple[str, ...]:
        """Return the numbers from the outermost level to a marker; a new numbered paragraph resets the duty-bearer."""
        path = self.levels.place(found, self.last.endswith(":"))
        if len(path) == 1 and self.levels.open[0].style == "1.":
            self.bearer = None
        return path

    def _numbered(self, path: tuple[str, ...], block: Block) -> None:
        """Add the text of a paragraph with these numbers, outermost first."""
        if len(path) == 1 and any(
            not form.bare and form.match(squeeze(block.text), self.layout.ordinals) for form in self.layout.forms
        ):
            levels = (
                self.levels
            )  # "21. Objective 1: ...": the paragraph continues, and its content belongs to the objective
            division = self.divisions.heading(block.text)
            if division is not None:
                self.base, self.cite, self.levels = division.id, division.cite, levels
                self._section(division.id, division.heading, len(self.divisions.open))
        locator, cite = self._locate(path)
        parent = self._locate(path[:-1])[0] if len(path) > 1 else self.base if not path[0].isdecimal() else None
        self.bearer = self.layout.addressee(block.text) or self.bearer
        kind = "paragraph" if path[0].isdecimal() and len(path) == 1 else "provision"
        draft = self._draft(locator, kind, cite, path[-1], parent)
        draft.blocks += [block] if block.text else []
        self.last = block.text

    def _locate(self, path: tuple[str, ...]) -> tuple[str, str]:
        """Return locator and citation for these numbers, outermost first."""
        letters = "".join(f"({each})" for each in path[1:])
        if path and path[0].isdecimal() and self.levels.open[0].style == "1.":
            # before its first part, a document that has parts is the resolution that adopts it
            is_document = self.divisions.part is not None or not self.divisions.parts()
            prefix = self.divisions.prefix if is_document else "resolution/"
            owner = self.divisions.name + ("" if is_document else " resolution")
            return "/".join((f"{prefix}para{path[0]}", *path[1:])), f"{owner}, para. {path[0]}{letters}"
        run = (self.run,) if self.run and self._restarted(path) else ()
        return "/".join((self.base, *run, *path)), f"{self.cite} " + "".join(f"({each})" for each in path)

    def _restarted(self, path: tuple[str, ...]) -> bool:
        """Return whether letters began again at (a) because a line introduced another level."""
        draft = self.by_locator.get("/".join((self.base, *path[:1])))
        return draft is not None and draft.section != self._path()

    def _unnumbered(self, block: Block) -> None:
        """Read text without a number: an addressee, a level, masthead, recital, continuation, or a paragraph identified
        by its position."""
        if self._addressed(block) or self._item(block) or self._continues(block):
            return
        recital = (
            block.text.rstrip().endswith((",", ";"))
            or not self.divisions.waits()
            and (block.text.rstrip().endswith(":") or len(block.text) > LONGEST_TITLE)
        )  # a foreword before the parts is not a resolution
        if self.base == "front" and recital and block.role != "heading":
            self.base, self.cite = "preamble", f"{self.divisions.name}, preamble"
        if self.base == "front":
            self.titles.append(squeeze(block.text).lower())
        if self._closes(block):
            self._draft("closing", "closing", f"{self.divisions.short}, closing").blocks.append(block)
            return
        front = "front-matter" if len(block.text) > LONGEST_TITLE else "title"
        kind = {"front": front, "preamble": "recital", "opening": "title"}.get(self.base, "provision")
        self._draft(self._free(), kind, self.cite).blocks.append(block)
        self.last = block.text

    def _closes(self, block: Block) -> bool:
        """Return whether a block closes the resolution: it names the meeting and its date."""
        return len(block.text) < LONGEST_TITLE and self.layout.closes(block.text)

    def _item(self, block: Block) -> bool:
        """Read a list item whose letter exists only in the page's markup; it is identified by its position and has no
        number. Return whether the block was one."""
        if block.role != "item" or not self.levels.path:
            return False
        above, cite = self._locate(self.levels.path)
        place = 1 + sum(each.parent == above and each.kind == "list-item" for each in self.drafts)
        self._draft(
            f"{above}/i{place}", "list-item", f"{cite}, item without a printed letter", None, above
        ).blocks.append(block)
        return True

    def _free(self) -> str:
        """Return the next unused locator under the current heading: that of the heading itself, then p2, p3."""
        base = self.base if self.base not in ("front", "preamble", "opening") else f"{self.base}/p1"
        if base not in self.by_locator:
            return base
        number = 2
        while f"{self.base}/p{number}" in self.by_locator:
            number += 1
        return f"{self.base}/p{number}"

    def _addressed(self, block: Block) -> bool:
        """Read a line that only names an addressee or a level; return whether the block was one."""
        who, level = self.layout.addressee(block.text), self.layout.run(block.text)
        if who:
            self.bearer = who
            number = sum(each.kind == "addressee" for each in self.drafts) + 1
            self._draft(f"{self.base}/addressee{number}", "addressee", self.cite).blocks.append(block)
        elif level:
            self.run, self.levels, self.last = level, Levels(), ":"
            run = self._draft(f"{self.base}/{level.replace(' ', '-')}", "run", f"{self.cite}, at the {level} level")
            run.blocks.append(block)
        return bool(who or level)

    def _continues(self, block: Block) -> bool:
        """Add text that continues a numbered paragraph because it begins in lower case or is a further sub-paragraph;
        return whether it does."""
        if not self.drafts or not self.drafts[-1].blocks or block.role == "heading" or self._closes(block):
            return False
        previous = self.drafts[-1]
        lower = block.text[:1].islower() or (previous.kind == "recital" and not _ENDS.search(previous.blocks[-1].text))
        if not lower and not (previous.number and previous.kind != "heading"):
            return False
        if lower or self.levels.path:
            previous.blocks.append(block)
            self.last = block.text
            return True
        return False

    def _draft(
        self, locator: str, kind: str, citation: str, number: str | None = None, parent: str | None = None
    ) -> PassageDraft:
        """Add a new draft and return it; when its locator is already used, `~2` is added."""
        name, again = locator, 2
        while name in self.by_locator:
            name, again = f"{locator}~{again}", again + 1
        draft = PassageDraft(name, kind, citation, number, parent, self._path(), duty_bearer=self.bearer)
        self.by_locator[name] = draft
        self.drafts.append(draft)
        return draft

    def finish(self) -> None:
        """Give a heading the identifier of its division when no other draft has that."""
        for draft in self.drafts:
            if draft.kind == "heading" and draft.locator.endswith("/heading"):
                own = draft.locator.removesuffix("/heading")
                if own not in self.by_locator:
                    del self.by_locator[draft.locator]
                    draft.locator = own
                    self.by_locator[own] = draft
