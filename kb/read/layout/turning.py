"""Rotate text that is printed at another angle than the page, and rotate its boxes back.

A turn is the angle in degrees, clockwise, by which letters are rotated on the page as shown: 0, 90 (read downwards),
180, 270 (read upwards); ODD is any other, as on seals and in watermarks.

Numbers: degrees of a turned page, as PDF has them.
"""

from __future__ import annotations

from collections import Counter

from kb.read.layout.words import ODD, PageWord, Place

Box = tuple[float, float, float, float]


def upright(box: Box, turn: int, width: float, height: float) -> Box:
    """Return a box `(x0, top, x1, bottom)` of the page as shown, of this size, after rotating the page so that letters
    with this turn are upright."""
    x0, top, x1, bottom = box
    if turn == 270:
        return height - bottom, x0, height - top, x1
    if turn == 90:
        return top, width - x1, bottom, width - x0
    if turn == 180:
        return width - x1, height - bottom, width - x0, height - top
    return box


def back(box: Box, turn: int, width: float, height: float) -> Box:
    """Invert `upright`: return the box on the page as shown, which has this size."""
    x0, top, x1, bottom = box
    if turn == 270:
        return top, height - x1, bottom, height - x0
    if turn == 90:
        return width - bottom, x0, width - top, x1
    return upright(box, turn, width, height)


def size(turn: int, width: float, height: float) -> tuple[float, float]:
    """Return width and height of the page after rotating it so that letters with this turn are upright."""
    return (height, width) if turn in (90, 270) else (width, height)


def placed(place: Place, turn: int, width: float, height: float) -> Place:
    """Return a function that maps user space to the rotated page; `place` maps it to the page as shown."""
    return place if not turn else lambda box: upright(place(box), turn, width, height)


def by_turn(words: list[PageWord]) -> dict[int, list[PageWord]]:
    """Group words by turn; the turn with most letters comes first."""
    letters: Counter = Counter()
    groups: dict[int, list[PageWord]] = {}
    for word in words:
        letters[word.turn] += len(word.text)
        groups.setdefault(word.turn, []).append(word)
    return {turn: groups[turn] for turn in sorted(groups, key=lambda t: (t == ODD, -letters[t]))}


def turn_words(words: list[PageWord], turn: int, width: float, height: float) -> list[PageWord]:
    """Rotate the boxes of words with this turn upright, in place, and return the words."""
    for word in words:
        word.x0, word.top, word.x1, word.bottom = upright(
            (word.x0, word.top, word.x1, word.bottom), turn, width, height
        )
    return words
