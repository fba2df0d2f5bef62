"""Draw docs/house.svg: the rooms (packages) of kb/ from top to bottom, in the order of the import contract, with a line
for each import between rooms. An import that longer chains of imports imply already gets no line.

Run it after a room or an import between rooms is added: .venv/bin/python .ci/house.py
"""

from __future__ import annotations

import ast
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "house.svg"
WIDTH, HIGH, GAP = 960, 30, 22
"""Width of the picture, height of a room and the space between two floors, in user units."""
STYLE = (
    "rect{fill:#f4f1ea;stroke:#444}text{font:14px "
    "sans-serif;text-anchor:middle;fill:#111}path{fill:none;stroke:#567;opacity:.7}"
)


def floors() -> list[list[str]]:
    """Return the rooms of each layer, top layer first, as the import contract in pyproject.toml lists them."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (contract["layers"] for contract in tool["contracts"] if contract["type"] == "layers")
    return [[name.strip().removeprefix("kb.") for name in layer.split("|")] for layer in layers]


def imports() -> set[tuple[str, str]]:
    """Return the pairs (room, room that it imports); imports inside functions count too."""
    found: set[tuple[str, str]] = set()
    for path in sorted((ROOT / "kb").rglob("*.py")):
        room = path.relative_to(ROOT / "kb").parts[0].removesuffix(".py")
        named: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                whole = node.module == "kb"
                named |= {f"kb.{alias.name}" for alias in node.names} if whole else {node.module or ""}
            elif isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
        rooms = {name.split(".")[1] for name in named if name.startswith("kb.")}
        found |= {(room, other) for other in rooms - {room}}
    return found


def direct(links: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the links that no chain of other links implies (a transitive reduction), so that the picture stays
    readable."""
    below: dict[str, set[str]] = {}
    for upper, lower in links:
        below.setdefault(upper, set()).add(lower)

    def reached(room: str) -> set[str]:
        """Return every room that `room` imports, directly or through other rooms."""
        return set().union(*({lower} | reached(lower) for lower in below.get(room, ())))

    further = {room: set().union(*(reached(lower) for lower in lowers)) for room, lowers in below.items()}
    return [(upper, lower) for upper, lower in sorted(links) if lower not in further[upper]]


def drawn(rows: list[list[str]], links: set[tuple[str, str]]) -> str:
    """Return the picture as SVG, with a text description for screen readers. `rows` are the rooms of each layer,
    `links` the lines to draw."""
    at: dict[str, tuple[float, int]] = {}
    boxes = []
    for floor, rooms in enumerate(rows):
        for i, room in enumerate(rooms):
            x, y = WIDTH * (i + 1) / (len(rooms) + 1), 10 + floor * (HIGH + GAP)
            at[room] = x, y
            boxes.append(f'<rect x="{x - 55:.0f}" y="{y}" width="110" height="{HIGH}" rx="4"/>')
            boxes.append(f'<text x="{x:.0f}" y="{y + 20}">{escape(room)}</text>')
    lines = []
    for upper, lower in direct(links):
        if upper in at and lower in at:
            (x1, y1), (x2, y2) = at[upper], at[lower]
            is_next = y2 - y1 == HIGH + GAP
            bend = 60 + (y2 - y1) / 3 if x1 == x2 and not is_next else 0  # beside the rooms between, not through them
            way = f"M{x1:.0f} {y1 + HIGH}C{x1 + bend:.0f} {y1 + HIGH + 40} {x2 + bend:.0f} {y2 - 40} {x2:.0f} {y2}"
            lines.append(f'<path d="{way}"><title>{upper} imports {lower}</title></path>')
    about = "; ".join(" and ".join(rooms) for rooms in rows)
    size, names = f"0 0 {WIDTH} {len(rows) * (HIGH + GAP) + 10}", "house-title house-about"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-labelledby="{names}">',
            '<title id="house-title">The rooms of the program; imports run down only</title>',
            f'<desc id="house-about">From top to bottom: {escape(about)}.</desc>',
            f"<style>{STYLE}</style>",
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def picture() -> str:
    """Return the picture of the present code as SVG."""
    return drawn(floors(), imports())


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
