"""Parse each official text, and check whether it is rebuilt exactly and how the register agrees with it.

    python benchmarks/instruments.py [folder of real instruments]

Reads each file as `kb add` does. Needs the real files beside the checkout; prints one table.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kb.commitments.against_text import compare
from kb.commitments.register import load_instrument
from kb.config import settings
from kb.models import Document
from kb.read import read
from kb.structure import parse
from kb.structure.drafts import lost

TREATIES = [
    ("crpd", "crpd/crpd_en_zh_open-treaties.json", "en"),
    ("crpd", "crpd/crpd_en_zh_open-treaties.json", "zh"),
    ("crpd", "crpd/crpd_en_zh_open-treaties.html", "en"),
    ("crpd", "crpd/crpd_en_nl_bwbv0004045.md", "en"),
    ("crpd", "crpd/crpd_en_nl_bwbv0004045.md", "nl"),
    ("crpd", "crpd/crpd_es_ar_ley26378.md", "es"),
    ("crpd-op", "crpd/crpd_optional_protocol_en_nl.md", "en"),
    *(
        (name, f"related_treaties/{name}.en_zh.json", "en")
        for name in ("cedaw", "crc", "icescr", "iccpr", "icerd", "cat", "udhr", "refugee", "op-icescr")
    ),
    *(
        (f"nl-{code}", f"related_treaties/nl_BWBV000{code}.md", "en")
        for code in ("1016", "1800", "2508", "4933", "5193")
    ),
]
RESOLUTIONS = [
    ("beijing", "beijing/beijing-1995-declaration-and-platform-for-action_en.pdf", "en"),
    ("mipaa", "madrid/madrid-2002-declaracion-politica-y-plan-de-accion_es.pdf", "es"),
    *((f"a-res-73-{n}", f"un_layout_samples/A_RES_73_{n}-EN.pdf", "en") for n in (3, 6, 7, 8)),
    ("beijing", "fragments_1995_2002/beijing_1995_fragments.md", "en"),
    ("wssd", "fragments_1995_2002/copenhagen_1995_fragments.md", "en"),
    ("mipaa", "fragments_1995_2002/madrid_2002_fragments.md", "en"),
]


def main() -> None:
    """Print the table of official texts."""
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "instruments"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not folder.is_dir():
        sys.exit(f"{folder.name} is not beside the checkout; give the folder of instruments.")
    print(
        f"{'file':42} {'lang':4} {'articles':>8} {'recitals':>8} {'paras':>5} {'letters':>7} {'goals':>5} "
        f"{'passages':>8}"
        "  rebuilt  register"
    )
    for style, rows in (("treaty", TREATIES), ("resolution", RESOLUTIONS)):
        for id, file, language in rows:
            pages = read(folder / file)
            document = parse(pages, style, document=id, title=id, force="legal-obligation", language=language)
            print(
                f"{file.split('/')[1][:42]:42} {language:4} {_counts(document)}  "
                f"{'exact' if not lost(document, pages.text) else 'NO':7}  {_register(document)}"
            )


def _counts(document: Document) -> str:
    """Return the numbers of articles, lettered recitals, numbered paragraphs, letters, objectives or commitments, and
    passages, as a text."""
    ids = [passage.id.removeprefix(f"{document.id}/") for passage in document.passages]
    articles = {s.id for s in document.sections if re.fullmatch(rf"{document.id}/(?:art|pd/)\w+", s.id)}
    recitals = sum(bool(re.fullmatch(r"preamble/[a-z]", id)) for id in ids)
    paragraphs = sum(bool(re.search(r"(?:^|/)para\d+$|^art\w+/\d+$", id)) for id in ids)
    letters = sum(bool(re.search(r"(?:art\w+|para\d+|/\d+|c\d+|obj\d)/[a-z]{1,2}(?:/[ivx]+)?$", id)) for id in ids)
    goals = sum(
        bool(re.fullmatch(r"beijing/[A-L]\.\d+|mipaa/[IV]+\.\d+/obj\d+|wssd/c\d+", s.id)) for s in document.sections
    )
    return f"{len(articles):8} {recitals:8} {paragraphs:5} {letters:7} {goals:5} {len(ids):8}"


def _register(document: Document) -> str:
    """Return how many entries of the register agree with the text; '-' if it is not English or has no register."""
    path = settings().corpus / "commitments" / f"{document.id}.yaml"
    if document.language != "en" or not path.exists():
        return "-"
    report = compare(load_instrument(path), document)
    return f"{report.agreeing}/{report.entries} agree, {report.first} nearest"


if __name__ == "__main__":
    main()
