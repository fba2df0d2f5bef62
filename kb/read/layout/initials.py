"""Join drop capitals to their words: a large letter beside the first lines of a paragraph.

Numbers: parts of the height of the initial letter. Chosen by eye on the pages of tests/read/test_read_initials.py.
"""

from __future__ import annotations

from kb.read.layout.words import PageWord

LARGE = 1.7  # times the height of most words of the page: initials of two lines and more
NEAR = 1.2  # heights between the initial and the words beside it: more is a column or a cell of its own
QUOTES = "“”„«\"'‘’"


def joined(words: list[PageWord]) -> list[PageWord]:
    """Return the words of an upright page with each drop capital joined to the rest of its word.

    The first words of the rows beside the capital are moved to its left edge, so that these rows share the margin of
    those below. A large letter is a drop capital when the word beside it on its first row continues in lower case.
    """
    if not words:
        return words
    height = sorted(w.height for w in words)[len(words) // 2]
    found = [w for w in words if w.height >= LARGE * height and _is_letter(w.text)]
    gone: set[int] = set()
    for initial in found:
        beside = _beside(initial, words, height)
        if beside and beside[0].text[:1].islower():
            first = beside[0]
            known = {w.text.lower().strip(".,;:") for w in words if w is not first}
            first.text = initial.text + (" " if _apart(initial.text, first.text, known) else "") + first.text
            for word in beside:
                word.x0 = initial.x0
            gone.add(id(initial))
    return [w for w in words if id(w) not in gone]


def _is_letter(text: str) -> bool:
    """Return whether a word is one capital letter, with or without a quotation mark before it."""
    bare = text.lstrip(QUOTES)
    return len(bare) == 1 and bare.isupper()


def _beside(initial: PageWord, words: list[PageWord], height: float) -> list[PageWord]:
    """Return the first word of each row directly beside the initial, from the top down."""
    near = [
        w
        for w in words
        if w is not initial
        and w.height < LARGE * height
        # heights of the initial, by eye: it may overlap the next letter
        and -0.3 * height < w.x0 - initial.x1 < NEAR * height
        # heights of the initial, by eye: a line may begin a little above it
        and initial.top - 0.3 * height < (w.top + w.bottom) / 2 < initial.bottom
    ]
    rows: list[PageWord] = []
    for word in sorted(near, key=lambda w: (w.top + w.bottom) / 2):
        if rows and abs(word.top - rows[-1].top) < 0.5 * height:
            rows[-1] = min(rows[-1], word, key=lambda w: w.x0)
        else:
            rows.append(word)
    return rows


def _apart(initial: str, rest: str, known: set[str]) -> bool:
    """Return whether the initial is a word of its own ("A council"): the page (`known`: its words) has the rest as a
    word, but not both together as one word."""
    bare, rest = initial.strip(QUOTES).lower(), rest.lower().strip(".,;:")
    return bare in {"a", "o", "y", "e", "à", "i"} and rest in known and bare + rest not in known
