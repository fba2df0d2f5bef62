"""What reaches a terminal: letters, and the program's own colours. Whatever else a text holds is shown and does
nothing.

A title, a file name or a note of a stranger can hold control characters that move the cursor, colour or hide text, or
ask the terminal to answer; and direction marks that turn the order of letters round (Unicode Technical Report 36,
section 3). The streams themselves are guarded, so that no command, error message or trace can print around it. Colours
of the program are written as marks that a text cannot guess.
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
"""Controls of C0 (without tab and line feed) and C1, the Bidi_Control property, line separators, invisible tag
letters."""

_MARK = f"\ufdd0{os.urandom(8).hex()}:"  # U+FDD0 is no character and is meant for use inside a program
_MARKED = re.compile(re.escape(_MARK) + r"(\d+);")
_COLOURS = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33}
"""Name to SGR number (ECMA-48, 8.3.117)."""


def plain(text: str) -> str:
    r"""`text` with every character that could act on a terminal written as its number: `\x1b`, `\u202e`."""
    return _STRANGE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def json_plain(text: str) -> str:
    r"""JSON `text` with the same characters as JSON escapes: another form of the same value."""
    return _STRANGE.sub(lambda found: _json_escape(ord(found[0])), text)


def _json_escape(code: int) -> str:
    r"""One character as `\uXXXX`, as two above U+FFFF (RFC 8259, 7)."""
    if code > 0xFFFF:  # JSON writes characters beyond FFFF as two halves (RFC 8259, 7)
        high, low = divmod(code - 0x10000, 0x400)
        # halves begin at D800 and DC00
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"


def styled(text: str, *styles: str) -> str:
    """`text` in bold, dim or a colour where the output is a terminal: 'bold', 'dim', 'red', 'green', 'yellow'."""
    return "".join(f"{_MARK}{_COLOURS[style]};" for style in styles) + text + f"{_MARK}0;"


class Screen(io.TextIOBase):
    """A text stream that prints only what is plain, and the program's own colours where there is a terminal."""

    def __init__(self, inner: TextIO) -> None:
        self.inner = inner
        self._colours = inner.isatty() and not os.environ.get("NO_COLOR")

    def write(self, text: str) -> int:
        """Print `text` with strange characters as their numbers; the number of letters that were given."""
        parts = _MARKED.split(text)
        parts[0::2] = map(plain, parts[0::2])
        parts[1::2] = [f"\x1b[{number}m" if self._colours else "" for number in parts[1::2]]
        self.inner.write("".join(parts))
        return len(text)

    def flush(self) -> None:
        """Flush the stream that this one writes to."""
        self.inner.flush()

    def isatty(self) -> bool:
        """Whether the stream that this one writes to is a terminal."""
        return self.inner.isatty()

    def writable(self) -> bool:
        """True: the stream can be written to."""
        return True

    def fileno(self) -> int:
        """The file descriptor of the stream that this one writes to."""
        return self.inner.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream that this one writes to."""
        return self.inner.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """What happens to letters that the encoding lacks."""
        return self.inner.errors

    @property
    def buffer(self) -> io.BufferedIOBase:
        """The bytes below, for a command that writes a file to standard output."""
        return self.inner.buffer  # type: ignore[return-value]


def guard() -> None:
    """Guard standard output and error from now on; doing it twice changes nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Screen):
            setattr(sys, name, Screen(stream))


def unguard() -> None:
    """Take the guard off standard output, for a protocol that a program reads and no person sees."""
    if isinstance(sys.stdout, Screen):
        sys.stdout = sys.stdout.inner


@contextmanager
def guarded() -> Iterator[None]:
    """Guard them inside the block, and leave them as they were."""
    before = sys.stdout, sys.stderr
    guard()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def below(stream: TextIO) -> TextIO:
    """The stream under the guard, for progress bars, which move the cursor; texts in them need `plain`."""
    return stream.inner if isinstance(stream, Screen) else stream
