"""Adapt REFI-QDA codebooks of other programs: normalise GUIDs, rename codes with equal names, and convert sets of
codes to parent codes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from lxml import etree

from kb.coding.codebook import NAMESPACE, Code, code_id, guid_of
from kb.coding.safexml import local

_HEX = re.compile(r"[0-9a-f]{32}")


def normal_guid(raw: str | None) -> str:
    """Return a GUID in lower case with dashes; '' for empty text.

    Programs write GUIDs in braces, in capitals, without dashes or as urn:uuid; all are normalised. From text that is
    no GUID one is derived by hashing, always the same, so that references still match.
    """
    text = (raw or "").strip().lower().removeprefix("urn:uuid:").strip("{}()")
    bare = text.replace("-", "")
    if not text:
        return ""
    return str(uuid.UUID(bare)) if _HEX.fullmatch(bare) else str(uuid.uuid5(NAMESPACE, f"guid:{raw}"))


class Apart:
    """Collects the paths and names of codes seen so far, and renames a code whose path or name is already used;
    other programs allow duplicates."""

    def __init__(self, where: str) -> None:
        self._where, self._ids = where, set[str]()
        self._names: set[tuple[str | None, str]] = set()

    def code(self, code: Code) -> Code:
        """Return the code with a path and a name that no earlier code has, such as 'Access (2)'. If it is renamed,
        its `source` states the original name."""
        id, name, n = code.id, code.name, 1
        if id in self._ids:
            id = (
                f"{code.id}~{code.guid[:8]}"
                if f"{code.id}~{code.guid[:8]}" not in self._ids
                else f"{code.id}~{code.guid}"
            )
        while (code.parent, name) in self._names:
            n += 1
            name = f"{code.name} ({n})"
        self._ids.add(id)
        self._names.add((code.parent, name))
        problem = f"called '{code.name}' in {self._where}, as another code is"
        return code.model_copy(update={"id": id, "name": name, "source": code.source or (problem if n > 1 else "")})


def under_sets(codes: Sequence[Code], root: etree._Element, scheme: str) -> list[Code]:
    """Return the codes with sets converted to parent codes: a top-level code that belongs to exactly one set becomes
    a child of that set, which cannot be given to passages itself.

    A code in several sets, or below another code, keeps its place, since it can only have one parent; its `source`
    names its sets.
    """
    by_guid = {code.guid: code for code in codes}
    homes: dict[str, list[str]] = {}
    for element in (each for sets in root.iter("{*}Sets") for each in sets if local(each) == "Set"):
        name = (element.get("name") or "").strip()
        members = (normal_guid(each.get("targetGUID")) for each in element if local(each) == "MemberCode")
        for guid in members:
            if name and guid in by_guid:
                homes.setdefault(guid, []).append(name)
    single = {guid: names[0] for guid, names in homes.items() if len(set(names)) == 1 and by_guid[guid].parent is None}
    codes = [code if code.guid in single else _in_sets(code, homes.get(code.guid, ())) for code in codes]
    taken = {code.id for code in codes}
    parents: dict[str, Code] = {}
    for name in dict.fromkeys(single.values()):
        id = code_id(name) if code_id(name) not in taken else code_id(f"set {name}")
        parents[name] = Code(id=id, guid=guid_of(scheme, id), name=name, codable=False)
    return [*parents.values(), *_moved(codes, {guid: parents[name].id for guid, name in single.items()})]


def _in_sets(code: Code, names: Sequence[str]) -> Code:
    """Return the code with the names of its sets added to its `source`."""
    if not names:
        return code
    sets_note = f"in the sets {'; '.join(dict.fromkeys(names))}"
    return code.model_copy(update={"source": "; ".join(filter(None, (code.source, sets_note)))})


def _moved(codes: Sequence[Code], under: dict[str, str]) -> list[Code]:
    """Return the codes with the new parents in `under` (code id to parent id), and with new ids for the moved codes
    and all codes below them."""
    paths: dict[str, str] = {}
    out = []
    for code in codes:
        parent = under.get(code.guid) or (paths.get(code.parent, code.parent) if code.parent else None)
        moved = code.guid in under or (code.parent in paths)
        path = f"{parent}/{code.id.rpartition('/')[2]}" if moved else code.id
        paths |= {code.id: path} if moved else {}
        out.append(code.model_copy(update={"id": path, "parent": parent}))
    return out
