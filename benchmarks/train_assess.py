"""Fit the small model of self-assessment on judged policies; write corpus/models/assess.json, the examples, and
figures.

    python benchmarks/train_assess.py JUDGED.jsonl … [--policies FOLDER …] [--instead ID=FILE …] [--parts N] [--write]

Without --write the figures are printed and nothing changes. The weights that are written are fitted on all policies;
the figures beside them come from models that did not see the policy they are measured on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import yaml

from kb.assess import train
from kb.assess.calibrate import Calibrated
from kb.assess.encoding import encoder_for
from kb.assess.examples import Examples, write_examples
from kb.assess.measure import figures
from kb.config import settings
from kb.evaluation.mapping import cases, folder_of, held_out, table, written
from kb.files import replacing
from kb.languages import with_probes


def main() -> None:
    """Fit and measure the model, and print the figures; with --write also write the model."""
    options = _options()
    instead = {one.partition("=")[0]: Path(one.partition("=")[2]) for one in options.instead}
    folders = options.policies or [options.judged[0].parent.parent / "policies"]
    sets = {file.stem: cases(file, folder_of(file, folders), instead) for file in options.judged}
    judged = [case for some in sets.values() for case in some]
    clauses = written()
    results = held_out(judged, clauses, options.parts)
    print(json.dumps(figures(results), indent=1))
    if options.write:
        names = {name: {case.policy.id for case in some} for name, some in sets.items()}
        _write(options.judged, train.fit(judged, clauses), table(results, names), len(judged))


def _write(files: list[Path], fitted: train.Fitted, rows: list[dict], policies: int) -> None:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    whole = {row["step"].strip(): row for row in rows}
    held = {name: value for name, value in whole["the whole"].items() if name != "step"}
    model = Calibrated(
        version=f"{date.today():%Y.%m.%d}-{digest[:6]}",
        trained_on=digest,
        judgements=f"{', '.join(file.name for file in files)}: {policies} policies, {held['criteria']} judged criteria",
        encoders={language: encoder_for(language).identity for language in with_probes()},
        rank=fitted.rank,
        row=fitted.row,
        proposal=fitted.proposal,
        silent_below=fitted.silent_below,
        silent_below_in=fitted.silent_below_in,
        direct_from=fitted.direct_from,
        held_out=held,
    )
    corpus = settings().corpus
    with replacing(corpus / "models" / "assess.json") as beside:
        beside.write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
    write_examples(corpus / "examples", _titled(fitted.lessons.examples, corpus / "examples" / "titles.yaml"))
    with replacing(corpus / "examples" / "directions.npz") as beside, open(beside, "wb") as file:
        np.savez(file, **{name: way.astype(np.float16) for name, way in fitted.lessons.directions.items()})
    with replacing(corpus / "examples" / "figures.tsv") as beside:
        lines = ["\t".join(rows[0]), *("\t".join(str(value) for value in row.values()) for row in rows)]
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written: assess.json, version {model.version}; {len(fitted.lessons.examples)} examples")


def _titled(examples: Examples, file: Path) -> Examples:
    """Return the examples with the titles under which readers know their policies."""
    titles = yaml.safe_load(file.read_text(encoding="utf-8"))
    named = {
        id: policy.model_copy(update={"title": titles.get(id, policy.title)})
        for id, policy in examples.policies.items()
    }
    return replace(examples, policies=named)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--policies", type=Path, nargs="*", help="folders of the policies' files")
    parser.add_argument("--instead", nargs="*", default=[], metavar="ID=FILE", help="another file for a policy")
    parser.add_argument("--parts", type=int, help="put policies aside in so many parts, not one by one")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
