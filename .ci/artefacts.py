"""Write kb/build/shipped.zip: the ready-made index data of the project's own corpus that a release contains, so that
the first search after an install waits for no model. With --check nothing is written: exit code 1 if the file is not of
this code and this corpus. With --keep-vectors the vectors of unchanged texts are taken from the existing file (seconds
instead of minutes)."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout it stands in, wherever kb is installed

from kb.build import pipeline
from kb.build.shipped import FILE, Shipped
from kb.config import settings


def main(arguments: list[str]) -> int:
    """Build the corpus from scratch in a temporary folder and write shipped.zip; with `--check` only compare the keys
    of the existing file. Return the exit code: 1 if it is not of this code and corpus."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        config = replace(settings(), indexes=folder / "indexes", workspace=folder / "workspace")
        config.indexes.mkdir()
        if "--check" in arguments:
            fits = set(pipeline.of_corpus(config)[0]) == Shipped().keys
            print(
                "==> shipped.zip is of this corpus and this code" if fits else "==> shipped.zip is not: make artefacts"
            )
            return 0 if fits else 1
        pipeline.run(config, print, from_scratch="--keep-vectors" not in arguments)
        print(f"==> {FILE.name}: {pipeline.ship(config, FILE)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
