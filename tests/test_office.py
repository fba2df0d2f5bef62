"""LibreOffice has no network and writes into one folder only, whatever links the file has that it converts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from docx import Document

from kb import office


def pretend(folder: Path, script: str) -> None:
    """Write a program of that name that runs `script` instead."""
    (folder / "soffice").write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    (folder / "soffice").chmod(0o755)


def test_what_the_converter_writes_for_itself_stays_in_the_folder(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    seen = tmp_path / "seen.txt"
    script = (
        "import os, sys\n"
        f"names = [n for n in os.environ if n.startswith('XDG_') or n in ('HOME', 'TMPDIR')]\n"
        f"open({str(seen)!r}, 'w').write('\\n'.join(f'{{n}}={{os.environ[n]}}' for n in sorted(names)))\n"
        "open(os.path.join(sys.argv[sys.argv.index('--outdir') + 1], 'a.pdf'), 'w').write('made')\n"
    )
    pretend(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    work = tmp_path / "work"
    work.mkdir()
    assert office.convert(tmp_path / "a.docx", "pdf", work, 60).read_text() == "made"
    homes = dict(line.split("=", 1) for line in seen.read_text().splitlines())
    assert {"HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"} <= set(homes)
    assert {homes[name] for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")} == {str(work / "office")}


def test_a_converter_that_makes_nothing_or_fails_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    pretend(tmp_path / "bin", "")
    with pytest.raises(FileNotFoundError):
        office.convert(tmp_path / "a.docx", "pdf", tmp_path, 60)
    pretend(tmp_path / "bin", "raise SystemExit(3)")
    with pytest.raises(subprocess.CalledProcessError):
        office.convert(tmp_path / "a.docx", "pdf", tmp_path, 60)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no groups of processes")
def test_what_a_converter_that_takes_too_long_has_started_ends_with_it(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    pretend(tmp_path / "bin", f"import os\nos.system('touch {begun}; (sleep 4; touch {ended}) & sleep 60')")
    with pytest.raises(subprocess.TimeoutExpired):
        office.convert(tmp_path / "a.docx", "pdf", tmp_path, 3)
    time.sleep(4 if begun.exists() else 0)
    assert not ended.exists()


def picture_link(folder: Path, address: str) -> Path:
    """Write a Word file that shows a picture from another address; return its path."""
    document = Document()
    document.add_paragraph("A logo stands here: ")
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    key = document.part.relate_to(address, base, is_external=True)
    from docx.oxml import parse_xml

    shape = (
        '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<v:shape style="width:50pt;height:50pt"><v:imagedata r:id="{key}"/></v:shape></w:pict>'
    )
    document.paragraphs[0].add_run()._r.append(parse_xml(shape))
    document.save(str(folder / "logo.docx"))
    return folder / "logo.docx"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
def test_a_linked_picture_is_not_fetched(tmp_path):
    if office.program() is None:
        pytest.skip("needs LibreOffice")
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    asked.append(server.accept()[1])
                except TimeoutError:
                    continue

        listener = threading.Thread(target=listen)
        listener.start()
        file = picture_link(tmp_path, f"http://127.0.0.1:{server.getsockname()[1]}/logo.png")
        made = office.convert(file, "pdf", tmp_path, 120)
        ended.set()
        listener.join()
    assert made.read_bytes().startswith(b"%PDF")
    assert asked == []
