"""A printed page of a PDF as an image, with passages marked on it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

from kb.config import settings
from kb.errors import KBError
from kb.i18n import later, t
from kb.models import Passage
from kb.read.images import PageImage, page_image
from kb.sources.library import checked, records
from kb.ui import address, markup, shell
from kb.ui.address import href
from kb.ui.waiting import WaitingText


@dataclass(frozen=True)
class Spot:
    """A mark for one passage on a printed page: its full text, a short sign for the margin, the target of its link,
    and its style ('here' for the current passage, 'code' for a coded one, '' otherwise)."""

    passage: Passage
    words: str = ""
    sign: str = ""
    to: str = ""
    kind: str = ""


def original(passages: Sequence[Passage]) -> Path | None:
    """Return the path of the PDF from which the passages were read, if it is in the library and unchanged; None
    otherwise."""
    place = next((one.place for one in passages if one.place.page), None)
    if place is None:
        return None
    library = settings().library
    mark = tuple(sorted((str(f), f.stat().st_mtime_ns) for f in library.rglob("*") if f.is_file()))
    return _original(str(library), mark, place.sha256)


@st.cache_resource(max_entries=50, show_spinner=False)  # pages of some documents
def _original(library: str, mark: tuple, sha256: str) -> Path | None:
    for record in records(Path(library)):
        if record.sha256 == sha256 and record.file.lower().endswith(".pdf"):
            try:
                return checked(record, Path(library))
            except KBError:
                return None
    return None


@st.cache_data(max_entries=60, show_spinner=WaitingText(later("Drawing the page…")))  # pages of some documents
def _image(sha256: str, page: int, path: str) -> PageImage:
    return page_image(Path(path), page)


def show_switch(name: str, query: Mapping[str, str | list[str]], page: bool) -> None:
    """Draw links to the two views, text and printed page."""
    rows = "".join(
        f'<a href="{escape(href(name, {**query, "as": to}), quote=True)}"'
        f"{' aria-current=true' if here else ''}>{words}</a>"
        for to, words, here in (("", t("Text"), not page), ("page", t("Page"), page))
    )
    with st.container(key=f"kb-how-{name}"):
        st.html(f'<nav class="k-seg" aria-label="{t("How to read it")}">{rows}</nav>')


def as_page() -> bool:
    """Return whether the address asks for the printed page."""
    return address.value("as") == "page"


def show(
    path: Path, passages: Sequence[Passage], spots: Iterable[Spot], name: str, query: Mapping[str, str | list[str]]
) -> bool:
    """Draw the page that the address names, by default that of the first spot with style 'here', with the marks of the
    spots and links to the neighbouring pages. Return False if it cannot be drawn; the error is then shown."""
    spots = list(spots)
    sha256 = next(one.place.sha256 for one in passages if one.place.page)
    first = next((spot.passage.place.page for spot in spots if spot.kind == "here" and spot.passage.place.page), 1)
    page = address.integer("page", first, 1, 10**6)  # no document has a million pages
    with shell.errors_shown():
        image = _image(sha256, page, str(path))
        with st.container(key=f"kb-printed-{name}"):
            st.html(_moves(name, query, page, image.pages) + _figure(image, page, spots))
        return True
    return False


def _moves(name: str, query: Mapping[str, str | list[str]], page: int, pages: int) -> str:
    """Return the page number with links to the pages before and after."""

    def to(n: int, words: str) -> str:
        """Return a link to page `n` of the document; `words` is the link text."""
        return markup.anchor(href(name, {**query, "as": "page", "page": str(n)}), words)

    before = to(page - 1, t("Previous page")) if page > 1 else ""
    after = to(page + 1, t("Next page")) if page < pages else ""
    here = t("Page {page} of {pages}", page=page, pages=pages)
    return f'<nav class="k-pages" aria-label="{t("Pages")}">{before}<b aria-current="page">{here}</b>{after}</nav>'


def _figure(image: PageImage, page: int, spots: Sequence[Spot]) -> str:
    """Return the page as an image, with a rectangle over each run of lines of a marked passage."""
    marks = []
    for spot in spots:
        boxes = [box for box in spot.passage.place.boxes if box.page == page]
        for n, box in enumerate(boxes):
            left, top = 100 * box.x0 / image.width, 100 * box.y0 / image.height
            wide, high = 100 * (box.x1 - box.x0) / image.width, 100 * (box.y1 - box.y0) / image.height
            where = f"left:{left:.2f}%;top:{top:.2f}%;width:{wide:.2f}%;height:{high:.2f}%"
            label = f'<b class="k-spot-sign">{escape(spot.sign)}</b>' if spot.sign and not n else ""
            kind = f"k-spot k-spot-{spot.kind}" if spot.kind else "k-spot"
            if spot.to and not n:
                words = escape(spot.words or spot.passage.citation, quote=True)
                marks.append(
                    f'<a class="{kind}" style="{where}" href="{escape(spot.to, quote=True)}" aria-label="{words}" '
                    f'title="{words}">{label}</a>'
                )
            else:
                marks.append(f'<span class="{kind}" style="{where}">{label}</span>')
    alt = t("Page {page} as it is printed. Its words stand under “Text”.", page=page)
    source = f"data:{image.kind};base64,{b64encode(image.data).decode('ascii')}"
    return (
        f'<figure class="k-page"><img src="{source}" alt="{escape(alt, quote=True)}" width="{image.width:.0f}" '
        f'height="{image.height:.0f}">{"".join(marks)}</figure>'
    )
