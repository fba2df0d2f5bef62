"""Promise: nothing leaves the machine. Each way of using the program is run and watched from outside: no address except
loopback, no file outside the project's own folders, nothing left among temporary files."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from kb_watch import Seen, elsewhere, outside, strace, watch

from kb import office
from kb.privacy import SETTINGS, keep_private

FEW = '''
import kb
from kb.commitments import documents as register
from kb.config import settings
from kb.build import pipeline
from kb.sources import documents as corpus
all_documents = register.register_documents
def few(*arguments, **more):
    """The first passages of the convention: the real road, with less to embed."""
    for document in all_documents(*arguments, **more):
        if document.id == "crpd":
            yield document.model_copy(update={"passages": document.passages[:12]})
register.register_documents = few
corpus.corpus_documents = lambda *_, **__: iter(())
print(pipeline.run(settings()).passages)
'''
POLICY = """Disability Act

1. The Ministry of Works shall make all public buildings accessible to persons with disabilities by 2030.

2. A council shall monitor this Act each year and shall include organizations of persons with disabilities.
"""
PAGES = """
import kb
from streamlit.testing.v1 import AppTest
for name in ("search", "commitments", "assess", "export", "about"):
    app = AppTest.from_string(f"from kb.ui import pages\\npages._body({name!r})()", default_timeout=120).run()
    assert not app.exception, app.exception
"""


OFFICE_SOCKET = "/tmp/OSL_PIPE_"
"""Where LibreOffice listens while it runs, whatever it is told: SECURITY.md says so. It must be gone afterwards."""


class Place:
    """An installation of its own: indexes, workspace, home and temporary files in one folder."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root, self.count = folder, root, 0
        for name in ("home", "temp", "work", "out"):
            (folder / name).mkdir()
        (folder / "out" / "act.txt").write_text(POLICY, encoding="utf-8")

    def env(self) -> dict[str, str]:
        """Return the environment of a user whose own settings ask every library to connect to its maker."""
        kept = {
            k: v
            for k, v in os.environ.items()
            if k in ("PATH", "LANG", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
        }
        talkative = {name: {"1": "0", "false": "true"}.get(value, "") for name, value in SETTINGS.items()}
        here = {
            "KB_INDEXES": str(self.folder / "work" / "indexes"),
            "KB_WORKSPACE": str(self.folder / "work" / "workspace"),
            "KB_HOME": str(self.root),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "temp"),
        }
        return {**kept, **talkative, **here, "PYTHONPATH": str(self.root)}

    def run(self, *command: str, **more: object) -> Seen:
        """Run a command under watch, from a folder outside the project; it must succeed, connect nowhere, and write
        only to its own folders."""
        self.count += 1
        seen = watch([*command], self.folder / f"watch{self.count}", self.env(), cwd=self.folder / "out", **more)
        assert elsewhere(seen.reached) == set(), f"{command} reached for {elsewhere(seen.reached)}"
        own = (self.folder / "work", self.folder / "out", self.folder / "temp", self.folder / f"watch{self.count}")
        wrote = {
            path for path in outside(seen.wrote, *own) if not path.startswith(OFFICE_SOCKET) or Path(path).exists()
        }
        assert wrote == set(), f"{command} wrote to {sorted(wrote)[:5]}"
        assert list((self.folder / "home").rglob("*")) == []
        left = list((self.folder / "temp").iterdir())
        assert left == [], f"{command} left {left}"
        return seen

    def kb(self, *arguments: str) -> Seen:
        """Run a `kb` command under watch, which must succeed."""
        seen = self.run(sys.executable, "-m", "kb", *arguments)
        assert seen.code == 0, seen.output
        return seen


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Place:
    """Return an installation whose index was built as users build it, under watch."""
    pytest.importorskip("onnxruntime")
    made = Place(tmp_path_factory.mktemp("private"), root)
    built = made.run(sys.executable, "-c", FEW)
    assert built.code == 0 and "12" in built.output.split(), built.output
    return made


ROADS = {
    "search by words": ("search", "public buildings", "--mode", "lexical"),
    "search by meaning": ("search", "ramps for wheelchairs", "--mode", "semantic", "--json"),
    "search by both": ("search", "ramps for wheelchairs"),
    "search in Spanish": ("search", "edificios sin barreras para todas las personas"),
    "cite": ("cite", "CRPD art. 9(2)(e)"),
    "cite in a style": ("cite", "CRPD art. 9", "--format", "oscola"),
    "read": ("read", "act.txt"),
    "assess": ("assess", "act.txt", "--out", "proposals"),
    "export a table": ("export", "passages", "--format", "xlsx", "--out", "all.xlsx"),
    "export a document": ("export", "results", "--query", "buildings", "--format", "docx", "--out", "some.docx"),
    "doctor": ("doctor",),
}


@pytest.mark.slow
@pytest.mark.parametrize("road", ROADS)
def test_a_command_reaches_nothing_and_writes_in_its_own_folders(place: Place, road: str) -> None:
    place.kb(*ROADS[road])


@pytest.mark.slow
def test_a_scanned_page_is_read_without_a_download(place: Place, root: Path) -> None:
    pytest.importorskip("rapidocr")
    from PIL import Image, ImageDraw

    page = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(page).text((40, 100), "Every school shall have a ramp", fill=0, font_size=48)
    page.save(place.folder / "out" / "scan.pdf")
    assert "ramp" in place.kb("read", "scan.pdf").output


@pytest.mark.slow
def test_a_report_as_pdf_reaches_nothing_and_leaves_nothing(place: Place) -> None:
    if office.program() is None:
        pytest.skip("LibreOffice is not installed")
    place.kb("report", "brief", "--group", "persons-with-disabilities", "--out", "brief.pdf")
    assert (place.folder / "out" / "brief.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_pages_of_the_app_reach_nothing(place: Place) -> None:
    seen = place.run(sys.executable, "-c", PAGES)
    assert seen.code == 0, seen.output


@pytest.mark.slow
def test_the_app_starts_and_answers_and_reaches_nothing_even_when_a_strangers_page_asks(place: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def visit() -> None:
        """Open the page as its user does, then as a page of the internet would through the same browser."""
        end = time.monotonic() + 180
        while not (page := _get(port, "/", f"localhost:{port}")).startswith("200"):
            assert time.monotonic() < end, page
            time.sleep(0.3)
        assert "script" in page
        for host, origin in ((f"localhost:{port}", "http://evil.example"), ("evil.example", "http://evil.example")):
            for path in ("/", "/_stcore/health", "/_stcore/stream", "/_stcore/host-config"):
                assert _get(port, path, host, origin).startswith("403"), path

    seen = place.run(
        sys.executable, "-m", "kb", "app", "--no-build", "--no-browser", "--port", str(port), meanwhile=visit
    )
    assert f"http://localhost:{port}" in seen.output and "mail" not in seen.output.lower()


@pytest.mark.slow
def test_the_server_answers_and_reaches_nothing(place: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def visit() -> None:
        """Request a page, a search and a citation, then as a page of the internet would."""
        end = time.monotonic() + 180
        while not (page := _get(port, "/documents", "localhost")).startswith("200"):
            assert time.monotonic() < end, page
            time.sleep(0.3)
        assert _get(port, "/search?q=ramps", "localhost").startswith("200")
        assert _get(port, "/cite?q=CRPD+art.+9", "localhost").startswith("200")
        assert _get(port, "/search?q=ramps", "evil.example").startswith("421")

    place.run(sys.executable, "-m", "kb", "serve", "--port", str(port), meanwhile=visit)


@pytest.mark.slow
def test_the_tools_of_an_assistant_reach_nothing(place: Place) -> None:
    code = (
        "import kb, anyio; from mcp import Client; from kb.mcp import create_server\n"
        "async def ask():\n"
        "    async with Client(create_server()) as client:\n"
        "        print(await client.call_tool('search', {'query': 'ramps'}))\n"
        "anyio.run(ask)"
    )
    seen = place.run(sys.executable, "-c", code)
    assert seen.code == 0 and "may_quote" in seen.output, seen.output


def _get(port: int, path: str, host: str, origin: str = "") -> str:
    """Return status and text of an answer; for the path of the WebSocket, of the request that opens it."""
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    if path.endswith("/stream"):
        headers |= {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers), timeout=120
        ) as answer:
            return f"{answer.status} {answer.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode()}"
    except OSError as error:
        return str(error)


# --- the watch itself can fail ---

CALLS_HOME = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
WRITES_HOME = "import pathlib; pathlib.Path('~/.cache').expanduser().mkdir(); pathlib.Path('~/.cache/id').expanduser().write_text('x')"


@pytest.mark.parametrize("native", [True, False])
def test_the_watch_sees_a_call_and_a_write(tmp_path: Path, native: bool) -> None:
    if native and not strace():
        pytest.skip("needs strace, and the right to trace")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    called = watch([sys.executable, "-c", CALLS_HOME], tmp_path / "a", env, native=native)
    assert elsewhere(called.reached) == {"192.0.2.1"}
    wrote = watch([sys.executable, "-c", WRITES_HOME], tmp_path / "b", env, native=native)
    assert {str(tmp_path / ".cache"), str(tmp_path / ".cache" / "id")} <= outside(wrote.wrote, tmp_path / "b")


# --- before the first import, on every road ---


def test_importing_kb_sets_the_options_that_every_library_needs() -> None:
    code = f"import os, kb; print([os.environ[name] for name in {list(SETTINGS)!r}] == {list(SETTINGS.values())!r})"
    talkative = {name: "something else" for name in SETTINGS}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ, **talkative}
    )
    assert done.stdout.strip() == "True", done.stderr


def test_a_library_imported_too_early_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", sys)
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "0")
    with pytest.warns(RuntimeWarning, match="onnxruntime was imported before kb"):
        assert keep_private() == ("onnxruntime",)
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1" and keep_private() == ()


TALKERS = r"(?:import|from) (onnxruntime|huggingface_hub|transformers|sentence_transformers|rapidocr|streamlit)\b"


def test_no_script_imports_a_talkative_library_before_kb(root: Path) -> None:
    """At the top of a file; inside functions the caller has imported kb already."""
    for path in [root / "app.py", *(root / "benchmarks").rglob("*.py"), *(root / "tests").rglob("*.py")]:
        lines = path.read_text(encoding="utf-8").splitlines()
        first = next((n for n, line in enumerate(lines) if re.match(TALKERS, line)), None)
        ours = next((n for n, line in enumerate(lines) if re.match(r"(import|from) kb\b", line)), None)
        if first is not None and not path.is_relative_to(
            root / "tests"
        ):  # tests: conftest imports kb before any of them
            assert ours is not None and ours < first, path.name
