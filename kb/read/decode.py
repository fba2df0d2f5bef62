"""Decode bytes to text by byte order mark, as UTF-8, as UTF-16 without a mark, or in a declared or guessed encoding;
mojibake is reported.

Numbers: counts and shares of bytes at the start of a file. Byte values are those of the code pages; the shares were
chosen by eye on files in each encoding (cases: tests/read/test_read_decode.py), between the values of prose and of
other encodings.
"""

from __future__ import annotations

import codecs
import contextlib
import re

from kb.amounts import some

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_AS_BROWSERS = {
    **dict.fromkeys(
        (
            "ascii",
            "us-ascii",
            "iso-8859-1",
            "iso8859-1",
            "iso_8859-1",
            "latin1",
            "latin-1",
            "l1",
            "windows-1252",
            "x-cp1252",
            "cp819",
        ),
        "cp1252",
    ),
    **dict.fromkeys(("iso-8859-9", "latin5", "l5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    **dict.fromkeys(("unicode", "utf-16", "utf-16le", "utf-16be"), "utf-8"),
    "x-user-defined": "cp1252",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
}
"""The encoding that browsers use for a declared one (WHATWG Encoding, section 4.2): latin1 is read as windows-1252."""
_UNASSIGNED = {b: chr(b) for b in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}  # bytes to which Windows-1252 gives no character
_WINDOWS = {b: bytes([b]).decode("cp1252") for b in range(0x80, 0xA0) if b not in _UNASSIGNED and b != 0x85}
"""Characters of Windows-1252 where the ISO 8859 encodings have control characters; 0x85 stays, as it ends a line."""
_DECLARED = re.compile(rb"""(?:charset=|encoding=)["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u00bf©¡­³º±§¨ª«¼½¾‰“”‹€]|â€[œ\u009d\u0080-\u00bf™˜¦“”]|Â[\u00a0-\u00bf]|Ð[°-¿\u0090-\u00bf]|"
    "Ñ[\u0080-\u008f€‚ƒ]"
)


def decode(data: bytes, declared: bool = False, label: str | None = None) -> tuple[str, str, str | None]:
    """Decode the bytes of a text to `(text, encoding, doubt)`; `doubt` is a message for the user, or None.

    With `declared`, an encoding named in the first 2 KB is used (HTML, XML); `label` is one that came with the bytes
    (mail). Names of encodings are interpreted as browsers do. Never raises: bytes that cannot be decoded become U+FFFD
    and are reported.
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
    named = (label or (match.group(1).decode("ascii") if match else "")).lower()
    named = _AS_BROWSERS.get(named, named)
    untrue = named in ("utf-8", "utf8") and not any(ord(c) > 127 for c in data.decode("utf-8", "ignore"))
    if named in ("utf-8", "utf8") and not untrue or _mostly_utf8(data):
        text = data.decode("utf-8", "replace")
        return (
            text,
            "utf-8",
            f"{some(text.count(chr(0xFFFD)), 'byte')} could not be decoded as UTF-8, shown as {chr(0xFFFD)}",
        )
    if untrue:
        return _untrue(data)
    guess = None if named else _guess(data)
    for name in filter(None, (named, guess)):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return _strict(data, name), name, None if named else f"the encoding is a guess: {name}"
    doubt = (
        f"the declared encoding {named} does not fit; it was read as cp1252"
        if named
        else "the encoding is a guess: cp1252"
    )
    return _strict(data, "cp1252"), "cp1252", doubt


def _untrue(data: bytes) -> tuple[str, str, str | None]:
    """Decode a file that declares UTF-8 but contains no valid UTF-8 character beyond ASCII, in another, guessed
    encoding. Returns as `decode`."""
    guess = _guess(data) or "cp1252"
    try:
        text = _strict(data, guess)
    except (UnicodeDecodeError, LookupError):
        guess, text = "cp1252", _strict(data, "cp1252")
    return text, guess, f"the file says it is UTF-8 and is not; the encoding is a guess: {guess}"


def _strict(data: bytes, name: str) -> str:
    """Decode the bytes in the encoding `name`. Raises UnicodeDecodeError or LookupError.

    The five bytes that windows-1252 leaves unassigned are kept, as in browsers; control characters of ISO 8859 become
    the quotation marks and dashes that Windows programs use at their codes.
    """
    if name == "cp1252":
        return data.decode("cp1252", "kb-unassigned")
    text = data.decode(name)
    return text.translate(_WINDOWS) if name.startswith(("iso-8859", "iso8859", "iso_8859", "latin")) else text


def _keep_unassigned(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: decode each of the five bytes that windows-1252 leaves unassigned to the character of the
    same code, and any other undecodable byte to U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(_UNASSIGNED.get(b, "\ufffd") for b in error.object[error.start : error.end]), error.end


codecs.register_error("kb-unassigned", _keep_unassigned)


def _mostly_utf8(data: bytes) -> bool:
    """Return whether the bytes are UTF-8 with a few errors: there are ten times as many valid bytes beyond ASCII as
    broken ones (four times in a short text). Text in other encodings hardly ever forms valid UTF-8 characters."""
    text = data[:400_000].decode("utf-8", "ignore")
    beyond_ascii = sum(len(c.encode("utf-8")) for c in text if ord(c) > 127)
    high = sum(b > 127 for b in data[:400_000])
    broken = high - beyond_ascii
    # by eye: 20 such bytes may show a fault in ten, 5 may show one in four
    return beyond_ascii > 20 and broken < beyond_ascii / 10 or beyond_ascii > 5 and broken <= beyond_ascii / 4


def _wide(head: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark, in which every second byte is zero; return the codec's name, or None."""
    half = len(head) // 2
    if half < 8:
        return None
    # by eye: in UTF-16 of Latin script every second byte is zero, at least two in five
    if head[1::2].count(0) > 0.4 * half and head[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    # by eye: the same with the other byte first
    if head[::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str | None:
    """Guess the encoding: a Cyrillic one; else cp1252, if the text is then in a western language; else what
    charset-normalizer detects in the first 200 KB; None when nothing fits."""
    from charset_normalizer import from_bytes

    from kb.languages import decoded_as
    from kb.read.language import language_of

    if _is_of_old_macintosh(data[:20_000]):
        return "mac_roman"
    cyrillic = _cyrillic(data[:20_000])
    if cyrillic:
        return cyrillic
    western = data[:20_000].decode("cp1252", "replace")
    if "\ufffd" not in western and language_of(western) in decoded_as("cp1252"):
        return "cp1252"
    best = from_bytes(data[:200_000]).best()
    if best and best.encoding == "cp1250" and all(c in _SPANISH for c in western if ord(c) > 127):
        return "cp1252"  # too short to know its language: "Año" is likelier than "Ańo"
    return best.encoding if best else None


_SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ºª€«»–—“”’ ")
"""Letters and signs of Spanish, which are more widely used than the same bytes in cp1250, of central Europe."""


_MACINTOSH = frozenset("“”‘’«»–—…¿¡§•°ªº€™®© \xa0")
"""Signs of texts in western languages beyond their letters."""


_CAPITAL_WITHIN = re.compile(r"[a-z][À-ÖØ-ÞŒŸ]|(?<![^\W\d_])[À-ÖØ-Þ][a-z]+[À-ÖØ-Þ]")


def _is_of_old_macintosh(data: bytes) -> bool:
    """Return whether a text was written on a Macintosh before 2001: its lines end in a carriage return alone, and its
    other bytes are letters or quotation marks in the encoding of those, and no capital is within a word ("DÈcret")."""
    if b"\n" in data or b"\r" not in data:
        return False
    text = data.decode("mac_roman")
    high = [c for c in text if ord(c) > 127]
    if _CAPITAL_WITHIN.search(text):
        return False
    return all(c in _MACINTOSH or c.isalpha() and ord(c) < 0x180 for c in high)  # Unicode: letters of Latin, extended


CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866")
"""Encodings that place the same letters differently, which detection by byte frequencies confuses."""
FREQUENT = "оаеинт"
"""Letters that make up 40 to 50 in 100 of Russian, Bulgarian, Serbian and Ukrainian text, but only 20 in 100 of text in
Greek or decoded wrongly."""


def _cyrillic(data: bytes) -> str | None:
    """Return the Cyrillic encoding in which nearly all bytes beyond ASCII are letters and the frequent letters of
    Cyrillic languages are most frequent. None when no encoding fits, or when ASCII letters outnumber the other
    bytes."""
    best, share = None, 0.3  # by eye: three letters in ten must be among a language's frequent ones
    if sum(b > 127 for b in data) < sum(chr(b).isalpha() for b in data if b < 128):
        return None
    for name in CYRILLIC:
        with contextlib.suppress(UnicodeDecodeError):
            high = [c for c in data.decode(name) if ord(c) > 127]
            letters = sum("\u0400" <= c <= "\u04ff" for c in high)
            frequent = sum(c in FREQUENT for c in high)
            # by eye: below 40 bytes nothing is certain; nearly all must be letters
            if len(high) > 40 and letters > 0.95 * len(high) and frequent > share * len(high):
                best, share = name, frequent / len(high)
    return best


def mojibake(text: str) -> str | None:
    """Describe mojibake (UTF-8 once decoded in an 8-bit encoding: `Ã©` for `é`) when it occurs at least three times;
    else None."""
    found = _MOJIBAKE.findall(text[:200_000])
    if len(found) < 3:
        return None
    return f"{len(found)} signs of a wrong decoding in an earlier life of the file, such as {found[0]!r}"


def looks_binary(data: bytes) -> bool:
    """Return whether more than 1 in 100 of the first 4 KB are control characters that do not occur in text files."""
    head = data[:4096]
    if any(head.startswith(mark) for mark, _ in _BOMS) or _wide(head):
        return False
    # control characters but tab, line feed, form feed, carriage return and escape
    odd = sum(b < 32 and b not in (9, 10, 12, 13, 27) for b in head)
    return odd > len(head) * 0.01  # by eye: one control character in a hundred is no text
