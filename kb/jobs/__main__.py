"""`python -m kb.jobs FOLDER` runs the waiting jobs of a folder; `--one FOLDER` runs the job in that folder."""

import kb  # noqa: I001, F401 - first of all: it tells every library to be silent

import sys
from pathlib import Path

from kb.jobs.queue import job_of
from kb.jobs.worker import drain


def main(given: list[str]) -> None:
    """Run the waiting jobs, or one job, as the arguments say."""
    if given[0] != "--one":
        drain(Path(given[0]))
        return
    from kb.jobs.kinds import do

    place = Path(given[1])
    job = job_of(place)
    if job:
        do(place, job)


if __name__ == "__main__":
    main(sys.argv[1:])
