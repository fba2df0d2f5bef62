"""Open ZIP files within limits: nothing is unpacked to disk, and a ZIP bomb is refused before it is inflated."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Self

from kb.errors import InputError
from kb.read.limits import Limits, OverLimit

_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, KeyError)

MANIFEST = "META-INF/manifest.xml"
"""Member of an OpenDocument file that lists its parts, and how each is encrypted."""


class Archive:
    """An open ZIP file. `read` returns the bytes of a member and counts them against the limits of the whole file."""

    def __init__(self, path: Path | BinaryIO, limits: Limits, name: str = "") -> None:
        self.name, self.limits, self.taken = name or getattr(path, "name", "archive"), limits, 0
        self.name = Path(str(self.name)).name
        try:
            self.zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise self._refuse("the ZIP container is damaged", "Get the file again from its source.") from error
        infos = self.zip.infolist()
        total = sum(i.file_size for i in infos)
        packed = max(1, sum(i.compress_size for i in infos))
        if len(infos) > limits.zip_files:
            raise self._over(f"it holds {len(infos)} files, more than {limits.zip_files}", "Read its parts one by one.")
        # a small archive may have any compression ratio: up to 10 MB does no harm
        if total > limits.zip_bytes or total > 10_000_000 and total / packed > limits.zip_ratio:
            raise self._over(
                f"it would unpack to {total:,} bytes from {packed:,}: a ZIP bomb or far too large",
                "Do not open it, or unpack it yourself and read the parts.",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    def _refuse(self, what: str, do: str) -> InputError:
        """Return an InputError that names the ZIP file, with what is wrong and what to do."""
        return InputError(what, where=self.name, do=do)

    def _over(self, what: str, do: str) -> OverLimit:
        """Return an OverLimit error that names the ZIP file, with what is wrong and what to do."""
        return OverLimit(what, where=self.name, do=do)

    def refuse_locked(self) -> None:
        """Raise InputError when the manifest of an OpenDocument file says that its parts are encrypted."""
        if MANIFEST in self.names() and b"encryption-data" in self.read(MANIFEST):
            raise InputError(
                "the OpenDocument file is protected by a password",
                where=self.name,
                do="Open it with the password, save a copy without one and read that.",
            )

    def names(self) -> list[str]:
        """Return the names of the members, in order; folders are left out."""
        return [i.filename for i in self.zip.infolist() if not i.is_dir()]

    def members(self) -> list[zipfile.ZipInfo]:
        """Return the members in order; folders are left out, and two members may have the same name."""
        return [i for i in self.zip.infolist() if not i.is_dir()]

    def read(self, member: str | zipfile.ZipInfo) -> bytes:
        """Return the decompressed bytes of one member. When two members have the same name, a name selects the last
        one.

        Raises OverLimit when the member inflates to more than its header states or the limits allow, InputError when
        the member is damaged.
        """
        name = member if isinstance(member, str) else member.filename
        try:
            info = self.zip.getinfo(name) if isinstance(member, str) else member
            if info.flag_bits & 0x1:
                raise self._refuse("it is encrypted", "Unpack it with its password and read the parts.")
            room = self.limits.zip_bytes - self.taken
            with self.zip.open(info) as stream:
                data = stream.read(min(room, info.file_size) + 1)
        except InputError:
            raise
        except _BROKEN as error:
            raise self._refuse(
                f"its part {printable(name)} is damaged or missing", "Get the file again from its source."
            ) from error
        self.taken += len(data)
        if self.taken > self.limits.zip_bytes or len(data) > info.file_size:
            raise self._over("it unpacks to more than it says: a ZIP bomb", "Do not open it.")
        return data


def printable(name: str) -> str:
    """Escape control characters in a file name, so that they do not reach the terminal, and shorten it to 120
    characters."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in name)[:120]
