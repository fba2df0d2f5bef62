"""Bytes to text: byte order marks, UTF-8, UTF-16 without a mark, a declared or guessed 8-bit encoding; mojibake is said."""
from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""(?:charset=|encoding=)["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf©¡­³º±§¨ª«¼½¾‰“”‹€]|â€[œ\u009d\u0080-\u00bf™˜¦“”]|Â[\u00a0-\u00bf]|Ð[°-¿\u0090-\u00bf]|Ñ[\u0080-\u008f€‚ƒ]")


def decode(data: bytes, declared: bool = False) -> tuple[str, str, str | None]:
    """`(text, encoding, doubt)`; with `declared`, a charset named in the first 2 KB counts (HTML, XML).

    Nothing fails: bytes that no encoding explains become U+FFFD, and `doubt` says so.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name, None
    wide = _wide(data[:4000])
    if wide:
        return data.decode(wide, "replace"), wide, None
    try:
        return (text := data.decode("utf-8")), "utf-8", mojibake(text)
    except UnicodeDecodeError:
        pass
    match = _DECLARED.search(data[:2048]) if declared else None
    names = [match.group(1).decode("ascii")] if match else []
    guess = _guess(data)
    for name in [*names, *([guess] if guess else []), "cp1252"]:
        try:
            return data.decode(name), name, None if names else f"the encoding is a guess: {name}"
        except (UnicodeDecodeError, LookupError):
            continue
    text = data.decode("utf-8", "replace")
    return text, "utf-8", f"{text.count(chr(0xFFFD))} bytes could not be decoded"


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark shows as zeros in every second byte."""
    half = len(head) // 2
    if half < 8:
        return None
    if head[1::2].count(0) > 0.4 * half and head[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


WESTERN = {"en", "es", "fr", "pt", "it", "de", "nl", "ca", "sv", "da", "fi", "id", "sw"}


def _guess(data: bytes) -> str | None:
    """cp1252 where that reads as a western language, else charset-normalizer's best guess from the first 200 KB."""
    from charset_normalizer import from_bytes

    from kb.read.language import language_of

    western = data[:20_000].decode("cp1252", "replace")
    if "\ufffd" not in western and language_of(western) in WESTERN:
        return "cp1252"
    best = from_bytes(data[:200_000]).best()
    return best.encoding if best else None


def mojibake(text: str) -> str | None:
    """What is wrong where UTF-8 was once decoded as an 8-bit encoding (`Ã©` for `é`), or None; three signs and more."""
    found = _MOJIBAKE.findall(text[:200_000])
    if len(found) < 3:
        return None
    return f"{len(found)} signs of a wrong decoding in an earlier life of the file, such as {found[0]!r}"


def looks_binary(data: bytes) -> bool:
    """Whether the first 4 KB hold control characters that no text file has."""
    head = data[:4096]
    if any(head.startswith(mark) for mark, _ in _BOMS) or _wide(head):
        return False
    odd = sum(b < 32 and b not in (9, 10, 12, 13, 27) for b in head)
    return odd > len(head) * 0.01
