"""Build a codebook from the taxonomy: facets are top codes, terms are their children, and examples are quoted from
the background paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kb.amounts import of_lines
from kb.coding.codebook import Code, Codebook, code_id, guid_of, in_tree_order
from kb.coding.vocabularies import load_vocabularies, with_mappings
from kb.languages import MAIN, is_main
from kb.models import Span
from kb.tagging.taxonomy import Facet, Taxonomy, Term
from kb.text import sha256_of, sha256_text, squeeze

SCHEME = "kb-taxonomy"
WordsAt = Callable[[Span], str]
_BORDER = {"reported only", "the only mention"}  # notes of the taxonomy that mark an example as a case at the border


def words_in(path: Path) -> WordsAt:
    """Return a function that maps a range of lines (from 1, both included) to the text in these lines of a file.
    Lines end at LF only, as in the paper's numbering."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return lambda span: squeeze(" ".join(lines[span[0] - 1 : span[1]]))


def _quoted(span: Span, note: str | None, words_at: WordsAt) -> str:
    remark = f" ({note})" if note else ""
    return f"“{words_at(span)}” — background paper, {of_lines(span)}{remark}"


def _code(facet: str, term: Term, words_at: WordsAt) -> Code:
    path = code_id(facet, term.id)
    others = {tag: labels for tag, labels in term.labels.items() if not is_main(tag)}
    border = [e for e in term.examples if e.note in _BORDER]
    typical = [e for e in term.examples if e not in border]
    return Code(
        id=path,
        guid=guid_of(SCHEME, path),
        parent=code_id(facet, term.broader) if term.broader else code_id(facet),
        name=term.labels[MAIN].preferred,
        labels={tag: labels.preferred for tag, labels in others.items()},
        alternatives={tag: labels.alternative for tag, labels in term.labels.items() if labels.alternative},
        definition=term.definition,
        include=term.include or "",
        exclude=term.exclude or "",
        typical=_quoted(typical[0].lines, typical[0].note, words_at) if typical else "",
        borderline=_quoted(border[0].lines, border[0].note, words_at) if border else "",
        source="; ".join(f"paper {of_lines(e.lines)}" for e in term.examples),
    )


def _facet_codes(facet: Facet, words_at: WordsAt) -> list[Code]:
    path = code_id(facet.facet)
    names = {tag: title for tag, title in facet.title.items() if not is_main(tag)}
    top = Code(
        id=path,
        guid=guid_of(SCHEME, path),
        name=facet.title[MAIN],
        labels=names,
        definition=facet.definition,
        codable=False,
    )
    return [top, *(_code(facet.facet, term, words_at) for term in facet.terms)]


def version_of(inputs: Mapping[str, str]) -> str:
    """Return a version that changes with any file of the taxonomy: the start of a hash over names and hashes of the
    files.

    `inputs` maps files below the corpus folder to their sha256, as in an index's manifest.
    """
    return sha256_text(str(sorted(item for item in inputs.items() if item[0].startswith("taxonomy/"))))[:12]


def codebook_of(taxonomy: Taxonomy, words_at: WordsAt, version: str) -> Codebook:
    """Return the codebook of a taxonomy; `words_at` returns the paper's text for a range of lines (see `words_in`)."""
    codes = [code for name in sorted(taxonomy.facets) for code in _facet_codes(taxonomy.facets[name], words_at)]
    return Codebook(
        id=SCHEME, title="Social integration: codebook of the taxonomy", version=version, codes=in_tree_order(codes)
    )


def codebook_here(corpus: Path) -> Codebook:
    """Return the codebook of the taxonomy in the folder `corpus`, with examples from the background paper and
    mappings of its codes to other vocabularies."""
    from kb.sources.manifest import checked_file, load_manifest
    from kb.tagging.taxonomy import load

    paper = next(source for source in load_manifest(corpus).sources if source.style == "paper" and source.file)
    files = {
        str(path.relative_to(corpus)): sha256_of(path) for path in (corpus / "taxonomy").rglob("*") if path.is_file()
    }
    book = codebook_of(load(corpus / "taxonomy"), words_in(checked_file(paper, corpus)), version_of(files))
    return with_mappings(book, load_vocabularies(corpus))
