"""Sign the head of the log (Ed25519) with a key that is stored elsewhere: a person who can write to the workspace
cannot forge the signature. The package `cryptography` (Python Cryptographic Authority) computes it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from kb.errors import DataError, InputError, NotFound, RefusedError
from kb.extras import install
from kb.files import readable
from kb.log.anchor import MARK, Anchor, marks_in

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_LABEL = "signed "
K = TypeVar("K")


def make_key(file: Path) -> Path:
    """Write a new private key to `file`, readable only by its owner, and the public key beside it; return the path
    of the public key. Raises RefusedError if either file exists."""
    keys, forms = _library()
    public = file.with_name(file.name + ".pub")
    if file.exists() or public.exists():
        raise RefusedError(
            "There is a key already; it is not written over.", where=str(file), do="Choose another name."
        )
    key = keys.Ed25519PrivateKey.generate()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:  # its owner alone
            stream.write(key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()))
        public.write_bytes(key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo))
    except OSError as error:
        raise InputError(
            f"The key cannot be written: {error.strerror}.", where=str(file), do="Choose another place."
        ) from error
    return public


def signed(head: Anchor, key: Path | None) -> str:
    """Return the text of an anchor file: the mark and, with a private key, its signature on the next line."""
    if key is None:
        return head.mark + "\n"
    signature = _private(key).sign(head.mark.encode("ascii")).hex()
    return f"{head.mark}\n{_LABEL}{signature}\n"


def check_signature(text: str, public: Path, where: str) -> Anchor:
    """Return the anchor in `text` that is signed with this key. Raises DataError, with `where` as its place, if there
    is none or the signature is wrong."""
    from cryptography.exceptions import InvalidSignature

    key = _public(public)
    for line, following in zip(text.splitlines(), text.splitlines()[1:], strict=False):
        heads = marks_in(line) if MARK.fullmatch(line.strip()) else []
        if not heads or not following.startswith(_LABEL):
            continue
        try:
            key.verify(bytes.fromhex(following.removeprefix(_LABEL)), heads[0].mark.encode("ascii"))
            return heads[0]
        except (InvalidSignature, ValueError) as error:
            raise DataError(
                "The signature does not fit the mark of the log and this key.",
                where=where,
                do="Look where the file is from, and whether this is its signer's key.",
            ) from error
    raise DataError(
        "There is no signed mark of a log in the file.",
        where=where,
        do="Sign one with: kb findings anchor FILE --key KEY",
    )


def _library() -> tuple[ModuleType, ModuleType]:
    """Import and return the modules `ed25519` and `serialization` of cryptography. Raises InputError when that package
    is missing."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise InputError("Signing needs the package 'cryptography'.", do=f"Install it: {install('sign')}") from error
    return ed25519, serialization


def _private(file: Path) -> Ed25519PrivateKey:
    keys, forms = _library()
    return _loaded(file, lambda data: forms.load_pem_private_key(data, None), keys.Ed25519PrivateKey, "private")


def _public(file: Path) -> Ed25519PublicKey:
    keys, forms = _library()
    return _loaded(file, forms.load_pem_public_key, keys.Ed25519PublicKey, "public")


def _loaded(file: Path, load: Callable[[bytes], object], kind: type[K], name: str) -> K:
    """Return the key in `file`, parsed with `load`; `name` is 'private' or 'public', for messages. Raises NotFound for
    a missing file, InputError for a file that holds no key or another type of key than `kind`."""
    readable(file, "Make a key: kb findings key FILE", missing=NotFound)
    try:
        key = load(file.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"This is no {name} key.", where=str(file), do="Give the file that kb findings key wrote."
        ) from error
    if not isinstance(key, kind):
        raise InputError(f"This is no {name} key of Ed25519.", where=str(file), do="Make one: kb findings key FILE")
    return key
