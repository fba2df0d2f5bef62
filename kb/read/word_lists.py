"""The numbers that Word prints before list paragraphs: counted by Word's own definition, not by us."""
from __future__ import annotations

from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Numbering:
    """Follows a document's lists from start to end and gives each paragraph its label."""

    def __init__(self, tree) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counters: dict[str, dict[int, int]] = {}
        self.lists: dict[str, str] = {}
        if tree is not None:
            self._load(tree)

    def _load(self, tree) -> None:
        """Read number formats of abstract lists and which list uses which."""
        for abstract in tree.iter(f"{W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{W}lvl"):
                form, text, start = (level.find(f"{W}{n}") for n in ("numFmt", "lvlText", "start"))
                levels[int(level.get(f"{W}ilvl"))] = (
                    form.get(f"{W}val") if form is not None else "decimal",
                    text.get(f"{W}val") if text is not None else "",
                    int(start.get(f"{W}val") or 1) if start is not None else 1)
            self.levels[abstract.get(f"{W}abstractNumId")] = levels
        for number in tree.iter(f"{W}num"):
            found = number.find(f"{W}abstractNumId")
            if found is not None:
                self.lists[number.get(f"{W}numId")] = found.get(f"{W}val")

    def label(self, paragraph: Any, inherited: Any) -> str | None:
        """The label of a list paragraph as printed ('5.2.3', '(a)', '•'), or None where it is in no list."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        properties = own if own is not None else inherited
        if properties is None:
            return None
        number, level = properties.find(f"{W}numId"), properties.find(f"{W}ilvl")
        abstract = self.lists.get(number.get(f"{W}val")) if number is not None else None
        depth = int(level.get(f"{W}val") or 0) if level is not None else 0
        if abstract is None or depth not in self.levels.get(abstract, {}):
            return None
        levels = self.levels[abstract]
        counters = self.counters.setdefault(abstract, {})
        counters[depth] = counters.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counters if d > depth]:
            del counters[deeper]
        if levels[depth][0] in ("bullet", "none"):
            return "•" if levels[depth][0] == "bullet" else None
        text = levels[depth][1]
        for d in range(9):
            if f"%{d + 1}" in text:
                value = counters.get(d, levels.get(d, ("decimal", "", 1))[2])
                text = text.replace(f"%{d + 1}", shown(value, levels.get(d, ("decimal", "", 1))[0]))
        return text.strip() or None


def shown(value: int, form: str) -> str:
    """A count in one of Word's number formats; formats that we do not know are shown as figures."""
    if form in ("lowerLetter", "upperLetter"):
        text = chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return text.upper() if form == "upperLetter" else text
    if form in ("lowerRoman", "upperRoman"):
        text = _roman(value)
        return text.lower() if form == "lowerRoman" else text
    return str(value)


def _roman(value: int) -> str:
    """A Roman number."""
    parts = []
    for n, sign in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        parts.append(sign * (value // n))
        value %= n
    return "".join(parts)
