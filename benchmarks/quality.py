"""Make the measured tables of docs/quality.md: figures are measured, stored with their date, and written into the page.

    .venv/bin/python benchmarks/quality.py                      write the page from the stored figures (a second)
    .venv/bin/python benchmarks/quality.py --measure            measure every set again first (some minutes)
    .venv/bin/python benchmarks/quality.py --measure search_dev  or some of them
    .venv/bin/python benchmarks/quality.py --check              exit code 1 if the page differs from the stored figures

Each set is measured by what `kb eval` runs, and stored in docs/measured/ with date, index and versions, beside how it
was divided (what was tuned on it and what was not). A set whose judgements are missing keeps its figures. Proposals are
not measured here, since fitting takes long (`benchmarks/train_assess.py`); their own table is kept.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE, KEPT = ROOT / "docs" / "quality.md", ROOT / "docs" / "measured"
RELEVANCE = "tests/relevance"
FIGURES = ROOT / "corpus" / "examples" / "figures.tsv"


class Measure(NamedTuple):
    """One set of judgements: the command that prints its figures, its heading on the page, and which part of it was
    used for tuning."""

    set: str
    judged: str
    title: str
    folds: str

    @property
    def command(self) -> str:
        """The command that a person types to print these figures."""
        return f"kb eval --set {self.set}" + (f" --judged {self.judged}" if self.judged else "")


_UNSEEN = "nothing was chosen on them"
MEASURES = {
    "search_dev": Measure("search", "", "Search, development questions", "ranking was tuned on them: they describe "
                                                                         "tuning"),
    "search_first": Measure(
        "search", f"{RELEVANCE}/search_first.jsonl", "Search, graded questions, first half", "numbers may be chosen "
                                                                                             "on this half"
    ),
    "search_heldout": Measure(
        "search", f"{RELEVANCE}/search_heldout.jsonl", "Search, graded questions, half put aside", _UNSEEN
    ),
    "search_paper": Measure(
        "search", f"{RELEVANCE}/search_paper.jsonl", "Search, blind questions on the paper, first half",
        "numbers may be chosen on this half; before, nothing was",
    ),
    "search_paper_heldout": Measure(
        "search", f"{RELEVANCE}/search_paper_heldout.jsonl", "Search, blind questions on the paper, half put aside",
        f"{_UNSEEN}; run before and after one change",
    ),
    "commitments_official_heldout": Measure(
        "commitments", f"{RELEVANCE}/commitments_official_heldout.jsonl", "Commitments of Beijing and Madrid, half "
                                                                          "put aside",
        f"{_UNSEEN}; the writer of the questions wrote the statements too",
    ),
    "commitments_wide_heldout": Measure(
        "commitments", f"{RELEVANCE}/commitments_wide_heldout.jsonl", "Commitments and what nothing answers, half "
                                                                      "put aside", _UNSEEN
    ),
    "commitments_outside": Measure(
        "commitments", f"{RELEVANCE}/commitments_outside.jsonl", "Commitments, questions of somebody from "
                                                                 "outside", _UNSEEN
    ),
    "commitments_blind": Measure(
        "commitments", f"{RELEVANCE}/commitments_blind.jsonl", "Commitments, blind questions",
        "looked at since they were first run: seen",
    ),
    "commitments_anew": Measure(
        "commitments", f"{RELEVANCE}/commitments_anew.jsonl", "Commitments, sixty questions written anew",
        f"{_UNSEEN}; their writer had written everyday questions of the register before",
    ),
    "tags": Measure("tags", "", "Tags of the paper", "rules were written with them at hand: they describe tuning"),
}  # fmt: skip


# --- measuring ---


def measure(name: str) -> dict[str, Any]:
    """Measure one set; return its figures and everything they depend on. Raises KBError if its judgements are
    missing."""
    from kb.cli.eval import _default
    from kb.evaluation.run import SETS, judged_file
    from kb.search import live_searcher

    asked = MEASURES[name]
    rows = SETS[asked.set](
        live_searcher(), judged_file(asked.set, ROOT / asked.judged if asked.judged else _default(asked.set))
    )
    return {"command": asked.command, "date": datetime.now(UTC).date().isoformat(), **made_with(), "rows": rows}


def made_with() -> dict[str, str]:
    """Return the identity of the index and the versions that figures depend on."""
    from kb.config import settings
    from kb.index.live import Index, current

    config = settings()
    manifest = Index(current(config.indexes), config.corpus, config.indexes / "models").manifest
    versions = {
        name: manifest.packages[name] for name in ("kb", "tantivy", "faiss-cpu", "numpy") if name in manifest.packages
    }
    python = ".".join(map(str, sys.version_info[:2]))
    return {
        "index": manifest.fingerprint[:16],
        "with": ", ".join(f"{n} {v}" for n, v in {"Python": python, **versions}.items()),
    }


def proposals() -> dict[str, Any]:
    """Return the table that the fitting of the proposals wrote, measured on policies that were held out as a whole."""
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    digest = hashlib.sha256(FIGURES.read_bytes()).hexdigest()
    return {
        "command": "benchmarks/train_assess.py",
        "date": datetime.now(UTC).date().isoformat(),
        "table": digest[:16],
        "rows": rows,
    }


def keep(name: str, found: dict[str, Any]) -> None:
    """Store the figures of a set. If they equal the stored ones, keep the date on which these were first measured."""
    from kb.files import replacing

    path = KEPT / f"{name}.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if {**before, "date": ""} == {**found, "date": ""} and name == "proposals":
        return
    KEPT.mkdir(exist_ok=True)
    with replacing(path) as beside:
        beside.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# --- the page ---


def tables() -> str:
    """Return every stored set as a Markdown table with its command, date, versions and division."""
    parts = [
        "_Written by `benchmarks/quality.py` from the figures kept under `docs/measured/`; not by hand._",
        *(
            _table(asked.title, asked.folds, kept(name))
            for name, asked in MEASURES.items()
            if (KEPT / f"{name}.json").exists()
        ),
    ]
    if (KEPT / "proposals.json").exists():
        folds = "whole policies held apart in eight parts: each is measured by a model that saw no policy of its part"
        parts.append(_table("Proposals", folds, kept("proposals")))
    return "\n\n".join(parts)


def kept(name: str) -> dict[str, Any]:
    """Return the stored figures of a set."""
    return json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))


def _table(title: str, folds: str, held: dict[str, Any]) -> str:
    names = list(dict.fromkeys(name for row in held["rows"] for name in row if name != "set"))
    about = [
        f"`{held['command']}`, {held['date']}",
        f"index `{held['index']}`, {held['with']}" if "index" in held else "",
    ]
    about += [f"table `{held['table']}`"] if "table" in held else []
    lines = [
        f"### {title}", "", f"{'; '.join(filter(None, about))}. {folds[0].upper()}{folds[1:]}.", "",
        _line(names), _line(["---"] * len(names)),
        *(_line([row.get(name, "") for name in names]) for row in held["rows"]),
    ]  # fmt: skip
    return "\n".join(lines)


def _line(cells: list[Any]) -> str:
    return "| " + " | ".join(_cell(each) for each in cells) + " |"


def _cell(value: Any) -> str:
    """Return a value as the text of a table cell; leading blanks, which indent a row, become a character that Markdown
    keeps."""
    text = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    inner = text.lstrip(" ")
    return "· " * ((len(text) - len(inner)) // 2) + inner.replace("|", "\\|").replace("_", "\\_")


BETWEEN = re.compile(r"(<!-- measured -->\n).*?(\n<!-- end of measured -->)", re.DOTALL)


def page(text: str) -> str:
    """Return `text`, the page, with its tables made again."""
    return BETWEEN.sub(lambda found: f"{found[1]}\n{tables()}\n{found[2]}", text)


def main(arguments: list[str] | None = None) -> int:
    """Measure if requested, then write the page, or check it; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--measure", nargs="*", choices=[*MEASURES, "proposals"], metavar="SET", default=None)
    asked.add_argument("--check", action="store_true")
    given = asked.parse_args(arguments)
    for line in _measured(given.measure):
        print(line)
    text = PAGE.read_text(encoding="utf-8")
    made = page(text)
    if given.check:
        print(
            "the page is what the kept figures make" if made == text else "the page is not what the kept figures make"
        )
        return int(made != text)
    PAGE.write_text(made, encoding="utf-8")
    print("written: docs/quality.md")
    return 0


def _measured(names: list[str] | None) -> Iterator[str]:
    """Measure and store these sets (an empty list: all; None: none); yield a line on each."""
    from kb.errors import KBError

    if names is None:
        return
    for name in names or [*MEASURES, "proposals"]:
        try:
            found = proposals() if name == "proposals" else measure(name)
        except KBError as error:
            yield f"{name}: not measured, its figures are kept: {error}"
            continue
        keep(name, found)
        yield f"{name}: {len(found['rows'])} rows"


if __name__ == "__main__":
    raise SystemExit(main())
