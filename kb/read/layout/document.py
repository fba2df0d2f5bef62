"""Convert a PDF's lines, page by page, to the paragraphs of the document.

Numbers: a page without letters is assumed to be in ten points; a page is bold where most of its letters are. Chosen by
eye.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kb.models import Box
from kb.read.draft import Draft, Reading
from kb.read.layout import furniture, hyphens, joins, masthead, notes, rightward, sidenotes, tables
from kb.read.layout.blocks import LayoutBlock, Pitches, blocks, pitches
from kb.read.layout.columns import flows
from kb.read.layout.kinds import BodyPrint, kind_of, style_of
from kb.read.layout.lines import Line, PageLines
from kb.read.layout.turning import back

SIDE_HEADING = ("side", 6, 0, False, False)
"""Style of a side note that heads a section, in the form that `style_of` returns; its rank is that of an article."""


@dataclass(slots=True)
class Sorted:
    """One page with its lines sorted into body text, footnotes, masthead blocks and furniture (running heads, page
    numbers)."""

    page: PageLines
    body: list[Line]
    notes: list[Line] = field(default_factory=list)
    head: list[LayoutBlock] = field(default_factory=list)
    furniture: list[Line] = field(default_factory=list)
    rules: list[Line] = field(default_factory=list)
    columns: list[list[Line]] = field(default_factory=list)
    ruled: dict[int, list[Line]] = field(default_factory=dict)


def build(pages: list[PageLines], reading: Reading) -> None:
    """Add the drafts and leftovers of all pages to `reading`, in reading order."""
    look = _look(pages)
    sheets = [(p.lines, p.height) for p in pages]
    seen, kept = furniture.repeated(sheets, look.size), frozenset(furniture.titles(sheets))
    sorted_pages: list[Sorted] = []
    for page in pages:
        before = sorted_pages[-1].notes[-1].text if sorted_pages and sorted_pages[-1].notes else ""
        sorted_pages.append(_sort(page, seen, len(pages), look, before, kept))
    if not any(item.body or item.head or item.ruled for item in sorted_pages):
        seen.clear()
        sorted_pages = [Sorted(page, page.lines, columns=flows(page.lines)) for page in pages]
    pitch = pitches([column for s in sorted_pages for column in s.columns])
    words = hyphens.vocabulary(line.text for s in sorted_pages for line in s.body)
    flow: list[LayoutBlock] = []
    for item in sorted_pages:
        _page_blocks(item, pitch, flow, reading)
    for block in flow:
        _emit(block, pages, look, words, reading)


def _look(pages: list[PageLines]) -> BodyPrint:
    """Return the print size and weight of most characters."""
    sizes: Counter = Counter()
    bold = total = 0
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
            bold += len(line.text) * line.bold
            total += len(line.text)
    # by eye: ten points when unknown; a page is bold when most of its letters are
    return BodyPrint(sizes.most_common(1)[0][0] if sizes else 10.0, bold > 0.6 * total)


def _sort(page: PageLines, seen: Counter, count: int, look: BodyPrint, before: str, kept: frozenset[int]) -> Sorted:
    """Separate running heads, notes and the masthead from a page's lines. `seen` counts repeated margin lines over
    `count` pages, `before` is the last line of the previous page's notes, `kept` are the ids of titles, which stay."""
    body, lifted = furniture.lift(page.lines, page.height, seen, count, kept)
    ruled = _ruled(body)
    body = [line for line in body if line.cell is None]
    head: list[LayoutBlock] = []
    if page.number == 1:
        body, head, emblem = masthead.split(body, page.width, page.height)
        lifted = lifted + emblem
    body, foot, rules = notes.split(body, page.height, look.size, before, page.rules)
    found = Sorted(page, body, foot, head, lifted, rules, ruled=ruled)
    found.columns = flows(body + [_placeholder(n, lines) for n, lines in ruled.items()])
    return found


def _ruled(body: list[Line]) -> dict[int, list[Line]]:
    """Return the lines of each ruled table or frame of a page, by its number on the page."""
    found: dict[int, list[Line]] = {}
    for line in body:
        if line.cell is not None:
            found.setdefault(line.cell[0], []).append(line)
    return found


def _placeholder(number: int, lines: list[Line]) -> Line:
    """Return an empty line that marks the position of ruled table `number` among the running text."""
    return Line(
        [],
        min(r.x0 for r in lines),
        min(r.top for r in lines),
        max(r.x1 for r in lines),
        max(r.bottom for r in lines),
        size=lines[0].size,
        page=lines[0].page,
        count=1,
        cell=(number, -1, -1),
    )


def _page_blocks(item: Sorted, pitch: Pitches, flow: list[LayoutBlock], reading: Reading) -> None:
    """Append a page's blocks to `flow`; a paragraph that continues from the previous page is joined to its block."""
    flow.extend(item.head)
    for column in item.columns:
        first = True
        for block in sidenotes.place(item.page.notes, _column_blocks(column, pitch, item.ruled)):
            before = _last_open(flow) if first else None
            if before is not None and not block.closed and joins.goes_on(before, block):
                before.lines.extend(block.lines)
                before.right = block.right
            else:
                flow.append(block)
            first = first and block.closed
    for lines in item.page.turned:
        flow.extend(_frame(lines, pitch))
    flow.extend(_note_blocks(item.notes, flow))
    for line in item.furniture + item.rules + item.page.asides:
        kind = line.role or ("leftover" if line in item.rules else furniture.kind_of(line.text))
        reading.leftovers.append(Draft(line.text, kind, line.page, [_box([line])]))


def _last_open(flow: list[LayoutBlock]) -> LayoutBlock | None:
    """Return the last block of running text, ignoring notes and frames; None when there is none."""
    return next((b for b in reversed(flow) if b.kind != "note" and not b.closed), None)


def _note_blocks(lines: list[Line], flow: list[LayoutBlock]) -> list[LayoutBlock]:
    """Return footnotes, each from its mark to the next; lines before the first mark continue the last note in
    `flow`."""
    found: list[LayoutBlock] = []
    before = next((b for b in reversed(flow) if b.kind == "note"), None)
    dressed = bool(lines) and not notes.note_mark(lines[0].text)
    mark = notes.printed_mark if dressed else notes.note_mark
    for line in lines:
        last = found[-1] if found else before
        divided = last is not None and last.last.text.rstrip().endswith("-")  # "COVID-" above "19 outcomes": no mark
        if last is None or mark(line.text) and not divided:
            found.append(LayoutBlock([line], kind="note"))
        else:
            last.lines.append(line)
    return found


def _column_blocks(column: list[Line], pitch: Pitches, ruled: dict[int, list[Line]]) -> list[LayoutBlock]:
    """Return the blocks of one column: its ruled tables, and the text between them."""
    made: list[LayoutBlock] = []
    run: list[Line] = []
    for line in column:
        if line.cell is None:
            run.append(line)
            continue
        made += _run_blocks(run, pitch)
        inside = ruled[line.cell[0]]
        made += tables.ruled_blocks(inside) or _frame(inside, pitch)
        run = []
    return made + _run_blocks(run, pitch)


def _frame(inside: list[Line], pitch: Pitches) -> list[LayoutBlock]:
    """Return the blocks inside a frame, marked as closed, because the text around the frame continues past it."""
    made = [block for group in flows(inside) for block in _run_blocks(group, pitch)]
    for block in made:
        block.closed = True
    return made


def _run_blocks(column: list[Line], pitch: Pitches) -> list[LayoutBlock]:
    """Return the blocks of lines outside ruled tables: tables of contents, tables aligned by columns only, and running
    text."""
    found = tables.rows(column)
    taken = tables.contents_rows(found)
    inside: dict[int, tuple[int, int]] = {first: (first, last) for first, last in tables.table_runs(found, taken)}
    made: list[LayoutBlock] = []
    run: list[Line] = []
    i = 0
    while i < len(found):
        if i in taken or i in inside:
            made += blocks(run, pitch)
            run = []
        if i in taken:
            made.append(LayoutBlock(found[i], kind="contents"))
        elif i in inside:
            made += tables.table_blocks(found[i : inside[i][1] + 1])
            i = inside[i][1]
        else:
            run += found[i]
        i += 1
    return made + blocks(run, pitch)


def _emit(block: LayoutBlock, pages: list[PageLines], look: BodyPrint, words: Counter, reading: Reading) -> None:
    """Add one block to the drafts, or to the leftovers when it is a contents entry or has no letter or digit. `words`
    counts the document's words, for line-end hyphens."""
    text = _text(block, words)
    text = rightward.mended(text) if rightward.is_rightward(text) else text
    draft = Draft(text, block.kind, block.first.page, _boxes(block))
    if block.kind == "side-heading":
        draft.kind, draft.style = "heading", SIDE_HEADING
    elif block.kind == "paragraph":
        width = pages[block.first.page - pages[0].number].width
        draft.kind = kind_of(block, draft.text, look, width)
        draft.style = style_of(block, draft.text)
    if draft.kind == "note":
        draft.number = notes.printed_mark(draft.text)
    draft.notes = tuple(mark for line in block.lines for mark in line.marks) if draft.kind != "note" else ()
    scores = [line.confidence for line in block.lines if line.confidence is not None]
    draft.confidence = round(sum(scores) / len(scores), 3) if scores else None
    if not any(c.isalnum() for c in draft.text):
        draft.kind = "leftover"
    (reading.leftovers if draft.kind in ("contents", "leftover") else reading.drafts).append(draft)


def _text(block: LayoutBlock, words: Counter) -> str:
    """Return a block's text: lines joined, line-end hyphens removed, cells separated by ` | `. `words` counts the
    document's words."""
    if block.kind == "table-row":
        return " ".join(" | ".join(block.cells).split())
    text = block.lines[0].text
    for line in block.lines[1:]:
        text = hyphens.join(text, line.text, words)
    return text


def _boxes(block: LayoutBlock) -> list[Box]:
    """Return one rectangle for each run of a block's lines on one page and in one column."""
    runs: list[list[Line]] = []
    for line in block.lines:
        if runs and runs[-1][-1].page == line.page and line.top >= runs[-1][-1].top - line.size:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_box(run) for run in runs]


def _box(lines: list[Line]) -> Box:
    """Return the rectangle around lines of one page."""
    around = (
        min(r.x0 for r in lines),
        min(r.top for r in lines),
        max(r.x1 for r in lines),
        max(r.bottom for r in lines),
    )
    x0, y0, x1, y1 = back(around, lines[0].turn, *lines[0].sheet)
    return Box(page=lines[0].page, x0=round(x0, 1), y0=round(y0, 1), x1=round(x1, 1), y1=round(y1, 1))
