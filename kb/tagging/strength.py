"""Determine a passage's part in its document, its force, and its duty-bearer."""

from __future__ import annotations

from spacy.tokens import Doc

from kb.models import Force, Mention, Passage, Span
from kb.tagging.rules import FacetRules, LabelMatch, tokens_at

# The part that the kind of a passage already determines.
_BY_KIND = {
    "recommendation": "recommendation",
    "footnote": "footnote",
    "title": "front-matter",
    "front-matter": "front-matter",
}
# Terms of force.yaml whose labels are normative words.
_NORMS = {"legal-obligation", "political-commitment", "expert-recommendation"}
# Parts whose normative words are those of others, or that have none.
_NOT_NORMATIVE = {"front-matter", "footnote", "roadmap", "quotation", "evidence", "framework"}
# A passage of which more than half stands in quotation marks is a quotation.
_MOSTLY = 0.5
# Kinds of passage that state a rule, whatever their words.
_RULES = {"provision", "commitment"}
# This many statistics make a passage evidence, in any section.
_MANY_FIGURES = 3


def document_part(rules: FacetRules, doc: Doc, passage: Passage, mentions: list[Mention]) -> str:
    """Return the part of the document to which a passage belongs: by its kind, else by the first cue in the order of
    document_part.yaml, else by its section."""
    if passage.kind in _BY_KIND:
        return _BY_KIND[passage.kind]
    cued = {cue.term for cue in rules.cues(doc)}
    cued |= _from_mentions(doc, mentions)
    headed = rules.headed(passage.section)
    if "recommendation" in headed and passage.number:
        return "recommendation"
    by_cue = next((term.id for term in rules.facet.terms if term.id in cued), None)
    by_section = next((term.id for term in rules.facet.terms if term.id in headed), _default(passage))
    if by_cue in (None, "case-example") and by_section == "evidence":
        return "evidence"
    return by_cue or by_section


def _default(passage: Passage) -> str:
    return "provision" if passage.kind in _RULES else "argument"


def _from_mentions(doc: Doc, mentions: list[Mention]) -> set[str]:
    """Return the parts that mentions indicate: a long quotation, a definition, several statistics, a state that is
    described."""
    size = max(1, len(doc.text))
    quoted = sum(m.span[1] - m.span[0] for m in mentions if m.kind == "quotation")
    parts = set()
    if quoted / size > _MOSTLY:
        parts.add("quotation")
    if any(m.kind == "definition" and m.span[0] < size / 3 for m in mentions):
        parts.add("definition")
    if sum(m.kind == "statistic" for m in mentions) >= _MANY_FIGURES:
        parts.add("evidence")
    # a country at the head of a passage: within its first 40 letters; chosen by eye
    if any(m.kind == "country" and m.value.get("role") == "case" and m.span[0] < 40 for m in mentions):
        parts.add("case-example")
    return parts


def passage_force(rules: FacetRules, doc: Doc, part: str, document_force: Force) -> tuple[Force, LabelMatch | None]:
    """Return the passage's force, and the cue that determined it (or None).

    Passages differ in force only in an expert's paper: a passage recommends if it is a recommendation or has a
    normative cue in the author's own words; all others observe. In a treaty, declaration or national measure all
    passages have the document's force.
    """
    norms = [cue for cue in rules.cues(doc) if cue.term in _NORMS]
    if document_force != "expert-recommendation":
        return document_force, min(norms, key=lambda cue: cue.span) if norms else None
    norms = [cue for cue in norms if cue.term == "expert-recommendation" and not _quoted(doc, cue)]
    if part == "recommendation":
        return Force.EXPERT_RECOMMENDATION, norms[0] if norms else None
    if norms and part not in _NOT_NORMATIVE:
        return Force.EXPERT_RECOMMENDATION, norms[0]
    return Force.OBSERVATION, None


def _quoted(doc: Doc, cue: LabelMatch) -> bool:
    """Return whether the cue is inside double quotation marks."""
    return doc.text[: cue.span[0]].count('"') % 2 == 1


def duty_bearer(rules: FacetRules, doc: Doc, force: Force, norm: LabelMatch | None) -> str | None:
    """Return the duty-bearer of a normative passage: the last actor named before its normative cue (`norm`) in the
    same sentence, otherwise the State.

    None for an observation, and for a national measure without a normative word, because a description imposes no duty.
    """
    if force == "observation" or force == "national-measure" and norm is None:
        return None
    if norm is not None:
        sentence = tokens_at(doc, norm.span).sent
        before = [
            cue
            for cue in rules.cues(doc)
            if sentence.start_char <= cue.span[0] and cue.span[1] <= norm.span[0] and cue.term != "rights-holders"
        ]
        if before:
            return max(before, key=lambda cue: cue.span).term
    return "state"


def definitions(verbs: list[Span], doc: Doc) -> list[Mention]:
    """Return a mention for each sentence that defines a term, given the spans of defining verbs; its value is the term,
    which is the words before the verb."""
    found: dict[int, Mention] = {}
    for start, end in sorted(verbs):
        sentence = tokens_at(doc, (start, end)).sent
        term = doc.text[sentence.start_char : start].strip(" ,\"'")
        if 0 < len(term.split()) <= 8:
            found.setdefault(
                sentence.start_char,
                Mention(
                    kind="definition",
                    text=sentence.text,
                    span=(sentence.start_char, sentence.end_char),
                    value={"term": term},
                ),
            )
    return list(found.values())
