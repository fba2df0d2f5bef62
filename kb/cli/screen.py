"""Guards what is printed on a terminal: only text and the program's own colours take effect. Anything else in a text is
shown as a number and does nothing.

A title, a file name or a note from a stranger can contain control characters that move the cursor, colour or hide text,
or ask the terminal to answer; and direction marks that reverse the order of letters (Unicode Technical Report 36,
section 3). The streams themselves are guarded, so that no command, error message or trace can print around it. The
program's own colours are written as marks that a text cannot guess.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_STRANGE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
"""Control characters of C0 (without tab and line feed) and C1, the Bidi_Control property, line separators, invisible
tag letters."""

_MARK = f"\ufdd0{os.urandom(8).hex()}:"  # U+FDD0 is no character and is meant for use inside a program
_MARKED = re.compile(re.escape(_MARK) + r"(\d+);")
_COLOURS = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33}
"""SGR number of each style (ECMA-48, 8.3.117)."""


def plain(text: str) -> str:
    r"""Return `text` with every character that could act on a terminal written as its number: `\x1b`, `\u202e`."""
    return _STRANGE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def json_plain(text: str) -> str:
    """Return the JSON `text` with every character that could act on a terminal as a JSON escape: the value stays the
    same."""
    return _STRANGE.sub(lambda found: _json_escape(ord(found[0])), text)


def _json_escape(code: int) -> str:
    r"""Return one character as `\uXXXX`, or as two such escapes above U+FFFF (RFC 8259, 7)."""
    if code > 0xFFFF:  # JSON writes characters beyond FFFF as two halves (RFC 8259, 7)
        high, low = divmod(code - 0x10000, 0x400)
        # halves begin at D800 and DC00
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"


def styled(text: str, *styles: str) -> str:
    """Return `text` in bold, dim or a colour where the output is a terminal: 'bold', 'dim', 'red', 'green',
    'yellow'."""
    return "".join(f"{_MARK}{_COLOURS[style]};" for style in styles) + text + f"{_MARK}0;"


class Screen(io.TextIOBase):
    """A text stream that prints to another one (`inner`). It prints plain text only; the program's own colours are
    printed when `inner` is a terminal."""

    def __init__(self, inner: TextIO) -> None:
        self.inner = inner
        self._colours = inner.isatty() and not os.environ.get("NO_COLOR")

    def write(self, text: str) -> int:
        """Print `text` with strange characters as their numbers. Return the length of the given text."""
        parts = _MARKED.split(text)
        parts[0::2] = map(plain, parts[0::2])
        parts[1::2] = [f"\x1b[{number}m" if self._colours else "" for number in parts[1::2]]
        self.inner.write("".join(parts))
        return len(text)

    def flush(self) -> None:
        """Flush the stream below."""
        self.inner.flush()

    def isatty(self) -> bool:
        """Return whether the stream below is a terminal."""
        return self.inner.isatty()

    def writable(self) -> bool:
        """Return True: the stream can be written to."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor of the stream below."""
        return self.inner.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream below."""
        return self.inner.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """How the stream below treats characters that its encoding lacks, as in `open`; None if it has no such
        setting."""
        return self.inner.errors

    @property
    def buffer(self) -> io.BufferedIOBase:
        """The byte stream below, for a command that writes a file to standard output."""
        return self.inner.buffer  # type: ignore[return-value]


def guard() -> None:
    """Guard standard output and error from now on; calling it twice changes nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Screen):
            setattr(sys, name, Screen(stream))


def unguard() -> None:
    """Remove the guard from standard output, for a protocol that a program reads and no person sees."""
    if isinstance(sys.stdout, Screen):
        sys.stdout = sys.stdout.inner


@contextmanager
def guarded() -> Iterator[None]:
    """Guard standard output and error inside the block, and restore them afterwards."""
    before = sys.stdout, sys.stderr
    guard()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def below(stream: TextIO) -> TextIO:
    """Return the unguarded stream under a guarded one, for progress bars, which move the cursor. Texts printed to it
    must go through `plain`."""
    return stream.inner if isinstance(stream, Screen) else stream
