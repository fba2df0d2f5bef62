"""Write references for reference managers: BibTeX, RIS and CSL-JSON. All exports of references use these writers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from kb.citing.reference import BODIES, Reference
from kb.errors import InputError
from kb.text import printable, sha256_text

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "%&#_$"},
    }
)
ATTRIBUTED = "Attributed to "
"""How corpus/sources.yaml begins the name of a person who is not printed as the author."""
_KEY = re.compile(r"[^A-Za-z0-9:.+/-]+")
_BIBTEX = {"treaty": "misc", "report": "techreport", "legislation": "misc", "document": "misc"}
"""Entry types of classic BibTeX; it has none for treaties and laws, whose type is in the field `type`."""
_RIS = {"treaty": "STAT", "report": "RPRT", "legislation": "STAT", "document": "GEN"}
"""STAT (statute) is what Zotero and EndNote read as law; RIS has no type for treaties, so M3 gives it."""
_CSL = {"treaty": "treaty", "report": "report", "legislation": "legislation", "document": "document"}
_WORDS = {"treaty": "Treaty", "report": "Report", "legislation": "Legislation", "document": "Document"}


def one_line(text: str) -> str:
    """Return `text` on one line; faster than a regular expression, which matters for 100,000 references."""
    return " ".join(text.split())


class Keys:
    """Creates citation keys that are unique when case is ignored: for BibTeX 'A/1' and 'a/1' are one key."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def of(self, id: str) -> str:
        """Return the key for an identifier: its plain letters; part of its hash is added when characters are lost or
        the key is already used for another."""
        key = _KEY.sub("-", id).strip("-")
        if key != id or self._taken.get(key.lower(), id) != id:
            key = f"{key}-{sha256_text(id)[:8]}"
        self._taken.setdefault(key.lower(), id)
        return key


def published(reference: Reference) -> bool:
    """Return whether the authors of a report are the institution that published it: the report has a symbol, or they
    are known bodies.

    A person to whom a text is attributed is not an institution.
    """
    bodies = set(reference.authors) <= set(BODIES.values())
    return reference.type == "report" and bool(reference.symbol or bodies)


def person_of(author: str) -> tuple[str, str] | None:
    """Return (family name, given names) if the author is a person to whom a text is attributed; None for a body or
    any other author, which is written as one literal name."""
    if not author.startswith(ATTRIBUTED):
        return None
    given, _, family = author.removeprefix(ATTRIBUTED).strip().rpartition(" ")
    return (family, given) if given else None


def _comma(author: str) -> str:
    """Return an author as a RIS name: that of a person with a comma, that of a body without."""
    person = person_of(author)
    return ", ".join(person) if person else author


def _remarks(reference: Reference) -> str:
    """Return the remarks on one line; when a person is named as the author, with the attribution."""
    attributed = (author for author in reference.authors if person_of(author))
    return " | ".join((*reference.remarks, *attributed))


def bibtex(reference: Reference, keys: Keys) -> str:
    """Return one BibTeX entry, UTF-8. Bodies are in double braces, so that no program reverses their words."""
    body = " and ".join(
        _latex(_comma(name)) if person_of(name) else f"{{{_latex(name)}}}" for name in reference.authors
    )
    plain = {
        "title": f"{{{_latex(reference.title)}}}",
        "author": body,
        "institution": body if published(reference) else "",
        "type": _WORDS[reference.type],
        "year": reference.date[:4],
        "date": reference.date,
        "number": _latex(reference.symbol),
        "note": _latex(reference.pinpoint),
        "url": _latex(reference.url),
        "abstract": _latex(reference.abstract),
        "annote": _latex(_remarks(reference)),
        "keywords": _latex(", ".join(reference.keywords)),
        "langid": _latex(reference.language),
    }
    lines = "".join(f"  {name} = {{{one_line(value)}}},\n" for name, value in plain.items() if value)
    return f"@{_BIBTEX[reference.type]}{{{keys.of(reference.key)},\n{lines}}}\n"


def _latex(text: str) -> str:
    return printable(text).translate(_LATEX)


def ris(reference: Reference, keys: Keys | None = None) -> str:
    """Return one RIS record. Zotero takes a name without a comma for a body (see its RIS translator), and the format
    has no other way to mark bodies. EndNote reverses such a name unless a comma is added there. `keys` is not
    used."""
    return "".join(f"{tag}  - {one_line(printable(value))}\n" for tag, value in _ris(reference) if value) + "ER  - \n"


def _ris(reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield (tag, value) as Zotero interprets them. Of a statute, TI is its name, DA its date, M1 its number and SE its
    section; of a report, SN is its number, M3 its type and PB its institution, and SE becomes a note."""
    yield "TY", _RIS[reference.type]
    yield "ID", reference.key
    yield "TI", reference.title
    yield from (("AU", _comma(name)) for name in reference.authors)
    yield "PY", reference.date[:4]
    yield "DA", "/".join(reference.date.split("-")) if reference.date.count("-") else ""
    yield ("SN" if reference.type == "report" else "M1"), reference.symbol
    yield "M3", _WORDS[reference.type]
    yield from (("PB", name) for name in reference.authors if published(reference))
    yield "SE", reference.pinpoint
    yield "AB", reference.abstract
    yield "N1", _remarks(reference)
    yield "UR", reference.url
    yield "LA", reference.language
    yield from (("KW", word) for word in reference.keywords)


def _name(author: str) -> dict[str, str]:
    """Return an author as a name in CSL-JSON: with family and given name for a person, else literal."""
    person = person_of(author)
    return {"family": person[0], "given": person[1]} if person else {"literal": author}


def csl(reference: Reference) -> dict[str, object]:
    """Return one CSL-JSON item; the pinpoint is in `section`, because CSL keeps locators with the citation."""
    item: dict[str, object] = {
        "id": reference.key,
        "type": _CSL[reference.type],
        "title": reference.title,
        "author": list(map(_name, reference.authors)),
        "number": reference.symbol,
        "section": reference.pinpoint,
        "URL": reference.url,
        "language": reference.language,
        "abstract": reference.abstract,
        "note": one_line(_remarks(reference)),
        "keyword": ", ".join(reference.keywords),
    }
    parts = [int(part) for part in re.findall(r"\d+", reference.date)[:3]]
    return {name: value for name, value in item.items() if value} | (
        {"issued": {"date-parts": [parts]}} if parts else {}
    )


def write_bibtex(references: Iterable[Reference]) -> Iterator[str]:
    """Yield BibTeX entries as text."""
    keys = Keys()
    for reference in references:
        yield bibtex(reference, keys) + "\n"


def write_ris(references: Iterable[Reference]) -> Iterator[str]:
    """Yield RIS records as text."""
    for reference in references:
        yield ris(reference) + "\n"


def write_csl(references: Iterable[Reference]) -> Iterator[str]:
    """Yield the text of a CSL-JSON list, piece by piece."""
    between = "[\n"
    for reference in references:
        yield between + json.dumps(csl(reference), ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


WRITERS: dict[str, Callable[[Iterable[Reference]], Iterator[str]]] = {
    "bibtex": write_bibtex,
    "ris": write_ris,
    "csl-json": write_csl,
}
"""Format to its writer, which yields pieces, so that memory stays bounded."""


def written(references: Iterable[Reference], format: str) -> str:
    """Return references as the text of one file in a format. Raises InputError for an unknown format."""
    if format not in WRITERS:
        raise InputError(f"there is no format '{format}' for references.", do=f"Formats are: {', '.join(WRITERS)}.")
    return "".join(WRITERS[format](references))
