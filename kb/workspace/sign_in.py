"""Check the files that a server with accounts needs for the sign-in when the app starts, so that a mistake is found
before the first person signs in."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import InputError
from kb.workspace.access import People, load_people

HOURS = 12.0
"""How many hours a sign-in is valid unless KB_SIGNED_IN_HOURS is set: a working day."""
FILE = Path(".streamlit") / "secrets.toml"
"""Streamlit's file for the sign-in, in the folder where it is started or in the user's home."""
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
PLACEHOLDERS = ("...", "a long random text")
"""Example values of the documentation, which must be replaced."""
RETURN = "/oauth2callback"
"""Path to which the identity provider redirects people; set by Streamlit."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def hours() -> float:
    """Return how many hours a sign-in is valid. Raises InputError unless the setting is a number above 0 and at most
    720."""
    given = os.environ.get("KB_SIGNED_IN_HOURS") or HOURS
    try:
        found = float(given)
    except ValueError:
        found = 0.0
    if not 0 < found <= 24 * 30:  # the cookie of the sign-in is kept for thirty days
        raise InputError(f"KB_SIGNED_IN_HOURS is {given}.", do="Give a number of hours above 0, at most 720.")
    return found


def look(people: Path, names: Iterable[str], folders: Iterable[Path]) -> People:
    """Return the people of a server, after checking the file of people, the sign-in file in one of the folders, and
    the host name in its redirect address (one of `names`).

    Raises DataError, with file, line and entry, for the file of people; InputError for anything else that is missing
    or inconsistent.
    """
    if not people.is_file():
        raise InputError(
            "The file of people, which KB_PEOPLE names, is not here.",
            where=str(people),
            do="Write it, as “Put it on a server” in the documentation shows; or start the app without KB_PEOPLE.",
        )
    found = load_people(people)
    hours()
    file, given = _sign_in([folder / FILE for folder in folders])
    where = f"{file}, [auth]"
    if missing := [name for name in NEEDED if not str(given.get(name, "")).strip()]:
        raise InputError(f"The sign-in lacks {', '.join(missing)}.", where=where, do="Your provider gives the values.")
    if example := [name for name in NEEDED if given[name] in PLACEHOLDERS]:
        raise InputError(
            f"{', '.join(example)} still has the example's value.",
            where=where,
            do="Write your own; a cookie_secret: python -c 'import secrets; print(secrets.token_hex(32))'.",
        )
    address = urlsplit(str(given["redirect_uri"]))
    if address.path != RETURN or not address.hostname:
        raise InputError("redirect_uri is no address that ends in /oauth2callback.", where=where, do="Mend it.")
    if address.hostname not in {*LOOPBACK, *(name.lower().partition(":")[0] for name in names)}:
        raise InputError(
            f"People come back to '{address.hostname}', which is none of the names this app answers to.",
            where=where,
            do=f"Start it with KB_APP_NAMES={address.hostname}.",
        )
    return found


def _sign_in(files: list[Path]) -> tuple[Path, Mapping[str, object]]:
    """Return the first of the files that exists, and its section `auth`. Raises InputError if there is none."""
    file = next((each for each in files if each.is_file()), None)
    if file is None:
        raise InputError(
            "Nobody could sign in: this file is not here.",
            where=str(files[0]),
            do="Write it, as “Put it on a server” in the documentation shows.",
        )
    try:
        held = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(f"The file cannot be read: {error}.", where=str(file), do="Mend it.") from error
    given = held.get("auth")
    if not isinstance(given, dict):
        raise InputError("The file has no section [auth].", where=str(file), do="Add it: it says how to sign in.")
    return file, given
