"""Parse places by the rules of the named instrument: in a treaty a section sign may mean an article, and in the
Platform a section is a critical area."""

from __future__ import annotations

import re
from collections.abc import Collection

from kb.ids import Locator, read_all
from kb.places import plainly
from kb.text import squeeze

_PREAMBLE_LAST = re.compile(
    r"\b(?:preambular\s+)?(?:para(?:graph)?e?|p[áa]rrafo|apartado|inciso|letra|alin[ée]a|lettre|letter|recital"
    r"|considérant|item)"
    r"\.?\s*\(?([a-z]|\d{1,2})\)?,?\s+(?:of|in|del|du|de)\s+(?:the\s+)?(?:preamble|pre[áa]mbulo|pr[ée]ambule)",
    re.IGNORECASE,
)
_OBJECTIVE = re.compile(r"^[\s,;:]*[a-l]\.\d(?![\w.])")
"""An objective's code in small letters behind the name: "bpfa h.3"."""
_ACTIONS = re.compile(r"\bactions?\s+(?=\d{2,3}\b)", re.IGNORECASE)
"""A common word for the paragraphs below an objective: "actions 124(a) to (c)"."""
_SECTION = re.compile(r"\b(?:section|secci[óo]n)\s+\(?([A-L])\)?(?![\w.])", re.IGNORECASE)
"""A critical area, as the chapter of the Platform prints it: "section H"."""
_CHAPTER = re.compile(r"\b(?:chap|cap[íi]t|ch\.)", re.IGNORECASE)
_AREA_LAST = re.compile(r"\b(area(?:\s+of\s+concern)?)[\s:]+(\"?[^\d\"():;,]{3,60}\"?)\s*\(([A-L])\)", re.IGNORECASE)
"""An area whose letter is behind its title."""
_SIGN = re.compile(r"§{1,2}\s*(?=\d)")
_FIGURE = re.compile(r"(?<=\d)\s*,?\s*\bch\.\s*(?=\d{1,2}(?!\d))", re.IGNORECASE)
"""The Swiss and French "chiffre" behind an article, in treaties without chapters: "art. 12, ch. 3"."""

_ALINEA = re.compile(r"\bal(?:\.|in[ée]as?\b)\s*(?=\d{1,3}(?!\d))", re.IGNORECASE)
"""The French name of a paragraph, in documents that have no articles: "al. 58 a)"."""


def read_in(rest: str, kinds: Collection[str], bare: str | None, *, is_named: bool) -> tuple[tuple[Locator, ...], str]:
    """Return the places typed and the remaining text, for an instrument with these `kinds` of place.

    A number without a kind, directly after the instrument's name (`is_named`), has the kind `bare`; so has one after a
    section sign, if the instrument has articles but no numbered paragraphs.
    """
    text = plainly(_PREAMBLE_LAST.sub(r"preamble (\1)", without_empty_brackets(rest)))
    if "code" in kinds:
        text = _OBJECTIVE.sub(lambda m: m[0].upper(), text)
    if "area" in kinds:
        text = _ACTIONS.sub("paras ", _AREA_LAST.sub(r"\1 \3 \2", text))
        text = text if _CHAPTER.search(text) else _SECTION.sub(r"area \1", text)
    if "paragraph" in kinds and "article" not in kinds:
        text = _ALINEA.sub("para ", text)
    if "article" in kinds and "chapter" not in kinds:
        text = _FIGURE.sub(", paragraph ", text)
    locators, left = read_all(text)
    if "article" in kinds and "paragraph" not in kinds and {each.kind for each in locators} == {"paragraph"}:
        articles = _SIGN.sub(lambda sign: "arts " if sign[0].startswith("§§") else "art ", text)
        locators, left = (locators, left) if articles == text else read_all(articles)
    if is_named and not locators and bare and re.match(r"[\s,;:(]*\d", text):
        return read_all(f"{bare} {text.lstrip(' ,;:(')}")
    return locators, left


def without_empty_brackets(text: str) -> str:
    """Collapse white space, and remove brackets that are empty, for example after a date was removed."""
    return re.sub(r"\(\s*[,;]?\s*\)|\[\s*\]", " ", squeeze(text))
