"""Compare a register with an official text, and decide whether a user's file is the document as which it is added.

Checked are that every identifier exists, that headings and ranges agree, and that each statement is nearest to the
passage that it cites. This can prove that an entry refers to the right place. Whether our statement is correct, a
person must judge; statements that are not nearest to their own passage are listed for that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from pydantic import Field

from kb.amounts import some
from kb.commitments.nearest import Encode, rankings
from kb.commitments.official import OfficialText
from kb.commitments.register import Entry, Instrument, load_instrument
from kb.errors import DataError, RefusedError
from kb.files import replacing
from kb.languages import MAIN
from kb.models import Document, Model
from kb.structure import gaps
from kb.text import squeeze

NEAR = 3  # with CRPD in English all 258 statements have their passage, or the one above or below it, among the first 3
WHOLE = 0.9  # minimum share of a register's entries that a complete text contains
ALIKE = 0.5  # minimum share of headings, and of statements near their passage, in the same document
LANGUAGE = MAIN
"""Language of the registers; a text in another language is compared by identifiers and numbers only."""
FEW = 3  # minimum number of headings for their share to be meaningful
_LABEL = re.compile(
    r"^(?:(?:strategic objective|commitment|issue|objective|priority direction|chapter|article|annex)\b\s*)?"
    r"(?:[A-Z]\.\d+|\d+|[IVXLC]+|[A-Z])?\s*[.:–—-]*\s+",
    re.IGNORECASE,
)


class EntryComparison(Model):
    """The result of comparing one register entry with the official text."""

    id: str
    exists: bool
    heading_agrees: bool | None = Field(None, description="None where the text prints no heading there")
    range_found: tuple[int, int] | None = None
    range_agrees: bool | None = Field(None, description="None where the entry states no range")
    rank: int | None = Field(None, description="place of the cited passage among those nearest to the statement")
    rank_with_kin: int | None = Field(None, description="the same, the passage above or below it counted as it")
    nearest: str | None = None
    problems: tuple[str, ...] = Field((), description="disagreements: the entry is not upgraded")
    remarks: tuple[str, ...] = Field((), description="worth a person's look; no disagreement")

    @property
    def agrees(self) -> bool:
        """Whether text and entry agree."""
        return not self.problems


class RegisterComparison(Model):
    """The result of comparing a register with an official text."""

    instrument: str
    sha256: str
    language: str = Field(
        LANGUAGE, description="of the text; where it is not the register's, headings and words are not compared"
    )
    entries: int
    findings: tuple[EntryComparison, ...]
    absent: tuple[str, ...] = Field((), description="identifiers over which the numbers of the text jump")

    @property
    def agreeing(self) -> int:
        """Number of entries without a disagreement."""
        return sum(finding.agrees for finding in self.findings)

    @property
    def coverage(self) -> float:
        """Share (0 to 1) of entries whose identifier is in the text."""
        return sum(finding.exists for finding in self.findings) / max(1, self.entries)

    @property
    def first(self) -> int:
        """Number of statements to which their own passage is the nearest of all."""
        return sum(finding.rank == 1 for finding in self.findings)

    @property
    def near(self) -> int:
        """Number of statements to which the passage above or below their own is the nearest of all."""
        return sum(finding.rank_with_kin == 1 for finding in self.findings) - self.first


def compare(instrument: Instrument, document: Document, encode: Encode | None = None) -> RegisterComparison:
    """Compare every entry of a register with a parsed official text: identifiers, paragraph numbers and letters; in the
    register's language also headings and words. `encode` embeds texts, so that nearness is also that of meaning."""
    official = OfficialText.of(document)
    places = {entry.id: _place(entry, official) for entry in instrument.entries}
    alike = document.language == LANGUAGE
    near = _nearest(instrument.entries, places, official, encode) if alike else {}
    above = {entry.id: entry.parent for entry in instrument.entries}
    findings = tuple(
        _finding(entry, places[entry.id], official, near.get(entry.id), above) for entry in instrument.entries
    )
    return RegisterComparison(
        instrument=instrument.id,
        sha256=document.place.sha256,
        language=document.language,
        entries=len(findings),
        findings=findings,
        absent=_absent(document),
    )


def _place(entry: Entry, official: OfficialText) -> str | None:
    """Return the identifier of an entry in the text: the same one, or for a chapter or section, that of the only
    division with its heading; None when there is neither."""
    if official.has(entry.id):
        return entry.id
    alike = [id for id, heading in official.headings.items() if same_heading(entry.heading, heading)]
    return alike[0] if len(alike) == 1 and entry.kind in ("chapter", "section") else None


def same_heading(one: str, other: str) -> bool:
    """Return whether two headings are equal except for labels, case and punctuation. A heading that is only a label is
    compared by its label."""
    a, b = (_plain(each) for each in (one, other))
    if not a or not b:
        return _words_of(one)[:2] == _words_of(other)[:2]
    # nine tenths: headings differ by a sign or an ending between editions; chosen by eye on the registers
    return a == b or a.startswith(b) or b.startswith(a) or SequenceMatcher(None, a, b).ratio() > 0.9


def _words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _plain(heading: str) -> str:
    """Return the lower-case words of a heading without its label."""
    return " ".join(_words_of(_LABEL.sub("", f"{squeeze(heading)} ")))


def _nearest(
    entries: Sequence[Entry], places: dict[str, str | None], official: OfficialText, encode: Encode | None
) -> dict[str, list[str]]:
    """Return for each entry found in the text the ids of all entries found, ordered by how near their passages are to
    its statement, nearest first. `places` maps each entry to its identifier in the text."""
    here = [entry for entry in entries if places[entry.id]]
    texts = [f"{official.heading(places[e.id] or '') or ''} {official.words(places[e.id] or '')}" for e in here]
    orders = rankings([f"{e.heading} {e.statement}" for e in here], texts, encode)
    return {entry.id: [here[at].id for at in order] for entry, order in zip(here, orders)}


def _finding(
    entry: Entry, place: str | None, official: OfficialText, near: list[str] | None, above: dict[str, str | None]
) -> EntryComparison:
    """Compare one entry with its passage in the official text, at the identifier `place` (None: the text has none).
    `near` is what `_nearest` returns for the entry; when None, words and headings are not compared. `above` maps each
    id to its parent."""
    if place is None:
        return EntryComparison(id=entry.id, exists=False, problems=(f"{entry.identifier} is not in the text",))
    found = official.range(place) if entry.range else None
    in_range = None if entry.range is None or found is None else found == (entry.range.first, entry.range.last)
    problems = _letters(entry, official.letters(place))
    if in_range is False and entry.range and found:
        problems.insert(0, f"paragraphs: register {entry.range.first}-{entry.range.last}, text {found[0]}-{found[1]}")
    if near is None:
        return EntryComparison(
            id=entry.id, exists=True, range_found=found, range_agrees=in_range, problems=tuple(problems)
        )
    heading = official.heading(place)
    agrees = None if heading is None or entry.kind == "preamble" else same_heading(entry.heading, heading)
    rank, with_kin = near.index(entry.id) + 1, next(n for n, id in enumerate(near, 1) if _kin(id, entry.id, above))
    if agrees is False:
        problems.insert(0, f"heading: register '{entry.heading}', text '{heading}'")
    if with_kin > NEAR:
        problems.append(f"statement is nearer to {near[0]}; its own passage comes {rank}.")
    remarks = (f"nearest passage is {near[0]}, its own comes {rank}.",) if not problems and with_kin > 1 else ()
    return EntryComparison(
        id=entry.id,
        exists=True,
        heading_agrees=agrees,
        range_found=found,
        range_agrees=in_range,
        rank=rank,
        rank_with_kin=with_kin,
        nearest=near[0],
        problems=tuple(problems),
        remarks=remarks,
    )


def _letters(entry: Entry, printed: tuple[str, ...]) -> list[str]:
    """Return descriptions of errors in the letters that a statement names: it must name every letter of the paragraph
    (`printed`), and no other; [] when either has no letters."""
    named = set(re.findall(r"\(([a-z])\)", entry.statement))
    wanted = {letter for letter in printed if len(letter) == 1}
    if not named or not wanted:
        return []
    inside = {part for letter in printed for part in letter.split("/")}
    faults = [f"letter ({letter}) is not in the statement" for letter in sorted(wanted - named)]
    return faults + [f"the statement names ({letter}), which the text has not" for letter in sorted(named - inside)]


def _kin(one: str, other: str, above: dict[str, str | None]) -> bool:
    """Return whether two entries are the same, or one is above the other, by the register's tree or by their
    identifiers."""
    return one == other or _under(one, other, above) or _under(other, one, above)


def _under(low: str, high: str, above: dict[str, str | None]) -> bool:
    """Return whether identifier `low` is below `high`, by its own parts or by `above`, which maps each id to its
    parent."""
    if low.startswith(f"{high}/"):
        return True
    step = above.get(low)
    while step and step != high:
        step = above.get(step)
    return step == high


# --- marking entries as verified ---


def upgrade(path: Path, report: RegisterComparison) -> int:
    """Write `verified: official-text` and the text's hash to the entries that agree; return how many were changed.

    The file is edited line by line, so that comments and wording are kept; the result is validated by loading it, and
    replaces the file atomically. Raises RefusedError when the text has too few of the entries to be complete, DataError
    when an entry was not found in the file.
    """
    if report.coverage < WHOLE:
        raise RefusedError(
            f"the text holds {report.coverage:.0%} of the entries of '{report.instrument}', so it is not whole "
            "or not this document; nothing was written.",
            do="Add the complete official text.",
        )
    agreeing = {finding.id: finding for finding in report.findings if finding.agrees}
    old = path.read_text(encoding="utf-8")
    new, changed = _edited(old, agreeing, report.sha256)
    with replacing(path) as beside:
        beside.write_text(new, encoding="utf-8")
        made = load_instrument(beside)
        if {e.id for e in made.entries if e.verified_against == report.sha256} != set(agreeing):
            raise DataError("the edit did not reach every entry.", where=str(path), do="Report this file's layout.")
    return changed


def _edited(text: str, agreeing: dict[str, EntryComparison], sha256: str) -> tuple[str, int]:
    """Return the register's text with the agreeing entries marked as verified, and the number of changed entries."""
    parts = re.split(r"(?m)^(?=\s*- id: )", text)
    changed = 0
    for at, part in enumerate(parts):
        named = re.match(r"(\s*)- id: (\S+)", part)
        if named and (finding := agreeing.get(named[2].strip("'\""))):
            parts[at] = _marked(part, named[1] + "  ", finding, sha256)
            changed += parts[at] != part
    return "".join(parts), changed


def _marked(part: str, indent: str, finding: EntryComparison, sha256: str) -> str:
    """Return the lines of one entry with `verified` and `verified_against` set, and its range marked if that agrees."""
    part = re.sub(rf"(?m)^{indent}verified(?:_against)?:.*\n", "", part)
    if finding.range_agrees:
        part = re.sub(rf"(?m)^({indent}range: \{{[^}}]*?)(?:, verified: \w+)?\}}", r"\1, verified: true}", part)
    body = part.rstrip("\n")
    return f"{body}\n{indent}verified: official-text\n{indent}verified_against: '{sha256}'\n" + part[len(body) + 1 :]


# --- whether a file is the claimed document ---


class Claim(Model):
    """Whether a file is the instrument as which it is added (`verdict`), with the reasons for and against."""

    instrument: str
    verdict: Literal["agrees", "doubtful", "refused"]
    reasons: tuple[str, ...]


def identify(
    instrument: Instrument,
    document: Document,
    others: Sequence[Instrument] = (),
    *,
    source: str = "",
    language: str | None = None,
) -> Claim:
    """Decide whether a parsed text is the instrument, by its names, identifiers, headings and language.

    `others` are the other instruments that it might be. `source` is the beginning of the raw text, in which names are
    searched for; `language` is the one identified from its words.
    """
    if language and language != document.language:
        fault = f"its words are '{language}', not '{document.language}': say --language {language}"
        return Claim(instrument=instrument.id, verdict="refused", reasons=(fault,))
    report = compare(instrument, document) if document.language == LANGUAGE else None
    official = OfficialText.of(document)
    against = _other(instrument, official, report, others, source)
    reasons = against or _warnings(instrument, official, report)
    verdict: Literal["agrees", "doubtful", "refused"] = "refused" if against else "doubtful" if reasons else "agrees"
    return Claim(instrument=instrument.id, verdict=verdict, reasons=tuple(reasons))


def _other(
    instrument: Instrument,
    official: OfficialText,
    report: RegisterComparison | None,
    others: Sequence[Instrument],
    source: str,
) -> list[str]:
    """Return reasons to conclude that a text is another document or version, from names, identifiers and headings; []
    when there are none."""
    found = sum(_place(entry, official) is not None for entry in instrument.entries) / max(1, len(instrument.entries))
    named = _named(instrument, source)
    other = (
        None if named else next((each for each in others if each.id != instrument.id and _named(each, source)), None)
    )
    headings = [f for f in (report.findings if report else ()) if f.heading_agrees is not None]
    alike = sum(f.heading_agrees or False for f in headings) / len(headings) if headings else None
    ranked = [f for f in (report.findings if report else ()) if f.rank_with_kin is not None]
    at_home = sum((f.rank_with_kin or 0) <= NEAR for f in ranked) / len(ranked) if len(ranked) > 2 * NEAR else None
    renumbered = any(
        share is not None and share < ALIKE for share in (alike if len(headings) >= FEW else None, at_home)
    )
    a_part = None not in (alike, at_home) and min(alike or 0, at_home or 0) >= WHOLE
    # a statement with less than a tenth of the words of its passage is of another one; chosen by eye on the registers
    if not (other or found < 0.1 or renumbered or (not named and found < WHOLE and not a_part)):
        return []
    reasons = [
        f"it has {found:.0%} of the identifiers of '{instrument.id}'"
        + ("" if alike is None else f", {alike:.0%} of their headings agree")
        + ("" if at_home is None else f", {at_home:.0%} of our statements are near to the words under their number")
        + ("" if named else ", and its beginning does not name it")
        + (f"; it names '{other.id}'" if other else "")
    ]
    if renumbered and named:
        first = next((f for f in (*headings, *ranked) if f.problems), None)
        reasons.append(
            (f"first {first.id}: {first.problems[0].rstrip('.')}; " if first else "")
            + "is it a draft, a protocol or another version?"
        )
    return reasons


def _named(instrument: Instrument, source: str) -> bool:
    """Return whether a text names the instrument near its beginning: title, a longer name, or symbol."""
    names = [instrument.title, *(name for name in instrument.aliases if len(name) > 12), instrument.symbol]
    start = squeeze(source[:20000]).lower().replace("/ ", "/")
    return any(name.lower() in start for name in names if name)


def _absent(document: Document) -> tuple[str, ...]:
    """Return the identifiers that are missing in the numbering of a text."""
    return (*gaps.missing(document), *gaps.inside(document))


def cut_out(absent: Sequence[str]) -> str:
    """Return the warning for identifiers that are missing in the numbering of a text."""
    more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""  # five fit a line
    return f"the numbers jump over {', '.join(absent[:5])}{more}: was something cut out?"


def _warnings(instrument: Instrument, official: OfficialText, report: RegisterComparison | None) -> list[str]:
    """Return signs that a text is incomplete or a draft: missing entries, different paragraph numbers."""
    missing = [entry for entry in instrument.entries if _place(entry, official) is None]
    found = []
    if missing:
        at_end = missing == list(instrument.entries[-len(missing) :])
        found.append(
            f"not in it: {len(missing)} of {some(len(instrument.entries), 'entry')}, "
            + (
                f"all from {missing[0].identifier} to the end: is it cut off?"
                if at_end
                else f"the first is {missing[0].identifier}"
            )
        )
    absent = _absent(official.document)
    if absent:
        found.append(cut_out(absent))
    moved = [f for f in report.findings if f.range_agrees is False] if report else []
    if moved:
        by_id = {entry.id: entry for entry in instrument.entries}
        found.append(
            f"paragraph numbers differ for {some(len(moved), 'entry')}, e.g. {by_id[moved[0].id].identifier} "
            f"({moved[0].problems[-1]}): is it a draft?"
        )
    return found
