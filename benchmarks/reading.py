"""Measure speed and accuracy of reading: pages per second beside pypdf and pdftotext, memory on 600 pages, agreement of
formats.

    python benchmarks/reading.py [speed | memory | agree | lost | ocr]        default: all but ocr

Speed is measured in one run, file by file, one after the other. Agreement compares the words outside tables of policies
that are available in two formats: twice the number of words in common sequences, divided by all words of both.
"""

from __future__ import annotations

import difflib
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
RAISED = str.maketrans("", "", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PAIRS = [
    ("policies/united-states/ncd-2011-progress-report.docx", "policies/united-states/ncd-2011-progress-report.pdf"),
    ("policies/united-states/ncd-2009-progress-report.doc", "policies/united-states/ncd-2009-progress-report.pdf"),
]
SPEED = [
    "paragraphs/pdfs/ohchr_2_en.pdf",
    "paragraphs/pdfs/ohchr_2_fr.pdf",
    "policies/united-states/ncd-2011-progress-report.pdf",
    "policies/united-states/ncd-2009-progress-report.pdf",
    "policies/zimbabwe/Marriages_Act_2022_(2).pdf",
    "policies/united-states/ncd-lift-every-voice-spanish-1998.pdf",
]
SCAN = (
    "policies/pakistan/ncsw_2012_scan_transcription_dev.txt",
    "policies/pakistan/National_Commission_on_the_Status_of_Women_Act_201.pdf",
)


def words(text: str) -> list[str]:
    """Return the words of a text (letters and digits), case folded; raised digits, which refer to notes, are left
    out."""
    return re.findall(r"[^\W_]+", text.translate(RAISED).casefold())


def common(a: list[str], b: list[str]) -> int:
    """Return the number of words in sequences that both lists share, in order."""
    return sum(m.size for m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that a call of `action` takes."""
    start = time.monotonic()
    action()
    return time.monotonic() - start


def speed() -> None:
    """Print the pages per second of kb read, pypdf's extract_text and pdftotext."""
    import pypdf

    from kb.read import read

    read(DATA / SPEED[0])
    print(f"{'file':<44}{'pages':>6}{'kb read':>9}{'pypdf':>9}{'pdftotext':>11}   times pypdf's time")
    sums = [0.0, 0.0, 0.0]
    for name in SPEED:
        file = DATA / name
        pages = len(pypdf.PdfReader(file).pages)
        spent = [
            timed(lambda f=file: read(f)),
            timed(lambda f=file: [page.extract_text() for page in pypdf.PdfReader(f).pages]),
            timed(
                lambda f=file: subprocess.run(["pdftotext", "-layout", str(f), "-"], capture_output=True, check=False)
            )
            if shutil.which("pdftotext")
            else float("nan"),
        ]
        sums = [a + b for a, b in zip(sums, spent)]
        print(
            f"{file.name[:43]:<44}{pages:>6}"
            + "".join(f"{pages / s:>9.1f}" for s in spent)
            + f"{spent[0] / spent[1]:>13.2f}"
        )
    print(f"{'all':<50}" + " " * 27 + f"{sums[0] / sums[1]:>13.2f}")


def memory() -> None:
    """Print the peak memory of reading a PDF of about 600 pages, made from one with text and tables."""
    import pypdf

    with tempfile.TemporaryDirectory() as folder:
        big = pathlib.Path(folder) / "600.pdf"
        writer = pypdf.PdfWriter()
        for _ in range(8):
            writer.append(str(DATA / SPEED[2]))
        writer.write(big)
        code = (
            f"import resource,time\nfrom kb.read import read\nt=time.monotonic()\np=read({str(big)!r})\n"
            "print(p.pages,'pages,',round(p.pages/(time.monotonic()-t),1),'pages a second,',"
            "round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1e3),'MB at most')"
        )
        print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip())


def agree() -> None:
    """Print how far the word sequences of policies in two formats agree, outside tables."""
    from kb.read import read

    for first, second in PAIRS:
        texts = [
            [w for p in read(DATA / name).paragraphs if p.kind != "table-row" for w in words(p.text)]
            for name in (first, second)
        ]
        print(
            f"{pathlib.Path(first).name} and .pdf: agreement {2 * common(*texts) / sum(map(len, texts)):.4f} "
            f"({len(texts[0])} and {len(texts[1])} words)"
        )


def lost() -> None:
    """Print the letters and digits that pdfium finds on the pages and that are neither in paragraphs nor in leftovers,
    and the reverse."""
    import pypdfium2

    from kb.read import read

    for name in SPEED:
        raw: Counter = Counter()
        for page in pypdfium2.PdfDocument(str(DATA / name)):
            text = unicodedata.normalize("NFKC", page.get_textpage().get_text_range())
            raw.update(c for c in text if c.isalnum())
        pages = read(DATA / name, ocr=False)
        held = Counter(
            c
            for p in [*pages.paragraphs, *pages.leftovers]
            for c in unicodedata.normalize("NFKC", p.text)
            if c.isalnum()
        )
        print(
            f"{pathlib.Path(name).name[:43]:<44}{raw.total():>8} letters and figures, lost {(raw - held).total()}, "
            f"added {(held - raw).total()}"
        )


def ocr() -> None:
    """Print the accuracy of OCR on a scan with a transcription: the share of its words that OCR has, in order."""
    from kb.read import read

    pages = read(DATA / SCAN[1])
    gold = words((DATA / SCAN[0]).read_text(encoding="utf-8"))
    kept = words(" ".join(p.text for p in pages.paragraphs))
    everything = sorted(
        [*pages.paragraphs, *pages.leftovers], key=lambda p: (p.page or 0, p.boxes[0].y0 if p.boxes else 0)
    )
    whole = words(" ".join(p.text for p in everything))
    print(
        f"OCR: {common(gold, kept) / len(gold):.4f} of {len(gold)} words in the paragraphs; "
        f"{common(gold, whole) / len(gold):.4f} with running heads, which the transcription holds too"
    )


def main(names: list[str]) -> None:
    """Run the measurements named in `names`."""
    parts = {"speed": speed, "memory": memory, "agree": agree, "lost": lost, "ocr": ocr}
    for name in names or ["speed", "memory", "agree", "lost"]:
        parts[name]()
    print(f"(this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB at most)")


if __name__ == "__main__":
    main(sys.argv[1:])
