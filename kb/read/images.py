"""Render a page of a PDF as an image, in a separate process with limits: a hostile file can crash only that process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kb.errors import InputError
from kb.read.limits import DEFAULT, ReaderFault

WIDE = 1_100
"""Width of the image in pixels: a page of 8 point print is read on a screen of 1440, where the middle column has some
700."""
HIGH = 3_000
"""Maximum number of pixels of height: a very long page is drawn smaller."""
HEAVY = 600_000
"""Bytes of a PNG above which a page is a scan and is sent as JPEG: a tenth of the size, and as readable."""
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1])\nfrom kb.read.images import main; main()"


@dataclass(frozen=True)
class PageImage:
    """The image of one page: its bytes and media type (`kind`), width and height of the page in points (as in `Box`),
    and the number of pages of the file."""

    data: bytes
    kind: str
    width: float
    height: float
    pages: int


def page_image(path: Path, page: int) -> PageImage:
    """Render a page (1-based) of a PDF. Raises InputError when the page or file cannot be rendered, ReaderFault when
    rendering crashed or took too long."""
    request = json.dumps({"path": str(path), "page": page})
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _CHILD, json.dumps(sys.path)],
            input=request.encode(),
            capture_output=True,
            timeout=DEFAULT.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReaderFault(f"drawing page {page} took too long", where=path.name, do="Read it as text.") from error
    head, _, body = done.stdout.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError as error:
        raise ReaderFault(f"page {page} could not be drawn", where=path.name, do="Read it as text.") from error
    if "fault" in answer:
        raise InputError(answer["fault"], where=path.name, do="Read it as text.")
    return PageImage(body, answer["kind"], answer["width"], answer["height"], answer["pages"])


def main() -> None:
    """Render the page requested on standard input; write a line of JSON, then the image, to standard output."""
    from kb.no_network import close_network, refuse_sockets
    from kb.read.child import limit_this_process

    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not appear in the answer
    limit_this_process(DEFAULT)
    close_network()
    refuse_sockets()
    request = json.loads(sys.stdin.buffer.read())
    try:
        answer, data = _draw(request["path"], request["page"])
    except (RuntimeError, ValueError, OSError, MemoryError) as error:  # errors of the library for a broken file
        answer, data = {"fault": f"page {request['page']} cannot be drawn: {' '.join(str(error).split())[:200]}"}, b""
    out.write(json.dumps(answer).encode() + b"\n" + data)
    out.flush()


def _draw(path: str, page: int) -> tuple[dict[str, object], bytes]:
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    document.init_forms()  # values of form fields are rendered too
    if not 1 <= page <= len(document):
        return {"fault": f"there is no page {page}: the file has {len(document)}"}, b""
    sheet = document[page - 1]
    width, height = sheet.get_size()
    if not (width > 0 and height > 0):
        return {"fault": f"page {page} has no size"}, b""
    image = sheet.render(scale=min(WIDE / width, HIGH / height)).to_pil()
    kept = io.BytesIO()
    image.save(kept, "PNG")
    head = {"kind": "image/png", "width": width, "height": height, "pages": len(document)}
    if kept.tell() > HEAVY:
        kept = io.BytesIO()
        # at 85 of 100 the small print of a scan stays clear; chosen by eye
        image.convert("RGB").save(kept, "JPEG", quality=85)
        head["kind"] = "image/jpeg"
    return head, kept.getvalue()
