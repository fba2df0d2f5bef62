"""Convert characters of symbol fonts to Unicode: Word stores a tick, for example, as code FE of Wingdings.

Numbers: codes in the fonts, from the tables of their makers; the tables here are partial.
"""

from __future__ import annotations

_GREEK_UPPER = dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"))
_GREEK_LOWER = dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"))
_SYMBOL = {
    **_GREEK_UPPER,
    **_GREEK_LOWER,
    **dict(zip(range(0xA0, 0xD9), "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…│─↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬")),
    **dict(zip(range(0xD9, 0xE8), "∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜")),
    0x22: "∀",
    0x24: "∃",
    0x27: "∋",
    0x2A: "∗",
    0x2D: "−",
    0x40: "≅",
    0x5C: "∴",
    0x5E: "⊥",
    0xF2: "∫",
}
_WINGDINGS = {
    0x21: "✏",
    0x22: "✂",
    0x28: "☎",
    0x2A: "✉",
    0x46: "☞",
    0x4A: "☺",
    0x6C: "●",
    0x6D: "❍",
    0x6E: "■",
    0x6F: "☐",
    0x70: "☐",
    0x71: "❑",
    0x72: "❒",
    0x75: "◆",
    0x76: "❖",
    0x77: "◆",
    0x9F: "•",
    0xA1: "○",
    0xA7: "▪",
    0xA8: "☐",
    0xAB: "★",
    0xD8: "➢",
    0xDF: "←",
    0xE0: "→",
    0xE1: "↑",
    0xE2: "↓",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
    **dict(zip(range(0x81, 0x8B), "①②③④⑤⑥⑦⑧⑨⑩")),
    **dict(zip(range(0x8C, 0x96), "❶❷❸❹❺❻❼❽❾❿")),
}
_WINGDINGS_2 = {
    0x4F: "✗",
    0x50: "✓",
    0x51: "☒",
    0x52: "☑",
    0x53: "☒",
    0x54: "☒",
    0xA3: "☐",
    0x30: "☐",
    0x97: "●",
    0xA2: "■",
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def is_symbol_font(font: str | None) -> bool:
    """Return whether a font, by its name, is a symbol font (Wingdings and the like)."""
    return (font or "").lower() in _FONTS or (font or "").lower().startswith(("wingdings", "webdings"))


def character(font: str | None, code: int) -> str | None:
    """Return the character that a font shows for a code; None when it is unknown. Codes F000 to F0FF mean 00 to FF."""
    if not is_symbol_font(font) and not 0xF000 <= code <= 0xF0FF:
        return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else None
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    table = _FONTS.get((font or "").lower(), {})
    return table.get(low) or (
        chr(low) if low in (0x20, 0xA0) or (font or "").lower() == "symbol" and 0x21 <= low < 0x80 else None
    )


def shown(font: str | None, text: str) -> str:
    """Convert text in a symbol font to the characters that the font shows; unknown ones become private-use
    characters."""
    return "".join(
        character(font, ord(c)) or (c if ord(c) >= 0xF000 else chr(0xF000 + ord(c)) if ord(c) < 256 else c)
        for c in text
    )
