"""Decide whether a style makes an element invisible by its position or size: off the page, in a box with no room,
clipped, or scaled to nothing. Lengths are converted to points, also within `calc()`.

Numbers: points per CSS unit on a window of 1,300 by 800 pixels (a hundredth of its width is 9.75 points), angles in
radians, sides of a box, per cent of an element that is clipped. Limits were chosen by eye.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator

from kb.read.colours import colour

_LENGTH = re.compile(r"([+-]?\d*\.?\d+(?:e-?\d+)?)(px|pt|pc|em|rem|ex|ch|[sld]?v(?:w|h|i|b|min|max)|cm|mm|in|q|%)?")
# points in a hundredth of a window of 1,300 by 800 pixels
_POINTS = dict.fromkeys(("vw", "vi", "vmax"), 9.75) | dict.fromkeys(("vh", "vb", "vmin"), 6.0)
# points in each unit of CSS, with letters of twelve points
_POINTS |= {"px": 0.75, "pt": 1.0, "pc": 12.0, "em": 12.0, "rem": 12.0, "ex": 6.0, "ch": 6.0}
_POINTS |= {"cm": 28.35, "mm": 2.835, "q": 0.709, "in": 72.0}
"""Points per unit; those of the window as on a screen of some 1,300 by 800 pixels."""
AWAY = 675.0
"""Points beyond an edge from which text is off the page: pages write -999px, -9999px or -999em for it."""
FAR = 3_750.0
"""Points to the right or below from which text is off the page; pages scroll that way: 5,000 pixels."""
AWAY_SHARE = 300.0
"""Per cent of the containing box from which text is off the page; menus and sliders move by 100."""
FLAT = 0.8
"""Maximum height or width in points at which no letter is visible: one pixel, as pages write for text for screen
readers."""
SMALL = 0.15
"""Scale below which letters of twelve points are too small to read (`kb.read.ink.SMALLEST`)."""
_PLACED = ("absolute", "fixed", "relative", "sticky")
_CALL = re.compile(r"([a-z0-9]+)\(((?:[^()]|\([^()]*\))*)\)")
_CLEAR = re.compile(r"transparent|#0000(?:0000)?|rgba?\((?:0[, ]+){3}/? ?0(?:\.0+)?%?\)")


def is_out_of_sight(style: dict[str, str], *, partial: bool = False) -> bool:
    """Return whether a style makes an element and its descendants invisible. With `partial`, style sheets are missing,
    and one of them may position the element."""
    return (
        _is_cut_away(style, partial)
        or _is_away(style, partial)
        or _is_closed(style)
        or _is_shrunk(style)
        or _is_masked(style.get("mask") or style.get("mask-image") or style.get("-webkit-mask-image") or "")
        or points(style.get("letter-spacing")) <= -10.0  # letters of twelve points overlap completely, or run backwards
    )


def points(value: str | None) -> float:
    """Return a length in points; a percentage, a missing value, or text that is no length counts as 1 point."""
    found = length(value)
    return 1.0 if found is None or found[1] and not found[0] else found[0]


def length(value: str | None) -> tuple[float, float] | None:
    """Parse a CSS length, also `calc()`, to `(points, per cent)`; None when the text is no length."""
    if not value:
        return None
    found = _LENGTH.fullmatch(value)
    if found:
        number, unit = float(found.group(1)), found.group(2) or "px"
        # points in a pixel
        return (0.0, number) if unit == "%" else (number * _POINTS.get(unit.lstrip("sld") or unit, 0.75), 0.0)
    # letters: by eye, a longer expression is not evaluated
    if re.match(r"calc\(|min\(|max\(|clamp\(", value) and len(value) < 200:
        return _calculated(value)
    return None


def _calculated(text: str) -> tuple[float, float] | None:
    """Evaluate a calculated length to `(points, 0.0)`, its percentages being those of a box as wide as the screen; None
    when it cannot be evaluated."""
    plain = _LENGTH.sub(_as_number, text.replace("calc(", "("))
    try:
        return _value(ast.parse(plain, mode="eval").body), 0.0
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None


def _as_number(found: re.Match[str]) -> str:
    """Return a matched length within `calc()` in points, as text; a number without a unit is unchanged."""
    number, unit = found.group(1), found.group(2)
    if not unit:
        return number
    sign = number[0] if number[0] in "+-" else ""
    return f"{sign}{abs(float(number)) * _POINTS['vw' if unit == '%' else unit.lstrip('sld') or unit]}"


def _value(node: ast.expr) -> float:
    """Evaluate a parsed expression of sums, products, min(), max() or clamp(). Raises ValueError for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return -_value(node.operand) if isinstance(node.op, ast.USub) else _value(node.operand)
    if isinstance(node, ast.BinOp):
        a, b = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            return a + b if isinstance(node.op, ast.Add) else a - b
        if isinstance(node.op, ast.Mult | ast.Div):
            return a * b if isinstance(node.op, ast.Mult) else a / b
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        values = [_value(each) for each in node.args]
        if node.func.id in ("min", "max"):
            return min(values) if node.func.id == "min" else max(values)
        if node.func.id == "clamp" and len(values) == 3:
            return max(values[0], min(values[1], values[2]))
    raise ValueError("no length")


def _is_away(style: dict[str, str], partial: bool) -> bool:
    """Return whether a style positions an element off the page; `partial` as in `is_out_of_sight`."""
    placed = style.get("position", "").startswith(_PLACED) or partial and "position" not in style
    near = [style.get(n) for n in ("left", "top", "right", "bottom")] if placed else []
    near += [style.get(n) for n in ("text-indent", "margin-left", "margin-top")]
    near += (style.get("margin") or "").split()
    near += [each for name, inside in _calls(style) if name.startswith("translate") for each in inside]
    near += (style.get("translate") or "").split()
    found = [each for value in near if (each := length(value))]
    if any(by <= -AWAY or share <= -AWAY_SHARE for by, share in found):
        return True
    if _is_hung(style):
        return True
    names = ("margin-left", "text-indent", *(("left", "top") if placed else ()))
    far = [each for n in names if (each := length(style.get(n)))]
    return any(by >= FAR or share >= 2 * AWAY_SHARE for by, share in far)


def _is_hung(style: dict[str, str]) -> bool:
    """Return whether the text is indented by at least the width of a box that clips it."""
    indent = length(style.get("text-indent"))
    return bool(indent and abs(indent[1]) >= 100 and _cuts(style) and style.get("white-space", "") in ("nowrap", "pre"))


def _cuts(style: dict[str, str]) -> bool:
    """Return whether an element clips its overflow."""
    overflow = " ".join(style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    return "hidden" in overflow or "clip" in overflow


def _is_closed(style: dict[str, str]) -> bool:
    """Return whether an element has no height or width and clips its content.

    An element that grows on demand (`transition`) or has a minimum size does not count; nor does a missing width with
    `text-overflow: ellipsis`, which table cells use to shorten a line.
    """
    if not _cuts(style) or "transition" in style:
        return False
    sides = ["height"] if "ellipsis" in style.get("text-overflow", "") else ["width", "height"]
    return any(_is_flat(style, side) for side in sides)


def _is_flat(style: dict[str, str], side: str) -> bool:
    """Return whether a side of an element ("width" or "height") is too short for a letter."""
    least = length(style.get(f"min-{side}"))
    if least is not None and (least[0] > FLAT or least[1] > 0):
        return False
    sizes = [length(style.get(name)) for name in (side, f"max-{side}")]
    return not _is_padded(style, side) and any(size is not None and size[0] <= FLAT and not size[1] for size in sizes)


def _is_padded(style: dict[str, str], side: str) -> bool:
    """Return whether the padding at the right (`side` "width") or bottom ("height") of a box has room for words,
    because a box does not clip what is in its padding."""
    inner = {"width": "padding-right", "height": "padding-bottom"}[side]
    padding = (style.get("padding") or "").split()
    at = {"width": 1, "height": 2}[side]
    value = style.get(inner) or (padding[at if at < len(padding) else 0] if padding else None)
    found = length(value)
    return found is not None and (found[0] > 6.0 or found[1] > 1)  # half a line of twelve points


def _calls(style: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (name, arguments) of each function in an element's `transform`."""
    for name, inside in _CALL.findall(style.get("transform", "")):
        yield name, inside.split(",")


def _is_shrunk(style: dict[str, str]) -> bool:
    """Return whether an element is scaled to nothing, or rotated so that only its edge is visible."""
    scales = [_figure(each) for each in (style.get("scale") or "").split()]
    for name, inside in _calls(style):
        if name.startswith("scale"):
            scales += [_figure(each) for each in inside[: 1 if name in ("scalex", "scaley") else 2]]
        elif name == "matrix" and len(inside) == 6:  # numbers of a matrix in CSS Transforms
            a, b, c, d = (_figure(each) for each in inside[:4])
            if abs(a * d - b * c) < SMALL**2:
                return True
        # cosine: by eye, rotated so far that nothing is visible
        elif name in ("rotatex", "rotatey") and abs(math.cos(_angle(inside[0]))) < 0.05:
            return True
    return any(abs(each) < SMALL for each in scales)


def _figure(text: str) -> float:
    """Parse a factor, or a percentage as a fraction of one; return 1 for any other text."""
    found = re.fullmatch(r"\s*(-?\d*\.?\d+)(%?)\s*", text)
    return 1.0 if not found else float(found.group(1)) / (100 if found.group(2) else 1)


def _angle(text: str) -> float:
    """Parse a CSS angle to radians."""
    found = re.fullmatch(r"\s*(-?\d*\.?\d+)(deg|rad|turn|grad)?\s*", text)
    if not found:
        return 0.0
    # units of angle of CSS, in radians
    return float(found.group(1)) * {"rad": 1.0, "turn": 2 * math.pi, "grad": math.pi / 200}.get(
        found.group(2) or "",
        math.pi / 180,  # a degree in radians
    )


def _is_cut_away(style: dict[str, str], partial: bool) -> bool:
    """Return whether `clip` or `clip-path` hides an element completely.

    The old property `clip` applies only to positioned elements; with `partial`, when a missing style sheet may position
    the element, it counts as positioned.
    """
    if style.get("position", "").startswith(("absolute", "fixed")) or partial and "position" not in style:
        old = re.fullmatch(r"rect\((.*)\)", style.get("clip", ""))
        sides = [length(each.strip()) for each in re.split(r"[ ,]+", old.group(1).strip())] if old else []
        if len(sides) == 4 and all(sides):  # sides of a box
            top, right, bottom, left = (side[0] for side in sides if side)
            if bottom - top <= FLAT or right - left <= FLAT:
                return True
    found = re.match(r"([a-z]+)\((.*)\)", style.get("clip-path", ""))
    return bool(found and _is_empty_shape(found.group(1), found.group(2).strip("\"' ")))


def _is_empty_shape(name: str, inside: str) -> bool:
    """Return whether a CSS shape has no area, so that nothing in it is visible."""
    if name == "path":
        return not re.search(r"[lhvcsqta]", inside.lower())
    if name == "polygon":
        corners = [each.split() for each in inside.split(",") if not each.strip() in ("evenodd", "nonzero")]
        placed = [(_plain(each[0]), _plain(each[1])) for each in corners if len(each) == 2]
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(placed, [*placed[1:], *placed[:1]]))
        return len(placed) == len(corners) and abs(area) < 2.0
    sizes = [each for value in inside.split(" round ")[0].split(" at ")[0].split() if (each := length(value))]
    if name in ("circle", "ellipse", "xywh"):
        sizes = sizes[2:] if name == "xywh" else sizes
        return any(by <= FLAT and share <= 0 for by, share in sizes)
    if name == "inset" and sizes:
        top, right, bottom, left = (
            # sides of a box
            sizes[at % len(sizes)] if at < len(sizes) else sizes[at - 2 if len(sizes) > 1 else 0]
            for at in range(4)
        )
        # per cent cut off: by eye, the rest cannot be read
        return top[1] + bottom[1] >= 99 or left[1] + right[1] >= 99
    return False


def _plain(text: str) -> float:
    """Parse one coordinate of a corner: its points, or the number of a percentage; 0 when the text is no length."""
    found = length(text)
    return found[0] + found[1] if found else 0.0


def _is_masked(mask: str) -> bool:
    """Return whether a mask is fully transparent: a gradient of transparent colours only."""
    if "gradient(" not in mask or "url(" in mask:
        return False
    inside = mask[mask.index("gradient(") + 9 :]
    clear = _CLEAR.sub("", inside)
    return clear != inside and not any(colour(word) for word in re.findall(r"#\w+|[a-z]{3,}", clear))
