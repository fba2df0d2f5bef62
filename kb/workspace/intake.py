"""Add a file: read it, check it, record it in the library, publish it in the index. If a step fails, everything is
undone.

The file in the library, the policy in its policy set and the passages in the index become valid at the same moment;
therefore this module is above `sources` and `index`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kb.amounts import some
from kb.assessment import policies
from kb.assessment.models import Policy
from kb.assessment.proposals import store_run
from kb.config import Settings
from kb.errors import InputError, NotFound, RefusedError
from kb.files import readable
from kb.framework import Framework
from kb.iso import check_language
from kb.languages import MAIN
from kb.log.store import Workspace
from kb.models import Document, Pages, Standing
from kb.sources import keep
from kb.sources.facts import check_policy, policy_id, policy_record, text_record
from kb.sources.keep import LibraryChange
from kb.sources.library import (
    LibraryRecord,
    checked,
    find,
    in_index,
    records,
    structured,
)
from kb.sources.manifest import load_manifest
from kb.sources.own import refuse_own_source
from kb.structure.unplaced import unplaced_words
from kb.text import bare
from kb.workspace.rehearsal import PolicyPlace, id_in_set, put_into_set
from kb.workspace.shelf import AT_ONCE, Publishing, Say, carry_out, holding, is_published, opened_for, refuse_used

Propose = Callable[[Document, Framework], object]


@dataclass(frozen=True)
class Arrival:
    """A file to add, or a policy of the library to add to a set, with what a person states about it.

    `official` is the id of the official document that the file is; without it, the file is a policy. `kept` is the
    record of a policy that is in the library already. Only `standing`, entered by a person, says whether a text is
    in force.
    """

    file: Path
    official: str = ""
    country: str = ""
    title: str = ""
    dated: str = ""
    standing: str = ""
    language: str = ""
    origin: str = ""
    replace: bool = False
    anyway: bool = False
    kept: LibraryRecord | None = None
    place: PolicyPlace | None = None


@dataclass(frozen=True)
class AddedFile:
    """The result of adding a file: its record, its policy if it was added to a set, and whether it can be searched
    already."""

    record: LibraryRecord
    policy: Policy | None
    searchable: bool
    note: str


def take(
    settings: Settings, arrival: Arrival, ws: Workspace | None = None, publishing: Publishing = AT_ONCE
) -> AddedFile:
    """Add a file completely or not at all; return the result. `publishing` says when the index is updated.

    Raises what reading raises; InputError for a file without text, an invalid code or date, or the background paper
    itself; RefusedError for a text that exists already or is not the stated document; NotFound for an unknown policy
    set or source.
    """
    check_language(arrival.language)
    if arrival.kept and arrival.place and not arrival.place.id:
        arrival = replace(arrival, place=replace(arrival.place, id=arrival.kept.id))
    with opened_for(ws, arrival.place is not None, settings) as opened:
        text = _text(settings, arrival, opened, publishing)
        with holding(settings, opened):
            change, record = _change(settings, text, arrival, opened)
            coming = _Coming(change, record, text.document(record))
            if arrival.place and opened:
                coming.into = partial(put_into_set, opened, arrival.place, text.facts, coming.document)
                coming.into(rehearsal=True)
            publishing.text(coming.document)
            return _make(settings, coming, publishing, text.file)


@dataclass(frozen=True)
class _Text:
    """A file that was read and checked: its pages, and its record as it will be stored.

    `facts` is what a person states about it now, which the policy set stores; `kept` is its record if the file is in
    the library already.
    """

    file: Path
    pages: Pages
    facts: LibraryRecord
    kept: LibraryRecord | None = None

    def document(self, record: LibraryRecord) -> Document:
        """Return the structured text under its id in the library, which `record` has."""
        return structured(
            self.pages,
            record.id,
            title=record.title,
            style=record.style,
            force=record.force,
            language=record.language,
            short=record.short,
            name=record.file,
        )


@dataclass
class _Coming:
    """An addition that is prepared but not carried out: a change of the library, the text, and the function that
    adds the policy to its set."""

    change: LibraryChange | None
    record: LibraryRecord
    document: Document
    into: Callable[..., Policy] | None = None
    policy: Policy | None = None


def _text(settings: Settings, arrival: Arrival, ws: Workspace | None, telling: Publishing) -> _Text:
    """Read the file of an arrival and check what is stated about it; return the text. `telling` reports the
    progress. Raises KBError if the file cannot be read or is refused."""
    if arrival.kept:
        return _of_library(settings, arrival.kept, arrival, telling)
    return _official(settings, arrival, telling) if arrival.official else _policy(settings, arrival, ws, telling)


# --- read and check ---


def _official(settings: Settings, arrival: Arrival, telling: Publishing) -> _Text:
    """Return the text of an official document. Raises RefusedError, with reasons, if the file does not look like
    that document."""
    from kb.citing.installed import claim_of, own_language

    source = load_manifest(settings.corpus).get(arrival.official)
    pages = _read(arrival.file, telling)
    language = arrival.language or own_language(pages, source)
    taken: tuple[str, ...] = (f"its words are '{language}': taken as the text in that language",)
    taken = taken if language not in (arrival.language, source.language) else ()
    record = text_record(arrival.file, source, origin=arrival.origin, language=language)
    text = _Text(arrival.file, pages, record)
    document = text.document(record)
    claim = claim_of(settings, pages, document, source)
    if claim.verdict == "refused" and not arrival.anyway:
        raise RefusedError(
            f"it does not look like '{source.id}': {'; '.join(claim.reasons).rstrip('.?')}.",
            where=str(arrival.file),
            do="Check the file; add --anyway if you are sure.",
        )
    _refuse_empty(
        "".join(each.text for each in pages.paragraphs)
        if arrival.anyway
        else "".join(passage.text for passage in document.passages),
        text,
    )
    warnings = (*taken, *claim.reasons, *unplaced_words(document))
    return _Text(arrival.file, pages, record.model_copy(update={"warnings": warnings}))


def _policy(settings: Settings, arrival: Arrival, ws: Workspace | None, telling: Publishing) -> _Text:
    """Return the text of a policy from a new file."""
    country, place = arrival.country, arrival.place
    _check_place(place)
    if place and ws:
        country = country or policies.policy_set(ws, place.policy_set).country
    title = arrival.title or arrival.file.stem.replace("_", " ").replace("-", " ")
    check_policy(country, title, arrival.dated, arrival.standing)
    pages = _read(arrival.file, telling)
    id = (
        policy_id(place.policy_set, place.version_of or place.id or title, place.label)
        if place
        else policy_id(country, title)
    )
    record = policy_record(
        arrival.file,
        country=country,
        title=title,
        date=arrival.dated,
        status=arrival.standing,
        id=_free(id, settings),
        language=arrival.language or pages.language or MAIN,
        origin=arrival.origin,
    )
    text = _Text(arrival.file, pages, record)
    document = text.document(record)
    _refuse_empty("".join(passage.text for passage in document.passages), text)
    refuse_own_source(document, settings.corpus)
    telling.say(f"{some(len(document.passages), 'passage')} read")
    return text


def _of_library(settings: Settings, record: LibraryRecord, arrival: Arrival, telling: Publishing) -> _Text:
    """Return the text of a policy that is in the library already; values that `arrival` states replace those of its
    record. Raises InputError for an official text."""
    if record.kind != "policy":
        raise InputError(
            f"'{record.id}' is an official text, not a policy.",
            where=record.file,
            do="Give a law, plan or programme of a country.",
        )
    given = {"title": arrival.title, "date": arrival.dated, "status": arrival.standing}
    given = {name: value for name, value in given.items() if value}
    facts = record.model_copy(update=given)
    check_policy(facts.country or "", facts.title, facts.date or "", facts.status or "")
    facts = LibraryRecord.model_validate(facts.model_dump(warnings=False))  # the checks above give better errors
    _check_place(arrival.place)
    text = _Text(settings.library / record.file, _read(checked(record, settings.library), telling), facts, record)
    refuse_own_source(text.document(record), settings.corpus)
    return text


def _read(file: Path, telling: Publishing) -> Pages:
    from kb.read import read

    readable(file, missing=NotFound)
    telling.say(f"reading {file.name}")
    return read(file, progress=telling.read)


def _check_place(place: PolicyPlace | None) -> None:
    """Raise InputError for an invalid id or an invalid version label; do nothing for None."""
    if place is None:
        return
    if place.id and not policies.is_id(place.id):
        raise InputError(
            f"'{place.id[:60]}' is no id of a policy.",
            do="Use up to 80 letters, digits, '-', '_' and '.', e.g. pension-act.",
        )
    # a label is a year or a name of an edition; 80 letters fit the list of versions
    if not place.label.strip() or len(place.label) > 80:
        raise InputError("A version needs a label of up to 80 characters.", do="Give --label, e.g. 2019.")


def _free(id: str, settings: Settings) -> str:
    """Return the id, with a prefix if a source of the corpus has the same id."""
    return f"policy-{id}" if id in {source.id for source in load_manifest(settings.corpus).sources} else id


def _refuse_empty(words: str, text: _Text) -> None:
    """Raise InputError for a file without text, or one that changed while it was read; `words` names the file."""
    if not bare(words):
        raise InputError(
            "the document holds no text.", where=str(text.file), do="Give a file with text, or read the scan with OCR."
        )
    if text.pages.sha256 != text.facts.sha256:
        raise InputError("the file changed while it was read.", where=str(text.file), do="Try again.")


# --- record ---


def _change(
    settings: Settings, text: _Text, arrival: Arrival, ws: Workspace | None
) -> tuple[LibraryChange | None, LibraryRecord]:
    """Return the change of the library (None if the file is in it already), and the record that is valid afterwards.
    Raises RefusedError if the file is in the library under another id."""
    if text.kept:
        return None, text.kept
    same = _same_file(settings.library, text.facts)
    if same and not arrival.replace and (arrival.place or same.id != text.facts.id):
        if arrival.place is None:
            raise RefusedError(
                f"this file is in the library as '{same.id}'.",
                where=same.file,
                do=f"Use that one, or take it out first: kb remove {same.id}",
            )
        return None, same
    old = find(settings.library, text.facts.id, text.facts.language)
    if old and arrival.replace:
        refuse_used(
            settings,
            old,
            ws,
            "replaced",
            "Add the newer text to the set as a version: kb policies add SET FILE --version-of POLICY",
        )
    place = arrival.place
    where = (place.policy_set, id_in_set(place, text.facts), text.facts.sha256) if place else ()
    change = keep.addition(text.facts, settings.library, replace=arrival.replace, place=where)
    return change, change.record if change else old or text.facts


def _same_file(library: Path, record: LibraryRecord) -> LibraryRecord | None:
    """Return the record of a policy in the library with the same bytes and the same country; None if there is none."""
    return next(
        (
            each
            for each in records(library)
            if each.kind == record.kind == "policy"
            and each.sha256 == record.sha256
            and each.country in (record.country, None)
        ),
        None,
    )


# --- publish ---


def _make(settings: Settings, coming: _Coming, publishing: Publishing, file: Path) -> AddedFile:
    """Add the file to the library, the policy to its set and the text to the index: all three, or none."""
    change = coming.change

    def put() -> None:
        """Add the policy to its set."""
        coming.policy = coming.into() if coming.into else None

    document = in_index(coming.document, coming.record) if change else None
    note = carry_out(
        settings,
        change,
        document,
        put,
        publishing,
        file if change else None,
        fresh=change is None and is_published(settings, coming.record),
    )
    return AddedFile(coming.record, coming.policy, not note, note)


# --- for the app ---


def take_in(
    ws: Workspace,
    settings: Settings,
    policy_set_id: str,
    file: Path,
    *,
    title: str,
    by: str,
    label: str,
    standing: Standing,
    dated: str,
    language: str = "",
    version_of: str = "",
    reason: str = "",
    publishing: Publishing = AT_ONCE,
) -> AddedFile:
    """Add a policy file to a set, as a new policy or as a newer text of `version_of`; otherwise like `take`."""
    place = PolicyPlace(policy_set_id, by, label=label, version_of=version_of, reason=reason)
    return take(
        settings,
        Arrival(file, title=title, dated=dated, standing=standing, language=language, place=place),
        ws,
        publishing,
    )


def look_through(
    ws: Workspace,
    framework: Framework,
    policy_set_id: str,
    policy: str,
    *,
    propose: Propose | None = None,
    say: Say = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> str:
    """Run `kb assess` on the policy's current text and store the proposals; return the id of the run. No status is
    set. `propose` is called instead of `kb.assess.propose`."""
    with ws.reading() as reader:
        document = policies.document_of(
            reader, policies.one_policy(policies.read_set(reader, policy_set_id), policy).current
        )
    if propose is None:
        from kb.assess import propose as machine
        from kb.learning import learned

        known = learned(ws, document.language, policy_set=policy_set_id, policy=policy)
        propose = partial(machine, progress=progress, decided=known)
    say(f"looking through {some(len(document.passages), 'passage')} for {framework.criteria_count} criteria")
    return store_run(ws, policy_set_id, policy, propose(document, framework))  # type: ignore[arg-type]
