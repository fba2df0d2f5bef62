"""The documentation is correct: the site builds, its links work, and every command and code block of its pages runs.

Blocks marked `console` are run line by line, and the lines under a command must be in its output ('…' matches any
text). Blocks marked `python` are run in the order of their page. Blocks marked `sh` hold what a page cannot run:
commands that need a network, another program, a running server, or files of the reader. Their options must exist, and
each is run by the test that ELSEWHERE names. Blocks of data are parsed. A block without a mark fails.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kb.cli.main import root as program

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
NEEDS_BUILD = {"assess.md"}
"""Pages whose commands build an index with the real model."""
ELSEWHERE = {
    "make": (".ci/run", "make"),
    "pip install kb": ("tests/test_wheel.py", '"pip", "wheel"'),
    "kb fetch": ("tests/cli/test_cli_instruments.py", '"fetch"'),
    "kb add": ("tests/cli/test_cli_library.py", '"add"'),
    "kb verify": ("tests/cli/test_cli_instruments.py", '"verify", "--register"'),
    "kb build": ("tests/cli/test_cli_spine.py", '"build"'),
    "kb doctor": ("tests/cli/test_cli_spine.py", '"doctor"'),
    "kb serve": ("tests/http/test_http_server.py", '"serve"'),
    "kb mcp": ("tests/mcp/test_mcp_server.py", '"mcp"'),
    "kb warm": ("tests/warm/test_warm_helper.py", '"warm"'),
    "kb policies": ("tests/cli/test_cli_library.py", '"policies", "add"'),
    "kb findings set": ("tests/cli/test_cli_workspace.py", '"findings", "set"'),
    "kb findings anchor": ("tests/cli/test_cli_workspace.py", '"anchor"'),
    "kb findings prove": ("tests/cli/test_cli_workspace.py", '"prove"'),
    "kb cite": ("tests/cli/test_cli_instruments.py", '"cite", "art. 6"'),
    "kb backup": ("tests/cli/test_cli_library.py", '"backup"'),
    "kb restore": ("tests/cli/test_cli_library.py", '"restore"'),
}
"""What a page shows and does not run: how the command begins, the file that runs it, and the words by which it does."""
READS = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load, "text": str}
"""Blocks that are no commands, and what reads them."""
FENCE = re.compile(r"^ *```(.*)\n(?:.*\n)*? *```$", re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> list[str]:
    """Return the blocks of a page that are marked with `language`."""
    return [text for marked, text in BLOCK.findall(path.read_text(encoding="utf-8")) if marked == language]


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, each with the lines under it."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif found:
            found[-1][1].append(line)
    return found


def comes_out(expected: list[str], output: str) -> bool:
    """Return whether the lines are in the output in this order; '…' matches any text, also within a line."""
    pattern = "\n".join(".*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) for line in expected)
    return not expected or re.search(rf"^{pattern}$", output.strip(), re.MULTILINE | re.DOTALL) is not None


def run_console(path: Path) -> int:
    """Run the commands of a page; return their number."""
    ran = 0
    for block in blocks(path, "console"):
        for command, expected in steps(block):
            done = CliRunner().invoke(program, shlex.split(command)[1:])
            assert done.exit_code == 0, f"{path.name}: {command}\n{done.output}\n{done.exception!r}"
            assert comes_out(expected, done.output), (
                f"{path.name}: {command}\nshould print:\n{expected}\nprints:\n{done.output}"
            )
            ran += 1
    return ran


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    """Change to an empty folder, like that of a new user."""
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("path", [page for page in PAGES if page.name not in NEEDS_BUILD], ids=lambda page: page.name)
def test_commands_of_a_page_run(path, live_kb, in_a_folder):
    ran = run_console(path)
    assert ran or "```console" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_code_of_a_page_runs(path, live_kb, in_a_folder, capsys):
    shared: dict[str, object] = {}
    for block in blocks(path, "python"):
        exec(compile(block, f"{path.name}", "exec"), shared)  # noqa: S102 (our own pages)
    assert path.name != "assistant.md" or "verbatim" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NEEDS_BUILD))
def test_commands_that_build_run_on_the_real_index(name, root, in_a_folder, monkeypatch, tmp_path):
    if not (root / "indexes" / "current").is_file():
        pytest.skip("needs an index in the checkout: kb build")
    shutil.copytree(root / "indexes", tmp_path / "indexes")
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    assert run_console(root / "docs" / name) > 5


@pytest.mark.parametrize("path", PAGES, ids=lambda page: page.name)
def test_commands_that_are_only_shown_exist_with_their_options(path):
    for line in (line for block in blocks(path, "sh") for line in block.splitlines() if line.startswith("kb ")):
        command = program
        for word in shlex.split(line, comments=True)[1:]:
            inner = command.get_command(None, word) if hasattr(command, "get_command") else None
            if inner is None:
                break
            command = inner
        assert command is not program, line
        options = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
        asked = {word.split("=")[0] for word in shlex.split(line, comments=True) if word.startswith("--")}
        assert asked <= options | {"--help"}, line


@pytest.mark.parametrize("path", PAGES, ids=lambda page: page.name)
def test_every_block_says_what_it_is_and_is_run_or_read(path):
    text = path.read_text(encoding="utf-8")
    assert {found[1] for found in FENCE.finditer(text)} <= {"console", "python", "sh", *READS}
    assert len(FENCE.findall(text)) * 2 == len(re.findall(r"^ *```", text, re.MULTILINE))
    for language, read in READS.items():
        for block in blocks(path, language):
            assert read(block)


@pytest.mark.parametrize("path", PAGES, ids=lambda page: page.name)
def test_what_a_page_does_not_run_is_run_by_another_test(path):
    for line in (line for block in blocks(path, "sh") for line in block.splitlines() if line.strip()):
        where = [found for begin, found in ELSEWHERE.items() if line.startswith(begin)]
        assert where, line
        assert all(words in (ROOT / file).read_text(encoding="utf-8") for file, words in where), line


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site; return its folder. A warning is a failure."""
    pytest.importorskip("mkdocs", reason="needs MkDocs")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_builds_and_has_every_page(site):
    assert {path.with_suffix(".html").name for path in PAGES if path.parent.name == "docs"} <= {
        path.name for path in site.glob("*.html")
    }
    assert {path.stem for path in (site / "reference").glob("*.html")} == {"commands", "python", "http", "columns"}


def test_links_lead_to_pages_and_places_that_are_there(site):
    html = pytest.importorskip("lxml.html", reason="needs lxml to read the pages")
    parsed = {path: html.parse(str(path)).getroot() for path in site.rglob("*.html") if path.name != "404.html"}
    places = {
        path.resolve(): {each.get("id") for each in page.iter() if each.get("id")} for path, page in parsed.items()
    }
    checked = 0
    for path, page in parsed.items():
        for link in page.xpath("//a/@href | //img/@src"):
            target, _, place = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            aim = (path.parent / target).resolve() if target else path.resolve()
            assert aim.exists(), f"{path.name}: {link}"
            assert not place or aim.suffix != ".html" or place in places[aim], f"{path.name}: {link}"
            checked += 1
    assert checked > 100


def test_no_page_loads_anything_from_elsewhere(site):
    for path in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"([^\"]+)\"", path.read_text(encoding="utf-8")
        )
        assert [each for each in loaded if each.startswith(("http:", "https:", "//"))] == [], path.name
    sheets = "".join(path.read_text(encoding="utf-8", errors="ignore") for path in site.rglob("*.css"))
    assert not re.findall(r"url\([\"']?(?:https?:)?//", sheets)


def test_the_reference_names_every_command_and_every_column(site):
    from kb.export.columns import FIELDS, LAYOUT_NAMES, WORDS, columns_of, words_of_column

    text = re.sub(r"<[^>]+>", "", (site / "reference" / "commands.html").read_text(encoding="utf-8"))
    assert [name for name in program.list_commands(None) if f"kb {name}" not in text] == []
    every = {column.name for kind in FIELDS for layout in LAYOUT_NAMES for column in columns_of(kind, layout)}
    assert sorted(name for name in every if not words_of_column(name)) == []
    assert set(WORDS) <= every, "a description of a column that no export has"


def test_the_dictionary_has_the_tables_of_a_study_and_no_empty_cell(site):
    html = pytest.importorskip("lxml.html", reason="needs lxml to read the page")
    page = html.parse(str(site / "reference" / "columns.html")).getroot()
    heads = [head.text_content() for head in page.xpath("//h2")]
    for command in (
        "kb agreement --table",
        "kb codes list --table",
        "kb counts --table",
        "kb codebook mappings --table",
    ):
        assert command in heads
    assert [cell for cell in page.xpath("//td") if not cell.text_content().strip()] == []


def test_the_readme_is_short_enough_to_be_read():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_the_glossary_is_in_order():
    words = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(words) >= 25 and words == sorted(words, key=str.casefold)


@pytest.mark.parametrize("path", PAGES, ids=lambda page: page.name)
def test_what_a_page_tells_to_install_is_the_wheels_file_and_never_the_bare_name(path):
    """On the public index `kb` is another project's package, which a reader without this one would install."""
    told = re.findall(r"pip install\s+'?([^\s'`]+)", path.read_text(encoding="utf-8"))
    assert not [each for each in told if re.match(r"kb(\[|$|==)", each)]
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert {each.split("-")[1] for each in told if ".whl" in each} <= {version[1]}
