"""Fit the small model of self-assessment on judged policies and write corpus/models/assess.json with its held-out figures.

    python benchmarks/train_assess.py JUDGED.jsonl … [--policies FOLDER] [--instead ID=FILE …] [--write]

Without --write the figures are printed and nothing changes. The weights that are written are fitted on all policies;
the figures beside them come from models that did not see the policy they are measured on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import date
from pathlib import Path

from kb.assess import train
from kb.assess.calibrate import Calibrated
from kb.assess.encoding import encoder_for
from kb.assess.measure import figures
from kb.assess.probes import LANGUAGES
from kb.config import settings
from kb.evaluation.mapping import cases, held_out


def main() -> None:
    """Fit, measure, and write where asked."""
    options = _options()
    instead = {one.partition("=")[0]: Path(one.partition("=")[2]) for one in options.instead}
    folder = options.policies or options.judged[0].parent.parent / "policies"
    judged = [case for file in options.judged for case in cases(file, folder, instead)]
    held = figures(held_out(judged))
    print(json.dumps(held, indent=1))
    if options.write:
        _write(options.judged, train.fit(judged), held, len(judged))


def _write(files: list[Path], fitted: train.Fitted, held: dict[str, float], policies: int) -> None:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    model = Calibrated(
        version=f"{date.today():%Y.%m.%d}-{digest[:6]}",
        trained_on=digest,
        judgements=f"{', '.join(file.name for file in files)}: {policies} policies, {held['criteria']} judged criteria",
        encoders={language: encoder_for(language).identity for language in LANGUAGES},
        rank=fitted.rank,
        row=fitted.row,
        proposal=fitted.proposal,
        silent_below=fitted.silent_below,
        direct_from=fitted.direct_from,
        held_out=held,
    )
    path = settings().corpus / "models" / "assess.json"
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
    beside.replace(path)
    print(f"written: {path.name}, version {model.version}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path, nargs="+")
    parser.add_argument("--policies", type=Path, help="folder of the policies' files")
    parser.add_argument("--instead", nargs="*", default=[], metavar="ID=FILE", help="another file for a policy")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
