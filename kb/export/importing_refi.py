"""Read parts of a REFI-QDA project as other programs write it: elements, codes as facets, selections and their rows."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from lxml import etree

from kb.coding.cells import printable
from kb.coding.codebook import Code, code_id, guid_of
from kb.coding.codebook_refi import normal_guid
from kb.coding.from_taxonomy import SCHEME
from kb.coding.own import OWN, TOP, coded, own_name
from kb.coding.safexml import local
from kb.export.offsets import location_of
from kb.export.qdpx import RECORD
from kb.export.refi import children, element, guid, words_in
from kb.export.rows import Row
from kb.models import Span, Tag

SELECTED = {
    "PDFSelection": "an area of a page says no words that stand once in the text of its source",
    "PictureSelection": "an area of a picture says no words that stand once in the text of its source",
    "AudioSelection": "a stretch of sound holds no words",
    "VideoSelection": "a stretch of film holds no words",
}
"""Selections without words, and why their codings cannot be imported."""
UNNAMED = "unnamed"
"""Coder of a coding for which the file names nobody."""
TEXTS = ("TextSource", "Note")
"""Elements that hold text themselves: a text source, and a note, which has the same structure."""
WORDED = ("Representation", "TextDescription", "Transcript")
"""Elements that hold the text of another source: of a PDF, a picture, a recording."""


def records(description: str) -> list[str]:
    """Return our rows as JSON, from a description that we wrote."""
    return [line.removeprefix(RECORD) for line in description.split("\n") if line.startswith(RECORD)]


def codings_in(element: etree._Element) -> int:
    """Count the codings in an element, at any depth."""
    return sum(1 for each in element.iter() if isinstance(each.tag, str) and local(each) == "Coding")


def facets_of(codes: Iterable[Code]) -> dict[str, tuple[str, str]]:
    """Return GUID to (facet, term) for each code: the facet is the top code, the term the rest of the path. For a
    top code, both are its own name."""
    codes = list(codes)
    named = {code.id: code for code in codes}
    ours = {code.guid for code in codes if code.guid in [guid_of(scheme, code.id) for scheme in (SCHEME, "kb")]}
    found = {}
    for code in codes:
        steps = [code]
        while steps[0].parent is not None:
            steps.insert(0, named[steps[0].parent])
        top, below = steps[0], steps[1:]
        if _is_own(top):
            found[code.guid] = (OWN, _own_term(top, below, ours) if below else OWN)
            continue
        rest = code.id.removeprefix(f"{top.id}/") if below else code.name
        found[code.guid] = (_term(top.name, top.id), _term(code.name, rest))
    return found


def _term(name: str, path: str) -> str:
    """Return the term of a code: its name if the path was made from it (another program's code), otherwise the path
    (our slugs)."""
    return name if code_id(name) == path else path


def _is_own(top: Code) -> bool:
    """Return whether `top` is the group of a researcher's own codes: by its path, or by its name if the path was
    lost."""
    return top.id == OWN or top.name == TOP


def _own_term(top: Code, below: Sequence[Code], ours: Container[str]) -> str:
    """Return the term of a code that a person named, here or in another program; `ours` are GUIDs that we made.

    Files from before 30 November 2026 call the group `own`, and name its codes as in the log (`social-justice` for
    "social justice"); a code added to such a file in another program is a name.
    """
    code, older = below[-1], top.name == OWN
    if code.guid in ours:
        term = code.id.removeprefix(f"{OWN}/")
        return term.replace("%2F", "/").replace("%25", "%") if older else term
    as_logged = older and top.guid not in ours and coded(own_name(code.name)) == code.name
    return code.name if as_logged else coded("/".join(each.name for each in below))


def renamed(codes: Iterable[Code], users: Mapping[str, str], rows: Iterable[Row]) -> Iterator[str]:
    """Report the researcher's own codes and the people, recognised by our GUIDs, that another program renamed; they
    keep their names here."""
    codes = list(codes)
    facets = facets_of(codes)
    for code in codes:
        facet, term = facets[code.guid]
        if facet != OWN or code.guid not in [guid_of(scheme, f"{OWN}/{term}") for scheme in (SCHEME, "kb")]:
            continue
        if term not in (coded(code.name), coded(own_name(code.name))) and not code.name.endswith(f"({OWN}/{term})"):
            yield f"the code '{own_name(term)}' is called '{code.name}' in the file, and keeps its name here"
    people = {tag.origin for row in rows for tag in row.tags if tag.origin.startswith("person:")}
    for origin in sorted(people):
        name, called = origin.removeprefix("person:"), users.get(guid("user", origin), "")
        if called not in ("", name, origin, printable(name)):
            yield f"'{name}' is called '{called}' in the file, and keeps the name here"


def span_of(selection: etree._Element, synced: Mapping[str, int]) -> Span:
    """Return the first and last+1 character of a selection in its text; of a transcript's, by its two sync points.

    Raises TypeError, ValueError or KeyError if it has none.
    """
    if local(selection) == "TranscriptSelection":
        return synced[normal_guid(selection.get("fromSyncPoint"))], synced[normal_guid(selection.get("toSyncPoint"))]
    return int(selection.get("startPosition")), int(selection.get("endPosition"))


def sync_points(part: etree._Element) -> dict[str, int]:
    """Map GUIDs of a transcript's sync points to characters of its text; those without a position are left out."""
    points = ((normal_guid(each.get("guid")), each.get("position") or "") for each in children(part, "SyncPoint"))
    return {guid: int(position) for guid, position in points if position.isdigit()}


class CodedRow:
    """One row of a project with the state of its codings: those still present, and those that were added elsewhere."""

    def __init__(self, row: Row, span: Span) -> None:
        self.row, self.span = row, span
        self.added: list[Tag] = []
        self._memos: list[str] = []
        self._kept: set[str] = set()
        self._remarks: dict[str, str] = {}
        self._codings = [
            guid("coding", row.id, str(at), tag.facet, tag.id, tag.origin) for at, tag in enumerate(row.tags)
        ]

    @property
    def ours(self) -> bool:
        """Whether the row is from our own export."""
        return bool(self.row.citation) or bool(self._codings)

    def holds(self, selection: etree._Element, span: Span) -> bool:
        """Return whether the selection belongs to this row: its GUID equals the one that we compute from the row and
        `span`."""
        mine = normal_guid(selection.get("guid")) == guid("selection", self.row.id, str(span))
        return mine and not records(words_in(selection))

    def keep(self, coding: str) -> bool:
        """Record that the coding with this GUID is present; return False if it belongs to another row."""
        self._kept.add(coding)
        return coding in self._codings

    def rejections(self, held: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """Yield (GUID of the coding, reference to the note) for each rejected code of the row whose note the element
        `held` refers to. The GUID of our note is made from that of the coding."""
        mine = {guid("note", own): own for own, tag in zip(self._codings, self.row.tags) if tag.state == "rejected"}
        for ref in children(held, "NoteRef"):
            if (own := mine.get(normal_guid(ref.get("targetGUID")))) is not None:
                yield own, ref

    def remark(self, coding: str, memo: str) -> None:
        """Store the remark `memo` on the row's own coding with the GUID `coding`."""
        if coding in self._codings:
            self._remarks[coding] = memo

    def keep_machines(self, tag: Tag) -> bool:
        """Record that a coding of a rule or model, which has no user, is still present; return False if this row has no
        such tag of the machine.

        Programs give codings new GUIDs; what the machine proposed must not be imported as a person's code because of
        that.
        """
        for own, known in zip(self._codings, self.row.tags):
            if not known.origin.startswith("person:") and (known.facet, known.id) == (tag.facet, tag.id):
                self._kept.add(own)
                return True
        return False

    def part(self, span: Span, text: str) -> Span | None | Literal[False]:
        """Return the part of this row's text inside a span of the source, as characters of the text: None for the
        complete text, False if they do not overlap."""
        if not (self.span[0] < span[1] and span[0] < self.span[1]):
            return False
        location = location_of(self.row, text)
        at = location.at if location.text is text else range(self.span[0], self.span[1])
        inside = [n for n, place in enumerate(at) if span[0] <= place < span[1]]
        every = [n for n, place in enumerate(at) if place >= 0 and not self.row.words[n : n + 1].isspace()]
        if not inside:
            return False
        return None if set(every) <= set(inside) else (inside[0], inside[-1] + 1)

    def add(self, tag: Tag, memo: str = "") -> None:
        """Add a code that was given elsewhere, with its memo."""
        self.added.append(tag)
        self._memos.append(memo)

    def drop_taken_over(self) -> list[Tag]:
        """Remove and return people's codes that may be the machine's: it proposed the same for the row, and its own
        coding is gone.

        Some programs record whoever opened the project as the creator of every coding.
        """
        gone = {
            (tag.facet, tag.id)
            for own, tag in zip(self._codings, self.row.tags)
            if not tag.origin.startswith("person:") and tag.state != "rejected" and own not in self._kept
        }
        dropped = [n for n, tag in enumerate(self.added) if (tag.facet, tag.id) in gone]
        taken = [self.added[n] for n in dropped]
        for n in reversed(dropped):
            del self.added[n], self._memos[n]
        return taken

    def _left(self) -> list[tuple[Tag, str]]:
        """Return the (tag, coding) pairs that are still there."""
        both = zip(self.row.tags, self._codings)
        return [(tag, own) for tag, own in both if tag.state == "rejected" or own in self._kept]

    def row_now(self) -> Row:
        """Return the row without the tags whose codings were deleted elsewhere, and with the codings that were made
        there."""
        return self.row.model_copy(update={"tags": (*(tag for tag, _ in self._left()), *self.added)})

    def memos_now(self) -> dict[int, str]:
        """Return memos on codings, by the position of their tag in `row_now`."""
        remarks = [*(self._remarks.get(own, "") for _, own in self._left()), *self._memos]
        return {n: memo for n, memo in enumerate(remarks) if memo}


def note_refs(element: etree._Element) -> list[str]:
    """Return the GUIDs of the notes attached to an element itself."""
    return [normal_guid(each.get("targetGUID")) for each in children(element, "NoteRef")]


OTHERS = {
    "Note": "notes that stand on no coding",
    "Link": "links",
    "Graph": "diagrams",
    "Set": "sets of sources or notes",
    "Description": "descriptions of the project or a source",
}
"""What a project may hold besides codings, and is not imported."""


def others_in(root: etree._Element, used: Container[str]) -> dict[str, int]:
    """Count, by kind, the elements of a project that are not imported (`OTHERS`); notes in `used` were imported with
    their coding."""
    found = Counter(
        local(each)
        for each in root.iter()
        if isinstance(each.tag, str) and local(each) in OTHERS and _is_left(each, used)
    )
    return dict(found)


def _is_left(element: etree._Element, used: Container[str]) -> bool:
    """Return whether an element of a kind in OTHERS has content that was not imported in another way; `used` are the
    GUIDs of imported notes."""
    if local(element) == "Set":
        return any(local(each) in ("MemberSource", "MemberNote") for each in element)
    if local(element) == "Description":
        of = local(element.getparent())
        return (of == "Project" or of.endswith("Source")) and bool(words_in(element).strip()) and not _is_ours(element)
    return normal_guid(element.get("guid")) not in used


def _is_ours(description: etree._Element) -> bool:
    """Return whether we wrote a description: of a project (how it was made) or of a source (our records)."""
    root = description.getroottree().getroot()
    return (root.get("origin") or "").startswith("kb") or bool(records(words_in(description)))


def users_in(users: Iterable[etree._Element]) -> dict[str, str]:
    """Return GUID to name for each user: the name, or else the short name, or else a name that is different for each
    unnamed user."""
    found = {}
    for user in users:
        guid = normal_guid(user.get("guid"))
        found[guid] = user.get("name") or user.get("id") or f"unnamed {guid[:8]}".strip()
    return found


def decoded(data: bytes) -> str:
    """Decode a text file of a project: UTF-8, or UTF-16 with a byte order mark. Raises UnicodeDecodeError for
    others."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if wide else "utf-8-sig")


def file_in(names: Iterable[str], path: str) -> str | None:
    """Return the file of the project that a source refers to: the one after `internal://`, or one with the same last
    name if the program wrote a path on its own machine. None if there is none."""
    inside = path.removeprefix("internal://")
    last = re.split(r"[/\\]", inside)[-1]
    wanted = [f"sources/{each}".lower() for each in dict.fromkeys((inside, last)) if each]
    held = {name.lower(): name for name in names}
    return next((held[each] for each in wanted if each in held), None)


def selections(part: etree._Element) -> Iterator[etree._Element]:
    """Yield the selections of words in a text, in order."""
    yield from (each for each in part if local(each) in ("PlainTextSelection", "TranscriptSelection"))


NAMED = 4
"""Words that an area's name must have to be used as its text: a shorter one may be a title."""


def located(words: str, text: str, least: int = 1) -> Span | None:
    """Return where words occur in a text, ignoring white space; None if they do not occur exactly once, are fewer
    than `least`, or were cut off ("…")."""
    parts = words.split()
    if len(parts) < least or words.rstrip().endswith(("…", "...")):
        return None
    places = [each.span() for each in re.finditer(r"\s+".join(map(re.escape, parts)), text)] if parts else []
    return places[0] if len(places) == 1 else None


def as_words(area: etree._Element, span: Span) -> etree._Element:
    """Return an area of a page or picture as a selection of the words found in it, with its codings."""
    attributes = {name: value for name in ("guid", "name", "creatingUser") if (value := area.get(name))}
    made = element("PlainTextSelection", **attributes, startPosition=str(span[0]), endPosition=str(span[1]))
    made.extend([each for each in area if local(each) != "Representation"])
    return made
