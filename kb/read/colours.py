"""Parse CSS colours (all forms of CSS Color 4) to red, green and blue.

Pillow parses `#fff` and names; this module adds `hsl()` and `rgb()` without commas, `hwb()`, `lab()`, `lch()`,
`oklab()`, `oklch()`, `color()`, `color-mix()`, `light-dark()`, and the system colours.

Numbers: those of CSS Color 4 and of sRGB: matrices, transfer curves, white points, and the ranges of 100 %.
"""

from __future__ import annotations

import colorsys
import math
import re
from functools import lru_cache

Colour = tuple[int, int, int]
"""Red, green and blue, each 0 to 255."""

_SYSTEM = {
    "canvas": "#fff",
    "field": "#fff",
    "window": "#fff",
    "canvastext": "#000",
    "fieldtext": "#000",
    "windowtext": "#000",
    "buttontext": "#000",
    "linktext": "#00e",
    "graytext": "#808080",
}
"""System colours on a light page."""
_NUMBER = re.compile(r"(-?\d*\.?\d+(?:e-?\d+)?)(%|deg|rad|grad|turn)?|none")
_FUNCTION = re.compile(r"([a-z-]+)\((.*)\)")
DEEPEST = 4
"""Maximum nesting depth of colour functions, such as `light-dark()` within `color-mix()`."""


@lru_cache(maxsize=4096)
def colour(text: str) -> tuple[Colour, float] | None:
    """Return `(colour, opacity)` of a CSS colour, or of six hexadecimal digits without `#`; None when the text is no
    colour. Opacity is 0 to 1; `transparent` is black with opacity 0."""
    return _read(" ".join(text.strip().lower().split()), 0)


def _read(text: str, depth: int) -> tuple[Colour, float] | None:
    """Parse a colour; return the colour and its opacity (0 to 1), or None when the text is no colour. `depth` is the
    number of colour functions around it."""
    if text == "transparent":
        return (0, 0, 0), 0.0
    if re.fullmatch(r"[0-9a-f]{6}", text):
        text = f"#{text}"
    found = _FUNCTION.fullmatch(text)
    if found and depth < DEEPEST:
        return _of_function(found.group(1), found.group(2).strip(), depth)
    return _named(_SYSTEM.get(text, text))


def _named(text: str) -> tuple[Colour, float] | None:
    from PIL import ImageColor

    try:
        values = ImageColor.getrgb(text)
    except ValueError:
        return None
    return (values[0], values[1], values[2]), values[3] / 255 if len(values) == 4 else 1.0


def _of_function(name: str, inside: str, depth: int) -> tuple[Colour, float] | None:
    """Parse a colour function from its name and the text in its parentheses; None when it is no colour."""
    if name == "color-mix":
        return _mixed(inside, depth)
    if name == "light-dark":
        return _read(_pieces(inside)[0], depth + 1)
    if inside.startswith("from "):  # derived from another colour: that colour is used unchanged
        return _read((re.match(r"[\w#-]+(?:\([^()]*\))?", inside[5:]) or [""])[0], depth + 1)
    space = ""
    if name == "color":
        space, _, inside = inside.partition(" ")
    parts = [each for each in re.split(r"[\s,/]+", inside) if each]
    if len(parts) not in (3, 4) or not all(_NUMBER.fullmatch(each) for each in parts):
        return None
    opacity = _share(parts[3], 1.0) if len(parts) == 4 else 1.0
    made = _SPACES.get("color" if space else name)
    if made is None or space and space not in ("srgb", "srgb-linear", "display-p3", "a98-rgb", "rec2020"):
        return None
    return made(parts), max(0.0, min(1.0, opacity))


def _pieces(text: str) -> list[str]:
    """Split the arguments of a function at the commas outside parentheses."""
    pieces, depth = [""], 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += c
    return [each.strip() for each in pieces]


def _mixed(inside: str, depth: int) -> tuple[Colour, float] | None:
    """Parse `color-mix()`. In every colour space the mean of red, green and blue is used, which is exact enough to
    compare text with background. None for a text that is no such function of two colours."""
    shares, colours = [], []
    for each in _pieces(inside)[1:3]:
        share = re.search(r"(\d*\.?\d+)%$|^(\d*\.?\d+)%", each)
        found = _read(re.sub(r"\s*(?<![\d.(,])\d*\.?\d+%$|^\d*\.?\d+%\s*", "", each).strip(), depth + 1)
        if found is None:
            return None
        colours.append(found)
        shares.append(float(next(v for v in share.groups() if v)) / 100 if share else None)
    if len(colours) != 2:
        return None
    first = shares[0] if shares[0] is not None else 1 - shares[1] if shares[1] is not None else 0.5
    second = shares[1] if shares[1] is not None else 1 - first
    both = (first + second) or 1.0
    opacity = (colours[0][1] * first + colours[1][1] * second) / both
    weights = (colours[0][1] * first, colours[1][1] * second)
    total = sum(weights) or 1.0
    red, green, blue = (
        round((a * weights[0] + b * weights[1]) / total) for a, b in zip(colours[0][0], colours[1][0], strict=True)
    )
    return (red, green, blue), opacity


def _share(text: str, full: float) -> float:
    """Parse a number to a float, a percentage to its share of `full`, and `none` to 0."""
    found = _NUMBER.fullmatch(text)
    if found is None or found.group(1) is None:
        return 0.0
    return float(found.group(1)) * (full / 100 if found.group(2) == "%" else 1)


def _turn(text: str) -> float:
    """Parse a CSS hue angle (deg, grad, rad, turn) to a fraction of the full circle."""
    found = _NUMBER.fullmatch(text)
    if found is None or found.group(1) is None:
        return 0.0
    full_circle = {"rad": 2 * math.pi, "grad": 400.0, "turn": 1.0}.get(found.group(2) or "", 360.0)
    return float(found.group(1)) / full_circle % 1.0


def _bytes(*shares: float) -> Colour:
    """Convert channels of 0 to 1 to integers of 0 to 255."""
    red, green, blue = (max(0, min(255, round(each * 255))) for each in shares)
    return red, green, blue


def _rgb(parts: list[str]) -> Colour:
    return _bytes(*(_share(each, 255) / 255 for each in parts[:3]))


def _hsl(parts: list[str]) -> Colour:
    hue, saturation, lightness = _turn(parts[0]), *(min(1.0, max(0.0, _hundredth(each))) for each in parts[1:3])
    return _bytes(*colorsys.hls_to_rgb(hue, lightness, saturation))


def _hundredth(text: str) -> float:
    """Parse a percentage, with or without its sign, to a fraction of one."""
    return _share(text.removesuffix("%"), 1.0) / 100


def _hwb(parts: list[str]) -> Colour:
    white, black = _hundredth(parts[1]), _hundredth(parts[2])
    if white + black >= 1:
        return _bytes(*[white / (white + black)] * 3)
    return _bytes(*(each * (1 - white - black) + white for each in colorsys.hls_to_rgb(_turn(parts[0]), 0.5, 1.0)))


def _srgb(*linear: float) -> Colour:
    """Convert linear red, green and blue (0 to 1) to an sRGB colour."""
    return _bytes(
        *(12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in (max(0.0, each) for each in linear))
    )


def _of_oklab(lightness: float, a: float, b: float) -> Colour:
    """Convert an OKLab colour to sRGB, with the inverse matrices of its author (Ottosson 2020)."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return _srgb(
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _of_lab(lightness: float, a: float, b: float) -> Colour:
    """Convert CIE Lab (white D50) to sRGB through XYZ D50 (CSS Color 4, sample code)."""
    middle = (lightness + 16) / 116
    x, z = (
        each**3 if each**3 > 216 / 24389 else (116 * each - 16) * 27 / 24389
        for each in (a / 500 + middle, middle - b / 200)
    )
    y = middle**3 if lightness > 8 else lightness * 27 / 24389
    x, z = x * 0.9642956764, z * 0.8251046025
    return _srgb(
        3.1341359569 * x - 1.6173863321 * y - 0.4906619460 * z,
        -0.9787955502 * x + 1.9162543567 * y + 0.0334427339 * z,
        0.0719553175 * x - 0.2289768264 * y + 1.4053860351 * z,
    )


def _lab(parts: list[str]) -> Colour:
    return _of_lab(_share(parts[0], 100), _share(parts[1], 125), _share(parts[2], 125))


def _lch(parts: list[str]) -> Colour:
    chroma, turn = _share(parts[1], 150), _turn(parts[2]) * 2 * math.pi
    return _of_lab(_share(parts[0], 100), chroma * math.cos(turn), chroma * math.sin(turn))


def _oklab(parts: list[str]) -> Colour:
    return _of_oklab(_share(parts[0], 1), _share(parts[1], 0.4), _share(parts[2], 0.4))


def _oklch(parts: list[str]) -> Colour:
    chroma, turn = _share(parts[1], 0.4), _turn(parts[2]) * 2 * math.pi
    return _of_oklab(_share(parts[0], 1), chroma * math.cos(turn), chroma * math.sin(turn))


def _plain(parts: list[str]) -> Colour:
    """Parse red, green and blue given as fractions of one. Wider colour spaces are treated as sRGB, which is exact
    enough to compare text with background."""
    return _bytes(*(_share(each, 1) for each in parts[:3]))


_SPACES = {
    "rgb": _rgb,
    "rgba": _rgb,
    "hsl": _hsl,
    "hsla": _hsl,
    "hwb": _hwb,
    "lab": _lab,
    "lch": _lch,
    "oklab": _oklab,
    "oklch": _oklch,
    "color": _plain,
}
