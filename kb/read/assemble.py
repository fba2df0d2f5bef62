"""Convert the drafts of a reader to Pages: set numbers, section paths, languages and character offsets."""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.amounts import some
from kb.models import Pages, Paragraph
from kb.read.archive import printable
from kb.read.bilingual import part_rows
from kb.read.broken_rows import report_broken_rows
from kb.read.contents import mark_contents
from kb.read.draft import Draft, Reading
from kb.read.editions import set_apart
from kb.read.headings import join_numbers
from kb.read.language import languages
from kb.read.layout.titles import is_references_title
from kb.read.noise import has_leaders, is_reference, looks_like_contents, looks_like_references
from kb.read.numbered_lines import join_numbered_lines
from kb.read.numbering import is_annex_title, number_of
from kb.text import visible

_BARE = re.compile(r"(\d{1,2})\s+(?=[^\W\d_a-zß-ÿ])")
_HALF = re.compile("[\ud800-\udfff]")
HIDDEN_LETTERS, HIDDEN_WORDS = 200, 6
"""Hidden text is reported above this many letters in the file, or from this many words in one piece. Labels of icons
and links are shorter."""


def assemble(reading: Reading, file: str, digest: str) -> Pages:
    """Convert a reading to Pages. `file` is the file name, `digest` its SHA-256. In a text format, `chars` of a
    paragraph are offsets into the source; in other formats, into the joined text of the paragraphs."""
    _replace_surrogates(reading)
    if reading.source is None and reading.type != "pdf":
        join_numbered_lines(reading)
    set_apart(reading)
    part_rows(reading)
    report_broken_rows(reading)
    _report_hidden(reading)
    drafts = join_numbers([d for d in reading.drafts if d.text.strip()], reading.source)
    mark_contents(drafts)
    _number(drafts)
    _sections(drafts)
    _references(drafts)
    main, each = languages([d.text for d in drafts])
    text = reading.source if reading.source is not None else _join(drafts)
    return Pages(
        file=file,
        sha256=digest,
        type=reading.type,
        language=main,
        pages=reading.pages,
        text=text,
        paragraphs=tuple(_paragraph(d, code) for d, code in zip(drafts, each)),
        leftovers=tuple(_paragraph(d, None) for d in reading.leftovers if d.text.strip()),
        problems=tuple(reading.problems),
    )


def _replace_surrogates(reading: Reading) -> None:
    """Replace halves of characters (UTF-16 surrogates), which cannot be written to a file, by the replacement
    character."""
    found = 0
    for draft in [*reading.drafts, *reading.leftovers]:
        halves = _HALF.findall(draft.text)
        if halves:
            found += len(halves)
            draft.text = _HALF.sub("\ufffd", draft.text)
    reading.source = _HALF.sub("\ufffd", reading.source) if found and reading.source else reading.source
    if found:
        reading.trouble(
            f"half characters that mean nothing by themselves, shown as \ufffd: {found}",
            "Look at these places in the file itself.",
        )


def _report_hidden(reading: Reading) -> None:
    """Record problems for hidden text (PDF reports it by page itself), and for text of which the file does not
    determine whether it is visible."""
    hidden = [d.text for d in reading.leftovers if d.kind == "hidden"] if reading.type != "pdf" else []
    letters = sum(c.isalpha() for text in hidden for c in text)
    if letters > HIDDEN_LETTERS or any(len(text.split()) >= HIDDEN_WORDS for text in hidden):
        reading.trouble(
            f"the file hides text, which was left over: {letters} letters, such as {printable(hidden[0][:60])!r}",
            "Look at the leftovers, and at the file as a reader sees it.",
        )
    if reading.doubtful:
        reading.trouble(
            f"words stand in a light ink, and the file does not tell on what ground; they are kept as text: "
            f"{some(reading.doubtful, 'letter')}",
            "Look at the file as a reader sees it before you quote it.",
        )


def _paragraph(draft: Draft, language: str | None) -> Paragraph:
    """Convert one draft to a Paragraph."""
    return Paragraph(
        text=draft.text,
        kind=draft.kind,
        page=draft.page,
        boxes=tuple(draft.boxes),
        chars=draft.chars,
        section=draft.section or (),
        number=draft.number,
        level=draft.level,
        language=language,
        confidence=draft.confidence,
        notes=draft.notes,
        locator=draft.locator,
    )


def _join(drafts: list[Draft]) -> str:
    """Join the texts of the drafts with an empty line between them, and set their `chars`."""
    at = 0
    for draft in drafts:
        draft.chars = (at, at + len(draft.text))
        at += len(draft.text) + 2
    return "\n\n".join(d.text for d in drafts)


def _number(drafts: list[Draft]) -> None:
    """Set the printed number of each draft; bullets are not numbers. Headings that count 1, 2, 3 without a gap need no
    point after their number."""
    for draft in drafts:
        if draft.number is None and draft.kind not in ("table-row", "note"):
            number = number_of(visible(draft.text))
            if number and number.form != "bullet":
                draft.number = number.text
    bare = [(d, int(m[1])) for d in drafts if d.kind == "heading" and not d.number and (m := _BARE.match(d.text))]
    if [number for _, number in bare] == list(range(1, len(bare) + 1)) and len(bare) > 1:
        for draft, value in bare:  # "1 Introduction", "2 Aims": counted without a gap
            draft.number = str(value)


def _sections(drafts: list[Draft]) -> None:
    """Set the section path of each draft: the headings above it.

    A heading with a level closes the open headings of the same or a lower level. A heading without a level is compared
    by its `style`: it closes an open heading of the same style, and those below it, which are in smaller print or have
    a number form of lower rank ("(a)" under "Article 3").
    """
    stack: list[tuple[tuple | int, str]] = []
    for draft in drafts:
        if draft.section is not None:
            continue
        if draft.kind == "heading":
            key = draft.level if draft.level is not None else _lettered(draft, stack)
            _close(stack, key)
            draft.section = tuple(text for _, text in stack)
            stack.append((key, draft.text))
            draft.level = draft.level or len(stack)
        else:
            _close_siblings(stack, draft)
            draft.section = tuple(text for _, text in stack)


def _close_siblings(stack: list[tuple[tuple | int, str]], draft: Draft) -> None:
    """Close the open heading of an article or section, and all below it, when `draft` is a paragraph that begins the
    next one: "SECTION 4. Concept. — ..." closes the heading "SECTION 3. Definitions"."""
    number = number_of(draft.text) if draft.kind == "paragraph" and draft.number else None
    if number is None or number.form not in ("article", "section"):
        return
    for at, (_, text) in enumerate(stack):
        above = number_of(text)
        if above is not None and above.form == number.form and above.text != number.text:
            del stack[at:]
            return


def _lettered(draft: Draft, stack: list[tuple[tuple | int, str]]) -> tuple:
    """Return the style of a heading. "SCHEDULE" without a number ranks as one with a number. A single `C.` or `I.`
    counts as a letter, not a Roman numeral, when the open heading is `B.` or `H.`."""
    style = draft.style or ("", 0, 0, False, False)
    if not style[0] and is_annex_title(draft.text):
        return ("annex", 1, *style[2:])  # the rank of an annex with a number: no section goes on in it
    letter = (draft.number or "").strip("()")
    if not style[0].startswith("roman") or len(letter) != 1:
        return style
    for key, text in stack:
        open_number = number_of(text)
        if (
            isinstance(key, tuple)
            and key[0].startswith("capital")
            and open_number
            and ord(letter) - ord(open_number.text.strip("()")[:1] or " ") == 1
        ):
            return (key[0], *style[1:])
    return style


def _close(stack: list[tuple[tuple | int, str]], key: tuple | int) -> None:
    """Remove from the stack the headings that a new heading with this level or style (`key`) closes."""
    if isinstance(key, int):
        while stack and isinstance(stack[-1][0], int) and stack[-1][0] >= key:
            stack.pop()
        return
    keys = [k for k, _ in stack]
    if key in keys:
        del stack[keys.index(key) :]
        return
    while stack and _ranks_above(key, stack[-1][0]):
        stack.pop()


def _ranks_above(a: tuple, b: tuple | int) -> bool:
    """Return whether a heading of style `a` ranks at least as high as an open heading, so that it closes that one. `b`
    is the style of the open heading, or its level when it has one; the result is then False."""
    if isinstance(b, int):
        return False
    if a[0] and a[0] == b[0]:
        return True
    if a[1] and b[1] and a[1] != b[1]:
        return a[1] < b[1]
    return a[2] > b[2] or (a[2] == b[2] and not b[0] and a[3] >= b[3] and a[4] >= b[4])


def _references(drafts: list[Draft]) -> None:
    """Set the kind "reference" on the entries between a references heading and the next heading, and the kinds
    "reference" and "contents" on other paragraphs that look like such entries."""
    inside = False
    for draft in drafts:
        if draft.kind == "heading" or len(draft.text) < 60 and is_references_title(draft.text):
            inside = is_references_title(draft.text)
        elif (
            inside
            and draft.kind in ("paragraph", "list-item")
            and is_reference(draft.text)
            or _is_noise(draft, looks_like_references)
        ):
            draft.kind = "reference"
        elif _is_noise(draft, looks_like_contents):
            draft.kind = "contents"


def _is_noise(draft: Draft, rule: Callable[[str], bool]) -> bool:
    """Return whether a paragraph of more than 12 words is an entry of references or contents according to `rule`. A
    numbered paragraph is not, unless it has dot leaders to page numbers."""
    return (
        draft.kind in ("paragraph", "list-item")
        and (draft.number is None or has_leaders(draft.text[:4000]))
        and draft.text.count(" ") > 11  # a dozen words: fewer do not show what kind of text it is
        and rule(draft.text[:4000])
    )
