"""Read a file a second time with another library: pypdf for PDF, python-docx for Word, lxml for web pages.

These share no code with our readers, except that HTML, XML and EPUB are parsed by lxml in both. Only the words matter,
page by page or part by part; their order may differ. The second reading runs in a separate process with the limits of
reading. Superscripts and subscripts are separated by a space if the file marks them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from kb.errors import InputError
from kb.models import Model
from kb.no_network import close_network, refuse_sockets
from kb.read.child import limit_this_process
from kb.read.detect import detect
from kb.read.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "cite",
    "code",
    "em",
    "font",
    "i",
    "ins",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "u",
    "wbr",
}
"""Elements that do not separate words; every other element (br, sup, td, ...) does."""
_SILENT = {"script", "style", "template", "noscript", "del", "s", "strike"}
"""Elements whose text is not printed, or printed as struck out."""


class Second(Model):
    """The text that another library reads from a file."""

    by: str = Field(description="the library, or 'the file itself' for plain text, which no reader stands between")
    pages: tuple[str, ...] = Field(description="text by page for PDF, else in parts of any size")
    paged: bool = Field(False, description="whether a part is a page")
    problems: tuple[str, ...] = ()


def second_reading_of(path: Path, *, limits: Limits = DEFAULT) -> Second | None:
    """Return the second reading of a file; None for a type without a second reader (OpenDocument, RTF, old Word, mail,
    ZIP).

    Raises InputError when it cannot be read, or would exceed `limits`.
    """
    if detect(path) not in _READERS:
        return None
    words = [sys.executable, "-P", "-c", _CHILD, json.dumps(sys.path), str(path.resolve())]
    try:
        done = subprocess.run(words, capture_output=True, timeout=limits.silent_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError("a second reading took too long.", where=path.name, do="Compare it by hand.") from error
    if done.returncode or len(done.stdout) > limits.answer_bytes:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it ended without an answer"]
        raise InputError(f"a second reading failed ({why[0][:200]}).", where=path.name, do="Compare it by hand.")
    return Second.model_validate_json(done.stdout)


_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])\nfrom kb.sources.second import main; main(sys.argv[2])"
)


def main(path: str) -> None:
    """Run in the child process: read one file within the limits and print the result as JSON."""
    limit_this_process(DEFAULT)
    refuse_sockets()
    close_network()
    file = Path(path)
    second = _READERS[detect(file)](file)
    sys.stdout.buffer.write(second.model_dump_json().encode("utf-8", "replace"))


def _pdf(path: Path) -> Second:
    """Read a PDF a second time, by pypdf, page by page."""
    from kb.read.formats.second_pdf import second_reading

    found = second_reading(path)
    return Second(by="pypdf", pages=found.pages, paged=True, problems=found.problems)


def _plain(path: Path) -> Second:
    """Return the characters of a text file, without the line numbers of bills."""
    from kb.read.decode import decode
    from kb.read.linenumbers import line_numbers, without

    text = decode(path.read_bytes())[0]
    return Second(by="the file itself", pages=(without(text, line_numbers(text)),))


def _json(path: Path) -> Second:
    """Return every string of a JSON file, read with the standard library."""

    def strings(value: object) -> Iterator[str]:
        """Yield the strings in a value, in order; numbers as spelled in the file."""
        if isinstance(value, dict):
            for each in value.values():
                yield from strings(each)
        elif isinstance(value, list):
            for each in value:
                yield from strings(each)
        elif value is not None:
            yield str(value)

    text = path.read_text(encoding="utf-8-sig")
    try:
        found = list(strings(json.loads(text, parse_int=str, parse_float=str)))
    except ValueError:
        found = [part for line in text.splitlines() if line.strip() for part in strings(json.loads(line))]
    return Second(by="json of the standard library", pages=("\n".join(found),))


def _markup_text(element: _Element) -> str:
    """Return the text below an element in source order; words are separated at every element that is not inline."""
    parts: list[str] = []
    waiting: list[tuple[_Element, bool]] = [(element, False)]
    while waiting:
        node, leaving = waiting.pop()
        name = node.tag.rsplit("}", 1)[-1].lower() if isinstance(node.tag, str) else ""
        if leaving:
            parts += ["" if name in _INLINE else " ", node.tail or ""]
            continue
        waiting.append((node, True))
        parts.append("" if name in _INLINE else " ")
        if name and name not in _SILENT:
            parts.append(node.text or "")
            waiting += [(child, False) for child in reversed(node)]
    return "".join(parts)


def _html(path: Path) -> Second:
    """Read a web page with lxml; layout, styles and visibility are ignored."""
    return Second(by="lxml", pages=(_of_markup(path.read_bytes()),))


def _of_markup(data: bytes) -> str:
    from lxml import html

    from kb.read.decode import decode

    text = decode(data, declared=True)[0]
    text = text[text.index("?>") + 2 :] if text.lstrip().startswith("<?xml") and "?>" in text else text
    parser = html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    return _markup_text(html.document_fromstring(text.encode("utf-8", "replace"), parser=parser))


def _xml(path: Path) -> Second:
    """Read an XML file with lxml; entities are not resolved."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return Second(by="lxml", pages=(_markup_text(etree.fromstring(path.read_bytes(), parser)),))


def _docx(path: Path) -> Second:
    """Read a Word file with python-docx: body, notes, headers and footers, without deleted text."""
    from docx import Document
    from lxml import etree

    document = Document(str(path))
    roots = [document.element]
    for part in document.part.package.iter_parts():
        name = str(part.partname)
        if name.startswith(("/word/footnotes", "/word/endnotes", "/word/header", "/word/footer")):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            roots.append(etree.fromstring(part.blob, parser))
    return Second(by="python-docx", pages=("\n".join(map(_runs, roots)),))


def _runs(root: _Element) -> str:
    """Return the text of the runs below an element; superscripts and subscripts are separated, paragraphs and cells are
    on lines of their own."""
    parts: list[str] = []
    for node in root.iter(f"{W}p", f"{W}r", f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        name = node.tag.removeprefix(W)
        if name == "t":
            parts.append(node.text or "")
            continue
        raised = node.find(f"{W}rPr/{W}vertAlign") is not None if name == "r" else False
        after = node.getprevious() is not None and node.getprevious().find(f"{W}rPr/{W}vertAlign") is not None
        parts.append(
            {"p": "\n", "tab": " ", "br": "\n", "noBreakHyphen": "-"}.get(name, " " if raised or after else "")
        )
    return "".join(parts)


def _epub(path: Path) -> Second:
    """Read every chapter of an EPUB with lxml, sorted by file name."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith((".xhtml", ".html", ".htm"))]
        return Second(by="lxml", pages=tuple(_of_markup(archive.read(name)) for name in sorted(names)))


_READERS: dict[str, Callable[[Path], Second]] = {
    "pdf": _pdf,
    "html": _html,
    "akn": _xml,
    "docx": _docx,
    "epub": _epub,
    "json": _json,
    "text": _plain,
    "markdown": _plain,
}
