"""Make a report again from the description in its file and compare: the same bytes, or what differs and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kb.errors import InputError
from kb.export.reproduce import Reproduced, Run
from kb.export.zips import same_members
from kb.files import scratch
from kb.report.made import lines_of, producer_of, read_made
from kb.text import sha256_of


def reproduce_report(path: Path, run: Run, template: Path | None = None) -> Reproduced:
    """Make the report again in a temporary folder and compare. `run` writes a report from the arguments of `kb report`.

    Raises InputError for a file without a description or for another template than the original one, and what `run`
    raises.
    """
    made, whole = read_made(path)
    given = sha256_of(template) if template else ""
    if given != made.template:
        what = "another template" if given and made.template else "a template" if made.template else "no template"
        raise InputError(
            f"the report was made with {what}.",
            where=str(path),
            do=f"Give it with --template (sha256 {made.template})." if made.template else "Leave --template out.",
        )
    words = [*made.words, *(["--template", str(template)] if template else [])]
    beside = "" if whole else f"{path.name} is not as it was written: it was changed since."
    with scratch("reproduce") as folder:
        now = folder / f"again{path.suffix.lower()}"
        run(words, now)
        old_sha, new_sha = sha256_of(path), sha256_of(now)
        if old_sha == new_sha:
            return Reproduced(same=True, described=old_sha, made=new_sha, of="lines")
        if same_members(path, now):
            return Reproduced(same=False, packed_anew=True, described=old_sha, made=new_sha, of="lines")
        then, present = {**made.made_from, **producer_of(path)}, {**read_made(now)[0].made_from, **producer_of(now)}
        old, new = Counter(lines_of(path)), Counter(lines_of(now))
        return Reproduced(
            same=False,
            described=old_sha,
            made=new_sha,
            beside=beside,
            beside_changed=not whole,
            differs={
                name: (then.get(name, ""), present.get(name, ""))
                for name in {**then, **present}
                if then.get(name, "") != present.get(name, "")
            },
            of="lines",
            gone=tuple((old - new).elements()),
            new=tuple((new - old).elements()),
        )
