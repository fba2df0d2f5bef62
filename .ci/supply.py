"""What the project is made of: `licences` lists every dependency with its licence and fails on one that was not looked
at; `sbom FILE` writes a CycloneDX 1.6 bill of materials with versions, licences and the hashes of constraints.lock.

Run by `make licences` (also in CI) and `make sbom`. Reads what is installed; asks nobody.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = "kb"
"""The project's own name among packages."""
ROOT = Path(__file__).resolve().parent.parent
ACCEPTED = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Zlib|0BSD|CC0|BSL-1\.0|W3C|CNRI|HPND|MPL[- ]?(?:2|v2)|"
    r"Mozilla Public License 2",
    re.IGNORECASE,
)
"""Licences that allow use and passing on with Apache-2.0 code: permissive ones, and MPL, which asks for its own files
only."""
LOOKED_AT = {
    "axe-playwright-python": "MIT, as its file LICENSE says; the axe-core in it MPL-2.0: run unchanged, in tests alone",
    "psycopg": "LGPL-3.0-only: used as a library, unchanged, and only where a PostgreSQL server is named",
    "psycopg-binary": "LGPL-3.0-only: as psycopg",
}
"""Packages under other licences, with the reason why they may be used."""
_SPDX = {
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
}
"""SPDX identifiers of words that mean one licence; "BSD License" may be any of several and stays as it is."""
_COPYLEFT = re.compile(r"\bA?GPL|General Public License|LGPL", re.IGNORECASE)


def asked_for(*, tests: bool) -> list[Requirement]:
    """Return the requirements in pyproject.toml (with those of tests if `tests`); the extra `all`, which only names
    other extras, is left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"]]
    for extra, lines in project["optional-dependencies"].items():
        if extra != "all" and (tests or extra != "test"):
            named += lines
    return [Requirement(line) for line in named]


def dependencies(*, tests: bool) -> dict[str, Distribution]:
    """Return canonical name to distribution of every installed package that the project needs, directly or through
    others."""
    found: dict[str, Distribution] = {}
    waiting = [(canonicalize_name(need.name), frozenset(need.extras)) for need in asked_for(tests=tests)]
    asked: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in asked:
            continue
        asked.add((name, wanted))
        try:
            here = distribution(name)
        except PackageNotFoundError:  # needed on another system only
            continue
        if name == OWN:  # an extra that names the project's others
            continue
        found[name] = here
        for line in here.requires or ():
            need = Requirement(line)
            if any(need.marker is None or need.marker.evaluate({"extra": extra}) for extra in (*wanted, "")):
                waiting.append((canonicalize_name(need.name), frozenset(need.extras)))
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """Return the licence that a package states: its expression, else its classifiers, else the first line of its
    licence field."""
    data = package.metadata
    if data.get("License-Expression"):
        return data["License-Expression"]
    classes = [each.rsplit(" :: ", 1)[-1] for each in data.get_all("Classifier") or () if each.startswith("License ::")]
    stated = (data.get("License") or "").strip().splitlines()
    return " / ".join(each for each in classes if each != "OSI Approved") or (
        stated[0][:80] if stated else "not stated"
    )


def problem(name: str, text: str) -> str:
    """Return why the licence `text` of the package `name` needs a person's decision; '' if it needs none. A choice of
    licences is accepted if one of them is permissive."""
    if name in LOOKED_AT:
        return ""
    choices = re.split(r"\bOR\b", text)
    if any(ACCEPTED.search(choice) and not _COPYLEFT.search(choice) for choice in choices):
        return ""
    return f"{name}: '{text}' has not been looked at"


def hashes() -> dict[str, list[str]]:
    """Return 'name==version' to the sha256 of the package's files, from constraints.lock."""
    found: dict[str, list[str]] = {}
    current = ""
    for line in (ROOT / "constraints.lock").read_text(encoding="utf-8").splitlines():
        if pinned := re.match(r"([\w.-]+)==([^\s;]+)", line):
            current = f"{canonicalize_name(pinned[1])}=={pinned[2]}"
            found[current] = []
        elif hashed := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found[current].append(hashed[1])
    return found


def component(name: str, package: Distribution, known: dict[str, list[str]], *, test: bool) -> dict[str, Any]:
    """Return one package as a CycloneDX component. `known` has the hashes of all its files, whichever of them was
    installed here."""
    version = package.version
    public = version.partition("+")[0]
    purl = f"pkg:pypi/{name}@{quote(version, safe='.-_~')}"
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": package.metadata["Name"],
        "version": version,
        "purl": purl,
        "scope": "excluded" if test else "required",
        "licenses": [stated(name, licence(package))],
    }
    if digests := known.get(f"{name}=={public}"):
        made["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in digests]
    return made


def stated(name: str, text: str) -> dict[str, Any]:
    """Return a licence in CycloneDX form: an SPDX expression if the stated text is or contains one, otherwise the
    text."""
    try:
        return {"expression": canonicalize_license_expression(_SPDX.get(text, text))}
    except InvalidLicenseExpression:
        return {"license": {"name": LOOKED_AT.get(name, text)}}


def bill() -> dict[str, Any]:
    """Return the bill of materials. Nothing in it depends on the time, so that the same packages give the same file."""
    used, all_ = dependencies(tests=False), dependencies(tests=True)
    known = hashes()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "kb",
                "name": "kb",
                "version": tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"],
                "licenses": [{"expression": "Apache-2.0"}],
            }
        },
        "components": [component(name, package, known, test=name not in used) for name, package in all_.items()],
    }


def main(arguments: list[str]) -> int:
    """Run `licences` or `sbom FILE`; return the exit code."""
    if arguments == ["licences"]:
        rows = {name: licence(package) for name, package in dependencies(tests=True).items()}
        for name, text in rows.items():
            print(f"{name:32} {text}{f'  [{LOOKED_AT[name]}]' if name in LOOKED_AT else ''}")
        problems = [why for name, text in rows.items() if (why := problem(name, text))]
        print(f"==> {len(rows)} dependencies, {len(problems)} to look at")
        print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
        return 1 if problems else 0
    if len(arguments) == 2 and arguments[0] == "sbom":
        Path(arguments[1]).write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"==> {arguments[1]}")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
