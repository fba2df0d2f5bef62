"""Read hostile files, each in its own process with limits of processor time and memory, and print how each ends. A
process that waits without using the processor is ended by the clock.

    python benchmarks/awkward.py [FOLDER …]          default: the shared data's awkward files and generated ones

An outcome is `text`, `refused` (with a recorded reason), `problem` (no text, and the reason is reported), or a failure:
`crash`, `timeout`, `memory`, `escape` (a file was written outside the folder that the reader was given).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from hostile import usage

SECONDS, MEMORY = 60, 1 << 30  # processor seconds, so that a busy machine changes no outcome; bytes
ASLEEP = 900  # wall seconds: a minute of work at a load of 15
ROOT = pathlib.Path(__file__).resolve().parent.parent
RUN = """
import json, sys
from kb.errors import KBError
from kb.read import Limits, read
try:
    pages = read(sys.argv[1], limits=Limits(ocr_seconds=25))
    print(json.dumps({"paragraphs": len(pages.paragraphs), "words": sum(len(p.text.split()) for p in pages.paragraphs),
                      "type": pages.type, "ocr": sum(p.confidence is not None for p in pages.paragraphs),
                      "said": [f"{p.what}" for p in pages.problems[:1]]}))
except KBError as error:
    print(json.dumps({"refused": str(error)}))
"""


def outcome(file: pathlib.Path, folder: pathlib.Path) -> tuple[str, str, float, float]:
    """Read one file; return (outcome, detail, processor seconds, MB of memory)."""
    env = {**os.environ, "KB_WORKSPACE": str(folder / "workspace"), "TMPDIR": str(folder), "OMP_NUM_THREADS": "1"}
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(file)],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    peak = spent = 0.0
    while process.poll() is None and spent < SECONDS and time.monotonic() - start < ASLEEP and peak < MEMORY:
        used, memory = usage(process.pid)
        spent, peak = max(spent, used), max(peak, memory)
        time.sleep(0.05)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return ("memory" if peak >= MEMORY else "timeout"), "", spent, peak / 1e6
    out, err = process.communicate()
    if process.returncode or not out.strip():
        last = err.decode("utf-8", "replace").strip().splitlines()
        return "crash", last[-1] if last else f"exit {process.returncode}", spent, peak / 1e6
    row = json.loads(out.decode("utf-8").strip().splitlines()[-1])
    if "refused" in row:
        return "refused", row["refused"], spent, peak / 1e6
    kind = "text" if row["paragraphs"] else "problem"
    detail = f"{row['type']}, {row['words']} words" + (f", {row['ocr']} by OCR" if row["ocr"] else "")
    return kind, "; ".join([detail, *row["said"]]), spent, peak / 1e6


def make(folder: pathlib.Path) -> list[pathlib.Path]:
    """Write hostile files that no public collection of test files has into `folder`; return their paths."""
    folder.mkdir()

    def put(name: str, data: bytes) -> None:
        (folder / name).write_bytes(data)

    def packed(members: dict[str, bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return stream.getvalue()

    put("zero-bytes.pdf", b"")
    put("truncated.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R")
    put("html-named.pdf", b"<!DOCTYPE html><html><body><p>A page that is called a PDF.</p></body></html>")
    put("zip-bomb.zip", packed({"a.txt": b"\0" * 600_000_000}))
    put("nested.zip", packed({"b.zip": packed({"c.zip": packed({"d.zip": packed({"e.txt": b"deep"})})})}))
    put(
        "escape.zip",
        packed({"../../escaped.txt": b"Text from an entry that wants out.", "/absolute.txt": b"Another one."}),
    )
    put("many.zip", packed({f"{n}.txt": b"x" for n in range(5000)}))
    lol = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lollollol">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
        + "]><w>&j;</w>"
    )
    put("entity-bomb.docx", packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": lol.encode()}))
    put(
        "entity-bomb.odt", packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": lol.encode()})
    )
    put("deep.html", b"<html><body>" + b"<div>" * 100_000 + b"bottom" + b"</div>" * 100_000 + b"</body></html>")
    put("deep.json", b"[" * 200_000 + b"]" * 200_000)
    put("deep.rtf", b"{\\rtf1 " + b"{" * 100_000 + b"x" + b"}" * 100_000 + b"}")
    put("one-line-10MB.txt", b"This sentence is one of very many on one line. " * 220_000)
    put("no-space-10MB.txt", b"a" * 10_000_000)
    put(
        "javascript.html",
        b"<html><body><noscript>Please enable JavaScript to view this page.</noscript>"
        b"<div id='root'></div></body></html>",
    )
    put(
        "remote.html",
        b"<html><body><img src='http://192.0.2.1/x.png'><script src='http://192.0.2.1/x.js'></script>"
        b"<p>Only this text counts.</p></body></html>",
    )
    put("mojibake.txt", "La política de educación y protección de niños.".encode().decode("cp1252").encode() * 5)
    put("control\x07name\n.txt", b"A name with control characters.")
    put(
        "office-password.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    put("10000-pages.pdf", pages_pdf(10_000))
    return sorted(folder.iterdir())


def pages_pdf(count: int) -> bytes:
    """Return a PDF of `count` pages with one line on each."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(count))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(count):
        text = b"BT /F1 12 Tf 72 420 Td (Page %d says this and no more.) Tj ET" % (n + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref))


def main() -> None:
    """Read every file and print the table of outcomes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=pathlib.Path)
    parser.add_argument("--made", action="store_true", help="only the made-up files")
    given = parser.parse_args()
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name:
        base = pathlib.Path(name)
        made = make(base / "made") if not given.folders else []
        folders = given.folders or ([] if given.made else [ROOT.parent / "shared" / "data" / "awkward"])
        files = [f.resolve() for folder in folders for f in sorted(folder.rglob("*")) if f.is_file()] + made
        for n, file in enumerate(files):
            work = base / "run" / str(n)
            work.mkdir(parents=True)
            before = {p for p in base.rglob("*") if work not in p.parents}
            kind, detail, seconds, memory = outcome(file, work)
            if {p for p in base.rglob("*") if work not in p.parents} - before:
                kind = "escape"
            counts[kind] = counts.get(kind, 0) + 1
            print(
                f"{kind:<8} {seconds:5.1f} s {memory:5.0f} MB  {file.parent.name}/{ascii(file.name)[1:-1]:<48} "
                f"{detail[:150]}",
                flush=True,
            )
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items())))
    sys.exit(any(counts.get(kind) for kind in ("crash", "timeout", "memory", "escape")))


if __name__ == "__main__":
    main()
