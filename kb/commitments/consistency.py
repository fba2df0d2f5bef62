"""Check that the files of the corpus agree with each other. Each file is validated when it is loaded; here the
references between files are followed.

A build begins with this check: an entry tagged with an unknown term could never be found, a wrong quotation would be
shown as the paper's, and a broken link would be lost silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from kb import framework as frameworks
from kb.commitments.links import load_links, validate
from kb.commitments.register import Entry, Instrument, load_instrument
from kb.data import line_of
from kb.errors import DataError
from kb.framework import Framework
from kb.sources.manifest import checked_file, load_manifest
from kb.tagging.taxonomy import Taxonomy
from kb.tagging.taxonomy import load as load_taxonomy
from kb.text import bare


def check_corpus(corpus: Path) -> None:
    """Check all references between files of the corpus. Raises DataError with file and line of the first broken one,
    and the number of further ones."""
    framework = frameworks.load(corpus / "framework")
    faults = [
        *_register(corpus, load_taxonomy(corpus / "taxonomy")),
        *_framework(corpus, framework),
        *_links(corpus, framework),
        *_places(corpus),
    ]
    if faults:
        where, what = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise DataError(f"{what}{more}.", where=where, do="Mend the entry and try again.")


def _register(corpus: Path, taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    """Yield (file and line, message) for unknown terms of register entries, and for ranges outside that of the entry
    above."""
    for path in sorted((corpus / "commitments").glob("*.yaml")):
        instrument, text = load_instrument(path), path.read_text(encoding="utf-8")
        for number, entry in enumerate(instrument.entries):
            for field, what in _entry(entry, instrument, taxonomy):
                yield f"{path} line {line_of(text, ('entries', number, field))}", f"{entry.id}: {what}"


def _entry(entry: Entry, instrument: Instrument, taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    """Check one entry of the register; yield `(field, message)` for each fault."""
    for field, facet in taxonomy.roles.register_fields.items():
        known = {term.id for term in taxonomy.facet(facet).terms}
        for term in getattr(entry, field):
            if term not in known:
                yield field, f"the facet '{facet}' has no term '{term}'"
    above = _above(entry, {e.id: e for e in instrument.entries})
    if (
        entry.range
        and above
        and above.range
        and not (above.range.first <= entry.range.first and entry.range.last <= above.range.last)
    ):
        yield (
            "range",
            (
                f"paragraphs {entry.range.first}-{entry.range.last} lie outside those of {above.id}, "
                f"{above.range.first}-{above.range.last}"
            ),
        )


def _above(entry: Entry, by_id: dict[str, Entry]) -> Entry | None:
    """Return the nearest ancestor with a range in the same separately numbered part, or None."""
    here = by_id.get(entry.parent or "")
    while here and not (here.range and entry.range and here.range.of == entry.range.of):
        here = by_id.get(here.parent or "")
    return here


def _framework(corpus: Path, framework: Framework) -> Iterator[tuple[str, str]]:
    """Yield (file and line, message) for quotations of the framework that differ from the lines of the document that
    they cite."""
    path = corpus / "framework" / "recommendations.yaml"
    source = checked_file(load_manifest(corpus).get(framework.document), corpus)
    lines, text = source.read_text(encoding="utf-8").split("\n"), path.read_text(encoding="utf-8")
    for row, recommendation in enumerate(framework.recommendations):
        for number, quotation in enumerate(recommendation.quotations):
            first, last = quotation.lines
            if bare(quotation.text) != bare("".join(lines[first - 1 : last])):
                line = line_of(text, ("recommendations", row, "quotations", number))
                yield (
                    f"{path} line {line}",
                    f"{recommendation.id}: the words are not those of lines {first}-{last} of {source.name}",
                )


def _links(corpus: Path, framework: Framework) -> Iterator[tuple[str, str]]:
    """Yield (file and row, message) for links from or to something unknown, and for duplicate links."""
    entries = {e.id for path in (corpus / "commitments").glob("*.yaml") for e in load_instrument(path).entries}
    rows = {r.id for r in framework.recommendations} | {c.id for c in framework.criteria()}
    for message in validate(load_links(corpus / "links"), entries | rows | {framework.document}):
        where, _, what = message.partition(": ")
        yield str(corpus / "links" / where), what


def _places(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield (file, message) for each register that has no citation rules: citations of it would be refused."""
    path = corpus / "citations" / "names.yaml"
    if not path.is_file():
        return
    known = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("places", {})
    for file in sorted((corpus / "commitments").glob("*.yaml")):
        instrument = load_instrument(file).id
        if instrument not in known:
            yield str(path), f"'{instrument}' of {file.name} has no entry under 'places': nothing of it could be cited"
