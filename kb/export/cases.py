"""Write sources as cases of a REFI-QDA project, with known facts as their attributes; read cases back as attributes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from kb.citing.reference import authors_of
from kb.coding.cells import printable
from kb.coding.codebook_refi import normal_guid
from kb.coding.safexml import local
from kb.export.refi import NS, child, children, element, guid, words_in
from kb.export.source_note import SourceNote
from kb.models import Model

VARIABLES = {"Country": "Text", "Year": "Integer", "Body": "Text", "Force": "Text"}
"""What is recorded for every source; each source is a case, so that other programs can make tables by these."""


def attributes_of(source: SourceNote) -> dict[str, str]:
    """Return country, year, body and force of a source, as far as they are known."""
    year = source.date[:4]
    body = "; ".join(authors_of(source.author, source.force))
    found = {"Country": source.country, "Year": year if year.isdigit() else "", "Body": body, "Force": source.force}
    return {name: value for name, value in found.items() if value}


def values_of(source: SourceNote, name: str) -> list[str]:
    """Return the values of a source's property `name`, ignoring case: from its record, or else from its cases; empty
    if there is none."""
    of_record = {known.casefold(): value for known, value in attributes_of(source).items()}
    if name.casefold() in of_record:
        return [of_record[name.casefold()]]
    given = (each.value for each in source.attributes if each.name.casefold() == name.casefold())
    return sorted(dict.fromkeys(given))


# --- writing ---


class _Case(NamedTuple):
    """A case to be written: its name, its values (name, kind, value), and the documents it stands for."""

    name: str
    values: tuple[tuple[str, str, str], ...]
    documents: list[str]


def _cases(sources: Sequence[tuple[str, str]], known: dict[str, SourceNote]) -> list[_Case]:
    """Return a case for each source of which something is known, and the cases that came from other programs."""
    own: list[_Case] = []
    others: dict[tuple[str, tuple[tuple[str, str, str], ...]], _Case] = {}
    for document, title in sources:
        note = known.get(document) or SourceNote(document=document)
        record = [(name, VARIABLES[name], value) for name, value in attributes_of(note).items()]
        taken = {name.casefold() for name, _, _ in record}
        given = [(a.name, a.kind, a.value) for a in note.attributes if not a.case and a.name.casefold() not in taken]
        if record or given:
            own.append(_Case(title[:250], (*record, *given), [document]))
        for case in dict.fromkeys(a.case for a in note.attributes if a.case):
            values = tuple((a.name, a.kind, a.value) for a in note.attributes if a.case == case)
            others.setdefault((case, values), _Case(case, values, [])).documents.append(document)
    return [*own, *others.values()]


def write_cases(
    file: etree._IncrementalFileWriter, sources: Sequence[tuple[str, str]], known: dict[str, SourceNote]
) -> None:
    """Write the Variables and Cases elements of a project for `sources`, given as (document, title). `known` has the
    facts of each document's source."""
    cases = _cases(sources, known)
    if not cases:
        return
    used = dict.fromkeys((name, kind) for case in cases for name, kind, _ in case.values)
    kinds = {**{(name, kind): None for name, kind in VARIABLES.items()}, **used}
    with file.element(f"{{{NS}}}Variables"):
        for name, kind in kinds:
            file.write(element("Variable", guid=_variable(name, kind), name=printable(name), typeOfVariable=kind))
    with file.element(f"{{{NS}}}Cases"):
        for case in cases:
            file.write(_case(case))


def _variable(name: str, kind: str) -> str:
    """Return the GUID of a variable; one name may have values of two kinds."""
    return guid("variable", name) if VARIABLES.get(name) == kind else guid("variable", name, kind)


def _case(case: _Case) -> etree._Element:
    own = len(case.documents) == 1 and any(name in VARIABLES for name, _, _ in case.values)
    made = guid("case", case.documents[0]) if own else guid("case", case.name, *case.documents, str(case.values))
    found = element("Case", guid=made, name=printable(case.name))
    for name, kind, value in case.values:
        held = etree.SubElement(found, f"{{{NS}}}VariableValue")
        etree.SubElement(held, f"{{{NS}}}VariableRef", targetGUID=_variable(name, kind))
        etree.SubElement(held, f"{{{NS}}}{kind}Value").text = printable(value)
    for document in case.documents:
        etree.SubElement(found, f"{{{NS}}}SourceRef", targetGUID=guid("source", document))
    return found


# --- reading ---


class CaseValue(Model):
    """An attribute of a source in a project."""

    source: str
    """GUID of the source in the project."""
    case: str
    name: str
    kind: str
    value: str


class LeftOut(NamedTuple):
    """A kind of content of a case that is not imported."""

    case: str
    number: int
    """How many of that kind the case has; above 0."""
    reason: str


class ProjectCases(NamedTuple):
    """What the cases and sources of a project say."""

    attributes: list[CaseValue]
    left_out: list[LeftOut]


def cases_in(root: etree._Element) -> ProjectCases:
    """Read the attributes of a project's sources, and list what its cases hold that is not imported."""
    variables = {
        normal_guid(each.get("guid")): (each.get("name") or "", each.get("typeOfVariable") or "Text")
        for held in children(root, "Variables")
        for each in children(held, "Variable")
    }
    taken, left = [], []
    for case in (case for held in children(root, "Cases") for case in children(held, "Case")):
        name = case.get("name") or "a case without a name"
        values = list(_values(case, variables))
        sources = [normal_guid(each.get("targetGUID")) for each in children(case, "SourceRef")]
        taken += [
            CaseValue(source=source, case=name, name=v, kind=k, value=x) for source in sources for v, k, x in values
        ]
        left += [LeftOut(name, n, why) for n, why in _not_taken(case, values, sources) if n]
    for source in (each for held in children(root, "Sources") for each in held if isinstance(each.tag, str)):
        own = normal_guid(source.get("guid"))
        taken += [CaseValue(source=own, case="", name=v, kind=k, value=x) for v, k, x in _values(source, variables)]
    return ProjectCases(taken, left)


def _values(held: etree._Element, variables: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and value of each variable of the element `held`; `variables` maps a GUID to (name, kind).
    Variables without a value are left out."""
    for each in children(held, "VariableValue"):
        reference = child(each, "VariableRef")
        target = normal_guid(reference.get("targetGUID")) if reference is not None else ""
        name, kind = variables.get(target, ("", "Text"))
        value = next((one for one in each if isinstance(one.tag, str) and local(one) != "VariableRef"), None)
        if words_in(value).strip():
            yield name, kind if value is None else local(value).removesuffix("Value") or kind, words_in(value)


def _not_taken(
    case: etree._Element, values: list[tuple[str, str, str]], sources: list[str]
) -> Iterable[tuple[int, str]]:
    """Yield (number of things, reason) for each kind of content of a case that is not imported."""
    parts, codes = len(children(case, "SelectionRef")), len(children(case, "CodeRef"))
    if not sources:
        why = "of a part of a source, not of a source" if parts else "of no source"
        yield len(values), f"its attributes are {why}"
    elif parts:
        yield parts, "parts of sources in a case: an attribute belongs to a source"
    if not values:
        yield 1, "a case without attributes"
    yield codes, "codes of a case: a code belongs to a source or to words of it"
