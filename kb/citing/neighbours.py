"""Find words beside a name in a citation that turn it into the name of another document."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from kb.citing.figures import PLACE_WORD
from kb.citing.names import Name

_NATIONS = ("nation", "nacion")
"""Beginnings of words that name a document of one State, even behind a comma: "Platform for Action, National
Conference"."""
MARKS = "\ue000-\uf8ff"
FIRST_MARK = 0xE000
"""Private-use characters: one replaces each name found, so that the places beside it keep their position."""
_BARRIER = re.compile(rf"\d|{PLACE_WORD}\b|(?:arts?|paras?|párrs?|pars?|chap|sect?|annex)\b|[()§¶;]", re.IGNORECASE)
"""Where a place begins: words behind it belong to the place, not to the name."""
_ABOUT = {
    *("on", "for", "of", "about", "against", "concerning", "regarding", "to", "in", "with"),
    *("sobre", "para", "de", "del", "contra", "relativa", "relativo"),
    *("sur", "pour", "du", "des", "contre", "relatif", "relative"),
}
"""Words with which a name continues: 'Declaration on …'."""


def beside(piece: str, words: Collection[str], marks: Sequence[Name]) -> tuple[str, ...]:
    """Return those of `words` that are beside a name in such a way that it means another document.

    They come before the name; or after it following "on", "for", "sobre" or the like; or between the name and a place
    ("Declaration robots para 3"). Words after a place only tell what it is about: "Declaration, para 3, on robots" is
    that paragraph. `marks` are the names, each represented in `piece` by one character.
    """
    found: list[str] = []
    tokens = re.findall(rf"[{MARKS}]|[^\W\d_][\w'’-]*|\d+|[()§¶;]", piece)
    for at in (at for at, token in enumerate(tokens) if is_mark(token, marks)):
        behind = list(takewhile(lambda token: not _ends_name(token, marks), tokens[at + 1 :]))
        follows = len(behind) < len(tokens) - at - 1
        if follows or any(token.lower() in _ABOUT for token in behind):
            found += [token for token in behind if token.lower() in words]
        before = takewhile(lambda token: not _ends_name(token, marks), reversed(tokens[:at]))
        found += [token for token in before if token.lower() in words]
    return tuple(dict.fromkeys(found))


def qualified(piece: str, words: Collection[str], marks: Sequence[Name]) -> tuple[str, ...]:
    """Return those of `words` that turn a name shared by several documents into the name of another document.

    Examples: "World Programme of Action", "Second Platform for Action", "Political Declaration adopted by the General
    Assembly". Empty when a more specific name of the instrument is typed as well.
    """
    tokens = re.findall(rf"[{MARKS}]|[^\W\d_][\w'’-]*|\d+|[()§¶;,:]", piece)
    named = [marks[ord(token) - FIRST_MARK] for token in tokens if is_mark(token, marks)]
    if not all(name.generic and name.part for name in named):
        return ()
    found: list[str] = []
    for at in (at for at, token in enumerate(tokens) if is_mark(token, marks)):
        far = takewhile(lambda token: not _ends_name(token, marks), tokens[at + 1 :])
        found += [token for token in far if token.lower() in words and token.lower().startswith(_NATIONS)]
        for run in (reversed(tokens[:at]), tokens[at + 1 :]):
            near = takewhile(lambda token: token not in ",:" and not _ends_name(token, marks), run)
            found += [token for token in near if token.lower() in words or token in words]
    return tuple(dict.fromkeys(found))


def _ends_name(token: str, marks: Sequence[Name]) -> bool:
    return bool(_BARRIER.match(token)) or is_mark(token, marks)


def is_mark(character: str, marks: Sequence[Name]) -> bool:
    """Return whether a character represents one of the names that were found."""
    return len(character) == 1 and FIRST_MARK <= ord(character) < FIRST_MARK + len(marks)
