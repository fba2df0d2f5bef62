"""Measure the tags on treaties, plans and laws in three languages, against passages that were coded by hand.

    python benchmarks/tags_beyond.py [JUDGED.jsonl] [--data FOLDER] [--errors]

tests/relevance/README.md states which judgements were used to write the rules. Prints F1, precision and recall
(micro-averaged over process, sector, group, instrument, country) for each set, each language and each facet.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from kb.config import settings
from kb.errors import InputError
from kb.evaluation.judged import JudgedPlace, load_judged
from kb.evaluation.tags import TagScore, evaluate_places
from kb.models import Document
from kb.read import read
from kb.read.limits import Limits
from kb.structure import parse
from kb.tagging.roles import load_roles
from kb.tagging.tagger import tag_document
from kb.tagging.taxonomy import load
from kb.text import sha256_text

READ_SECONDS = 600
"""Limit of processor seconds for reading one file: the longest PDF takes more than the default on a busy machine."""


def main() -> None:
    """Measure the tags and print the tables."""
    here = Path(__file__).parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judged", nargs="?", type=Path, default=here / "tests" / "relevance" / "tags_beyond.jsonl")
    parser.add_argument("--data", type=Path, default=here.parent / "shared" / "data")
    parser.add_argument("--errors", action="store_true", help="print the tags in error and the missed ones")
    options = parser.parse_args()
    judged = load_judged(options.judged, JudgedPlace)
    tagged = documents(judged, options.data)
    facets = load_roles(settings().corpus / "taxonomy").judged
    print(
        f"{'set':8}{'of':14}{'passages':>9}{'F1':>7}{'precision':>11}{'recall':>8}{'right':>7}{'wrong':>7}{'missed':>8}"
    )
    for name in dict.fromkeys(one.set for one in judged):
        rows = [one for one in judged if one.set == name]
        scores = evaluate_places(rows, tagged, facets)
        _print(name, "all", rows, scores.whole)
        for language in dict.fromkeys(one.language for one in rows):
            own = [one for one in rows if one.language == language]
            _print(name, language, own, evaluate_places(own, tagged, facets).whole)
        for facet in scores.facets:
            _print(name, facet.facet, rows, facet)
        if options.errors:
            print("  ".join(f"{what} ×{count}" for what, count in scores.errors.items()))


def documents(judged: Sequence[JudgedPlace], data: Path) -> dict[str, Document]:
    """Return file name to its document, read, parsed and tagged as any added text. Raises InputError if a file is
    missing or has other words at a judged place."""
    taxonomy, found = load(settings().corpus / "taxonomy"), {}
    for name, language in {one.file: one.language for one in judged}.items():
        path = data / name
        if not path.is_file():
            raise InputError("the file of judged passages is not there", where=name, do="Name its folder with --data.")
        pages = read(path, limits=Limits(cpu_seconds=READ_SECONDS))
        for one in (one for one in judged if one.file == name):
            if not sha256_text(pages.text[slice(*one.chars)]).startswith(one.sha256):
                where = f"{name}, character {one.chars[0]}"
                raise InputError("other words stand where a passage was judged", where=where, do="Judge it again.")
        document = parse(pages, "generic", document=Path(name).stem, title=name, language=language)
        found[name] = tag_document(document, taxonomy)
    return found


def _print(name: str, of: str, rows: Sequence[JudgedPlace], score: TagScore) -> None:
    shares = f"{score.f1:7.3f}{score.precision:11.3f}{score.recall:8.3f}"
    print(f"{name:8}{of:14}{len(rows):9}{shares}{score.right:7}{score.wrong:7}{score.missed:8}")


if __name__ == "__main__":
    main()
