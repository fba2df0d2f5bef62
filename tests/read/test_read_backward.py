"""Lines of a PDF page that are written from right to left."""

from __future__ import annotations

import pytest

from kb.read.layout.words import PageWord, with_signs_behind


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        # the page shows the sign to the left of the number, which is behind it
        ("סעיף :12 המדינה", "סעיף 12: המדינה"),
        ("המדינה גיל ,67 ותקצה 1,500", "המדינה גיל 67, ותקצה 1,500"),
        ("المادة :1 تكفل عام .2027", "المادة 1: تكفل عام 2027."),
        ("المادة :١ تكفل", "المادة ١: تكفل"),
        # behind the last of several words from left to right
        ("تنفيذ ,Act of 2010 الدولة", "تنفيذ Act of 2010, الدولة"),
        # nothing to move
        ("سنة 65 تكفل . (3) 50% -5 25/3", "سنة 65 تكفل . (3) 50% -5 25/3"),
        ("الوزارة، تقدم: 3", "الوزارة، تقدم: 3"),
    ],
)
def test_a_sign_beside_a_number_is_read_behind_it(shown: str, read: str) -> None:
    words = [PageWord(text, 0, 0, 9, 9, first) for first, text in enumerate(shown.split())]
    assert " ".join(w.text for w in with_signs_behind(words)) == read
